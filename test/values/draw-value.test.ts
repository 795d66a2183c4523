import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createValidator } from '../../src/openapi/validator.ts'
import { keyOf } from '../../src/random/key.ts'
import { drawValue } from '../../src/values/draw-value.ts'

const WORDS = ['anchor', 'basil', 'copper', 'drift']

interface Drawn {
  readonly value: Json
  readonly issues: readonly string[]
}

/** Draws for a schema that may refer to others by name, and has the validator judge what came. */
function draw(schema: JsonObject, others: JsonObject = {}, openapi = '3.1.0', seed = 1): Drawn {
  const schemas = { Subject: schema, ...others }
  const json = { openapi, info: { title: 'a', version: '1' }, paths: {}, components: { schemas } }
  const pointer = '/components/schemas/Subject'
  const source = { document: json, words: WORDS, epochMs: Date.UTC(2026, 0, 1) }
  const value = drawValue(source, pointer, keyOf('test', seed))
  expect(drawValue(source, pointer, keyOf('test', seed))).toEqual(value)
  const found = createValidator(createDocument('a', 'a.yaml', json)).check(pointer, value)
  return { value, issues: found.map(({ at, message }) => `${at} ${message} (${JSON.stringify(value)})`) }
}

const bounded = fc
  .record({ low: fc.integer({ min: -1e6, max: 1e6 }), span: fc.integer({ min: 2, max: 1e6 }) })
  .chain(({ low, span }) =>
    fc.constantFrom<JsonObject>(
      { minimum: low, maximum: low + span },
      { exclusiveMinimum: low, exclusiveMaximum: low + span },
      { minimum: low },
      { maximum: low },
      { exclusiveMinimum: low + 0.5 },
      { minimum: low, exclusiveMaximum: low + span },
    ),
  )

const text = fc
  .record({ min: fc.nat(40), more: fc.nat(40) })
  .map(({ min, more }): JsonObject => ({ type: 'string', minLength: min, maxLength: min + more }))

const FORMATS = [
  ...['uuid', 'date-time', 'date', 'time', 'duration', 'email', 'uri', 'url', 'uri-reference', 'hostname'],
  ...['uri-template', 'ipv4', 'ipv6', 'byte', 'json-pointer', 'relative-json-pointer', 'iso-time', 'regex'],
]

const PATTERNS = ['^[a-z]{3,8}$', '^job_[a-z0-9]+$', '^\\d{4}-\\d{2}$', '^(GET|POST)$', '^v\\d+(\\.\\d+){2}$']

const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant<JsonObject>({ type: 'boolean' }),
  fc.constant<JsonObject>({ type: 'null' }),
  text,
  fc.constantFrom(...FORMATS).map((format): JsonObject => ({ type: 'string', format })),
  fc.constantFrom(...PATTERNS).map((pattern): JsonObject => ({ type: 'string', pattern })),
  bounded.map((bounds): JsonObject => ({ type: 'integer', ...bounds })),
  bounded.map((bounds): JsonObject => ({ type: 'number', ...bounds })),
  fc
    .constantFrom(1, 2, 5, 0.5)
    .map((multipleOf): JsonObject => ({ type: 'integer', multipleOf, minimum: 3 })),
  fc.constantFrom(0.1, 0.25, 0.01).map((multipleOf): JsonObject => ({ type: 'number', multipleOf })),
  fc.array(fc.constantFrom<Json>('a', 1, null, true, { b: 2 }), { minLength: 1 }).map((values) => ({
    enum: values,
  })),
  fc.constantFrom<Json>('x', 0, false, null, [1]).map((value): JsonObject => ({ const: value })),
  fc.constant<JsonObject>({ type: ['string', 'null'], maxLength: 5 }),
)

