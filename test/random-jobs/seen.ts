/**
 * What was seen of one job of random size and state, for laws that are written by hand beside the contract.
 *
 * @module
 */
import type { JobState, TerminalState } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'

/** One job as its API shows it. */
export interface Seen {
  readonly id: string
  /** How it ends when nothing stops it. */
  readonly outcome: TerminalState
  readonly state: JobState
  /** Rows that can be read now. */
  readonly rows: number
  /** When it was seen, milliseconds since the epoch. */
  readonly nowMs: number
  /** The body of each read that succeeded, by operation id; of a list the item of this job. */
  readonly answers: Readonly<Record<string, JsonObject>>
  /** The mount under which it was asked, `/skop`. */
  readonly prefix: string
}

/** The laws of one API: the names of those that do not hold. */
export type BrokenLaws = (seen: Seen) => readonly string[]

/** The names of the laws that are false. */
export function falseOf(laws: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(laws).filter((law) => laws[law] !== true)
}
