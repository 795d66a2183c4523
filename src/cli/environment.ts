/**
 * The world outside: the wall clock, waiting, and where bugs are told of.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../server/api.ts'

/** The real clock; bugs go to the standard error stream, whole. */
export const realEnvironment: Environment = {
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
  schedule: (ms, run) => {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
  report: (id, error) => {
    process.stderr.write(
      `${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    )
  },
}
