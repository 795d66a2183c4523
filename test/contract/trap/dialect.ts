/**
 * Traps of what one dialect has and another has not.
 *
 * @module
 */
import type { Trap } from './trap.ts'
import { NEW, OLD, schemaTrap } from './trap.ts'

const INTEGER = { type: 'integer' }
const TEXT = { type: 'string' }
const NAME = { Name: TEXT }
const NAME_REF = { $ref: '#/components/schemas/Name' }

const DIALECT_30: readonly Trap[] = [
  schemaTrap('30-nullable-ok', OLD, { type: 'string', nullable: true }, ['null', '"a"'], ['1']),
  schemaTrap(
    '30-nullable-enum',
    OLD,
    { type: 'string', nullable: true, enum: ['a'] },
    ['"a"'],
    ['null', '"b"'],
  ),
  schemaTrap(
    '30-nullable-enum-with-null',
    OLD,
    { type: 'string', nullable: true, enum: ['a', null] },
    ['"a"', 'null'],
    ['"b"'],
  ),
  schemaTrap(
    '30-nullable-ref-sibling',
    OLD,
    { ...NAME_REF, nullable: true, maxLength: 1 },
    ['"abc"'],
    ['null'],
    NAME,
  ),
  schemaTrap('30-nullable-allOf', OLD, { nullable: true, allOf: [NAME_REF] }, ['"a"'], ['null'], NAME),
  schemaTrap(
    '30-nullable-typed-allOf',
    OLD,
    { type: 'string', nullable: true, allOf: [NAME_REF] },
    ['"a"'],
    ['null'],
    NAME,
  ),
  schemaTrap('30-nullable-false', OLD, { type: 'string', nullable: false }, ['"a"'], ['null']),
  schemaTrap(
    '30-exclMin-ok',
    OLD,
    { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
    ['0.1', '9'],
    ['0', '9.1'],
  ),
  schemaTrap('30-exclMin-alone', OLD, { type: 'number', exclusiveMinimum: true }, ['0', '-5'], ['"0"']),
  schemaTrap(
    '30-nullable-in-properties',
    OLD,
    { type: 'object', properties: { nullable: { type: 'integer', nullable: true } } },
    ['{"nullable":null}', '{"nullable":1}', '{}'],
    ['{"nullable":"x"}', '{"nullable":true}'],
  ),
]

const DIALECT_31: readonly Trap[] = [
  schemaTrap('31-type-array-bad', NEW, { type: ['string', 'null'] }, ['null', '"a"'], ['1', '[]']),
  schemaTrap('31-enum-null', NEW, { type: ['string', 'null'], enum: ['a'] }, ['"a"'], ['null']),
  schemaTrap('31-const-null', NEW, { const: null }, ['null'], ['0', '""', 'false']),
  schemaTrap('31-ref-sibling', NEW, { ...NAME_REF, maxLength: 1 }, ['"a"'], ['"abc"', '1'], NAME),
  schemaTrap('31-nullable-is-no-keyword', NEW, { type: 'string', nullable: true }, ['"a"'], ['null']),
  schemaTrap(
    '31-exclusive',
    NEW,
    { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    ['0.5'],
    ['0', '1'],
  ),
  schemaTrap(
    '31-unevalProps-ok',
    NEW,
    { allOf: [{ properties: { a: TEXT } }], properties: { b: TEXT }, unevaluatedProperties: false },
    ['{"a":"x","b":"y"}', '{}'],
    ['{"a":"x","c":"y"}', '{"a":1}'],
  ),
  schemaTrap(
    '31-prefixItems-type',
    NEW,
    { type: 'array', prefixItems: [TEXT, INTEGER], items: false },
    ['["a",1]', '["a"]', '[]'],
    ['[1,"a"]', '["a",1,2]'],
  ),
  schemaTrap(
    '31-if-then',
    NEW,
    // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
    { if: { properties: { kind: { const: 'a' } }, required: ['kind'] }, then: { required: ['size'] } },
    ['{"kind":"b"}', '{"kind":"a","size":1}', '{}', '1'],
    ['{"kind":"a"}'],
  ),
  schemaTrap(
    '31-contains',
    NEW,
    { type: 'array', contains: { const: 1 }, minContains: 2, maxContains: 3 },
    ['[1,2,1]'],
    ['[1,2]', '[1,1,1,1]'],
  ),
  schemaTrap(
    '31-patternProps',
    NEW,
    { patternProperties: { '^x-': INTEGER } },
    ['{"x-a":1,"b":"c"}'],
    ['{"x-a":"b"}'],
  ),
  schemaTrap('31-property-names', NEW, { propertyNames: { pattern: '^[a-z]+$' } }, ['{"a":1}'], ['{"A":1}']),
  schemaTrap(
    '31-dependent',
    NEW,
    { dependentRequired: { a: ['b'] } },
    ['{"a":1,"b":1}', '{"b":1}'],
    ['{"a":1}'],
  ),
  schemaTrap('31-defs', NEW, { $ref: '#/components/schemas/Page' }, ['[1]', '[]'], ['["a"]', '[null]'], {
    Page: { $defs: { Row: INTEGER }, type: 'array', items: { $ref: '#/components/schemas/Page/$defs/Row' } },
  }),
  schemaTrap(
    '31-false',
    NEW,
    { type: 'object', properties: { a: false } },
    ['{}', '{"b":1}'],
    ['{"a":1}', '{"a":null}'],
  ),
  schemaTrap('31-true', NEW, true, ['1', 'null', '{"a":[]}'], []),
  schemaTrap(
    '31-example-is-no-schema',
    NEW,
    { type: 'object', properties: { a: { type: 'object', examples: [{ $ref: 'nowhere', $id: 'x' }] } } },
    ['{"a":{}}'],
    ['{"a":1}'],
  ),
]

/** All of them. */
export const DIALECT_TRAPS: readonly Trap[] = [...DIALECT_30, ...DIALECT_31]
