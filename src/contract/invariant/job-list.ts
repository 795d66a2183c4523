/**
 * Lists of jobs: walked by their tokens in large pages and in small ones, filtered and sorted by every
 * documented parameter, and each job compared with its own detail. What must hold of the pages of one walk is
 * `list-walk.ts`.
 *
 * @module
 */
import type { ListContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { Operation } from '../../openapi/operation.ts'
import { show } from '../display.ts'
import type { CheckName, Finding, Remark } from '../finding.ts'
import { compareScalars } from '../operand.ts'
import type { Aim } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, mainJob, standsStill } from '../plan/job-ref.ts'
import { allowedTexts } from '../plan/violation.ts'
import type { Recorder } from '../recorder.ts'
import { keywordAt } from '../schema-place.ts'
import { isSuccess, remarkOn } from '../view.ts'
import type { ListedJob, ListPlan, ListWalk } from './list-walk.ts'
import { judgeListPages, walkList } from './list-walk.ts'
import { nothingFor } from './paging.ts'

/** The checks that a list of jobs goes through. */
const LIST_CHECKS: readonly CheckName[] = ['P01', 'P02', 'P05', 'P06', 'S01', 'F01', 'X02']

const SMALL_LIMIT = 3
/** A list that is longer is walked in large pages alone. */
const SMALL_JOBS = 120
/** Values that a filter is asked with, and jobs that are compared with their details. */
const SAMPLE = 8

/** Judges an operation that lists jobs. */
export async function judgeJobList(
  recorder: Recorder,
  aim: Aim,
  operation: Operation,
  list: ListContract,
  jobs: readonly JobRef[],
): Promise<void> {
  const plan: ListPlan = {
    operation,
    list,
    path: pathFor(aim, operation, mainJob(jobs)),
    query: requiredQuery(aim, operation),
    limit: largestLimit(aim, operation, list),
    name: 'all jobs',
  }
  const reference = await walkList(recorder, aim, plan)
  const again = await walkList(recorder, aim, { ...plan, name: 'all jobs, again' })
  const why =
    reference.stopped ?? (textOf(reference) === textOf(again) ? null : 'the list changes while it is read')
  if (why !== null || reference.jobs.length === 0) {
    const reason = why ?? 'the list is empty'
    for (const check of LIST_CHECKS) recorder.book.add(nothingFor(operation.id, check, reason))
    return
  }
  judgeListPages(recorder, reference)
  await judgeSmallPages(recorder, aim, reference)
  await judgeListFilters(recorder, aim, reference)
  await judgeListOrders(recorder, aim, reference)
  await judgeDetails(recorder, aim, reference, jobs)
}

function textOf({ pages }: ListWalk): string {
  return pages.map(({ view }) => view.exchange.response.body).join('\n')
}

function largestLimit(aim: Aim, operation: Operation, { limit }: ListContract): number | null {
  const schema = operation.parameters.find(({ name }) => name === limit)?.schema ?? null
  const maximum = schema === null ? null : keywordAt(aim.judge.subject.document.json, schema, 'maximum')
  return limit === null ? null : typeof maximum?.value === 'number' ? Math.min(maximum.value, 100) : 100
}

/** Writes down what a check says of a walk. */
function note(recorder: Recorder, walk: ListWalk, check: CheckName, findings: readonly Finding[]): void {
  const { operation } = walk.plan
  recorder.book.add({
    check,
    operationId: operation.id,
    exchanges: walk.pages.length,
    findings,
    reason: null,
  })
}

/** A remark on the last page of a walk, beside the first page of what it is compared with. */
function remark(walk: ListWalk, reference: ListWalk, what: Omit<Remark, 'beside'>): readonly Finding[] {
  const [page, other] = [walk.pages.at(-1), reference.pages[0]]
  if (page === undefined) return []
  const beside = other === undefined || other === page ? {} : { beside: other.view.exchange }
  return [remarkOn(page.view, { ...what, message: `${walk.plan.name}: ${what.message}`, ...beside })]
}

