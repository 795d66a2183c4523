/**
 * What ends a run before its work is done: an interrupt, or a deadline.
 *
 * @module
 */
import { setMaxListeners } from 'node:events'

/** What ends a run early. */
export interface Stop {
  readonly signal: AbortSignal
  readonly isInterrupted: () => boolean
  /** Lets go of the clock and of the interrupt. */
  readonly end: () => void
}

/** An interrupt, the first one; a second ends the program as usual. A deadline. */
export function stopOf(deadlineMs: number | null): Stop {
  const abort = new AbortController()
  // Every request listens to it until the request is forgotten.
  setMaxListeners(0, abort.signal)
  let interrupted = false
  const interrupt = (): void => {
    interrupted = true
    abort.abort(new Error('interrupted'))
  }
  process.once('SIGINT', interrupt)
  const passed = new Error(`the deadline of ${(deadlineMs ?? 0) / 1_000} s has passed`)
  const timer = deadlineMs === null ? undefined : setTimeout(() => abort.abort(passed), deadlineMs)
  return {
    signal: abort.signal,
    isInterrupted: () => interrupted,
    end: () => {
      process.off('SIGINT', interrupt)
      clearTimeout(timer)
    },
  }
}
