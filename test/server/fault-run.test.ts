/**
 * Ten thousand requests over all APIs against a plan of six faults: the same faults on the same requests,
 * whatever else is asked at the same time, and in whatever order paths are asked.
 */
import { describe, expect, it, vi } from 'vitest'
import { drawInteger, keyOf } from '../../src/random/key.ts'
import type { Strike } from '../../src/world/fault-plan.ts'
import { BUILT_IN } from '../built-in.ts'
import type { Faulty } from '../faulty.ts'
import { faulty, SKOP_JOB } from '../faulty.ts'

const REQUESTS = 10_000

const PLAN = [
  { requests: '1-2', status: 503, retryAfter: 'PT1S' },
  { operation: 'skop/*', share: 0.1, connection: 'reset' },
  { operation: 'deepset/getJobResults', share: 0.2, body: 'cut' },
  { operation: 'llama-stack/*', requests: '3-', share: 0.15, body: 'malformed' },
  { share: 0.25, latency: { median: 'PT0.2S', sigma: 0.7 } },
  { operation: 'talonic/listJobs', limit: { requests: 40, per: 'PT1M' } },
]

interface Asked {
  /** Which request of its operation and path it is. */
  readonly name: string
  readonly path: string
  readonly init: RequestInit
}

/** Requests of many kinds, mixed: reads of jobs that are there or not, without keys too, and writes. */
async function mixedRequests(): Promise<readonly Asked[]> {
  const server = await faulty([])
  const kinds = BUILT_IN.flatMap((api): readonly Omit<Asked, 'name'>[] => {
    const jobs = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'empty', 'one-row'].map((name) =>
      server.job(api, name),
    )
    const { headers } = server.job(api)
    const paths = new Set(jobs.flatMap((job) => server.readsOf(job)))
    const known = [...paths].map((path) => ({ path, init: { headers } }))
    const [first] = known
    const heads = { path: first?.path ?? '', init: { headers, method: 'HEAD' } }
    const keyless = { path: jobs[6]?.url ?? '', init: {} }
    return [...known, heads, keyless, { path: `${jobs[0]?.url}x`, init: { headers } }]
  })
  const writes = [
    { path: '/skop/scrape/', init: SKOP_JOB },
    {
      path: `/skop/scrape/${server.job('skop', 'running').id}`,
      init: { ...SKOP_JOB, method: 'DELETE', body: null },
    },
  ]
  const all = [...kinds, ...writes]
  const key = keyOf('mixed')
  const counts = new Map<string, number>()
  return Array.from({ length: REQUESTS }, (_, index) => {
    const kind = all[drawInteger(key, index, 0, 0, all.length - 1)] ?? { path: '/', init: {} }
    // An operation answers HEAD as it does GET, and counts both.
    const place = `${kind.init.method?.replace('HEAD', 'GET') ?? 'GET'} ${kind.path}`
    const nth = (counts.get(place) ?? 0) + 1
    counts.set(place, nth)
    return { ...kind, name: `${place} ${nth}` }
  })
}

/** What a client sees of an answer. */
async function outcomeOf(response: Promise<Response>): Promise<string> {
  try {
    const { status, headers, body } = await response
    const told = ['content-length', 'etag', 'retry-after', 'x-ratelimit-remaining'].map((name) =>
      headers.get(name),
    )
    const text = await new Response(body).text().catch((error: unknown) => String(error))
    return JSON.stringify([status, told, text])
  } catch (error) {
    return String(error)
  }
}

interface Run {
  readonly outcomes: ReadonlyMap<string, string>
  readonly strikes: ReadonlyMap<string, Strike | null>
}

/** Sends the requests in their order, so many at the same time. */
async function run(asked: readonly Asked[], atOnce: number): Promise<Run> {
  const server: Faulty = await faulty(PLAN)
  const outcomes = new Map<string, string>()
  const strikes = new Map<string, Strike | null>()
  const { journal } = server.server
  const add = journal.add.bind(journal)
  vi.spyOn(journal, 'add').mockImplementation((entry, given) => {
    strikes.set(String(given), entry.strike)
    add(entry, given)
  })
  for (let start = 0; start < asked.length; start += atOnce) {
    await Promise.all(
      asked.slice(start, start + atOnce).map(async ({ name, path, init }) => {
        const headers = { ...init.headers, 'standin-request-id': name }
        outcomes.set(name, await outcomeOf(server.fetch(path, { ...init, headers } as RequestInit)))
      }),
    )
  }
  expect(server.reports).toEqual([])
  return { outcomes, strikes }
}

/** A list in the order of its names. */
function sorted<Value>(values: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** What was struck, without the counts, which tell of other paths too. */
function faultsOf({ strikes }: Run): readonly (readonly [string, unknown])[] {
  return sorted(strikes).map(([name, strike]) => [name, strike === null ? null : { ...strike, counts: {} }])
}

describe(`a plan of ${PLAN.length} faults and ${REQUESTS} requests`, () => {
  it('strikes the same requests in the same way, in each run and in each order', async () => {
    const asked = await mixedRequests()
    const [first, second] = [await run(asked, 50), await run(asked, 50)]
    expect(first.outcomes.size).toBe(REQUESTS)
    expect(second.outcomes).toEqual(first.outcomes)
    expect(second.strikes).toEqual(first.strikes)

    const orderOf = ({ name }: Asked): string => name.slice(0, name.lastIndexOf(' '))
    const places = [...new Set(asked.map(orderOf))].sort()
    // A limit counts one path alone, and each path keeps the order of its own requests.
    const backwards = places.toReversed().flatMap((place) => asked.filter((one) => orderOf(one) === place))
    expect(faultsOf(await run(backwards, 200))).toEqual(faultsOf(first))

    const struck = PLAN.map(
      (_, rule) => [...first.strikes.values()].filter((strike) => strike?.rules.includes(rule)).length,
    )
    for (const count of struck) expect(count).toBeGreaterThan(30)
    const requests = [...first.strikes.values()].filter(
      (strike) => strike !== null && strike.rules.length > 0,
    )
    const line = `${requests.length} of ${REQUESTS} requests on ${places.length} paths struck alike in 3 runs`
    process.stdout.write(`faults: ${line}; by rule ${struck.join(', ')}\n`)
  })
})
