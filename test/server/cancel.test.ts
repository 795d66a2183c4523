import { beforeEach, describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { JobListing, Standin } from '../../src/index.ts'
import { createStandin } from '../../src/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { assembled } from '../assembled.ts'
import type { Door } from '../living-jobs/door.ts'
import { openDoor } from '../living-jobs/door.ts'

const START = Date.UTC(2026, 0, 2)
const KEY = { 'x-api-key': 'sk-1', 'content-type': 'application/json' }
const BODY = JSON.stringify({ website: 'https://a.example', prompt: 'all the documents' })

const clock = { nowMs: START }
let standin: Standin

beforeEach(async () => {
  clock.nowMs = START
  standin = await createStandin({ apis: ['skop'], now: () => clock.nowMs })
})

async function send(method: string, path: string, body?: string): Promise<readonly [number, JsonObject]> {
  const init = { method, headers: KEY, ...(body === undefined ? {} : { body }) }
  const response = await standin.fetch(path, init)
  return [response.status, (await response.json()) as JsonObject]
}

async function viewsOf(id: string): Promise<readonly [results: JsonObject, status: JsonObject]> {
  const [[, results], [, status]] = [
    await send('GET', `/skop/scrape/results/${id}`),
    await send('GET', `/skop/scrape/status/${id}`),
  ]
  return [results, status]
}

function job(name: string): JobListing {
  const found = standin.jobs('skop').find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`there is no job ${name}`)
  return found
}

async function created(): Promise<string> {
  return String((await send('POST', '/skop/scrape/', BODY))[1]['job_id'])
}

describe('cancelling', () => {
  it.each([0, 1_000, 4_000])('ends a job %i ms after it was made, at once and for good', async (afterMs) => {
    const id = await created()
    clock.nowMs += afterMs
    const [before] = await viewsOf(id)
    const [status, receipt] = await send('DELETE', `/skop/scrape/${id}`)
    expect([status, receipt]).toEqual([
      200,
      expect.objectContaining({ status: 'cancelled', cancelled_at: new Date(clock.nowMs).toISOString() }),
    ])
    const views = await viewsOf(id)
    for (const view of views) expect(view).toMatchObject({ status: 'cancelled' })
    expect(views[0]['documents']).toEqual(before['documents'])
    expect(views[0]['metadata']).toMatchObject({
      completed_at: receipt['cancelled_at'],
      final_status: 'cancelled',
    })
    expect(views[1]).toMatchObject({
      is_active: false,
      completed_at: receipt['cancelled_at'],
      current_agent: null,
    })
    clock.nowMs += 60_000
    expect(await viewsOf(id)).toEqual(views)
  })

  it('is refused the second time, and of a job that has ended', async () => {
    const [id, other] = [await created(), await created()]
    expect((await send('DELETE', `/skop/scrape/${id}`))[0]).toBe(200)
    clock.nowMs += 60_000
    for (const ended of [id, other, job('succeeded').id, job('failed').id, job('cancelled').id]) {
      const [status, body] = await send('DELETE', `/skop/scrape/${ended}`)
      expect([status, body]).toEqual([400, expect.objectContaining({ error: true, status_code: 400 })])
      expect(body['message']).toMatch(/already ended: (cancelled|completed|failed)/)
    }
  })

  it('is refused of what is no job', async () => {
    expect((await send('DELETE', '/skop/scrape/job_000000000000'))[0]).toBe(404)
    expect((await send('DELETE', '/skop/scrape/JOB'))[0]).toBe(404)
    expect((await standin.fetch('/skop/scrape/job_000000000000', { method: 'DELETE' })).status).toBe(401)
  })

  it('leaves the time of errors where it was, so that a restart would say the same', async () => {
    const id = await created()
    clock.nowMs += 500
    await send('DELETE', `/skop/scrape/${id}`)
    const [, { timestamp }] = await send('GET', '/skop/scrape/status/job_1')
    expect(timestamp).toBe('2026-01-01T00:00:00.000Z')
  })
})

describe('held jobs', () => {
  it('are moved by no clock', async () => {
    const before = await Promise.all(standin.jobs('skop').map(({ id }) => viewsOf(id)))
    clock.nowMs += 365 * 86_400_000
    expect(await Promise.all(standin.jobs('skop').map(({ id }) => viewsOf(id)))).toEqual(before)
    clock.nowMs = 0
    expect(await Promise.all(standin.jobs('skop').map(({ id }) => viewsOf(id)))).toEqual(before)
  })

  it.each(['running', 'queued'])('that are %s can be cancelled, and every view says so', async (name) => {
    const { id, rows } = job(name)
    const [before] = await viewsOf(id)
    const [status, receipt] = await send('DELETE', `/skop/scrape/${id}`)
    const [results, told] = await viewsOf(id)
    expect([status, job(name)]).toEqual([200, expect.objectContaining({ state: 'cancelled', rows })])
    expect(results).toMatchObject({ status: 'cancelled', documents: before['documents'] })
    expect(told).toMatchObject({ status: 'cancelled', completed_at: receipt['cancelled_at'] })
    expect(results['metadata']).toMatchObject({ completed_at: receipt['cancelled_at'] })
  })
})

