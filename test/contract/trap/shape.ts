/**
 * Traps of schemas that need more than one look: discriminators, directions, what is evaluated elsewhere, and
 * references that depend on how one came to them.
 *
 * @module
 */
import type { JsonObject } from '../../../src/model/json.ts'
import type { Trap } from './trap.ts'
import { ALL, NEW, OLD, schemaTrap } from './trap.ts'

const INTEGER = { type: 'integer' }
const TEXT = { type: 'string' }

const PETS: JsonObject = {
  Cat: { type: 'object', required: ['kind'], properties: { kind: TEXT, lives: INTEGER } },
  Dog: {
    type: 'object',
    required: ['kind'],
    properties: { kind: TEXT, tricks: { type: 'array', items: TEXT } },
  },
}
const BRANCHES = [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
const MAPPING = { cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog' }
const ONE_OF = { oneOf: BRANCHES, discriminator: { propertyName: 'kind', mapping: MAPPING } }
const ANY_OF = { anyOf: BRANCHES, discriminator: { propertyName: 'kind' } }

/** Branches that only their constants keep apart, so that both words are right. */
const TOLD_APART: JsonObject = {
  Cat: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string', enum: ['cat'] }, lives: INTEGER },
  },
  Dog: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string', enum: ['dog'] }, tricks: { type: 'array', items: TEXT } },
  },
}

const DISCRIMINATORS: readonly Trap[] = [
  schemaTrap(
    'discriminator-ok',
    ALL,
    ONE_OF,
    ['{"kind":"cat","lives":9}', '{"kind":"dog","tricks":["sit"]}', '{"kind":"dog"}'],
    [
      '{"kind":"cow"}',
      '{"kind":"cat","lives":"nine"}',
      '{"kind":"dog","tricks":9}',
      '{}',
      '{"kind":1}',
      '"cat"',
    ],
    TOLD_APART,
  ),
  schemaTrap(
    'discriminator-nested-unknown',
    ALL,
    { type: 'object', properties: { pets: { type: 'array', items: ONE_OF } } },
    ['{"pets":[{"kind":"cat"},{"kind":"dog"}]}', '{"pets":[]}'],
    ['{"pets":[{"kind":"cat"},{"kind":"cow"}]}', '{"pets":[{"kind":"dog","tricks":"sit"}]}', '{"pets":[{}]}'],
    TOLD_APART,
  ),
  schemaTrap(
    'discriminator-implicit-names',
    ALL,
    ANY_OF,
    ['{"kind":"Cat","lives":1}', '{"kind":"Dog","tricks":[]}'],
    ['{"kind":"Cow"}', '{"kind":"Cat","lives":"x"}', '{"kind":"Dog","tricks":1}', '{"kind":"cat"}'],
    PETS,
  ),
]

const DIRECTIONS: readonly Trap[] = [
  schemaTrap(
    'writeOnly-req-absent',
    ALL,
    {
      type: 'object',
      required: ['id', 'secret'],
      properties: { id: INTEGER, secret: { type: 'string', writeOnly: true } },
    },
    ['{"id":1}'],
    ['{}', '{"id":"1"}'],
  ),
  schemaTrap(
    'writeOnly-behind-references',
    ALL,
    { type: 'array', items: { allOf: [{ $ref: '#/components/schemas/User' }, { required: ['id'] }] } },
    ['[{"id":1}]'],
    ['[{}]', '[{"id":"1"}]'],
    {
      User: {
        type: 'object',
        required: ['password'],
        properties: { id: INTEGER, password: { type: 'string', writeOnly: true } },
      },
    },
  ),
  schemaTrap(
    'readOnly-is-required-in-answers',
    ALL,
    { type: 'object', required: ['id'], properties: { id: { type: 'integer', readOnly: true } } },
    ['{"id":1}'],
    ['{}', '{"id":"1"}'],
  ),
]

const EVALUATED: readonly Trap[] = [
  schemaTrap(
    'uneval-behind-branches',
    NEW,
    {
      type: 'object',
      oneOf: [
        { required: ['a'], properties: { a: INTEGER } },
        { required: ['b'], properties: { b: INTEGER } },
      ],
      unevaluatedProperties: false,
    },
    ['{"a":1}', '{"b":1}'],
    ['{"a":1,"b":1}', '{"a":1,"c":1}', '{}'],
  ),
  schemaTrap(
    'uneval-of-references',
    NEW,
    { allOf: [{ $ref: '#/components/schemas/Base' }], properties: { b: TEXT }, unevaluatedProperties: false },
    ['{"a":1,"b":"x"}'],
    ['{"a":1,"c":1}', '{"a":"x"}'],
    { Base: { type: 'object', properties: { a: INTEGER } } },
  ),
  schemaTrap(
    'uneval-if-without-then',
    NEW,
    { if: { required: ['a'], properties: { a: INTEGER } }, unevaluatedProperties: false },
    ['{"a":1}', '{}'],
    ['{"a":"x"}', '{"b":1}'],
  ),
  schemaTrap(
    'uneval-items-with-contains',
    NEW,
    { type: 'array', prefixItems: [TEXT], contains: INTEGER, unevaluatedItems: false },
    ['["a",1]', '["a",1,2]'],
    ['["a"]', '["a",1,"b"]'],
  ),
  schemaTrap(
    'dynamic-page',
    NEW,
    { $ref: '#/components/schemas/RowPage' },
    ['{"items":[1,2]}', '{"items":[]}'],
    ['{"items":["a"]}', '{"items":[null]}'],
    {
      Page: {
        $id: 'https://a.example/page',
        $defs: { any: { $dynamicAnchor: 'row' } },
        type: 'object',
        properties: { items: { type: 'array', items: { $dynamicRef: '#row' } } },
      },
      RowPage: {
        $id: 'https://a.example/row-page',
        $defs: { row: { $dynamicAnchor: 'row', type: 'integer' } },
        $ref: 'https://a.example/page',
      },
    },
  ),
]

const FORMS: readonly Trap[] = [
  schemaTrap(
    '30-type-array-is-none-but-nullable-is',
    OLD,
    { type: 'array', nullable: true, items: { type: 'object', nullable: true, properties: { a: INTEGER } } },
    ['null', '[null]', '[{"a":1}]'],
    ['[{"a":null}]', '[1]', '{}'],
  ),
  schemaTrap(
    'union-of-null',
    NEW,
    { anyOf: [{ type: 'object', required: ['a'] }, { type: 'null' }] },
    ['null', '{"a":1}'],
    ['{}', '0', '""'],
  ),
  schemaTrap(
    'deep-recursion',
    ALL,
    { $ref: '#/components/schemas/Nest' },
    [`${'['.repeat(500)}${']'.repeat(500)}`],
    [`${'['.repeat(500)}1${']'.repeat(500)}`],
    { Nest: { type: 'array', items: { $ref: '#/components/schemas/Nest' } } },
  ),
]

/** All of them. */
export const SHAPE_TRAPS: readonly Trap[] = [...DISCRIMINATORS, ...DIRECTIONS, ...EVALUATED, ...FORMS]
