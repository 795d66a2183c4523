/**
 * The clock of a sandbox: how its time goes. `real` follows the wall clock; the others are virtual and move
 * only by events. What an instant does to a job is `lifecycle.ts`.
 *
 * @module
 */
import { formatDuration, parseDuration } from '../model/duration.ts'

/** How time goes: with the wall; not at all; by reads of jobs, to the next change or by a step. */
export const CLOCK_MODES = ['real', 'frozen', 'auto', 'step'] as const

/** One of {@link CLOCK_MODES}. */
export type ClockMode = (typeof CLOCK_MODES)[number]

/** A mode with what it needs. */
export interface ClockSetting {
  readonly mode: ClockMode
  /** By how much each read of a job moves a clock of mode `step`; 0 in other modes. */
  readonly stepMs: number
}

/** A clock as it stands. */
export interface Clock extends ClockSetting {
  /** The instant at which a virtual clock stands. */
  readonly atMs: number
  /** How far a real clock is ahead of the wall clock. */
  readonly aheadMs: number
}

/** Time goes as it does outside. */
export const REAL_CLOCK: ClockSetting = { mode: 'real', stepMs: 0 }

/** No step is longer: 366 days. */
const STEP_LIMIT_MS = 366 * 86_400_000

/** The last instant that can be written: here virtual time ends. */
export const LAST_INSTANT_MS: number = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** The instant that a clock shows when the wall clock shows `stampMs`. */
export function instantOf(clock: Clock, stampMs: number): number {
  return clock.mode === 'real' ? stampMs + clock.aheadMs : clock.atMs
}

/**
 * Reads a setting as flags give it: `real`, `frozen`, `auto` or `step:PT30S`. Null when it is none.
 */
export function parseClock(text: string): ClockSetting | null {
  const [mode, step, ...rest] = text.split(':')
  const known = CLOCK_MODES.find((each) => each === mode)
  if (known === undefined || rest.length > 0 || (known === 'step') !== (step !== undefined)) return null
  if (step === undefined) return { mode: known, stepMs: 0 }
  const stepMs = parseDuration(step)
  return stepMs === null || stepMs === 0 || stepMs > STEP_LIMIT_MS ? null : { mode: known, stepMs }
}

/** A setting as flags give it. */
export function formatClock({ mode, stepMs }: ClockSetting): string {
  return mode === 'step' ? `step:${formatDuration(stepMs)}` : mode
}
