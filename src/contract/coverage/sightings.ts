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
import { sampleOf, witness } from './witness.ts'

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
  /** By the schema of the whole and that of each item. */
  readonly trees: Map<MediaType, ReadonlyMap<string, Node>>
}

/** Nothing seen yet. */
export function createSightings({ subject, validator }: Judge): Sightings {
  const { json } = subject.document
  const fields = new Map<string, Field>()

  function fieldOf(operation: Operation): Field {
    const known = fields.get(operation.id)
    if (known !== undefined) return known
    const trees: Field['trees'] = new Map()
    const answers: Field['answers'] = new Map()
    for (const [status, spec] of operation.responses) {
      answers.set(spec, { isSeen: false, types: new Set() })
      for (const media of spec.content) {
        const { schema, itemSchema } = media
        const own = new Map<string, Node>()
        if (schema !== null) own.set(schema, nodeOf(json, `${status} `, schema))
        if (itemSchema !== null) own.set(itemSchema, nodeOf(json, `${status} /[]`, itemSchema))
        trees.set(media, own)
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
      const values = view.content?.values ?? []
      for (const [schema, tree] of trees.get(view.media) ?? []) {
        const own = values.filter((part) => part.schema === schema)
        for (const { value } of sampleOf(own)) witness(validator, tree, value)
      }
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
    nodes: [...trees.values()].flatMap((own) => [...own.values()].flatMap(nodesBelow).map(toFacet)),
  }
}

function toFacet({ name, pointer, allowed, seen }: Omit<Slot, 'read'>): Facet {
  return { name: name.trimEnd(), pointer, allowed, seen: allowed.filter((way) => seen.has(way)) }
}
