/**
 * JSON as values: the types, and the few questions one asks of a value.
 * Parsing text and pointing into values are elsewhere.
 *
 * @module
 */

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object; read members with `Object.hasOwn` when the name comes from outside. */
export interface JsonObject {
  readonly [name: string]: Json
}

/** The names JSON Schema gives to kinds of values. */
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object'

/** Is it an object, and neither null nor an array? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Is it null, a boolean, a number or a string? */
export function isScalar(value: Json): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null
}

/** The own member of that name, or undefined; names such as `constructor` find nothing inherited. */
export function memberOf(value: unknown, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** The member if it is an object, else an empty one. */
export function objectAt(value: unknown, name: string): JsonObject {
  const member = memberOf(value, name)
  return isObject(member) ? member : {}
}

/** The member if it is an array, else an empty one. */
export function listAt(value: unknown, name: string): readonly Json[] {
  const member = memberOf(value, name)
  return Array.isArray(member) ? (member as readonly Json[]) : []
}

/** The member if it is a string, else the fallback. */
export function textAt(value: unknown, name: string, fallback = ''): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : fallback
}

/** The member if it is a string, else null. */
export function textOrNull(value: unknown, name: string): string | null {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : null
}

/** One text for equal values, whatever the order of their members: a key for sets and maps. */
export function canonicalText(value: Json): string {
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? '0' : String(value)
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) text += `${text === '' ? '' : ','}${canonicalText(item)}`
    return `[${text}]`
  }
  if (!isObject(value)) return JSON.stringify(value)
  for (const name of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalText(value[name] ?? null)}`
  }
  return `{${text}}`
}
