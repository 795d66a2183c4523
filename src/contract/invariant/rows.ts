/**
 * Everything that takes a job's rows to see: first one walk over all of them, the reference; then, for the
 * jobs that are worth it, the same rows by every other way, in small pages, sorted, filtered and selected.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { CheckName } from '../finding.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt, largestLimit, pathFor, requiredQuery } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, HUGE_ROWS } from '../plan/job-ref.ts'
import type { Recorder } from '../recorder.ts'
import type { Page } from '../row/page.ts'
import { pageOf } from '../row/page.ts'
import { judgeFilters } from './filtering.ts'
import { judgeLimits } from './limits.ts'
import { pagedRows } from './paged.ts'
import { judgeLastPage, judgePaging, judgeSameRows, nothingFor } from './paging.ts'
import { judgeRowCursors } from './row-cursors.ts'
import { judgeSelects } from './selecting.ts'
import { judgeBoundaries, judgeSorts } from './sorting.ts'
import type { Walk, WalkPlan, Way } from './walk.ts'
import { idsOf, walk } from './walk.ts'

/** The checks that need a walk. */
export const WALK_CHECKS: readonly CheckName[] = ['P01', 'P02', 'P05', 'P06', 'S01', 'F01', 'X01']

/** The most rows of a job that is walked to its end. */
const FULL_ROWS = 1000
const PREFIX_PAGES = 20
const SMALL_LIMIT = 7
const TINY_LIMITS = [1, 3] as const
const TINY_PAGES = 10
const USUAL_LIMIT = 100
/** How many exchanges of one operation may go into small pages. */
const SMALL_BUDGET = 600

/** The rows of one job as its reference walk met them. */
export interface Reference {
  readonly job: JobRef
  readonly walk: Walk
  readonly rows: number
}

/** The ways an operation's pages can be walked, the best for a reference first. */
export function waysOf(contract: RowsContract): readonly Way[] {
  return (['after', 'token', 'offset', 'page', 'before'] as const).filter(
    (way) => contract[way] !== null && (way !== 'token' || contract.next !== null),
  )
}

/** Walks all rows of a job once; a bounded part of them where they are many. */
export async function walkReference(
  recorder: Recorder,
  aim: Aim,
  operation: Operation,
  contract: RowsContract,
  job: JobRef,
  first: Page,
): Promise<Reference | null> {
  const [way] = waysOf(contract)
  if (way === undefined || way === 'before') return null
  const rows = first.total ?? job.rows ?? 0
  const limit = largestLimit(aim, operation, contract.limit, { most: FULL_ROWS, usual: USUAL_LIMIT })
  const path = pathFor(aim, operation, job)
  const pages = Math.ceil(rows / (limit ?? Math.max(1, first.rows.length))) + 2
  const maxPages = rows > HUGE_ROWS ? 1 : rows > FULL_ROWS ? Math.min(pages, PREFIX_PAGES) : pages
  const plan = { operation, contract, path, query: [], way, limit, maxPages, name: callJob(job) }
  const made = await walk(recorder, aim, plan)
  judgeWalk(recorder, made)
  if (rows > HUGE_ROWS) await judgeFarPages(recorder, aim, plan, rows)
  return { job, walk: made, rows }
}

function judgeWalk(recorder: Recorder, made: Walk): void {
  for (const evidence of judgePaging(made)) recorder.book.add(evidence)
  recorder.book.add(judgeBoundaries(made, null))
  if (made.stopped !== null && made.pages.length === 0) {
    for (const check of WALK_CHECKS)
      recorder.book.add(nothingFor(made.plan.operation.id, check, made.stopped))
  }
}

/** Of very many rows a page in the middle and the last one are read, by number. */
async function judgeFarPages(recorder: Recorder, aim: Aim, plan: WalkPlan, rows: number): Promise<void> {
  const { operation, contract, path, limit, name } = plan
  if (contract.page === null || limit === null) return
  const lastNumber = Math.ceil(rows / limit)
  const pages: Page[] = []
  for (const number of [Math.ceil(lastNumber / 2), lastNumber]) {
    const position = String(contract.firstPage + number - 1)
    const query: QueryPair[] = [...requiredQuery(aim, operation), [contract.page, position]]
    if (contract.limit !== null) query.push([contract.limit, String(limit)])
    const expects = { kind: 'accepted', pointer: operation.pointer } as const
    const purpose = `${name}, page ${number} of ${lastNumber}`
    const page = pageOf(await recorder.ask(aimAt(aim, { operation, purpose, path, query, expects })))
    if (page !== null) pages.push(page)
  }
  const far = {
    plan: { ...plan, way: 'page', name: `${name}, far pages` },
    complete: false,
    stopped: 'far',
  } as const
  for (const evidence of judgePaging({ ...far, pages })) recorder.book.add(evidence)
  const last = pages[1]
  if (last === undefined) return
  const wanted = rows - (lastNumber - 1) * limit
  for (const evidence of judgeLastPage({ ...far, pages }, last, wanted)) recorder.book.add(evidence)
}

