/**
 * Only what is provably wrong on the wire is asked to be refused, one violation a request, and a refusal
 * speaks of what is at fault.
 */
import { describe, expect, it } from 'vitest'
import { readingsOf } from '../../src/contract/plan/reading.ts'
import { violationsOf } from '../../src/contract/plan/violation.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Parameter } from '../../src/openapi/parameter.ts'
import { askedBy, judge, judgeOf, planOf, RESPONSES, subjectOf } from './planned.ts'

function parameterOf(schema: Json, more: JsonObject = {}): [ReturnType<typeof judgeOf>, Parameter] {
  const subject = askedBy(schema, more)
  const [parameter] = subject.document.operations[0]?.parameters ?? []
  if (parameter === undefined) throw new Error('the document has no parameter')
  return [judgeOf(subject), parameter]
}

/** The keywords that requests would break, each with the texts that break it. */
function brokenBy(schema: Json, more: JsonObject = {}): Readonly<Record<string, readonly string[]>> {
  const [judged, parameter] = parameterOf(schema, more)
  const violations = violationsOf(judged, parameter)
  return Object.fromEntries(
    violations.map(({ pointer, wire, fault }) => [
      `${pointer.split('/').at(-1)}${fault.includes('no integer') ? ' (whole)' : ''}`,
      wire.map(([, text]) => text),
    ]),
  )
}

