/**
 * Variants of a body that the document all allows: its examples, the least, the most, each word of each
 * member, each branch, null where null may be.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { canonicalText, isObject, memberOf } from '../../model/json.ts'
import type { MediaType } from '../../openapi/operation.ts'
import { schemaAt } from '../schema-place.ts'
import type { Judge } from '../subject.ts'
import { edgesOf } from './boundary.ts'
import { facetsOf, membersIn, requiredIn, unionsOf, wordsIn } from './facet.ts'
import { isReadOnly, isValid, sampleOf, typesOf } from './sample.ts'

/** A body and what it has in it. */
export interface Variant {
  readonly value: Json
  readonly what: string
}

const VARIANTS_LIMIT = 16

/** The variants of a body, without repetition, the documented examples first. */
export function bodyVariants(judge: Judge, { schema, examples }: MediaType): readonly Variant[] {
  const told = [...examples].map(([name, value]) => ({ value, what: `the documented example ${name}` }))
  if (schema === null) return told
  const usual = told.find(({ value }) => isValid(judge, schema, value))?.value
  const base = usual ?? sampleOf(judge, schema, 'minimal')
  const most = sampleOf(judge, schema, 'maximal')
  const made: Variant[] = [...told]
  if (isObject(base)) made.push({ value: leastOf(judge, schema, base), what: 'the least' })
  else if (base !== undefined) made.push({ value: base, what: 'the least' })
  if (most !== undefined) {
    made.push({ value: isObject(most) && isObject(usual) ? { ...most, ...usual } : most, what: 'the most' })
  }
  made.push(...branchesOf(judge, schema))
  if (isObject(base)) made.push(...memberVariants(judge, schema, base))
  const seen = new Set<string>()
  const kept = made.filter(({ value }) => {
    const text = canonicalText(value)
    if (seen.has(text) || !isValid(judge, schema, value)) return false
    return seen.add(text) !== undefined
  })
  return kept.slice(0, VARIANTS_LIMIT)
}

/** A body with nothing but what is required. */
function leastOf(judge: Judge, schema: string, base: JsonObject): Json {
  const kept = (branches: readonly string[]): string | null =>
    branches.find((branch) => isValid(judge, branch, base)) ?? null
  const required = requiredIn(facetsOf(judge.subject.document.json, schema, kept))
  const least = Object.fromEntries(Object.entries(base).filter(([name]) => required.has(name)))
  return isValid(judge, schema, least) ? least : base
}

function branchesOf(judge: Judge, schema: string): readonly Variant[] {
  const unions = unionsOf(schemaAt(judge.subject.document.json, schema))
  return unions.flat().flatMap((branch, at) => {
    const value = sampleOf(judge, branch, 'minimal')
    return value === undefined ? [] : [{ value, what: `branch ${at + 1}` }]
  })
}

/** One member at a time at the values where its schema ends, words before bounds before null. */
function memberVariants(judge: Judge, schema: string, base: JsonObject): readonly Variant[] {
  const { json } = judge.subject.document
  const first = (branches: readonly string[]): string | null => branches[0] ?? null
  const words: Variant[] = []
  const bounds: Variant[] = []
  for (const [name, member] of membersIn(facetsOf(json, schema, first))) {
    if (isReadOnly(json, member)) continue
    const facets = facetsOf(json, member, first)
    const target = wordsIn(facets) === null ? bounds : words
    const nulls = typesOf(json, facets).has('null') ? [null] : []
    for (const value of [...edgesOf(judge, member), ...nulls]) {
      if (typeof value === 'string' && target === bounds) continue
      if (canonicalText(value) === canonicalText(memberOf(base, name) ?? {})) continue
      target.push({ value: { ...base, [name]: value }, what: `${name} ${JSON.stringify(value)}` })
    }
  }
  return [...words, ...bounds]
}
