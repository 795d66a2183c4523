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
  readonly jobs: number
  readonly total: Json | undefined
  readonly more: Json | undefined
  /** The token of the next page; null where there is none. */
  readonly next: string | null
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
}

const MOST_PAGES = 60

/** Follows the tokens of a list until there is none. */
export async function walkList(recorder: Recorder, aim: Aim, plan: ListPlan): Promise<ListWalk> {
  const { operation, list, path } = plan
  const id = contractOf(aim.judge.subject, list.of)?.id ?? '/id'
  const pages: ListPage[] = []
  const jobs: ListedJob[] = []
  let token: string | null = null
  const end = (stopped: string | null): ListWalk => ({ plan, pages, jobs, stopped })
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const query: QueryPair[] = [...plan.query]
    if (plan.limit !== null && list.limit !== null) query.push([list.limit, String(plan.limit)])
    if (token !== null && list.token !== null) query.push([list.token, token])
    const purpose = `${plan.name}, page ${number}`
    const expects = { kind: 'accepted', pointer: operation.pointer } as const
    const view = await recorder.ask(aimAt(aim, { operation, purpose, path, query, expects }))
    const items = view.body === undefined ? undefined : readPointer(view.body, list.at)
    if (!isSuccess(view) || !Array.isArray(items)) return end(`${purpose} could not be read`)
    const page = pageOf(view, list, items.length)
    pages.push(page)
    for (const item of items as readonly Json[]) {
      jobs.push({ id: String(readPointer(item, id) ?? ''), item, page })
    }
    if (page.next === null || list.token === null || page.next === token) return end(null)
    token = page.next
  }
  return end(`${plan.name}: the list goes on after ${MOST_PAGES} pages`)
}

function pageOf(view: View, list: ListContract, jobs: number): ListPage {
  const at = (pointer: string | null): Json | undefined =>
    pointer === null ? undefined : readPointer(view.body ?? null, pointer)
  const next = at(list.next)
  const token = typeof next === 'string' && next !== '' ? next : null
  return { view, jobs, total: at(list.total), more: at(list.more), next: token }
}

/** Everything that the pages of one walk promise. */
export function judgeListPages(recorder: Recorder, walk: ListWalk): void {
  const { plan, pages } = walk
  const last = pages.at(-1)
  if (last === undefined) return
  const { operation, list } = plan
  const { total, more, next } = list
  const looks: readonly (readonly [CheckName, Fault | null, missing: string | null])[] = [
    ['P01', wrongTotal(walk, last), total === null ? 'no total is documented' : null],
    ['P02', doubled(walk), null],
    ['P05', wrongPromise(walk), more === null && next === null ? 'nothing says whether jobs follow' : null],
    ['P06', wrongLength(walk), plan.limit === null ? 'no limit is documented' : null],
  ]
  for (const [check, fault, missing] of looks) {
    const findings = fault === null ? [] : [remarkOn(fault.page.view, remarkOf(walk, check, fault))]
    const entry = { check, operationId: operation.id, exchanges: pages.length, findings, reason: null }
    recorder.book.add(missing === null ? entry : nothingFor(operation.id, check, missing))
  }
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
function wrongPromise({ plan, pages, stopped }: ListWalk): Fault | null {
  const { more, next } = plan.list
  for (const [number, page] of pages.entries()) {
    const following = pages[number + 1]
    const follows = following !== undefined || (stopped !== null && page.next !== null)
    if (more !== null && page.more !== follows) {
      const what = follows ? 'yet a page follows' : 'yet no token leads on'
      return { page, at: more, message: `${more} is ${show(page.more)} on page ${number + 1}, ${what}` }
    }
    if (following !== undefined && following.jobs === 0) {
      const message = `${next} of page ${number + 1} leads to a page without jobs`
      return { page: following, at: next, message }
    }
  }
  return null
}

/** No page is longer than its limit, none but the last shorter; the limit that is told is the one asked. */
function wrongLength({ plan, pages }: ListWalk): Fault | null {
  const { limit, list } = plan
  if (limit === null) return null
  for (const [number, page] of pages.entries()) {
    const followed = pages[number + 1] !== undefined
    if (page.jobs > limit || (page.jobs < limit && followed)) {
      const wanted = `${followed ? 'exactly' : 'at most'} ${count(limit, 'job')}`
      const message = `page ${number + 1} must hold ${wanted}, holds ${page.jobs}`
      return { page, at: list.at, message }
    }
    const told: Json | undefined = list.echo === null ? limit : readPointer(page.view.body ?? null, list.echo)
    if (told !== limit) {
      return { page, at: list.echo, message: `${list.echo} is ${show(told)} where ${limit} was asked for` }
    }
  }
  return null
}
