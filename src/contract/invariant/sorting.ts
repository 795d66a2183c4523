/**
 * S01, S02 and P03 over walks: every sort field in both directions, over page boundaries too; rows with equal
 * keys stand by position, the two directions mirror each other, and no row is lost or met twice. Pages are
 * so long that they end between rows with equal keys, where there are such: there rows get lost.
 *
 * @module
 */
import { canonicalText } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import { inOrder, sortFinding } from '../check/page.ts'
import { cut, either } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { Finding, Remark } from '../finding.ts'
import type { Aim } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { valueAt } from '../row/filter.ts'
import { compareValues } from '../row/order.ts'
import { directionOf } from '../row/page.ts'
import { keywordAt } from '../schema-place.ts'
import { remarkOn } from '../view.ts'
import { evidenceOn, judgePaging, nothingFor } from './paging.ts'
import type { Walk, WalkPlan } from './walk.ts'
import { idsOf, walk } from './walk.ts'

/** Walks a job's rows by every field in both directions. */
export async function judgeSorts(
  recorder: Recorder,
  aim: Aim,
  base: WalkPlan,
  reference: Walk,
): Promise<void> {
  const { sort } = base.contract
  if (sort === null) {
    for (const check of ['S01', 'S02', 'P03'] as const)
      recorder.book.add(nothingFor(base.operation.id, check, 'no sorting is documented'))
    return
  }
  const orders = wordsOf(aim, base.operation, sort.order)
  const ascending = orders.filter((word) => word !== sort.descending)
  const fields = wordsOf(aim, base.operation, sort.field)
  const byPosition = fields.filter((field) => sort.positional.includes(field))
  let positions: ReadonlyMap<string, number> | null = null
  for (const field of [...byPosition, ...fields.filter((name) => !byPosition.includes(name))]) {
    const key = byPosition.includes(field) ? null : field
    const { limit, maxPages, hard } = boundsFor(base, reference, key)
    let forwards: Walk | null = null
    for (const order of [...ascending.slice(0, 1), sort.descending]) {
      const query = [...base.query, [sort.field, field] as const, [sort.order, order] as const]
      const name = `${base.name}, by ${field} ${order}`
      const made = await walk(recorder, aim, { ...base, limit, maxPages, query, name })
      for (const evidence of judgePaging(made)) recorder.book.add(evidence)
      recorder.book.add(judgeBoundaries(made, positions))
      recorder.book.add(judgeSameSet(made, reference, hard))
      if (forwards !== null) recorder.book.add(judgeReverse(made, forwards, key))
      if (key === null && forwards === null && made.complete) {
        positions = new Map(idsOf(made).map((id, position) => [id, position]))
      }
      forwards ??= made
    }
  }
}

/** How many pages a walk by one field may have that is cut between equal keys. */
const SORTED_PAGES = 8
const LEAST_LIMIT = 2

/** The bounds of sorted walks. */
interface Bounds {
  readonly limit: number | null
  readonly maxPages: number
  /** The key has ties or nulls. */
  readonly hard: boolean
}

/** Of the limits that make a few pages the one that cuts the most ties; else the walk's own. */
function boundsFor({ limit: own, maxPages }: WalkPlan, reference: Walk, key: string | null): Bounds {
  const rows = reference.pages.flatMap((page) => page.rows)
  const direction = { field: key ?? '', descending: false, instants: false }
  const values = key === null ? [] : rows.map((row) => valueAt(row, [key]))
  const sorted = [...values].sort((a, b) => compareValues(a, b, direction))
  const isTie = (at: number): boolean =>
    at > 0 &&
    at < sorted.length &&
    canonicalText(sorted[at - 1] ?? null) === canonicalText(sorted[at] ?? null)
  const hard = sorted.some((value, at) => value === null || isTie(at))
  const least = Math.max(LEAST_LIMIT, Math.ceil(rows.length / SORTED_PAGES))
  if (!hard || own === null || least >= own) return { limit: own, maxPages, hard }
  let [limit, most] = [own, 0]
  for (let candidate = least; candidate < own && candidate < rows.length; candidate += 1) {
    const ends = Array.from(
      { length: Math.floor(rows.length / candidate) },
      (_, page) => (page + 1) * candidate,
    )
    const cut = ends.filter(isTie).length
    if (cut > most) [limit, most] = [candidate, cut]
  }
  return { limit, maxPages: Math.ceil(rows.length / limit) + 2, hard }
}

/** The documented words of a parameter. */
function wordsOf(aim: Aim, operation: Operation, name: string): readonly string[] {
  const schema = operation.parameters.find((parameter) => parameter.name === name)?.schema ?? null
  const words = schema === null ? null : keywordAt(aim.judge.subject.document.json, schema, 'enum')
  return Array.isArray(words?.value)
    ? words.value.filter((word): word is string => typeof word === 'string')
    : []
}

