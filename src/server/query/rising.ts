/**
 * Equality on what rises, found by halving: of ten million rows a few dozen are read.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import type { Rows } from '../../world/rows.ts'
import { compareValues } from './compare.ts'
import type { Literal } from './odata.ts'
import type { Reader } from './reader.ts'

/** One equality of a filter with what reads its member. */
export interface Condition {
  readonly reader: Reader
  readonly literal: Literal
}

/** The first and the last row that conditions on rising members can hold for; others do not narrow them. */
export function boundsOfRising(
  rows: Rows,
  conditions: readonly Condition[],
): { readonly first: number; readonly last: number } {
  let bounds = { first: 0, last: rows.count - 1 }
  for (const { reader, literal } of conditions) {
    const wanted = comparable(literal)
    if (reader.rises === null || wanted === undefined || rows.count === 0 || hasNulls(rows, reader)) continue
    if (typeof reader.read(0) !== typeof wanted) continue
    const step = reader.rises === 'rank' ? rows.ties : 1
    const rank = firstAtLeast(rows, reader, step, wanted)
    bounds = {
      first: Math.max(bounds.first, rank * step),
      last: Math.min(bounds.last, rank * step + step - 1),
    }
  }
  return bounds
}

function comparable(literal: Literal): Json | undefined {
  if (literal.kind === 'number') return literal.value
  if (literal.kind === 'guid') return literal.text.toLowerCase()
  return literal.kind === 'string' || literal.kind === 'instant' ? literal.text : undefined
}

function hasNulls(rows: Rows, reader: Reader): boolean {
  return rows.templates.some((position) => reader.readTemplate(position) === null)
}

/** The first rank whose value is not below the wanted one. */
function firstAtLeast(rows: Rows, reader: Reader, step: number, wanted: Json): number {
  const text = reader.kind === 'guid' && typeof wanted === 'string' ? wanted.toLowerCase() : wanted
  let low = 0
  let high = Math.ceil(rows.count / step)
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareValues(reader.read(middle * step), text, reader.kind) < 0) low = middle + 1
    else high = middle
  }
  return low
}
