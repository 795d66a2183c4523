/**
 * Samples: values that a document allows, made from its schemas. Each is held to its schema before it is
 * used, so a schema that no sample is found for costs cases and gives no false ones.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../../model/json.ts'
import { canonicalText, memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Resolved } from '../../openapi/reference.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import { schemaAt } from '../schema-place.ts'
import type { Judge } from '../subject.ts'
import { boundIn, countIn, facetsOf, keywordsIn, membersIn, requiredIn, unionsOf, wordsIn } from './facet.ts'
import { rightTexts } from './format-text.ts'
import { textOf } from './pattern-text.ts'

/** How much of what is optional stands in a sample. */
export type Fullness = 'minimal' | 'maximal'

const DEPTH_LIMIT = 6
const ITEMS_LIMIT = 200
const BRANCHES_LIMIT = 6

/** A value that a schema allows; undefined where none was found. */
export function sampleOf(judge: Judge, schema: string, fullness: Fullness, depth = 0): Json | undefined {
  const branches = Math.max(
    1,
    ...unionsOf(schemaAt(judge.subject.document.json, schema)).map(({ length }) => length),
  )
  for (let branch = 0; branch < Math.min(branches, BRANCHES_LIMIT); branch += 1) {
    const value = candidateOf(judge, schema, fullness, { depth, branch })
    if (value !== undefined && isValid(judge, schema, value)) return value
  }
  return undefined
}

/** Does a schema allow a value in a request? */
export function isValid({ validator }: Judge, schema: string, value: Json): boolean {
  return validator.check(schema, value, 1, 'request').length === 0
}

interface Turn {
  readonly depth: number
  /** Which branch of the unions that stand at the schema itself. */
  readonly branch: number
}

function candidateOf(
  judge: Judge,
  schema: string,
  fullness: Fullness,
  { depth, branch }: Turn,
): Json | undefined {
  const { json } = judge.subject.document
  const facets = facetsOf(json, schema, (branches) => branches[branch % branches.length] ?? null)
  const words = wordsIn(facets)
  if (words !== null) return words.values.find((word) => isValid(judge, schema, word))
  for (const told of toldIn(facets)) if (isValid(judge, schema, told)) return told
  const types = typesOf(json, facets)
  const type = TYPES.find((each) => types.has(each))
  if (type === 'object') return objectOf(judge, facets, fullness, depth)
  if (type === 'array') return arrayOf(judge, facets, fullness, depth)
  if (type === 'string') return stringOf(judge, schema, facets)
  if (type === 'integer' || type === 'number') return numberOf(facets, type)
  if (type === 'boolean') return true
  return type === 'null' ? null : undefined
}

const TYPES: readonly JsonType[] = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']

/** The types that all facets admit; where none is named, what their keywords speak of. */
export function typesOf(json: JsonObject, facets: readonly Resolved[]): ReadonlySet<JsonType> {
  const all = facets.map(({ pointer }) => typesAt(json, pointer))
  const shared = TYPES.filter((type) => all.every((types) => types.has(type)))
  if (shared.length < TYPES.length) return new Set(shared)
  if (membersIn(facets).size > 0) return new Set(['object'])
  return new Set(keywordsIn(facets, 'items').length > 0 ? ['array'] : ['string'])
}

/** What the document itself gives as values: they are likelier to mean something than what is made up. */
function toldIn(facets: readonly Resolved[]): readonly Json[] {
  const [single, several, usual] = ['example', 'examples', 'default'].map((word) => keywordsIn(facets, word))
  const lists = (several ?? []).flatMap(({ value }) =>
    Array.isArray(value) ? (value as readonly Json[]) : [],
  )
  return [...(single ?? []), ...(usual ?? [])].map(({ value }) => value).concat(lists)
}

function objectOf(
  judge: Judge,
  facets: readonly Resolved[],
  fullness: Fullness,
  depth: number,
): Json | undefined {
  const { json } = judge.subject.document
  const required = requiredIn(facets)
  const members = membersIn(facets)
  const entries: [string, Json][] = []
  for (const name of new Set([...required.keys(), ...members.keys()])) {
    const schema = members.get(name)
    const needed = required.has(name)
    if (schema !== undefined && isReadOnly(json, schema)) continue
    if (!needed && (fullness === 'minimal' || depth >= DEPTH_LIMIT)) continue
    if (depth > DEPTH_LIMIT * 2) return undefined
    const value = schema === undefined ? 'standin' : sampleOf(judge, schema, fullness, depth + 1)
    if (value !== undefined) entries.push([name, value])
  }
  const least = countIn(facets, 'minProperties')?.value ?? 0
  for (let at = 0; entries.length < Math.min(least, ITEMS_LIMIT); at += 1) {
    const open = facets.find(({ value }) => memberOf(value, 'additionalProperties') !== undefined)
    const schema = open === undefined ? null : pointerTo(open.pointer, 'additionalProperties')
    const value = schema === null ? 'standin' : sampleOf(judge, schema, 'minimal', depth + 1)
    entries.push([`standin${at}`, value ?? 'standin'])
  }
  return Object.fromEntries(entries)
}

