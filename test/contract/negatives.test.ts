/**
 * Only what is provably wrong on the wire is asked to be refused, one violation a request, and a refusal
 * speaks of what is at fault.
 */
import { describe, expect, it } from 'vitest'
import { brokenBodies } from '../../src/contract/plan/body.ts'
import { readingsOf } from '../../src/contract/plan/reading.ts'
import { violationsOf } from '../../src/contract/plan/violation.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Operation } from '../../src/openapi/operation.ts'
import type { Parameter } from '../../src/openapi/parameter.ts'
import { askedBy, judge, judgeOf, planOf, RESPONSES, sentBy, subjectOf } from './planned.ts'

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

function bodiesOf(
  schema: Json,
  schemas: JsonObject = {},
  media: JsonObject = {},
): readonly { keyword: string; text: string | null; fault: string }[] {
  const subject = sentBy(schema, schemas, media)
  const operation = subject.document.operations[0] as Operation
  return brokenBodies(judgeOf(subject), operation).map(({ pointer, text, fault }) => ({
    keyword: pointer.split('/').slice(-2).join('/'),
    text,
    fault,
  }))
}

const ORDER = {
  type: 'object',
  required: ['name', 'lines'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', readOnly: true },
    name: { type: 'string', minLength: 2 },
    note: { type: ['string', 'null'], maxLength: 3 },
    lines: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['sku'],
        properties: {
          sku: { type: 'string', pattern: '^[A-Z]{3}$' },
          count: { type: 'integer', minimum: 1 },
        },
      },
    },
  },
} as const

describe('a body', () => {
  it('is broken at each node, also within lists and members that no example has', () => {
    const faults = bodiesOf(ORDER, {}, { example: { name: 'tea', lines: [{ sku: 'ABC' }] } }).map(
      ({ fault }) => fault,
    )
    expect(faults).toEqual(
      expect.arrayContaining([
        'the required body is missing',
        'the body is of a media type that is not documented',
        'the body is no JSON',
        'the body lacks the required member name',
        'the body lacks the required member lines/0/sku',
        expect.stringMatching(/^the body's member standin_unknown is .*not documented$/),
        expect.stringMatching(/^the body's member name is "t", shorter than 2$/),
        expect.stringMatching(/^the body's member note is .*longer than 3$/),
        expect.stringMatching(/^the body's member lines is \[\], of fewer than 1 items$/),
        expect.stringMatching(/^the body's member lines\/0\/count is 0, below 1$/),
        expect.stringMatching(/^the body's member lines\/0\/sku is .*outside the pattern$/),
      ]),
    )
    expect(faults.join()).not.toMatch(/member id\b/)
  })

  it('holds one violation alone', () => {
    const subject = sentBy(ORDER, {}, { example: { name: 'tea', lines: [{ sku: 'ABC' }] } })
    const judged = judgeOf(subject)
    const [operation] = subject.document.operations
    const schema = operation?.body?.content[0]?.schema ?? ''
    const texts = brokenBodies(judged, operation as Operation).flatMap(({ text, mediaType }) =>
      text !== null &&
      mediaType === 'application/json' &&
      text.endsWith('}') &&
      !text.includes('"lines":[{"sku":"ABC"}]}'.slice(0, -1).repeat(2))
        ? [text]
        : [],
    )
    for (const text of texts) {
      if (!isJson(text)) continue
      expect(judged.validator.check(schema, JSON.parse(text)), text).toHaveLength(1)
    }
    expect(texts.length).toBeGreaterThan(8)
  })

  it('of branches is broken by the name of none, and by a value of none', () => {
    const schemas = {
      Cat: {
        type: 'object',
        required: ['kind'],
        properties: { kind: { const: 'Cat' }, lives: { type: 'integer', maximum: 9 } },
      },
      Dog: { type: 'object', required: ['kind'], properties: { kind: { const: 'Dog' } } },
    }
    const oneOf = ['Cat', 'Dog'].map((name) => ({ $ref: `#/components/schemas/${name}` }))
    const bodies = bodiesOf({ oneOf, discriminator: { propertyName: 'kind' } }, schemas)
    const faults = bodies.map(({ fault }) => fault)
    expect(faults).toEqual(
      expect.arrayContaining([
        'the body\'s member kind is "standin-unknown", the name of no branch',
        'the body lacks the required member kind',
        "the body's member lives is 10, above 9",
      ]),
    )
  })

  it('is not said to be wrong where a lenient reader could make it right', () => {
    const schema = {
      type: 'object',
      properties: { many: { type: 'array', items: { type: 'string' } }, any: {}, text: { type: 'string' } },
    }
    const wrong = bodiesOf(schema).filter(({ fault }) => fault.includes('member'))
    // A text is a list of one, a number is a text: neither is sent.
    expect(wrong.map(({ text }) => text)).toEqual(
      ['{"many":{"standin":true}}', '{"text":{"standin":true}}', '{"many":[{"standin":true}]}'].filter(
        (text) => wrong.some((each) => each.text === text),
      ),
    )
    expect(wrong.some(({ text }) => text?.includes('"any"'))).toBe(false)
  })

  it('of a schema that recurses ends', () => {
    const Node = {
      type: 'object',
      required: ['value'],
      properties: { value: { type: 'integer' }, next: { $ref: '#/components/schemas/Node' } },
    }
    expect(bodiesOf({ $ref: '#/components/schemas/Node' }, { Node }).length).toBeLessThan(80)
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

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
