/**
 * Reads of the past: a stale answer is the one that was true so long ago, whole, and nothing is made or
 * cancelled in the past.
 */
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { JobListing } from '../../src/server/listing.ts'
import { BUILT_IN } from '../built-in.ts'
import type { Faulty } from '../faulty.ts'
import { bodyOf, faulty, SKOP_JOB } from '../faulty.ts'

const FROZEN = { mode: 'frozen', stepMs: 0 } as const
const PLAN = [{ stale: 'PT5S' }]
const TALONIC = { authorization: 'Bearer tlnc_live_abcdefghijklmnop', 'content-type': 'application/json' }

async function pass({ happen, nowMs }: Faulty, ms: number): Promise<void> {
  await happen({ type: 'clock_moved', toMs: nowMs() + ms })
}

/** What every read of a job answers, in one text. */
async function seen({ fetch, readsOf }: Faulty, job: JobListing): Promise<string> {
  const answers = await Promise.all(
    readsOf(job).map(async (path) => {
      const response = await fetch(path, { headers: { ...job.headers } })
      return `${path} ${response.status} ${response.headers.get('etag')} ${await response.text()}`
    }),
  )
  return answers.join('\n')
}

describe('a stale answer', () => {
  it.each(BUILT_IN)('of %s is to the byte that of five seconds ago, in lists too', async (api) => {
    const [stale, fresh] = [await faulty(PLAN, FROZEN), await faulty([], FROZEN)]
    const [job] = [await stale.makeJob(api), await fresh.makeJob(api)]
    const created = await seen(fresh, job)
    for (const ms of [0, 1, 2_499, 2_500]) {
      await pass(stale, ms)
      // Never before what its creation shows.
      expect(await seen(stale, job)).toBe(created)
    }
    const answers = new Set<string>()
    for (let step = 0; step < 30; step += 1) {
      const [then, now] = [await seen(fresh, job), await seen(stale, job)]
      expect(now).toBe(then)
      answers.add(now)
      await Promise.all([pass(stale, 371), pass(fresh, 371)])
    }
    expect(answers.size).toBeGreaterThan(2)
  })

  it('of a job that was cancelled still shows it running', async () => {
    const server = await faulty(PLAN, FROZEN)
    const { id, headers } = await server.makeJob('skop')
    await pass(server, 6_000)
    const init = { method: 'DELETE', headers: { ...headers } }
    const cancelled = await server.fetch(`/skop/scrape/${id}`, init)
    expect(await bodyOf(cancelled)).toMatchObject({ cancelled_at: '2026-01-01T00:00:06.000Z' })
    const status = async (): Promise<Json | undefined> => {
      const response = await server.fetch(`/skop/scrape/status/${id}`, { headers: { ...headers } })
      return (await bodyOf(response))['status']
    }
    expect(await status()).not.toBe('cancelled')
    await pass(server, 4_999)
    expect(await status()).toBe('in_progress')
    await pass(server, 1)
    expect(await status()).toBe('cancelled')
  })

  it('cancels nothing that has ended meanwhile', async () => {
    const server = await faulty(PLAN, FROZEN)
    const { id } = await server.makeJob('talonic')
    await pass(server, 11_000)
    const read = await server.fetch(`/talonic/v1/jobs/${id}`, { headers: TALONIC })
    expect(await bodyOf(read)).toMatchObject({ status: 'processing' })
    const cancel = await server.fetch(`/talonic/v1/jobs/${id}/cancel`, { method: 'POST', headers: TALONIC })
    expect(cancel.status).toBe(409)
  })

  it('leaves named jobs, which stand still, as they are', async () => {
    const [stale, fresh] = [await faulty(PLAN), await faulty([])]
    for (const api of BUILT_IN) {
      const job = stale.job(api, 'running')
      const read = async ({ fetch }: Faulty): Promise<string> =>
        (await fetch(job.url, { headers: { ...job.headers } })).text()
      expect(await read(stale)).toBe(await read(fresh))
    }
  })

  it('is dated by the clock as it stands', async () => {
    const server = await faulty(PLAN, FROZEN)
    const { url, headers } = await server.makeJob('skop')
    await pass(server, 9_000)
    const response = await server.fetch(url, { headers: { ...headers } })
    expect(response.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:09 GMT')
  })
})

describe('a job that is made while reads are stale', () => {
  it('is made now, and agrees with what is read of it', async () => {
    const [stale, fresh] = [await faulty(PLAN, FROZEN), await faulty([], FROZEN)]
    await Promise.all([pass(stale, 60_000), pass(fresh, 60_000)])
    const create = async ({ fetch }: Faulty): Promise<string> =>
      (await fetch('/skop/scrape/', SKOP_JOB)).text()
    const receipt = await create(stale)
    expect(receipt).toBe(await create(fresh))
    expect(JSON.parse(receipt)).toMatchObject({ created_at: '2026-01-01T00:01:00.000Z' })
    const { job_id: id } = JSON.parse(receipt) as { readonly job_id: string }
    const results = await stale.fetch(`/skop/scrape/results/${id}`, { headers: SKOP_JOB.headers })
    expect(await bodyOf(results)).toMatchObject({ metadata: { created_at: '2026-01-01T00:01:00.000Z' } })
  })

  it('is made once for one idempotency key', async () => {
    const server = await faulty(PLAN, FROZEN)
    const schema = '0199a3b4-5c6d-7e8f-9a0b-1c2d3e4f5a6b'
    const asked = JSON.stringify({ schema_id: schema, document_ids: [schema] })
    const create = (): Promise<Response> => {
      const idempotent = { ...TALONIC, 'idempotency-key': 'one' }
      return server.fetch('/talonic/v1/jobs', { method: 'POST', headers: idempotent, body: asked })
    }
    const first = await bodyOf(await create())
    await pass(server, 2_000)
    expect(await bodyOf(await create())).toEqual(first)
    expect(first).toMatchObject({ id: expect.any(String) })
  })

  it.each([
    ['auto', { mode: 'auto', stepMs: 0 }],
    ['step', { mode: 'step', stepMs: 1_000 }],
  ] as const)('is seen to its end by a client that polls on the clock %s', async (_, clock) => {
    for (const api of BUILT_IN) {
      const [stale, fresh] = [await faulty(PLAN, clock), await faulty([], clock)]
      const states = async (server: Faulty): Promise<readonly string[]> => {
        const job = await server.makeJob(api)
        const texts: string[] = []
        for (let poll = 0; poll < 40; poll += 1) {
          const response = await server.fetch(job.url, { headers: { ...job.headers } })
          texts.push(`${response.status} ${await response.text()}`)
        }
        return texts
      }
      const [seenStale, seenFresh] = [await states(stale), await states(fresh)]
      expect(seenStale.at(-1)).toBe(seenFresh.at(-1))
      // Whoever sees the past goes through the same as whoever sees the present.
      if (clock.mode === 'auto') expect(seenStale).toEqual(seenFresh)
    }
  })
})

describe('latency on a virtual clock', () => {
  it('passes once the answer is made, so that what was made agrees with its receipt', async () => {
    const server = await faulty([{ latency: 'PT3S' }], { mode: 'auto', stepMs: 0 })
    const begunMs = server.nowMs()
    const receipt = await bodyOf(await server.fetch('/skop/scrape/', SKOP_JOB))
    expect([server.nowMs() - begunMs, server.waits]).toEqual([3_000, []])
    const results = await server.fetch(`/skop/scrape/results/${String(receipt['job_id'])}`, {
      headers: SKOP_JOB.headers,
    })
    expect(await bodyOf(results)).toMatchObject({ metadata: { created_at: receipt['created_at'] } })
    expect(receipt['created_at']).toBe(new Date(begunMs).toISOString())
  })

  it('passes nowhere where time stands still, and is waited for where it is real', async () => {
    const [frozen, real] = [await faulty([{ latency: 'PT3S' }], FROZEN), await faulty([{ latency: 'PT3S' }])]
    for (const { fetch, job } of [frozen, real]) await fetch(job('skop').url)
    expect([frozen.waits, real.waits]).toEqual([[], [3_000]])
    expect(frozen.nowMs()).toBe(Date.UTC(2026, 0, 1))
  })
})
