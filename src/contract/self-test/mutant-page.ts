/**
 * Pages as mutants see them: rows of a job or jobs of a list, and how one is changed.
 *
 * @module
 */
import type { ListContract, RowsContract } from '../../job-contract/job-contract.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, isScalar } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { View } from '../view.ts'
import { queryText } from '../view.ts'
import type { Scene, Spoilt } from './mutant.ts'
import { changeAt, isAnswered } from './mutant.ts'

/** A page as mutants see it. */
export interface Leaf {
  readonly view: View & { readonly body: Json }
  readonly pages: RowsContract | ListContract
  readonly items: readonly Json[]
  /** Was anything but the rows as they are asked for? */
  readonly plain: boolean
}

/** Changes a page; null leaves it as it is. */
export type Change = (page: Leaf, scene: Scene) => Spoilt | null

/** The parameters by which rows are walked. */
export function waysOf(rows: RowsContract): readonly string[] {
  return [rows.after, rows.before, rows.page, rows.token, rows.offset].flatMap((name) => name ?? [])
}

/** The page in an answer; null where there is none. */
export function leafOf(view: View, which: 'rows' | 'list'): Leaf | null {
  const pages = view.contract?.[which] ?? null
  if (pages === null || !isAnswered(view)) return null
  const items = readPointer(view.body, pages.at)
  if (!Array.isArray(items)) return null
  return { view, pages, items: items as readonly Json[], plain: isPlain(view, pages) }
}

function isPlain(view: View, pages: RowsContract | ListContract): boolean {
  const names =
    'select' in pages
      ? [pages.select?.parameter, pages.filter?.parameter, pages.sort?.field, pages.sort?.order]
      : [
          ...Object.keys(pages.equal),
          ...Object.keys(pages.from),
          ...Object.keys(pages.to),
          pages.order,
          pages.field,
        ]
  return names.every((name) => queryText(view, name) === null)
}

/** The parameters that take a row's id or a token. */
export function cursorsOf(pages: RowsContract | ListContract): readonly string[] {
  const names = 'after' in pages ? [pages.after, pages.before, pages.token] : [pages.token]
  return names.flatMap((name) => name ?? [])
}

/** Is it asked for by a cursor, a token or the number of a page? */
export function isLater(view: View, pages: RowsContract | ListContract): boolean {
  if (cursorsOf(pages).some((name) => queryText(view, name) !== null)) return true
  if (!('page' in pages)) return false
  const begins = (name: string | null, first: number): boolean =>
    Number(queryText(view, name) ?? first) === first
  return !begins(pages.page, pages.firstPage) || !begins(pages.offset, 0)
}

/** Changes one place of an answer; null where there is none. */
export function put(
  view: View & { readonly body: Json },
  pointer: string | null,
  change: (old: Json) => Json,
): Spoilt | null {
  if (pointer === null || readPointer(view.body, pointer) === undefined) return null
  return { body: changeAt(view.body, pointer, change) }
}

/** The entries the other way round. */
export function reversed(items: readonly Json[]): readonly Json[] {
  return [...items].reverse()
}

/** A row of which every plain value is another one. */
export function turned(row: Json | undefined): Json {
  if (!isObject(row)) return null
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isScalar(value) ? other(value) : value]),
  )
}

function other(value: Json): Json {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value + 1
  return typeof value === 'string' ? `${value}?` : 'other'
}

/** The last plain text or number that is no id is another one. */
export function turnedMember(item: Json): Json {
  if (!isObject(item)) return item
  const name = Object.keys(item).findLast(
    (each) => !/(^|_)id$/i.test(each) && (typeof item[each] === 'number' || typeof item[each] === 'string'),
  )
  return name === undefined ? item : withMember(item, name, other(item[name] ?? null))
}

/** A row with a member more. */
export function withMember(row: Json, name: string, value: Json): Json {
  return isObject(row) ? { ...row, [name]: value } : row
}

/** A row without its last member. */
export function withoutLast(row: Json): Json {
  if (!isObject(row)) return row
  return Object.fromEntries(Object.entries(row).slice(0, -1)) as JsonObject
}
