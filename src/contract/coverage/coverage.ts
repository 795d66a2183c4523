/**
 * Coverage: of all that a document allows, what was seen. An operation has facets: its statuses, the media
 * types of each, its parameters, the nodes of its schemas; each facet lists what it allows and what came.
 *
 * @module
 */

/** The dimensions of coverage, in the order of reports; thresholds are set by these names. */
export const DIMENSIONS = ['operations', 'statuses', 'mediaTypes', 'parameters', 'nodes'] as const

/** One dimension of coverage. */
export type Dimension = (typeof DIMENSIONS)[number]

/** How much of what is allowed was seen. */
export interface Ratio {
  readonly allowed: number
  readonly seen: number
  /** From 0 to 100, rounded down to a tenth; 100 where nothing is allowed. */
  readonly percent: number
}

/** One thing that can show itself in several ways, such as a parameter by its values. */
export interface Facet {
  /** `200`, `200 application/json`, `query limit`, or where a node lies: `200 /rows/[]/size`. */
  readonly name: string
  /** Pointer into the document. */
  readonly pointer: string
  /** All ways that the document allows, such as `present`, `absent`, `null`, `=5`, `minimum`. */
  readonly allowed: readonly string[]
  /** Those that came, in the order of `allowed`. */
  readonly seen: readonly string[]
}

/** What was seen of one operation. */
export interface OperationCoverage {
  readonly operationId: string
  readonly ratios: Readonly<Record<Dimension, Ratio>>
  readonly statuses: readonly Facet[]
  readonly mediaTypes: readonly Facet[]
  readonly parameters: readonly Facet[]
  readonly nodes: readonly Facet[]
}

/** What was seen of an API; an operation counts as seen once an answer of the 2xx family came. */
export interface Coverage {
  readonly ratios: Readonly<Record<Dimension, Ratio>>
  readonly operations: readonly OperationCoverage[]
}

/** A ratio of two counts. */
export function ratioOf(seen: number, allowed: number): Ratio {
  return { allowed, seen, percent: allowed === 0 ? 100 : Math.floor((seen * 1000) / allowed) / 10 }
}
