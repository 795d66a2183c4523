import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { Strike } from '../../src/world/fault-plan.ts'
import { LATENCY_LIMIT_MS, strikeOf } from '../../src/world/fault-plan.ts'
import { readFaultPlan } from '../../src/world/read-fault-plan.ts'

const OPERATIONS = ['skop/getJob', 'skop/cancelJob', 'talonic/getJob']

interface Asked {
  readonly path?: string
  readonly nowMs?: number
  readonly operation?: string
}

/** Asks a plan as a sandbox does, which keeps what is counted. */
function played(plan: Json, seed = 1) {
  const faults = readFaultPlan(plan, OPERATIONS)
  const counts = new Map<string, number>()
  const writes: Strike['counts'][] = []
  const ask = ({ path = '/a', nowMs = 0, operation = 'skop/getJob' }: Asked = {}): Strike | null => {
    const [api = '', operationId = ''] = operation.split('/')
    const strike = strikeOf({ seed, faults, counts }, { api, operationId, path }, nowMs)
    for (const [key, count] of Object.entries(strike?.counts ?? {})) counts.set(key, count)
    writes.push(strike?.counts ?? {})
    return strike
  }
  return { ask, counts, writes }
}

const statuses = (strikes: readonly (Strike | null)[]) => strikes.map((strike) => strike?.status ?? 200)
const times = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('which requests a rule strikes', () => {
  it('is said by operation, API or star; others do not even count', () => {
    const plan = [
      { operation: 'skop/getJob', status: 500 },
      { operation: 'talonic/*', status: 501 },
    ]
    const { ask, writes } = played(plan)
    const asked = ['skop/getJob', 'skop/cancelJob', 'talonic/getJob']
    expect(statuses(asked.map((operation) => ask({ operation })))).toEqual([500, 200, 501])
    expect(ask({ operation: 'skop/cancelJob' })).toBeNull()
    expect(played([{ status: 502 }]).ask({ operation: 'talonic/getJob' })?.status).toBe(502)
    expect(writes).toEqual([{}, {}, {}, {}])
  })

  it.each([
    ['/jobs/1', true],
    ['/jobs/1/', true],
    ['/jobs/12', false],
    ['/skop/jobs/1', false],
  ])('by a path /jobs/1 or /skop/jobs/1/: %s, %s', (path, strikes) => {
    for (const given of ['/jobs/1', '/skop/jobs/1/']) {
      const expected = given.startsWith('/skop') && path === '/skop/jobs/1' ? true : strikes
      expect([given, played([{ path: given, status: 500 }]).ask({ path }) !== null]).toEqual([
        given,
        expected,
      ])
    }
  })

  it('by the first two requests of each path and operation, in one line', () => {
    const { ask } = played([{ requests: '1-2', status: 503 }])
    expect(statuses(times(4, () => ask({ path: '/a' })))).toEqual([503, 503, 200, 200])
    expect(statuses(times(3, () => ask({ path: '/b' })))).toEqual([503, 503, 200])
    expect(statuses(times(3, () => ask({ operation: 'skop/cancelJob' })))).toEqual([503, 503, 200])
    expect(ask({ path: '/a' })?.rules).toEqual([])
  })

  it.each([
    [3, '..x....'],
    ['3', '..x....'],
    ['2-4', '.xxx...'],
    ['5-', '....xxx'],
    ['1-', 'xxxxxxx'],
  ])('by the range %j', (requests, expected) => {
    const { ask } = played([{ requests, connection: 'reset' }])
    expect(times(7, () => (ask()?.reset === true ? 'x' : '.')).join('')).toBe(expected)
  })

  it('by ranges of several rules, which count once', () => {
    const { ask, counts } = played([
      { requests: '1-2', status: 503 },
      { requests: '4-', status: 500 },
      { operation: 'skop/*', requests: 3, latency: 'PT1S' },
    ])
    expect(statuses(times(6, () => ask()))).toEqual([503, 503, 200, 500, 500, 500])
    expect([...counts.values()]).toEqual([3])
  })
})

