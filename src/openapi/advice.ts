/**
 * What the author of a document should know although nothing about it is wrong: keywords of schemas that are
 * probably misspelt, such as say nothing where they stand, and what is not read.
 *
 * @module
 */
import { distance } from 'fastest-levenshtein'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, memberOf, objectAt } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import type { Document } from './document.ts'
import { compilePattern } from './pattern.ts'
import { visitOthers, visitSchemas } from './schema/positions.ts'

/** A remark on a place in a document. */
export interface Advice {
  readonly pointer: string
  readonly message: string
}

const BOTH = [
  ...['title', 'multipleOf', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength'],
  ...['minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'maxProperties', 'minProperties'],
  ...['required', 'enum', 'type', 'allOf', 'oneOf', 'anyOf', 'not', 'items', 'properties'],
  ...['additionalProperties', 'description', 'format', 'default', 'readOnly', 'writeOnly', 'deprecated'],
  ...['example', 'discriminator', 'xml', 'externalDocs', '$ref'],
]
const KEYWORDS = {
  '3.0': new Set([...BOTH, 'nullable']),
  '3.1': new Set([
    ...BOTH,
    ...['$id', '$schema', '$anchor', '$dynamicAnchor', '$dynamicRef', '$vocabulary', '$comment', '$defs'],
    ...['definitions', 'prefixItems', 'additionalItems', 'contains', 'minContains', 'maxContains', 'const'],
    ...['patternProperties', 'propertyNames', 'dependentSchemas', 'dependentRequired', 'dependencies'],
    ...['unevaluatedItems', 'unevaluatedProperties', 'if', 'then', 'else', 'examples', 'contentEncoding'],
    ...['contentMediaType', 'contentSchema'],
  ]),
} as const

/** More steps than this away a name is another one. */
const STEPS = 2

/** All advice on a document: on its schemas in their order, then on the rest. */
export function adviceOn({ json, dialect }: Document): readonly Advice[] {
  const found: Advice[] = []
  visitSchemas(json, 'other', (schema, pointer) => {
    if (!isObject(schema)) return
    const add = (keyword: string, message: string): void => {
      found.push({ pointer: pointerTo(pointer, keyword), message: `\`${keyword}\` ${message}` })
    }
    for (const keyword of Object.keys(schema)) {
      if (keyword.startsWith('x-') || KEYWORDS[dialect].has(keyword)) continue
      const near = nearest(keyword, [...KEYWORDS[dialect]])
      if (near !== null) add(keyword, `is no keyword of schemas; did you mean \`${near}\`?`)
    }
    for (const [keyword, message] of dialect === '3.0' ? adviceOn30(schema) : adviceOn31(schema)) {
      add(keyword, message)
    }
    for (const [keyword, pattern] of patternsOf(schema)) {
      const compiled = compilePattern(pattern)
      if (!('fault' in compiled) && compiled.advice !== undefined)
        add(keyword, `${pattern} ${compiled.advice}`)
    }
  })
  visitOthers(json, (node, pointer) => {
    if (memberOf(node, 'in') !== 'querystring') return
    const message = '`querystring` is not read: nothing is judged by it, and no request has what it asks for'
    found.push({ pointer: pointerTo(pointer, 'in'), message })
  })
  return found
}

function adviceOn30(schema: JsonObject): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  const siblings = Object.keys(schema).filter(
    (keyword) => !/^(?:\$ref|description|summary|x-.*)$/.test(keyword),
  )
  if (typeof memberOf(schema, '$ref') === 'string' && siblings[0] !== undefined) {
    return [[siblings[0], 'says nothing beside `$ref` in OpenAPI 3.0; wrap the reference in `allOf`']]
  }
  if (memberOf(schema, 'nullable') === true) {
    const allowed = memberOf(schema, 'enum')
    if (memberOf(schema, 'type') === undefined) found.push(['nullable', 'says nothing without `type`'])
    else if (Array.isArray(allowed) && !allowed.includes(null)) {
      found.push(['nullable', 'says nothing where `enum` does not list null'])
    }
  }
  return found
}

function adviceOn31(schema: JsonObject): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  if (Object.hasOwn(schema, 'nullable')) {
    found.push(['nullable', 'says nothing since OpenAPI 3.1; add "null" to `type`'])
  }
  if (Array.isArray(memberOf(schema, 'items'))) {
    found.push(['items', 'is one schema since 2020-12; the list is read as `prefixItems`'])
  }
  return found
}

function patternsOf(schema: JsonObject): readonly (readonly [string, string])[] {
  const own: Json | undefined = memberOf(schema, 'pattern')
  const keys = Object.keys(objectAt(schema, 'patternProperties'))
  return [
    ...(typeof own === 'string' ? [['pattern', own] as const] : []),
    ...keys.map((pattern) => ['patternProperties', pattern] as const),
  ]
}

function nearest(name: string, known: readonly string[]): string | null {
  const ranked = known
    .map((each) => ({ each, steps: distance(each.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps)
  const [best] = ranked
  return best !== undefined && best.steps <= Math.min(STEPS, Math.floor(name.length / 3)) ? best.each : null
}
