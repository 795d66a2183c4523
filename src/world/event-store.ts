/**
 * Where the events of sandboxes are kept when several processes share them: a log for each sandbox, appended
 * to and stamped in one place. What it is made of is the matter of an adapter in `cli/`.
 *
 * @module
 */
import type { Entry, SandboxEvent } from './event.ts'

/** A piece of a log. */
export interface LogSlice {
  /** What the store's own clock shows: it never goes back. */
  readonly stampMs: number
  /** The position of the first entry; beyond the position that was asked for where the earlier ones were
   * replaced by one that restores the whole sandbox. */
  readonly from: number
  readonly entries: readonly Entry[]
}

/** Logs of events. Each call is one round trip; without an answer it fails with ApiError `store_away`. */
export interface EventStore {
  /** The entries behind a position. */
  read(key: string, position: number): Promise<LogSlice>
  /** Appends events behind a position; null when the log has gone on meanwhile, and nothing was appended. */
  append(
    key: string,
    position: number,
    events: readonly SandboxEvent[],
  ): Promise<{ readonly stampMs: number } | null>
  /** Puts one entry in the place of all before a position. */
  compact(key: string, position: number, entry: Entry): Promise<void>
  /** The keys that have a log. */
  keys(): Promise<readonly string[]>
  remove(keys: readonly string[]): Promise<void>
  close(): Promise<void>
}
