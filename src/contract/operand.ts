/**
 * The operands of laws: from a pointer, a literal or a computation to the values it stands for in an answer.
 *
 * @module
 */
import type { Choice, Computed, Operand } from '../job-contract/law.ts'
import type { Json } from '../model/json.ts'
import { canonicalText, isObject, isScalar } from '../model/json.ts'
import { childAt, pointerTo, readPointer, segmentsOf } from '../model/pointer.ts'
import { isInstant } from '../openapi/format-time.ts'

/** A value and where it stands below the node that was asked. */
export interface Located {
  readonly at: string
  readonly value: Json
}

/** Every place that a pointer leads to, where `*` stands for each item of a list or member of an object. */
export function placesAt(node: Json, pointer: string): readonly Located[] {
  if (!pointer.includes('*')) {
    const value = readPointer(node, pointer)
    return value === undefined ? [] : [{ at: pointer, value }]
  }
  const places: Located[] = []
  collect(places, { at: '', value: node }, segmentsOf(pointer), 0)
  return places
}

/** Adds what the segments from a depth on lead to. */
function collect(places: Located[], place: Located, segments: readonly string[], depth: number): void {
  const segment = segments[depth]
  const { at, value } = place
  if (segment === undefined) places.push(place)
  else if (segment !== '*') {
    const next = childAt(value, segment)
    if (next !== undefined) collect(places, { at: pointerTo(at, segment), value: next }, segments, depth + 1)
  } else if (Array.isArray(value) || isObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      collect(places, { at: pointerTo(at, name), value: member as Json }, segments, depth + 1)
    }
  }
}

/** Is the operand a pointer into the answer? */
function isPointer(operand: Operand): operand is string {
  return typeof operand === 'string' && operand.startsWith('/')
}

/** Is the operand computed, so that its value may carry rounding errors? */
export function isComputed(operand: Operand): operand is Computed {
  return typeof operand === 'object' && operand !== null
}

/** Does the operand choose values of the answer, so that each has a place of its own? */
export function isChosen(operand: Operand): operand is Extract<Computed, { values: unknown }> {
  return isComputed(operand) && 'values' in operand
}

/** The values of an operand: any number for places or names, one for a literal, at most one computed. */
export function valuesOf(node: Json, operand: Operand): readonly Located[] {
  if (isPointer(operand)) return placesAt(node, operand)
  if (isComputed(operand) && 'names' in operand) return namesAt(node, operand)
  if (isChosen(operand)) {
    const counts = chooserOf(operand)
    return placesAt(node, operand.values).filter(({ value }) => counts?.(value) !== false)
  }
  const value = isComputed(operand) ? compute(node, operand) : operand
  return value === null && isComputed(operand) ? [] : [{ at: pointerIn(operand) ?? '', value }]
}

/** The first pointer in an operand; null where it has none. */
export function pointerIn(operand: Operand): string | null {
  if (isPointer(operand)) return operand
  if (!isComputed(operand)) return null
  if ('count' in operand) return operand.count
  if ('names' in operand) return operand.names
  if ('values' in operand) return operand.values
  if ('mean' in operand) return operand.mean
  if ('median' in operand) return operand.median
  const parts =
    'sum' in operand ? operand.sum : 'product' in operand ? operand.product : ratioOrRound(operand)
  for (const part of parts) {
    const pointer = pointerIn(part)
    if (pointer !== null) return pointer
  }
  return null
}

function ratioOrRound(
  operand: Extract<Computed, { ratio: unknown } | { round: unknown }>,
): readonly Operand[] {
  return 'ratio' in operand ? operand.ratio : operand.round
}

/** Null where a part is missing or no number. */
function compute(
  node: Json,
  operand: Exclude<Computed, { names: unknown } | { values: unknown }>,
): number | null {
  if ('count' in operand) return countAt(node, operand.count, chooserOf(operand))
  if ('mean' in operand) return meanAt(node, operand.mean, operand.weights)
  if ('median' in operand) return medianAt(node, operand.median)
  if ('sum' in operand) return fold(node, operand.sum, 0, (a, b) => a + b)
  if ('product' in operand) return fold(node, operand.product, 1, (a, b) => a * b)
  if ('ratio' in operand) {
    const [dividend, divisor] = operand.ratio.map((part) => fold(node, [part], 0, (a, b) => a + b))
    if (typeof dividend !== 'number' || typeof divisor !== 'number') return null
    return divisor === 0 ? 0 : dividend / divisor
  }
  const value = fold(node, [operand.round[0]], 0, (a, b) => a + b)
  const scale = 10 ** operand.round[1]
  return value === null ? null : Math.round(value * scale) / scale
}

