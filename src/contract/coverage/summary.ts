/**
 * From what was seen to coverage, and from coverage to what it lacks.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import type { Book } from '../evidence.ts'
import type { Coverage, Dimension, Facet, OperationCoverage, Ratio } from './coverage.ts'
import { DIMENSIONS, ratioOf } from './coverage.ts'
import type { Sightings } from './sightings.ts'

/** What was seen of some operations. */
export function coverageOf(operations: readonly Operation[], book: Book, sightings: Sightings): Coverage {
  const covered = operations.map((operation) => operationCoverage(operation, book, sightings))
  const ratios = byDimension((name) => {
    const all = covered.map(({ ratios: own }) => own[name])
    const sum = (key: 'allowed' | 'seen'): number => all.reduce((total, each) => total + each[key], 0)
    return ratioOf(sum('seen'), sum('allowed'))
  })
  return { ratios, operations: covered }
}

function operationCoverage(operation: Operation, book: Book, sightings: Sightings): OperationCoverage {
  const counts = book.statuses.get(operation.id) ?? new Map<number, number>()
  const isAnswered = [...counts.keys()].some((status) => status >= 200 && status < 300)
  const facets = sightings.facetsOf(operation)
  const ratios = byDimension((name) =>
    name === 'operations' ? ratioOf(isAnswered ? 1 : 0, 1) : ratioOfFacets(facets[name]),
  )
  return { operationId: operation.id, ratios, ...facets }
}

function ratioOfFacets(facets: readonly Facet[]): Ratio {
  const sum = (key: 'allowed' | 'seen'): number => facets.reduce((total, each) => total + each[key].length, 0)
  return ratioOf(sum('seen'), sum('allowed'))
}

function byDimension(ratio: (name: Dimension) => Ratio): Readonly<Record<Dimension, Ratio>> {
  return Object.fromEntries(DIMENSIONS.map((name) => [name, ratio(name)])) as Record<Dimension, Ratio>
}

/** What is documented and never came, an operation a line: for reports that have room. */
export function unseenOf({ operations }: Coverage): readonly string[] {
  return operations.flatMap(({ operationId, statuses, mediaTypes, parameters, nodes }) =>
    [statuses, mediaTypes, parameters, nodes].flat().flatMap(({ name, allowed, seen }) => {
      const missing = allowed.filter((way) => !seen.includes(way))
      return missing.length === 0 ? [] : [`${operationId} ${name}: ${missing.join(', ')}`]
    }),
  )
}

/** Percentages that are asked for, by dimension. */
export type Thresholds = Readonly<Partial<Record<Dimension, number>>>

/** A sentence for each threshold that coverage does not reach. */
export function belowThresholds({ ratios }: Coverage, thresholds: Thresholds): readonly string[] {
  return DIMENSIONS.flatMap((name) => {
    const wanted = thresholds[name]
    const { seen, allowed, percent } = ratios[name]
    if (wanted === undefined || percent >= wanted) return []
    return [`witnesses of ${name}: ${percent} % were seen (${seen} of ${allowed}), ${wanted} % are asked for`]
  })
}