describe('what is counted', () => {
  it('is nothing where no rule asks which request it is', () => {
    const { ask, writes } = played([{ status: 503 }, { requests: '1-', latency: 'PT1S' }, { body: 'cut' }])
    for (let index = 0; index < 5; index += 1) expect(ask()?.rules).toEqual([0, 1, 2])
    expect(writes.every((counts) => Object.keys(counts).length === 0)).toBe(true)
  })

  it('ends where no rule can tell requests apart any more', () => {
    const { ask, writes } = played([{ requests: '1-2', status: 503 }])
    times(5, () => ask())
    expect(writes.map((counts) => Object.values(counts))).toEqual([[1], [2], [], [], []])
  })

  it('goes on where something is drawn for each', () => {
    for (const rule of [{ share: 0.5, status: 503 }, { latency: { from: 'PT0S', to: 'PT1S' } }]) {
      const { ask, counts } = played([rule])
      times(20, () => ask())
      expect([...counts.values()]).toEqual([20])
    }
  })

  it('stands under short keys, no two paths under one, however long and like they are', () => {
    const { ask, counts } = played([{ share: 0.5, status: 503 }])
    const long = `/jobs/${'a'.repeat(8_000)}`
    const paths = ['/a', '/b', '/__proto__', '/constructor', long, `${long}b`, `${long.slice(0, -1)}b`]
    for (const path of [...paths, ...times(500, (index) => `${long.slice(0, -4)}${1_000 + index}`)]) {
      ask({ path })
      ask({ path, operation: 'skop/cancelJob' })
    }
    expect([counts.size, new Set(counts.values())]).toEqual([1_014, new Set([1])])
    expect(Math.max(...[...counts.keys()].map((key) => key.length))).toBeLessThan(200)
    const copied = Object.fromEntries(JSON.parse(JSON.stringify([...counts])) as [string, number][])
    expect(Object.keys(copied)).toEqual([...counts.keys()])
  })
})

describe('a share', () => {
  it('is kept over requests and over paths', () => {
    const { ask } = played([{ share: 0.2, status: 503 }])
    const [one, many] = [times(5_000, () => ask()), times(5_000, (index) => ask({ path: `/${index}` }))]
    for (const strikes of [one, many]) {
      const share = strikes.filter((strike) => strike?.status === 503).length / strikes.length
      expect(Math.abs(share - 0.2)).toBeLessThan(0.02)
    }
  })

  it('falls otherwise for another seed, rule, operation and path, and the same again for the same', () => {
    const fall = (plan: Json, asked: Asked = {}, seed = 1): string => {
      const { ask } = played(plan, seed)
      return times(64, () => ask(asked)?.rules.length).join('')
    }
    const rule = { share: 0.5, status: 503 }
    const falls = [
      fall([rule]),
      fall([rule], {}, 2),
      fall([{ operation: 'talonic/getJob', status: 500 }, rule]),
      fall([rule], { operation: 'skop/cancelJob' }),
      fall([rule], { path: '/b' }),
    ]
    expect(new Set(falls).size).toBe(falls.length)
    expect(fall([rule])).toBe(falls[0])
  })
})

describe('latency', () => {
  it('is what it says: fixed, within its ends, or log-normal about its median', () => {
    const waits = (latency: Json): readonly number[] => {
      const { ask } = played([{ latency }])
      return times(4_001, () => ask()?.latencyMs ?? -1).toSorted((a, b) => a - b)
    }
    expect(new Set(waits('PT0.25S'))).toEqual(new Set([250]))
    const even = waits({ from: 'PT0.1S', to: 'PT0.2S' })
    expect([even[0], even.at(-1)]).toEqual([100, 200])
    expect(Math.abs((even[2_000] ?? 0) - 150)).toBeLessThan(5)
    const skewed = waits({ median: 'PT1S', sigma: 0.5 })
    expect(Math.abs((skewed[2_000] ?? 0) - 1_000)).toBeLessThan(50)
    // One sigma above the median lie 84.1 % of a log-normal distribution.
    expect(Math.abs((skewed[3_366] ?? 0) - 1_000 * Math.exp(0.5))).toBeLessThan(100)
    const wild = waits({ median: 'PT30S', sigma: 10 })
    expect([wild[0], wild.at(-1)]).toEqual([0, LATENCY_LIMIT_MS])
  })

  it('adds up over rules, to a minute at the most', () => {
    expect(played([{ latency: 'PT1S' }, { latency: 'PT2S' }]).ask()?.latencyMs).toBe(3_000)
    expect(played(times(5, () => ({ latency: 'PT50S' }))).ask()?.latencyMs).toBe(LATENCY_LIMIT_MS)
  })
})

