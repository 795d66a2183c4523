/**
 * Keywords that look at a value as a whole, at a number or at a text.
 *
 * @module
 */
import type { Json, JsonType } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import { formatCheck } from '../format.ts'
import { isMultipleOf } from '../multiple-of.ts'
import { compilePattern } from '../pattern.ts'
import type { Check, Site } from './node.ts'
import type { Broken } from './run.ts'
import { broken } from './run.ts'

const TYPES: Readonly<Record<JsonType, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  // 1e400 is read as infinite, which is no number of JSON.
  number: (value) => Number.isFinite(value),
  string: (value) => typeof value === 'string',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** Is it the name of a type? */
function isType(name: unknown): name is JsonType {
  return typeof name === 'string' && Object.hasOwn(TYPES, name)
}

/** `type`: one name or several. */
export function typeCheck({ node, source, fault }: Site): Check | null {
  const { type } = source
  if (type === undefined) return null
  const names = Array.isArray(type) ? (type as readonly Json[]) : [type]
  const known = names.filter(isType)
  const stranger = names.find((name) => !isType(name))
  if (stranger !== undefined) fault('type', `there is no type ${JSON.stringify(stranger)}`)
  else if (known.length === 0) fault('type', 'names no type')
  else if (new Set(known).size < known.length) fault('type', 'names a type twice')
  const words = (): Broken => ({ message: `must be ${known.join(',')}`, params: { type } })
  const [first] = known
  if (known.length === 1 && first !== undefined) {
    const is = TYPES[first]
    return (value, run) => is(value) || broken(run, node, 'type', words)
  }
  return (value, run) => known.some((name) => TYPES[name](value)) || broken(run, node, 'type', words)
}

type Words = (limit: number) => Broken

/** How a keyword with a number asks something of a value; null where it asks nothing of such a value. */
interface Limit {
  readonly keyword: string
  readonly holds: (value: Json, limit: number) => boolean | null
  readonly words: Words
}

function comparison(sign: string): Words {
  return (limit) => ({ message: `must be ${sign} ${limit}`, params: { comparison: sign, limit } })
}

function amount(what: string, noun: string): Words {
  return (limit) => ({ message: `must NOT have ${what} than ${limit} ${noun}`, params: { limit } })
}

const ofNumber = (holds: (value: number, limit: number) => boolean): Limit['holds'] => {
  return (value, limit) => (typeof value === 'number' ? holds(value, limit) : null)
}

/** Bounds of numbers. */
const BOUNDS: readonly Limit[] = [
  { keyword: 'maximum', holds: ofNumber((value, limit) => value <= limit), words: comparison('<=') },
  { keyword: 'minimum', holds: ofNumber((value, limit) => value >= limit), words: comparison('>=') },
  { keyword: 'exclusiveMaximum', holds: ofNumber((value, limit) => value < limit), words: comparison('<') },
  { keyword: 'exclusiveMinimum', holds: ofNumber((value, limit) => value > limit), words: comparison('>') },
]

const sizeOf = (kind: 'string' | 'array' | 'object', value: Json): number | null => {
  if (kind === 'string') return typeof value === 'string' ? lengthOf(value) : null
  if (kind === 'array') return Array.isArray(value) ? value.length : null
  return TYPES.object(value) ? Object.keys(value as object).length : null
}

/** Counts characters, not code units. */
function lengthOf(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length - 1; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdbff) continue
    const next = text.charCodeAt(at + 1)
    if (next < 0xdc00 || next > 0xdfff) continue
    length -= 1
    at += 1
  }
  return length
}

function most(keyword: string, kind: 'string' | 'array' | 'object', noun: string): Limit {
  const holds: Limit['holds'] = (value, limit) => {
    const size = sizeOf(kind, value)
    return size === null ? null : size <= limit
  }
  return { keyword, holds, words: amount('more', noun) }
}

function least(keyword: string, kind: 'string' | 'array' | 'object', noun: string): Limit {
  const holds: Limit['holds'] = (value, limit) => {
    const size = sizeOf(kind, value)
    return size === null ? null : size >= limit
  }
  return { keyword, holds, words: amount('fewer', noun) }
}

const LENGTHS = [most('maxLength', 'string', 'characters'), least('minLength', 'string', 'characters')]
const ITEMS = [most('maxItems', 'array', 'items'), least('minItems', 'array', 'items')]
const MEMBERS = [
  most('maxProperties', 'object', 'properties'),
  least('minProperties', 'object', 'properties'),
]

function isEndless(value: Json): boolean {
  return value === Infinity || value === -Infinity
}

