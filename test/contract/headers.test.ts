import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { RawAnswer } from './raw-answer.ts'
import { judgeAnswer } from './raw-answer.ts'

const DIALECTS = ['3.0', '3.1', '3.2'] as const

/** The findings on headers, a line each; findings of other checks are shown as such. */
function judge(headers: Json, sent: RawAnswer['headers'], dialect = '3.1', components: Json = {}): string[] {
  const responses = { '200': { description: 'a', headers } }
  const { findings } = judgeAnswer(dialect, responses, { type: null, headers: sent ?? [] }, components)
  return findings.map(({ check, message }) =>
    check === 'response_headers_conformance' ? message : `${check}: ${message}`,
  )
}

const INTEGER = { type: 'integer' }
const LIST = { type: 'array', items: INTEGER }
const OBJECT = {
  type: 'object',
  required: ['left'],
  properties: { left: INTEGER, until: { type: 'string', format: 'date' }, soft: { type: 'boolean' } },
  additionalProperties: false,
}

describe('a header of style simple', () => {
  it.each<readonly [string, Json, string, boolean]>([
    ['integer', INTEGER, '12', true],
    ['integer', INTEGER, '-3', true],
    ['integer', INTEGER, ' 12\t', true],
    ['integer', INTEGER, '1.0', false],
    ['integer', INTEGER, '1e3', false],
    ['integer', INTEGER, '012', false],
    ['integer', INTEGER, '+1', false],
    ['integer', INTEGER, '0x10', false],
    ['integer', INTEGER, 'many', false],
    ['integer', INTEGER, '', false],
    ['integer', INTEGER, '12, 13', false],
    ['bounds', { type: 'integer', minimum: 0 }, '-1', false],
    ['int64', { type: 'integer', format: 'int64' }, '9223372036854775807', true],
    ['int64', { type: 'integer', format: 'int64' }, '9223372036854775808', false],
    ['number', { type: 'number' }, '1.5', true],
    ['number', { type: 'number' }, '1,5', false],
    ['boolean', { type: 'boolean' }, 'true', true],
    ['boolean', { type: 'boolean' }, 'True', false],
    ['boolean', { type: 'boolean' }, '1', false],
    ['string', { type: 'string' }, '12', true],
    ['string', { type: 'string' }, 'a, b', true],
    ['string', { type: 'string', enum: ['12'] }, '12', true],
    ['format', { type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z', true],
    ['format', { type: 'string', format: 'date-time' }, 'Thu, 01 Jan 2026 00:00:00 GMT', false],
    ['list', LIST, '1,2,3', true],
    ['list', LIST, '1, 2 ,3', true],
    ['list', LIST, '', true],
    ['list', LIST, '1', true],
    ['list', LIST, '1,,3', false],
    ['list', LIST, '1,a', false],
    ['list with bounds', { ...LIST, maxItems: 2 }, '1,2,3', false],
    ['list of texts', { type: 'array', items: { type: 'string', minLength: 1 } }, '1,2', true],
    ['list of either', { type: 'array', items: { oneOf: [INTEGER, { type: 'boolean' }] } }, '1,true', true],
    ['list without items', { type: 'array' }, '1,a', true],
    ['object', OBJECT, 'left,3,until,2026-01-01', true],
    ['object', OBJECT, 'left, 3, soft, true', true],
    ['object', OBJECT, 'left,x', false],
    ['object', OBJECT, 'until,2026-01-01', false],
    ['object', OBJECT, 'left,3,more,1', false],
    ['object', OBJECT, 'left', false],
    ['object', OBJECT, 'left=3', false],
    ['free members', { type: 'object', additionalProperties: INTEGER }, 'a,1,b,2', true],
    ['free members', { type: 'object', additionalProperties: INTEGER }, 'a,1,b,x', false],
    ['integer or text', { oneOf: [INTEGER, { type: 'string', format: 'date' }] }, '12', true],
    ['integer or text', { oneOf: [INTEGER, { type: 'string', format: 'date' }] }, '2026-01-01', true],
    ['integer or text', { oneOf: [INTEGER, { type: 'string', format: 'date' }] }, 'x', false],
    ['either list or text', { anyOf: [LIST, { type: 'string', enum: ['all'] }] }, '1,2', true],
    ['either list or text', { anyOf: [LIST, { type: 'string', enum: ['all'] }] }, 'all', true],
    ['either list or text', { anyOf: [LIST, { type: 'string', enum: ['all'] }] }, 'none', false],
    ['nothing said', {}, 'x', true],
  ])('%s by %j: %j', (_, schema, text, isRight) => {
    for (const dialect of DIALECTS) {
      const found = judge({ 'X-A': { schema } }, [['x-a', text]], dialect)
      expect(found.length === 0, found.join()).toBe(isRight)
      for (const message of found) expect(message).toMatch(/^the header X-A: /)
    }
  })

  it.each<readonly [string, Json, string, boolean]>([
    ['type list', { type: ['integer', 'null'] }, '5', true],
    ['type list', { type: ['integer', 'null'] }, '', true],
    ['type list', { type: ['integer', 'null'] }, 'null', false],
    ['type list', { type: ['integer', 'boolean'] }, 'true', true],
    ['type list', { type: ['integer', 'string'], maximum: 5, pattern: '^[a-z]+$' }, '9', false],
    ['const', { const: 5 }, '5', true],
    ['const', { const: 5 }, '6', false],
    ['positions', { type: 'array', prefixItems: [{ type: 'string' }] }, 'a,1', true],
    ['true', true, 'x', true],
  ])('of 3.1 and later, %s by %j: %j', (_, schema, text, isRight) => {
    for (const dialect of ['3.1', '3.2']) {
      expect(judge({ 'X-A': { schema } }, [['x-a', text]], dialect).length === 0).toBe(isRight)
    }
  })

  it('is nullable in 3.0 as 3.0 has it', () => {
    const schema = { type: 'integer', nullable: true }
    expect(judge({ 'X-A': { schema } }, [['x-a', '']], '3.0')).toEqual([])
    expect(judge({ 'X-A': { schema } }, [['x-a', '']], '3.1')).not.toEqual([])
  })

  it('that is exploded writes members with =', () => {
    const header = { explode: true, schema: OBJECT }
    expect(judge({ 'X-A': header }, [['x-a', 'left=3, until=2026-01-01']])).toEqual([])
    expect(judge({ 'X-A': header }, [['x-a', 'left=x']])).toEqual([
      'the header X-A: "left=x" /left must be integer, is string "x"',
    ])
    expect(judge({ 'X-A': header }, [['x-a', 'left,3']])).not.toEqual([])
  })
})

describe('documented headers', () => {
  it('are found whatever their letter case, and missed only where required', () => {
    const headers = {
      'X-Left': { required: true, schema: INTEGER },
      'X-Note': { schema: { type: 'string' } },
    }
    expect(judge(headers, [['x-LEFT', '1']])).toEqual([])
    expect(judge(headers, [])).toEqual(['the required header X-Left is missing'])
  })

  it('called Content-Type are passed over, as the specification asks', () => {
    expect(judge({ 'content-type': { required: true, schema: INTEGER } }, [])).toEqual([])
  })

  it('are followed behind references, the deprecated ones too', () => {
    const components = {
      headers: { Left: { required: true, deprecated: true, schema: { $ref: '#/components/schemas/Left' } } },
      schemas: { Left: INTEGER },
    }
    const headers = { 'X-Left': { $ref: '#/components/headers/Left' } }
    for (const dialect of DIALECTS) {
      expect(judge(headers, [['x-left', '1']], dialect, components)).toEqual([])
      expect(judge(headers, [], dialect, components)).toEqual(['the required header X-Left is missing'])
      expect(judge(headers, [['x-left', 'a']], dialect, components)).toEqual([
        'the header X-Left: "a" must be integer, is string "a"',
      ])
    }
  })

  it('with content hold a document', () => {
    const header = {
      content: { 'application/json': { schema: { type: 'object', properties: { a: INTEGER } } } },
    }
    const found = (text: string): string[] => judge({ 'X-A': header }, [['x-a', text]])
    expect(found('{"a":1}')).toEqual([])
    expect(found('{"a":"1"}')).toEqual([
      'the header X-A: "{\\"a\\":\\"1\\"}" /a must be integer, is string "1"',
    ])
    expect(found('{"a":1,"a":2}')).toEqual(['the header X-A: {"a":1,"a":2} has the member "a" twice'])
    expect(found('a=1')).toEqual(['the header X-A: a=1 is no JSON, it has "a" where a value is expected'])
    const plain = { content: { 'text/plain': { schema: { type: 'string', maxLength: 3 } } } }
    expect(judge({ 'X-A': plain }, [['x-a', '123']])).toEqual([])
    expect(judge({ 'X-A': plain }, [['x-a', '1234']])).toHaveLength(1)
  })

  it('that come several times are one list, cookies one each', () => {
    const twice = [
      ['x-a', '1'],
      ['X-A', '2'],
    ] as const
    expect(judge({ 'X-A': { schema: LIST } }, twice)).toEqual([])
    expect(judge({ 'X-A': { schema: INTEGER } }, twice)).toHaveLength(1)
    const cookies = [
      ['set-cookie', 'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT'],
      ['set-cookie', 'b=2'],
    ] as const
    const cookie = { type: 'string', pattern: '^[a-z]+=[^,]*(, \\d\\d [^,]*)?$' }
    expect(judge({ 'Set-Cookie': { schema: cookie } }, cookies)).toEqual([])
    expect(
      judge({ 'Set-Cookie': { schema: { type: 'array', items: cookie, maxItems: 2 } } }, cookies),
    ).toEqual([])
    expect(judge({ 'Set-Cookie': { schema: { ...cookie, maxLength: 5 } } }, cookies)).toHaveLength(1)
  })

  it('of a megabyte are judged in time and told of in short', () => {
    const started = performance.now()
    const long = `${'1,'.repeat(300_000)}${' '.repeat(400_000)}a`
    const [message = ''] = judge({ 'X-A': { schema: LIST } }, [['x-a', long]])
    expect(message).toMatch(/^the header X-A: "1,1,.*… \/300000 must be integer, is string "a"/)
    expect(message.length).toBeLessThan(200)
    const [typed = ''] = judgeAnswer(
      '3.1',
      { '200': { description: 'a', content: { 'application/json': {} } } },
      { type: `application/json;${' '.repeat(1_000_000)}x`, body: '1' },
    ).findings.map(({ message: text }) => text)
    expect(typed).toMatch(/^Content-Type has the parameter x without a value/)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
