import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Job, JobView } from '../../src/model/job.ts'
import { keyOf } from '../../src/random/key.ts'
import { rowAtMs, viewAt } from '../../src/world/lifecycle.ts'

const CREATED = Date.UTC(2026, 0, 1)
const key = keyOf('lifecycle')

function jobOf(parts: Partial<Job>): Job {
  return {
    ...{ id: 'a', name: null, createdAtMs: CREATED, queueMs: 1_000, runMs: 10_000, outcome: 'succeeded' },
    ...{ rows: 20, ties: 1, mix: {}, brief: {}, heldAtMs: null },
    ...parts,
  }
}

const anyJob = fc
  .record({
    queueMs: fc.integer({ min: 1, max: 5_000 }),
    runMs: fc.nat(20_000),
    rows: fc.nat(300),
    ties: fc.integer({ min: 1, max: 7 }),
    outcome: fc.constantFrom('succeeded', 'partially_succeeded', 'failed', 'cancelled'),
  })
  .map((parts) => jobOf(parts as Partial<Job>))

const ORDER = ['queued', 'running', 'succeeded', 'partially_succeeded', 'failed', 'cancelled']
const rank = ({ state }: JobView): number => Math.min(2, ORDER.indexOf(state))

describe('a job in time', () => {
  it('waits, runs and ends, and takes nothing back, wherever one looks', () => {
    const instants = fc.array(fc.integer({ min: -1_000, max: 40_000 }), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(anyJob, instants, fc.option(fc.nat(30_000)), (job, offsets, cancelled) => {
        const cancelledAtMs = cancelled === null ? null : CREATED + cancelled
        const sorted = [...offsets]
          .sort((a, b) => a - b)
          .filter((ms) => cancelled === null || ms >= cancelled)
        const views = sorted.map((ms) => viewAt(job, key, cancelledAtMs, CREATED + ms))
        for (const [place, view] of views.entries()) {
          const before = views[place - 1] ?? view
          expect(rank(view)).toBeGreaterThanOrEqual(rank(before))
          expect(view.rows).toBeGreaterThanOrEqual(before.rows)
          expect(view.progress).toBeGreaterThanOrEqual(before.progress)
          expect(view.progress >= 0 && view.progress <= 1).toBe(true)
          if (view.state === 'running' || view.rows > 0) expect(view.startedAtMs).not.toBeNull()
          expect(view.endedAtMs !== null).toBe(rank(view) === 2)
          expect(view.rows % job.ties === 0 || view.rows === job.rows).toBe(true)
          if (before.endedAtMs !== null) expect({ ...view, nowMs: before.nowMs }).toEqual(before)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('has every row that can be read behind it, and the others before it', () => {
    fc.assert(
      fc.property(anyJob, fc.nat(25_000), (job, ms) => {
        const { rows, nowMs, state } = viewAt(job, key, null, CREATED + ms)
        if (state !== 'running') return
        for (let index = 0; index < job.rows; index += 1) {
          const atMs = rowAtMs(job, key, Math.floor(index / job.ties))
          expect(atMs <= nowMs, `${index} of ${rows}`).toBe(index < rows)
        }
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('has all its rows in the end, and none while it waits', () => {
    fc.assert(
      fc.property(anyJob, (job) => {
        expect(viewAt(job, key, null, CREATED + job.queueMs - 1).rows).toBe(0)
        const end = viewAt(job, key, null, CREATED + job.queueMs + job.runMs)
        expect([end.rows, end.state, end.endedAtMs]).toEqual([
          job.rows,
          job.outcome,
          CREATED + job.queueMs + job.runMs,
        ])
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('is not cancelled after its end', () => {
    const late = viewAt(jobOf({}), key, CREATED + 11_000, CREATED + 12_000)
    expect([late.state, late.endedAtMs]).toEqual(['succeeded', CREATED + 11_000])
    const early = viewAt(jobOf({}), key, CREATED + 10_999, CREATED + 12_000)
    expect([early.state, early.endedAtMs]).toEqual(['cancelled', CREATED + 10_999])
  })

  it('stands still at its instant where it is held', () => {
    const held = jobOf({ heldAtMs: CREATED + 4_000 })
    const views = [0, CREATED, CREATED + 1e12].map((nowMs) => viewAt(held, key, null, nowMs))
    expect(views[1]).toEqual(views[0])
    expect(views[2]).toEqual(views[0])
    expect(views[0]).toMatchObject({ state: 'running', nowMs: CREATED + 4_000, progress: 0.3 })
  })
})
