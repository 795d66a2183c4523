/**
 * Public traps of response validation: one schema, one value, one verdict each. The list is that of the facts
 * sheet as far as it concerns schemas; discriminators, lossless JSON and read-write direction come later.
 *
 * @module
 */
import type { Json } from '../../src/model/json.ts'

/** One trap. */
export interface Trap {
  readonly name: string
  readonly dialects: readonly ('3.0' | '3.1')[]
  readonly schema: Json
  readonly components?: Json
  readonly good?: readonly Json[]
  readonly bad?: readonly Json[]
}

const BOTH = ['3.0', '3.1'] as const
const OLD = ['3.0'] as const
const NEW = ['3.1'] as const

const TREE = {
  type: 'object',
  properties: { left: { $ref: '#/components/schemas/Tree' }, size: { type: 'integer' } },
}

/** The traps. */
export const TRAPS: readonly Trap[] = [
  { name: 'type-bad', dialects: BOTH, schema: { type: 'integer' }, good: [1, 1.0], bad: ['1', 1.5, null] },
  {
    name: 'recursive-bad',
    dialects: BOTH,
    components: { Tree: TREE },
    schema: { $ref: '#/components/schemas/Tree' },
    good: [{ left: { left: { size: 1 } } }],
    bad: [{ left: { left: { size: 'x' } } }],
  },
  {
    name: 'oneOf-ambiguous',
    dialects: BOTH,
    schema: { oneOf: [{ type: 'number' }, { type: 'integer' }] },
    good: [1.5],
    bad: [1],
  },
  {
    name: 'fmt-datetime',
    dialects: BOTH,
    schema: { type: 'string', format: 'date-time' },
    good: [
      '2026-01-01T00:00:00Z',
      '2026-01-01t00:00:00.123456789z',
      '2024-02-29T12:00:00+05:30',
      '2016-12-31T23:59:60Z',
    ],
    bad: [
      '2026-01-01 00:00:00Z',
      '2026-01-01T00:00:00+05',
      '2026-01-01T00:00:00+0530',
      '2026-01-01T00:00:00',
      '2026-02-29T00:00:00Z',
      '2026-01-01T24:00:00Z',
    ],
  },
  {
    name: 'fmt-date',
    dialects: BOTH,
    schema: { type: 'string', format: 'date' },
    good: ['2024-02-29'],
    bad: ['2023-02-29', '2023-13-01', '2023-1-1'],
  },
  {
    name: 'fmt-uuid-urn',
    dialects: BOTH,
    schema: { type: 'string', format: 'uuid' },
    good: ['0a6c3f9e-4d2b-4b8f-9e57-1f3d5b7a9c2e', '0A6C3F9E-4D2B-9B8F-FE57-1F3D5B7A9C2E'],
    bad: ['urn:uuid:0a6c3f9e-4d2b-4b8f-9e57-1f3d5b7a9c2e', '0a6c3f9e4d2b4b8f9e571f3d5b7a9c2e'],
  },
  {
    name: 'fmt-email',
    dialects: BOTH,
    schema: { type: 'string', format: 'email' },
    good: ['a@b.example'],
    bad: ['a.b.example'],
  },
  {
    name: 'fmt-byte',
    dialects: OLD,
    schema: { type: 'string', format: 'byte' },
    good: ['', 'aGk=', 'aGkh'],
    bad: ['aGk', 'a', 'a Gk='],
  },
  {
    name: 'fmt-int32',
    dialects: BOTH,
    schema: { type: 'integer', format: 'int32' },
    good: [2147483647, -2147483648],
    bad: [2147483648],
  },
  {
    name: 'infinite',
    dialects: BOTH,
    schema: { type: 'number' },
    good: [1e300],
    bad: [Number.POSITIVE_INFINITY],
  },
  {
    name: 'multipleOf-decimal',
    dialects: BOTH,
    schema: { type: 'number', multipleOf: 0.01 },
    good: [0.07, 1.15, 2000000.13, 1e21],
    bad: [0.075, 0.30000000000000004],
  },
  {
    name: 'prototype-names',
    dialects: BOTH,
    schema: {
      type: 'object',
      required: ['toString'],
      properties: { constructor: { type: 'string' }, toString: { type: 'string' } },
    },
    good: [{ toString: 'a' }],
    bad: [{}, { toString: 'a', constructor: 1 }],
  },
  {
    name: '30-nullable-ok',
    dialects: OLD,
    schema: { type: 'string', nullable: true },
    good: [null, 'a'],
    bad: [1],
  },
  {
    name: '30-nullable-enum',
    dialects: OLD,
    schema: { type: 'string', nullable: true, enum: ['a'] },
    good: ['a'],
    bad: [null],
  },
  {
    name: '30-nullable-ref-sibling',
    dialects: OLD,
    components: { Name: { type: 'string' } },
    schema: { $ref: '#/components/schemas/Name', nullable: true, maxLength: 1 },
    good: ['abc'],
    bad: [null],
  },
  {
    name: '30-nullable-allOf',
    dialects: OLD,
    components: { Name: { type: 'string' } },
    schema: { nullable: true, allOf: [{ $ref: '#/components/schemas/Name' }] },
    good: ['a'],
    bad: [null],
  },
  {
    name: '30-exclMin',
    dialects: OLD,
    schema: { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    good: [0.1, 9],
    bad: [0, 9.1],
  },
  {
    name: '31-nullable-is-no-keyword',
    dialects: NEW,
    schema: { type: 'string', nullable: true },
    good: ['a'],
    bad: [null],
  },
  { name: '31-type-array', dialects: NEW, schema: { type: ['string', 'null'] }, good: [null, 'a'], bad: [1] },
  {
    name: '31-enum-null',
    dialects: NEW,
    schema: { type: ['string', 'null'], enum: ['a'] },
    good: ['a'],
    bad: [null],
  },
  {
    name: '31-ref-sibling',
    dialects: NEW,
    components: { Name: { type: 'string' } },
    schema: { $ref: '#/components/schemas/Name', maxLength: 1 },
    good: ['a'],
    bad: ['abc'],
  },
  {
    name: '31-unevalProps',
    dialects: NEW,
    schema: {
      allOf: [{ properties: { a: { type: 'string' } } }],
      properties: { b: { type: 'string' } },
      unevaluatedProperties: false,
    },
    good: [{ a: 'x', b: 'y' }],
    bad: [{ a: 'x', c: 'y' }],
  },
  {
    name: '31-prefixItems-type',
    dialects: NEW,
    schema: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false },
    good: [['a', 1]],
    bad: [
      [1, 'a'],
      ['a', 1, 2],
    ],
  },
  {
    name: '31-if-then',
    dialects: NEW,
    schema: {
      if: { properties: { kind: { const: 'a' } }, required: ['kind'] },
      // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
      then: { required: ['size'] },
    },
    good: [{ kind: 'b' }, { kind: 'a', size: 1 }],
    bad: [{ kind: 'a' }],
  },
  {
    name: '31-contains',
    dialects: NEW,
    schema: { type: 'array', contains: { const: 1 }, minContains: 2 },
    good: [[1, 2, 1]],
    bad: [[1, 2]],
  },
  {
    name: '31-patternProps',
    dialects: NEW,
    schema: { patternProperties: { '^x-': { type: 'integer' } } },
    good: [{ 'x-a': 1, b: 'c' }],
    bad: [{ 'x-a': 'b' }],
  },
  {
    name: '31-defs',
    dialects: NEW,
    components: {
      Page: {
        $defs: { Row: { type: 'integer' } },
        type: 'array',
        items: { $ref: '#/components/schemas/Page/$defs/Row' },
      },
    },
    schema: { $ref: '#/components/schemas/Page' },
    good: [[1]],
    bad: [['a']],
  },
  {
    name: '31-exclusive',
    dialects: NEW,
    schema: { type: 'number', exclusiveMinimum: 0 },
    good: [0.1],
    bad: [0],
  },
  {
    name: 'example-is-no-schema',
    dialects: BOTH,
    schema: { type: 'object', properties: { a: { type: 'object', example: { $ref: 'nowhere', $id: 'x' } } } },
    good: [{ a: {} }],
    bad: [{ a: 1 }],
  },
]
