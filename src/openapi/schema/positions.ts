/**
 * Where in a document schemas and references stand, and where data only looks like one.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'

/**
 * What stands at a place: a schema, an object or list of schemas, or of other things, or another thing.
 * Among things that are `named` none is an extension, whatever it is called.
 */
export type Kind = 'other' | 'others' | 'named' | 'schema' | 'schemas'

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
/** Members of these are called as their authors like, but for extensions. */
const OTHERS = new Set(['paths', 'responses'])
const NAMED_OTHERS = new Set([
  'additionalOperations',
  'callbacks',
  'content',
  'encoding',
  'examples',
  'headers',
  'links',
  'mediaTypes',
  'parameters',
  'pathItems',
  'requestBodies',
  'securitySchemes',
  'variables',
  'webhooks',
])

type Visit = (node: Json, pointer: string, kind: Kind) => void

/** Calls on every schema of a document, an outer one before those inside. */
export function visitSchemas(json: Json, kind: Kind, visit: (schema: Json, pointer: string) => void): void {
  walk(json, '', kind, (node, pointer, each) => {
    if (each === 'schema' && !Array.isArray(node)) visit(node, pointer)
  })
}

/** Calls on everything that is neither a schema nor plain data. */
export function visitOthers(json: Json, visit: (node: JsonObject, pointer: string) => void): void {
  walk(json, '', 'other', (node, pointer, kind) => {
    if (kind === 'other' && isObject(node)) visit(node, pointer)
  })
}

/** Calls on every reference of a document, in its order; a text in plain data is none. */
export function visitReferences(json: Json, visit: (reference: string, pointer: string) => void): void {
  walk(json, '', 'other', (node, pointer, kind) => {
    const reference = kind === 'schema' || kind === 'other' ? memberOf(node, '$ref') : undefined
    if (typeof reference === 'string') visit(reference, pointer)
  })
}

function walk(node: Json, pointer: string, kind: Kind, visit: Visit): void {
  visit(node, pointer, kind)
  if (Array.isArray(node)) {
    for (const [position, item] of (node as readonly Json[]).entries()) {
      const inner = kindOfItem(kind)
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

function kindOfItem(owner: Kind): Kind {
  if (owner === 'schemas') return 'schema'
  return owner === 'others' || owner === 'named' ? 'other' : owner
}

/** What stands under a member; null for plain data. */
function kindOf(name: string, owner: Kind): Kind | null {
  if (owner === 'schemas') return 'schema'
  if (owner === 'named') return 'other'
  if (owner === 'others') return name.startsWith('x-') ? null : 'other'
  if (owner === 'schema') {
    if (ONE_SCHEMA.has(name)) return 'schema'
    return NAMED_SCHEMAS.has(name) || LISTED_SCHEMAS.has(name) ? 'schemas' : null
  }
  if (NAMED_OTHERS.has(name)) return 'named'
  if (name.startsWith('x-') || DATA.has(name)) return null
  if (name === 'schema' || name === 'itemSchema') return 'schema'
  if (name === 'schemas') return 'schemas'
  return OTHERS.has(name) ? 'others' : 'other'
}
