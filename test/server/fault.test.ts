/**
 * What a fault plan does to answers: refusals in each API's own shape, limits that tell the truth, reads of
 * the past, and what all this does to the clocks. What it does on the wire is `trouble.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { responseFor } from '../../src/openapi/response.ts'
import { answering, apiOf } from '../assembled.ts'
import { BUILT_IN } from '../built-in.ts'
import { bodyOf, faulty, rulesOf, SKOP_JOB } from '../faulty.ts'

const FROZEN = { mode: 'frozen', stepMs: 0 } as const

const STATUSES = [400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 502, 503, 599]

describe('a status', () => {
  it.each(BUILT_IN)('is refused in the shape of %s, documented or not, without any key', async (api) => {
    const shapes = new Set<string>()
    for (const status of STATUSES) {
      const { fetch, job, server, reports } = await faulty([{ operation: `${api}/*`, status }])
      const { url } = job(api)
      const response = await fetch(url)
      expect([status, response.status, response.headers.get('content-type')]).toEqual([
        ...[status, status, 'application/json'],
      ])
      const body = await bodyOf(response)
      const { route } = server.router.match('GET', url)
      const [media] = responseFor(route.operation, status)?.content ?? []
      if (media?.schema == null) shapes.add(Object.keys(body).sort().join())
      else {
        const validator = await server.validatorOf(route.api)
        expect([status, validator.check(media.schema, body)]).toEqual([status, []])
      }
      for (const value of Object.values(body)) if (typeof value === 'number') expect(value).not.toBe(200)
      expect(reports).toEqual([])
    }
    // Skop has a shape of its own for an account that is empty.
    expect(shapes.size).toBeLessThanOrEqual(api === 'skop' ? 2 : 1)
  })

  it('of an API without a vendor is that of its document, or a problem', async () => {
    const schema = {
      type: 'object',
      required: ['code'],
      properties: { code: { type: 'integer', minimum: 7 } },
    }
    const header = { 'retry-after': { required: true, schema: { type: 'integer', minimum: 9_000 } } }
    const limited = { description: 'no', headers: header, content: { 'application/json': { schema } } }
    const { responses } = answering({ type: 'object' }) as { responses: Record<string, Json> }
    const plain = apiOf('plain', { paths: { '/a': { get: { responses: { ...responses, 429: limited } } } } })
    for (const status of STATUSES) {
      const { fetch } = await faulty([{ status, retryAfter: 'PT3S' }], undefined, [plain])
      const response = await fetch('/a')
      const body = await bodyOf(response)
      expect([response.status, response.headers.get('retry-after')]).toEqual([status, '3'])
      if (status === 429) expect(body).toEqual({ code: expect.any(Number) })
      else expect(body).toMatchObject({ status, detail: 'A fault plan has struck' })
    }
  })

  it('comes before credentials, parameters and look-up, and says how to authenticate if 401', async () => {
    const { fetch } = await faulty([
      { requests: '1-1', status: 401 },
      { requests: '2', status: 503 },
    ])
    const path = '/skop/scrape/results/nonsense'
    const answers = [await fetch(path), await fetch(path), await fetch(path)]
    expect(answers.map(({ status }) => status)).toEqual([401, 503, 401])
    expect(answers.map(({ headers }) => headers.get('www-authenticate'))).toEqual(['Bearer', null, 'Bearer'])
    expect(await bodyOf(answers[0] as Response)).toMatchObject({ message: 'A fault plan has struck' })
  })

  it.each([
    ['code=200', null],
    ['code=404, delay=PT0.5S', 'delay=PT0.5S'],
    ['example=nothing, seed=7', 'seed=7'],
    ['dynamic=false', null],
  ])('wins over Prefer: %s, of which %s is granted', async (prefer, applied) => {
    const { fetch, job } = await faulty([{ status: 503 }])
    const plain = await fetch(job('skop').url)
    const asked = await fetch(job('skop').url, { headers: { prefer } })
    expect([asked.status, asked.headers.get('preference-applied')]).toEqual([503, applied])
    expect(await asked.text()).toBe(await plain.text())
  })

  it('wins where the document would be asked for an example that it lacks', async () => {
    const content = { 'application/json': { schema: { type: 'object' } } }
    const responses = { 503: { description: 'no', content }, 200: { description: 'yes', content } }
    const plain = apiOf('plain', { paths: { '/a': { get: { responses } } } })
    const { fetch } = await faulty([{ requests: 1, status: 503 }], undefined, [plain])
    const asked = async () => (await fetch('/a', { headers: { prefer: 'example=none' } })).status
    expect([await asked(), await asked()]).toEqual([503, 404])
  })

  it('says when to come again if it is told, on any API', async () => {
    for (const api of BUILT_IN) {
      const { fetch, job } = await faulty([
        { requests: 1, status: 503, retryAfter: 'PT1.2S' },
        { requests: 2, status: 429, retryAfter: 'PT30S' },
      ])
      const answers = [await fetch(job(api).url), await fetch(job(api).url)]
      expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['2', '30'])
    }
  })

  it('for the first two polls of each job is one line; the third succeeds, of a new job too', async () => {
    const { fetch, job } = await faulty([
      { operation: '*', requests: '1-2', status: 429, retryAfter: 'PT1S' },
    ])
    for (const api of BUILT_IN) {
      for (const name of ['succeeded', 'failed']) {
        const { url, headers } = job(api, name)
        const poll = async () => (await fetch(url, { headers: { ...headers } })).status
        const polls = [await poll(), await poll(), await poll(), await poll()]
        expect(polls.map((status) => (status === 429 ? 429 : 'passes'))).toEqual([
          429,
          429,
          'passes',
          'passes',
        ])
      }
    }
  })

  it('makes no job and cancels none', async () => {
    const { fetch, job, server } = await faulty([{ requests: 1, status: 500 }])
    const create = () => fetch('/skop/scrape/', SKOP_JOB)
    const { id } = job('skop', 'running')
    const cancel = () => fetch(`/skop/scrape/${id}`, { ...SKOP_JOB, method: 'DELETE', body: null })
    const made = [(await create()).status, (await cancel()).status]
    expect([made, server.sandboxes.names()]).toEqual([[500, 500], ['default']])
    expect([(await create()).ok, (await cancel()).ok]).toEqual([true, true])
  })

  it('leaves alone what is no request of an operation', async () => {
    const { fetch, job } = await faulty([{ status: 503 }, { connection: 'reset', requests: 2 }])
    const { url } = job('skop')
    const asked = ['/nowhere', '/_standin/health', '/_standin/jobs', url]
    const statuses = await Promise.all(asked.map(async (path) => (await fetch(path)).status))
    expect(statuses).toEqual([404, 200, 200, 503])
    expect((await fetch(url, { method: 'OPTIONS' })).status).toBe(204)
    expect((await fetch(url, { method: 'PUT' })).status).toBe(405)
  })
})

describe('a plan', () => {
  it('goes on where it was in a copy of the sandbox', async () => {
    const plan = [
      { operation: 'skop/*', requests: '1-3', status: 503 },
      { operation: 'talonic/*', limit: { requests: 3, per: 'PT1M' } },
      { share: 0.4, latency: 'PT1S' },
    ]
    const original = await faulty(plan, FROZEN)
    const jobs = ['skop', 'talonic'].map((api) => original.job(api))
    const ask = async ({
      fetch,
    }: typeof original): Promise<readonly (readonly [number, string | null])[]> => {
      const answers: [number, string | null][] = []
      for (const { url, headers } of [...jobs, ...jobs]) {
        const response = await fetch(url, { headers: { ...headers } })
        answers.push([response.status, response.headers.get('x-ratelimit-remaining')])
      }
      return answers
    }
    await ask(original)
    const document = await original.server.sandboxes.turn({ name: 'default', seed: null }, (turn) => ({
      result: JSON.stringify(turn.sandbox.toDocument(turn.stampMs)),
      events: [],
    }))
    const copy = await faulty([], FROZEN)
    await copy.happen({ type: 'restored', sandbox: JSON.parse(document) })
    const [first, second] = [await ask(original), await ask(copy)]
    expect(second).toEqual(first)
    expect(first).toEqual([
      [503, null],
      [200, '0'],
      [200, null],
      [429, '0'],
    ])
  })

  it('that is set anew begins to count anew', async () => {
    const { fetch, job, happen } = await faulty([{ requests: 1, status: 503 }])
    const { url, headers } = job('skop')
    const poll = async () => (await fetch(url, { headers: { ...headers } })).status
    expect([await poll(), await poll()]).toEqual([503, 200])
    await happen({ type: 'faults_set', rules: rulesOf([{ requests: 1, status: 500 }]) })
    expect([await poll(), await poll()]).toEqual([500, 200])
    await happen({ type: 'faults_set', rules: [] })
    expect(await poll()).toBe(200)
  })

  it('counts in each sandbox by itself', async () => {
    const { fetch, job } = await faulty([{ requests: 1, status: 503 }])
    const { url, headers } = job('skop')
    const poll = async (path: string) => (await fetch(path, { headers: { ...headers } })).status
    const asked = [url, `/~a${url}`, `/~b${url}`, url, `/~a${url}`]
    const statuses: number[] = []
    for (const path of asked) statuses.push(await poll(path))
    expect(statuses).toEqual([503, 503, 503, 200, 200])
  })

  it('writes nothing where it counts nothing', async () => {
    const { fetch, job, server } = await faulty([{ status: 503 }, { latency: 'PT1S' }])
    for (let index = 0; index < 3; index += 1) await fetch(job('skop').url)
    expect(server.sandboxes.names()).toEqual([])
  })
})
