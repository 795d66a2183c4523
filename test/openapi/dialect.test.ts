import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { SCHEMA, told, validatorWith } from './judged.ts'

const A = { A: { type: 'string', maxLength: 3 } }
const REF_A = { $ref: '#/components/schemas/A' }

type Row = readonly [string, Json, Json, boolean, JsonObject?]

const ROWS: readonly Row[] = [
  ['3.0.3', { type: 'string', nullable: true }, null, true],
  ['3.0.3', { nullable: true, enum: ['a'] }, null, false],
  ['3.0.3', { type: 'string', nullable: true, enum: ['a'] }, null, false],
  ['3.0.3', { type: 'string', nullable: true, enum: ['a', null] }, null, true],
  ['3.0.3', { type: 'object', nullable: true, allOf: [{ type: 'object' }] }, null, false],
  ['3.0.3', { nullable: true, allOf: [REF_A] }, null, false, A],
  ['3.0.3', { ...REF_A, nullable: true }, null, false, A],
  ['3.0.3', { ...REF_A, maxLength: 1 }, 'abc', true, A],
  ['3.0.3', { type: 'number', minimum: 0, exclusiveMinimum: true }, 0, false],
  ['3.0.3', { type: 'number', minimum: 0, exclusiveMinimum: false }, 0, true],
  ['3.0.3', { type: 'number', exclusiveMinimum: true }, -1, true],
  ['3.1.0', { maximum: 3 }, JSON.parse('1e400'), false],
  ['3.0.3', { type: 'string', format: 'byte' }, 'YQ=', false],
  ['3.0.3', { type: 'string', format: 'binary' }, '\u0000', true],
  ['3.1.0', { type: 'string', nullable: true }, null, false],
  ['3.1.0', { type: ['string', 'null'] }, null, true],
  ['3.1.0', { type: ['string', 'null'], enum: ['a'] }, null, false],
  ['3.1.0', { ...REF_A, maxLength: 1 }, 'abc', false, A],
  ['3.1.0', { items: [{ type: 'string' }], additionalItems: false }, ['a', 1], false],
  ['3.1.0', { items: [{ type: 'string' }] }, ['a', 1], true],
  ['3.1.0', { prefixItems: [{ type: 'string' }] }, [1], false],
  ['3.2.0', { type: ['string', 'null'] }, null, true],
  ['3.2.0', { ...REF_A, maxLength: 1 }, 'abc', false, A],
  ['3.1.0', { $schema: 'http://json-schema.org/draft-07/schema#', ...REF_A, maxLength: 1 }, 'abc', true, A],
  [
    '3.1.0',
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      dependencies: { a: ['b'], c: { required: ['d'] } },
    },
    { a: 1 },
    false,
  ],
]

describe('dialects', () => {
  it.each(ROWS.map(([a, b, c, d, e = {}]) => [a, b, c, d, e] as const))(
    '%s: %j by %j is right: %s',
    (version, schema, value, right, schemas) => {
      const validator = validatorWith(version, schema, schemas)
      // The first few are judged by other code than the rest.
      for (let time = 0; time < 6; time += 1) expect(told(validator, value).length === 0).toBe(right)
    },
  )

  it.each([
    ['3.0.3', { type: ['string', 'null'] }, /`type` is one name in OpenAPI 3\.0/],
    ['3.0.3', { type: 'null' }, /`type` null is no type of OpenAPI 3\.0/],
    ['3.1.0', { minimum: 0, exclusiveMinimum: true }, /`exclusiveMinimum` must be a number, is true/],
    [
      '3.1.0',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      /dialect .*draft-04.* is not understood/,
    ],
  ])('%s refuses what is none of its own: %j', (version, schema, message) => {
    const [fault] = validatorWith(version, schema).faults(SCHEMA)
    expect(fault?.message).toMatch(message)
  })

  it('of a whole document may be named, and must be one that is understood', () => {
    const base = validatorWith(
      '3.1.0',
      true,
      {},
      {
        jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base',
      },
    )
    expect(base.faults(SCHEMA)).toEqual([])
    const strange = validatorWith('3.1.0', true, {}, { jsonSchemaDialect: 'https://example.org/own' })
    expect(strange.faults(SCHEMA)).toMatchObject([{ pointer: '/jsonSchemaDialect' }])
    expect(() => strange.check(SCHEMA, 1)).toThrow(/example\.org\/own is not understood/)
  })

  it('of 3.2 bring methods, streams and a name for the document without harm', () => {
    const json: JsonObject = {
      openapi: '3.2.0',
      $self: 'https://example.org/api',
      info: { title: 'a', version: '1' },
      paths: {
        '/a': {
          query: { responses: { '200': { description: 'a' } } },
          additionalOperations: { COPY: { responses: { '200': { description: 'a' } } } },
          get: {
            responses: {
              '200': {
                description: 'a',
                content: { 'text/event-stream': { itemSchema: { type: 'object' } } },
              },
            },
          },
        },
      },
    }
    expect(createDocument('a', 'a.yaml', json).operations.map(({ method }) => method)).toContain('GET')
  })
})

describe('references', () => {
  it('lead to anchors and to schemas by their addresses', () => {
    const schemas = {
      Named: { $id: 'https://example.org/named', type: 'integer' },
      Anchored: { $anchor: 'anchored', type: 'string' },
    }
    const whole = { properties: { a: { $ref: '#anchored' }, b: { $ref: 'https://example.org/named' } } }
    expect(told(validatorWith('3.1.0', whole, schemas), { a: 1, b: 'x' })).toEqual(['/a type', '/b type'])
  })

  it('follow `$dynamicRef` to the outermost anchor: a page of any kind', () => {
    const schemas = {
      Page: {
        $id: 'https://example.org/page',
        type: 'object',
        properties: { items: { type: 'array', items: { $dynamicRef: '#row' } } },
        $defs: { row: { $dynamicAnchor: 'row', not: {} } },
      },
      Numbers: {
        $id: 'https://example.org/numbers',
        $ref: 'page',
        $defs: { row: { $dynamicAnchor: 'row', type: 'integer' } },
      },
    }
    const validator = validatorWith('3.1.0', { $ref: '#/components/schemas/Numbers' }, schemas)
    expect(told(validator, { items: [1, 2] })).toEqual([])
    expect(told(validator, { items: [1, 'x'] })).toEqual(['/items/1 type'])
  })

  it('that lead nowhere or round in a circle are faults', () => {
    const round = validatorWith('3.1.0', { allOf: [{ anyOf: [{ $ref: '#/components/schemas/Judged' }] }] })
    expect(round.faults(SCHEMA).map(({ message }) => message)).toEqual([
      'the schema applies itself to the same value for ever',
    ])
    const nowhere = validatorWith('3.1.0', { $dynamicRef: '#none' })
    expect(nowhere.faults(SCHEMA)).toMatchObject([{ message: '`$dynamicRef` #none leads nowhere' }])
  })
})