const { schema: anySchema } = fc.letrec<{ schema: JsonObject; object: JsonObject }>((tie) => ({
  object: fc
    .record({
      properties: fc.dictionary(
        fc.constantFrom('id', 'name', 'inner', 'list', 'constructor'),
        tie('schema'),
        {
          maxKeys: 4,
          noNullPrototype: true,
        },
      ),
      all: fc.boolean(),
      closed: fc.boolean(),
      extra: fc.constantFrom('other', null),
    })
    .map(({ properties, all, closed, extra }): JsonObject => {
      const names = all ? Object.keys(properties) : []
      const open = extra === null || closed ? names : [...names, extra]
      return {
        ...{ type: 'object', properties, required: open },
        ...(closed ? { additionalProperties: false } : { additionalProperties: { type: 'string' } }),
      }
    }),
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('object'),
    fc
      .record({ items: tie('schema'), min: fc.nat(3) })
      .map(({ items, min }) => ({ type: 'array', items, minItems: min, maxItems: min + 2 })),
    fc
      .tuple(tie('schema'), tie('schema'))
      .map(([a, b]) => ({ anyOf: [{ type: 'null' }, { type: 'object', properties: { a, b } }, a] })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => ({
      required: ['kind', 'a', 'b'],
      type: 'object',
      properties: { kind: { type: 'string' } },
      allOf: [{ type: 'object', properties: { a } }, { properties: { b } }],
    })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, b]) => ({
      oneOf: [
        { type: 'object', required: ['kind'], properties: { kind: { const: 'a' }, value: a } },
        { type: 'object', required: ['kind'], properties: { kind: { const: 'b' }, value: b } },
      ],
    })),
  ),
}))

describe('a value that is drawn', () => {
  it('is what its schema describes, whatever the schema is made of', () => {
    fc.assert(
      fc.property(anySchema, fc.nat(), (schema, seed) => {
        expect(draw(schema, {}, '3.1.0', seed).issues).toEqual([])
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('keeps its place when members are added beside it', () => {
    const properties = { b: { type: 'string' }, c: { type: 'integer' } } as const
    const before = draw({ type: 'object', properties })
    const after = draw({ type: 'object', properties: { a: { type: 'string' }, ...properties, d: {} } })
    expect(after.value).toMatchObject(before.value as object)
  })

  it('differs from key to key', () => {
    const drawn = Array.from({ length: 20 }, (_, seed) => draw({ type: 'integer' }, {}, '3.1.0', seed).value)
    expect(new Set(drawn).size).toBeGreaterThan(15)
  })

  it.each<[string, JsonObject]>([
    [
      'members required beside an allOf that has them',
      { allOf: [{ $ref: '#/components/schemas/Base' }], required: ['id'] },
    ],
    [
      'members required in another part',
      { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['id'] }] },
    ],
    [
      'bounds in several parts',
      { allOf: [{ type: 'integer', minimum: 5 }, { maximum: 6 }, { multipleOf: 2 }] },
    ],
    [
      'branches that only require',
      { ...{ type: 'object', properties: { x: { type: 'integer' } } }, anyOf: [{ required: ['x'] }] },
    ],
    ['a part without a type', { allOf: [{ $ref: '#/components/schemas/Base' }, { description: 'more' }] }],
    ['siblings of a reference', { $ref: '#/components/schemas/Base', required: ['id'] }],
    [
      'a required member of a map',
      { type: 'object', required: ['k'], additionalProperties: { type: 'integer' } },
    ],
    [
      'a map of at least so many',
      { type: 'object', minProperties: 3, additionalProperties: { type: 'boolean' } },
    ],
    [
      'a member by its pattern',
      { required: ['x-a'], patternProperties: { '^x-': { type: 'number' } }, type: 'object' },
    ],
    [
      'at most so many members',
      { type: 'object', properties: { a: {}, b: {}, c: {} }, maxProperties: 1, required: ['c'] },
    ],
    ['different items', { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'boolean' } }],
    ['different items of no kind', { type: 'array', minItems: 3, uniqueItems: true }],
    [
      'a tuple',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 },
    ],
    ['nothing but null', { type: 'null' }],
    ['null or an object without members', { type: ['object', 'null'] }],
    ['a narrow open interval', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 0.001 }],
    ['integers beyond a fraction', { type: 'integer', exclusiveMinimum: 0.5, maximum: 1 }],
    ['very large bounds', { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 }],
    ['the widest interval', { type: 'number', minimum: -1.7e308, maximum: 1.7e308 }],
    ['a tiny step', { type: 'number', multipleOf: 1e-7, minimum: 0, maximum: 1e-5 }],
    ['a text of exactly so many', { type: 'string', minLength: 300, maxLength: 300 }],
    ['a pattern and a length', { type: 'string', pattern: '^[a-z]+$', minLength: 40, maxLength: 60 }],
    ['a pattern that must stay short', { type: 'string', pattern: '^[a-z]{1,63}$', maxLength: 1 }],
    ['a pattern and a format', { type: 'string', pattern: '^https?://', format: 'uri' }],
    ['an empty text', { type: 'string', maxLength: 0 }],
    ['values and a type', { type: 'string', enum: [1, 'two', null] }],
    ['values of two lists', { enum: [1, 2, 3], allOf: [{ enum: [3, 4] }] }],
    [
      'a type of an outer schema',
      { type: 'object', anyOf: [{ type: 'string' }, { properties: { a: { const: 1 } }, required: ['a'] }] },
    ],
  ])('has %s', (_, schema) => {
    const others = { Base: { type: 'object', properties: { id: { type: 'integer' } } } }
    for (let seed = 0; seed < 20; seed += 1) expect(draw(schema, others, '3.1.0', seed).issues).toEqual([])
  })

  it.each<[string, JsonObject]>([
    [
      'exclusive bounds that are flags',
      { type: 'integer', minimum: 0, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: true },
    ],
    ['null beside a type', { type: 'string', nullable: true, enum: [null] }],
    ['a reference whose siblings do not count', { $ref: '#/components/schemas/Base', required: ['nothing'] }],
  ])('has, in OpenAPI 3.0, %s', (_, schema) => {
    const others = { Base: { type: 'object', properties: { id: { type: 'integer' } } } }
    for (let seed = 0; seed < 20; seed += 1) expect(draw(schema, others, '3.0.3', seed).issues).toEqual([])
  })
})

