/**
 * Dex stops what runs in its own time: between the request and the stop the job runs on, and may even end.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Door } from '../living-jobs/door.ts'
import { openDoor } from '../living-jobs/door.ts'

/** Makes a job and gives its id. */
async function madeAt(door: Door, operation: string, body: JsonObject, prefer: string): Promise<string> {
  const { body: receipt } = await door.ask(operation, '', { body, headers: { prefer } })
  return String((receipt as JsonObject)['id'] ?? (receipt as JsonObject)['job_id'])
}

describe('cancelling a job of Dex', () => {
  const BATCH = { source_document_ids: Array.from({ length: 12 }, (_, index) => `document-${index}`) }

  interface Progress
    extends Readonly<Record<'total' | 'succeeded' | 'failed' | 'cancelled' | 'pending', number>> {
    readonly child_jobs: readonly { readonly status: string }[]
  }

  async function jobOf(door: Door, id: string): Promise<JsonObject & { readonly progress: Progress }> {
    return (await door.ask('getJob', id)).body as JsonObject & { readonly progress: Progress }
  }

  /** Every document is counted once. */
  function countsOf({ progress }: { readonly progress: Progress }): readonly number[] {
    const { total, succeeded, failed, cancelled, pending, child_jobs: children } = progress
    const count = (status: string): number => children.filter((child) => child.status === status).length
    expect(succeeded + failed + cancelled + pending + count('running')).toBe(total)
    expect([succeeded, failed]).toEqual([count('succeeded'), count('failed')])
    expect(cancelled).toBeGreaterThanOrEqual(count('cancelled'))
    return [succeeded, failed, cancelled]
  }

  async function running(
    prefer = 'after=PT20S, outcome=partially_succeeded',
  ): Promise<[Door, string, number]> {
    const door = await openDoor('scale-dex')
    const id = await madeAt(door, 'createBatchParseJob', BATCH, prefer)
    const startMs = door.nowMs()
    door.moveTo(startMs + 12_000)
    expect((await jobOf(door, id))['status']).toBe('running')
    return [door, id, startMs]
  }

  it('that waits ends it at once, and is told so as often as one asks', async () => {
    const door = await openDoor('scale-dex')
    const id = await madeAt(door, 'createBatchParseJob', BATCH, 'after=PT20S')
    door.moveTo(door.nowMs() + 500)
    const first = await door.ask('cancelJob', id)
    expect([first.status, first.body]).toEqual([
      200,
      expect.objectContaining({
        status: 'cancelled',
        started_at: null,
        completed_at: '2026-01-01T00:00:00.500Z',
      }),
    ])
    expect(countsOf(await jobOf(door, id))).toEqual([0, 0, 12])
    door.moveTo(door.nowMs() + 60_000)
    const again = await door.ask('cancelJob', id)
    expect([again.status, again.text]).toEqual([200, first.text])
    expect((await door.ask('getJob', id)).text).toBe(first.text)
  })

  it('that runs takes a while: it runs on, is stopped, and what was done stays', async () => {
    const [door, id] = await running()
    const askedMs = door.nowMs()
    const before = await jobOf(door, id)
    const first = await door.ask('cancelJob', id)
    expect([first.status, first.body]).toEqual([202, before])
    const seen: (readonly number[])[] = []
    let stoppedMs = 0
    for (let ms = 0; ms <= 2_000; ms += 10) {
      door.moveTo(askedMs + ms)
      const job = await jobOf(door, id)
      seen.push(countsOf(job))
      if (job['status'] === 'cancelled') stoppedMs ||= ms
      else expect([job['status'], job['completed_at'], job.progress.cancelled]).toEqual(['running', null, 0])
    }
    expect(stoppedMs).toBeGreaterThanOrEqual(300)
    expect(stoppedMs).toBeLessThanOrEqual(1_510)
    for (const [place, counts] of seen.entries()) {
      const before = seen[place - 1] ?? [0, 0, 0]
      expect(counts.every((count, each) => count >= (before[each] ?? 0))).toBe(true)
    }
    const last = await jobOf(door, id)
    expect(last.progress.pending).toBe(0)
    expect(Date.parse(String(last['completed_at']))).toBeGreaterThan(askedMs + stoppedMs - 10)
  })

  it('that is being stopped is told again that it will be, and nothing more happens', async () => {
    const [quiet, id] = await running()
    const [busy] = await running()
    const askedMs = quiet.nowMs()
    for (const door of [quiet, busy]) await door.ask('cancelJob', id)
    for (let ms = 0; ms < 300; ms += 50) {
      busy.moveTo(askedMs + ms)
      expect((await busy.ask('cancelJob', id)).status).toBe(202)
    }
    expect(busy.world.jobs.position).toBe(quiet.world.jobs.position)
    for (let ms = 300; ms < 2_000; ms += 100) {
      for (const door of [quiet, busy]) door.moveTo(askedMs + ms)
      expect((await busy.ask('getJob', id)).text).toBe((await quiet.ask('getJob', id)).text)
    }
    const settled = await busy.ask('cancelJob', id)
    expect([settled.status, settled.text]).toEqual([200, (await quiet.ask('getJob', id)).text])
  })

  it('that ends before it can be stopped comes too late', async () => {
    const door = await openDoor('scale-dex')
    const id = await madeAt(door, 'createBatchParseJob', BATCH, 'after=PT20S, outcome=succeeded')
    const startMs = door.nowMs()
    door.moveTo(startMs + 19_900)
    expect((await door.ask('cancelJob', id)).status).toBe(202)
    door.moveTo(startMs + 20_000)
    const ended = await jobOf(door, id)
    expect([ended['status'], countsOf(ended)]).toEqual(['succeeded', [12, 0, 0]])
    expect((await door.ask('cancelJob', id)).status).toBe(409)
    door.moveTo(startMs + 90_000)
    expect(await jobOf(door, id)).toEqual(ended)
  })

  it('is over for a client that polls on a clock of its own', async () => {
    const door = await openDoor('scale-dex', 'auto')
    const id = await madeAt(door, 'createBatchParseJob', BATCH, 'after=PT1H')
    const states: unknown[] = [(await jobOf(door, id))['status']]
    states.push((await door.ask('cancelJob', id)).status)
    for (let count = 0; count < 3; count += 1) states.push((await jobOf(door, id))['status'])
    expect(states).toEqual(['running', 202, 'cancelled', 'cancelled', 'cancelled'])
  })

  it('that is held ends it where it stands', async () => {
    const door = await openDoor('scale-dex')
    const id = door.api.fixture?.jobs.find(({ name }) => name === 'running')?.id ?? ''
    const first = await door.ask('cancelJob', id)
    expect([first.status, first.body]).toEqual([202, expect.objectContaining({ status: 'cancelled' })])
    countsOf(first.body as never)
    expect((await door.ask('cancelJob', id)).text).toBe(first.text)
  })

  it.each([
    ['succeeded', 409],
    ['partially_succeeded', 409],
    ['failed', 409],
    ['cancelled', 200],
  ])('that has %s by itself gets %i', async (outcome, status) => {
    const door = await openDoor('scale-dex')
    const id = await madeAt(door, 'createBatchParseJob', BATCH, `after=0, outcome=${outcome}`)
    const before = await door.ask('getJob', id)
    expect((await door.ask('cancelJob', id)).status).toBe(status)
    expect((await door.ask('getJob', id)).text).toBe(before.text)
  })
})
