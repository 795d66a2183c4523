/**
 * What requests for one page have in common, be it of a job's rows or of a list's jobs: the checks of single
 * requests (limits, cursors) are written once for both.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { memberOf } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import type { CheckName, Finding, Remark } from '../finding.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt, requiredQuery } from '../plan/aim.ts'
import type { Expectation } from '../plan/case.ts'
import type { Recorder } from '../recorder.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'
import type { ListPlan } from './list-walk.ts'
import type { WalkPlan } from './walk.ts'

/** An operation that answers pages, and how one of them is asked for. */
export interface Paged {
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
  /** What every request asks for beside its limit and its cursor. */
  readonly query: readonly QueryPair[]
  /** The parameter that bounds a page, and the bound that walks ask for. */
  readonly limit: string | null
  readonly usual: number | null
  readonly clamps: boolean
  readonly foreign: 'refused' | 'ignored'
  /** Pointers into the answer to the items and to the limit that holds. */
  readonly at: string
  readonly echo: string | null
  /** Reads the id of an item. */
  readonly idOf: (item: Json) => Json | undefined
  /** Whose pages, for people, and what stands on them. */
  readonly name: string
  readonly noun: 'row' | 'job'
}

/** The pages of a walk over a job's rows. */
export function pagedRows(aim: Aim, plan: WalkPlan): Paged {
  const { operation, contract, path, limit: usual, name } = plan
  const { limit, clamps, foreign, at, echo, id } = contract
  const query = [...requiredQuery(aim, operation), ...plan.query]
  const idOf = (item: Json): Json | undefined => (id === null ? undefined : memberOf(item, id))
  return { operation, path, query, limit, usual, clamps, foreign, at, echo, idOf, name, noun: 'row' }
}

/** The pages of a walk over a list of jobs. */
export function pagedJobs(aim: Aim, plan: ListPlan): Paged {
  const { operation, list, path, query, limit: usual, name } = plan
  const { limit, clamps, foreign, at, echo } = list
  const id = contractOf(aim.judge.subject, list.of)?.id ?? '/id'
  const idOf = (item: Json): Json | undefined => readPointer(item, id)
  return { operation, path, query, limit, usual, clamps, foreign, at, echo, idOf, name, noun: 'job' }
}

/** What one request for a page has of its own. */
interface PageRequest {
  readonly query: readonly QueryPair[]
  readonly purpose: string
  readonly expects?: Expectation
  readonly path?: Readonly<Record<string, string>>
}

/** Asks for a page; the walk's limit is added where the request brings none. */
export function askPage(recorder: Recorder, aim: Aim, paged: Paged, request: PageRequest): Promise<View> {
  const { operation, limit, usual } = paged
  const own = new Set(request.query.map(([name]) => name))
  const bound: QueryPair[] =
    limit === null || usual === null || own.has(limit) ? [] : [[limit, String(usual)]]
  const query = [...paged.query.filter(([name]) => !own.has(name)), ...bound, ...request.query]
  const { purpose, expects = { kind: 'documented' }, path = paged.path } = request
  return recorder.ask(aimAt(aim, { operation, purpose: `${paged.name}: ${purpose}`, path, query, expects }))
}

/** The items of a page; null where the answer has none. */
export function itemsOf(paged: Paged, view: View): readonly Json[] | null {
  if (!isSuccess(view) || view.body === undefined) return null
  const items = readPointer(view.body, paged.at)
  return Array.isArray(items) ? (items as readonly Json[]) : null
}

/** The ids of a page as one text: two pages with the same text show the same. */
export function pageText(paged: Paged, items: readonly Json[]): string {
  return JSON.stringify(items.map((item) => paged.idOf(item) ?? item))
}

/** A documented parameter of the operation. */
export function pagedParameter({ operation }: Paged, name: string | null): Parameter | undefined {
  return operation.parameters.find((parameter) => parameter.name === name)
}

/** Writes down what a check says of one answer, a finding at the most. */
export function noteOn(
  recorder: Recorder,
  view: View,
  check: CheckName,
  remark: Omit<Remark, 'check'> | null,
): void {
  const findings: Finding[] = remark === null ? [] : [remarkOn(view, { check, ...remark })]
  recorder.book.add({ check, operationId: view.operation.id, exchanges: 1, findings, reason: null })
}
