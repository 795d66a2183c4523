/**
 * Lists of jobs asked with their parameters: F01 for filters, by themselves, together and as a partition; S01
 * and S02 for orders; P07 to P09 for limits and tokens.
 *
 * @module
 */

import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { meets } from '../check/list-page.ts'
import { cut, either, show } from '../display.ts'
import { compareScalars } from '../operand.ts'
import type { QueryPair } from '../plan/aim.ts'
import { allowedTexts } from '../plan/violation.ts'
import { contractOf } from '../subject.ts'
import type { Foreign } from './cursors.ts'
import { judgeForeign, judgeSpoilt } from './cursors.ts'
import { judgeLimits } from './limits.ts'
import type { ListWalk } from './list-walk.ts'
import { readListPage, walkList } from './list-walk.ts'
import type { Listed } from './listed.ts'
import { judgePages, note, remark } from './listed.ts'
import { pagedJobs } from './paged.ts'
import { nothingFor } from './paging.ts'

/** Values that a filter is asked with. */
const SAMPLE = 8

/** What a parameter asks of a job, for texts that some job of the list can be asked by. */
interface Filter {
  readonly kind: 'equal' | 'from' | 'to'
  readonly parameter: string
  readonly at: string
  readonly texts: readonly string[]
  /** Documented words that no job of the list was seen with. */
  readonly unseen: readonly string[]
}

function filtersOf({ aim }: Listed, { plan, jobs }: ListWalk): readonly Filter[] {
  const valuesAt = (at: string): readonly string[] => {
    const values = jobs.map(({ item }) => readPointer(item, at)).filter((value) => value != null)
    return [...new Set(values.filter((value) => isScalar(value as Json)).map(String))]
  }
  const bound = (at: string): readonly string[] => {
    const sorted = [...valuesAt(at)].sort((a, b) => compareScalars(a, b) ?? 0)
    return sorted.slice(Math.floor(sorted.length / 2)).slice(0, 1)
  }
  return (['equal', 'from', 'to'] as const).flatMap((kind) =>
    Object.entries(plan.list[kind]).map(([name, at]) => {
      const parameter = plan.operation.parameters.find((each) => each.name === name)
      const words = kind !== 'equal' || parameter === undefined ? [] : allowedTexts(aim.judge, parameter)
      const seen = kind === 'equal' ? valuesAt(at) : bound(at)
      const unseen = words.filter((word) => !seen.some((text) => text.toLowerCase() === word.toLowerCase()))
      return { kind, parameter: name, at, texts: seen.slice(0, SAMPLE), unseen: unseen.slice(0, SAMPLE) }
    }),
  )
}

/** A filter loses no job that meets it; that it lets no other through each page shows. */
export async function judgeListFilters(listed: Listed): Promise<void> {
  const { reference } = listed
  const filters = filtersOf(listed, reference)
  for (const filter of filters) {
    for (const text of [...filter.texts, ...filter.unseen]) {
      await judgeFiltered(listed, [[filter, text]])
    }
    await judgePartition(listed, filter)
  }
  // What several ask together is what each of them asks.
  const asked = filters.filter(({ texts }) => texts.length > 0)
  for (const [at, filter] of asked.entries()) {
    const other = asked[at + 1]
    const [text, second] = [filter.texts[0], other?.texts.at(-1)]
    if (other === undefined || text === undefined || second === undefined) continue
    await judgeFiltered(listed, [
      [filter, text],
      [other, second],
    ])
  }
}

async function judgeFiltered(listed: Listed, asked: readonly (readonly [Filter, string])[]): Promise<void> {
  const { recorder, aim, reference } = listed
  const { plan, jobs } = reference
  const pairs = asked.map(([{ parameter }, text]): QueryPair => [parameter, text])
  const name = `jobs with ${pairs.map(([parameter, text]) => `${parameter}=${text}`).join(' and ')}`
  const walk = await walkList(recorder, aim, { ...plan, query: [...plan.query, ...pairs], name })
  await judgePages(listed, walk)
  if (walk.stopped !== null) return
  const found = new Set(walk.jobs.map(({ id }) => id))
  const lost = jobs.find(
    ({ id, item }) => !found.has(id) && asked.every(([{ kind, at }, text]) => meets(kind, item, at, [text])),
  )
  const values = asked.map(([{ at }]) => `${at} is ${show(readPointer(lost?.item ?? null, at))}`)
  const message = `job ${lost?.id}, whose ${either(values, 'and')}, is missing`
  const topic = `${pairs.map(([parameter]) => parameter).join(' ')} lost`
  const pointer = plan.operation.parameters.find(({ name: own }) => own === pairs[0]?.[0])?.pointer
  const what = {
    check: 'F01',
    message,
    at: plan.list.at,
    topic,
    ...(pointer === undefined ? {} : { pointer }),
  } as const
  await note(listed, walk, 'F01', lost === undefined ? [] : remark(walk, reference, what))
}

/** The totals of all documented words add up to the jobs that have one of them. */
async function judgePartition(listed: Listed, { kind, parameter, at, texts, unseen }: Filter): Promise<void> {
  const { recorder, aim, reference } = listed
  const { plan, jobs } = reference
  const own = plan.operation.parameters.find(({ name }) => name === parameter)
  const words = own === undefined || kind !== 'equal' ? [] : allowedTexts(aim.judge, own)
  const covered = words.length > 1 && texts.every((text) => words.includes(text))
  if (plan.list.total === null || !covered || words.length > texts.length + unseen.length) return
  let sum = 0
  for (const word of words) {
    const query = [...plan.query, [parameter, word] as const]
    const name = `jobs with ${parameter}=${word}`
    const page = await readListPage(recorder, aim, { ...plan, query, name }, null, `${name}, to add up`)
    if (typeof page?.total !== 'number') return
    sum += page.total
  }
  const wanted = jobs.filter(({ item }) => readPointer(item, at) != null).length
  const message = `${plan.list.total} of all ${parameter} add up to ${sum}, but ${wanted} jobs have one`
  const pointer = own?.pointer ?? plan.operation.pointer
  const what = { check: 'F01', message, at: plan.list.total, topic: `${parameter} sum`, pointer } as const
  await note(listed, reference, 'F01', sum === wanted ? [] : remark(reference, reference, what))
}

