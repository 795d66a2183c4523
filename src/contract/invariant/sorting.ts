/**
 * S01 over walks: every sort field in both directions, over page boundaries too; rows with equal keys stand
 * by position, and fields that sort by position give one sequence and its reverse.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import { inOrder, sortFinding } from '../check/page.ts'
import { either } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
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
  if (sort === null)
    return recorder.book.add(nothingFor(base.operation.id, 'S01', 'no sorting is documented'))
  const orders = wordsOf(aim, base.operation, sort.order)
  const ascending = orders.filter((word) => word !== sort.descending)
  const fields = wordsOf(aim, base.operation, sort.field)
  const byPosition = fields.filter((field) => sort.positional.includes(field))
  let positions: ReadonlyMap<string, number> | null = null
  for (const field of [...byPosition, ...fields.filter((name) => !byPosition.includes(name))]) {
    let forwards: Walk | null = null
    for (const order of [...ascending.slice(0, 1), sort.descending]) {
      const query = [...base.query, [sort.field, field] as const, [sort.order, order] as const]
      const made = await walk(recorder, aim, { ...base, query, name: `${base.name}, by ${field} ${order}` })
      for (const evidence of judgePaging(made)) recorder.book.add(evidence)
      recorder.book.add(judgeBoundaries(made, positions))
      recorder.book.add(judgeSameSet(made, reference))
      if (byPosition.includes(field)) recorder.book.add(judgeReverse(made, forwards))
      if (byPosition.includes(field) && forwards === null && made.complete) {
        positions = new Map(idsOf(made).map((id, position) => [id, position]))
      }
      forwards ??= made
    }
  }
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

/** Whatever the order, the rows are the same. */
function judgeSameSet(made: Walk, reference: Walk): Evidence {
  const { operation, name, contract } = made.plan
  if (!made.complete || !reference.complete || contract.id === null) {
    return nothingFor(operation.id, 'P02', made.stopped ?? 'the walk was not followed to its end')
  }
  const own = new Set(idsOf(made))
  const lost = idsOf(reference).filter((id) => !own.has(id))
  const last = made.pages.at(-1)
  if (lost.length === 0 || last === undefined) return evidenceOn(made, 'P02', [])
  const told = either(lost.slice(0, 3), 'and')
  const whose = `the rows of ${reference.plan.name}`
  const message = `${name}: ${lost.length} of ${whose} are never met, among them ${told}`
  const pointer = operation.parameters.find((parameter) => parameter.name === contract.sort?.field)?.pointer
  const remark = { check: 'P02', message, at: contract.at, topic: 'lost' } as const
  return evidenceOn(made, 'P02', [
    remarkOn(last.view, pointer === undefined ? remark : { ...remark, pointer }),
  ])
}

function judgeReverse(backwards: Walk, forwards: Walk | null): Evidence {
  const { operation, name, contract } = backwards.plan
  if (forwards === null || !forwards.complete || !backwards.complete || idsOf(forwards).length < 2) {
    return nothingFor(operation.id, 'S01', 'fewer than two rows, or an order that no row shows')
  }
  const ids = idsOf(backwards)
  const wanted = [...idsOf(forwards)].reverse()
  const position = ids.findIndex((id, at) => id !== wanted[at])
  const page = backwards.pages.find(({ ids: own }) => own.includes(ids[position] ?? ''))
  if (page === undefined) return evidenceOn(backwards, 'S01', [])
  const other = `the other way round it is ${wanted[position]}`
  const message = `${name}: row ${position + 1} is ${ids[position]}, ${other}`
  const pointer = operation.parameters.find((parameter) => parameter.name === contract.sort?.field)?.pointer
  const remark = { check: 'S01', message, at: contract.at, topic: 'by position' } as const
  return evidenceOn(backwards, 'S01', [
    remarkOn(page.view, pointer === undefined ? remark : { ...remark, pointer }),
  ])
}
