/**
 * Lists of rows in an order: all rows of a job or those that match a filter, and where a row stands among
 * them. An order by what rises, or by position, is arithmetic and holds for any number of rows; any other
 * is one counting sort over classes of equal values.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import type { Rows } from '../../world/rows.ts'
import { compareValues } from './compare.ts'
import type { Reader } from './reader.ts'

/** Row indexes in an order. */
export interface RowList {
  readonly length: number
  at(position: number): number
  /** How many entries stand before that row's place, and whether the row itself stands there. */
  placeOf(index: number): { readonly before: number; readonly present: boolean }
  /** Memory that it holds, in bytes. */
  readonly bytes: number
}

/** An order of rows: by a reader, or by position where it is null. Ties go by position in both directions. */
export interface RowOrder {
  readonly by: Reader | null
  readonly descending: boolean
}

/** Lists the rows that match, in an order. */
export function listRows(rows: Rows, order: RowOrder, matches: ((index: number) => boolean) | null): RowList {
  const classes = classesOf(rows, order)
  if (matches === null) {
    if (classes.form === 'ascending')
      return arithmetic(
        rows.count,
        (place) => place,
        (index) => index,
      )
    if (classes.form === 'descending') return descendingList(rows.count, 1)
    if (classes.form === 'ranks descending') return descendingList(rows.count, rows.ties)
  }
  return sortedList(rows.count, classes, matches)
}

interface Classes {
  /** Orders that need no sorting; `sorted` for the rest. */
  readonly form: 'ascending' | 'descending' | 'ranks descending' | 'sorted'
  readonly count: number
  of(index: number): number
}

function classesOf(rows: Rows, { by, descending }: RowOrder): Classes {
  if (by === null) return positional(rows.count, descending)
  if (by.fixed) return fixedClasses(rows, by, descending)
  if (by.rises !== null) return risingClasses(rows, by, by.rises, descending)
  return drawnClasses(rows, by, descending)
}

function positional(count: number, descending: boolean): Classes {
  return descending
    ? { form: 'descending', count, of: (index) => count - 1 - index }
    : { form: 'ascending', count: 1, of: () => 0 }
}

/** Nulls come last ascending and first descending. */
function fixedClasses(rows: Rows, by: Reader, descending: boolean): Classes {
  const values = new Map(rows.templates.map((position) => [position, by.readTemplate(position)]))
  const { count, classOf } = rankValues([...values.values()], by, descending)
  const byTemplate = new Map([...values].map(([position, value]) => [position, classOf(value)]))
  return { form: 'sorted', count, of: (index) => byTemplate.get(rows.templateOf(index)) ?? 0 }
}

function risingClasses(rows: Rows, by: Reader, rises: 'rank' | 'index', descending: boolean): Classes {
  const step = rises === 'rank' ? rows.ties : 1
  const last = Math.max(0, Math.ceil(rows.count / step) - 1)
  const empty = new Set(rows.templates.filter((position) => by.readTemplate(position) === null))
  if (empty.size === 0) {
    if (!descending) return { form: 'ascending', count: 1, of: () => 0 }
    const form = step === 1 ? 'descending' : 'ranks descending'
    return { form, count: last + 1, of: (index) => last - Math.floor(index / step) }
  }
  const isNull = (index: number): boolean => empty.has(rows.templateOf(index))
  return descending
    ? {
        form: 'sorted',
        count: last + 2,
        of: (index) => (isNull(index) ? 0 : 1 + last - Math.floor(index / step)),
      }
    : { form: 'sorted', count: 2, of: (index) => (isNull(index) ? 1 : 0) }
}

/** One pass over the rows, which may be many: only the different values are held. */
function drawnClasses(rows: Rows, by: Reader, descending: boolean): Classes {
  const known = new Map<unknown, number>()
  const values: Json[] = []
  const byRow = new Uint32Array(rows.count)
  for (let index = 0; index < rows.count; index += 1) {
    const value = by.read(index)
    const key = typeof value === 'string' ? `s${value}` : isScalar(value) ? value : canonicalText(value)
    let number = known.get(key)
    if (number === undefined) {
      number = values.push(value) - 1
      known.set(key, number)
    }
    byRow[index] = number
  }
  const { count, classOf } = rankValues(values, by, descending)
  const classes = Uint32Array.from(values, classOf)
  return { form: 'sorted', count, of: (index) => classes[byRow[index] ?? 0] ?? 0 }
}

function rankValues(
  values: readonly Json[],
  by: Reader,
  descending: boolean,
): { count: number; classOf: (value: Json) => number } {
  const keyOf = (value: Json): string => (typeof value === 'string' ? `s${value}` : JSON.stringify(value))
  const distinct = [
    ...new Map(values.filter((value) => value !== null).map((value) => [keyOf(value), value])),
  ]
  distinct.sort(([, a], [, b]) => compareValues(a, b, by.kind))
  const ranks = new Map<string, number>()
  let rank = -1
  let previous: Json = null
  for (const [key, value] of distinct) {
    if (previous === null || compareValues(previous, value, by.kind) !== 0) rank += 1
    ranks.set(key, rank)
    previous = value
  }
  const last = rank + 1
  return {
    count: last + 1,
    classOf(value) {
      const ascending = value === null ? last : (ranks.get(keyOf(value)) ?? last)
      return descending ? last - ascending : ascending
    },
  }
}

function arithmetic(
  length: number,
  at: (place: number) => number,
  place: (index: number) => number,
): RowList {
  return { length, at, placeOf: (index) => ({ before: place(index), present: true }), bytes: 0 }
}

/** Ranks from the last to the first, each rank's rows from first to last. */
function descendingList(length: number, ties: number): RowList {
  const ranks = Math.ceil(length / ties)
  const lastStart = (ranks - 1) * ties
  const lastSize = length - lastStart
  return arithmetic(
    length,
    (place) => {
      if (place < lastSize) return lastStart + place
      const rest = place - lastSize
      return (ranks - 2 - Math.floor(rest / ties)) * ties + (rest % ties)
    },
    (index) => {
      if (index >= lastStart) return index - lastStart
      return lastSize + (ranks - 2 - Math.floor(index / ties)) * ties + (index % ties)
    },
  )
}

/** A counting sort; stable, so rows of a class stay in their order. */
function sortedList(count: number, classes: Classes, matches: ((index: number) => boolean) | null): RowList {
  const starts = new Uint32Array(classes.count + 1)
  const kept = matches === null ? null : new Uint8Array(count)
  let length = 0
  for (let index = 0; index < count; index += 1) {
    if (kept !== null && matches !== null) {
      if (!matches(index)) continue
      kept[index] = 1
    }
    length += 1
    const next = classes.of(index) + 1
    starts[next] = (starts[next] ?? 0) + 1
  }
  for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0)
  const order = new Uint32Array(length)
  for (let index = 0; index < count; index += 1) {
    if (kept !== null && kept[index] === 0) continue
    const own = classes.of(index)
    const place = starts[own] ?? 0
    starts[own] = place + 1
    order[place] = index
  }
  return {
    length,
    bytes: order.byteLength,
    at: (position) => order[position] ?? 0,
    placeOf: (index) => searchList(order, classes, index),
  }
}

function searchList(
  order: Uint32Array,
  classes: Classes,
  index: number,
): { before: number; present: boolean } {
  const own = classes.of(index)
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = order[middle] ?? 0
    const otherClass = classes.of(other)
    if (otherClass < own || (otherClass === own && other < index)) low = middle + 1
    else high = middle
  }
  return { before: low, present: order[low] === index }
}
