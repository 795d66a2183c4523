/**
 * Limits of requests: who is refused, what the vendors' headers tell of it, and that it is true on every
 * clock.
 */
import { describe, expect, it } from 'vitest'
import { responseFor } from '../../src/openapi/response.ts'
import { BUILT_IN } from '../built-in.ts'
import type { Faulty } from '../faulty.ts'
import { bodyOf, faulty } from '../faulty.ts'

const FROZEN = { mode: 'frozen', stepMs: 0 } as const
const AUTO = { mode: 'auto', stepMs: 0 } as const
const PLAN = [{ limit: { requests: 2, per: 'PT30S' } }]

/** Headers that tell of limits, as they are sent. */
function told({ headers }: Response): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].filter(([name]) => /rate-?limit|retry/.test(name)))
}

/** Asks for a job of an API and gives status and what is told of limits. */
async function poll({ fetch, job }: Faulty, api: string): Promise<readonly [number, object]> {
  const { url, headers } = job(api)
  const response = await fetch(url, { headers: { ...headers } })
  return [response.status, told(response)]
}

async function pass({ happen, nowMs }: Faulty, ms: number): Promise<void> {
  await happen({ type: 'clock_moved', toMs: nowMs() + ms })
}

describe('a limit', () => {
  it('is told in the words of each vendor, and only where its document has them', async () => {
    const reset = '2026-01-01T00:00:30.000Z'
    const talonic = { 'x-ratelimit-limit': '2', 'x-ratelimit-reset': reset }
    const expected: Readonly<Record<string, readonly [passes: object, refused: object]>> = {
      talonic: [
        { ...talonic, 'x-ratelimit-remaining': '1' },
        { ...talonic, 'x-ratelimit-remaining': '0', 'retry-after': '30' },
      ],
      skop: [
        { 'x-rate-limit-remaining': '1', 'x-rate-limit-reset': '30' },
        { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '30' },
      ],
      'llama-stack': [{}, { 'retry-after': '30' }],
    }
    for (const api of BUILT_IN) {
      const server = await faulty(PLAN, FROZEN)
      const [passes, refused] = expected[api] ?? [{}, { 'retry-after': '30' }]
      expect([api, await poll(server, api)]).toEqual([api, [200, expect.objectContaining(passes)]])
      await poll(server, api)
      expect([api, await poll(server, api)]).toEqual([api, [429, refused]])
      expect(await poll(server, api)).toEqual([429, refused])
    }
  })

  it('tells nothing that is not documented, wherever the answer is', async () => {
    for (const api of BUILT_IN) {
      const server = await faulty([{ limit: { requests: 1, per: 'PT30S' } }], FROZEN)
      for (const path of server.readsOf(server.job(api)).flatMap((each) => [each, each])) {
        const response = await server.fetch(path, { headers: { ...server.job(api).headers } })
        const spec = responseFor(server.server.router.match('GET', path).route.operation, response.status)
        const documented = spec?.headers.map(({ name }) => name.toLowerCase()) ?? ['retry-after']
        expect([path, Object.keys(told(response)).filter((name) => !documented.includes(name))]).toEqual([
          path,
          [],
        ])
      }
    }
  })

  it.each(BUILT_IN)('of %s holds as long as it says, and not a second longer', async (api) => {
    const server = await faulty(PLAN, FROZEN)
    const statuses: number[] = []
    for (const ms of [0, 12_300, 0, 17_000, 699, 1, 0, 0]) {
      await pass(server, ms)
      statuses.push((await poll(server, api))[0])
    }
    expect(statuses).toEqual([200, 200, 429, 429, 429, 200, 200, 429])
  })

  it('rounds what is left of a second up', async () => {
    const server = await faulty([{ limit: { requests: 1, per: 'PT30S' } }], FROZEN)
    await poll(server, 'llama-stack')
    const waits: unknown[] = []
    for (const ms of [1, 28_999, 1, 998]) {
      await pass(server, ms)
      waits.push((await poll(server, 'llama-stack'))[1])
    }
    expect(waits.map((headers) => Object.values(headers as object))).toEqual([['30'], ['1'], ['1'], ['1']])
    await pass(server, 1)
    expect((await poll(server, 'llama-stack'))[0]).toBe(200)
  })

  it('is told on the real clock likewise', async () => {
    const server = await faulty(PLAN)
    const polls = [await poll(server, 'skop'), await poll(server, 'skop'), await poll(server, 'skop')]
    expect(polls).toEqual([
      [200, { 'x-rate-limit-remaining': '1', 'x-rate-limit-reset': '30' }],
      [200, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '30' }],
      [429, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '30' }],
    ])
  })

  it('refuses as the API does, dated by the clock of the sandbox', async () => {
    const server = await faulty([{ limit: { requests: 1, per: 'PT30S' } }], FROZEN)
    await poll(server, 'talonic')
    await pass(server, 10_000)
    const { url } = server.job('talonic')
    const response = await server.fetch(url)
    expect(response.headers.get('date')).toBe('Thu, 01 Jan 2026 00:00:10 GMT')
    expect(await bodyOf(response)).toMatchObject({
      ...{ statusCode: 429, code: 'rate_limited', message: 'Too many requests', retryable: true },
      timestamp: '2026-01-01T00:00:10.000Z',
    })
  })

  it('counts all requests of a sandbox that match, and those of no other', async () => {
    const server = await faulty([{ operation: 'skop/*', limit: { requests: 2, per: 'PT30S' } }], FROZEN)
    const [first, second] = [server.job('skop'), server.job('skop', 'failed')]
    const ask = async (path: string): Promise<number> =>
      (await server.fetch(path, { headers: { ...first.headers } })).status
    const other = `/~other${first.url}`
    const asked = [
      first.url,
      second.url,
      first.url,
      second.url,
      server.job('talonic').url,
      other,
      other,
      other,
    ]
    const statuses: number[] = []
    for (const path of asked) statuses.push(await ask(path))
    expect(statuses.map((status) => status === 429)).toEqual([
      ...[false, false, true, true, false, false, false, true],
    ])
  })
})

