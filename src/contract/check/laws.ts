/**
 * `law`: the laws of the job contract, each a small function of the values it compares. They bind successful
 * answers of the operations they name.
 *
 * @module
 */
import type { Choice, Law, Operand } from '../../job-contract/law.ts'
import type { Json } from '../../model/json.ts'
import { canonicalText } from '../../model/json.ts'
import { readEach, readPointer } from '../../model/pointer.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Chooser, Located } from '../operand.ts'
import {
  chooserOf,
  compareScalars,
  holds,
  isChosen,
  isComputed,
  placesAt,
  pointerIn,
  valuesOf,
} from '../operand.ts'
import { schemaPlace } from '../schema-place.ts'
import type { View } from '../view.ts'
import { isSuccess, queryText, remarkOn } from '../view.ts'

/** What broke a law, and where below the node that it bound. */
export interface Breach {
  readonly at: string
  readonly message: string
}

/** Reports broken laws; null where none of the laws had anything to bind. */
export function checkLaws(view: View): readonly Finding[] | null {
  const { contract } = view.judge.subject
  const { body } = view
  if (contract === null || body === undefined || !isSuccess(view)) return null
  let bound = 0
  const findings: Finding[] = []
  const placesOf = rememberPlaces()
  for (const law of contract.laws) {
    // Expressions take another turn: they are judged in `law/`.
    if ('jsonata' in law || looksAtSelectedRows(view, law)) continue
    for (const { at, value } of boundBy(law, view, body, placesOf)) {
      const breaches = applies(law, value) ? breachesOf(law, value) : null
      if (breaches === null) continue
      bound += 1
      for (const breach of breaches) findings.push(findingFor(view, law, { ...breach, at: at + breach.at }))
    }
  }
  return bound === 0 ? null : findings
}

/** What a law binds in an answer; the laws of a job's own answer bind each item of a list that repeats it. */
export function boundBy(
  { on, each }: Law,
  { operation, contract }: View,
  body: Json,
  placesOf: typeof placesAt = placesAt,
): readonly Located[] {
  const list = contract?.list
  const answers = [
    ...(on.includes(operation.id) ? [{ at: '', value: body }] : []),
    ...(list != null && on.includes(list.of) ? placesAt(body, `${list.at}/*`) : []),
  ]
  if (each === undefined) return answers
  return answers.flatMap(({ at, value }) => {
    const places = placesOf(value, each)
    return at === '' ? places : places.map((place) => ({ ...place, at: at + place.at }))
  })
}

/** Looks up the places that several laws bind but once. */
function rememberPlaces(): typeof placesAt {
  const known = new Map<Json, Map<string, readonly Located[]>>()
  return (answer, each) => {
    const byPointer = known.get(answer) ?? new Map<string, readonly Located[]>()
    known.set(answer, byPointer)
    const places = byPointer.get(each) ?? placesAt(answer, each)
    byPointer.set(each, places)
    return places
  }
}

/** A law about each row does not bind rows that a request reduced to selected members. */
export function looksAtSelectedRows(view: View, law: Law): boolean {
  const rows = view.contract?.rows
  return law.each === `${rows?.at}/*` && queryText(view, rows?.select?.parameter) !== null
}

/** The finding of a breach, at its place in the answer and in the document. */
export function findingFor(view: View, law: Law, { at, message }: Breach): Finding {
  const { document, file } = view.judge.subject
  const rows = view.contract?.rows
  const root = view.media?.schema ?? null
  const inRow = rows?.schema != null && at.startsWith(`${rows.at}/`)
  const place = inRow
    ? schemaPlace(document.json, rows.schema, at.slice(rows.at.length).replace(/^\/[^/]*/, ''))
    : root === null
      ? null
      : schemaPlace(document.json, root, at)
  return remarkOn(view, {
    check: 'law',
    law: law.law,
    message: `${law.law}: ${message}`,
    at,
    topic: `${file} ${law.law}`,
    ...(place === null ? {} : { pointer: place }),
  })
}

/** Does a value meet the law's conditions? */
export function applies(law: Law, node: Json): boolean {
  return conditionsOf(law).every(({ pointer, isWanted }) => {
    const found = readEach(node, pointer)
    return found.length > 0 && (isWanted === null || found.every(isWanted))
  })
}

/** What a law's pointer must lead to; null where anything will do. */
interface Condition {
  readonly pointer: string
  readonly isWanted: Chooser | null
}

const CONDITIONS = new WeakMap<Law, readonly Condition[]>()

/** The conditions of a law, understood once. */
function conditionsOf(law: Law): readonly Condition[] {
  const known = CONDITIONS.get(law)
  if (known !== undefined) return known
  const conditions = Object.entries(law.when ?? {}).map(([pointer, choice]) => ({
    pointer,
    isWanted: chooserOf(isList(choice) ? { are: choice } : choice),
  }))
  CONDITIONS.set(law, conditions)
  return conditions
}

function isList(choice: readonly Json[] | Choice): choice is readonly Json[] {
  return Array.isArray(choice)
}

/** A law of a declarative kind. */
type DeclarativeLaw = Exclude<Law, { readonly jsonata: string }>

/** What breaks a law at one node; null where the node lacks what the law is about. */
function breachesOf(law: DeclarativeLaw, node: Json): readonly Breach[] | null {
  if ('equals' in law) return equals(node, law.equals, law.tolerance)
  if ('iff' in law) return iff(node, law.iff)
  if ('within' in law) return within(node, law.within)
  if ('ordered' in law) return ordered(node, law.ordered)
  if ('subset' in law) return subset(node, law.subset)
  if ('unique' in law) return unique(node, law.unique)
  return matches(node, law.matches)
}

