/**
 * What time does to a job: its state, its progress and the rows that can be read, each a pure function of
 * the job and an instant. Who asks, and what was done to the job meanwhile, is `sandbox.ts`.
 *
 * @module
 */
import type { Job, JobState, JobView } from '../model/job.ts'
import type { Key } from '../random/key.ts'
import { drawFraction } from '../random/key.ts'

const ARRIVAL_LANE = 11

/**
 * A job as it stands at an instant.
 *
 * @param cancelledAtMs - When it stops because it was cancelled, or null; a job that has ended by then stays
 * as it was.
 */
export function viewAt(job: Job, key: Key, cancelledAtMs: number | null, nowMs: number): JobView {
  const instant = Math.max(job.createdAtMs, job.heldAtMs ?? nowMs)
  const startsAtMs = job.createdAtMs + job.queueMs
  const endsAtMs = startsAtMs + job.runMs
  const cancelled = cancelledAtMs !== null && cancelledAtMs <= instant && cancelledAtMs < endsAtMs
  const at = cancelled ? cancelledAtMs : instant
  const started = at >= startsAtMs
  const ended = cancelled || at >= endsAtMs
  return {
    job,
    state: cancelled ? 'cancelled' : stateAt(job, started, ended),
    nowMs: instant,
    startedAtMs: started ? startsAtMs : null,
    endedAtMs: ended ? (cancelled ? at : endsAtMs) : null,
    progress: Math.min(1, Math.max(0, job.runMs === 0 ? 1 : (at - startsAtMs) / job.runMs)),
    rows: rowsAt(job, key, at),
  }
}

/** A job at its making, as its receipt tells of it: it waits, be it for no time at all. */
export function viewAtMaking(job: Job): JobView {
  const { createdAtMs: nowMs } = job
  return { job, state: 'queued', nowMs, startedAtMs: null, endedAtMs: null, progress: 0, rows: 0 }
}

function stateAt(job: Job, started: boolean, ended: boolean): JobState {
  if (ended) return job.outcome
  return started ? 'running' : 'queued'
}

/** How many rows have arrived at an instant: whole ranks, in their order. */
function rowsAt(job: Job, key: Key, atMs: number): number {
  const elapsedMs = atMs - job.createdAtMs - job.queueMs
  if (elapsedMs >= job.runMs) return job.rows
  if (elapsedMs < 0) return 0
  const ranks = Math.ceil(job.rows / job.ties)
  const sure = Math.floor((elapsedMs / job.runMs) * ranks)
  const arrived = sure < ranks && rowAtMs(job, key, sure) <= atMs ? sure + 1 : sure
  return Math.min(job.rows, arrived * job.ties)
}

/**
 * The instant at which the rows of a rank arrive: spread over the run, never two ranks at once where the run
 * has five milliseconds a rank.
 */
export function rowAtMs(job: Job, key: Key, rank: number): number {
  const ranks = Math.max(1, Math.ceil(job.rows / job.ties))
  const within = 0.1 + 0.8 * drawFraction(key, rank, ARRIVAL_LANE)
  return job.createdAtMs + job.queueMs + Math.floor((job.runMs * (rank + within)) / ranks)
}

/** The instants at which a living job changes, in their order: it starts, is half done, and ends. */
export function momentsOf(job: Job, cancelledAtMs: number | null): readonly number[] {
  if (job.heldAtMs !== null) return []
  const startsAtMs = job.createdAtMs + job.queueMs
  const endsAtMs = startsAtMs + job.runMs
  const moments = [startsAtMs, startsAtMs + Math.floor(job.runMs / 2), endsAtMs]
  if (cancelledAtMs === null || cancelledAtMs >= endsAtMs) return moments
  return [...moments.filter((moment) => moment < cancelledAtMs), cancelledAtMs]
}
