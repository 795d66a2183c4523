/**
 * What aliases make of data: a value that holds itself, or few lines that stand for more than anyone can
 * read. A parser gives both without a word, since to it an alias is the same object once more.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'

/** What must not be read on, and where it begins. */
export interface Trap {
  readonly pointer: string
  readonly message: string
}

/** How far a value reaches once it is written out. */
interface Extent {
  readonly values: number
  readonly depth: number
}

/** The first place where aliases lead round in a circle, nest too deeply or repeat too much. */
export function trapIn(data: Json, maxDepth: number, maxRepeated: number): Trap | null {
  const known = new Map<object, Extent>()
  const open = new Set<object>()
  let repeated = 0
  let trap: Trap | null = null

  function extentOf(value: Json, pointer: string, depth: number): Extent {
    if (typeof value !== 'object' || value === null) return { values: 1, depth: 0 }
    if (open.has(value)) return stop(pointer, 'an alias leads back into what it stands in')
    const seen = known.get(value)
    if (seen !== undefined) repeated += seen.values
    if (repeated > maxRepeated) return stop(pointer, `aliases repeat more than ${maxRepeated} values`)
    if (depth + (seen?.depth ?? 0) > maxDepth) return stop(pointer, `nests deeper than ${maxDepth} levels`)
    if (seen !== undefined) return seen
    open.add(value)
    let values = 1
    let inner = 0
    for (const [name, member] of Object.entries(value)) {
      const extent = extentOf(member, pointerTo(pointer, name), depth + 1)
      if (trap !== null) return extent
      values += extent.values
      inner = Math.max(inner, extent.depth + 1)
    }
    open.delete(value)
    const extent = { values, depth: inner }
    known.set(value, extent)
    return extent
  }

  function stop(pointer: string, message: string): Extent {
    trap = { pointer, message }
    return { values: 0, depth: 0 }
  }

  extentOf(data, '', 0)
  return trap
}
