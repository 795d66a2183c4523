/**
 * Ids: drawn ones for jobs, and row ids that keep the order of their rows. A row id is a UUID whose leading
 * 48 bits count up with the row's index, as a version 7 UUID's time does, with a keyed tag behind them:
 * it is turned back into its index without a search, and another job's id is recognised as foreign.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 * @module
 */
import type { Key } from './key.ts'
import { drawWord } from './key.ts'

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const COUNT_LIMIT = 2 ** 48
const FORM_LANE = 1

/** The row id of an index; `base` is where the job's ids start, an integer of at most 47 bits. */
export function rowIdOf(key: Key, base: number, index: number): string {
  const count = base + index
  const high = Math.floor(count / 0x1_0000)
  const middle = count % 0x1_0000
  const tag = drawWord(key, index, 2)
  const rest = drawWord(key, index, 3)
  const more = drawWord(key, index, 4)
  return (
    `${word(high)}-${half(middle)}-7${half(tag >>> 16).slice(1)}-` +
    `${half(0x8000 | (tag & 0x3fff))}-${half(rest & 0xffff)}${word(more)}`
  )
}

/** The index that a row id stands for; -1 when it is no id of a row below `count`. */
export function rowIndexOf(key: Key, base: number, count: number, id: string): number {
  const plain = id.toLowerCase()
  const number = Number.parseInt(plain.slice(0, 8) + plain.slice(9, 13), 16)
  const index = number - base
  if (!(number < COUNT_LIMIT) || !(index >= 0 && index < count)) return -1
  return rowIdOf(key, base, index) === plain ? index : -1
}

function word(value: number): string {
  return half(value >>> 16) + half(value & 0xffff)
}

function half(value: number): string {
  return (HEX[value >>> 8] ?? '') + (HEX[value & 0xff] ?? '')
}

/** An id of a form: `uuid` (version 4), or a text in which each `#` is a hexadecimal digit to draw. */
export function drawId(key: Key, form: string): string {
  const pattern = form === 'uuid' ? '########-####-4###-@###-############' : form
  let position = 0
  return pattern.replace(/[#@]/g, (place) => {
    position += 1
    const digit = drawWord(key, position, FORM_LANE) >>> 28
    return (place === '@' ? 8 + (digit & 3) : digit).toString(16)
  })
}
