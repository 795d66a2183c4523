/**
 * Walks over lists of jobs by their tokens, and what must hold of the pages of one walk: P01, P02, P05, P06.
 *
 * @module
 */
import type { ListContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { Operation } from '../../openapi/operation.ts'
import { count, show } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName } from '../finding.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { schemaPlace } from '../schema-place.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'
import { isSuccess, remarkOn } from '../view.ts'
import { nothingFor } from './paging.ts'

/** A walk to be made. */
export interface ListPlan {
  readonly operation: Operation
  readonly list: ListContract
  readonly path: Readonly<Record<string, string>>
  /** What it asks for beside limit and token. */
  readonly query: readonly QueryPair[]
  /** Null where the operation has no limit. */
  readonly limit: number | null
  /** Which jobs, for people. */
  readonly name: string
}

/** One page of a list. */
export interface ListPage {
  readonly view: View
  readonly items: readonly Json[]
  readonly total: Json | undefined
  readonly more: Json | undefined
  /** The tokens of the pages beside it; null where there is none. */
  readonly next: string | null
  readonly previous: string | null
}

/** A job of a list, and the page that showed it. */
export interface ListedJob {
  readonly id: string
  readonly item: Json
  readonly page: ListPage
}

/** A walk that was made. */
export interface ListWalk {
  readonly plan: ListPlan
  readonly pages: readonly ListPage[]
  readonly jobs: readonly ListedJob[]
  /** Why it ended before the list did; null where it did not. */
  readonly stopped: string | null
  /** A page whose token leads to a page that was read already. */
  readonly circle: ListPage | null
}

const MOST_PAGES = 60

/** Follows the tokens of a list until there is none. */
export async function walkList(recorder: Recorder, aim: Aim, plan: ListPlan): Promise<ListWalk> {
  const { list } = plan
  const id = contractOf(aim.judge.subject, list.of)?.id ?? '/id'
  const pages: ListPage[] = []
  const jobs: ListedJob[] = []
  let token: string | null = null
  const used = new Set<string>()
  const end = (stopped: string | null, circle: ListPage | null = null): ListWalk => {
    return { plan, pages, jobs, stopped, circle }
  }
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const page = await readListPage(recorder, aim, plan, token, `${plan.name}, page ${number}`)
    if (page === null) return end(`${plan.name}, page ${number} could not be read`)
    pages.push(page)
    for (const item of page.items) jobs.push({ id: String(readPointer(item, id) ?? ''), item, page })
    if (list.token === null) return end(isAnother(page, plan) ? `${plan.name}: ${NO_WAY}` : null)
    if (page.next === null) return end(null)
    if (used.has(page.next)) return end(`${plan.name}: the list goes round in a circle`, page)
    token = page.next
    used.add(token)
  }
  return end(`${plan.name}: the list goes on after ${MOST_PAGES} pages`)
}

const NO_WAY = 'the list goes on, and its job contract names no token that leads there'

/** Says a page that more follow, where a parameter that the job contract does not know may lead there? */
function isAnother({ next, more, total, items }: ListPage, { operation, list }: ListPlan): boolean {
  if (next === null && more !== true && !(typeof total === 'number' && total > items.length)) return false
  const known = [list.limit, list.field, list.order, ...[list.equal, list.from, list.to].flatMap(Object.keys)]
  return operation.parameters.some(({ in: place, name }) => place === 'query' && !known.includes(name))
}

/** Reads the page of a token, the first one where it is null; null where it cannot be read. */
export async function readListPage(
  recorder: Recorder,
  aim: Aim,
  { operation, list, path, limit, ...plan }: ListPlan,
  token: string | null,
  purpose: string,
): Promise<ListPage | null> {
  const query: QueryPair[] = [...plan.query]
  if (limit !== null && list.limit !== null) query.push([list.limit, String(limit)])
  if (token !== null && list.token !== null) query.push([list.token, token])
  const expects = { kind: 'accepted', pointer: operation.pointer } as const
  return listPageOf(await recorder.ask(aimAt(aim, { operation, purpose, path, query, expects })), list)
}

/** The page of a list in a successful answer; null where there is none. */
export function listPageOf(view: View, list: ListContract): ListPage | null {
  const at = (pointer: string | null): Json | undefined =>
    pointer === null ? undefined : readPointer(view.body ?? null, pointer)
  const items = at(list.at)
  if (!isSuccess(view) || !Array.isArray(items)) return null
  const tokenAt = (pointer: string | null): string | null => {
    const value = at(pointer)
    return typeof value === 'string' && value !== '' ? value : null
  }
  const beside = { next: tokenAt(list.next), previous: tokenAt(list.previous) }
  return { view, items: items as readonly Json[], total: at(list.total), more: at(list.more), ...beside }
}

