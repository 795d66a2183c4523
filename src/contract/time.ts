/**
 * Time as the judge knows it: handed in, so that a run in process takes none and is the same each time.
 *
 * @module
 */

/** A clock that can be waited for. */
export interface Time {
  /** Milliseconds since some beginning; it never goes back. */
  now(): number
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

/** A clock of its own that moves only by being waited for. */
export function createIdleTime(): Time {
  let now = 0
  return {
    now: () => now,
    wait(ms, signal) {
      now += ms
      return signal?.aborted === true ? Promise.reject(signal.reason) : Promise.resolve()
    },
  }
}
