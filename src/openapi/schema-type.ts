/**
 * Which JSON types a schema admits, read off its keywords without compiling it.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../model/json.ts'
import { isObject, listAt, memberOf } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import { resolve } from './reference.ts'

const ALL: readonly JsonType[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
const DEPTH_LIMIT = 16

/** The types a schema admits; all of them where it does not say. */
export function typesAt(document: JsonObject, pointer: string, depth = 0): ReadonlySet<JsonType> {
  const literal = readPointer(document, pointer)
  if (typeof literal === 'boolean') return new Set(literal ? ALL : [])
  const { pointer: at, value: schema } = resolve(document, pointer)
  let types = new Set<JsonType>(ownTypes(schema))
  if (depth >= DEPTH_LIMIT) return types
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const branches = listAt(schema, keyword)
    if (branches.length === 0) continue
    const union = new Set<JsonType>()
    branches.forEach((_, position) => {
      for (const type of branchTypes(document, pointerTo(at, keyword, position), depth)) union.add(type)
    })
    types = new Set([...types].filter((type) => union.has(type)))
  }
  listAt(schema, 'allOf').forEach((_, position) => {
    const part = branchTypes(document, pointerTo(at, 'allOf', position), depth)
    types = new Set([...types].filter((type) => part.has(type)))
  })
  return types
}

function branchTypes(document: JsonObject, pointer: string, depth: number): ReadonlySet<JsonType> {
  return typesAt(document, pointer, depth + 1)
}

function ownTypes(schema: JsonObject): readonly JsonType[] {
  const declared = memberOf(schema, 'type')
  const names = typeof declared === 'string' ? [declared] : Array.isArray(declared) ? declared : null
  const types = names === null ? literalTypes(schema) : withInteger(names as JsonType[])
  return memberOf(schema, 'nullable') === true && names !== null ? [...types, 'null'] : types
}

function withInteger(names: readonly JsonType[]): readonly JsonType[] {
  return names.includes('number') ? [...names, 'integer'] : names
}

function literalTypes(schema: JsonObject): readonly JsonType[] {
  const constant = memberOf(schema, 'const')
  if (constant !== undefined) return withInteger([typeOf(constant)])
  const values = listAt(schema, 'enum')
  return values.length === 0 ? ALL : withInteger(values.map(typeOf))
}

/** The JSON type of a value; whole numbers are integers. */
export function typeOf(value: Json): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isObject(value)) return 'object'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as JsonType
}
