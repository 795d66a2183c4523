/**
 * Numbers for schemas: within their bounds and on their steps, both in the decimals they are written in.
 *
 * @module
 */
import { memberOf } from '../model/json.ts'
import type { Key } from '../random/key.ts'
import { drawFraction, drawInteger, drawNumber } from '../random/key.ts'
import type { Shape } from './shape.ts'
import { keywordsOf } from './shape.ts'

/** A bound, and whether it is itself left out. */
interface Bound {
  readonly value: number
  readonly open: boolean
}

/** How far numbers reach beyond their one bound, or from zero. */
const WHOLE_SPAN = 1_000
const REAL_SPAN = 1
/** Beyond this, a span is no number any more. */
const FAR = 1e15

/** Draws an integer. */
export function drawWhole(shape: Shape, key: Key): number {
  const { low, high } = rangeOf(shape, WHOLE_SPAN)
  return onSteps(stepOf([1, ...keywordsOf(shape, 'multipleOf', 'number')]), low, high, key)
}

/** Draws a number: two decimals, unless its steps or bounds ask for others. */
export function drawReal(shape: Shape, key: Key): number {
  const { low, high } = rangeOf(shape, REAL_SPAN)
  const steps = keywordsOf(shape, 'multipleOf', 'number')
  if (steps.length > 0) return onSteps(stepOf(steps), low, high, key)
  const drawn = drawNumber(key, 0, 5, low.value, high.value, 2)
  const onBound = (low.open && drawn <= low.value) || (high.open && drawn >= high.value)
  if (!onBound) return drawn
  const inner = 0.25 + drawFraction(key, 0, 5) / 2
  return low.value + (high.value - low.value) * inner
}

/** The tightest bounds; one that is missing lies a span away from the other. */
function rangeOf(shape: Shape, span: number): { readonly low: Bound; readonly high: Bound } {
  const low = tightest(shape, 'minimum', 'exclusiveMinimum', 1)
  const high = tightest(shape, 'maximum', 'exclusiveMaximum', -1)
  const from = low?.value ?? Math.min(0, (high?.value ?? 0) - (high === null ? 0 : span))
  const to = high?.value ?? Math.max(from + span, from + Math.abs(from) / FAR)
  const far = to - from > FAR
  return {
    low: { value: far ? Math.max(from, Math.min(to, -FAR)) : from, open: low?.open ?? false },
    high: { value: far ? Math.min(to, Math.max(from, FAR)) : to, open: high?.open ?? false },
  }
}

/** In OpenAPI 3.0 an exclusive bound is a flag beside the bound. */
function tightest(shape: Shape, keyword: string, exclusive: string, sign: 1 | -1): Bound | null {
  const bounds: Bound[] = [...shape.schemas.values()].flatMap((schema) => {
    const [plain, strict] = [memberOf(schema, keyword), memberOf(schema, exclusive)]
    return [
      ...(typeof plain === 'number' ? [{ value: plain, open: strict === true }] : []),
      ...(typeof strict === 'number' ? [{ value: strict, open: true }] : []),
    ]
  })
  const sorted = bounds.sort((a, b) => sign * (b.value - a.value) || Number(b.open) - Number(a.open))
  return sorted[0] ?? null
}

/** A step as whole units of a power of ten. */
interface Step {
  readonly units: number
  readonly decimals: number
}

/** The smallest step that is a multiple of each. */
function stepOf(steps: readonly number[]): Step {
  const decimals = Math.max(...steps.map(decimalsOf))
  const units = steps.map((step) => Math.round(step * 10 ** decimals)).filter((unit) => unit > 0)
  return { units: units.reduce((a, b) => (a / greatestDivisor(a, b)) * b, 1), decimals }
}

function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

function onSteps({ units, decimals }: Step, low: Bound, high: Bound, key: Key): number {
  const at = (count: number): number => Number(`${count * units}e-${decimals}`)
  const unit = at(1)
  let first = Math.ceil(low.value / unit)
  let last = Math.floor(high.value / unit)
  while (at(first) < low.value || (low.open && at(first) === low.value)) first += 1
  while (last > first && (at(last) > high.value || (high.open && at(last) === high.value))) last -= 1
  return at(Math.min(Math.max(first, last), drawInteger(key, 0, 4, first, Math.max(first, last))))
}