function equals(node: Json, [left, right]: readonly [Operand, Operand], tolerance?: number): Breach[] | null {
  const lefts = valuesOf(node, left)
  const rights = valuesOf(node, right)
  const pairs = Math.max(lefts.length, rights.length)
  if (lefts.length === 0 || rights.length === 0) return null
  if (lefts.length !== rights.length && Math.min(lefts.length, rights.length) > 1) {
    return [{ at: '', message: `${lefts.length} values stand against ${rights.length}` }]
  }
  const margin = tolerance ?? (isComputed(left) || isComputed(right) ? 1e-9 : 0)
  return Array.from({ length: pairs }, (_, position) => {
    const a = lefts[position] ?? lefts[0]
    const b = rights[position] ?? rights[0]
    if (a === undefined || b === undefined || same(a.value, b.value, margin, tolerance !== undefined))
      return []
    const at = a.at === '' ? b.at : a.at
    return [{ at, message: `${named(left, a)} is ${show(a.value)}, ${named(right, b)} is ${show(b.value)}` }]
  }).flat()
}

/** A margin that the law does not give grows with the numbers, as their rounding errors do. */
function same(a: Json, b: Json, margin: number, absolute: boolean): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return canonicalText(a) === canonicalText(b)
  const scale = absolute ? 1 : Math.max(1, Math.abs(a), Math.abs(b))
  return Math.abs(a - b) <= margin * scale
}

function named(operand: Operand, { at }: Located): string {
  if (!isComputed(operand) || isChosen(operand)) return at === '' ? 'the expected value' : at
  return `${Object.keys(operand)[0]} of ${pointerIn(operand) ?? 'the literals'}`
}

function iff(node: Json, [left, right]: readonly [Operand, Operand]): Breach[] {
  const a = valuesOf(node, left)
  const b = valuesOf(node, right)
  if (holds(a) === holds(b)) return []
  const at = pointerIn(left) ?? pointerIn(right) ?? ''
  return [{ at, message: `${told(left)} is ${show(a[0]?.value)}, ${told(right)} is ${show(b[0]?.value)}` }]
}

function told(operand: Operand): string {
  return isComputed(operand)
    ? `${Object.keys(operand)[0]} of ${pointerIn(operand)}`
    : (pointerIn(operand) ?? 'it')
}

interface Bounds {
  readonly value: Operand
  readonly from?: Operand
  readonly to?: Operand
}

function within(node: Json, { value: bounded, from, to }: Bounds): Breach[] | null {
  const values = valuesOf(node, bounded).filter(({ value }) => value !== null)
  // A bound that is null is none.
  const low = from === undefined ? undefined : (valuesOf(node, from)[0]?.value ?? undefined)
  const high = to === undefined ? undefined : (valuesOf(node, to)[0]?.value ?? undefined)
  if (values.length === 0 || (low === undefined && high === undefined)) return null
  return values.flatMap((located) => {
    const { at, value } = located
    const under = low === undefined ? 0 : compareScalars(value, low)
    const over = high === undefined ? 0 : compareScalars(value, high)
    if (under !== null && over !== null && under >= 0 && over <= 0) return []
    const bounds = [
      low === undefined ? '' : `from ${show(low)}`,
      high === undefined ? '' : `to ${show(high)}`,
    ]
    return [
      { at, message: `${named(bounded, located)} must be ${bounds.join(' ').trim()}, is ${show(value)}` },
    ]
  })
}

function ordered(node: Json, law: { readonly values: string; readonly strictly?: boolean }): Breach[] | null {
  const values = placesAt(node, law.values).filter(({ value }) => value !== null)
  if (values.length < 2) return null
  return values.slice(1).flatMap(({ at, value }, position) => {
    const before = values[position]
    const step = before === undefined ? 0 : compareScalars(value, before.value)
    if (step !== null && (law.strictly === true ? step > 0 : step >= 0)) return []
    return [{ at, message: `${at} is ${show(value)}, behind ${show(before?.value)}` }]
  })
}

function unique(node: Json, pointer: string): Breach[] | null {
  const values = placesAt(node, pointer)
  if (values.length < 2) return null
  const first = new Map<string, string>()
  return values.flatMap(({ at, value }) => {
    const text = canonicalText(value)
    const before = first.get(text)
    if (before === undefined) first.set(text, at)
    return before === undefined ? [] : [{ at, message: `${at} is ${show(value)}, as ${before} is` }]
  })
}

function subset(node: Json, [part, whole]: readonly [Operand, Operand]): Breach[] | null {
  const values = valuesOf(node, part)
  if (values.length === 0) return null
  const known = new Set(valuesOf(node, whole).map(({ value }) => canonicalText(value)))
  const [what, among] = [isComputed(part) && !isChosen(part) ? `${told(part)} has` : '', told(whole)]
  return values.flatMap(({ at, value }) => {
    if (known.has(canonicalText(value))) return []
    return [{ at, message: `${what === '' ? `${at} is` : what} ${show(value)}, not among ${among}` }]
  })
}

function matches(node: Json, law: { readonly value: string; readonly pattern: string }): Breach[] | null {
  const values = placesAt(node, law.value).filter(({ value }) => value !== null)
  const source = law.pattern.replace(/\{(\/[^{}]*)\}/g, (_, pointer: string) =>
    quoted(readPointer(node, pointer)),
  )
  if (values.length === 0) return null
  const pattern = compile(source)
  if (pattern === null) return [{ at: law.value, message: `the law's pattern ${source} does not compile` }]
  return values.flatMap(({ at, value }) =>
    typeof value === 'string' && pattern.test(value)
      ? []
      : [{ at, message: `${at} must match ${source}, is ${show(value)}` }],
  )
}

function quoted(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function compile(source: string): RegExp | null {
  try {
    return new RegExp(source)
  } catch {
    return null
  }
}
