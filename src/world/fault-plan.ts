/**
 * Fault plans: which requests go wrong, and how. A plan is data; whether a rule strikes follows from the
 * seed, the rule, the request's path and how often that path was asked, and from nothing else. What a fault
 * does to an answer is the server's.
 *
 * @module
 */

import type { LimitState } from '../vendor/vendor.ts'

/** Requests of one path, counted from 1, both ends included; `to` null has no end. */
export interface RequestRange {
  readonly from: number
  readonly to: number | null
}

/** How long a faulty answer waits: always the same, evenly between two ends, or log-normal about a median. */
export type Latency =
  | { readonly ms: number }
  | { readonly fromMs: number; readonly toMs: number }
  | { readonly medianMs: number; readonly sigma: number }

/** One line of a fault plan. Every part of it that is not null happens. */
export interface FaultRule {
  /** `api/operation`, `api/*` or `*`. */
  readonly operation: string
  /** Only this path, as it is asked for without sandbox and mount; null for every path. */
  readonly path: string | null
  /** Which requests of each path; null for all. */
  readonly requests: RequestRange | null
  /** The share of these requests that it strikes, 0 to 1; drawn from the seed. */
  readonly share: number
  /** The answer is a refusal of this status, as the API documents it. */
  readonly status: number | null
  /** What `Retry-After` says on a refusal; null leaves it to the API. */
  readonly retryAfterMs: number | null
  readonly latency: Latency | null
  /** What becomes of the body: sent in part, or broken so that it is no JSON. */
  readonly body: 'cut' | 'malformed' | null
  /** The connection is reset in place of an answer. */
  readonly reset: boolean
  /** The answer is that of so long ago. */
  readonly staleMs: number | null
  /** So many requests in each window; those beyond are refused with 429 until it is over. */
  readonly limit: { readonly requests: number; readonly windowMs: number } | null
}

/** Which request it is. */
export interface FaultTarget {
  readonly api: string
  readonly operationId: string
  /** As it was asked for, without sandbox and mount. */
  readonly path: string
}

/** What of a sandbox decides whether a rule strikes. */
export interface FaultState {
  readonly seed: number
  readonly faults: readonly FaultRule[]
  readonly counts: ReadonlyMap<string, number>
}

/** What a plan does to one request. */
export interface Strike {
  /** The positions of the rules that strike, in the plan; none strike a request that is only counted. */
  readonly rules: readonly number[]
  /** Refuse with this status; null answers as usual. */
  readonly status: number | null
  readonly retryAfterMs: number | null
  readonly latencyMs: number
  readonly body: FaultRule['body']
  readonly reset: boolean
  readonly staleMs: number
  /** How the limit stands that counts this request; null where none does. */
  readonly limit: LimitState | null
  /** The counts that this request changes, with their new values. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * What a plan does to a request; null where no rule concerns it.
 *
 * @param nowMs - The instant of the sandbox's clock: windows of limits begin with the first request in them.
 */
export function strikeOf(_sandbox: FaultState, _target: FaultTarget, _nowMs: number): Strike | null {
  return null
}
