/**
 * An evaluation from its start to its result, by the project's own client in this process: nobody sleeps but
 * the client itself, where it is told to.
 */
import LlamaStackClient, { BadRequestError, RateLimitError } from 'llama-stack-client'
import { describe, expect, it } from 'vitest'
import type { Standin, StandinOptions } from '../src/index.ts'
import { createStandin } from '../src/index.ts'
import { errorOf, RUN } from './llama-stack-run.ts'

const BENCHMARK = 'open-benchmark::mmlu'

/** A client of a standin in this process, whose time goes by when a job is read. */
async function inProcess(options: StandinOptions = {}, maxRetries = 2): Promise<[LlamaStackClient, Standin]> {
  const standin = await createStandin({ apis: ['llama-stack'], clock: 'auto', ...options })
  const fetch = standin.fetch as never
  return [new LlamaStackClient({ baseURL: 'http://standin/llama-stack', maxRetries, fetch }), standin]
}

/** Runs an evaluation, polls until it has ended, and reads its result. */
async function evaluated(client: LlamaStackClient, rest: { readonly num_examples?: number } = {}) {
  const config = { ...RUN.benchmark_config, ...rest }
  const { job_id: job } = await client.alpha.eval.runEval(BENCHMARK, { benchmark_config: config })
  const statuses: string[] = []
  do statuses.push((await client.alpha.eval.jobs.status(BENCHMARK, job)).status)
  while (!['completed', 'failed', 'cancelled'].includes(statuses.at(-1) ?? ''))
  const result =
    statuses.at(-1) === 'completed' ? await client.alpha.eval.jobs.retrieve(BENCHMARK, job) : null
  return { statuses, result }
}

describe('llama-stack-client, on a clock that goes by when a job is read', () => {
  it('runs an evaluation, polls it to its end and reads the result in under 200 ms', async () => {
    const [client] = await inProcess()
    const cold = performance.now()
    await evaluated(client) // a warm-up: schemas are compiled when they are first needed
    const warm = performance.now()
    const { statuses, result } = await evaluated(client)
    const tookMs = performance.now() - warm
    process.stdout.write(
      `llama-stack-client: run, polls and result in ${tookMs.toFixed(1)} ms, ` +
        `${(warm - cold).toFixed(1)} ms the first time\n`,
    )
    expect(statuses).toEqual(['in_progress', 'in_progress', 'completed'])
    expect(result?.generations).toHaveLength(12)
    expect(tookMs).toBeLessThan(200)
  })

  it('asks again by itself when its first two polls are limited, after the time it is told', async () => {
    const limited = {
      operation: 'llama-stack/getEvalJobStatus',
      requests: '1-2',
      status: 429,
      retryAfter: 'PT1S',
    }
    const [client, standin] = await inProcess({ faults: [limited] })
    const asked: number[] = []
    const counting = new LlamaStackClient({
      baseURL: 'http://standin/llama-stack',
      fetch: (async (url: string, init: RequestInit) => {
        if (init.method === 'GET') asked.push(performance.now())
        return standin.fetch(url, init)
      }) as never,
    })
    const { statuses, result } = await evaluated(counting)
    expect(statuses).toEqual(['in_progress', 'in_progress', 'completed'])
    expect(result?.generations).toHaveLength(12)
    const [first = 0, second = 0, third = 0] = asked
    expect(asked).toHaveLength(6)
    expect([second - first, third - second].every((ms) => ms >= 990 && ms < 2_000)).toBe(true)
    await expect(evaluated(client)).resolves.toMatchObject({
      statuses: expect.arrayContaining(['completed']),
    })
  })

  it('gets the error of a limit where it does not ask again', async () => {
    const limited = {
      operation: 'llama-stack/getEvalJobStatus',
      requests: '1-2',
      status: 429,
      retryAfter: 'PT1S',
    }
    const [client] = await inProcess({ faults: [limited] }, 0)
    const error = await errorOf(evaluated(client))
    expect(error).toBeInstanceOf(RateLimitError)
    expect([error.status, error.headers?.['retry-after']]).toEqual([429, '1'])
    expect(error.error).toMatchObject({ status: 429, title: 'Too Many Requests', detail: expect.any(String) })
  })

  it('cancels a job that runs, and is refused its result and a second cancellation', async () => {
    const [client] = await inProcess({}, 0)
    const { job_id: job } = await client.alpha.eval.runEval(BENCHMARK, RUN)
    expect((await client.alpha.eval.jobs.status(BENCHMARK, job)).status).toBe('in_progress')
    await client.alpha.eval.jobs.cancel(BENCHMARK, job)
    for (let count = 0; count < 3; count += 1) {
      expect(await client.alpha.eval.jobs.status(BENCHMARK, job)).toEqual({
        job_id: job,
        status: 'cancelled',
      })
    }
    for (const call of ['cancel', 'retrieve'] as const) {
      const error = await errorOf(client.alpha.eval.jobs[call](BENCHMARK, job))
      expect(error).toBeInstanceOf(BadRequestError)
      expect(error.error).toMatchObject({ status: 400, detail: expect.stringContaining('cancelled') })
    }
  })

  it('polls a job that fails to its end, as it was wished for', async () => {
    const [, standin] = await inProcess()
    const client = new LlamaStackClient({
      baseURL: 'http://standin/llama-stack',
      defaultHeaders: { Prefer: 'outcome=failed, after=PT1H' },
      fetch: standin.fetch as never,
    })
    const { statuses, result } = await evaluated(client, { num_examples: 3 })
    expect([statuses.at(-1), result]).toEqual(['failed', null])
  })
})
