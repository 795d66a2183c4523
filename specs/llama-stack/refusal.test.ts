/**
 * What Llama Stack's eval API refuses with, under both profiles, each held to its document. Refusals are made
 * by hand; no server runs here.
 *
 * @module
 */
import { describe, expect, it } from 'vitest'
import type { InputIssue } from '../../src/model/issue.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { RefusalFacts } from '../../src/vendor/vendor.ts'
import { refusalFacts } from '../../test/vendor/facts.ts'
import { disagreements } from './documents.ts'
import { vendor } from './vendor.ts'

const SERVE = 'Make sure there is an Eval provider serving this benchmark.'

/** What headers are told where no limit is set. */
const told = (status: number) => ({ status, nowMs: 0, limit: null, retryAfterMs: null })

describe('refusals', () => {
  const base = { issues: [], path: '/v1alpha/eval/x', message: 'No', at: '2026-01-01T00:00:00.000Z' }
  const issue: InputIssue = {
    in: 'path',
    name: 'job_id',
    path: [],
    keyword: 'rule',
    message: 'is wrong',
    params: {},
  }
  const about = (name: string, params: JsonObject): InputIssue => ({
    ...issue,
    name,
    params: params as never,
  })
  const body = (keyword: string, path: readonly string[], params = {}): InputIssue => {
    return { ...issue, in: 'body', name: '', keyword, path, params }
  }

  /** The body of a refusal under both profiles, each held to its document. */
  function refuse(
    code: RefusalFacts['code'],
    status: number,
    issues: readonly InputIssue[] = [],
  ): [Json, Json] {
    if (typeof vendor.errors !== 'function') throw new Error('errors is no function')
    const facts = { ...base, code, status, issues }
    const [spec, wire] = [
      vendor.errors(refusalFacts({ ...facts, profile: 'spec' })),
      vendor.errors(refusalFacts({ ...facts, profile: 'wire' })),
    ]
    expect(disagreements(spec, { $ref: '#/components/schemas/Error' }, 'spec')).toEqual([])
    expect(disagreements(wire, { $ref: '#/components/schemas/Error' }, 'wire')).toEqual([])
    expect(spec).toMatchObject({ status })
    return [spec, wire]
  }

  it.each([
    ['job_not_found', about('job_id', { value: '7' }), 'Job 7 not found'],
    [
      'job_not_finished',
      about('job_id', { value: '7', state: 'failed' }),
      'Job is not completed, Status: failed',
    ],
    [
      'job_ended',
      about('job_id', { value: '7', state: 'failed' }),
      'Job 7 has already ended, Status: failed',
    ],
    [
      'job_not_found',
      about('benchmark_id', { value: 'a' }),
      `Benchmark \`a\` not served by provider: \`meta-reference\`. ${SERVE}`,
    ],
  ] as const)('%s is told in the words of the code', (code, fault, words) => {
    const detail = `Invalid value: ${words}`
    expect(refuse(code, 400, [fault])).toEqual([{ status: 400, title: 'Bad Request', detail }, { detail }])
  })

  it.each([
    [body('required', ['a', 'b']), ['body', 'a', 'b'], 'Field required', 'missing'],
    [body('type', ['a'], { type: 'object' }), ['body', 'a'], 'Input should be a valid object', 'dict_type'],
    [
      body('type', ['a'], { type: 'integer' }),
      ['body', 'a'],
      'Input should be a valid integer',
      'integer_type',
    ],
    [
      body('additionalProperties', ['a'], { additionalProperty: 'x' }),
      ['body', 'a', 'x'],
      'Extra inputs are not permitted',
      'extra_forbidden',
    ],
    [body('json', []), ['body'], 'JSON decode error', 'json_invalid'],
    [body('const', ['a']), ['body', 'a'], 'is wrong', 'value_error'],
    [
      { ...issue, keyword: 'minLength', params: { limit: 2 } },
      ['path', 'job_id'],
      'String should have at least 2 characters',
      'string_too_short',
    ],
  ])('tell in pydantic’s words what is wrong with a request: %j', (fault, loc, msg, type) => {
    const [spec, wire] = refuse('request_invalid', 400, [fault, fault])
    expect(spec).toMatchObject({
      detail: `Invalid value: ${loc.join('.')}: ${msg}; ${loc.join('.')}: ${msg}`,
    })
    expect(wire).toEqual({
      error: {
        detail: {
          errors: [
            { loc, msg, type },
            { loc, msg, type },
          ],
        },
      },
    })
  })

  it.each([
    ['request_bad', 400, 'Bad Request', { detail: 'No' }],
    ['rate_limited', 429, 'Too Many Requests', { error: { message: 'Quota exceeded' } }],
    [
      'internal',
      500,
      'Internal Server Error',
      { detail: 'Internal server error: An unexpected error occurred.' },
    ],
    ['unavailable', 503, 'Error', { detail: 'No' }],
  ] as const)('have the title of their status: %s', (code, status, title, onWire) => {
    const [spec, wire] = refuse(code, status)
    expect(spec).toMatchObject({ title })
    expect(wire).toEqual(onWire)
    expect(vendor.headers?.(told(status))).toEqual({ 'Retry-After': '1' })
  })
})
