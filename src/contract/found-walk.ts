/**
 * Walks that nobody planned over the rows of a job: its pages, linked where one goes on from the other, and
 * judged as the walk they form.
 *
 * @module
 */
import type { RowsContract } from '../job-contract/job-contract.ts'
import { readPointer } from '../model/pointer.ts'
import type { Evidence } from './evidence.ts'
import { pathOf } from './exchange.ts'
import type { FoundPages } from './found-pages.ts'
import {
  askerOf,
  asksElsewhere,
  createPageGroups,
  isMovingWord,
  queryKey,
  remember,
  WAYS,
} from './found-pages.ts'
import { judgePaging } from './invariant/paging.ts'
import { judgeBoundaries } from './invariant/sorting.ts'
import type { Walk, Way } from './invariant/walk.ts'
import { kindOf } from './job/kind.ts'
import type { Page } from './row/page.ts'
import { pageOf } from './row/page.ts'
import type { Judge } from './subject.ts'
import type { View } from './view.ts'
import { queryText } from './view.ts'

/** How many jobs are known to move, or not to. */
const MOST_JOBS = 10_000

/** Opens an empty collection of the pages of rows. */
export function createFoundRows(judge: Judge): FoundPages {
  const groups = createPageGroups<FoundPage>()
  const moving = new Map<string, Known>()
  let count = 0

  return {
    add(view) {
      const who = askerOf(judge, view)
      const id = view.contract?.job == null ? '' : (view.path[view.contract.job] ?? '')
      const job = `${who} ${kindOf(judge.subject, view.operation)} ${id}`
      const moves = isMoving(view)
      const known = movedTo(moves, moving.get(job))
      if (moves !== null) remember(moving, job, known, MOST_JOBS)
      const page = pageOf(view)
      if (page === null || known.moves === true) return null
      const key = `${who} ${known.turn} ${queryKey({ view, positions: positionsIn(page.contract) })}`
      count += 1
      groups.put(key, positionOf(page), { ...page, count, still: known.moves === false })
      return key
    },
    judge: (key) => chainsOf(judge, groups.pagesOf(key)).flatMap(judgeWalk),
    keys: () => groups.keys(),
  }
}

/** A page, when it was met, and whether its job was known to stand still then. */
interface FoundPage extends Page {
  readonly count: number
  readonly still: boolean
}

/** Does a job move, as far as is known, and how often has it begun to? */
interface Known {
  readonly moves: boolean | null
  readonly turn: number
}

function movedTo(moves: boolean | null, before: Known = { moves: null, turn: 0 }): Known {
  if (moves === null) return before
  return { moves, turn: moves && before.moves !== true ? before.turn + 1 : before.turn }
}

function judgeWalk(walk: Walk): readonly Evidence[] {
  return [...judgePaging(walk), judgeBoundaries(walk, null)]
}

/** Does the answer say that its job has not ended? Null where it says nothing of it. */
function isMoving({ judge, contract, body }: View): boolean | null {
  if (contract?.state == null || body === undefined) return null
  return isMovingWord(judge, readPointer(body, contract.state))
}

/** The parameters that say where a page begins. */
function positionsIn(contract: RowsContract): readonly (string | null)[] {
  return WAYS.map((way) => contract[way])
}

function positionOf({ view, contract }: Page): string {
  return JSON.stringify(positionsIn(contract).map((name) => queryText(view, name)))
}

/** Does a page begin where the rows begin? What asks in a way that the job contract does not know may not. */
function isStart({ view, contract }: Page): boolean {
  const textOf = (way: Way): string | null => queryText(view, contract[way])
  if (asksElsewhere(view, positionsIn(contract))) return false
  if (['after', 'before', 'token'].some((way) => textOf(way as Way) !== null)) return false
  return /^0*$/.test(textOf('offset') ?? '') && firstOr(contract, textOf('page')) === contract.firstPage
}

