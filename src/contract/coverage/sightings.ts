/**
 * Sightings: the ways in which the facets of a document showed themselves, noted as answers are judged. Sets
 * alone, so that it does not matter who was faster.
 *
 * @module
 */
import type { Judge } from '../subject.ts'
import type { View } from '../view.ts'

/** What was seen so far. */
export interface Sightings {
  observe(view: View): void
  /** By operation and facet, the ways that were seen. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>
}

/** Nothing seen yet. */
export function createSightings(_judge: Judge): Sightings {
  const seen = new Map<string, Set<string>>()
  return { seen, observe: () => undefined }
}
