/**
 * Documents of every version made one dialect, JSON Schema 2020-12: a copy in which OpenAPI 3.0's own
 * keywords are said in 2020-12, and what no schema validator should see (examples, extensions) is left out.
 * Only schema positions are rewritten; data that looks like a schema stays as it is.
 *
 * @see https://spec.openapis.org/oas/v3.0.3#schema-object for the 3.0 rules.
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, memberOf } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'

/** A document in 2020-12 terms, and where each of its schema objects stood in the original. */
export interface Translation {
  readonly json: JsonObject
  readonly origins: WeakMap<object, string>
}

type Kind = 'other' | 'schema' | 'schemas'

const ONE_SCHEMA = new Set([
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'contentSchema',
])
const MANY_SCHEMAS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'allOf',
  'anyOf',
  'oneOf',
  'prefixItems',
])
const DROPPED = new Set(['example', 'examples', 'xml', 'externalDocs', 'discriminator', 'nullable'])

/** Copies a document into 2020-12 terms. */
export function translate(document: JsonObject, dialect: '3.0' | '3.1'): Translation {
  const origins = new WeakMap<object, string>()

  function copy(node: Json, pointer: string, kind: Kind): Json {
    if (Array.isArray(node)) {
      const items = node as readonly Json[]
      return items.map((item, position) =>
        copy(item, pointerTo(pointer, position), kind === 'schemas' ? 'schema' : kind),
      )
    }
    if (!isObject(node)) return node
    const source = kind === 'schema' && dialect === '3.0' ? from30(node) : node
    const target: Record<string, Json> = {}
    for (const [name, member] of Object.entries(source)) {
      if (kind !== 'schemas' && (name.startsWith('x-') || DROPPED.has(name))) continue
      const inner = kindOf(name, kind)
      const value = inner === null ? member : copy(member, pointerTo(pointer, name), inner)
      Object.defineProperty(target, name, { value, enumerable: true, writable: true, configurable: true })
    }
    if (kind === 'schema') origins.set(target, pointer)
    return target
  }

  return { json: copy(document, '', 'other') as JsonObject, origins }
}

/** What stands under a member; null for plain data. */
function kindOf(name: string, owner: Kind): Kind | null {
  if (owner === 'schemas') return 'schema'
  if (owner === 'schema') return ONE_SCHEMA.has(name) ? 'schema' : MANY_SCHEMAS.has(name) ? 'schemas' : null
  if (name === 'schema' || name === 'itemSchema') return 'schema'
  return name === 'schemas' ? 'schemas' : 'other'
}

/** In 3.0 siblings of `$ref` do not count, `nullable` adds null to `type`, exclusive bounds are booleans. */
function from30(schema: JsonObject): JsonObject {
  if (typeof memberOf(schema, '$ref') === 'string') return { $ref: schema['$ref'] ?? null }
  const result: Record<string, Json> = { ...schema }
  const type = memberOf(schema, 'type')
  if (memberOf(schema, 'nullable') === true && typeof type === 'string') result['type'] = [type, 'null']
  exclusive(result, 'minimum', 'exclusiveMinimum')
  exclusive(result, 'maximum', 'exclusiveMaximum')
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
