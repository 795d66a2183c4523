/**
 * Keywords that look at the items of an array.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import { applyChild } from './apply.ts'
import type { Check, Run, SchemaNode, Site } from './node.ts'
import type { Broken } from './run.ts'
import { broken, goesOn } from './run.ts'

/** `prefixItems` and `items`. */
export function itemChecks({ node, source, child, fault }: Site): readonly Check[] {
  const prefix = source['prefixItems']
  if (prefix !== undefined && !Array.isArray(prefix)) {
    fault('prefixItems', 'must be a list of schemas')
    return []
  }
  const first = (prefix ?? []).map((_, position) => child('prefixItems', position))
  const rest = source['items'] === undefined ? null : child('items')
  if (first.length === 0 && rest === null) return []

  return [
    (value, run) => {
      if (!Array.isArray(value)) return true
      const items = value as readonly Json[]
      if (rest?.source === false && items.length > first.length) {
        const limit = first.length
        const message = `must NOT have more than ${limit} items`
        broken(run, node, 'items', () => ({ message, params: { limit } }))
        if (!goesOn(run)) return false
        return applyEach(items.slice(0, limit), first, null, run) && false
      }
      if (run.marks !== null)
        run.marks.items = rest === null ? Math.max(run.marks.items, first.length) : Infinity
      return applyEach(items, first, rest, run)
    },
  ]
}

function applyEach(
  items: readonly Json[],
  first: readonly SchemaNode[],
  rest: SchemaNode | null,
  run: Run,
): boolean {
  let right = true
  const length = rest === null ? Math.min(first.length, items.length) : items.length
  for (let position = 0; position < length; position += 1) {
    const schema = first[position] ?? rest
    if (schema === null || applyChild(schema, items[position] as Json, position, run)) continue
    right = false
    if (!goesOn(run)) return false
  }
  return right
}

/** `contains` with `minContains` and `maxContains`. */
export function containsChecks({ node, source, child, fault }: Site): readonly Check[] {
  const limits = ['minContains', 'maxContains'].map((keyword) => {
    const limit = source[keyword]
    if (limit === undefined || (Number.isInteger(limit) && (limit as number) >= 0)) return limit
    fault(keyword, `must be a whole number from 0, is ${JSON.stringify(limit)}`)
    return undefined
  })
  if (source['contains'] === undefined) return []
  const schema = child('contains')
  const least = (limits[0] ?? 1) as number
  const most = (limits[1] ?? null) as number | null
  const end = most === null ? '' : ` and no more than ${most}`
  const words = (): Broken => ({
    message: `must contain at least ${least}${end} valid item(s)`,
    params: { minContains: least, ...(most === null ? {} : { maxContains: most }) },
  })
  return [
    (value, run) => {
      if (!Array.isArray(value)) return true
      let count = 0
      for (const [position, item] of (value as readonly Json[]).entries()) {
        if (!matches(schema, item, position, run)) continue
        count += 1
        run.marks?.positions.add(position)
        if (run.marks === null && most === null && count >= least) return true
      }
      if (count >= least && (most === null || count <= most)) return true
      const keyword = count < least ? (least === 1 ? 'contains' : 'minContains') : 'maxContains'
      return broken(run, node, Object.hasOwn(source, keyword) ? keyword : 'contains', words)
    },
  ]
}

function matches(schema: SchemaNode, item: Json, position: number, run: Run): boolean {
  const { issues } = run
  run.issues = null
  const right = applyChild(schema, item, position, run)
  run.issues = issues
  return right
}

/** `uniqueItems`, in linear time: equal items have one canonical text. */
export function uniqueChecks({ node, source, fault }: Site): readonly Check[] {
  const unique = source['uniqueItems']
  if (unique !== undefined && typeof unique !== 'boolean') fault('uniqueItems', 'must be true or false')
  if (unique !== true) return []
  return [
    (value, run) => {
      if (!Array.isArray(value)) return true
      const pair = duplicates(value as readonly Json[])
      if (pair === null) return true
      const [first, second] = pair
      const message = `must NOT have duplicate items (items ## ${first} and ${second} are identical)`
      return broken(run, node, 'uniqueItems', () => ({ message, params: { i: second, j: first } }))
    },
  ]
}

/** Are two of the items equal? */
export function hasDuplicates(items: readonly Json[]): boolean {
  return duplicates(items) !== null
}

function duplicates(items: readonly Json[]): readonly [number, number] | null {
  const seen = new Map<Json, number>()
  for (const [position, item] of items.entries()) {
    const key = keyOf(item)
    const other = seen.get(key)
    if (other !== undefined) return [other, position]
    seen.set(key, position)
  }
  return null
}

/** The same for equal items alone: a mark in front keeps texts of items and items that are texts apart. */
function keyOf(item: Json): Json {
  if (typeof item === 'string') return `s${item}`
  return isScalar(item) ? item : canonicalText(item)
}

/** `unevaluatedItems`; comes after all that evaluates items. */
export function unevaluatedItemChecks({ node, source, child }: Site): readonly Check[] {
  if (source['unevaluatedItems'] === undefined) return []
  const schema = child('unevaluatedItems')
  node.marks = true
  return [
    (value, run) => {
      const { marks } = run
      if (!Array.isArray(value) || marks === null) return true
      let right = true
      for (const [position, item] of (value as readonly Json[]).entries()) {
        if (marks.hasItem(position)) continue
        if (schema.source === false) {
          const params = { len: position, unevaluatedItem: position }
          const message = `must NOT have more than ${position} items`
          right = broken(run, node, 'unevaluatedItems', () => ({ message, params }))
        } else if (!applyChild(schema, item, position, run)) right = false
        if (!right && (!goesOn(run) || schema.source === false)) return false
      }
      marks.items = Infinity
      return right
    },
  ]
}
