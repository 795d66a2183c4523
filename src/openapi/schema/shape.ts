/**
 * What can be told of a schema by its shape alone: whether references go round in a circle, and whether
 * judging it without remembering verdicts can take exponential time.
 *
 * @module
 */
import type { Fault } from './fault.ts'
import type { SchemaNode } from './node.ts'

/** Expanded, a schema of more parts than this is not for an engine that remembers nothing. */
const SIZE_LIMIT = 20_000

/** Schemas that apply themselves to the same value for ever. */
export function circlesIn(closure: ReadonlySet<SchemaNode>): readonly Fault[] {
  const done = new Set<SchemaNode>()
  const open = new Set<SchemaNode>()
  const faults: Fault[] = []
  const follow = (node: SchemaNode): void => {
    open.add(node)
    for (const part of node.inPlace) {
      if (!part.fixed) continue
      if (open.has(part.node)) {
        faults.push({
          pointer: node.pointer,
          message: 'the schema applies itself to the same value for ever',
        })
      } else if (!done.has(part.node)) follow(part.node)
    }
    open.delete(node)
    done.add(node)
  }
  for (const node of closure) if (!done.has(node)) follow(node)
  return faults
}

/** Can it cost exponential time to judge it and remember nothing? Rather yes than no. */
export function isRisky(root: SchemaNode, closure: ReadonlySet<SchemaNode>): boolean {
  return sizeOf(root, new Map()) > SIZE_LIMIT || hasForkedCircle(closure)
}

/** How many parts it has where every reference is written out; circles count once. */
function sizeOf(node: SchemaNode, sizes: Map<SchemaNode, number>): number {
  const known = sizes.get(node)
  if (known !== undefined) return known
  sizes.set(node, 0)
  let size = 1
  for (const child of node.children.values()) {
    size += sizeOf(child, sizes)
    if (size > SIZE_LIMIT) break
  }
  sizes.set(node, size)
  return size
}

/** A circle is harmless where each schema on it leads back in one way for each part of a value. */
function hasForkedCircle(closure: ReadonlySet<SchemaNode>): boolean {
  const circles = circleNumbers(closure)
  return [...closure].some((node) => {
    const own = circles.get(node)
    if (own === undefined) return false
    const parts = new Set(node.inPlace.map((part) => part.node))
    let ways = 0
    let members = 0
    for (const [key, child] of node.children) {
      if (circles.get(child) !== own) continue
      if (parts.has(child) || /^(?:not|contains|patternProperties|propertyNames|unevaluated)/.test(key))
        ways += 1
      else members = 1
    }
    return ways + members > 1
  })
}

/** The strongly connected components that have a circle, by number (Tarjan). */
function circleNumbers(closure: ReadonlySet<SchemaNode>): ReadonlyMap<SchemaNode, number> {
  const order = new Map<SchemaNode, number>()
  const circles = new Map<SchemaNode, number>()
  const stack: SchemaNode[] = []
  const open = new Set<SchemaNode>()
  let circle = 0

  const visit = (node: SchemaNode): number => {
    let lowest = order.size
    order.set(node, lowest)
    stack.push(node)
    open.add(node)
    const own = lowest
    for (const child of node.children.values()) {
      if (!order.has(child)) lowest = Math.min(lowest, visit(child))
      else if (open.has(child)) lowest = Math.min(lowest, order.get(child) ?? own)
    }
    if (lowest === own) {
      const members = stack.splice(stack.indexOf(node))
      for (const member of members) open.delete(member)
      const isCircle = members.length > 1 || [...node.children.values()].includes(node)
      if (isCircle) for (const member of members) circles.set(member, circle)
      circle += 1
    }
    return lowest
  }

  for (const node of closure) if (!order.has(node)) visit(node)
  return circles
}