function firstOr({ firstPage }: RowsContract, text: string | null): number {
  return text === null ? firstPage : Number(text)
}

/** Links pages: one begins where the page before says or shows that it ends, or has the next number. */
function chainsOf(judge: Judge, pages: readonly FoundPage[]): readonly Walk[] {
  const walks: Walk[] = []
  const used = new Set<FoundPage>()
  for (const page of [...pages].sort((a, b) => Number(isStart(b)) - Number(isStart(a)))) {
    if (used.has(page)) continue
    const way = wayOf(page, pages)
    const chain = [page]
    for (let next = way === null ? undefined : follower(page, pages, way); next !== undefined; ) {
      if (used.has(next) || chain.includes(next)) break
      chain.push(next)
      next = way === null ? undefined : follower(next, pages, way)
    }
    for (const each of chain) used.add(each)
    walks.push(toWalk(judge, chain, way ?? 'after'))
  }
  return walks
}

function wayOf(page: FoundPage, pages: readonly FoundPage[]): Way | null {
  return WAYS.find((way) => follower(page, pages, way) !== undefined) ?? null
}

function follower(page: FoundPage, pages: readonly FoundPage[], way: Way): FoundPage | undefined {
  const name = page.contract[way]
  if (name === null) return undefined
  for (const wanted of positionsAfter(page, way)) {
    const found = pages.find((each) => each !== page && queryText(each.view, name) === wanted)
    if (found !== undefined) return hasGrown(page, found) ? undefined : found
  }
  return undefined
}

/**
 * Were rows added between two pages? A job that is not known to stand still may add some at any time: a
 * total that is larger later shows it, or, where there is none, a last page that is followed after all.
 */
function hasGrown(page: FoundPage, next: FoundPage): boolean {
  if (page.still && next.still) return false
  const [earlier, later] = page.count < next.count ? [page, next] : [next, page]
  if (earlier.total !== null && later.total !== null) return later.total > earlier.total
  const size = Number(queryText(page.view, page.contract.limit) ?? Number.NaN)
  return page.more === null ? page.next === null && page.rows.length < size : !page.more
}

/** Where the page behind one may begin, the surest first. */
function positionsAfter({ view, contract, ids, rows, next }: Page, way: Way): readonly string[] {
  const text = queryText(view, contract[way])
  switch (way) {
    case 'after':
      return ids.slice(-1)
    case 'before':
      return ids.slice(0, 1)
    case 'token':
      return next === null ? [] : [next]
    case 'page':
      return [String(firstOr(contract, text) + 1)]
    case 'offset': {
      // A page that is too short is followed by the one behind its limit, where that was asked for.
      const steps = [rows.length, Number(queryText(view, contract.limit) ?? 0)].filter((step) => step > 0)
      return steps.map((step) => String(Number(text ?? '0') + step))
    }
  }
}

/** Does a page say that no row follows, by flag or, where there is none, by the token that it lacks? */
function endsWith(page: Page | undefined): boolean {
  if (page === undefined) return false
  return page.more === null ? page.contract.next !== null && page.next === null : !page.more
}

/** A chain is complete when it begins at the first page and its last page promises no more. */
function toWalk(judge: Judge, pages: readonly Page[], way: Way): Walk {
  const [first] = pages
  if (first === undefined) throw new Error('a chain has a first page')
  const { view, contract } = first
  const size = queryText(view, contract.limit)
  const complete = isStart(first) && way !== 'before' && endsWith(pages.at(-1))
  const name = `recorded pages of ${pathOf(view.exchange.request.url)}`
  return {
    plan: {
      operation: judge.operations.get(view.operation.id) ?? view.operation,
      contract,
      path: view.path,
      query: [],
      way,
      limit: size === null || !/^\d+$/.test(size) ? null : Number(size),
      maxPages: pages.length,
      name,
    },
    pages,
    complete,
    stopped: complete ? null : 'only recorded pages',
  }
}
