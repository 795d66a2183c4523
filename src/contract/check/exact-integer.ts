/**
 * Integers beyond 2^53, judged by their digits: bounds, factors and equality that no double tells apart. What
 * the validator says of them does not count; where the document's own number is as wide, and so has lost its
 * digits, nothing can be said.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { canonicalText, isObject, listAt } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { keywordAt, schemaPlace } from '../schema-place.ts'

/** Least and greatest, both admitted. */
const RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
}

/** Integers as they are written, by their places. */
type Wide = ReadonlyMap<string, string>

/** A keyword of numbers: does it hold, and what is said where it does not. */
interface Rule {
  readonly holds: (number: bigint, limit: bigint) => boolean
  readonly says: (limit: number) => string
}

const RULES: Readonly<Record<string, Rule>> = {
  minimum: { holds: (number, limit) => number >= limit, says: (limit) => `must be >= ${limit}` },
  maximum: { holds: (number, limit) => number <= limit, says: (limit) => `must be <= ${limit}` },
  exclusiveMinimum: { holds: (number, limit) => number > limit, says: (limit) => `must be > ${limit}` },
  exclusiveMaximum: { holds: (number, limit) => number < limit, says: (limit) => `must be < ${limit}` },
  multipleOf: {
    holds: (number, limit) => limit === 0n || number % limit === 0n,
    says: (limit) => `must be multiple of ${limit}`,
  },
}

/** The issues of a value with those of its wide integers put right. */
export function withExactIntegers(
  document: JsonObject,
  schema: string,
  value: Json,
  wide: Wide,
  issues: readonly Issue[],
): readonly Issue[] {
  let exact: readonly Issue[] = issues.filter((issue) => !isUndecided(issue, value, wide))
  for (const [at, literal] of wide) {
    const place = schemaPlace(document, schema, at)
    exact = withExactFormat(document, place, at, literal, exact)
    for (const [keyword, rule] of Object.entries(RULES)) {
      const limit = keywordAt(document, place, keyword)
      // A limit with a fraction, or true and false as OpenAPI 3.0 has them, needs no digits of its own.
      if (typeof limit?.value !== 'number' || !Number.isInteger(limit.value)) continue
      exact = exact.filter((issue) => issue.at !== at || issue.keyword !== keyword)
      const isKnown = Number.isSafeInteger(limit.value) && !isInUnion(limit.pointer)
      if (!isKnown || rule.holds(BigInt(literal), BigInt(limit.value))) continue
      const params = { limit: limit.value, literal }
      exact = [...exact, { at, keyword, message: rule.says(limit.value), params, schema: limit.pointer }]
    }
  }
  return exact
}

function withExactFormat(
  document: JsonObject,
  place: string,
  at: string,
  literal: string,
  issues: readonly Issue[],
): readonly Issue[] {
  const format = keywordAt(document, place, 'format')
  const range = typeof format?.value === 'string' ? RANGES[format.value] : undefined
  if (format === null || range === undefined) return issues
  const others = issues.filter((issue) => issue.at !== at || issue.keyword !== 'format')
  const number = BigInt(literal)
  if (isInUnion(format.pointer) || (number >= range[0] && number <= range[1])) return others
  const message = `must be a ${format.value}`
  const params = { format: format.value, literal }
  return [...others, { at, keyword: 'format', message, params, schema: format.pointer }]
}

/** Another branch may have nothing against the value. */
function isInUnion(pointer: string): boolean {
  return /\/(?:anyOf|oneOf)\/\d+\//.test(pointer)
}

/** Are two items alike only as doubles? */
function isUndecided({ at, keyword }: Issue, value: Json, wide: Wide): boolean {
  if (keyword !== 'uniqueItems' || ![...wide.keys()].some((each) => each.startsWith(`${at}/`))) return false
  const items = listAt({ items: readPointer(value, at) ?? null }, 'items')
  const texts = items.map((item, position) => canonicalText(written(item, pointerTo(at, position), wide)))
  return new Set(texts).size === texts.length
}

/** A value in which wide integers stand with all their digits. */
function written(value: Json, at: string, wide: Wide): Json {
  const literal = wide.get(at)
  if (literal !== undefined) return { digits: literal }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, position) => written(item, pointerTo(at, position), wide))
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, written(member, pointerTo(at, name), wide)]),
  )
}
