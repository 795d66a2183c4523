/**
 * J12, J13 and C02: what the rows of a job have to do with its state, its progress and its counters.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { canonicalText, memberOf } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { count, show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Page } from '../row/page.ts'
import { answerPlace, memberPlace, pageOf } from '../row/page.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText, remarkOn } from '../view.ts'
import type { Progress } from './progress-law.ts'
import { progressOf } from './progress-law.ts'
import type { Sight } from './sight.ts'

/** Has a request left rows out, or members of them? */
function chooses(view: View, { filter, select }: RowsContract): boolean {
  return [filter?.parameter, select?.parameter].some((name) => queryText(view, name) !== null)
}

/** Is every row in the answer, whatever its request was? */
function isWhole({ contract, rows, total }: Page): boolean {
  const { limit, page, after, before, offset, token, next } = contract
  const pages = [limit, page, after, before, offset, token, next].some((name) => name !== null)
  return total === null ? !pages : total === rows.length
}

/** How many rows the job has; null where an answer does not tell. */
function rowsIn(page: Page): number | null {
  if (chooses(page.view, page.contract)) return null
  return page.total ?? (isWhole(page) ? page.rows.length : null)
}

/** J12: what a job that waits shows of its rows; null where the answer has none to show. */
export function judgeEmptyPage(view: View, name: string, beside?: Sight): readonly Finding[] | null {
  const contract = view.contract?.rows ?? null
  const { body } = view
  if (contract === null || body === undefined || !isSuccess(view)) return null
  const rows = readPointer(body, contract.at)
  if (rows === undefined) return null
  const empty = Array.isArray(rows) && rows.length === 0
  const told: readonly (readonly [string | null, Json | undefined, boolean, string])[] = [
    [contract.at, rows, empty, 'an empty list'],
    ...[contract.total, contract.more, contract.next, contract.previous].map((at, position) => {
      const value = at === null ? undefined : readPointer(body, at)
      const wanted = ([0, false, null, null] as const)[position] ?? null
      return [at, value, value === undefined || value === wanted, show(wanted)] as const
    }),
  ]
  return told.flatMap(([at, value, fits, wanted]) => {
    if (at === null || fits) return []
    const what = Array.isArray(value) ? `holds ${count(value.length, 'row')}` : `is ${show(value)}`
    const message = `${name} waits, so ${at} must be ${wanted}, ${what}`
    return [remarkOn(view, { check: 'J12', message, at, ...placeAndBeside(view, at, beside) })]
  })
}

function placeAndBeside(view: View, at: string, beside: Sight | undefined) {
  const page = pageOf(view)
  const pointer = page === null ? view.operation.pointer : answerPlace(page, at)
  const other = beside?.view.exchange
  const topic = `${view.operation.id} ${at}`
  return { pointer, topic, ...(other === undefined || other === view.exchange ? {} : { beside: other }) }
}

/** J13: the rows are as many as the progress says; null where one of the two does not tell. */
export function judgeRowsFollow(view: View, sight: Sight): readonly Finding[] | null {
  const page = pageOf(view)
  const follow = page?.contract.follow ?? null
  const progress = progressOf(sight)
  const rows = page === null ? null : rowsIn(page)
  const wanted = follow === null || progress === null ? null : numberOf(progress, follow)
  if (page === null || rows === null || wanted === null) return null
  if (rows === wanted) return []
  const at = page.contract.total ?? page.contract.at
  const has = `is ${show(sight.word)} and has ${count(rows, 'row')}`
  const message = `job ${sight.id} ${has}, but ${follow} is ${wanted}`
  return [remarkOn(view, { check: 'J13', message, at, ...placeAndBeside(view, at, sight) })]
}

function numberOf(
  { total, done, failed }: Progress,
  follow: NonNullable<RowsContract['follow']>,
): number | null {
  if (follow === 'total') return total
  if (follow === 'done') return done
  return done === null || failed === null ? null : done - failed
}

/** Does a row say by this member that it failed? Null where it says nothing. */
function saysFailed(row: JsonObject, member: string, values: readonly Json[]): boolean | null {
  const value = memberOf(row, member)
  if (value === undefined) return null
  const text = canonicalText(value)
  return values.some((each) => canonicalText(each) === text)
}

/**
 * C02 in each row: what says by one member that it failed says so by all; null where no row says anything.
 */
export function judgeFailedRows(page: Page): readonly Finding[] | null {
  const { contract, rows, view } = page
  const members = Object.entries(contract.failed)
  if (members.length < 2 || rows.length === 0 || chooses(view, contract)) return null
  return rows.flatMap((row, position) => {
    const says = members.map(([member, values]) => [member, saysFailed(row, member, values)] as const)
    const [first, other] = [true, false].map((side) => says.find(([, failed]) => failed === side)?.[0])
    if (first === undefined || other === undefined) return []
    const at = pointerTo(contract.at, position, other)
    const [a, b] = [first, other].map((member) => `${member} ${show(memberOf(row, member))}`)
    const message = `row ${position} failed by ${a}, but not by ${b}`
    const pointer = memberPlace(page, [other])
    const topic = `${view.operation.id} ${other}`
    return [remarkOn(view, { check: 'C02', message, at, topic, ...(pointer === null ? {} : { pointer }) })]
  })
}

/** C02: as many rows failed as the progress counts; null where the rows are not all known, or not counted. */
export function judgeFailedCount(pages: readonly Page[], sight: Sight): readonly Finding[] | null {
  const last = pages.at(-1)
  const failed = progressOf(sight)?.failed ?? null
  const at = sight.contract.progress?.failed ?? null
  const members = Object.entries(last?.contract.failed ?? {})
  if (last === undefined || failed === null || at === null || members.length === 0) return null
  if (pages.some(({ view, contract }) => chooses(view, contract))) return null
  const met = pages
    .flatMap(({ rows }) => rows)
    .filter((row) => members.some(([member, values]) => saysFailed(row, member, values) === true)).length
  if (met === failed) return []
  const message = `job ${sight.id}: ${at} is ${failed}, but ${count(met, 'row')} of its rows failed`
  return [
    remarkOn(last.view, {
      check: 'C02',
      message,
      at: last.contract.at,
      ...placeAndBeside(last.view, last.contract.at, sight),
    }),
  ]
}

/** The page of an answer that holds every row; null where there is none. */
export function wholePage(view: View): Page | null {
  const page = pageOf(view)
  return page !== null && isWhole(page) ? page : null
}