/** Sorted by each member that can be named, both ways; whether a page is sorted the page itself shows. */
export async function judgeListOrders(listed: Listed): Promise<void> {
  const { recorder, aim, reference } = listed
  const { plan } = reference
  const { field, order } = plan.list
  const textsOf = (name: string | null): readonly string[] => {
    const parameter = plan.operation.parameters.find((each) => each.name === name)
    return parameter === undefined ? [] : allowedTexts(aim.judge, parameter)
  }
  const members = field === null ? (order === null ? [] : [null]) : textsOf(field)
  if (order === null) recorder.book.add(nothingFor(plan.operation.id, 'S02', 'no direction is documented'))
  for (const member of members) {
    const walks: ListWalk[] = []
    for (const way of order === null ? [''] : textsOf(order)) {
      const query = [...plan.query, ...(field === null || member === null ? [] : [[field, member] as const])]
      const full = order === null ? query : [...query, [order, way] as const]
      const name = `jobs by ${member ?? 'their creation'} ${way}`.trimEnd()
      const walk = await walkList(recorder, aim, { ...plan, query: full, name })
      await judgePages(listed, walk)
      walks.push(walk)
    }
    const [forwards, backwards] = walks
    if (forwards !== undefined && backwards !== undefined)
      await judgeMirror(listed, forwards, backwards, member)
  }
}

/** The other direction gives the same jobs the other way round; equal keys group by group. */
async function judgeMirror(
  listed: Listed,
  forwards: ListWalk,
  backwards: ListWalk,
  member: string | null,
): Promise<void> {
  const { operation, list } = forwards.plan
  const created = contractOf(listed.aim.judge.subject, list.of)?.times?.created ?? null
  const at = member === null ? created : pointerTo('', member)
  if (forwards.stopped !== null || backwards.stopped !== null || backwards.jobs.length < 2) {
    listed.recorder.book.add(nothingFor(operation.id, 'S02', 'fewer than two jobs, or too many to read'))
    return
  }
  const wanted = [...forwards.jobs].reverse()
  const keyOf = (position: number): string | null => {
    const item = wanted[position]?.item
    return at === null || item === undefined ? null : canonicalText(readPointer(item, at) ?? null)
  }
  let start = 0
  for (let end = 1; end <= wanted.length; end += 1) {
    if (end < wanted.length && keyOf(end) === keyOf(start)) continue
    const group = new Set(wanted.slice(start, end).map(({ id }) => id))
    const wrong = backwards.jobs.slice(start, end).find(({ id }) => !group.has(id))
    if (wrong !== undefined) {
      const place = backwards.jobs.indexOf(wrong) + 1
      const other = cut(either([...group], 'or'), 160)
      const message = `job ${place} is ${wrong.id}; the other way round there is ${other}`
      const pointer = operation.parameters.find(({ name }) => name === list.order)?.pointer
      const what = { check: 'S02', message, at: list.at, topic: member ?? 'creation' } as const
      const shown = { ...backwards, pages: [wrong.page] }
      const full = pointer === undefined ? what : { ...what, pointer }
      return note(listed, backwards, 'S02', remark(shown, forwards, full))
    }
    start = end
  }
  await note(listed, backwards, 'S02', [])
}

/** Limits out of their bounds, spoilt tokens, and tokens of other queries. */
export async function judgeListRequests(listed: Listed, small: ListWalk | null): Promise<void> {
  const { recorder, aim, reference } = listed
  const { plan } = reference
  const { list, operation } = plan
  await judgeLimits(recorder, aim, pagedJobs(aim, plan))
  const [first] = small?.pages ?? []
  if (small === null || first === undefined || first.next === null || list.token === null) {
    const reason = list.token === null ? 'no token is documented' : 'all jobs fit on one page'
    for (const check of ['P07', 'P08'] as const) recorder.book.add(nothingFor(operation.id, check, reason))
    return
  }
  const cursor = { parameter: list.token, text: first.next, known: null }
  const paged = pagedJobs(aim, small.plan)
  await judgeSpoilt(recorder, aim, paged, cursor, first.items)
  await judgeForeign(recorder, aim, paged, cursor, foreignOf(listed))
}

/** A filter and an order that the token was not given for. */
function foreignOf(listed: Listed): readonly Foreign[] {
  const { aim, reference } = listed
  const { list, operation } = reference.plan
  const filter = filtersOf(listed, reference).find(({ kind, texts }) => kind === 'equal' && texts.length > 1)
  const pairs: QueryPair[] = filter === undefined ? [] : [[filter.parameter, filter.texts[0] ?? '']]
  for (const name of [list.order, list.field]) {
    const parameter = operation.parameters.find((each) => each.name === name)
    const texts = parameter === undefined ? [] : allowedTexts(aim.judge, parameter)
    const usual = parameter?.default === undefined ? texts[0] : String(parameter.default)
    const other = texts.find((text) => text !== usual)
    // Without a documented default it is not known which order a token was given for.
    if (parameter?.default !== undefined && other !== undefined) pairs.push([parameter.name, other])
  }
  return pairs.map(([name, text]) => ({ what: `${name}=${text}`, query: [[name, text]] }))
}
