/**
 * What a job contract can say of a job beyond its id and its state: when it began and ended, how far it is,
 * why it failed, what it links to, how sure it is of its values.
 *
 * @module
 */
import type { JobState } from '../model/job.ts'

/** Pointers to the instants of a job; null where an answer does not tell. */
export interface TimesContract {
  readonly created: string | null
  readonly started: string | null
  readonly updated: string | null
  readonly ended: string | null
}

/** Pointers to how far a job is. */
export interface ProgressContract {
  /** How much there is in all. */
  readonly total: string | null
  /** How much is done, what failed included. */
  readonly done: string | null
  readonly failed: string | null
  /** From 0 to 100, or from 0 to 1: `whole` says which. */
  readonly percent: string | null
  readonly whole: number
}

/** Where an answer says why a job failed. */
export interface ErrorContract {
  readonly at: string
  /** Pointers from the error to its code and its message. */
  readonly code: string | null
  readonly message: string | null
}

/** Where confidences stand; pointers start at each value of `each`, or at the answer without it. */
export interface ConfidenceContract {
  readonly each: string | null
  /** A number from 0 to 1, or null. */
  readonly confidence: string
  /** The value it is the confidence of: where that is null, so is the confidence, or it is 0. */
  readonly value: string | null
  /** A flag that holds exactly where the confidence is below the threshold. */
  readonly flagged: string | null
  readonly threshold: number | null
  /** From the answer: a number between the least and the greatest confidence of the answer. */
  readonly overall: string | null
}

/** What an operation's answer tells of a job. */
export interface JobWords {
  readonly times: TimesContract | null
  readonly progress: ProgressContract | null
  readonly error: ErrorContract | null
  /** Pointers to URLs in the answer, each with the operation that answers there, of the same job. */
  readonly links: Readonly<Record<string, string>>
  /** Pointers to what may change though the job stands still. */
  readonly volatile: readonly string[]
  readonly confidences: readonly ConfidenceContract[]
}

/** From which state a job may go to which; a reader may miss states in between. */
export type Transitions = Readonly<Record<JobState, readonly JobState[]>>

/** Where a contract is silent, a job is queued, may run, and ends once. */
export const USUAL_TRANSITIONS: Transitions = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['succeeded', 'partially_succeeded', 'failed', 'cancelled'],
  succeeded: [],
  partially_succeeded: [],
  failed: [],
  cancelled: [],
}

/** Which number of the progress the rows of a job are as many as. */
export type RowsFollow = 'total' | 'done' | 'succeeded'