/** The same jobs in the same order, however many a page holds. */
async function judgeSmallPages(recorder: Recorder, aim: Aim, reference: ListWalk): Promise<void> {
  const { plan, jobs } = reference
  if (plan.limit === null || plan.list.token === null) return
  if (jobs.length <= SMALL_LIMIT || jobs.length > SMALL_JOBS) return
  const name = `all jobs, ${SMALL_LIMIT} a page`
  const walk = await walkList(recorder, aim, { ...plan, limit: SMALL_LIMIT, name })
  judgeListPages(recorder, walk)
  if (walk.stopped !== null) return
  const position = Array.from({ length: Math.max(jobs.length, walk.jobs.length) }, (_, at) => at).find(
    (at) => jobs[at]?.id !== walk.jobs[at]?.id,
  )
  if (position === undefined) return note(recorder, walk, 'P02', [])
  const [met, known] = [walk, reference].map((each) => each.jobs[position]?.id ?? 'no job')
  const message = `job ${position + 1} is ${met}; in large pages it is ${known}`
  const topic = 'sequence of small pages'
  note(recorder, walk, 'P02', remark(walk, reference, { check: 'P02', message, at: plan.list.at, topic }))
}

/** What a parameter asks of a job, for texts that some job of the list can be asked by. */
interface Filter {
  readonly parameter: string
  readonly at: string
  readonly texts: readonly string[]
  readonly holds: (value: Json, asked: string) => boolean
}

function filtersOf({ plan, jobs }: ListWalk): readonly Filter[] {
  const { equal, from, to } = plan.list
  const valuesAt = (at: string): readonly string[] => {
    const values = jobs.map(({ item }) => readPointer(item, at)).filter((value) => value != null)
    return [...new Set(values.filter((value) => isScalar(value as Json)).map(String))]
  }
  const bound = (at: string): readonly string[] => {
    const sorted = [...valuesAt(at)].sort((a, b) => compareScalars(a, b) ?? 0)
    return sorted.slice(Math.floor(sorted.length / 2)).slice(0, 1)
  }
  const order = (value: Json, asked: string): number => compareScalars(value, asked) ?? 0
  return [
    ...Object.entries(equal).map(([parameter, at]) => ({
      ...{ parameter, at, texts: valuesAt(at).slice(0, SAMPLE) },
      holds: (value: Json, asked: string) => String(value) === asked,
    })),
    ...Object.entries(from).map(([parameter, at]) => ({
      ...{ parameter, at, texts: bound(at) },
      holds: (value: Json, asked: string) => value !== null && order(value, asked) >= 0,
    })),
    ...Object.entries(to).map(([parameter, at]) => ({
      ...{ parameter, at, texts: bound(at) },
      holds: (value: Json, asked: string) => value !== null && order(value, asked) <= 0,
    })),
  ]
}

/** Every filter gives the jobs of the whole list that meet it, and no other. */
async function judgeListFilters(recorder: Recorder, aim: Aim, reference: ListWalk): Promise<void> {
  const { plan, jobs } = reference
  for (const { parameter, at, texts, holds } of filtersOf(reference)) {
    for (const text of texts) {
      const name = `jobs with ${parameter}=${text}`
      const query = [...plan.query, [parameter, text] as const]
      const walk = await walkList(recorder, aim, { ...plan, query, name })
      judgeListPages(recorder, walk)
      if (walk.stopped !== null) continue
      const meets = ({ item }: ListedJob): boolean => holds(readPointer(item, at) ?? null, text)
      const leaked = walk.jobs.find((job) => !meets(job))
      const found = new Set(walk.jobs.map(({ id }) => id))
      const lost = jobs.find((job) => meets(job) && !found.has(job.id))
      const message =
        leaked !== undefined
          ? `${at} of job ${leaked.id} is ${show(readPointer(leaked.item, at))}, which the filter leaves out`
          : lost !== undefined
            ? `job ${lost.id}, whose ${at} is ${show(readPointer(lost.item, at))}, is missing`
            : null
      const pointer = plan.operation.parameters.find((each) => each.name === parameter)?.pointer
      const what = { check: 'F01', at: plan.list.at, topic: `${parameter} ${leaked === undefined}` } as const
      const place = pointer === undefined ? {} : { pointer }
      const findings = message === null ? [] : remark(walk, reference, { ...what, message, ...place })
      note(recorder, walk, 'F01', findings)
    }
  }
}