function limitChecks({ node, source, fault }: Site, limits: readonly Limit[], whole: boolean): Check[] {
  // A number that is read as endless is none to `type`, which says so; its bounds would only repeat it.
  const isTyped = source['type'] !== undefined
  return limits.flatMap(({ keyword, holds, words }) => {
    const limit = source[keyword]
    if (limit === undefined) return []
    if (typeof limit !== 'number' || (whole && !(Number.isInteger(limit) && limit >= 0))) {
      fault(keyword, `must be a ${whole ? 'whole number from 0' : 'number'}, is ${JSON.stringify(limit)}`)
      return []
    }
    return [
      (value, run) =>
        (isTyped && isEndless(value)) ||
        holds(value, limit) !== false ||
        broken(run, node, keyword, () => words(limit)),
    ] satisfies Check[]
  })
}

/** `maxItems`, `minItems`. */
export function itemCountChecks(site: Site): readonly Check[] {
  return limitChecks(site, ITEMS, true)
}

/** `maxProperties`, `minProperties`. */
export function memberCountChecks(site: Site): readonly Check[] {
  return limitChecks(site, MEMBERS, true)
}

/** Bounds and `multipleOf`. */
export function numberChecks(site: Site): readonly Check[] {
  const { node, source, fault } = site
  const checks = limitChecks(site, BOUNDS, false)
  const { multipleOf } = source
  if (multipleOf === undefined) return checks
  if (typeof multipleOf !== 'number' || !(multipleOf > 0)) {
    fault('multipleOf', `must be a number above 0, is ${JSON.stringify(multipleOf)}`)
    return checks
  }
  const message = 'must be a multiple of the documented number'
  checks.push(
    (value, run) =>
      typeof value !== 'number' ||
      isMultipleOf(value, multipleOf) ||
      broken(run, node, 'multipleOf', () => ({ message, params: { multipleOf } })),
  )
  return checks
}

/** Lengths and `pattern`. */
export function textChecks(site: Site): readonly Check[] {
  const { node, source, fault } = site
  const checks = limitChecks(site, LENGTHS, true)
  const { pattern } = source
  if (pattern === undefined) return checks
  const compiled = typeof pattern === 'string' ? compilePattern(pattern) : null
  if (compiled === null || 'fault' in compiled) {
    fault('pattern', compiled?.fault ?? `must be a text, is ${JSON.stringify(pattern)}`)
    return checks
  }
  const words = (): Broken => ({ message: `must match pattern "${pattern}"`, params: { pattern } })
  checks.push(
    (value, run) => typeof value !== 'string' || compiled.test(value) || broken(run, node, 'pattern', words),
  )
  return checks
}

/** `format`, where it is one that is known; others are remarks. */
export function formatChecks({ node, source, fault }: Site): readonly Check[] {
  const { format } = source
  if (format === undefined) return []
  if (typeof format !== 'string') {
    fault('format', `must be a text, is ${JSON.stringify(format)}`)
    return []
  }
  const holds = formatCheck(format)
  if (holds === null) return []
  const words = (): Broken => ({ message: `must match format "${format}"`, params: { format } })
  return [(value, run) => holds(value) || broken(run, node, 'format', words)]
}

/** `const` and `enum`. */
export function constantChecks({ node, source, fault }: Site): readonly Check[] {
  const checks: Check[] = []
  if (Object.hasOwn(source, 'const')) {
    const allowedValue = source['const'] as Json
    const equals = equality([allowedValue])
    const words = (): Broken => ({ message: 'must be equal to constant', params: { allowedValue } })
    checks.push((value, run) => equals(value) || broken(run, node, 'const', words))
  }
  const allowed = source['enum']
  if (allowed === undefined) return checks
  if (!Array.isArray(allowed)) {
    fault('enum', `must be a list, is ${JSON.stringify(allowed)}`)
    return checks
  }
  const message = 'must be equal to one of the allowed values'
  const equals = equality(allowed as readonly Json[])
  const words = (): Broken => ({ message, params: { allowedValues: allowed as readonly Json[] } })
  checks.push((value, run) => equals(value) || broken(run, node, 'enum', words))
  return checks
}

/** Scalars are looked up; what has parts is compared by its canonical text. */
function equality(allowed: readonly Json[]): (value: Json) => boolean {
  const scalars = new Set<Json>(allowed.filter(isScalar))
  const texts = new Set(allowed.filter((value) => !isScalar(value)).map(canonicalText))
  return (value) => (isScalar(value) ? scalars.has(value) : texts.size > 0 && texts.has(canonicalText(value)))
}
