/**
 * Lists of jobs: walked by their tokens in large pages and in small ones, then asked with every documented
 * parameter (`list-query.ts`), and each job compared with its own detail. What must hold of the pages of one
 * walk is `list-walk.ts`.
 *
 * @module
 */
import type { ListContract } from '../../job-contract/job-contract.ts'
import { canonicalText } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { CheckName } from '../finding.ts'
import type { Aim } from '../plan/aim.ts'
import { largestLimit, pathFor, requiredQuery } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { mainJob } from '../plan/job-ref.ts'
import type { Recorder } from '../recorder.ts'
import { judgeDetails } from './list-detail.ts'
import { judgeListFilters, judgeListOrders, judgeListRequests } from './list-query.ts'
import type { ListPlan, ListWalk } from './list-walk.ts'
import { judgeListPages, readListPage, walkList } from './list-walk.ts'
import type { Listed } from './listed.ts'
import { judgePages, note, remark, textOf } from './listed.ts'
import { nothingFor } from './paging.ts'

/** The checks that a list of jobs goes through. */
const LIST_CHECKS: readonly CheckName[] = ['P01', 'P02', 'P05', 'P06', 'S01', 'F01', 'X02']

const LARGE_LIMIT = 100
/** Sizes of pages beside the largest; pages of the first are walked back too. */
const SMALL_LIMITS = [3, 1, 7] as const
/** A list that is longer is walked in large pages alone. */
const SMALL_JOBS = 120

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
  if (reference.circle !== null) {
    for (const evidence of judgeListPages(reference)) recorder.book.add(evidence)
  }
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
  const small = await judgeSmallPages(listed)
  await judgeListFilters(listed)
  await judgeListOrders(listed)
  await judgeListRequests(listed, small)
  await judgeDetails(listed, jobs)
}

/** The same jobs in the same order, however many a page holds, there and back. */
async function judgeSmallPages(listed: Listed): Promise<ListWalk | null> {
  const { aim, reference } = listed
  const { plan, jobs } = reference
  const { limit, list, operation } = plan
  if (limit === null || list.token === null || jobs.length > SMALL_JOBS) return null
  const schema = operation.parameters.find(({ name }) => name === list.limit)?.schema ?? null
  const sizes = SMALL_LIMITS.filter(
    (size) =>
      size < limit &&
      size < jobs.length &&
      (schema === null || aim.judge.validator.check(schema, size, 1).length === 0),
  )
  let small: ListWalk | null = null
  for (const size of sizes) {
    const made = await judgeSize(listed, size)
    small ??= made
  }
  if (small !== null) await judgeWayBack(listed, small)
  return small
}

/** The jobs in pages of one size against those in large ones; null where they were not all read. */
async function judgeSize(listed: Listed, size: number): Promise<ListWalk | null> {
  const { recorder, aim, reference } = listed
  const { plan, jobs } = reference
  const name = `all jobs, ${size} a page`
  const walk = await walkList(recorder, aim, { ...plan, limit: size, name })
  await judgePages(listed, walk)
  if (walk.pages.length === 0) return null
  const whole = walk.stopped === null
  const length = whole ? Math.max(jobs.length, walk.jobs.length) : Math.min(jobs.length, walk.jobs.length)
  const position = Array.from({ length }, (_, at) => at).find((at) => jobs[at]?.id !== walk.jobs[at]?.id)
  if (position === undefined) {
    await note(listed, walk, 'P04', [])
    return whole ? walk : null
  }
  const [met, known] = [walk, reference].map((each) => each.jobs[position]?.id ?? 'no job')
  const message = `job ${position + 1} is ${met}; in large pages it is ${known}`
  const pointer = plan.operation.parameters.find((each) => each.name === plan.list.limit)?.pointer
  const what = { check: 'P04', message, at: plan.list.at, topic: 'sequence of small pages' } as const
  const full = pointer === undefined ? what : { ...what, pointer }
  await note(listed, walk, 'P04', remark(walk, reference, full))
  return whole ? walk : null
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
