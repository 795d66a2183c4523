/**
 * Walks: pages of one query fetched one after the other, by cursor, token, offset or number, until the rows
 * end. What must hold of the pages is judged elsewhere in this folder; this file only fetches.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt, requiredQuery } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import type { Page } from '../row/page.ts'
import { pageOf, parameterOf } from '../row/page.ts'

/** How a walk goes from page to page. */
export type Way = 'after' | 'before' | 'page' | 'token' | 'offset'

/** A walk to be made. */
export interface WalkPlan {
  readonly operation: Operation
  readonly contract: RowsContract
  readonly path: Readonly<Record<string, string>>
  /** What it asks for beside limit, cursor and page number. */
  readonly query: readonly QueryPair[]
  readonly way: Way
  /** Null where the operation has no limit. */
  readonly limit: number | null
  /** The row that a walk by `before` starts from. */
  readonly from?: string
  readonly maxPages: number
  /** Whose rows and why, for people. */
  readonly name: string
}

/** A walk that was made. */
export interface Walk {
  readonly plan: WalkPlan
  readonly pages: readonly Page[]
  /** It was followed until no row was left. */
  readonly complete: boolean
  /** Why it ended before; null where it did not. */
  readonly stopped: string | null
  /** The last page's token leads to a page that was read already. */
  readonly circle?: true
}

/** Fetches the pages of a walk. */
export async function walk(recorder: Recorder, aim: Aim, plan: WalkPlan): Promise<Walk> {
  const pages: Page[] = []
  let cursor = plan.from ?? null
  let seen = plan.from === undefined ? 0 : 1
  const used = new Set<string>()
  const end = (complete: boolean, stopped: string | null): Walk => ({ plan, pages, complete, stopped })
  for (let number = 1; number <= plan.maxPages; number += 1) {
    const page = await fetchPage(recorder, aim, plan, cursor, number)
    if (page === null) return end(false, `${plan.name}: page ${number} could not be read`)
    pages.push(page)
    seen += page.rows.length
    if (isLast(plan, page, seen)) return end(true, null)
    cursor = nextCursor(plan, page, seen)
    if (cursor === null && plan.way !== 'page') {
      return end(false, `${plan.name}: the rows have no ids to go on from`)
    }
    if (plan.way !== 'token') continue
    if (used.has(cursor ?? ''))
      return { ...end(false, `${plan.name}: the pages go in a circle`), circle: true }
    used.add(cursor ?? '')
  }
  return end(false, null)
}

/** Tokens say themselves where the rows end; else an empty page does, or a total that was met. */
function isLast({ way }: WalkPlan, { rows, total, more, next }: Page, seen: number): boolean {
  if (way === 'token') return next === null
  return rows.length === 0 || (total !== null && seen === total && more !== true)
}

function nextCursor({ way }: WalkPlan, { ids, next }: Page, seen: number): string | null {
  if (way === 'page') return null
  if (way === 'token') return next
  if (way === 'offset') return String(seen)
  return (way === 'after' ? ids.at(-1) : ids[0]) ?? null
}

async function fetchPage(
  recorder: Recorder,
  aim: Aim,
  plan: WalkPlan,
  cursor: string | null,
  number: number,
): Promise<Page | null> {
  const { contract, operation, way, limit } = plan
  const key = contract[way]
  const position = way === 'page' ? String(contract.firstPage + number - 1) : cursor
  const query: QueryPair[] = [...requiredQuery(aim, operation), ...plan.query]
  if (limit !== null && contract.limit !== null) query.push([contract.limit, String(limit)])
  if (key !== null && position !== null) query.push([key, position])
  const parameter = operation.parameters.find(({ name }) => name === (query.at(-1)?.[0] ?? ''))
  const view = await recorder.ask(
    aimAt(aim, {
      operation,
      purpose: `${plan.name}, page ${number}`,
      path: plan.path,
      query,
      expects: { kind: 'accepted', pointer: parameter?.pointer ?? operation.pointer },
    }),
  )
  return pageOf(view)
}

/** The parameter that a walk goes by, in the document. */
export function wayPointer({ plan, pages }: Walk): string {
  const [first] = pages
  const pointer = first === undefined ? undefined : parameterOf(first.view, plan.contract[plan.way])?.pointer
  return pointer ?? plan.operation.pointer
}

/** The ids of a walk in the order of the rows, whichever way it went. */
export function idsOf({ plan, pages }: Walk): readonly string[] {
  if (plan.way !== 'before') return pages.flatMap(({ ids }) => ids)
  return [...[...pages].reverse().flatMap(({ ids }) => ids), ...(plan.from === undefined ? [] : [plan.from])]
}
