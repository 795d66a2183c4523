/**
 * Witnesses: what a value shows of the nodes of its schema. Of a long list the first items and the last are
 * looked at, so that a page costs little however many rows it has.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { canonicalText, isObject, isScalar } from '../../model/json.ts'
import { typeOf } from '../../openapi/schema-type.ts'
import type { Validator } from '../../openapi/validator.ts'
import type { Branch, Node } from './node.ts'

/** Items of one list that are looked at beside its last. */
const ITEM_LIMIT = 12
/** Values that a branch is tried on, for each node of one answer. */
const TRY_LIMIT = 3

/** How often the branches of each node were tried on one answer. */
type Tries = Map<Node, number>

/** Notes what a value shows. */
export function witness(validator: Validator, root: Node, value: Json): void {
  look(validator, root, value, new Map())
}

/** The first items of a list, and its last. */
export function sampleOf<Item>(items: readonly Item[]): readonly Item[] {
  return items.length > ITEM_LIMIT ? [...items.slice(0, ITEM_LIMIT), ...items.slice(-1)] : items
}

function look(validator: Validator, node: Node, value: Json, tries: Tries): void {
  const { seen } = node
  if (value === null) {
    seen.add('null')
    return
  }
  seen.add('present')
  if (node.values.size > 0 && isScalar(value)) {
    const label = node.values.get(canonicalText(value))
    if (label !== undefined) seen.add(label)
  }
  if (node.branches.length > 0) lookAtBranches(validator, node, value, tries)
  if (Array.isArray(value)) {
    if (value.length === 0) seen.add('empty')
    const { item } = node
    const sample = sampleOf(value as readonly Json[])
    if (item !== null) for (const each of sample) look(validator, item, each, tries)
  } else if (isObject(value)) {
    for (const [name, member] of node.members) {
      if (Object.hasOwn(value, name)) look(validator, member, value[name] ?? null, tries)
      else member.seen.add('absent')
    }
  }
}

/** A branch that was seen is not tried again: a set does not grow by what it holds. */
function lookAtBranches(validator: Validator, node: Node, value: Json, tries: Tries): void {
  const tried = tries.get(node) ?? 0
  if (tried >= TRY_LIMIT) return
  tries.set(node, tried + 1)
  for (const branch of node.branches) {
    if (node.seen.has(branch.label) || !admits(branch, value)) continue
    if (validator.check(branch.pointer, value, 1).length === 0) node.seen.add(branch.label)
  }
}

function admits({ types }: Branch, value: Json): boolean {
  const type = typeOf(value)
  return types.has(type) || (type === 'integer' && types.has('number'))
}
