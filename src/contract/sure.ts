/**
 * Which findings of an inferred contract are sure. What was only read into a document must raise no false
 * alarm, so a finding that rests on it warns, unless all that it rests on was read without doubt. What jobs
 * do is doubted always: no document says it. What pages are made of its words may say.
 *
 * @module
 */
import { pointerTo } from '../model/pointer.ts'
import type { Exchange } from './exchange.ts'
import { queryOf } from './exchange.ts'
import type { Subject } from './subject.ts'
import { contractOf } from './subject.ts'

/** What each check needs to be told of rows or of a list; checks that are not here are never sure. */
const NEEDS: Readonly<Partial<Record<string, readonly string[]>>> = {
  P01: ['at', 'total'],
  P02: ['at', 'id'],
  P03: ['at', 'id'],
  P04: ['at', 'id'],
  P05: ['at'],
  P06: ['at'],
  P09: ['at'],
  S01: ['at'],
  S02: ['at'],
  F01: ['at'],
}

/** Checks of an order; which order is usual where none was asked for, no document says. */
const OF_ORDER: readonly string[] = ['P03', 'S01', 'S02']

/** Parameters by which a request says which page it wants. */
const PAGE_PARAMETERS = ['limit', 'token', 'offset', 'page', 'after', 'before'] as const

/** What a finding says of where it was found. */
interface Found {
  readonly check: string
  /** Pointer into the answer. */
  readonly at: string
  readonly exchanges: readonly Exchange[]
}

/**
 * Is a finding of an inferred contract sure? It rests on what its check needs, on the member that it points
 * to and on each word of paging that its requests say.
 */
export function isSure(subject: Subject, operationId: string, { check, at, exchanges }: Found): boolean {
  const contract = contractOf(subject, operationId)
  const needs = NEEDS[check]
  const paged = contract?.rows ?? contract?.list ?? null
  if (contract === null || paged === null || needs === undefined || subject.sure === undefined) return false
  const { sure } = subject
  const queries = exchanges.map(({ request }) => new URLSearchParams(queryOf(request.url)))
  const says = (parameter: unknown): boolean =>
    typeof parameter === 'string' && queries.some((query) => query.has(parameter))
  const { list, rows } = contract
  if (OF_ORDER.includes(check) && !says(list?.field ?? rows?.sort?.field)) return false
  const words: Readonly<Record<string, unknown>> = { ...paged }
  // The ids of a list are those of its jobs, and its items are told apart by them.
  const own = list === null ? needs : needs.filter((name) => name !== 'id')
  const said = PAGE_PARAMETERS.filter((name) => says(words[name]))
  const shown = (['more', 'next', 'previous', 'echo'] as const).filter((name) => paged[name] === at)
  const filters = Object.keys(list?.equal ?? {}).filter(says)
  const bounds = ['from', 'to'].filter((name) => Object.keys(words[name] ?? {}).some(says))
  const base = pointerTo('/operations', operationId, list === null ? 'rows' : 'list')
  return [
    pointerTo('/operations', operationId, 'role'),
    ...[...own, ...said, ...shown, ...bounds].map((name) => pointerTo(base, name)),
    ...filters.map((name) => pointerTo(base, 'equal', name)),
  ].every((place) => sure.has(place))
}
