import { describe, expect, it } from 'vitest'
import type { InputIssue } from '../../src/model/issue.ts'
import type { Json } from '../../src/model/json.ts'
import { renderError } from '../../src/vendor/error-shape.ts'
import type { RefusalFacts } from '../../src/vendor/vendor.ts'
import { refusalFacts } from './facts.ts'

const asked = { code: 'request_invalid', status: 422, message: 'It is not right' } as const
const facts = refusalFacts(asked)

function issue(
  keyword: string,
  params: Record<string, Json> = {},
  rest: Partial<InputIssue> = {},
): InputIssue {
  return { in: 'query', name: 'p', path: [], keyword, message: 'is wrong', params, ...rest }
}

function fastApi(change: Partial<RefusalFacts>): Json {
  return renderError('fastapi', refusalFacts({ ...asked, ...change })).body
}

describe("FastAPI's shape", () => {
  it.each([
    ['required', {}, 'Field required', 'missing'],
    ['maximum', { limit: 5 }, 'Input should be less than or equal to 5', 'less_than_equal'],
    ['minimum', { limit: 0 }, 'Input should be greater than or equal to 0', 'greater_than_equal'],
    ['exclusiveMaximum', { limit: 5 }, 'Input should be less than 5', 'less_than'],
    ['exclusiveMinimum', { limit: 5 }, 'Input should be greater than 5', 'greater_than'],
    ['minLength', { limit: 2 }, 'String should have at least 2 characters', 'string_too_short'],
    ['maxLength', { limit: 2 }, 'String should have at most 2 characters', 'string_too_long'],
    ['pattern', {}, 'String should match the documented pattern', 'string_pattern_mismatch'],
    ['enum', { allowedValues: ['a'] }, "Input should be 'a'", 'enum'],
    ['enum', { allowedValues: ['a', 'b', 'c'] }, "Input should be 'a', 'b' or 'c'", 'enum'],
    ['format', { format: 'uuid' }, 'Input should be a valid UUID', 'uuid_parsing'],
    ['format', { format: 'date-time' }, 'Input should be a valid datetime', 'datetime_parsing'],
    ['format', { format: 'email' }, 'Input should be a valid email', 'value_error'],
    ['type', { type: 'integer' }, 'Input should be a valid integer', 'integer_type'],
    ['json', {}, 'JSON decode error', 'json_invalid'],
    ['anything', {}, 'is wrong', 'value_error'],
  ])('says of %s %j: %s', (keyword, params, msg, type) => {
    const body = fastApi({ issues: [issue(keyword, params as Record<string, Json>)] })
    expect(body).toEqual({ detail: [{ loc: ['query', 'p'], msg, type }] })
  })

  it('leads to the member of a body', () => {
    const inBody = issue('required', {}, { in: 'body', name: '', path: ['queries', 0, 'query'] })
    expect(fastApi({ issues: [inBody] })).toMatchObject({
      detail: [{ loc: ['body', 'queries', 0, 'query'] }],
    })
  })

  it('is a sentence where no input is at fault, and a list wherever the status is 422', () => {
    expect(fastApi({ code: 'job_not_found', status: 404 })).toEqual({ detail: 'It is not right' })
    expect(fastApi({ code: 'request_bad', status: 400 })).toEqual({ detail: 'It is not right' })
    expect(fastApi({})).toEqual({ detail: [{ loc: ['body'], msg: 'It is not right', type: 'value_error' }] })
  })
})

describe('a problem', () => {
  it('is that of RFC 9457, with an entry for each issue', () => {
    expect(renderError('problem', { ...facts, issues: [issue('type')] })).toEqual({
      type: 'application/problem+json',
      body: {
        type: 'urn:standin:problem:request_invalid',
        title: 'The request does not match the API description',
        status: 422,
        detail: 'It is not right',
        instance: '/a',
        errors: [{ in: 'query', name: 'p', detail: 'is wrong' }],
      },
    })
    expect(renderError('problem', facts).body).not.toHaveProperty('errors')
  })
})

describe("a vendor's own shape", () => {
  it('is given the facts', () => {
    expect(renderError(({ status, at }) => ({ status, at }), facts)).toEqual({
      type: 'application/json',
      body: { status: 422, at: facts.at },
    })
  })
})
