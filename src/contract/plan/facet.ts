/**
 * Facets: the schemas that all hold of one value, references and `allOf` followed, with one branch of each
 * union. What a schema asks of a value is read off them keyword by keyword.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, listAt, memberOf, objectAt } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Resolved } from '../../openapi/reference.ts'
import type { Keyword } from '../schema-place.ts'
import { schemaAt } from '../schema-place.ts'

const DEPTH_LIMIT = 8

/** Chooses a branch among the pointers of a union; null takes none. */
export type Choose = (branches: readonly string[]) => string | null

/** The schemas that hold of a value at once, the outermost first. */
export function facetsOf(json: JsonObject, schema: string, choose: Choose, depth = 0): readonly Resolved[] {
  const own = schemaAt(json, schema)
  if (depth >= DEPTH_LIMIT) return [own]
  const inner = listAt(own.value, 'allOf').map((_, at) => pointerTo(own.pointer, 'allOf', at))
  for (const branches of unionsOf(own)) {
    const chosen = choose(branches)
    if (chosen !== null) inner.push(chosen)
  }
  return [own, ...inner.flatMap((each) => facetsOf(json, each, choose, depth + 1))]
}

/** The branches of each union that stands at a schema itself. */
export function unionsOf({ pointer, value }: Resolved): readonly (readonly string[])[] {
  return (['oneOf', 'anyOf'] as const).flatMap((keyword) => {
    const branches = listAt(value, keyword).map((_, at) => pointerTo(pointer, keyword, at))
    return branches.length === 0 ? [] : [branches]
  })
}

/** Every value of a keyword among facets, with its place. */
export function keywordsIn(facets: readonly Resolved[], keyword: string): readonly Keyword[] {
  return facets.flatMap(({ pointer, value }) => {
    const own = memberOf(value, keyword)
    return own === undefined ? [] : [{ value: own, pointer: pointerTo(pointer, keyword) }]
  })
}

/** The schema of each member that facets name; of a member that several name, the first. */
export function membersIn(facets: readonly Resolved[]): ReadonlyMap<string, string> {
  const members = new Map<string, string>()
  for (const { pointer, value } of facets) {
    for (const [name, schema] of Object.entries(objectAt(value, 'properties'))) {
      const place = pointerTo(pointer, 'properties', name)
      if (!members.has(name) && (isObject(schema) || schema === true)) members.set(name, place)
    }
  }
  return members
}

/** The names that facets require, each with the place that requires it. */
export function requiredIn(facets: readonly Resolved[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { pointer, value } of facets) {
    listAt(value, 'required').forEach((name, at) => {
      if (!names.has(String(name))) names.set(String(name), pointerTo(pointer, 'required', at))
    })
  }
  return names
}

/** A bound of numbers: the value, whether the value itself lies outside, and where it stands. */
export interface Bound {
  readonly value: number
  readonly exclusive: boolean
  readonly pointer: string
}

/** The narrowest bound that facets set from below or from above; null where they set none. */
export function boundIn(facets: readonly Resolved[], side: 'minimum' | 'maximum'): Bound | null {
  const word = side === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum'
  const sign = side === 'minimum' ? 1 : -1
  const bounds = facets.flatMap(({ pointer, value }): Bound[] => {
    const [plain, strict] = [memberOf(value, side), memberOf(value, word)]
    const found: Bound[] = []
    if (typeof plain === 'number') {
      found.push({ value: plain, exclusive: strict === true, pointer: pointerTo(pointer, side) })
    }
    if (typeof strict === 'number') {
      found.push({ value: strict, exclusive: true, pointer: pointerTo(pointer, word) })
    }
    return found
  })
  const rank = (bound: Bound): number => bound.value * sign
  return bounds.sort((a, b) => rank(b) - rank(a) || Number(b.exclusive) - Number(a.exclusive))[0] ?? null
}

/** The largest number that facets give to one keyword, the smallest for `max…`; null where none does. */
export function countIn(facets: readonly Resolved[], keyword: string): (Keyword & { value: number }) | null {
  const found = keywordsIn(facets, keyword).flatMap(({ value, pointer }) =>
    typeof value === 'number' ? [{ value, pointer }] : [],
  )
  const sign = keyword.startsWith('max') ? 1 : -1
  return found.sort((a, b) => (a.value - b.value) * sign)[0] ?? null
}

/** The only values that facets allow; null where they list none. */
export function wordsIn(facets: readonly Resolved[]): { values: readonly Json[]; pointer: string } | null {
  const [constant] = keywordsIn(facets, 'const')
  if (constant !== undefined) return { values: [constant.value], pointer: constant.pointer }
  const [words] = keywordsIn(facets, 'enum')
  return words !== undefined && Array.isArray(words.value)
    ? { values: words.value as readonly Json[], pointer: words.pointer }
    : null
}
