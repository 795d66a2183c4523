/**
 * Keyed draws: a number is a function of a key, an index and a lane, never of what was drawn before.
 * Integer arithmetic only, so that every platform draws the same. Not for secrets.
 *
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md for the rounds of XXH32.
 * @module
 */

/** The key of a family of draws: 64 bits. */
export interface Key {
  readonly high: number
  readonly low: number
}

const PRIME_1 = 0x9e3779b1
const PRIME_2 = 0x85ebca77
const PRIME_3 = 0xc2b2ae3d
const PRIME_4 = 0x27d4eb2f
const PRIME_5 = 0x165667b1

/** The key that its parts name; different lists of parts have different keys. */
export function keyOf(...parts: readonly (string | number)[]): Key {
  const text = parts.map((part) => `${String(part).length}:${part}`).join('|')
  return { high: hashText(text, PRIME_5), low: hashText(text, PRIME_3) }
}

/** A key derived from another. */
export function subkey(key: Key, part: string | number): Key {
  return keyOf(key.high, key.low, part)
}

/** 32 uniform bits from a text. */
export function hashText(text: string, seed = 0): number {
  let hash = (seed + PRIME_5 + text.length) | 0
  for (let position = 0; position < text.length; position += 1) {
    hash = Math.imul(rotate((hash + Math.imul(text.charCodeAt(position), PRIME_5)) | 0, 11), PRIME_1)
  }
  return avalanche(hash)
}

/** 32 uniform bits for a key, an index and a lane. */
export function drawWord(key: Key, index: number, lane: number): number {
  let hash = (rotate(Math.imul(key.high, PRIME_2), 13) + rotate(Math.imul(key.low, PRIME_3), 7) + PRIME_5) | 0
  hash = Math.imul(rotate((hash + Math.imul(index | 0, PRIME_3)) | 0, 17), PRIME_4)
  hash = Math.imul(rotate((hash + Math.imul((index / 0x1_0000_0000) | 0, PRIME_2)) | 0, 15), PRIME_1)
  hash = Math.imul(rotate((hash + Math.imul(lane, PRIME_3)) | 0, 17), PRIME_4)
  return avalanche(hash)
}

/** A number from 0 up to, not including, 1. */
export function drawFraction(key: Key, index: number, lane: number): number {
  return drawWord(key, index, lane) / 0x1_0000_0000
}

/** An integer from min to max, both included. */
export function drawInteger(key: Key, index: number, lane: number, min: number, max: number): number {
  return min + Math.floor(drawFraction(key, index, lane) * (max - min + 1))
}

/** A number from min to max, rounded to so many decimals and never outside the bounds. */
export function drawNumber(
  key: Key,
  index: number,
  lane: number,
  min: number,
  max: number,
  decimals: number,
): number {
  const scale = 10 ** decimals
  const rounded = Math.round((min + drawFraction(key, index, lane) * (max - min)) * scale) / scale
  return Math.min(max, Math.max(min, rounded))
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function avalanche(word: number): number {
  let hash = Math.imul(word ^ (word >>> 15), PRIME_2)
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3)
  return (hash ^ (hash >>> 16)) >>> 0
}
