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
  let pointer = base
  for (const segment of segments) {
    pointer += typeof segment === 'number' ? `/${segment}` : `/${escapeSegment(segment)}`
  }
  return pointer
}

function escapeSegment(segment: string): string {
  return /[~/]/.test(segment) ? segment.replaceAll('~', '~0').replaceAll('/', '~1') : segment
}

/** The segments of a pointer, unescaped; the pointer to the whole value has none. */
export function segmentsOf(pointer: string): readonly string[] {
  if (pointer === '') return []
  const segments = pointer.slice(1).split('/')
  return pointer.includes('~') ? segments.map(unescapeSegment) : segments
}

function unescapeSegment(segment: string): string {
  return segment.includes('~') ? segment.replaceAll('~1', '/').replaceAll('~0', '~') : segment
}

/** The item or member of a value that a segment names, unescaped; undefined where there is none. */
export function childAt(value: Json, segment: string): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[])[Number(segment)]
  return isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined
}

/** The value a pointer leads to, or undefined where it leads nowhere. */
export function readPointer(value: Json, pointer: string): Json | undefined {
  let node: Json | undefined = value
  for (let start = 1; start <= pointer.length && node !== undefined; ) {
    const slash = pointer.indexOf('/', start)
    const end = slash === -1 ? pointer.length : slash
    node = childAt(node, unescapeSegment(pointer.slice(start, end)))
    start = end + 1
  }
  return node
}

/** Every value a pointer leads to, where `*` stands for each item of a list or each member of an object. */
export function readEach(value: Json, pointer: string): readonly Json[] {
  if (!pointer.includes('*')) {
    const only = readPointer(value, pointer)
    return only === undefined ? [] : [only]
  }
  let nodes: readonly Json[] = [value]
  for (const segment of segmentsOf(pointer)) {
    nodes = nodes.flatMap((node) => {
      if (segment === '*') return Array.isArray(node) || isObject(node) ? Object.values(node) : []
      const next = childAt(node, segment)
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