describe('a client that only asks again', () => {
  it.each([
    ['auto', AUTO],
    ['step', { mode: 'step', stepMs: 1_000 } as const],
  ])('gets through on the clock %s: time passes while it is sent away', async (_, clock) => {
    const server = await faulty([{ limit: { requests: 2, per: 'PT20S' } }], clock)
    const { id, headers } = await server.makeJob('skop')
    const states: string[] = []
    const statuses: number[] = []
    let resetAtMs = 0
    while (statuses.length < 60 && states.at(-1) !== 'completed') {
      const askedMs = server.nowMs()
      const response = await server.fetch(`/skop/scrape/status/${id}`, { headers: { ...headers } })
      statuses.push(response.status)
      if (response.status === 200) states.push(String((await bodyOf(response))['status']))
      // What is told is rounded up to a second.
      if (response.status === 200) expect(askedMs).toBeGreaterThan(resetAtMs - 1_000)
      else resetAtMs = askedMs + Number(response.headers.get('x-rate-limit-reset')) * 1_000
    }
    expect([states.at(-1), statuses.includes(429)]).toEqual(['completed', true])
  })

  it('never gets through where time stands still', async () => {
    const server = await faulty([{ limit: { requests: 1, per: 'PT20S' } }], FROZEN)
    const statuses: number[] = []
    for (let index = 0; index < 50; index += 1) statuses.push((await poll(server, 'skop'))[0])
    expect(statuses.lastIndexOf(200)).toBe(0)
  })

  it('is told of a new window where the clock has left the old one by its read', async () => {
    const server = await faulty([{ limit: { requests: 9, per: 'PT0.1S' } }], AUTO)
    const { id, headers } = await server.makeJob('skop')
    const response = await server.fetch(`/skop/scrape/status/${id}`, { headers: { ...headers } })
    expect(told(response)).toEqual({ 'x-rate-limit-remaining': '9', 'x-rate-limit-reset': '0' })
  })
})