/** What is to be done with one reference. */
export interface Depth {
  readonly small: boolean
  readonly deep: boolean
}

/** Which references are worth small pages, and which sorting, filtering and selecting. */
export function chooseDepths(references: readonly Reference[]): readonly Depth[] {
  const full = references.filter(({ walk: made, rows }) => made.complete && rows > 1 && rows <= FULL_ROWS)
  const preferred = ['tied', 'null-heavy', 'many-pages']
  const rank = ({ job }: Reference): number => {
    const at = preferred.indexOf(job.name ?? '')
    return at < 0 ? preferred.length : at
  }
  const deep = new Set([...full].sort((a, b) => rank(a) - rank(b) || b.rows - a.rows).slice(0, 2))
  const small = new Set<Reference>()
  let spent = 0
  for (const reference of [...full].sort((a, b) => a.rows - b.rows)) {
    const cost = waysOf(reference.walk.plan.contract).length * (Math.ceil(reference.rows / SMALL_LIMIT) + 1)
    if (small.size > 0 && spent + cost > SMALL_BUDGET) break
    spent += cost
    small.add(reference)
  }
  return references.map((reference) => ({ small: small.has(reference), deep: deep.has(reference) }))
}

/** Meets the rows of a reference by every other way. */
export async function judgeRows(
  recorder: Recorder,
  aim: Aim,
  { job, walk: reference, rows }: Reference,
  { small, deep }: Depth,
  jobs: readonly JobRef[],
): Promise<void> {
  const { plan } = reference
  if (!reference.complete || rows === 0) return
  for (const { limit, pages } of limitsFor(aim, plan, small, deep)) {
    for (const way of waysOf(plan.contract)) {
      if (limit === plan.limit && way === plan.way) continue
      const start = way === 'before' ? idsOf(reference).at(-1) : undefined
      if (way === 'before' && (start === undefined || pages !== null)) continue
      const whole = limit === null ? plan.maxPages : Math.ceil(rows / limit) + 2
      const maxPages = pages === null ? whole : Math.min(pages, whole)
      const name = `${callJob(job)}, by ${plan.contract[way]}, ${limit ?? 'no'} rows a page`
      const from = start === undefined ? {} : { from: start }
      const made = await walk(recorder, aim, { ...plan, way, limit, maxPages, name, ...from })
      for (const evidence of judgePaging(made)) recorder.book.add(evidence)
      recorder.book.add(judgeSameRows(made, reference))
    }
  }
  if (!deep) return
  await judgeSorts(recorder, aim, plan, reference)
  await judgeFilters(recorder, aim, plan, reference)
  await judgeSelects(recorder, aim, plan, reference)
  await judgeLimits(recorder, aim, pagedRows(aim, plan))
  await judgeRowCursors(recorder, aim, plan, reference, jobs)
}

/** The sizes of pages that a job's rows are walked in. */
interface PageSize {
  readonly limit: number | null
  /** Only so many pages of them; null for all. */
  readonly pages: number | null
}

/** Pages as large as they may be; in small ones all rows, and in the smallest those of the first pages. */
function limitsFor({ judge }: Aim, { operation, contract, limit }: WalkPlan, small: boolean, deep: boolean) {
  const schema = operation.parameters.find(({ name }) => name === contract.limit)?.schema ?? null
  const sizes: PageSize[] = [{ limit, pages: null }]
  if (limit === null || !small) return sizes
  if (deep) for (const tiny of TINY_LIMITS) sizes.push({ limit: tiny, pages: TINY_PAGES })
  sizes.push({ limit: SMALL_LIMIT, pages: null })
  return sizes.filter(({ limit: size }, at) => {
    const isAllowed = schema === null || judge.validator.check(schema, size, 1).length === 0
    return at === 0 || (size !== null && size < limit && isAllowed)
  })
}
