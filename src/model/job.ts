/**
 * A job, and a job as it stands at one instant. Nouns only: what time does to a job is `world/lifecycle.ts`,
 * and the vendors' words for its states stand in the job contracts.
 *
 * @module
 */
import type { Json, JsonObject } from './json.ts'

/** How an API answers: as its document says, or as the vendor's server was seen to where that differs. */
export const PROFILES = ['spec', 'wire'] as const

/** One of {@link PROFILES}. */
export type Profile = (typeof PROFILES)[number]

/** Our words for the states of a job; each API renders its own. */
export const JOB_STATES = [
  'queued',
  'running',
  'succeeded',
  'partially_succeeded',
  'failed',
  'cancelled',
] as const

/** One of {@link JOB_STATES}. */
export type JobState = (typeof JOB_STATES)[number]

/** States that no job leaves. */
export const TERMINAL_STATES = ['succeeded', 'partially_succeeded', 'failed', 'cancelled'] as const

/** One of {@link TERMINAL_STATES}. */
export type TerminalState = (typeof TERMINAL_STATES)[number]

/** How a job of so many rows can end: a part of one row, or of none, is nothing or all. */
export function possibleOutcome(outcome: TerminalState, rows: number): TerminalState {
  return outcome === 'partially_succeeded' && rows < 2 ? 'succeeded' : outcome
}

/** A job before time is applied to it: everything about it that never changes. */
export interface Job {
  readonly id: string
  /** The name of a named job; null for one that a request created. */
  readonly name: string | null
  readonly createdAtMs: number
  /** How long it waits before it runs, in milliseconds. */
  readonly queueMs: number
  /** How long it runs when nothing stops it, in milliseconds. */
  readonly runMs: number
  readonly outcome: TerminalState
  /** The rows it has in the end when nothing stops it. */
  readonly rows: number
  /** How many consecutive rows share their sort keys; 1 where rows are not tied. */
  readonly ties: number
  /** Which kinds of row templates its rows are drawn from, each with its weight. */
  readonly mix: Readonly<Record<string, number>>
  /** What it was asked to do, in the vendor's own members. */
  readonly brief: JsonObject
  /** Held jobs stand still at this instant; null for jobs that live. */
  readonly heldAtMs: number | null
}

/** A job as it stands at one instant: what every view of it is rendered from. */
export interface JobView {
  readonly job: Job
  readonly state: JobState
  readonly nowMs: number
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  /** The part of its run that is done, 0 to 1. */
  readonly progress: number
  /** Rows that can be read now. */
  readonly rows: number
}

/** A row's identity within its job, from which all its drawn values follow. */
export interface Slot {
  readonly index: number
  /** Tied rows share their rank; untied rows have their index. */
  readonly rank: number
  /** An id that orders as the index does. */
  readonly id: string
  /** The instant at which the row became readable. */
  readonly atMs: number
  readonly brief: JsonObject
  /** The job as it stands: a row may look otherwise while its job runs. */
  readonly view: JobView
  /** A drawn integer, both ends included; `lane` names the draw. */
  integer(lane: string, min: number, max: number): number
  /** A drawn number rounded to so many decimals; `lane` names the draw. */
  number(lane: string, min: number, max: number, decimals: number): number
}

/** One row template of a fixture's pool: values by column, and by names that only its vendor reads. */
export type Template = Readonly<Record<string, Json>>