describe('a parameter', () => {
  it.each<[string, Json, JsonObject, Record<string, readonly string[]>]>([
    [
      'an integer in bounds',
      { type: 'integer', minimum: 1, maximum: 5 },
      {},
      { minimum: ['0'], maximum: ['6'], type: ['standin'], 'type (whole)': ['1.5'] },
    ],
    [
      'exclusive bounds',
      { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
      {},
      { exclusiveMinimum: ['0'], exclusiveMaximum: ['1'], type: ['standin'] },
    ],
    [
      'steps',
      { type: 'integer', minimum: 0, multipleOf: 5 },
      {},
      { minimum: ['-5'], multipleOf: ['1'], type: ['standin'], 'type (whole)': ['0.5'] },
    ],
    ['a flag', { type: 'boolean' }, {}, { type: ['standin'] }],
    ['words', { type: 'string', enum: ['up', 'down'] }, {}, { enum: ['standin-unknown'] }],
    ['one word', { const: 'up' }, {}, { const: ['standin-unknown'] }],
    ['a format', { type: 'string', format: 'uuid' }, {}, { format: ['not-well-formed'] }],
    [
      'a length',
      { type: 'string', minLength: 3, maxLength: 4 },
      {},
      { minLength: ['st'], maxLength: ['stann'] },
    ],
    ['a pattern', { type: 'string', pattern: '^[a-f]{4}$' }, {}, { pattern: ['!aaa'] }],
    [
      'a list',
      { type: 'array', minItems: 2, maxItems: 3, items: { type: 'integer' } },
      {},
      {
        minItems: ['1'],
        maxItems: ['1', '2', '3', '4'],
        type: ['standin', '2'],
        'type (whole)': ['0.5', '2'],
      },
    ],
    [
      'a list in one text',
      { type: 'array', maxItems: 2, items: { enum: ['a', 'b', 'c'] } },
      { explode: false },
      { maxItems: ['a,b,c'], enum: ['standin-unknown'] },
    ],
    [
      'items that differ',
      { type: 'array', uniqueItems: true, items: { enum: ['a', 'b'] } },
      {},
      { uniqueItems: ['a', 'a'], enum: ['standin-unknown'] },
    ],
    ['a required one', { type: 'string', minLength: 1 }, { required: true }, { '0': [], minLength: [''] }],
  ])('%s is broken keyword by keyword', (_, schema, more, expected) => {
    expect(brokenBy(schema, more)).toEqual(expected)
  })

  it.each<[string, Json, JsonObject]>([
    ['any text', { type: 'string' }, {}],
    ['a text that may be empty or left out', { type: 'string', minLength: 1 }, {}],
    ['a number or a text', { type: ['integer', 'string'] }, {}],
    ['a number or any of some words', { anyOf: [{ type: 'integer' }, { type: 'string' }] }, {}],
    ['a list of texts, be it of one', { type: 'array', items: { type: 'string' } }, {}],
    ['a list that may be left out', { type: 'array', minItems: 1, items: { type: 'string' } }, {}],
    ['no schema', true, {}],
  ])('%s is never said to be broken', (_, schema, more) => {
    expect(brokenBy(schema, more)).toEqual({})
  })

  it.each<[string, JsonObject]>([
    ['an exploded object', {}],
    ['a deep object', { style: 'deepObject', explode: true }],
  ])('with %s is broken by its members, for its own name says nothing of it', (_, more) => {
    const schema = { type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: false }
    const [judged, parameter] = parameterOf(schema, more)
    const names = violationsOf(judged, parameter).map(({ wire }) => wire.map(([name]) => name))
    expect(names.length).toBeGreaterThan(0)
    expect(names.flat()).not.toContain('p')
    expect(readingsOf(parameter, [['p', 'standin']])).toContain(undefined)
  })

  it('breaks a list of a list in one text by what no separator makes right', () => {
    // `a,b,c` is one item to those who read repeated names alone, so it is no proof of too many.
    const schema = { type: 'array', maxItems: 2, items: { type: 'string', maxLength: 9 } }
    expect(brokenBy(schema)).not.toHaveProperty('maxLength', ['aaaa,bbbb,cc'])
  })

  it('is read leniently: trimmed, as number, flag, null, and as left out where it is blank', () => {
    const [, parameter] = parameterOf({ type: ['integer', 'boolean', 'null'] })
    const read = (text: string): readonly unknown[] => readingsOf(parameter, [['p', text]])
    expect(read(' 7 ')).toContain(7)
    expect(read('yes')).toContain(true)
    expect(read('0')).toEqual(expect.arrayContaining([0, false]))
    expect(read('null')).toContain(null)
    expect(read('')).toContain(undefined)
    expect(
      readingsOf(parameter, [
        ['p', '1'],
        ['p', '2'],
      ]),
    ).toEqual(expect.arrayContaining([1, 2]))
  })

  it('in a path is never given what leads elsewhere', () => {
    const parameters = [
      {
        name: 'id',
        in: 'path',
        required: true,
        schema: { type: 'string', minLength: 3, pattern: '^[a-z]+$' },
      },
    ]
    const get = { parameters, responses: RESPONSES }
    const subject = subjectOf({ '/things/{id}': { get }, '/things/st': { get: { responses: RESPONSES } } })
    const urls = planOf(subject)
      .cases.filter(({ purpose }) => purpose.startsWith('forbidden'))
      .map(({ url }) => url)
    expect(urls.length).toBeGreaterThan(0)
    for (const url of urls) expect(new URL(url).pathname).toMatch(/^\/things\/(?!st$|\.{1,2}$)[^/]+$/)
  })

  it('that carries credentials, or that the one who sends sets, is left alone', () => {
    const parameters = ['X-Key', 'Accept', 'X-Own'].map((name) => ({
      name,
      in: 'header',
      required: true,
      schema: { type: 'string', enum: ['a'] },
    }))
    const subject = subjectOf(
      { '/things': { get: { parameters, responses: RESPONSES } } },
      {
        security: [{ key: [] }],
        components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
      },
      { credentials: { key: { example: 'open' } }, operations: {} },
    )
    const forbidden = planOf(subject).cases.filter(({ purpose }) => purpose.startsWith('forbidden'))
    expect(forbidden.map(({ headers }) => headers)).toEqual([
      { 'X-Key': 'open' },
      { 'X-Own': 'standin-unknown', 'X-Key': 'open' },
    ])
  })
})

describe('a refusal', () => {
  const subject = askedBy({ type: 'integer', minimum: 1 })
  const answering =
    (status: number, body: string) =>
    (request: Request): Promise<Response> => {
      const bad = new URL(request.url).searchParams.get('p')
      const refused = bad !== null && !/^[1-9]\d*$/.test(bad)
      if (request.method !== 'GET')
        return Promise.resolve(new Response('', { status: 405, headers: { allow: 'GET' } }))
      return Promise.resolve(new Response(refused ? body : '', { status: refused ? status : 200 }))
    }
  const found = async (status: number, body: string): Promise<readonly string[]> => {
    const { findings } = await judge(subject, answering(status, body))
    return findings
      .filter(({ check }) => check === 'negative_data_rejection')
      .map(({ level, message }) => `${level}: ${message}`)
  }

  it('that names the parameter is fine', async () => {
    expect(await found(400, 'P must be positive')).toEqual([])
  })

  it('that names nothing is warned of, and breaks nothing', async () => {
    const verdict = await judge(subject, answering(400, '{"error":"wrong"}'))
    const own = verdict.findings.filter(({ check }) => check === 'negative_data_rejection')
    expect(own.map(({ level }) => level)).toEqual(['warning'])
    expect(own[0]?.message).toMatch(/the refusal does not name p: \{"error":"wrong"\}/)
    expect(exitCode([{ ...verdict, findings: own }])).toBe(0)
  })

  it.each([200, 500, 302])('that is a %s is none', async (status) => {
    const findings = await found(status, 'p')
    expect(findings.length).toBeGreaterThan(0)
    expect(findings[0]).toMatch(/^error: the query parameter p is /)
  })

  it.each([401, 403, 404, 429])('that is a %s says nothing of the parameter', async (status) => {
    expect(await found(status, 'p')).toEqual([])
  })
})

describe('a parameter that is not documented', () => {
  it('stands in no finding that the plain request shows too', async () => {
    const content = { 'application/json': { schema: { type: 'object' } } }
    const get = { operationId: 'read', responses: { '200': { description: 'fine', content } } }
    const { findings } = await judge(subjectOf({ '/things': { get } }), ({ method }) =>
      Promise.resolve(
        method === 'GET' ? Response.json([]) : new Response('', { status: 405, headers: { allow: 'GET' } }),
      ),
    )
    const [found] = findings.filter(({ check }) => check === 'response_schema_conformance')
    expect(found?.exchanges.map(({ request }) => request.url)).toEqual(['http://small.test/things'])
  })

  it('may be ignored or refused, but breaks nothing', async () => {
    const answer =
      (status: number) =>
      (request: Request): Promise<Response> =>
        Promise.resolve(new Response('', { status: request.url.includes('standin_unknown') ? status : 200 }))
    const checks = async (status: number): Promise<readonly string[]> =>
      (await judge(askedBy({ type: 'string' }), answer(status))).findings
        .filter(({ exchanges }) => exchanges.some(({ request }) => request.url.includes('standin_unknown')))
        .map(({ check }) => check)
    expect(await checks(400)).toEqual([])
    expect(await checks(200)).toEqual([])
    expect(await checks(500)).toContain('no_server_error')
  })
})
