/**
 * JSON Merge Patch: a value that says what differs from another.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7396
 * @module
 */
import type { Json, JsonObject } from './json.ts'
import { isObject } from './json.ts'

/** The value with the patch applied: members that are null in the patch are taken out. */
export function mergePatch(value: Json, patch: Json): Json {
  if (!isObject(patch)) return patch
  const merged = new Map(Object.entries(isObject(value) ? value : {}))
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) merged.delete(name)
    else merged.set(name, mergePatch(merged.get(name) ?? null, change))
  }
  return Object.fromEntries(merged) as JsonObject
}
