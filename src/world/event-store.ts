/**
 * Where the events of sandboxes are kept when several processes share them: a log for each sandbox, appended
 * to in one place and by one clock. What it is made of is the matter of an adapter in `cli/`.
 *
 * @module
 */
import type { Entry, SandboxEvent } from './event.ts'

/** Where somebody stands in a log: behind all that they have read. Only the store knows what it means. */
export type Place = string

/** Where nothing has been read. */
export const BEFORE_ALL: Place = ''

/** How a log stands. */
interface LogState {
  /** What the store's own clock shows. */
  readonly clockMs: number
  /** Behind all that was read or appended. */
  readonly place: Place
  /** How many entries the log has now. */
  readonly length: number
}

/** A piece of a log. */
export interface LogSlice extends LogState {
  /** What may be taken for now: the clock, or the last stamp where that is ahead. It never goes back. */
  readonly stampMs: number
  readonly entries: readonly Entry[]
  /** These are the first of all there are: what was read before was put together, or is no more. */
  readonly isAnew: boolean
  /** There are more behind them. */
  readonly hasMore: boolean
}

/** What came of appending. */
export type Appending =
  | ({ readonly isTaken: true } & LogState)
  /** Nothing was appended; here is what there is instead. */
  | { readonly isTaken: false; readonly slice: LogSlice }

/** Logs of events. Each call is one round trip; without an answer it fails with ApiError `store_away`. */
export interface EventStore {
  /** The entries behind a place. */
  read(key: string, place: Place): Promise<LogSlice>
  /**
   * Appends events behind a place, all or none, and none where the log has gone on meanwhile. The stamp is
   * the caller's, and is taken only while the store's clock has not passed it and nothing has a later one: so
   * nobody was told before of an instant after it. No events at all leave the stamp behind.
   */
  append(key: string, place: Place, events: readonly SandboxEvent[], stampMs: number): Promise<Appending>
  /** Puts one entry in the place of all before a place. */
  compact(key: string, place: Place, entry: Entry): Promise<void>
  /** The keys that have a log. */
  keys(): Promise<readonly string[]>
  remove(keys: readonly string[]): Promise<void>
  close(): Promise<void>
}
