/**
 * The cursors of a job's rows, spoilt and used for what they do not belong to: P07 and P08 over rows.
 *
 * @module
 */
import type { Aim, QueryPair } from '../plan/aim.ts'
import { pathFor } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, standsStill } from '../plan/job-ref.ts'
import { allowedTexts } from '../plan/violation.ts'
import type { Recorder } from '../recorder.ts'
import { valueAt, writeCondition } from '../row/filter.ts'
import type { Cursor, Foreign } from './cursors.ts'
import { judgeForeign, judgeSpoilt } from './cursors.ts'
import { pagedRows } from './paged.ts'
import { nothingFor } from './paging.ts'
import type { Walk, WalkPlan } from './walk.ts'
import { idsOf, walk } from './walk.ts'

/** Rows on the pages that give the cursors. */
const LIMIT = 3

/** Asks for rows by cursors that are none, or are another query's. */
export async function judgeRowCursors(
  recorder: Recorder,
  aim: Aim,
  base: WalkPlan,
  reference: Walk,
  jobs: readonly JobRef[],
): Promise<void> {
  const { operation, contract } = base
  const limit = base.limit === null ? null : Math.min(LIMIT, base.limit)
  const plan: WalkPlan = { ...base, limit, maxPages: 1 }
  const ids = idsOf(reference)
  const given = ['after', 'before', 'token'] as const
  const ways = given.filter((way) => contract[way] !== null && (way !== 'token' || contract.next !== null))
  if (ways.length === 0) return skip(recorder, operation.id, 'no cursor is documented')
  const start = await walk(recorder, aim, { ...plan, way: ways.includes('token') ? 'token' : base.way })
  const [first] = start.pages
  const middle = ids[Math.floor(ids.length / 2)]
  for (const way of ways) {
    const text = way === 'token' ? (first?.next ?? undefined) : middle
    if (first === undefined || text === undefined || ids.length < 2) {
      skip(recorder, operation.id, `${base.name}: no cursor was given`)
      continue
    }
    const known = way === 'token' ? null : new Set(ids)
    const cursor: Cursor = { parameter: contract[way] ?? '', text, known }
    const paged = pagedRows(aim, plan)
    await judgeSpoilt(recorder, aim, paged, cursor, first.rows)
    const queries = [
      ...(way === 'token' ? otherQueries(aim, plan, reference) : []),
      ...otherJob(aim, plan, jobs),
    ]
    await judgeForeign(recorder, aim, paged, cursor, queries)
  }
}

function skip(recorder: Recorder, operationId: string, reason: string): void {
  for (const check of ['P07', 'P08'] as const) recorder.book.add(nothingFor(operationId, check, reason))
}

/** The rows of another job; a cursor holds for one job alone. */
function otherJob(aim: Aim, { operation, path }: WalkPlan, jobs: readonly JobRef[]): readonly Foreign[] {
  const own = Object.values(path)
  const others = jobs.filter((job) => !own.includes(job.id) && standsStill(job) && job.state === 'succeeded')
  return others.slice(0, 1).map((job) => {
    return { what: `the rows of ${callJob(job)}`, query: [], path: pathFor(aim, operation, job) }
  })
}

/** A filter and an order that the token was not given for. */
function otherQueries(aim: Aim, { operation, contract }: WalkPlan, reference: Walk): readonly Foreign[] {
  const pairs: QueryPair[] = []
  const [row] = reference.pages[0]?.rows ?? []
  const { filter, sort, id } = contract
  if (filter !== null && id !== null && row !== undefined) {
    const condition = writeCondition(id, valueAt(row, [id]))
    if (condition !== null) pairs.push([filter.parameter, condition])
  }
  for (const name of sort === null ? [] : [sort.order, sort.field]) {
    const parameter = operation.parameters.find((each) => each.name === name)
    const texts = parameter === undefined ? [] : allowedTexts(aim.judge, parameter)
    const other = texts.find((text) => text !== String(parameter?.default))
    if (parameter?.default !== undefined && other !== undefined) pairs.push([name, other])
  }
  return pairs.map(([name, text]) => ({ what: `${name}=${text}`, query: [[name, text]] }))
}
