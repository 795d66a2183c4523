/**
 * What a request asks of a job's rows: read from the input by the job contract, every illegal combination
 * refused with the parameter that is at fault.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { InputIssue } from '../../model/issue.ts'
import type { Json } from '../../model/json.ts'
import { ApiError } from '../../model/refusal.ts'
import type { Input } from '../read-input.ts'
import type { MemberKind } from './member.ts'
import type { Equality } from './odata.ts'
import { parseFilter } from './odata.ts'

/** Which part of the list is asked for. */
export type Window =
  /** Pages before it: 0 asks for the first. */
  | { readonly mode: 'page'; readonly passed: number }
  | { readonly mode: 'after' | 'before'; readonly id: string; readonly parameter: string }

/** A query that keeps the rules; whether its cursor is a row shows when it is run. */
export interface RowsQuery {
  /** Rows a page; 0 gives an empty page. */
  readonly limit: number
  readonly window: Window
  /** The member to sort by; null sorts by position. */
  readonly field: string | null
  readonly descending: boolean
  readonly filter: readonly Equality[]
  /** Selected paths in their order; null asks for whole rows. */
  readonly select: readonly (readonly string[])[] | null
}

/**
 * Reads the query of a request.
 *
 * @param members - The members of rows that can be named.
 * @throws {@link ApiError} `request_invalid`, its issues naming the parameters.
 */
export function readRowsQuery(
  input: Input,
  rows: RowsContract,
  members: ReadonlyMap<string, MemberKind>,
): RowsQuery {
  const filterText = textOf(input, rows.filter?.parameter)
  const selectText = textOf(input, rows.select?.parameter)
  const field = textOf(input, rows.sort?.field)
  refuseConflicts(input, rows)
  return {
    limit: limitOf(input, rows),
    window: windowOf(input, rows),
    field: field === null || rows.sort?.positional.includes(field) === true ? null : field,
    descending: rows.sort !== null && textOf(input, rows.sort.order) === rows.sort.descending,
    filter: filterText === null ? [] : filterOf(filterText, rows, members),
    select: selectText === null ? null : selectOf(selectText, rows, members),
  }
}

function given(input: Input, name: string | null | undefined): Json | undefined {
  const value = typeof name === 'string' ? input.parameters.get(name) : undefined
  return value === null ? undefined : value
}

function textOf(input: Input, name: string | null | undefined): string | null {
  const value = given(input, name)
  return typeof value === 'string' ? value : null
}

const UNBOUNDED = Number.MAX_SAFE_INTEGER

/** No page is larger, even where the document sets no bound; `more` then says that rows follow. */
const LARGEST_PAGE = 10_000

function limitOf(input: Input, rows: RowsContract): number {
  const limit = given(input, rows.limit)
  return typeof limit === 'number' ? Math.min(LARGEST_PAGE, Math.max(0, Math.trunc(limit))) : UNBOUNDED
}

function windowOf(input: Input, rows: RowsContract): Window {
  const after = textOf(input, rows.after)
  if (after !== null) return { mode: 'after', id: after, parameter: rows.after ?? '' }
  const before = textOf(input, rows.before)
  if (before !== null) return { mode: 'before', id: before, parameter: rows.before ?? '' }
  const page = given(input, rows.page)
  return { mode: 'page', passed: typeof page === 'number' ? page - rows.firstPage : 0 }
}

function refuseConflicts(input: Input, rows: RowsContract): void {
  const { page, after, before } = rows
  const filter = rows.filter?.parameter ?? null
  const explicitPage = page !== null && input.given.has(page)
  const clash = [after, before, filter].find((name) => name !== null && given(input, name) !== undefined)
  if (explicitPage && clash != null) {
    throw refusal(page, `cannot be combined with ${clash}; leave it out to page by cursor`)
  }
  if (before !== null && given(input, after) !== undefined && given(input, before) !== undefined) {
    throw refusal(before, `cannot be combined with ${after}`)
  }
}

/** A refusal of one query parameter for a reason that its schema does not know. */
export function refusal(parameter: string, message: string): ApiError {
  const issue: InputIssue = { in: 'query', name: parameter, path: [], keyword: 'rule', message, params: {} }
  return new ApiError('request_invalid', `${parameter}: ${message}`, [issue])
}

function filterOf(
  text: string,
  rows: RowsContract,
  members: ReadonlyMap<string, MemberKind>,
): readonly Equality[] {
  const parameter = rows.filter?.parameter ?? ''
  const parsed = parseFilter(text)
  if ('message' in parsed) throw refusal(parameter, parsed.message)
  for (const { path } of parsed) {
    verifyPath(path, parameter, rows.filter?.parents ?? [], members)
    if (path.length === 1 && members.get(path[0] ?? '') === 'composite') {
      throw refusal(parameter, `${path[0]} is not scalar; filter by one of its children`)
    }
  }
  return parsed
}

function selectOf(
  text: string,
  rows: RowsContract,
  members: ReadonlyMap<string, MemberKind>,
): readonly (readonly string[])[] {
  const parameter = rows.select?.parameter ?? ''
  const paths = text.split(',').map((item) => item.trim().split('/'))
  const leaves = new Set<string>()
  for (const path of paths) {
    verifyPath(path, parameter, rows.select?.parents ?? [], members)
    const leaf = path.at(-1) ?? ''
    if (leaves.has(leaf)) throw refusal(parameter, `two selected members are called ${leaf}`)
    leaves.add(leaf)
  }
  return paths
}

function verifyPath(
  path: readonly string[],
  parameter: string,
  parents: readonly string[],
  members: ReadonlyMap<string, MemberKind>,
): void {
  const [root = '', child] = path
  const name = path.join('/')
  if (path.length > 2) throw refusal(parameter, `${name} is deeper than one child`)
  if (!members.has(root)) throw refusal(parameter, `rows have no member ${JSON.stringify(root)}`)
  if (child === undefined) return
  if (!parents.includes(root)) throw refusal(parameter, `${root} has no children that can be named`)
  if (child === '') throw refusal(parameter, `${name} names no child`)
}
