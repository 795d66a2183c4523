/**
 * Sightings: the ways in which the facets of a document showed themselves, noted as answers are judged. Sets
 * alone, so that it does not matter who was faster.
 *
 * @module
 */
import type { MediaType, Operation, ResponseSpec } from '../../openapi/operation.ts'
import type { Judge } from '../subject.ts'
import type { View } from '../view.ts'
import type { Facet } from './coverage.ts'
import type { Node } from './node.ts'
import { nodeOf, nodesBelow } from './node.ts'
import type { Slot } from './parameter-values.ts'
import { noteSlots, slotsOf } from './parameter-values.ts'
import { witness } from './witness.ts'

/** What was seen so far. */
export interface Sightings {
  observe(view: View): void
  /** What was seen of an operation. */
  facetsOf(operation: Operation): Facets
}

/** The facets of an operation, by dimension. */
export interface Facets {
  readonly statuses: readonly Facet[]
  readonly mediaTypes: readonly Facet[]
  readonly parameters: readonly Facet[]
  readonly nodes: readonly Facet[]
}

/** What is known of one operation while it is looked at. */
interface Field {
  readonly slots: readonly Slot[]
  readonly answers: Map<ResponseSpec, { isSeen: boolean; readonly types: Set<string> }>
  readonly trees: Map<MediaType, Node>
}

/** Nothing seen yet. */
export function createSightings({ subject, validator }: Judge): Sightings {
  const { json } = subject.document
  const fields = new Map<string, Field>()

  function fieldOf(operation: Operation): Field {
    const known = fields.get(operation.id)
    if (known !== undefined) return known
    const trees = new Map<MediaType, Node>()
    const answers: Field['answers'] = new Map()
    for (const [status, spec] of operation.responses) {
      answers.set(spec, { isSeen: false, types: new Set() })
      for (const media of spec.content) {
        if (media.schema !== null) trees.set(media, nodeOf(json, `${status} `, media.schema))
      }
    }
    const field = { slots: slotsOf(json, validator, operation), answers, trees }
    fields.set(operation.id, field)
    return field
  }

  return {
    observe(view) {
      const { slots, answers, trees } = fieldOf(view.operation)
      noteSlots(slots, view)
      const answer = view.spec === undefined ? undefined : answers.get(view.spec)
      if (answer === undefined) return
      answer.isSeen = true
      if (view.media === undefined) return
      answer.types.add(view.media.type)
      const tree = trees.get(view.media)
      if (tree !== undefined && view.body !== undefined) witness(validator, tree, view.body)
    },
    facetsOf: (operation) => facetsOf(operation, fieldOf(operation)),
  }
}

function facetsOf(operation: Operation, { slots, answers, trees }: Field): Facets {
  const specs = [...operation.responses]
  return {
    statuses: specs.map(([status, spec]) => ({
      name: status,
      pointer: spec.pointer,
      allowed: [status],
      seen: answers.get(spec)?.isSeen === true ? [status] : [],
    })),
    mediaTypes: specs.flatMap(([status, spec]) => {
      const allowed = spec.content.map(({ type }) => type)
      if (allowed.length === 0) return []
      const seen = allowed.filter((type) => answers.get(spec)?.types.has(type) === true)
      return [{ name: status, pointer: spec.pointer, allowed, seen }]
    }),
    parameters: slots.map(toFacet),
    nodes: [...trees.values()].flatMap((tree) => nodesBelow(tree).map(toFacet)),
  }
}

function toFacet({ name, pointer, allowed, seen }: Omit<Slot, 'read'>): Facet {
  return { name: name.trimEnd(), pointer, allowed, seen: allowed.filter((way) => seen.has(way)) }
}
