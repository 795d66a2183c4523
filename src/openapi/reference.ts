/**
 * References inside one document: following them, cycles included. Files and networks are never touched.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, memberOf } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import { UsageError } from '../model/usage-error.ts'

/** A place in a document after its references were followed. */
export interface Resolved {
  readonly pointer: string
  readonly value: JsonObject
}

const CHAIN_LIMIT = 64

/**
 * Follows `$ref` from a place until something else stands there.
 *
 * @throws {@link UsageError} when a reference leads nowhere, outside the document or round in a circle.
 */
export function resolve(document: Json, pointer: string): Resolved {
  let at = pointer
  for (let step = 0; step < CHAIN_LIMIT; step += 1) {
    const value = readPointer(document, at)
    if (!isObject(value)) throw new UsageError(`${at} holds nothing that can be used`)
    const reference = memberOf(value, '$ref')
    if (typeof reference !== 'string') return { pointer: at, value }
    at = targetOf(reference, at)
    if (readPointer(document, at) === undefined) {
      throw new UsageError(`$ref ${reference} leads nowhere (from ${pointer})`)
    }
  }
  throw new UsageError(`$ref goes round in a circle (from ${pointer})`)
}

/** Descends from a place by member names, following the references met on the way. */
export function descend(document: Json, pointer: string, steps: readonly (string | number)[]): string {
  return steps.reduce<string>((at, step) => pointerTo(resolve(document, at).pointer, step), pointer)
}

/**
 * The pointer that a reference within the document stands for.
 *
 * @throws {@link UsageError} when it points outside the document.
 */
export function targetOf(reference: string, from: string): string {
  if (!reference.startsWith('#')) {
    throw new UsageError(
      `$ref ${reference} leaves the document (at ${from}); put what it needs into components`,
    )
  }
  return decodeURIComponent(reference.slice(1))
}
