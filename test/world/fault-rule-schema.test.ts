import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createValidator } from '../../src/openapi/validator.ts'
import { FAULT_RULE_SCHEMA } from '../../src/world/fault-rule-schema.ts'
import { formatFaultPlan, readFaultPlan } from '../../src/world/read-fault-plan.ts'
import { answering, apiOf } from '../assembled.ts'

const SCHEMA = '/components/schemas/Rule'
const validator = createValidator(
  apiOf('a', {
    paths: { '/a': { get: answering({ $ref: `#${SCHEMA}` }) } },
    components: { schemas: { Rule: FAULT_RULE_SCHEMA } },
  }).document,
)

function fits(rule: Json): boolean {
  return validator.check(SCHEMA, rule, 1).length === 0
}

function refusal(rule: Json): string | null {
  try {
    readFaultPlan([rule], ['skop/getJob'])
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Right values for each member, and wrong ones for all. */
const RIGHT: Readonly<Record<string, readonly Json[]>> = {
  operation: ['*', 'skop/*', 'skop/getJob'],
  path: ['/', '/a/b', '/%20'],
  requests: [1, 7, '3', '1-2', '5-', '999999999'],
  share: [1, 0.5, 1e-9],
  status: [400, 503, 599],
  retryAfter: ['PT0S', 'PT1.5S', 'P1D'],
  latency: ['PT1S', { from: 'PT0S', to: 'PT1S' }, { median: 'PT1S', sigma: 0 }],
  body: ['cut', 'malformed'],
  connection: ['reset'],
  stale: ['PT5S', 'P1DT1H'],
  limit: [{ requests: 1, per: 'PT1M' }],
}
const WRONG: readonly Json[] = [
  ...[
    null,
    0,
    -1,
    7.5,
    399,
    600,
    1e9 + 1,
    true,
    '',
    'x',
    '2-1',
    '01',
    '1-02',
    '-1',
    '1000000000',
    'a?',
    '/a?b',
  ],
  ...['PT0S', 'PT99999H', 'P1M', 'pt1s', '1', '/a\n', 'PT1S\n', [], {}, ['PT1S'], 'acme/*', 'skop/getjob'],
  ...[{ from: 'PT1S' }, { from: 'PT2S', to: 'PT1S' }, { from: 'PT1S', to: 'PT2S', sigma: 1 }],
  ...[{ median: 'PT1S' }, { median: 'PT1S', sigma: -1 }, { median: 'PT0S', sigma: 1 }, { per: 'PT1S' }],
  ...[
    { requests: 0, per: 'PT1S' },
    { requests: 1, per: 'PT1S', more: 1 },
    { requests: 1, per: 1 },
  ],
]

/** Mostly right values of some members, at times a member that is none. */
const members = Object.entries(RIGHT).map(([name, right]) => {
  const wrong = { weight: 1, arbitrary: fc.constantFrom(...WRONG) }
  return [name, fc.oneof({ weight: 15, arbitrary: fc.constantFrom(...right) }, wrong)] as const
})
const candidates = fc
  .tuple(fc.record(Object.fromEntries(members), { requiredKeys: [] }), fc.nat(30))
  .map(([rule, luck]): JsonObject => ({ ...rule, ...(luck === 0 ? { extra: 1 } : {}) }) as JsonObject)

/** What a schema does not say: names that are served, and what numbers say together. */
const BEYOND = /at (least|most) |before it begins|less than|there is no/

describe('the schema of a rule', () => {
  it('knows every member that a rule may have', () => {
    expect(Object.keys(FAULT_RULE_SCHEMA['properties'] as JsonObject)).toEqual(Object.keys(RIGHT))
  })

  it('has what is read, and what is written of it, and nothing else that could be told', () => {
    const seen = { read: 0, refused: 0 }
    fc.assert(
      fc.property(candidates, (rule) => {
        const message = refusal(rule)
        seen[message === null ? 'read' : 'refused'] += 1
        if (message === null || !BEYOND.test(message)) {
          expect([rule, message, fits(rule)]).toEqual([rule, message, message === null])
        }
        if (message === null) {
          expect(formatFaultPlan(readFaultPlan([rule], ['skop/getJob'])).every(fits)).toBe(true)
        }
      }),
      { numRuns: 5_000 },
    )
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(200)
  })
})
