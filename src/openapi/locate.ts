/**
 * From a JSON pointer to the line of the YAML or JSON text it stands on.
 *
 * @module
 */
import type { Event } from 'js-yaml'
import { EVENT_ID, getScalarValue, parseEvents } from 'js-yaml'
import { segmentsOf } from '../model/pointer.ts'

/** A place in a text; both counted from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** Finds the place of a pointer; of its nearest ancestor where the text ends earlier. */
export type Locate = (pointer: string) => Position

interface Node {
  readonly offset: number
  readonly members: Map<string, Node> | null
}

/** Reads a text once; each look-up then follows the pointer's segments. */
export function createLocator(text: string): Locate {
  const root = treeOf(text, parseEvents(text, { maxDepth: 400 }))
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)

  return (pointer) => {
    let node = root
    for (const segment of segmentsOf(pointer)) {
      const next = node.members?.get(segment)
      if (next === undefined) break
      node = next
    }
    return positionOf(node.offset, lineStarts)
  }
}

function positionOf(offset: number, lineStarts: readonly number[]): Position {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 }
}

/** A member's place is that of its key, an item's that of its value. */
function treeOf(text: string, events: readonly Event[]): Node {
  let at = 0

  function next(offset: number | null): Node {
    const event = events[at]
    at += 1
    if (event === undefined) return { offset: offset ?? 0, members: null }
    if (event.type === EVENT_ID.DOCUMENT) return next(offset)
    if (event.type === EVENT_ID.SCALAR) return { offset: offset ?? event.valueStart, members: null }
    if (event.type === EVENT_ID.ALIAS) return { offset: offset ?? event.anchorStart - 1, members: null }
    if (event.type !== EVENT_ID.MAPPING && event.type !== EVENT_ID.SEQUENCE) {
      return { offset: offset ?? 0, members: null }
    }
    const members = new Map<string, Node>()
    for (let position = 0; !closes(events[at]); position += 1) {
      if (event.type === EVENT_ID.SEQUENCE) members.set(String(position), next(null))
      else addMember(members)
    }
    at += 1
    return { offset: offset ?? event.start, members }
  }

  function addMember(members: Map<string, Node>): void {
    const key = events[at]
    at += 1
    if (key?.type !== EVENT_ID.SCALAR) return
    members.set(getScalarValue(text, key), next(key.valueStart))
  }

  return next(null)
}

function closes(event: Event | undefined): boolean {
  return event === undefined || event.type === EVENT_ID.POP
}