describe('schemas that contain themselves', () => {
  const node = { $ref: '#/components/schemas/Node' }

  it.each<[string, JsonObject]>([
    [
      'through a member',
      { type: 'object', required: ['value'], properties: { value: { type: 'integer' }, next: node } },
    ],
    [
      'through an allOf',
      { type: 'object', properties: { value: { type: 'integer' }, next: { allOf: [node] } } },
    ],
    [
      'through items',
      { type: 'object', required: ['children'], properties: { children: { type: 'array', items: node } } },
    ],
    ['through a union', { anyOf: [{ type: 'array', items: node }, { type: 'string' }] }],
    ['through a map', { type: 'object', additionalProperties: node }],
  ])('end, where they do %s', (_, schema) => {
    const { value, issues } = draw(node, { Node: schema })
    expect(issues).toEqual([])
    expect(JSON.stringify(value).length).toBeLessThan(500)
  })

  it('stay small where they do in twenty members', () => {
    const names = Array.from({ length: 20 }, (_, place) => `member${place}`)
    const properties = Object.fromEntries(names.map((name) => [name, node]))
    const start = performance.now()
    const { value, issues } = draw(node, { Node: { type: 'object', properties } })
    expect(issues).toEqual([])
    expect(JSON.stringify(value).length).toBeLessThan(1_000)
    expect(performance.now() - start).toBeLessThan(2_000)
  })

  it('keep members whose base they share', () => {
    const base = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
    const withBase = (properties: JsonObject): JsonObject => ({
      allOf: [{ $ref: '#/components/schemas/Base' }, { type: 'object', properties }],
    })
    const { value } = draw(withBase({ owner: { $ref: '#/components/schemas/Owner' } }), {
      ...{ Base: base, Owner: withBase({ name: { type: 'string' } }) },
    })
    expect(value).toMatchObject({ id: expect.any(Number), owner: { id: expect.any(Number) } })
  })

  it('that have no value at all are given up, not followed for ever', () => {
    const endless = { type: 'object', required: ['next'], properties: { next: node } }
    expect(draw(node, { Node: endless }).issues).not.toEqual([])
  })
})
