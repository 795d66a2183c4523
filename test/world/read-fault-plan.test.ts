import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import type { FaultRule } from '../../src/world/fault-plan.ts'
import { formatFaultPlan, readFaultPlan } from '../../src/world/read-fault-plan.ts'

const OPERATIONS = ['skop/getJob', 'skop/cancelJob', 'talonic/getJob', 'odd/GET /a/{b}']

const NOTHING: FaultRule = {
  ...{ operation: '*', path: null, requests: null, share: 1, status: null, retryAfterMs: null },
  ...{ latency: null, body: null, reset: false, staleMs: null, limit: null },
}

function refusal(plan: unknown, placeOf?: (pointer: string) => string): string {
  try {
    readFaultPlan(plan as Json, OPERATIONS, placeOf)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return 'taken'
}

describe('a fault plan', () => {
  it('is read with every part it may have', () => {
    const plan = [
      {
        operation: 'skop/getJob',
        path: '/v1/a',
        requests: '1-2',
        share: 0.2,
        status: 503,
        retryAfter: 'PT1S',
      },
      { operation: 'skop/*', requests: '3', latency: 'PT0.5S', body: 'cut', stale: 'PT5S' },
      { requests: '5-', latency: { from: 'PT0S', to: 'PT1M' }, body: 'malformed' },
      { requests: 7, latency: { median: 'PT0.2S', sigma: 0.5 }, connection: 'reset' },
      { operation: 'odd/GET /a/{b}', limit: { requests: 10, per: 'PT1M' } },
    ]
    expect(readFaultPlan(plan, OPERATIONS)).toEqual([
      {
        ...{ ...NOTHING, operation: 'skop/getJob', path: '/v1/a', requests: { from: 1, to: 2 } },
        ...{ share: 0.2, status: 503, retryAfterMs: 1_000 },
      },
      {
        ...{ ...NOTHING, operation: 'skop/*', requests: { from: 3, to: 3 } },
        ...{ latency: { ms: 500 }, body: 'cut', staleMs: 5_000 },
      },
      {
        ...{ ...NOTHING, requests: { from: 5, to: null } },
        ...{ latency: { fromMs: 0, toMs: 60_000 }, body: 'malformed' },
      },
      {
        ...{ ...NOTHING, requests: { from: 7, to: 7 } },
        ...{ latency: { medianMs: 200, sigma: 0.5 }, reset: true },
      },
      { ...NOTHING, operation: 'odd/GET /a/{b}', limit: { requests: 10, windowMs: 60_000 } },
    ])
    expect(readFaultPlan([], OPERATIONS)).toEqual([])
  })

  it.each<[string, unknown, string]>([
    ['no list', { status: 503 }, 'faults: a fault plan is a list of rules, not an object'],
    ['nothing', undefined, 'faults: a fault plan is a list of rules, not nothing'],
    [
      'too many rules',
      Array.from({ length: 1_001 }, () => ({ status: 503 })),
      'faults: a fault plan has at most',
    ],
    ['a rule that is none', [{ status: 503 }, 'x'], 'faults/1: a rule is an object, not `"x"`'],
    ['a rule of null', [null], 'faults/0: a rule is an object, not `null`'],
    ['no effect', [{}], 'faults/0: does nothing: give `status`, `latency`, `body`, `connection`, `stale`'],
    ['a choice without effect', [{ operation: '*', requests: 3, share: 0.5 }], 'faults/0: does nothing'],
    [
      'a misspelt member',
      [{ latancy: 'PT1S' }],
      'faults/0/latancy: a rule has no `latancy`; did you mean `latency`?',
    ],
    ['a member of objects', [{ toString: 1 }], 'faults/0/toString: a rule has no `toString`'],
    [
      '__proto__',
      [JSON.parse('{"__proto__":{"status":503}}')],
      'faults/0/__proto__: a rule has no `__proto__`',
    ],
    ['a member with a slash', [{ 'a/b': 1 }], 'faults/0/a~1b: a rule has no `a/b`'],
    ['null', [{ status: 503, path: null }], 'faults/0/path: must be a path'],
    [
      'a misspelt operation',
      [{ operation: 'skop/getJobs' }],
      'no operation `skop/getJobs`; did you mean `skop/getJob`?',
    ],
    ['an operation without API', [{ operation: 'cancelJob' }], 'did you mean `skop/cancelJob`?'],
    ['an unknown API', [{ operation: 'scop/*' }], 'there is no API `scop/*`; did you mean `skop/*`?'],
    ['any API', [{ operation: '*/getJob' }], 'there is no operation `*/getJob`'],
    ['an operation of another type', [{ operation: 3 }], 'must be `api/operation`, `api/*` or `*`, not `3`'],
    [
      'a path without slash',
      [{ path: 'a', status: 503 }],
      'faults/0/path: must be a path as it is asked for',
    ],
    ['a path with a query', [{ path: '/a?b=1', status: 503 }], 'without a query, not `"/a?b=1"`'],
    [
      'a status that is none',
      [{ status: 200 }],
      'faults/0/status: must be a whole number from 400 to 599, not `200`',
    ],
    ['a status above', [{ status: 600 }], 'from 400 to 599'],
    ['a status as text', [{ status: '503' }], 'not `"503"`'],
    ['a status between', [{ status: 503.5 }], 'not `503.5`'],
    [
      'no share',
      [{ share: 0, status: 503 }],
      'faults/0/share: does nothing: a share of 0 strikes no request',
    ],
    ['a share above 1', [{ share: 20, status: 503 }], 'must be a number above 0, up to 1, not `20`'],
    ['a share that is no number', [{ share: Number.NaN, status: 503 }], 'not `NaN`'],
    ['request 0', [{ requests: 0, status: 503 }], 'faults/0/requests: must be a whole number from 1'],
    ['requests from 0', [{ requests: '0-2', status: 503 }], 'must be a range such as `1-2` or `5-`'],
    ['requests without a beginning', [{ requests: '-2', status: 503 }], 'must be a range'],
    ['requests backwards', [{ requests: '3-2', status: 503 }], 'ends before it begins: `"3-2"`'],
    ['requests as a list', [{ requests: [1, 2], status: 503 }], 'not a list'],
    ['latency as a number', [{ latency: 500 }], 'faults/0/latency: must be a duration such as `PT0.5S`'],
    ['latency without unit', [{ latency: '0.5' }], 'must be a duration'],
    ['latency of nothing', [{ latency: 'PT0S' }], 'faults/0/latency: must be at least a millisecond'],
    ['too much latency', [{ latency: 'PT61S' }], 'must be at most `PT60S`, not `"PT61S"`'],
    ['latency of half a range', [{ latency: { from: 'PT1S' } }], 'faults/0/latency/to: must be a duration'],
    ['latency backwards', [{ latency: { from: 'PT2S', to: 'PT1S' } }], '`to` is less than `from`'],
    [
      'no latency between ends',
      [{ latency: { from: 'PT0S', to: 'PT0S' } }],
      '/to: must be at least a millisecond',
    ],
    [
      'latency both ways',
      [{ latency: { median: 'PT1S', from: 'PT1S' } }],
      'a log-normal latency has no `from`',
    ],
    [
      'a median alone',
      [{ latency: { median: 'PT1S' } }],
      '/sigma: must be a number from 0 to 10, not nothing',
    ],
    ['a wild sigma', [{ latency: { median: 'PT1S', sigma: 11 } }], '/sigma: must be a number from 0 to 10'],
    [
      'a body of another kind',
      [{ body: 'short' }],
      'faults/0/body: must be `cut` or `malformed`, not `"short"`',
    ],
    ['a connection of another kind', [{ connection: 'close' }], 'must be `reset`, not `"close"`'],
    ['months', [{ stale: 'P1M' }], 'faults/0/stale: must be a duration'],
    ['stale by nothing', [{ stale: 'PT0.0001S' }], 'must be at least a millisecond'],
    ['stale by an age', [{ stale: 'P9999D' }], 'must be at most `PT31622400S`'],
    [
      'a limit of none',
      [{ limit: { requests: 0, per: 'PT1M' } }],
      'faults/0/limit/requests: must be a whole number',
    ],
    ['a limit without window', [{ limit: { requests: 1 } }], 'faults/0/limit/per: must be a duration'],
    [
      'a limit without length',
      [{ limit: { requests: 1, per: 'PT0S' } }],
      '/per: must be at least a millisecond',
    ],
    ['a limit with more', [{ limit: { requests: 1, per: 'PT1S', of: 1 } }], 'a limit has no `of`'],
    ['a limit that is none', [{ limit: 5 }], 'faults/0/limit: a limit is an object, not `5`'],
    ['retryAfter alone', [{ retryAfter: 'PT1S', body: 'cut' }], '`retryAfter` goes with a `status`'],
    [
      'retryAfter of a limit',
      [{ retryAfter: 'PT1S', limit: { requests: 1, per: 'PT1S' } }],
      'a `limit` says by itself when to come again',
    ],
    [
      'status and limit',
      [{ status: 503, limit: { requests: 1, per: 'PT1S' } }],
      'a `limit` refuses with 429',
    ],
  ])('with %s is refused by name and place', (_, plan, message) => {
    expect(refusal(plan)).toContain(message)
  })

  it('may be placed by its reader, and shows no more than a line of what is wrong', () => {
    const message = refusal([{ body: 'x'.repeat(10_000) }], (pointer) => `here${pointer}`)
    expect(message).toMatch(/^here\/0\/body: must be `cut` or `malformed`, not `"x+…`$/)
    expect(message.length).toBeLessThan(150)
    const circle: unknown[] = []
    circle.push(circle)
    expect(refusal([{ latency: circle, status: circle }])).toContain('not a list')
  })
})

const ms = (min: number, max: number) => fc.integer({ min, max })
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
const rules: fc.Arbitrary<FaultRule> = fc
  .record<FaultRule>({
    operation: fc.constantFrom('*', 'skop/*', ...OPERATIONS),
    path: maybe(fc.webPath().map((path) => `/${path.replace(/^\/+/, '')}`)),
    requests: maybe(
      fc.tuple(ms(1, 1_000), maybe(ms(0, 1_000))).map(([from, more]) => ({
        from,
        to: more === null ? null : from + more,
      })),
    ),
    share: fc.double({ min: 0, max: 1, minExcluded: true, noNaN: true }),
    status: maybe(ms(400, 599)),
    retryAfterMs: maybe(ms(0, 31_622_400_000)),
    latency: maybe(
      fc.oneof(
        fc.record({ ms: ms(1, 60_000) }),
        fc.tuple(ms(0, 30_000), ms(1, 30_000)).map(([fromMs, more]) => ({ fromMs, toMs: fromMs + more })),
        fc.record({ medianMs: ms(1, 60_000), sigma: fc.integer({ min: 0, max: 1_000 }).map((n) => n / 100) }),
      ),
    ),
    body: maybe(fc.constantFrom('cut' as const, 'malformed' as const)),
    reset: fc.boolean(),
    staleMs: maybe(ms(1, 31_622_400_000)),
    limit: maybe(fc.record({ requests: ms(1, 1_000_000_000), windowMs: ms(1, 31_622_400_000) })),
  })
  .map((rule) => (rule.limit === null ? rule : { ...rule, status: null }))
  .map((rule) => (rule.status === null ? { ...rule, retryAfterMs: null } : rule))
  .filter((rule) => !isEmpty(rule))

function isEmpty({ status, latency, body, reset, staleMs, limit }: FaultRule): boolean {
  return !reset && [status, latency, body, staleMs, limit].every((part) => part === null)
}

describe('what is written of a plan', () => {
  it('reads as the same plan, through JSON too, and is written alike again', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 5 }), (plan) => {
        const written = JSON.parse(JSON.stringify(formatFaultPlan(plan))) as Json
        const read = readFaultPlan(written, OPERATIONS)
        expect(read).toEqual(plan)
        expect(formatFaultPlan(read)).toEqual(written)
      }),
    )
  })

  it('leaves out what is left to its default', () => {
    const written = formatFaultPlan([
      { ...NOTHING, requests: { from: 1, to: 2 }, status: 503 },
      { ...NOTHING, requests: { from: 3, to: 3 }, latency: { ms: 90_000 } },
    ])
    expect(written).toEqual([
      { operation: '*', requests: '1-2', status: 503 },
      { operation: '*', requests: 3, latency: 'PT90S' },
    ])
  })
})
