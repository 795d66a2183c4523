/**
 * Smaller findings: a fault of a page or of a walk is asked for with smaller limits, from the smallest, and
 * told of by the first that shows it still. Only reads are repeated, and only so many.
 *
 * @module
 */
import type { Engine } from './engine.ts'
import type { Exchange } from './exchange.ts'
import { queryOf } from './exchange.ts'
import type { Finding } from './finding.ts'
import { judgePaging } from './invariant/paging.ts'
import { waysOf } from './invariant/rows.ts'
import { judgeBoundaries } from './invariant/sorting.ts'
import type { WalkPlan } from './invariant/walk.ts'
import { walk } from './invariant/walk.ts'
import type { Aim, QueryPair } from './plan/aim.ts'
import { requiredQuery } from './plan/aim.ts'
import { caseOf, findIn, isShownByOne } from './second-look.ts'
import { contractOf } from './subject.ts'
import { createView } from './view.ts'

/** Limits to try, the smallest first. */
const LIMITS = [1, 2, 3, 5, 10] as const
/** Pages of a walk by a smaller limit. */
const MOST_PAGES = 12

/** What may still be asked; it shrinks as it is used. */
export interface Budget {
  exchanges: number
}

/** The finding as it is shown by the smallest limit; the same where none is smaller. */
export async function minimise(engine: Engine, aim: Aim, finding: Finding, budget: Budget): Promise<Finding> {
  const last = finding.exchanges.at(-1)
  const contract = contractOf(aim.judge.subject, finding.operationId)
  const parameter = contract?.rows?.limit ?? contract?.list?.limit ?? null
  if (last === undefined || last.request.method !== 'GET' || parameter === null) return finding
  const current = limitOf(last, parameter)
  for (const limit of LIMITS) {
    if (limit >= current) break
    const smaller =
      (await byOne(engine, finding, last, parameter, limit, budget)) ??
      (await byWalk(engine, aim, finding, last, limit, budget))
    if (smaller !== null) return { ...smaller, count: finding.count }
  }
  return finding
}

/** The limit of a request; no limit is more than any. */
function limitOf({ request }: Exchange, parameter: string): number {
  const text = pairsOf(request.url).find(([name]) => name === parameter)?.[1] ?? ''
  return /^\d+$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY
}

function pairsOf(url: string): readonly QueryPair[] {
  return [...new URLSearchParams(queryOf(url))]
}

async function byOne(
  engine: Engine,
  finding: Finding,
  last: Exchange,
  parameter: string,
  limit: number,
  budget: Budget,
): Promise<Finding | null> {
  if (!isShownByOne(finding) || budget.exchanges < 1) return null
  const url = new URL(last.request.url)
  url.searchParams.set(parameter, String(limit))
  const request = { ...last.request, url: url.href }
  const purpose = `${last.purpose}, with ${parameter}=${limit}`
  const planned = caseOf({ ...last, request, purpose })
  const { book, views } = await engine.again(
    (recorder) => recorder.ask(planned),
    () => false,
  )
  budget.exchanges -= views.length
  return findIn(book, finding)
}

async function byWalk(
  engine: Engine,
  aim: Aim,
  finding: Finding,
  last: Exchange,
  limit: number,
  budget: Budget,
): Promise<Finding | null> {
  const plan = planOf(aim, finding, last, limit)
  if (plan === null || budget.exchanges < 1) return null
  const most = budget.exchanges
  const { book, views } = await engine.again(
    async (recorder) => {
      const made = await walk(recorder, aim, plan)
      for (const evidence of judgePaging(made)) recorder.book.add(evidence)
      recorder.book.add(judgeBoundaries(made, null))
    },
    (_, asked) => asked >= most,
  )
  budget.exchanges -= views.length
  return findIn(book, finding)
}

/** The walk that an exchange was a page of, by another limit. */
function planOf(aim: Aim, finding: Finding, last: Exchange, limit: number): WalkPlan | null {
  const { judge } = aim
  const operation = judge.operations.get(finding.operationId)
  const contract = contractOf(judge.subject, finding.operationId)?.rows ?? null
  if (operation === undefined || contract === null || isShownByOne(finding)) return null
  const { path } = createView(judge, operation, last)
  const pairs = pairsOf(last.request.url)
  const own = new Set([contract.limit, ...waysOf(contract).map((way) => contract[way])])
  const carried = waysOf(contract).find((way) => pairs.some(([name]) => name === contract[way]))
  const way = carried ?? waysOf(contract)[0]
  if (way === undefined || way === 'before') return null
  const added = new Set([...aim.query, ...requiredQuery(aim, operation)].map(([name]) => name))
  const query = pairs.filter(([name]) => !own.has(name) && !added.has(name))
  const name = `${last.purpose.replace(/, page \d+$/, '')}, ${limit} a page`
  return { operation, contract, path, query, way, limit, maxPages: MOST_PAGES, name }
}
