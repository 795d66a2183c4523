/**
 * Walks that nobody planned: pages of one query, found among exchanges that were recorded or pass by, and
 * linked where one goes on from the other.
 *
 * @module
 */
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

/** What a query asks for, cursor and page number apart. */
function queryKey({ view, contract: { after, before, page, limit } }: Page): string {
  const own = new Set([after, before, page, limit])
  const rest = [...view.query].filter(([name]) => !own.has(name))
  const size = queryText(view, limit) ?? ''
  const where = view.exchange.request.url.replace(/[?#].*$/s, '')
  return `${view.operation.id} ${where} ${size} ${JSON.stringify(rest.sort())}`
}

function positionOf({ view, contract: { after, before, page } }: Page): string {
  return JSON.stringify([after, before, page].map((name) => queryText(view, name)))
}

/** Does a page begin where the rows begin? */
function isStart({ view, contract: { page, after, before } }: Page): boolean {
  const number = queryText(view, page)
  return (
    [after, before].every((name) => queryText(view, name) === null) && (number === null || number === '1')
  )
}

/** Links pages: the cursor is the row that the page before ended with, or the number is the next one. */
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
  return (
    (['after', 'before', 'page'] as const).find((way) => follower(page, pages, way) !== undefined) ?? null
  )
}

function follower(page: Page, pages: readonly Page[], way: Way): Page | undefined {
  const name = page.contract[way]
  if (name === null) return undefined
  const wanted =
    way === 'page'
      ? String(Number(queryText(page.view, name) ?? '1') + 1)
      : way === 'after'
        ? page.ids.at(-1)
        : page.ids[0]
  return wanted === undefined ? undefined : pages.find(({ view }) => queryText(view, name) === wanted)
}

/** A chain is complete when it begins at the first page and its last page promises no more. */
function toWalk(judge: Judge, pages: readonly Page[], way: Way): Walk {
  const [first] = pages
  if (first === undefined) throw new Error('a chain has a first page')
  const { view, contract } = first
  const size = queryText(view, contract.limit)
  const complete = isStart(first) && way !== 'before' && pages.at(-1)?.more === false
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