describe('a limit', () => {
  const plan = [{ limit: { requests: 3, per: 'PT10S' } }]

  it('lets so many pass in each window, which begins with its first request', () => {
    const { ask } = played(plan)
    const at = [5_000, 5_000, 9_000, 9_001, 14_999, 15_000, 15_001, 15_002, 15_003, 90_000]
    const strikes = at.map((nowMs) => ask({ nowMs }))
    expect(statuses(strikes)).toEqual([200, 200, 200, 429, 429, 200, 200, 200, 429, 200])
    expect(strikes.map((strike) => strike?.limit?.remaining)).toEqual([2, 1, 0, 0, 0, 2, 1, 0, 0, 2])
    const resets = strikes.map((strike) => strike?.limit?.resetAtMs)
    expect(resets).toEqual([...times(5, () => 15_000), ...times(4, () => 25_000), 100_000])
    expect(strikes.map((strike) => strike?.retryAfterMs ?? null)).toEqual([
      ...[null, null, null, 5_999, 1, null, null, null, 9_997, null],
    ])
    expect(strikes.map((strike) => strike?.rules.length)).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 1, 0])
  })

  it('counts across paths and operations, and nothing of what it refuses', () => {
    const { ask, writes } = played(plan)
    const asked = ['/a', '/b', '/c', '/d', '/e'].map((path) =>
      ask({ path, operation: path === '/b' ? 'skop/cancelJob' : 'talonic/getJob' }),
    )
    expect(statuses(asked)).toEqual([200, 200, 200, 429, 429])
    expect(writes.map((counts) => Object.keys(counts).length)).toEqual([2, 1, 1, 0, 0])
  })

  it('of one operation or path leaves the others alone', () => {
    const { ask } = played([{ operation: 'skop/getJob', path: '/a', limit: { requests: 1, per: 'PT10S' } }])
    const strikes = [ask(), ask(), ask({ path: '/b' }), ask({ operation: 'skop/cancelJob' })]
    expect(statuses(strikes)).toEqual([200, 429, 200, 200])
  })

  it('is not bound to a window ahead of a clock that was put back', () => {
    const { ask } = played(plan)
    times(4, () => ask({ nowMs: 1_000_000 }))
    const back = ask({ nowMs: 0 })
    expect([back?.status, back?.limit]).toEqual([null, { requests: 3, remaining: 2, resetAtMs: 10_000 }])
  })

  it('tells of the tightest of several, and of the one that holds longest where they refuse', () => {
    const { ask } = played([{ limit: { requests: 2, per: 'PT1S' } }, { limit: { requests: 3, per: 'PT1M' } }])
    const strikes = [0, 1, 2, 1_000, 1_001, 1_002].map((nowMs) => ask({ nowMs }))
    expect(statuses(strikes)).toEqual([200, 200, 429, 200, 429, 429])
    expect(strikes.map((strike) => strike?.limit?.remaining)).toEqual([1, 0, 0, 0, 0, 0])
    expect(strikes.map((strike) => strike?.limit?.resetAtMs)).toEqual([
      ...[1_000, 1_000, 1_000, 60_000, 60_000, 60_000],
    ])
    expect(strikes.map((strike) => strike?.rules)).toEqual([[], [], [0], [], [1], [1]])
  })

  it('counts what another rule refuses, as a gateway does', () => {
    const { ask } = played([{ requests: '1-2', status: 503 }, { limit: { requests: 2, per: 'PT1M' } }])
    const strikes = times(4, () => ask())
    expect(statuses(strikes)).toEqual([503, 503, 429, 429])
    expect(strikes.map((strike) => strike?.limited)).toEqual([false, false, true, true])
  })
})

describe('several rules at once', () => {
  it('are all heard: the first status and body, the sum of waits, the most stale, any reset', () => {
    const strike = played([
      { latency: 'PT1S', body: 'malformed' },
      { status: 503, retryAfter: 'PT7S', stale: 'PT1S' },
      { status: 500, retryAfter: 'PT9S', stale: 'PT5S', body: 'cut' },
      { connection: 'reset', latency: 'PT1S' },
    ]).ask()
    expect(strike).toMatchObject({
      ...{ rules: [0, 1, 2, 3], status: 503, retryAfterMs: 7_000, latencyMs: 2_000 },
      ...{ body: 'malformed', staleMs: 5_000, reset: true, limit: null, limited: false },
    })
  })

  it('fall the same on the same requests in whatever order paths are asked', () => {
    const plan = [
      { requests: '1-2', status: 503 },
      { share: 0.3, latency: { median: 'PT1S', sigma: 1 } },
      { operation: 'skop/*', share: 0.1, connection: 'reset' },
      { path: '/1', limit: { requests: 2, per: 'PT1M' } },
    ]
    const requests = fc.array(
      fc.record({ path: fc.constantFrom('/1', '/2', '/3'), operation: fc.constantFrom(...OPERATIONS) }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(requests, fc.integer(), (asked, seed) => {
        const fall = (order: readonly Asked[]): ReadonlyMap<string, string[]> => {
          const { ask } = played(plan, seed)
          const falls = new Map<string, string[]>()
          for (const one of order) {
            const { counts: _, ...strike } = ask(one) ?? { counts: {} }
            // The limit of a path counts its operations together, so their order is kept.
            const key = one.path ?? ''
            falls.set(key, [...(falls.get(key) ?? []), JSON.stringify(strike)])
          }
          return falls
        }
        const byPath = asked.toSorted((a, b) => Number(b.path.slice(1)) - Number(a.path.slice(1)))
        expect(new Map([...fall(byPath)].toSorted())).toEqual(new Map([...fall(asked)].toSorted()))
      }),
    )
  })
})
