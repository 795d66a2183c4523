/**
 * JSON pointers (RFC 6901): making them, splitting them, following them.
 * Nothing here knows references; that is `openapi/reference.ts`.
 *
 * @module
 */
import type { Json } from './json.ts'
import { isObject } from './json.ts'

/** Appends segments to a pointer, escaped. */
export function pointerTo(base: string, ...segments: readonly (string | number)[]): string {
  return base + segments.map((segment) => `/${escapeSegment(String(segment))}`).join('')
}

function escapeSegment(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The segments of a pointer, unescaped; the pointer to the whole value has none. */
export function segmentsOf(pointer: string): readonly string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value a pointer leads to, or undefined where it leads nowhere. */
export function readPointer(value: Json, pointer: string): Json | undefined {
  let node: Json | undefined = value
  for (const segment of segmentsOf(pointer)) {
    if (Array.isArray(node)) node = (node as readonly Json[])[Number(segment)]
    else if (isObject(node) && Object.hasOwn(node, segment)) node = node[segment]
    else return undefined
  }
  return node
}

/** Every value a pointer leads to, where `*` stands for each item of a list or each member of an object. */
export function readEach(value: Json, pointer: string): readonly Json[] {
  let nodes: readonly Json[] = [value]
  for (const segment of segmentsOf(pointer)) {
    nodes = nodes.flatMap((node) => {
      if (segment === '*') return Array.isArray(node) || isObject(node) ? Object.values(node) : []
      const next = readPointer(node, pointerTo('', segment))
      return next === undefined ? [] : [next]
    })
  }
  return nodes
}

/** A copy of a value with one place replaced; missing objects on the way are made. */
export function withPointer(value: Json, pointer: string, replacement: Json): Json {
  const [first, ...rest] = segmentsOf(pointer)
  if (first === undefined) return replacement
  const base = isObject(value) ? value : {}
  const inner = Object.hasOwn(base, first) ? (base[first] ?? null) : null
  return { ...base, [first]: withPointer(inner, pointerTo('', ...rest), replacement) }
}
