/**
 * `readOnly` and `writeOnly`: which members have no place in a request or in an answer, whichever of the
 * schemas applied to the same value says so.
 *
 * @module
 */
import type { Direction, SchemaNode } from './node.ts'

const FLAGS = { request: 'readOnly', response: 'writeOnly' } as const

/** The keyword that bars a member from a direction. */
export function barOf(direction: Direction): 'readOnly' | 'writeOnly' {
  return FLAGS[direction]
}

/** The members that have no place in that direction, by a schema and all it applies to the same value. */
export function exemptOf(node: SchemaNode, direction: Direction): ReadonlySet<string> {
  const known = node.exempt.get(direction)
  if (known !== undefined) return known
  const names = new Set<string>()
  for (const { children } of closureOf(node, false)) {
    for (const [key, child] of children) {
      if (key.startsWith('properties/') && isBarred(child, direction)) names.add(key.slice(11))
    }
  }
  node.exempt.set(direction, names)
  return names
}

/** Does a member's schema, or one that always comes with it, bar it from that direction? */
export function isBarred(node: SchemaNode, direction: Direction): boolean {
  const flag = FLAGS[direction]
  for (const { source } of closureOf(node, true)) {
    if (typeof source === 'object' && source[flag] === true) return true
  }
  return false
}

/** A schema and those it applies to the same value, each once. */
function closureOf(node: SchemaNode, always: boolean): ReadonlySet<SchemaNode> {
  const closure = new Set([node])
  for (const each of closure) {
    for (const part of each.inPlace) if (part.always || !always) closure.add(part.node)
  }
  return closure
}