/** Sorted by each member that can be named, both ways; where nulls stand is for the vendor to say. */
async function judgeListOrders(recorder: Recorder, aim: Aim, reference: ListWalk): Promise<void> {
  const { plan } = reference
  const { field, order } = plan.list
  const textsOf = (name: string | null): readonly string[] => {
    const parameter = plan.operation.parameters.find((each) => each.name === name)
    return parameter === undefined ? [] : allowedTexts(aim.judge, parameter)
  }
  for (const member of textsOf(field)) {
    for (const way of order === null ? [''] : textsOf(order)) {
      const query = [...plan.query, [field ?? '', member] as const]
      const full = order === null ? query : [...query, [order, way] as const]
      const name = `jobs by ${member} ${way}`.trimEnd()
      const walk = await walkList(recorder, aim, { ...plan, query: full, name })
      judgeListPages(recorder, walk)
      if (walk.stopped !== null) continue
      const values = walk.jobs.flatMap(({ id, item }) => {
        const value = readPointer(item, `/${member}`)
        return value === undefined || value === null ? [] : [{ id, value }]
      })
      const rising = order === null || way === plan.list.ascending
      const wrong = values.findIndex(({ value }, at) => {
        const step = compareScalars(value, values[at - 1]?.value ?? value) ?? 0
        return rising ? step < 0 : step > 0
      })
      const [job, before] = [values[wrong], values[wrong - 1]]
      const message = `${member} of job ${job?.id} is ${show(job?.value)}, behind ${show(before?.value)}`
      const what = { check: 'S01', message, at: plan.list.at, topic: `${member} ${way}` } as const
      note(recorder, walk, 'S01', wrong < 0 ? [] : remark(walk, reference, what))
    }
  }
}

/** A list shows of a job what its detail shows. */
async function judgeDetails(
  recorder: Recorder,
  aim: Aim,
  reference: ListWalk,
  jobs: readonly JobRef[],
): Promise<void> {
  const { plan } = reference
  const operation = aim.judge.operations.get(plan.list.of)
  const still = reference.jobs.flatMap((listed) => {
    const job = jobs.find(({ id }) => id === listed.id)
    return job !== undefined && standsStill(job) ? [{ listed, job }] : []
  })
  if (operation === undefined || still.length === 0) {
    recorder.book.add(nothingFor(plan.operation.id, 'X02', 'no listed job is known to stand still'))
    return
  }
  for (const { listed, job } of still.slice(0, SAMPLE)) {
    const path = { ...plan.path, ...pathFor(aim, operation, job) }
    const query = requiredQuery(aim, operation)
    const purpose = `${callJob(job)}, to compare with the list`
    const view = await recorder.ask(
      aimAt(aim, { operation, purpose, path, query, expects: { kind: 'documented' } }),
    )
    if (!isSuccess(view)) continue
    const same = canonicalText(view.body ?? null) === canonicalText(listed.item)
    const at = same ? '' : differingAt(listed.item, view.body ?? null)
    const [told, shown] = [listed.item, view.body ?? null].map((each) => show(readPointer(each, at)))
    const message = `${callJob(job)}: ${at} is ${told} in the list, ${shown} in its detail`
    const what = { check: 'X02', message, at: plan.list.at, topic: at } as const
    note(
      recorder,
      reference,
      'X02',
      same ? [] : remark(reference, { ...reference, pages: [{ ...listed.page, view }] }, what),
    )
  }
}

/** The first member that differs, or the whole. */
function differingAt(a: Json, b: Json): string {
  const names = new Set([a, b].flatMap((each) => (isScalar(each) ? [] : Object.keys(each ?? {}))))
  const differs = (at: string): boolean =>
    canonicalText(readPointer(a, at) ?? null) !== canonicalText(readPointer(b, at) ?? null)
  return [...names].map((name) => `/${name}`).find(differs) ?? ''
}
