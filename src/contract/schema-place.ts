/**
 * From a place in an answer to the place in the document that describes it, and what the document says there.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt } from '../model/json.ts'
import { pointerTo, segmentsOf } from '../model/pointer.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Resolved } from '../openapi/reference.ts'
import { resolve } from '../openapi/reference.ts'

const DEPTH_LIMIT = 8
const UNIONS = ['allOf', 'anyOf', 'oneOf'] as const

/**
 * Follows a pointer into a value through the schema of the value.
 *
 * @param schema - Pointer to the schema of the whole value.
 * @param at - Pointer into the value; `*` stands for any item.
 * @returns Pointer to what describes the place; to its nearest described ancestor where nothing does.
 */
export function schemaPlace(document: JsonObject, schema: string, at: string): string {
  let place = schema
  for (const segment of segmentsOf(at)) {
    const next = step(document, place, segment, 0)
    if (next === null) return place
    place = next
  }
  return place
}

function step(document: JsonObject, place: string, segment: string, depth: number): string | null {
  const { pointer, value } = schemaAt(document, place)
  if (isObject(memberOf(objectAt(value, 'properties'), segment))) {
    return pointerTo(pointer, 'properties', segment)
  }
  if (/^(?:\d+|\*)$/.test(segment) && isObject(memberOf(value, 'items'))) return pointerTo(pointer, 'items')
  if (isObject(memberOf(value, 'additionalProperties'))) return pointerTo(pointer, 'additionalProperties')
  if (depth < DEPTH_LIMIT) {
    for (const branch of branchesAt(pointer, value)) {
      const found = step(document, branch, segment, depth + 1)
      if (found !== null) return found
    }
  }
  return null
}

function branchesAt(pointer: string, schema: JsonObject): readonly string[] {
  return UNIONS.flatMap((keyword) => listAt(schema, keyword).map((_, at) => pointerTo(pointer, keyword, at)))
}

/** The schema at a place, references followed; one that is true, false or nowhere says nothing. */
export function schemaAt(document: JsonObject, pointer: string): Resolved {
  try {
    return resolve(document, pointer)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { pointer, value: {} }
  }
}

/** A keyword's value and where it stands. */
export interface Keyword {
  readonly value: Json
  readonly pointer: string
}

/** The value of a keyword at a schema or, where it lacks it, at the first of its branches that has it. */
export function keywordAt(document: JsonObject, schema: string, keyword: string, depth = 0): Keyword | null {
  const { pointer, value } = schemaAt(document, schema)
  const own = memberOf(value, keyword)
  if (own !== undefined) return { value: own, pointer: pointerTo(pointer, keyword) }
  if (depth >= DEPTH_LIMIT) return null
  for (const branch of branchesAt(pointer, value)) {
    const found = keywordAt(document, branch, keyword, depth + 1)
    if (found !== null) return found
  }
  return null
}

/** The names that a schema gives to members, its branches included. */
export function memberNames(document: JsonObject, schema: string, depth = 0): readonly string[] {
  const { pointer, value } = schemaAt(document, schema)
  const own = Object.keys(objectAt(value, 'properties'))
  if (depth >= DEPTH_LIMIT) return own
  const inner = branchesAt(pointer, value).flatMap((branch) => memberNames(document, branch, depth + 1))
  return [...new Set([...own, ...inner])]
}

/** The members that a schema requires; of its branches those that all count. */
export function requiredAt(document: JsonObject, schema: string, depth = 0): readonly Json[] {
  const { pointer, value } = schemaAt(document, schema)
  const own = listAt(value, 'required')
  if (depth >= DEPTH_LIMIT) return own
  const parts = listAt(value, 'allOf').map((_, at) => pointerTo(pointer, 'allOf', at))
  return [...own, ...parts.flatMap((part) => requiredAt(document, part, depth + 1))]
}
