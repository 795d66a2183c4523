/**
 * Selections, written for the judge alone: a comma list of `member` or `member/child` reduces rows to those
 * leaves, and rows that become equal are one.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { canonicalText } from '../../model/json.ts'
import { valueAt } from './filter.ts'

/** One selected leaf: the name it is answered under and its way from the row. */
export interface Leaf {
  readonly name: string
  readonly path: readonly string[]
}

/** Reads a selection; null where two leaves have one name or an item is deeper than one level. */
export function parseSelect(text: string): readonly Leaf[] | null {
  const leaves = text.split(',').map((item) => {
    const path = item.trim().split('/')
    return { name: path.at(-1) ?? '', path }
  })
  const names = new Set(leaves.map(({ name }) => name))
  const fine = leaves.every(({ name, path }) => name !== '' && path.length <= 2)
  return fine && names.size === leaves.length ? leaves : null
}

/** A row reduced to leaves. */
function project(row: JsonObject, leaves: readonly Leaf[]): JsonObject {
  return Object.fromEntries(leaves.map(({ name, path }) => [name, valueAt(row, path)]))
}

/** The distinct rows of a selection by their canonical texts, in order of appearance. */
export function distinctRows(
  rows: readonly JsonObject[],
  leaves: readonly Leaf[],
): ReadonlyMap<string, JsonObject> {
  const distinct = new Map<string, JsonObject>()
  for (const row of rows) {
    const reduced = project(row, leaves)
    const key = canonicalText(reduced)
    if (!distinct.has(key)) distinct.set(key, reduced)
  }
  return distinct
}
