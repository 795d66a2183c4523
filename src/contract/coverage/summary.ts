/**
 * From a book of evidence to coverage.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import type { Book } from '../evidence.ts'
import type { Subject } from '../subject.ts'
import type { Coverage, Dimension, Facet, OperationCoverage, Ratio } from './coverage.ts'
import { DIMENSIONS, ratioOf } from './coverage.ts'
import type { Sightings } from './sightings.ts'

/** What was seen of a subject. */
export function coverageOf({ document }: Subject, book: Book, _sightings: Sightings): Coverage {
  const operations = document.operations.map((operation) => operationCoverage(operation, book))
  const ratios = dimensionsBy((name) => {
    const all = operations.map(({ ratios: own }) => own[name])
    const sum = (key: 'allowed' | 'seen'): number => all.reduce((total, each) => total + each[key], 0)
    return ratioOf(sum('seen'), sum('allowed'))
  })
  return { ratios, operations }
}

function operationCoverage(operation: Operation, book: Book): OperationCoverage {
  const counts = book.statuses.get(operation.id) ?? new Map<number, number>()
  const came = [...counts.keys()]
  const statuses = [...operation.responses].map(([status, { pointer }]): Facet => {
    const seen = came.some((each) => status === specFor(operation, each))
    return { name: status, pointer, allowed: [status], seen: seen ? [status] : [] }
  })
  const answered = came.some((status) => status >= 200 && status < 300)
  const facets = { statuses, mediaTypes: [], parameters: [], nodes: [] }
  const ratios = dimensionsBy((name) =>
    name === 'operations' ? ratioOf(answered ? 1 : 0, 1) : ratioOfFacets(facets[name]),
  )
  return { operationId: operation.id, ratios, ...facets }
}

/** The documented status that an answer claims: itself, else its range, else `default`. */
function specFor({ responses }: Operation, status: number): string {
  const range = `${Math.floor(status / 100)}XX`
  return responses.has(String(status)) ? String(status) : responses.has(range) ? range : 'default'
}

function ratioOfFacets(facets: readonly Facet[]): Ratio {
  const sum = (key: 'allowed' | 'seen'): number => facets.reduce((total, each) => total + each[key].length, 0)
  return ratioOf(sum('seen'), sum('allowed'))
}

function dimensionsBy(ratio: (name: Dimension) => Ratio): Readonly<Record<Dimension, Ratio>> {
  return Object.fromEntries(DIMENSIONS.map((name) => [name, ratio(name)])) as Record<Dimension, Ratio>
}