/** Everything that the pages of one walk promise together. */
export function judgeListPages(walk: ListWalk): readonly Evidence[] {
  const { plan, pages } = walk
  const last = pages.at(-1)
  if (last === undefined) return []
  const { operation, list } = plan
  const { total, more, next } = list
  const looks: readonly (readonly [CheckName, Fault | null, missing: string | null])[] = [
    ['P01', wrongTotal(walk, last), total === null ? 'no total is documented' : null],
    ['P02', doubled(walk), null],
    ['P05', wrongPromise(walk), more === null && next === null ? 'nothing says whether jobs follow' : null],
    ['P06', wrongLength(walk), plan.limit === null ? 'no limit is documented' : null],
  ]
  return looks.map(([check, fault, missing]) => {
    if (missing !== null) return nothingFor(operation.id, check, missing)
    const findings = fault === null ? [] : [remarkOn(fault.page.view, remarkOf(walk, check, fault))]
    return { check, operationId: operation.id, exchanges: pages.length, findings, reason: null }
  })
}

/** What is wrong with a page, and where. */
interface Fault {
  readonly page: ListPage
  readonly at: string | null
  readonly message: string
}

function remarkOf({ plan }: ListWalk, check: CheckName, { page, at, message }: Fault) {
  const schema = page.view.media?.schema ?? null
  const { json } = page.view.judge.subject.document
  const place = schema === null || at === null ? {} : { pointer: schemaPlace(json, schema, at) }
  return { check, message: `${plan.name}: ${message}`, at: at ?? '', topic: check, ...place }
}

/** The total is the same on every page, and the number of jobs that a whole walk meets. */
function wrongTotal({ plan, pages, jobs, stopped }: ListWalk, last: ListPage): Fault | null {
  const at = plan.list.total
  const first = pages[0]?.total
  const changed = pages.find(({ total }) => total !== first)
  if (changed !== undefined) {
    const where = `on page ${pages.indexOf(changed) + 1}`
    const message = `${at} is ${show(changed.total)} ${where}, ${show(first)} before`
    return { page: changed, at, message }
  }
  const wrong = stopped === null ? first !== jobs.length : Number(first) < jobs.length
  if (!wrong) return null
  return { page: last, at, message: `${at} is ${show(first)}, but the walk met ${count(jobs.length, 'job')}` }
}

function doubled({ plan, jobs }: ListWalk): Fault | null {
  const met = new Set<string>()
  for (const { id, page } of jobs) {
    if (met.has(id)) return { page, at: plan.list.at, message: `job ${id} stands there twice` }
    met.add(id)
  }
  return null
}

/** A flag and a token promise more exactly while jobs follow. */
function wrongPromise({ plan, pages, stopped, circle }: ListWalk): Fault | null {
  const { more, next } = plan.list
  if (circle !== null) {
    const message = `${next} of page ${pages.indexOf(circle) + 1} leads to a page that was read already`
    return { page: circle, at: next, message }
  }
  // Nobody followed what may lead on.
  if (stopped !== null && plan.list.token === null) return null
  for (const [number, page] of pages.entries()) {
    const following = pages[number + 1]
    const follows = following !== undefined || (stopped !== null && page.next !== null)
    if (more !== null && page.more !== follows) {
      const what = follows ? 'yet a page follows' : 'yet no token leads on'
      return { page, at: more, message: `${more} is ${show(page.more)} on page ${number + 1}, ${what}` }
    }
    if (following !== undefined && following.items.length === 0 && !isInferred(page)) {
      const message = `${next} of page ${number + 1} leads to a page without jobs`
      return { page: following, at: next, message }
    }
  }
  return null
}

/** A token may lead on from a short page and to an empty one, where no contract says otherwise. */
function isInferred({ view }: ListPage): boolean {
  return view.judge.subject.inferred === true
}

/** No page but the last is shorter than its limit; that none is longer one page shows. */
function wrongLength({ plan, pages }: ListWalk): Fault | null {
  const { limit, list } = plan
  const [first] = pages
  if (limit === null || first === undefined || isInferred(first)) return null
  const number = pages.findIndex((page, at) => page.items.length < limit && pages[at + 1] !== undefined)
  const page = pages[number]
  if (page === undefined) return null
  const wanted = `exactly ${count(limit, 'job')}, as a page follows`
  return { page, at: list.at, message: `page ${number + 1} must hold ${wanted}, holds ${page.items.length}` }
}
