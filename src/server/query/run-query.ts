/**
 * Running a query: from a job's rows to the page that was asked for, as row indexes or selected values.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { equalsLiteral } from './compare.ts'
import { distinctRows } from './distinct.ts'
import type { MemberKind } from './member.ts'
import type { Equality } from './odata.ts'
import type { Reader, ReaderSource } from './reader.ts'
import { createReader } from './reader.ts'
import { boundsOfRising } from './rising.ts'
import type { RowList } from './row-list.ts'
import { listRows } from './row-list.ts'
import type { RowsQuery } from './rows-query.ts'
import { refusal } from './rows-query.ts'

/** The part of a list that a request gets. */
export interface RowPage {
  /** Row indexes in their order. */
  readonly indexes: readonly number[]
  /** How many rows match, on every page. */
  readonly total: number
  /** Whether more rows follow in the direction of travel. */
  readonly more: boolean
  /** Readers of the selected members; null for whole rows. */
  readonly readers: readonly Reader[] | null
}

/** What queries of one job run on. */
export interface QuerySource extends ReaderSource {
  readonly members: ReadonlyMap<string, MemberKind>
  /** The member that holds a row's id; null where rows have none. */
  readonly idMember: string | null
  /** The parameters that filter, select and sort, for refusals. */
  readonly parameters: Readonly<Record<'filter' | 'select' | 'field', string>>
  /** Keeps lists between requests: a list costs one pass over the rows, a page of it next to nothing. */
  readonly lists: ListCache
}

/** A bounded cache of lists. */
export interface ListCache {
  get(key: string, create: () => RowList): RowList
}

/**
 * Runs a query.
 *
 * @throws {@link ApiError} `request_invalid` when the cursor is no row of the job.
 */
export function runQuery(source: QuerySource, query: RowsQuery): RowPage {
  const readers = query.select?.map((path) => readerOf(source, path)) ?? null
  const by = readers === null ? fieldReader(source, query.field) : (readers[0] ?? null)
  refuseEndless(source, query, by, readers ?? [])
  const key = JSON.stringify([query.field, query.descending, query.filter, query.select])
  const list = source.lists.get(key, () => {
    const matching = listRows(
      source.rows,
      { by, descending: query.descending },
      matcher(source, query.filter),
    )
    return readers === null ? matching : distinctRows(matching, source.rows, readers)
  })
  const { start, end } = boundsOf(source, query, list)
  const length = Math.max(0, end - start)
  return {
    indexes: Array.from({ length }, (_, offset) => list.at(start + offset)),
    total: list.length,
    more: query.window.mode === 'before' ? start > 0 : start + length < list.length,
    readers,
  }
}

/** Rows beyond which a computed member is not read of every row: it would hold up all other requests. */
const READ_LIMIT = 1_000_000

/** What is computed row by row is not sorted, filtered or told apart over millions of rows. */
function refuseEndless(
  source: QuerySource,
  query: RowsQuery,
  by: Reader | null,
  readers: readonly Reader[],
): void {
  if (source.rows.count <= READ_LIMIT) return
  const filters = query.filter.map(({ path }) => readerOf(source, path))
  const endless = [...(by === null ? [] : [by]), ...readers, ...filters].find(
    ({ fixed, rises }) => !fixed && rises === null,
  )
  if (endless === undefined) return
  const parameter = filters.includes(endless) ? 'filter' : readers.includes(endless) ? 'select' : 'field'
  const name = source.parameters[parameter]
  throw refusal(name, `the job has more than ${READ_LIMIT} rows, too many to read ${endless.leaf} of each`)
}

function readerOf(source: QuerySource, path: readonly string[]): Reader {
  const kind = path.length === 1 ? (source.members.get(path[0] ?? '') ?? 'scalar') : 'scalar'
  return createReader(source, path, kind)
}

function fieldReader(source: QuerySource, field: string | null): Reader | null {
  return field === null ? null : readerOf(source, [field])
}

/** What is fixed is compared once a template. */
function matcher(source: QuerySource, filter: readonly Equality[]): ((index: number) => boolean) | null {
  if (filter.length === 0) return null
  const conditions = filter.map(({ path, literal }) => ({ reader: readerOf(source, path), literal }))
  const holds = ({ reader, literal }: (typeof conditions)[number], value: Json): boolean =>
    equalsLiteral(value, literal, reader.kind)
  const fixed = conditions.filter(({ reader }) => reader.fixed)
  const drawn = conditions.filter(({ reader }) => !reader.fixed)
  const templates = new Set(
    source.rows.templates.filter((position) =>
      fixed.every((condition) => holds(condition, condition.reader.readTemplate(position))),
    ),
  )
  const { first, last } = boundsOfRising(source.rows, drawn)
  return (index) =>
    index >= first &&
    index <= last &&
    templates.has(source.rows.templateOf(index)) &&
    drawn.every((condition) => holds(condition, condition.reader.read(index)))
}

function boundsOf(source: QuerySource, query: RowsQuery, list: RowList): { start: number; end: number } {
  const { window, limit } = query
  if (window.mode === 'page') {
    const start = Math.min(list.length, window.passed * limit)
    return { start, end: Math.min(list.length, start + limit) }
  }
  const { before, present } = list.placeOf(cursorIndex(source, query, window))
  if (window.mode === 'before') return { start: Math.max(0, before - limit), end: before }
  const start = before + (present ? 1 : 0)
  return { start, end: Math.min(list.length, start + limit) }
}

function cursorIndex(
  source: QuerySource,
  query: RowsQuery,
  window: { id: string; parameter: string },
): number {
  const { idMember } = source
  const hasId =
    query.select === null || query.select.some((path) => path.length === 1 && path[0] === idMember)
  if (!hasId) {
    throw refusal(window.parameter, `rows have no cursor unless ${idMember} is selected`)
  }
  const index = source.rows.indexOf(window.id)
  if (index < 0) throw refusal(window.parameter, 'no row of this job has this id')
  return index
}
