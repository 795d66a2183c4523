/**
 * The project's own TypeScript client, as it is published, against the running server: pointed there by its
 * base URL alone. The latest one speaks `/v1alpha`, the one of 2025 the paths that were there before.
 */
import LlamaStackClient, { BadRequestError, InternalServerError, RateLimitError } from 'llama-stack-client'
import EarlierClient from 'llama-stack-client-v1'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobListing } from '../src/index.ts'
import { errorOf, RUN } from './llama-stack-run.ts'
import type { Program } from './program.ts'
import { startProgram } from './program.ts'

let program: Program
let wire: Program
let jobs: readonly JobListing[]

beforeAll(async () => {
  program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
  wire = await startProgram(['serve', 'llama-stack', '--profile', 'wire', '--port', '0', '--log', 'silent'])
  const listing = await fetch(`${program.url}/_standin/jobs?api=llama-stack`)
  jobs = ((await listing.json()) as { readonly jobs: readonly JobListing[] }).jobs
})
afterAll(async () => {
  await program.stop()
  await wire.stop()
})

/** Benchmark and id of a named job, as the client's calls take them. */
function named(name: string): [benchmark: string, job: string] {
  const job = jobs.find((each) => each.name === name)
  if (job === undefined) throw new Error(`there is no job ${name}`)
  return [decodeURIComponent(/benchmarks\/([^/]+)/.exec(job.url)?.[1] ?? ''), job.id]
}

function clientOf(prefer?: string, baseURL = `${program.url}/llama-stack`): LlamaStackClient {
  const headers = prefer === undefined ? {} : { defaultHeaders: { Prefer: prefer } }
  return new LlamaStackClient({ baseURL, maxRetries: 0, ...headers })
}

describe('llama-stack-client', () => {
  it.each([
    ['queued', 'scheduled'],
    ['running', 'in_progress'],
    ['succeeded', 'completed'],
    ['partially-succeeded', 'completed'],
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
  ])('reads the status of the %s job as %s', async (name, status) => {
    const [benchmark, job] = named(name)
    expect(await clientOf().alpha.eval.jobs.status(benchmark, job)).toEqual({ job_id: job, status })
  })

  it('reads results: one score row a generation, and an aggregate of each function', async () => {
    const result = await clientOf().alpha.eval.jobs.retrieve(...named('many-pages'))
    expect(result.generations).toHaveLength(321)
    const scores = Object.values(result.scores)
    expect(scores.length).toBeGreaterThan(0)
    for (const { score_rows: rows, aggregated_results: aggregated } of scores) {
      expect(rows).toHaveLength(321)
      expect(Object.keys(aggregated).length).toBeGreaterThan(0)
    }
  })

  it('bears a slash at the end of its base URL, and a server that serves this API alone', async () => {
    for (const baseURL of [`${program.url}/llama-stack/`, wire.url, `${wire.url}/`]) {
      const { status } = await clientOf(undefined, baseURL).alpha.eval.jobs.status(...named('succeeded'))
      expect([baseURL, status]).toEqual([baseURL, 'completed'])
    }
  })

  it('sends its key, which nobody asks for', async () => {
    const keyed = new LlamaStackClient({ baseURL: `${program.url}/llama-stack`, apiKey: 'any' })
    expect((await keyed.alpha.eval.jobs.status(...named('running'))).status).toBe('in_progress')
  })

  it('runs an evaluation, polls it, and cancels it', async () => {
    const client = clientOf()
    const [benchmark] = named('succeeded')
    const { job_id: job, status } = await client.alpha.eval.runEval(benchmark, RUN)
    expect(status).toBe('scheduled')
    expect(['scheduled', 'in_progress']).toContain(
      (await client.alpha.eval.jobs.status(benchmark, job)).status,
    )
    expect((await errorOf(client.alpha.eval.jobs.retrieve(benchmark, job))).status).toBe(400)
    await client.alpha.eval.jobs.cancel(benchmark, job)
    expect((await client.alpha.eval.jobs.status(benchmark, job)).status).toBe('cancelled')
    expect((await errorOf(client.alpha.eval.jobs.cancel(benchmark, job))).status).toBe(400)
  })

  it.each([
    ['a job that runs', () => named('running'), /not completed.*in_progress/i],
    ['a job that failed', () => named('failed'), /not completed.*failed/i],
    ['a job that is not there', () => [named('running')[0], 'eval-7'] as const, /eval-7/],
    ['a benchmark that is not there', () => ['no-such', named('succeeded')[1]] as const, /no-such/],
  ])('gets a typed error for the result of %s', async (_, place, detail) => {
    const [benchmark, job] = place()
    const error = await errorOf(clientOf().alpha.eval.jobs.retrieve(benchmark, job))
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error.error).toEqual({
      status: 400,
      title: expect.any(String),
      detail: expect.stringMatching(detail),
    })
  })

  it.each([
    [429, RateLimitError],
    [500, InternalServerError],
  ])('gets a typed error for a %i', async (status, type) => {
    const error = await errorOf(clientOf(`code=${status}`).alpha.eval.jobs.retrieve(...named('succeeded')))
    expect(error).toBeInstanceOf(type)
    expect(error.error).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) })
  })

  it('asks again after the time that a 429 names, and gets its answer', async () => {
    const asked: number[] = []
    const client = new LlamaStackClient({
      baseURL: `${program.url}/llama-stack`,
      fetch: (async (url: string, init: RequestInit) => {
        asked.push(Date.now())
        const limited = asked.length === 1 ? { prefer: 'code=429' } : {}
        return fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...limited } })
      }) as never,
    })
    expect((await client.alpha.eval.jobs.status(...named('succeeded'))).status).toBe('completed')
    expect(asked).toHaveLength(2)
    expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(900)
  })
})

