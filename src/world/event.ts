/**
 * What can happen in a sandbox. A sandbox is its seed and the events it has been through: whoever applies the
 * same events in the same order has the same sandbox, here and elsewhere.
 *
 * @module
 */
import type { JobState, TerminalState } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import type { ClockMode } from './clock.ts'
import type { FaultRule } from './fault-plan.ts'
import type { Endpoint } from './webhook.ts'

/** What a job is given at its making; what is left out is drawn. */
export interface Steering {
  readonly outcome?: TerminalState
  /** From its creation to its end, queueing included. */
  readonly afterMs?: number
  /** How many rows it will have in the end. */
  readonly rows?: number
  readonly name?: string
}

/** A job came to be. */
export interface Created {
  readonly type: 'created'
  readonly api: string
  /** The operation that was asked; null for jobs that the control API makes. */
  readonly operationId: string | null
  readonly body: JsonObject
  readonly steering: Steering
  /** The idempotency key of the request, or null. */
  readonly key: string | null
}

/** A job was cancelled; it stops once the lag is over, unless it has ended by then. */
export interface Cancelled {
  readonly type: 'cancelled'
  readonly api: string
  readonly id: string
  readonly lagMs: number
  readonly key: string | null
}

/** A job was moved by hand: to a state at once, or towards another outcome. */
export interface Moved {
  readonly type: 'moved'
  readonly api: string
  readonly id: string
  readonly state: JobState | null
  readonly outcome: TerminalState | null
}

/** A job was taken away. */
export interface Removed {
  readonly type: 'removed'
  readonly api: string
  readonly id: string
}

/** What happens to the jobs of one API. */
export type JobEvent = Created | Cancelled | Moved | Removed

/** With the instant of the sandbox's clock at which it happened. */
export type Dated<Event> = Event & { readonly atMs: number }

/** Which delivery of a webhook is meant, and enough to tell of it when its job or its endpoint is gone. */
export interface DeliveryRef {
  /** The delivery's id. */
  readonly id: string
  readonly api: string
  /** The id of the job. */
  readonly job: string
  /** The vendor's name of what is told. */
  readonly event: string
  /** When it happened. */
  readonly dueMs: number
  readonly url: string
}

/** Somebody has begun an attempt to deliver a webhook, and will tell how it ends. */
export interface Claimed extends DeliveryRef {
  readonly type: 'claimed'
  /** Counted from 1. */
  readonly attempt: number
  /** By the wall clock: when nothing has been told until then, whoever began it is gone. */
  readonly untilMs: number
}

/** An attempt to deliver a webhook has ended; it takes the place of its claim. */
export interface Attempted extends DeliveryRef {
  readonly type: 'attempted'
  readonly attempt: number
  /** The receiver's status; null when there was no answer. */
  readonly status: number | null
  /** Why there was no answer. */
  readonly error: string | null
}

/** A delivery was asked for once more. */
export interface Redelivered {
  readonly type: 'redelivered'
  /** The delivery's id. */
  readonly id: string
}

/** What happens to deliveries: that they are due is no event, it follows from the jobs and the clock. */
export type DeliveryEvent = Claimed | Attempted | Redelivered

/** What can happen in a sandbox. */
export type SandboxEvent =
  | JobEvent
  | {
      readonly type: 'clock_set'
      readonly mode: ClockMode
      readonly stepMs: number
      readonly toMs: number | null
    }
  | { readonly type: 'clock_moved'; readonly toMs: number }
  | { readonly type: 'faults_set'; readonly rules: readonly FaultRule[] }
  /** Requests that rules count, by the rule's key. */
  | { readonly type: 'counted'; readonly counts: Readonly<Record<string, number>> }
  | { readonly type: 'endpoints_set'; readonly endpoints: readonly Endpoint[] }
  | DeliveryEvent
  | { readonly type: 'restored'; readonly sandbox: SandboxDocument }

/** A sandbox as a document: what is exported, imported and kept. Instants are milliseconds, but for `now`. */
export interface SandboxDocument {
  readonly seed: number
  readonly clock: {
    readonly mode: ClockMode
    /** The instant that the clock shows, RFC 3339. */
    readonly now: string
    /** ISO 8601, in mode `step`. */
    readonly step?: string
  }
  readonly faults: readonly FaultRule[]
  /** How many requests each rule has counted. */
  readonly counts: Readonly<Record<string, number>>
  readonly endpoints: readonly Endpoint[]
  readonly deliveries: readonly Dated<DeliveryEvent>[]
  readonly events: readonly Dated<JobEvent>[]
}

/** An event as a log holds it, with what the wall clock showed. */
export interface Entry {
  readonly stampMs: number
  readonly event: SandboxEvent
}
