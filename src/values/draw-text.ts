/**
 * Texts for string schemas: by format, by pattern, or words of the vocabulary.
 *
 * @module
 */
import { drawId } from '../random/id.ts'
import type { Key } from '../random/key.ts'
import { drawInteger } from '../random/key.ts'
import { compile, drawPattern } from './draw-pattern.ts'
import type { Shape } from './shape.ts'
import { keywordsOf } from './shape.ts'

const DAY_MS = 86_400_000
const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron']

/** Draws the text that its string schemas describe. */
export function drawText(
  shape: Shape,
  { words, epochMs }: { readonly words: readonly string[]; readonly epochMs: number },
  key: Key,
): string {
  const min = Math.max(0, ...keywordsOf(shape, 'minLength', 'number'))
  const max = Math.min(...keywordsOf(shape, 'maxLength', 'number'), Number.POSITIVE_INFINITY)
  const patterns = keywordsOf(shape, 'pattern', 'string')
  const expressions = patterns.flatMap((pattern) => compile(pattern) ?? [])
  const fits = (text: string): boolean => {
    const { length } = [...text]
    return length >= min && length <= max && expressions.every((expression) => expression.test(text))
  }
  const [format = ''] = keywordsOf(shape, 'format', 'string')
  const plain = fit(phrase(words, key, 3), min, Math.min(max, USUAL_LENGTH))
  const formatted = byFormat(format, words, epochMs, key)
  if (formatted !== null && fits(formatted)) return formatted
  for (const pattern of patterns) {
    const drawn = drawPattern(pattern, key, min, fits)
    if (drawn !== null) return drawn
  }
  return formatted ?? plain
}

const USUAL_LENGTH = 200

function byFormat(format: string, words: readonly string[], epochMs: number, key: Key): string | null {
  const word = wordOf(words, key, 0)
  const instant = new Date(epochMs - drawInteger(key, 0, 6, 0, 30 * DAY_MS)).toISOString()
  switch (format) {
    case 'uuid':
      return drawId(key, 'uuid')
    case 'date-time':
    case 'iso-date-time':
      return instant
    case 'date':
      return instant.slice(0, 10)
    case 'time':
    case 'iso-time':
      return instant.slice(11)
    case 'email':
      return `${word}@example.com`
    case 'uri':
    case 'url':
    case 'iri':
      return `https://example.com/${word}`
    case 'uri-reference':
    case 'uri-template':
    case 'json-pointer':
      return `/${word}`
    case 'relative-json-pointer':
      return `0/${word}`
    case 'hostname':
      return `${word}.example.com`
    case 'ipv4':
      return `192.0.2.${drawInteger(key, 0, 7, 1, 254)}`
    case 'ipv6':
      return `2001:db8::${drawInteger(key, 0, 7, 1, 254).toString(16)}`
    case 'duration':
      return `PT${drawInteger(key, 0, 7, 1, 600)}S`
    case 'byte':
      return 'c3RhbmRpbg=='
    default:
      return null
  }
}

function phrase(words: readonly string[], key: Key, count: number): string {
  return Array.from({ length: count }, (_, position) => wordOf(words, key, position)).join(' ')
}

function wordOf(words: readonly string[], key: Key, position: number): string {
  const list = words.length === 0 ? WORDS : words
  return list[drawInteger(key, position, 8, 0, list.length - 1)] ?? ''
}

function fit(text: string, min: number, max: number): string {
  const long = text.length >= min ? text : text.padEnd(min, ` ${text}`)
  return long.slice(0, Math.max(min, max)).replace(/ $/, '.')
}
