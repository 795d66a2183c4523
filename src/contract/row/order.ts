/**
 * The order that rows must have, written for the judge alone: strings by UTF-16 code units, instants by time,
 * numbers by value, false before true; nulls last ascending and first descending.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { isInstant } from '../../openapi/format-time.ts'

/** A direction of travel through rows. */
export interface Direction {
  /** The member that is sorted by, as the request names it. */
  readonly field: string
  readonly descending: boolean
  /** Its values are instants by their schema. */
  readonly instants: boolean
}

/** Negative, zero or positive as the first value comes before, beside or after the second. */
export function compareValues(a: Json, b: Json, { descending, instants }: Direction): number {
  const ascending = compareAscending(a, b, instants)
  return descending ? -ascending : ascending
}

function compareAscending(a: Json, b: Json, instants: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'string' && typeof b === 'string') {
    if (instants && isInstant(a) && isInstant(b)) return Date.parse(a) - Date.parse(b)
    return a < b ? -1 : a > b ? 1 : 0
  }
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return 0
}
