/**
 * Schemas of every dialect said in one, JSON Schema 2020-12. One schema object at a time, and always a copy:
 * what it holds is for the same rules when its turn comes.
 *
 * @see https://spec.openapis.org/oas/v3.0.3#schema-object for the 3.0 rules.
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, memberOf, objectAt, textAt } from '../model/json.ts'

/** What a schema object is written in; `draft-07` only where `$schema` says so. */
export type Dialect = '3.0' | '2020-12' | 'draft-07'

const BY_ADDRESS: Readonly<Record<string, Dialect>> = {
  'https://json-schema.org/draft/2020-12/schema': '2020-12',
  'https://spec.openapis.org/oas/3.1/dialect/base': '2020-12',
  'http://json-schema.org/draft-07/schema': 'draft-07',
  'https://json-schema.org/draft-07/schema': 'draft-07',
}

/** The dialect that `$schema` or `jsonSchemaDialect` names; null for one that is not understood. */
export function dialectNamed(address: string): Dialect | null {
  const plain = address.replace(/#$/, '')
  // 3.2 dates its dialects: https://spec.openapis.org/oas/3.2/dialect/2025-09-17
  if (/^https:\/\/spec\.openapis\.org\/oas\/3\.[12]\/dialect\/[\w-]+$/.test(plain)) return '2020-12'
  return Object.hasOwn(BY_ADDRESS, plain) ? (BY_ADDRESS[plain] ?? null) : null
}

/** What is wrong with a schema object in its own dialect alone. */
export interface DialectFault {
  readonly keyword: string
  readonly message: string
}

/** A schema object in the terms of 2020-12. */
export function translate(schema: JsonObject, dialect: Dialect): JsonObject {
  if (dialect === '3.0') return from30(schema)
  return dialect === 'draft-07' ? from07(schema) : from2020(schema)
}

/** What 3.0 and 3.1 say differently, said in the other's words, is a mistake of its author. */
export function dialectFaults(schema: JsonObject, dialect: Dialect): readonly DialectFault[] {
  if (dialect !== '3.0' || typeof memberOf(schema, '$ref') === 'string') return []
  const faults: DialectFault[] = []
  const type = memberOf(schema, 'type')
  if (Array.isArray(type)) {
    faults.push({ keyword: 'type', message: 'is one name in OpenAPI 3.0; `nullable: true` adds null' })
  } else if (type === 'null') {
    faults.push({ keyword: 'type', message: 'null is no type of OpenAPI 3.0; `nullable: true` adds it' })
  }
  if (Array.isArray(memberOf(schema, 'items'))) {
    faults.push({ keyword: 'items', message: 'is one schema in OpenAPI 3.0, not a list' })
  }
  return faults
}

/** Siblings of `$ref` do not count, `nullable` adds null to `type`, exclusive bounds are booleans. */
function from30(schema: JsonObject): JsonObject {
  if (typeof memberOf(schema, '$ref') === 'string') return { $ref: schema['$ref'] ?? null }
  const result: Record<string, Json> = { ...schema }
  const type = memberOf(schema, 'type')
  // Null must be in `enum` too, and `nullable` without `type` says nothing: 3.0.3 is clear on both.
  if (memberOf(schema, 'nullable') === true && typeof type === 'string') result['type'] = [type, 'null']
  exclusive(result, 'minimum', 'exclusiveMinimum')
  exclusive(result, 'maximum', 'exclusiveMaximum')
  for (const keyword of ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$schema']) delete result[keyword]
  return result
}

function exclusive(schema: Record<string, Json>, bound: string, keyword: string): void {
  const flag = schema[keyword]
  if (typeof flag !== 'boolean') return
  delete schema[keyword]
  const value = schema[bound]
  if (!flag || value === undefined) return
  schema[keyword] = value
  delete schema[bound]
}

/** A list under `items` is what `prefixItems` became; its faults are told of as advice. */
function from2020(schema: JsonObject): JsonObject {
  return Array.isArray(memberOf(schema, 'items')) ? withPrefixItems(schema) : schema
}

/** Lists of items, `dependencies`, and `$ref` alone. */
function from07(schema: JsonObject): JsonObject {
  if (typeof memberOf(schema, '$ref') === 'string') return { $ref: schema['$ref'] ?? null }
  const result: Record<string, Json> = { ...withPrefixItems(schema) }
  const dependencies = Object.entries(objectAt(schema, 'dependencies'))
  delete result['dependencies']
  result['dependentRequired'] = Object.fromEntries(dependencies.filter(([, each]) => Array.isArray(each)))
  result['dependentSchemas'] = Object.fromEntries(dependencies.filter(([, each]) => !Array.isArray(each)))
  return result
}

function withPrefixItems(schema: JsonObject): JsonObject {
  const { items, additionalItems, ...result } = schema
  if (!Array.isArray(items)) return items === undefined ? result : { ...result, items }
  return {
    ...result,
    prefixItems: items,
    ...(additionalItems === undefined ? {} : { items: additionalItems }),
  }
}

/** Where a keyword of the translation stands in what was written. */
export function writtenAt(schema: JsonObject, dialect: Dialect, keyword: string): string {
  if (dialect === '3.0' || !isObject(schema)) return keyword
  if (keyword === 'prefixItems' && Array.isArray(memberOf(schema, 'items'))) return 'items'
  if (keyword === 'items' && Array.isArray(memberOf(schema, 'items'))) return 'additionalItems'
  const dependent = keyword === 'dependentRequired' || keyword === 'dependentSchemas'
  return dialect === 'draft-07' && dependent && textAt(schema, keyword) === '' ? 'dependencies' : keyword
}