/** Single pages are judged elsewhere: here the last row of each against the first of the next, and ties. */
export function judgeBoundaries(made: Walk, positions: ReadonlyMap<string, number> | null): Evidence {
  const findings: Finding[] = []
  const rows = made.pages.flatMap((page) => page.rows.map((row, position) => ({ page, row, position })))
  const [first] = made.pages
  const direction = first === undefined ? null : directionOf(first)
  if (direction === null || rows.length < 2) {
    return nothingFor(made.plan.operation.id, 'S01', 'fewer than two rows, or an order that no row shows')
  }
  const { id } = made.plan.contract
  for (const [at, { page, row, position }] of rows.entries()) {
    const before = rows[at - 1]
    if (before === undefined) continue
    if (before.page !== page && !inOrder(before.row, row, direction)) {
      findings.push(sortFinding(page, direction, before.row, row, position, before.page.view))
      break
    }
    const path = [direction.field]
    const tied = compareValues(valueAt(before.row, path), valueAt(row, path), direction) === 0
    const [a, b] = [before, { row }].map((each) => positions?.get(String(valueAt(each.row, [id ?? '']))))
    if (!tied || a === undefined || b === undefined || a < b) continue
    const message =
      `${made.plan.name}: rows ${at} and ${at + 1} have equal keys and ` +
      `must stand by position, stand at positions ${a + 1} and ${b + 1}`
    const pointer = page.view.operation.parameters.find(
      ({ name }) => name === page.contract.sort?.field,
    )?.pointer
    const topic = `ties by ${direction.field}`
    const beside = before.page === page ? {} : { beside: before.page.view.exchange }
    const remark = { check: 'S01', message, at: page.contract.at, topic, ...beside } as const
    findings.push(remarkOn(page.view, pointer === undefined ? remark : { ...remark, pointer }))
    break
  }
  return evidenceOn(made, 'S01', findings)
}

/** Whatever the order, the rows are the same: it is hard where keys are equal or null. */
function judgeSameSet(made: Walk, reference: Walk, hard: boolean): Evidence {
  const { operation, name, contract } = made.plan
  if (!made.complete || !reference.complete || contract.id === null) {
    return nothingFor(operation.id, 'P03', made.stopped ?? 'the walk was not followed to its end')
  }
  const [own, known] = [new Set(idsOf(made)), new Set(idsOf(reference))]
  const lost = [...known].filter((id) => !own.has(id))
  const strange = [...own].filter((id) => !known.has(id))
  const last = made.pages.at(-1)
  if ((lost.length === 0 && strange.length === 0) || last === undefined) {
    return hard ? evidenceOn(made, 'P03', []) : nothingFor(operation.id, 'P03', 'no key is tied or null')
  }
  const whose = `the rows of ${reference.plan.name}`
  const [what, ids] =
    lost.length > 0 ? [`of ${whose} are never met`, lost] : [`are met that are not among ${whose}`, strange]
  const message = `${name}: ${ids.length} ${what}, among them ${either(ids.slice(0, 3), 'and')}`
  const remark = {
    check: 'P03',
    message,
    at: contract.at,
    topic: lost.length > 0 ? 'lost' : 'strange',
  } as const
  return evidenceOn(made, 'P03', [remarkOn(last.view, { ...remark, ...sortPlace(made, reference) })])
}

/** The parameter that is sorted by, and the first page of what a walk is compared with. */
function sortPlace({ plan, pages }: Walk, other: Walk): Pick<Remark, 'pointer' | 'beside'> {
  const { parameters, pointer } = plan.operation
  const place = parameters.find(({ name }) => name === plan.contract.sort?.field)?.pointer ?? pointer
  const beside = other.pages[0]?.view.exchange
  return { pointer: place, ...(beside === undefined || pages[0] === other.pages[0] ? {} : { beside }) }
}

/** The other direction mirrors the first: row by row, and where keys are equal group by group. */
function judgeReverse(backwards: Walk, forwards: Walk, key: string | null): Evidence {
  const { operation, name, contract } = backwards.plan
  const ids = idsOf(backwards)
  if (!forwards.complete || !backwards.complete || ids.length < 2) {
    return nothingFor(operation.id, 'S02', 'fewer than two rows, or a walk that was not followed to its end')
  }
  const rows = forwards.pages.flatMap((page) => page.rows).reverse()
  const wanted = idsOf(forwards).slice().reverse()
  const keyAt = (at: number): string =>
    key === null ? String(at) : canonicalText(valueAt(rows[at] ?? {}, [key]))
  let start = 0
  for (let end = 1; end <= rows.length; end += 1) {
    if (end < rows.length && keyAt(end) === keyAt(start)) continue
    const group = new Set(wanted.slice(start, end))
    const wrong = ids.slice(start, end).find((id) => !group.has(id))
    const page = backwards.pages.find(({ ids: own }) => own.includes(wrong ?? ''))
    if (wrong !== undefined && page !== undefined) {
      const other =
        end - start === 1 ? `is ${wanted[start]}` : `are ${either(wanted.slice(start, end), 'and')}`
      const place = `${name}: row ${ids.indexOf(wrong) + 1}`
      const message = `${place} is ${wrong}; the other way round there ${cut(other, 160)}`
      const remark = { check: 'S02', message, at: contract.at, topic: key ?? 'by position' } as const
      return evidenceOn(backwards, 'S02', [
        remarkOn(page.view, { ...remark, ...sortPlace(backwards, forwards) }),
      ])
    }
    start = end
  }
  return evidenceOn(backwards, 'S02', [])
}
