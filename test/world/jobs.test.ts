import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Cancelled, Created } from '../../src/world/event.ts'
import type { Jobs } from '../../src/world/jobs.ts'
import { createJobs } from '../../src/world/jobs.ts'
import { makeJob } from '../worlds.ts'

const NOW = Date.UTC(2026, 0, 2)
const [skop, deepset] = await loadApis({ names: ['skop', 'deepset'], specs: null, needFixtures: true })

function sandbox(jobId?: string, seed = 1): Jobs {
  if (skop?.contract == null || skop.fixture === null) throw new Error('skop has no jobs')
  const contract = jobId === undefined ? skop.contract : { ...skop.contract, jobId }
  return createJobs({ api: 'skop', seed, fixture: skop.fixture, contract, vendor: skop.vendor })
}

describe('the jobs of an API', () => {
  it('gives equal events equal jobs, and another seed others', () => {
    const make = (seed: number): readonly unknown[] => {
      const world = sandbox(undefined, seed)
      return [1, 2, 3].map((index) => {
        const body = { prompt: `number ${index}` }
        return makeJob(world, { api: 'skop', body, atMs: NOW + index })
      })
    }
    expect(make(1)).toEqual(make(1))
    expect(make(2)).not.toEqual(make(1))
  })

  it('shows in a draft the job that a request would make, and makes nothing', () => {
    const world = sandbox()
    const body = { prompt: 'later' }
    const event: Created = {
      ...{ type: 'created', api: 'skop', operationId: 'createJob' },
      body,
      steering: {},
      key: null,
    }
    const draft = world.draft(event, NOW)
    expect(world.position).toBe(0)
    expect(world.find(draft.job.id, NOW)).toBeUndefined()
    expect(makeJob(world, { api: 'skop', body: { prompt: 'later' }, atMs: NOW })).toEqual(draft)
    expect(world.position).toBe(1)
  })

  it('never gives two jobs one id, and says so when there are no more', () => {
    const world = sandbox('j-#')
    const ids = new Set<string>()
    let refused: unknown = null
    for (let count = 0; count < 17 && refused === null; count += 1) {
      try {
        ids.add(makeJob(world, { api: 'skop', body: {}, atMs: NOW }).job.id)
      } catch (error) {
        refused = error
      }
    }
    expect([...ids].every((id) => world.find(id, NOW)?.job.id === id)).toBe(true)
    expect(ids.size).toBeGreaterThan(10)
    expect(refused).toMatchObject({ name: 'ApiError', code: 'unavailable' })
  })

  it('stop by the cancel that is told last where the clock was put back', () => {
    const world = sandbox()
    const { job } = makeJob(world, { api: 'skop', atMs: NOW })
    const cancelled: Cancelled = { type: 'cancelled', api: 'skop', id: job.id, lagMs: 0, key: null }
    world.apply({ ...cancelled, atMs: NOW + 400 })
    expect(world.isStopping(cancelled, NOW + 400)).toBe(true)
    expect(world.isStopping(cancelled, NOW + 100)).toBe(false)
    expect(world.stopped(cancelled, NOW + 100)?.state).toBe('cancelled')
    world.apply({ ...cancelled, atMs: NOW + 100 })
    expect(world.find(job.id, NOW + 100)).toMatchObject({ state: 'cancelled', endedAtMs: NOW + 100 })
  })

  it('knows ids in either letter case only where they are UUIDs', () => {
    const { fixture, contract, vendor } = deepset ?? {}
    if (fixture == null || contract == null) throw new Error('deepset has no jobs')
    const other = createJobs({ api: 'deepset', seed: 1, fixture, contract, vendor: vendor ?? null })
    const id = fixture.jobs[0]?.id ?? ''
    expect(other.find(id.toUpperCase(), NOW)?.job.id).toBe(id)
    expect(sandbox().find((skop?.fixture?.jobs[0]?.id ?? '').toUpperCase(), NOW)).toBeUndefined()
  })

  it('has rows whose ids and instants rise, whichever are asked for first', () => {
    const world = sandbox()
    const { job } = makeJob(world, { api: 'skop', body: {}, atMs: NOW })
    const view = world.find(job.id, NOW + 60_000)
    if (view === undefined) throw new Error('the job is gone')
    const rows = world.rows(view)
    const backwards = Array.from({ length: rows.count }, (_, index) => rows.slotOf(rows.count - 1 - index))
    const slots = backwards.reverse()
    for (const [index, slot] of slots.entries()) {
      expect([slot.index, rows.indexOf(slot.id), rows.slotOf(index).id]).toEqual([index, index, slot.id])
      expect(slot.id > (slots[index - 1]?.id ?? '')).toBe(true)
      expect(slot.atMs).toBeGreaterThanOrEqual(slots[index - 1]?.atMs ?? 0)
      expect(rows.templates).toContain(rows.templateOf(index))
    }
    expect(rows.indexOf(world.rows(makeJob(world, { api: 'skop', body: {}, atMs: NOW })).slotOf(0).id)).toBe(
      -1,
    )
  })
})
