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
import { meets } from '../check/list-page.ts'
import { show } from '../display.ts'
import type { CheckName } from '../finding.ts'

import { compareScalars } from '../operand.ts'
import type { Aim } from '../plan/aim.ts'
import { largestLimit, pathFor, requiredQuery } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { mainJob } from '../plan/job-ref.ts'
import { allowedTexts } from '../plan/violation.ts'
import type { Recorder } from '../recorder.ts'
import { judgeDetails } from './list-detail.ts'
import type { ListPlan, ListWalk } from './list-walk.ts'
import { readListPage, walkList } from './list-walk.ts'
import type { Listed } from './listed.ts'
import { judgePages, note, remark, textOf } from './listed.ts'
import { nothingFor } from './paging.ts'

/** The checks that a list of jobs goes through. */
const LIST_CHECKS: readonly CheckName[] = ['P01', 'P02', 'P05', 'P06', 'S01', 'F01', 'X02']

const LARGE_LIMIT = 100
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
    limit: largestLimit(aim, operation, list.limit, { most: LARGE_LIMIT, usual: LARGE_LIMIT }),
    name: 'all jobs',
  }
  const reference = await walkList(recorder, aim, plan)
  if (reference.stopped !== null || reference.jobs.length === 0) {
    const reason = reference.stopped ?? 'the list is empty'
    for (const check of LIST_CHECKS) recorder.book.add(nothingFor(operation.id, check, reason))
    return
  }
  let still = true
  const isStill = async (): Promise<boolean> => {
    if (!still) return false
    const again = await walkList(recorder, aim, { ...plan, name: 'all jobs, again' })
    still = textOf(again) === textOf(reference)
    return still
  }
  const listed = { recorder, aim, reference, isStill }
  await judgePages(listed, reference)
  await judgeSmallPages(listed)
  await judgeListFilters(listed)
  await judgeListOrders(listed)
  await judgeDetails(listed, jobs)
}

/** The same jobs in the same order, however many a page holds, there and back. */
async function judgeSmallPages(listed: Listed): Promise<void> {
  const { recorder, aim, reference } = listed
  const { plan, jobs } = reference
  if (plan.limit === null || plan.list.token === null) return
  if (jobs.length <= SMALL_LIMIT || jobs.length > SMALL_JOBS) return
  const name = `all jobs, ${SMALL_LIMIT} a page`
  const walk = await walkList(recorder, aim, { ...plan, limit: SMALL_LIMIT, name })
  await judgePages(listed, walk)
  if (walk.stopped !== null) return
  const position = Array.from({ length: Math.max(jobs.length, walk.jobs.length) }, (_, at) => at).find(
    (at) => jobs[at]?.id !== walk.jobs[at]?.id,
  )
  if (position === undefined) {
    await note(listed, walk, 'P02', [])
    return judgeWayBack(listed, walk)
  }
  const [met, known] = [walk, reference].map((each) => each.jobs[position]?.id ?? 'no job')
  const message = `job ${position + 1} is ${met}; in large pages it is ${known}`
  const topic = 'sequence of small pages'
  await note(listed, walk, 'P02', remark(walk, reference, { check: 'P02', message, at: plan.list.at, topic }))
}

/** The tokens of the pages before lead back over the same pages, and end at the first. */
async function judgeWayBack(listed: Listed, walk: ListWalk): Promise<void> {
  const { recorder, aim } = listed
  const { plan, pages } = walk
  const { previous } = plan.list
  if (previous === null) return
  for (let number = pages.length; number > 1; number -= 1) {
    const [page, before] = [pages[number - 1], pages[number - 2]]
    const token = page?.previous ?? null
    const purpose = `${plan.name}, back to page ${number - 1}`
    const back = token === null ? null : await readListPage(recorder, aim, plan, token, purpose)
    const same = back !== null && canonicalText(back.items) === canonicalText(before?.items ?? [])
    const message = token === null ? `has no ${previous}` : `does not lead back to page ${number - 1}`
    const what = {
      check: 'P05',
      message: `page ${number} ${message}`,
      at: previous,
      topic: previous,
    } as const
    const shown = page === undefined ? walk : { ...walk, pages: [page] }
    await note(listed, shown, 'P05', same ? [] : remark(shown, walk, what))
    if (!same) return
  }
  const [first] = pages
  if (first?.previous == null) return
  const what = {
    check: 'P05',
    message: 'the first page has one before it',
    at: previous,
    topic: previous,
  } as const
  await note(listed, walk, 'P05', remark({ ...walk, pages: [first] }, walk, what))
}

/** What a parameter asks of a job, for texts that some job of the list can be asked by. */
interface Filter {
  readonly kind: 'equal' | 'from' | 'to'
  readonly parameter: string
  readonly at: string
  readonly texts: readonly string[]
}

function filtersOf({ plan, jobs }: ListWalk): readonly Filter[] {
  const valuesAt = (at: string): readonly string[] => {
    const values = jobs.map(({ item }) => readPointer(item, at)).filter((value) => value != null)
    return [...new Set(values.filter((value) => isScalar(value as Json)).map(String))]
  }
  const bound = (at: string): readonly string[] => {
    const sorted = [...valuesAt(at)].sort((a, b) => compareScalars(a, b) ?? 0)
    return sorted.slice(Math.floor(sorted.length / 2)).slice(0, 1)
  }
  return (['equal', 'from', 'to'] as const).flatMap((kind) =>
    Object.entries(plan.list[kind]).map(([parameter, at]) => {
      return { kind, parameter, at, texts: kind === 'equal' ? valuesAt(at).slice(0, SAMPLE) : bound(at) }
    }),
  )
}

/** A filter loses no job that meets it; that it lets no other through each page shows. */
async function judgeListFilters(listed: Listed): Promise<void> {
  const { recorder, aim, reference } = listed
  const { plan, jobs } = reference
  for (const { kind, parameter, at, texts } of filtersOf(reference)) {
    for (const text of texts) {
      const name = `jobs with ${parameter}=${text}`
      const query = [...plan.query, [parameter, text] as const]
      const walk = await walkList(recorder, aim, { ...plan, query, name })
      await judgePages(listed, walk)
      if (walk.stopped !== null) continue
      const found = new Set(walk.jobs.map(({ id }) => id))
      const lost = jobs.find(({ id, item }) => meets(kind, item, at, [text]) && !found.has(id))
      const value = show(readPointer(lost?.item ?? null, at))
      const message = `job ${lost?.id}, whose ${at} is ${value}, is missing`
      const pointer = plan.operation.parameters.find((each) => each.name === parameter)?.pointer
      const what = { check: 'F01', message, at: plan.list.at, topic: `${parameter} lost` } as const
      const place = pointer === undefined ? {} : { pointer }
      await note(
        listed,
        walk,
        'F01',
        lost === undefined ? [] : remark(walk, reference, { ...what, ...place }),
      )
    }
  }
}

/** Sorted by each member that can be named, both ways; whether a page is sorted the page itself shows. */
async function judgeListOrders(listed: Listed): Promise<void> {
  const { recorder, aim, reference } = listed
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
      await judgePages(listed, await walkList(recorder, aim, { ...plan, query: full, name }))
    }
  }
}
