/**
 * Lists of jobs: each item is what another operation answers for the job, so that no list and no detail can
 * disagree. Chosen, sorted and paged as the job contract says; the rest of the answer is the document's.
 *
 * @module
 */
import type { ListContract } from '../job-contract/job-contract.ts'
import type { Json } from '../model/json.ts'
import { canonicalText } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { isInstant } from '../openapi/format-time.ts'
import { responseFor, successStatus } from '../openapi/response.ts'
import { isUuid } from '../openapi/uuid.ts'
import type { Answer } from './answer.ts'
import { jsonAnswer } from './answer.ts'
import { entityTagOf } from './entity-tag.ts'
import { drawBody, place } from './infer-body.ts'
import type { Entry } from './list-item.ts'
import { entriesOf } from './list-item.ts'
import type { OperationCall } from './operation-call.ts'
import { compareValues } from './query/compare.ts'
import { refusal } from './query/rows-query.ts'
import type { Input } from './read-input.ts'
import { answerHeaders } from './render-job.ts'

/**
 * Answers a list of jobs.
 *
 * @throws {@link ApiError} `request_invalid` when the token is none of this list.
 */
export function answerList(call: OperationCall): Answer {
  const { route, contract, input } = call
  const { operation } = route
  const { list } = contract
  if (list === null) throw new RangeError(`the job contract does not say what ${operation.id} lists`)
  const sorted = sortEntries(entriesOf(call, list), list, input)
  const matching = sorted.filter(matcherOf(call, list))
  const { start, end, limit } = windowOf(call, list, sorted, matching)
  const page = matching.slice(start, end)
  const [first, last] = [page[0], page.at(-1)]
  const more = last !== undefined && end < matching.length
  const status = successStatus(operation)
  const spec = responseFor(operation, status)
  const body = place(spec === undefined ? {} : drawBody(call, operation.id, spec, status), [
    [list.at, page.map((entry) => entry.item())],
    [list.total, matching.length],
    [list.more, more],
    [list.next, more && last !== undefined ? tokenOf('after', last, list, input) : null],
    [list.previous, start > 0 && first !== undefined ? tokenOf('before', first, list, input) : null],
    [list.echo, limit],
  ])
  return jsonAnswer(status, 'application/json', body, answerHeaders(call, spec, status))
}

function given(input: Input, name: string | null): Json {
  return name === null ? null : (input.parameters.get(name) ?? null)
}

/** Jobs by their creation, or by a member of their items: null last rising, and first falling. */
function sortEntries(entries: readonly Entry[], list: ListContract, input: Input): readonly Entry[] {
  const field = given(input, list.field)
  const keyOf = (entry: Entry): Json =>
    typeof field === 'string' ? entry.member(pointerTo('', field)) : entry.view.job.createdAtMs
  const keyed = entries.map((entry, position) => ({ entry, position, value: keyOf(entry) }))
  keyed.sort((a, b) => compareNullable(a.value, b.value) || a.position - b.position)
  if (given(input, list.order) !== list.ascending) keyed.reverse()
  return keyed.map(({ entry }) => entry)
}

function compareNullable(a: Json, b: Json): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return compareValues(a, b, [a, b].every((value) => isInstant(String(value))) ? 'instant' : 'scalar')
}

function matcherOf({ world, input }: OperationCall, list: ListContract): (entry: Entry) => boolean {
  const folds = world.contract.jobId === 'uuid'
  const sameText = (value: Json): string =>
    canonicalText(folds && typeof value === 'string' && isUuid(value) ? value.toLowerCase() : value)
  const conditions: ((entry: Entry) => boolean)[] = []
  const add = (
    pairs: Readonly<Record<string, string>>,
    holds: (value: Json, asked: Json) => boolean,
  ): void => {
    for (const [name, at] of Object.entries(pairs)) {
      const asked = given(input, name)
      if (asked !== null) conditions.push((entry) => holds(entry.member(at), asked))
    }
  }
  add(list.equal, (value, asked) =>
    (Array.isArray(asked) ? (asked as readonly Json[]) : [asked]).some(
      (one) => sameText(one) === sameText(value),
    ),
  )
  add(list.from, (value, asked) => value !== null && compareNullable(value, asked) >= 0)
  add(list.to, (value, asked) => value !== null && compareNullable(value, asked) <= 0)
  return (entry) => conditions.every((holds) => holds(entry))
}

/** No page is larger, even where the document sets no bound. */
const LARGEST_PAGE = 1_000

/** Where the page stands: behind the job that the token names, or before it, up to it and no further. */
function windowOf(
  { input }: OperationCall,
  list: ListContract,
  sorted: readonly Entry[],
  matching: readonly Entry[],
): { readonly start: number; readonly end: number; readonly limit: number } {
  const asked = given(input, list.limit)
  const limit = typeof asked === 'number' ? Math.min(LARGEST_PAGE, Math.max(0, asked)) : LARGEST_PAGE
  const token = given(input, list.token)
  if (typeof token !== 'string' || list.token === null) return { start: 0, end: limit, limit }
  const named = readToken(token, list, input)
  const at = sorted.findIndex(({ view }) => view.job.id === named?.id)
  if (named === null || at < 0)
    throw refusal(list.token, 'no list with these filters and in this order has given this token')
  const before = new Set(sorted.slice(0, named.way === 'after' ? at + 1 : at))
  const passed = matching.filter((entry) => before.has(entry)).length
  return named.way === 'after'
    ? { start: passed, end: passed + limit, limit }
    : { start: Math.max(0, passed - limit), end: passed, limit }
}

/** A token holds for the list that it was given for: other filters, or another order, are another list. */
function bindingOf({ equal, from, to, field, order }: ListContract, input: Input): string {
  const names = [...Object.keys({ ...equal, ...from, ...to }), field, order]
  return entityTagOf(new TextEncoder().encode(JSON.stringify(names.map((name) => given(input, name)))))
}

function tokenOf(way: 'after' | 'before', { view }: Entry, list: ListContract, input: Input): string {
  const text = JSON.stringify([way, view.job.id, bindingOf(list, input)])
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function readToken(
  token: string,
  list: ListContract,
  input: Input,
): { readonly way: 'after' | 'before'; readonly id: string } | null {
  try {
    const data: unknown = JSON.parse(atob(token.replaceAll('-', '+').replaceAll('_', '/')))
    const [way, id, binding] = data as readonly unknown[]
    if ((way !== 'after' && way !== 'before') || typeof id !== 'string') return null
    return binding === bindingOf(list, input) ? { way, id } : null
  } catch {
    return null
  }
}