describe('two standins', () => {
  it('in one process share nothing', async () => {
    const other = await createStandin({ apis: ['skop'], now: () => clock.nowMs })
    const id = await created()
    const { url, headers } = job('running')
    await send('DELETE', `/skop/scrape/${job('running').id}`)
    expect((await other.fetch(`/skop/scrape/results/${id}`, { headers })).status).toBe(404)
    expect(await (await other.fetch(url, { headers })).json()).toMatchObject({ status: 'in_progress' })
    expect(other.jobs('skop').find(({ name }) => name === 'running')?.state).toBe('running')
    const same = await other.fetch('/skop/scrape/', { method: 'POST', headers: KEY, body: BODY })
    expect(await same.json()).toMatchObject({ job_id: id })
  })
})

/** Makes a job and gives its id. */
async function madeAt(door: Door, operation: string, body: JsonObject, prefer: string): Promise<string> {
  const { body: receipt } = await door.ask(operation, '', { body, headers: { prefer } })
  return String((receipt as JsonObject)['id'] ?? (receipt as JsonObject)['job_id'])
}

describe('cancelling a job of Talonic', () => {
  const ASKED = { schema_id: '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b580' }

  it.each([0, 1_000, 6_000, 9_999])('%i ms after it was made fails it, and its rows stay', async (ms) => {
    const door = await openDoor('talonic')
    const id = await madeAt(door, 'createJob', ASKED, 'after=PT10S, outcome=succeeded')
    door.moveTo(door.nowMs() + ms)
    const rowsOf = async (): Promise<readonly JsonObject[]> =>
      ((await door.ask('getJobResults', id)).body as { readonly data: readonly JsonObject[] }).data
    const before = await rowsOf()
    const { status, body, text } = await door.ask('cancelJob', id)
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({
        status: 'failed',
        error: { code: 'job_failed', message: 'Cancelled via API' },
        completed_at: new Date(door.nowMs()).toISOString(),
        grid_stats: null,
        current_phase: null,
        progress: null,
        links: expect.not.objectContaining({ cancel: expect.anything() }),
      }),
    ])
    const kept = before.map((row) => ({ ...row, status: 'partial' }))
    expect(await rowsOf()).toEqual(kept)
    expect((await door.ask('getJob', id)).text).toBe(text)
    door.moveTo(door.nowMs() + 60_000)
    expect(await rowsOf()).toEqual(kept)
    const refused = await door.ask('cancelJob', id)
    expect([refused.status, refused.body]).toEqual([409, expect.objectContaining({ code: 'conflict' })])
    expect((await door.ask('getJob', id)).text).toBe(text)
  })
})

describe('cancelling a job of Llama Stack', () => {
  const RUN = {
    benchmark_config: {
      eval_candidate: { type: 'model', model: 'm', sampling_params: { strategy: { type: 'greedy' } } },
      scoring_params: { 'basic::equality': { type: 'basic', aggregation_functions: ['accuracy'] } },
    },
  }

  it.each(['cancelEvalJob', 'cancelEvalJobV1'])('by %s ends it, under both prefixes', async (operation) => {
    const door = await openDoor('llama-stack')
    const id = await madeAt(door, 'runEval', RUN, 'after=PT10S')
    door.moveTo(door.nowMs() + 5_000)
    const first = await door.ask(operation, id)
    expect([first.status, first.text]).toEqual([200, ''])
    for (const read of ['getEvalJobStatus', 'getEvalJobStatusV1']) {
      expect((await door.ask(read, id)).body).toEqual({ job_id: id, status: 'cancelled' })
    }
    for (const ended of ['cancelEvalJob', 'cancelEvalJobV1', 'getEvalJobResult', 'getEvalJobResultV1']) {
      const { status, body } = await door.ask(ended, id)
      expect([status, String((body as JsonObject)['detail'])]).toEqual([
        400,
        expect.stringContaining('cancelled'),
      ])
    }
  })

  it('gets 204 and nothing else from the server as it was seen', async () => {
    const apis = await loadApis({ names: ['llama-stack'], specs: null, needFixtures: true, profile: 'wire' })
    const { fetch } = await assembled(apis)
    const jobs = '/llama-stack/v1alpha/eval/benchmarks/open-benchmark::mmlu/jobs'
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(RUN),
    }
    const { job_id: id } = (await (await fetch(jobs, init)).json()) as JsonObject
    const cancelled = await fetch(`${jobs}/${String(id)}`, { method: 'DELETE' })
    expect([cancelled.status, await cancelled.text()]).toEqual([204, ''])
    const again = await fetch(`${jobs}/${String(id)}`, { method: 'DELETE' })
    expect([again.status, Object.keys((await again.json()) as JsonObject)]).toEqual([400, ['detail']])
  })
})
