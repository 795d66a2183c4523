/**
 * F01 over walks: a filter gives the rows of the unfiltered walk that meet it, all of them and no others.
 * The filters are written from values that rows were seen to have.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { canonicalText, isObject, isScalar, memberOf } from '../../model/json.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import { count, either } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { Aim } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { parseFilter, satisfies, valueAt, writeCondition } from '../row/filter.ts'
import { memberPlace, parameterOf } from '../row/page.ts'
import { remarkOn } from '../view.ts'
import { evidenceOn, judgePaging, nothingFor } from './paging.ts'
import type { Walk, WalkPlan } from './walk.ts'
import { idsOf, walk } from './walk.ts'

const FILTER_LIMIT = 30
const TEXT_LIMIT = 200

/** Walks a job's rows under filters drawn from them; without cursors it reads one page of each. */
export async function judgeFilters(
  recorder: Recorder,
  aim: Aim,
  base: WalkPlan,
  reference: Walk,
): Promise<void> {
  const { filter, id } = base.contract
  if (filter === null)
    return recorder.book.add(nothingFor(base.operation.id, 'F01', 'no filter is documented'))
  if (!reference.complete || id === null || reference.pages[0]?.rows.length === 0) {
    return recorder.book.add(nothingFor(base.operation.id, 'F01', `${base.name}: no rows to filter`))
  }
  const bounded = base.way === 'page' ? ({ ...base, way: 'after', maxPages: 1 } as const) : base
  for (const text of filtersFor(reference)) {
    const query = [...base.query, [filter.parameter, text] as const]
    const made = await walk(recorder, aim, { ...bounded, query, name: `${base.name}, where ${text}` })
    for (const evidence of judgePaging(made)) recorder.book.add(evidence)
    recorder.book.add(judgeFilter(made, reference, text))
  }
}

/** The rows of a filtered walk against those that the judge counts itself. */
function judgeFilter(made: Walk, reference: Walk, text: string): Evidence {
  const { plan } = made
  const [first] = made.pages
  const conditions = parseFilter(text)
  if (first === undefined || conditions === null) {
    return nothingFor(plan.operation.id, 'F01', made.stopped ?? 'the filter could not be read')
  }
  const rows = reference.pages.flatMap((page) => page.rows)
  const wanted = rows.filter((row) => satisfies(row, conditions))
  const wantedIds = wanted.map((row) => String(valueAt(row, [plan.contract.id ?? ''])))
  const ids = idsOf(made)
  const missing = made.complete ? wantedIds.filter((each) => !ids.includes(each)) : []
  const extra = ids.filter((each) => !wantedIds.includes(each))
  const faults = [
    ...(missing.length === 0 ? [] : [`lacks ${told(missing)}`]),
    ...(extra.length === 0 ? [] : [`has ${told(extra)}, which the filter leaves out`]),
    ...(first.total === null || first.total === wanted.length
      ? []
      : [`${plan.contract.total} is ${first.total}, but ${count(wanted.length, 'row')} of all meet it`]),
  ]
  if (faults.length === 0) return evidenceOn(made, 'F01', [])
  const finding = remarkOn(first.view, {
    check: 'F01',
    message: `the filter \`${text}\`: ${faults.join('; ')}`,
    at: missing.length === 0 && extra.length === 0 ? (plan.contract.total ?? '') : plan.contract.at,
    pointer: parameterOf(first.view, plan.contract.filter?.parameter)?.pointer ?? plan.operation.pointer,
    topic: extra.length > 0 ? 'unsound' : 'incomplete',
    ...(reference.pages[0] === undefined ? {} : { beside: reference.pages[0].view.exchange }),
  })
  return evidenceOn(made, 'F01', [finding])
}

function told(ids: readonly string[]): string {
  return `${count(ids.length, 'row')} (${either(ids.slice(0, 2), 'and')}${ids.length > 2 ? ', …' : ''})`
}

interface Seen {
  readonly path: readonly string[]
  /** Distinct values, the most frequent first. */
  readonly values: readonly Json[]
}

/** Filters on the values that rows have: the usual, null, the rare, the quoted, and pairs of them. */
function filtersFor(reference: Walk): readonly string[] {
  const rows = reference.pages.flatMap((page) => page.rows)
  const members = seenMembers(reference, rows)
  const conditions = members.map(({ path, values }) => {
    const odd = values.find((value) => typeof value === 'string' && /['%&+#]|[^ -~]/.test(value))
    const chosen = [values[0], values.find((value) => value === null), odd, values.at(-1)]
    const texts = chosen.flatMap((value) =>
      value === undefined ? [] : (writeCondition(path.join('/'), value) ?? []),
    )
    return [...new Set(texts)]
  })
  const usual = conditions.flatMap(([first]) => first ?? [])
  const rest = conditions.flatMap(([, ...others]) => others)
  const joined = usual.flatMap((first, position) => {
    const second = usual[position + 1]
    return second === undefined || position % 3 !== 0 ? [] : [`${first} and ${second}`]
  })
  return [...usual, ...joined, ...rest].slice(0, FILTER_LIMIT)
}

function seenMembers(reference: Walk, rows: readonly JsonObject[]): readonly Seen[] {
  const paths = new Map<string, readonly string[]>()
  const parents = new Set(reference.plan.contract.filter?.parents ?? [])
  for (const row of rows) {
    for (const [name, member] of Object.entries(row)) {
      if (parents.has(name) && isObject(member)) {
        for (const child of Object.keys(member)) paths.set(`${name}/${child}`, [name, child])
      } else if (!parents.has(name)) paths.set(name, [name])
    }
  }
  const seen = [...paths.values()].filter((path) => isFilterable(reference, path, rows))
  return seen.map((path) => ({ path, values: byFrequency(rows.map((row) => valueAt(row, path))) }))
}

/** Only members that are scalars in every row and by their schema, with names that a filter can hold. */
function isFilterable(reference: Walk, path: readonly string[], rows: readonly JsonObject[]): boolean {
  if (!path.every((name) => /^[A-Za-z_]\w*$/.test(name))) return false
  if (rows.some((row) => !isScalar(valueAt(row, path)))) return false
  const [first] = reference.pages
  const place = first === undefined || path.length > 1 ? null : memberPlace(first, path)
  if (place === null || first === undefined)
    return rows.some((row) => memberOf(row, path[0] ?? '') !== undefined)
  const types = typesAt(first.view.judge.subject.document.json, place)
  return !types.has('object') && !types.has('array')
}

function byFrequency(values: readonly Json[]): readonly Json[] {
  const counts = new Map<string, { readonly value: Json; count: number }>()
  for (const value of values.filter(canBeSent)) {
    const key = canonicalText(value)
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { value, count: 1 })
    else known.count += 1
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).map(({ value }) => value)
}

/** Long texts make long URLs, and half a surrogate pair cannot stand in one. */
function canBeSent(value: Json): boolean {
  return typeof value !== 'string' || (value.length <= TEXT_LIMIT && !/\p{Cs}|\p{Cc}/u.test(value))
}
