import { describe, expect, it } from 'vitest'
import type { JobState, TerminalState } from '../../src/model/job.ts'
import { JOB_STATES, TERMINAL_STATES } from '../../src/model/job.ts'
import type { Moved } from '../../src/world/event.ts'
import type { Jobs } from '../../src/world/jobs.ts'
import { openDoor } from '../living-jobs/door.ts'

const EPOCH = Date.UTC(2026, 0, 1)

/** A job of so many rows that runs for nine seconds after one of waiting, and its jobs. */
async function made(
  rows = 20,
): Promise<{ jobs: Jobs; id: string; move: (ms: number, event: Partial<Moved>) => void }> {
  const { world } = await openDoor('skop')
  const { jobs } = world
  const steering = { outcome: 'succeeded', afterMs: 10_000, rows } as const
  jobs.apply({
    ...{ type: 'created', api: 'skop', operationId: null, body: {}, steering, key: null },
    atMs: EPOCH,
  })
  const id = jobs.all(EPOCH).at(-1)?.job.id ?? ''
  const move = (ms: number, event: Partial<Moved>): void =>
    jobs.apply({ type: 'moved', api: 'skop', id, state: null, outcome: null, ...event, atMs: EPOCH + ms })
  return { jobs, id, move }
}

describe('a job that is moved by hand', () => {
  it.each(TERMINAL_STATES)('to %s has ended at that instant, and not before', async (state) => {
    const { jobs, id, move } = await made()
    const before = jobs.find(id, EPOCH + 6_000)
    move(6_000, { state })
    expect(jobs.find(id, EPOCH + 6_000)).toMatchObject({ state, endedAtMs: EPOCH + 6_000 })
    expect(jobs.find(id, EPOCH + 90_000)).toMatchObject({ state, endedAtMs: EPOCH + 6_000 })
    expect(jobs.find(id, EPOCH + 5_999)?.state).toBe('running')
    expect(jobs.find(id, EPOCH + 6_000)?.rows).toBe(state === 'cancelled' ? before?.rows : 20)
  })

  it('to be cancelled is as one that a request cancels', async () => {
    for (const ms of [0, 500, 4_000, 9_999, 10_000]) {
      const [moved, cancelled] = [await made(), await made()]
      moved.move(ms, { state: 'cancelled' })
      const { id } = cancelled
      cancelled.jobs.apply({ type: 'cancelled', api: 'skop', id, lagMs: 0, key: null, atMs: EPOCH + ms })
      for (const later of [ms, ms + 1, 20_000]) {
        expect(moved.jobs.find(id, EPOCH + later)).toEqual(cancelled.jobs.find(id, EPOCH + later))
      }
      expect(moved.jobs.nextMomentMs(EPOCH + ms)).toBe(cancelled.jobs.nextMomentMs(EPOCH + ms))
    }
  })

  it('is shown beforehand as it will be', async () => {
    for (const state of [...JOB_STATES, null]) {
      for (const outcome of [...TERMINAL_STATES, null]) {
        const { jobs, id, move } = await made()
        const event: Moved = { type: 'moved', api: 'skop', id, state, outcome }
        const shown = jobs.moved(event, EPOCH + 4_000)
        expect(jobs.position).toBe(1)
        move(4_000, { state, outcome })
        expect(jobs.find(id, EPOCH + 4_000)).toEqual(shown)
      }
    }
  })

  it('to run starts at once, and runs as long as it would have', async () => {
    const { jobs, id, move } = await made()
    const { job } = jobs.find(id, EPOCH) ?? {}
    move(0, { state: 'running' })
    expect(jobs.find(id, EPOCH)).toMatchObject({ state: 'running', rows: 0, startedAtMs: EPOCH })
    expect(jobs.find(id, EPOCH + (job?.runMs ?? 0))).toMatchObject({ state: 'succeeded', rows: 20 })
  })

  it.each([
    [0, 'succeeded'],
    [1, 'succeeded'],
    [2, 'partially_succeeded'],
  ] as const)('to succeed in part, of %i rows, has %s', async (rows, state) => {
    for (const move of [{ state: 'partially_succeeded' }, { outcome: 'partially_succeeded' }] as const) {
      const { jobs, id, move: moves } = await made(rows)
      moves(4_000, move)
      expect(jobs.find(id, EPOCH + 10_000)?.state).toBe(state)
    }
  })

  it.each<[JobState, JobState | null, TerminalState | null]>([
    ['succeeded', 'failed', null],
    ['succeeded', null, 'failed'],
    ['succeeded', 'queued', null],
    ['running', 'queued', null],
  ])('that is %s stays so when it is asked to be %s', async (now, state, outcome) => {
    const { jobs, id, move } = await made()
    const ms = now === 'running' ? 4_000 : 10_000
    move(ms, { state, outcome })
    expect(jobs.find(id, EPOCH + ms)?.state).toBe(now)
    expect(jobs.find(id, EPOCH + 10_000)?.state).toBe('succeeded')
  })

  it('after its cancellation was asked for ends where the first of both ends it', async () => {
    const { jobs, id, move } = await made()
    jobs.apply({ type: 'cancelled', api: 'skop', id, lagMs: 1_000, key: null, atMs: EPOCH + 4_000 })
    move(4_500, { state: 'failed' })
    expect(jobs.find(id, EPOCH + 20_000)).toMatchObject({ state: 'failed', endedAtMs: EPOCH + 4_500 })
    const other = await made()
    other.jobs.apply({ type: 'cancelled', api: 'skop', id, lagMs: 1_000, key: null, atMs: EPOCH + 4_000 })
    other.move(4_500, { state: 'cancelled' })
    expect(other.jobs.find(id, EPOCH + 4_500)).toMatchObject({ state: 'cancelled', endedAtMs: EPOCH + 4_500 })
  })
})

describe('a job that is held', () => {
  it.each(TERMINAL_STATES)('and moved to %s ends where it stands', async (state) => {
    const { world } = await openDoor('skop')
    const held = world.jobs.named(EPOCH).find(({ job }) => job.name === 'running')
    if (held === undefined) throw new Error('there is no such job')
    const { id } = held.job
    world.jobs.apply({ type: 'moved', api: 'skop', id, state, outcome: null, atMs: EPOCH + 5 })
    expect(world.jobs.find(id, EPOCH)).toMatchObject({ state, endedAtMs: held.nowMs })
    if (state === 'cancelled') expect(world.jobs.find(id, EPOCH)?.rows).toBe(held.rows)
  })
})