/** The numbers at a pointer, null where there is no value; null where something else stands among them. */
function numbersAt(node: Json, pointer: string): readonly (number | null)[] | null {
  const values = placesAt(node, pointer).map(({ value }) => value)
  return values.every((value) => value === null || typeof value === 'number') ? values : null
}

/** A value and a weight of which either is null take no part in the mean. */
function meanAt(node: Json, pointer: string, by: string | undefined): number | null {
  const values = numbersAt(node, pointer)
  const weights = by === undefined ? values?.map(() => 1) : numbersAt(node, by)
  if (values == null || weights == null || values.length !== weights.length) return null
  let [sum, whole] = [0, 0]
  for (const [place, value] of values.entries()) {
    const weight = weights[place] ?? null
    if (value === null || weight === null) continue
    sum += value * weight
    whole += weight
  }
  return whole === 0 ? null : sum / whole
}

function medianAt(node: Json, pointer: string): number | null {
  const values = (numbersAt(node, pointer) ?? []).filter((value) => value !== null)
  const sorted = values.sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** Does a value count? */
export type Chooser = (value: Json) => boolean

/** A choice is understood once, however many values it is asked of. */
const CHOOSERS = new WeakMap<Choice, Chooser>()

/** Which values count; null where all do. */
export function chooserOf(choice: Choice): Chooser | null {
  const { are, not, like } = choice
  if (are === undefined && not === undefined && like === undefined) return null
  const known = CHOOSERS.get(choice) ?? toChooser(choice)
  CHOOSERS.set(choice, known)
  return known
}

function toChooser({ are, not, like }: Choice): Chooser {
  const wanted = are === undefined ? null : among(are)
  const unwanted = not === undefined ? null : among(not)
  const pattern = like === undefined ? null : new RegExp(like)
  return (value) =>
    wanted?.(value) !== false &&
    unwanted?.(value) !== true &&
    (pattern === null || (typeof value === 'string' && pattern.test(value)))
}

function among(values: readonly Json[]): Chooser {
  const scalars = new Set(values.filter(isScalar))
  const texts = new Set(values.filter((value) => !isScalar(value)).map(canonicalText))
  return (value) => (isScalar(value) ? scalars.has(value) : texts.size > 0 && texts.has(canonicalText(value)))
}

/** The names of an object's members, each at the place of its member. */
function namesAt(node: Json, operand: Extract<Computed, { names: unknown }>): readonly Located[] {
  const counts = chooserOf(operand)
  return placesAt(node, operand.names).flatMap(({ at, value }) =>
    Object.entries(isObject(value) ? value : {})
      .filter(([, member]) => counts === null || counts(member))
      .map(([name]) => ({ at: pointerTo(at, name), value: `${operand.prefix ?? ''}${name}` })),
  )
}

/**
 * A pointer with `*` counts places, and with a choice those that are chosen; one without counts the items of
 * its list, and null counts as empty.
 */
function countAt(node: Json, pointer: string, counts: ((value: Json) => boolean) | null): number | null {
  const places = placesAt(node, pointer)
  if (counts !== null) return places.filter(({ value }) => counts(value)).length
  if (segmentsOf(pointer).includes('*')) return places.length
  const value = places[0]?.value
  if (value === null) return 0
  return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : null
}

function fold(
  node: Json,
  operands: readonly Operand[],
  start: number,
  join: (a: number, b: number) => number,
): number | null {
  let result = start
  for (const operand of operands) {
    const values = valuesOf(node, operand)
    const many = isChosen(operand) || (isPointer(operand) && operand.includes('*'))
    if (values.length === 0 && !many) return null
    for (const { value } of values) {
      if (typeof value !== 'number') return null
      result = join(result, value)
    }
  }
  return result
}

/** Does it hold? False, null, 0, an empty text and an empty list do not, nor does what is missing. */
export function holds(values: readonly Located[]): boolean {
  return values.some(({ value }) => (Array.isArray(value) ? value.length > 0 : Boolean(value)))
}

/** Orders numbers, instants and texts; null where the two cannot be compared. */
export function compareScalars(a: Json, b: Json): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== 'string' || typeof b !== 'string') return null
  if (isInstant(a) && isInstant(b)) return Date.parse(a) - Date.parse(b)
  return a < b ? -1 : a > b ? 1 : 0
}
