/**
 * A page of rows as the job contract finds it in an answer, and what its request asked for.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { keywordAt, schemaPlace } from '../schema-place.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText } from '../view.ts'
import type { Direction } from './order.ts'
import type { Leaf } from './select.ts'
import { parseSelect } from './select.ts'

/** One page of rows. */
export interface Page {
  readonly view: View
  readonly contract: RowsContract
  readonly rows: readonly JsonObject[]
  /** The ids of the rows; empty where rows have none. */
  readonly ids: readonly string[]
  readonly total: number | null
  readonly more: boolean | null
  /** The tokens of the pages beside it; null where there is none. */
  readonly next: string | null
  readonly previous: string | null
}

const PAGES = new WeakMap<View, Page | null>()

/** The page in a successful answer, read once; null where there is none. */
export function pageOf(view: View): Page | null {
  const known = PAGES.get(view)
  if (known !== undefined) return known
  const page = readPage(view)
  PAGES.set(view, page)
  return page
}

function readPage(view: View): Page | null {
  const contract = view.contract?.rows ?? null
  const { body } = view
  if (contract === null || body === undefined || !isSuccess(view)) return null
  const rows = readPointer(body, contract.at)
  if (!Array.isArray(rows)) return null
  const objects = (rows as readonly Json[]).filter(isObject)
  const ids = objects.flatMap((row) => {
    const id = contract.id === null ? undefined : memberOf(row, contract.id)
    return typeof id === 'string' || typeof id === 'number' ? [String(id)] : []
  })
  const total = contract.total === null ? undefined : readPointer(body, contract.total)
  const more = contract.more === null ? undefined : readPointer(body, contract.more)
  const tokenAt = (at: string | null): string | null => {
    const token = at === null ? undefined : readPointer(body, at)
    return typeof token === 'number' || (typeof token === 'string' && token !== '') ? String(token) : null
  }
  return {
    view,
    contract,
    rows: objects,
    ids: ids.length === objects.length ? ids : [],
    total: typeof total === 'number' ? total : null,
    more: typeof more === 'boolean' ? more : null,
    next: tokenAt(contract.next),
    previous: tokenAt(contract.previous),
  }
}

/** A documented parameter of the page's operation. */
export function parameterOf({ operation }: View, name: string | null | undefined): Parameter | undefined {
  return operation.parameters.find((parameter) => parameter.name === name)
}

/** The leaves that the request selected; null where it selected none, or none that can be read. */
export function leavesOf(page: Page): readonly Leaf[] | null {
  const text = queryText(page.view, page.contract.select?.parameter)
  return text === null ? null : parseSelect(text)
}

/** The order that the request asked for; null where it is by position or not known. */
export function directionOf(page: Page): Direction | null {
  const { view, contract } = page
  const { sort } = contract
  if (sort === null) return null
  const descending = (asked(view, sort.order) ?? '') === sort.descending
  const selects = queryText(view, contract.select?.parameter) !== null
  const [leaf] = leavesOf(page) ?? []
  if (selects) {
    return leaf === undefined
      ? null
      : { field: leaf.name, descending, instants: isInstantMember(page, leaf.path) }
  }
  const field = asked(view, sort.field)
  if (field === null || sort.positional.includes(field)) return null
  return { field, descending, instants: isInstantMember(page, [field]) }
}

/** The value of a parameter, or the documented default. */
function asked(view: View, name: string): string | null {
  const fallback = parameterOf(view, name)?.default
  return queryText(view, name) ?? (typeof fallback === 'string' ? fallback : null)
}

function isInstantMember(page: Page, path: readonly string[]): boolean {
  const { json } = page.view.judge.subject.document
  const place = memberPlace(page, path)
  return place !== null && keywordAt(json, place, 'format')?.value === 'date-time'
}

/** Where the document describes a member of a row; null where it describes no row. */
export function memberPlace({ view, contract }: Page, path: readonly string[]): string | null {
  const { json } = view.judge.subject.document
  const schema = view.media?.schema ?? null
  const row = contract.schema ?? (schema === null ? null : schemaPlace(json, schema, `${contract.at}/*`))
  return row === null ? null : schemaPlace(json, row, pointerTo('', ...path))
}

/** Where the document describes a place of the whole answer. */
export function answerPlace({ view }: Page, at: string | null): string {
  const schema = view.media?.schema ?? null
  if (schema === null || at === null) return view.operation.pointer
  return schemaPlace(view.judge.subject.document.json, schema, at)
}
