/**
 * Where in a document schemas stand, and where data only looks like one.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'

/** What stands at a place: a schema, an object or list of schemas, or of other things, or another thing. */
export type Kind = 'other' | 'others' | 'schema' | 'schemas'

/** Keywords that hold one schema. */
const ONE_SCHEMA = new Set([
  'items',
  'additionalItems',
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

/** Keywords that hold schemas by name. */
const NAMED_SCHEMAS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])

const LISTED_SCHEMAS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const DATA = new Set(['example', 'examples', 'default', 'enum', 'const', 'value', 'dataValue'])
/** Members of these are called as their authors like. */
const NAMED_OTHERS = new Set([
  'additionalOperations',
  'callbacks',
  'content',
  'encoding',
  'headers',
  'mediaTypes',
  'parameters',
  'pathItems',
  'paths',
  'requestBodies',
  'responses',
  'webhooks',
])

/** Calls on every schema of a document, an outer one before those inside. */
export function visitSchemas(json: Json, kind: Kind, visit: (schema: Json, pointer: string) => void): void {
  walk(json, '', kind, visit)
}

function walk(node: Json, pointer: string, kind: Kind, visit: (schema: Json, pointer: string) => void): void {
  if (kind === 'schema' && !Array.isArray(node)) visit(node, pointer)
  if (Array.isArray(node)) {
    for (const [position, item] of (node as readonly Json[]).entries()) {
      const inner = kind === 'schemas' ? 'schema' : kind === 'others' ? 'other' : kind
      if (typeof item === 'object' || inner === 'schema')
        walk(item, pointerTo(pointer, position), inner, visit)
    }
  } else if (isObject(node)) {
    for (const [name, member] of Object.entries(node)) {
      const inner = kindOf(name, kind)
      if (inner !== null) walk(member, pointerTo(pointer, name), inner, visit)
    }
  }
}

/** What stands under a member; null for plain data. */
function kindOf(name: string, owner: Kind): Kind | null {
  if (owner === 'schemas') return 'schema'
  if (owner === 'others') return name.startsWith('x-') ? null : 'other'
  if (owner === 'schema') {
    if (ONE_SCHEMA.has(name)) return 'schema'
    return NAMED_SCHEMAS.has(name) || LISTED_SCHEMAS.has(name) ? 'schemas' : null
  }
  if (name.startsWith('x-') || DATA.has(name)) return null
  if (name === 'schema' || name === 'itemSchema') return 'schema'
  if (name === 'schemas') return 'schemas'
  return NAMED_OTHERS.has(name) ? 'others' : 'other'
}
