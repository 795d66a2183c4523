/**
 * X01 over walks: a select gives the distinct rows of the selected leaves, each with the values that whole
 * rows have. Their order and their members are judged page by page.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { canonicalText, isObject, isScalar } from '../../model/json.ts'
import { count, show } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { valueAt } from '../row/filter.ts'
import { parameterOf } from '../row/page.ts'
import { distinctRows, parseSelect } from '../row/select.ts'
import { remarkOn } from '../view.ts'
import { askPage, pagedRows } from './paged.ts'
import { evidenceOn, judgePaging, nothingFor } from './paging.ts'
import { judgeBoundaries } from './sorting.ts'
import type { Walk, WalkPlan } from './walk.ts'
import { walk } from './walk.ts'

const SELECT_LIMIT = 12

/** Walks a job's rows under selections drawn from them. */
export async function judgeSelects(
  recorder: Recorder,
  aim: Aim,
  base: WalkPlan,
  reference: Walk,
): Promise<void> {
  const { select, sort, page } = base.contract
  if (select === null)
    return recorder.book.add(nothingFor(base.operation.id, 'X01', 'no select is documented'))
  if (!reference.complete || (reference.pages[0]?.rows.length ?? 0) === 0) {
    return recorder.book.add(nothingFor(base.operation.id, 'X01', `${base.name}: no rows to select from`))
  }
  for (const [position, text] of selectsFor(reference).entries()) {
    const down: QueryPair[] = sort === null || position % 2 === 0 ? [] : [[sort.order, sort.descending]]
    const query = [...base.query, [select.parameter, text] as const, ...down]
    const way = page === null ? base.way : 'page'
    const plan = { ...base, way, query, name: `${base.name}, selecting ${text}` } as const
    const made = await walk(recorder, aim, plan)
    for (const evidence of judgePaging(made)) recorder.book.add(evidence)
    recorder.book.add(judgeBoundaries(made, null))
    recorder.book.add(judgeSelect(made, reference, text))
  }
  await askUnknown(recorder, aim, base, reference)
}

/** A member that no row has and that the document does not name cannot be selected. */
async function askUnknown(recorder: Recorder, aim: Aim, base: WalkPlan, reference: Walk): Promise<void> {
  const { select } = base.contract
  const [first] = reference.pages
  if (select === null || first === undefined) return
  const name = 'standin_unknown'
  const pointer = parameterOf(first.view, select.parameter)?.pointer ?? base.operation.pointer
  const fault = `${select.parameter}=${name} names no member of a row`
  const expects = { kind: 'refused', check: 'X01', statuses: null, pointer, fault } as const
  const query: QueryPair[] = [[select.parameter, name]]
  await askPage(recorder, aim, pagedRows(aim, base), { query, purpose: fault, expects })
}

/** The rows of a selection against the distinct rows that the judge computes itself. */
function judgeSelect(made: Walk, reference: Walk, text: string): Evidence {
  const { plan } = made
  const [first] = made.pages
  const leaves = parseSelect(text)
  if (first === undefined || leaves === null) {
    return nothingFor(plan.operation.id, 'X01', made.stopped ?? 'the selection could not be read')
  }
  const wanted = distinctRows(
    reference.pages.flatMap((page) => page.rows),
    leaves,
  )
  const rows = made.pages.flatMap((page) => page.rows)
  const keys = rows.map((row) => canonicalText(row))
  const strange = rows.find((_, position) => !wanted.has(keys[position] ?? ''))
  const twice = rows.find((_, position) => keys.indexOf(keys[position] ?? '') < position)
  const missing = made.complete ? [...wanted].find(([key]) => !keys.includes(key)) : undefined
  const faults = [
    ...(strange === undefined ? [] : [`no whole row has the values of ${show(strange)}`]),
    ...(twice === undefined ? [] : [`the row ${show(twice)} is given twice`]),
    ...(missing === undefined ? [] : [`the row ${show(missing[1])} is missing`]),
    ...(first.total === null || first.total === wanted.size
      ? []
      : [`${plan.contract.total} is ${first.total}, but there are ${count(wanted.size, 'distinct row')}`]),
  ]
  if (faults.length === 0) return evidenceOn(made, 'X01', [])
  const finding = remarkOn(first.view, {
    check: 'X01',
    message: `select=${text}: ${faults.join('; ')}`,
    at: plan.contract.at,
    pointer: parameterOf(first.view, plan.contract.select?.parameter)?.pointer ?? plan.operation.pointer,
    topic: 'rows',
    ...(reference.pages[0] === undefined ? {} : { beside: reference.pages[0].view.exchange }),
  })
  return evidenceOn(made, 'X01', [finding])
}

/** Selections of the id, of the members with fewest and most values, of two members, of children. */
function selectsFor(reference: Walk): readonly string[] {
  const { contract } = reference.plan
  const rows = reference.pages.flatMap((page) => page.rows)
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const variety = (name: string): number => new Set(rows.map((row) => canonicalText(row[name] ?? null))).size
  const scalars = names
    .filter((name) => rows.every((row) => isScalar(row[name] ?? null)))
    .sort((a, b) => variety(a) - variety(b))
  const [fewest, fewer] = scalars
  const most = scalars.filter((name) => name !== contract.id).at(-1)
  const children = childrenOf(rows, contract.select?.parents ?? [])
  const [child] = children
  const pick = (...leaves: readonly (string | null | undefined)[]): string | null =>
    leaves.every((leaf) => typeof leaf === 'string') ? leaves.join(',') : null
  const texts = [
    pick(contract.id),
    pick(fewest),
    pick(fewest),
    pick(fewest, fewer),
    pick(fewer, fewest),
    pick(most),
    pick(most, contract.id),
    pick(child),
    pick(fewest, child),
    ...children.slice(1, 3).map((path) => pick(path, fewest)),
    ...names.filter((name) => rows.some((row) => isObject(row[name]))).map((name) => pick(contract.id, name)),
  ]
  return texts
    .filter((text) => text !== null && parseSelect(text) !== null)
    .slice(0, SELECT_LIMIT) as string[]
}

function childrenOf(rows: readonly JsonObject[], parents: readonly string[]): readonly string[] {
  const paths = new Set<string>()
  for (const row of rows) {
    for (const parent of parents) {
      const value: Json = row[parent] ?? null
      for (const name of isObject(value) ? Object.keys(value) : []) paths.add(`${parent}/${name}`)
    }
  }
  return [...paths].filter((path) => rows.every((row) => isScalar(valueAt(row, path.split('/')))))
}