describe('llama-stack-client of 2025', () => {
  it('finds the same jobs under its older paths', async () => {
    const earlier = new EarlierClient({ baseURL: `${program.url}/llama-stack`, maxRetries: 0 })
    for (const name of ['running', 'succeeded']) {
      const status = await clientOf().alpha.eval.jobs.status(...named(name))
      expect(await earlier.eval.jobs.status(...named(name))).toEqual(status)
    }
    expect(await earlier.eval.jobs.retrieve(...named('succeeded'))).toEqual(
      await clientOf().alpha.eval.jobs.retrieve(...named('succeeded')),
    )
    await expect(earlier.eval.jobs.retrieve(...named('queued'))).rejects.toMatchObject({ status: 400 })
    const { job_id: job } = await earlier.eval.runEval(named('succeeded')[0], RUN)
    await earlier.eval.jobs.cancel(named('succeeded')[0], job)
    expect(await clientOf().alpha.eval.jobs.status(named('succeeded')[0], job)).toMatchObject({
      status: 'cancelled',
    })
  })
})

describe('llama-stack-client, as the server was seen to answer', () => {
  it('gets the errors of the wire, and nothing for a cancel', async () => {
    const client = clientOf(undefined, wire.url)
    const [benchmark] = named('succeeded')
    const error = await errorOf(client.alpha.eval.jobs.retrieve(benchmark, 'eval-7'))
    expect([error.status, error.error]).toEqual([400, { detail: expect.stringContaining('eval-7') }])
    const invalid = await errorOf(client.alpha.eval.runEval(benchmark, {} as never))
    expect([invalid.status, invalid.error]).toEqual([
      400,
      {
        error: {
          detail: { errors: expect.arrayContaining([expect.objectContaining({ type: expect.any(String) })]) },
        },
      },
    ])
    const limited = clientOf('code=429', wire.url)
    const refused = await errorOf(limited.alpha.eval.jobs.status(...named('succeeded')))
    expect([refused.status, refused.error]).toEqual([429, { error: { message: 'Quota exceeded' } }])
    expect(refused.headers?.['retry-after']).toBeUndefined()
    const { job_id: job } = await client.alpha.eval.runEval(benchmark, RUN)
    const response = await client.alpha.eval.jobs.cancel(benchmark, job).asResponse()
    expect(response.status).toBe(204)
  })
})