/** Is a member for answers alone? */
export function isReadOnly(json: JsonObject, schema: string): boolean {
  return keywordsIn(
    facetsOf(json, schema, () => null),
    'readOnly',
  ).some(({ value }) => value === true)
}

function arrayOf(
  judge: Judge,
  facets: readonly Resolved[],
  fullness: Fullness,
  depth: number,
): Json | undefined {
  const least = countIn(facets, 'minItems')?.value ?? 0
  const most = countIn(facets, 'maxItems')?.value ?? ITEMS_LIMIT
  const usual = fullness === 'minimal' || depth >= DEPTH_LIMIT ? 0 : 1
  return listOf(judge, facets, Math.min(Math.max(least, usual), most), fullness, depth)
}

/** A list of so many items, no two of them alike where there are enough values. */
export function listOf(
  judge: Judge,
  facets: readonly Resolved[],
  length: number,
  fullness: Fullness,
  depth = 0,
): readonly Json[] | undefined {
  if (length > ITEMS_LIMIT || depth > DEPTH_LIMIT * 2) return undefined
  const owner = facets.find(({ value }) => memberOf(value, 'items') !== undefined)
  const schema = owner === undefined ? null : pointerTo(owner.pointer, 'items')
  if (length === 0) return []
  const first = schema === null ? 'standin' : sampleOf(judge, schema, fullness, depth + 1)
  if (first === undefined) return undefined
  const items = [first]
  const seen = new Set([canonicalText(first)])
  for (const value of schema === null ? [] : variantsOf(judge, schema, first, length)) {
    if (items.length >= length) break
    if (seen.has(canonicalText(value)) || !isValid(judge, schema ?? '', value)) continue
    seen.add(canonicalText(value))
    items.push(value)
  }
  while (items.length < length) items.push(first)
  return items
}

/** Values like a first one that are perhaps allowed too. */
function variantsOf(judge: Judge, schema: string, first: Json, count: number): readonly Json[] {
  const words = wordsIn(facetsOf(judge.subject.document.json, schema, () => null))
  if (words !== null) return words.values
  const numbers = Array.from({ length: count + 1 }, (_, at) => at)
  if (typeof first === 'number') return numbers.map((at) => first + at)
  if (typeof first !== 'string') return [true, false]
  return numbers.flatMap((at) => [
    `${first}${at}`,
    first.replace(/.{1,3}$/, String(at).padStart(3, '0').slice(-3)),
  ])
}

function stringOf(judge: Judge, schema: string, facets: readonly Resolved[]): Json | undefined {
  const least = countIn(facets, 'minLength')?.value ?? 0
  const formats = keywordsIn(facets, 'format').flatMap(({ value }) => rightTexts(String(value)))
  const patterns = keywordsIn(facets, 'pattern').flatMap(({ value }) => textOf(String(value), least) ?? [])
  const plain = 'standin'
  const most = countIn(facets, 'maxLength')?.value ?? plain.length
  const padded =
    least > plain.length ? plain.padEnd(Math.min(least, 100_000), 'x') : plain.slice(0, Math.max(least, most))
  return [...patterns, ...formats, padded].find((text) => isValid(judge, schema, text))
}

function numberOf(facets: readonly Resolved[], type: 'integer' | 'number'): number {
  const [low, high] = [boundIn(facets, 'minimum'), boundIn(facets, 'maximum')]
  const step = countIn(facets, 'multipleOf')?.value ?? (type === 'integer' ? 1 : 0.5)
  if (low !== null) {
    const first = Math.ceil(low.value / step) * step
    return low.exclusive && first <= low.value ? first + step : first
  }
  if (high === null) return step
  if (high.value > step) return step
  const last = Math.floor(high.value / step) * step
  return high.exclusive && last >= high.value ? last - step : last
}
