/**
 * Walks that nobody planned: pages of one query, found among exchanges that were recorded or pass by, and
 * linked where one goes on from the other.
 *
 * @module
 */
import { NAMES, snake } from '../job-contract/infer/words.ts'
import type { RowsContract } from '../job-contract/job-contract.ts'
import { TERMINAL_STATES } from '../model/job.ts'
import { readPointer } from '../model/pointer.ts'
import { pathOf } from './exchange.ts'
import type { Walk, Way } from './invariant/walk.ts'
import { credentialNames } from './plan/aim.ts'
import type { Page } from './row/page.ts'
import { pageOf } from './row/page.ts'
import type { Judge } from './subject.ts'
import type { View } from './view.ts'
import { queryText } from './view.ts'

/** Pages that belong to one query, as they are met. */
export interface FoundPages {
  /** Puts a page to those of its query; null where the view is no page, or one of a job that still moves. */
  add(view: View): string | null
  /** The walks that the pages of a query form. */
  walksOf(key: string): readonly Walk[]
  /** Every query that pages were met of. */
  keys(): readonly string[]
}

/** Above these the oldest are forgotten, so that hours of traffic are judged in the memory of minutes. */
const MOST_PAGES = 100
const MOST_QUERIES = 300
const MOST_JOBS = 10_000

/** How a page is told from those beside it, the surest first. */
const WAYS = ['token', 'after', 'offset', 'page', 'before'] as const satisfies readonly Way[]
const WAY_NAMES: ReadonlySet<string> = new Set(WAYS.flatMap((way) => NAMES[way]))

/** Opens an empty collection of pages. */
export function createFoundPages(judge: Judge): FoundPages {
  const groups = new Map<string, Map<string, Page>>()
  const moving = new Map<string, boolean>()

  return {
    add(view) {
      const who = askerOf(judge, view)
      const job = `${who} ${view.contract?.job == null ? '' : (view.path[view.contract.job] ?? '')}`
      const moves = isMoving(view)
      if (moves !== null) remember(moving, job, moves, MOST_JOBS)
      const page = pageOf(view)
      if (page === null || (moves ?? moving.get(job) ?? false)) return null
      const key = `${who} ${queryKey(page)}`
      const group = groups.get(key) ?? new Map<string, Page>()
      remember(groups, key, group, MOST_QUERIES)
      remember(group, positionOf(page), page, MOST_PAGES)
      return key
    },
    walksOf: (key) => chainsOf(judge, [...(groups.get(key)?.values() ?? [])]),
    keys: () => [...groups.keys()],
  }
}

const SANDBOX = 'standin-sandbox'

/** Who asks, by the credentials and the sandbox that a request names. */
export function askerOf({ subject }: Judge, { exchange }: View): string {
  const names = credentialNames(subject)
  const own = Object.entries(exchange.request.headers).filter(([name]) => names.has(name) || name === SANDBOX)
  return JSON.stringify(own.sort())
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > most && oldest !== undefined) map.delete(oldest)
}

/** Does the answer say that its job has not ended? Null where it says nothing of it. */
function isMoving({ judge, contract, body }: View): boolean | null {
  const word = contract?.state == null || body === undefined ? undefined : readPointer(body, contract.state)
  if (typeof word !== 'string') return null
  const { states = {}, synonyms = {} } = judge.subject.contract ?? {}
  const named = Object.entries(states).flatMap(([state, own]) => (own === word ? [state] : []))
  const readings = [...named, ...(Object.hasOwn(synonyms, word) ? [synonyms[word]] : [])]
  if (readings.length === 0) return null
  return readings.some((state) => !(TERMINAL_STATES as readonly unknown[]).includes(state))
}

/** What a query asks for, apart from where its page begins. */
function queryKey({ view, contract }: Page): string {
  const { limit } = contract
  const own = new Set([limit, ...WAYS.map((way) => contract[way])])
  const rest = [...view.query].filter(([name]) => !own.has(name))
  const size = queryText(view, limit) ?? ''
  const where = view.exchange.request.url.replace(/[?#].*$/s, '')
  return `${view.operation.id} ${where} ${size} ${JSON.stringify(rest.sort())}`
}

function positionOf({ view, contract }: Page): string {
  return JSON.stringify(WAYS.map((way) => queryText(view, contract[way])))
}

/** Does a page begin where the rows begin? What asks in a way that the job contract does not know may not. */
function isStart({ view, contract }: Page): boolean {
  const textOf = (way: Way): string | null => queryText(view, contract[way])
  if ([...view.query.keys()].some((name) => WAY_NAMES.has(snake(name)) && !isOwn(contract, name)))
    return false
  if (['after', 'before', 'token'].some((way) => textOf(way as Way) !== null)) return false
  return /^0*$/.test(textOf('offset') ?? '') && (textOf('page') ?? '1') === '1'
}

function isOwn(contract: RowsContract, name: string): boolean {
  return WAYS.some((way) => contract[way] === name)
}

/** Links pages: one begins where the page before says or shows that it ends, or has the next number. */
function chainsOf(judge: Judge, pages: readonly Page[]): readonly Walk[] {
  const walks: Walk[] = []
  const used = new Set<Page>()
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

function wayOf(page: Page, pages: readonly Page[]): Way | null {
  return WAYS.find((way) => follower(page, pages, way) !== undefined) ?? null
}

function follower(page: Page, pages: readonly Page[], way: Way): Page | undefined {
  const name = page.contract[way]
  if (name === null) return undefined
  for (const wanted of positionsAfter(page, way)) {
    const found = pages.find((each) => each !== page && queryText(each.view, name) === wanted)
    if (found !== undefined) return found
  }
  return undefined
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
      return [String(Number(text ?? '1') + 1)]
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
