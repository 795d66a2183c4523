/**
 * Traps of values that are the same in every dialect: types, unions and formats.
 *
 * @module
 */
import type { Trap } from './trap.ts'
import { ALL, OLD, schemaTrap } from './trap.ts'

const INTEGER = { type: 'integer' }
const TEXT = { type: 'string' }
const TREE = {
  Tree: { type: 'object', properties: { left: { $ref: '#/components/schemas/Tree' }, size: INTEGER } },
}

const TYPES: readonly Trap[] = [
  schemaTrap(
    'type-bad',
    ALL,
    INTEGER,
    ['1', '1.0', '-0', '1e2'],
    ['"1"', '1.5', 'null', 'true', '[1]', '{}'],
  ),
  schemaTrap('type-number', ALL, { type: 'number' }, ['1', '1.5', '-1e-3'], ['"1.5"', 'null']),
  schemaTrap('type-boolean', ALL, { type: 'boolean' }, ['true', 'false'], ['"true"', '0', 'null']),
  schemaTrap('type-string', ALL, TEXT, ['""', '"1"'], ['1', 'null', '["a"]']),
  schemaTrap(
    'type-array',
    ALL,
    { type: 'array', items: INTEGER },
    ['[]', '[1]'],
    ['{}', '["1"]', '[1,null]', '""'],
  ),
  schemaTrap('type-object', ALL, { type: 'object' }, ['{}', '{"a":1}'], ['[]', 'null', '"{}"']),
  schemaTrap('nothing-said', ALL, {}, ['null', '1', '"a"', '[]', '{"a":{"b":[]}}'], []),
  schemaTrap(
    'recursive-bad',
    ALL,
    { $ref: '#/components/schemas/Tree' },
    ['{"left":{"left":{"size":1}}}', '{"left":{}}'],
    ['{"left":{"left":{"size":"x"}}}', '{"left":null}'],
    TREE,
  ),
  schemaTrap(
    'open-object',
    ALL,
    { type: 'object', properties: { a: INTEGER } },
    ['{"a":1,"b":2}'],
    ['{"a":"1","b":2}'],
  ),
  schemaTrap(
    'closed-object',
    ALL,
    { type: 'object', properties: { a: INTEGER }, additionalProperties: false },
    ['{}', '{"a":1}'],
    ['{"a":1,"b":2}', '{"__proto__":1}', '{"constructor":1}'],
  ),
  schemaTrap(
    'map',
    ALL,
    { type: 'object', additionalProperties: INTEGER, minProperties: 1 },
    ['{"a":1}'],
    ['{}', '{"a":"1"}', '{"a":null}'],
  ),
  schemaTrap(
    'required-names-of-objects',
    ALL,
    { type: 'object', required: ['toString'], properties: { constructor: TEXT } },
    ['{"toString":1}'],
    ['{}', '{"toString":1,"constructor":1}'],
  ),
  schemaTrap(
    'length-counts-signs',
    ALL,
    { type: 'string', maxLength: 1, minLength: 1 },
    ['"😀"', '"é"'],
    ['"ab"', '""'],
  ),
  schemaTrap('pattern-is-not-anchored', ALL, { type: 'string', pattern: 'b' }, ['"abc"'], ['"ac"']),
  schemaTrap('pattern-with-letters', ALL, { type: 'string', pattern: '^\\p{L}+$' }, ['"né"'], ['"1"']),
  schemaTrap('bounds', ALL, { type: 'integer', minimum: 0, maximum: 10 }, ['0', '10'], ['-1', '11']),
  schemaTrap(
    'items-bounds',
    ALL,
    { type: 'array', items: {}, minItems: 1, maxItems: 2 },
    ['[1]', '[1,1]'],
    ['[]', '[1,2,3]'],
  ),
  schemaTrap(
    'unique-items',
    ALL,
    { type: 'array', items: {}, uniqueItems: true },
    ['[1,"1",true]', '[{"a":1},{"a":2}]', '[]'],
    ['[1,1]', '[1,1.0]', '[{"a":1,"b":2},{"b":2,"a":1}]', '[[1],[1]]'],
  ),
  schemaTrap('enum', ALL, { enum: ['a', 1, null] }, ['"a"', '1', '1.0', 'null'], ['"1"', '"b"', 'false']),
  schemaTrap(
    'enum-of-objects',
    ALL,
    { enum: [{ a: [1] }] },
    ['{"a":[1]}', '{ "a" : [ 1.0 ] }'],
    ['{"a":[2]}', '{}'],
  ),
  schemaTrap(
    'multiple-of-decimals',
    ALL,
    { type: 'number', multipleOf: 0.01 },
    ['0.07', '1.15', '2000000.13', '0', '-19.99'],
    ['0.075', '0.30000000000000004'],
  ),
  schemaTrap('multiple-of-integers', ALL, { type: 'integer', multipleOf: 3 }, ['0', '-9', '3'], ['1', '10']),
]

const UNIONS: readonly Trap[] = [
  schemaTrap('oneOf-ambiguous', ALL, { oneOf: [{ type: 'number' }, INTEGER] }, ['1.5'], ['1', '"a"']),
  schemaTrap('anyOf', ALL, { anyOf: [{ type: 'number' }, INTEGER] }, ['1.5', '1'], ['"a"', 'null']),
  schemaTrap(
    'allOf',
    ALL,
    { allOf: [{ required: ['a'] }, { type: 'object', properties: { a: INTEGER } }] },
    ['{"a":1}'],
    ['{}', '{"a":"1"}', '[]'],
  ),
  schemaTrap('not', ALL, { not: TEXT }, ['1', 'null'], ['"a"']),
  schemaTrap(
    'union-in-items',
    ALL,
    { type: 'array', items: { oneOf: [TEXT, { type: 'object', required: ['a'] }] } },
    ['["a",{"a":1}]'],
    ['["a",{}]', '[1]'],
  ),
]

const FORMATS: readonly Trap[] = [
  schemaTrap(
    'fmt-datetime-space',
    ALL,
    { type: 'string', format: 'date-time' },
    ['"2026-01-01T00:00:00Z"', '"2026-01-01t00:00:00.123456789z"', '"2016-12-31T23:59:60Z"'],
    ['"2026-01-01 00:00:00Z"', '"2026-02-29T00:00:00Z"', '"2026-01-01T24:00:00Z"', '"2026-01-01"', '""'],
  ),
  schemaTrap(
    'fmt-datetime-hh',
    ALL,
    { type: 'string', format: 'date-time' },
    ['"2026-01-01T00:00:00+05:30"', '"2026-01-01T00:00:00-00:00"'],
    ['"2026-01-01T00:00:00+05"', '"2026-01-01T00:00:00+0530"', '"2026-01-01T00:00:00"'],
  ),
  schemaTrap(
    'fmt-date',
    ALL,
    { type: 'string', format: 'date' },
    ['"2024-02-29"'],
    ['"2023-02-29"', '"2024-2-1"', '"x"'],
  ),
  schemaTrap(
    'fmt-uuid-urn',
    ALL,
    { type: 'string', format: 'uuid' },
    ['"0a6c3f9e-4d2b-4b8f-9e57-1f3d5b7a9c2e"', '"0A6C3F9E-4D2B-0B8F-FE57-1F3D5B7A9C2E"'],
    ['"urn:uuid:0a6c3f9e-4d2b-4b8f-9e57-1f3d5b7a9c2e"', '"0a6c3f9e4d2b4b8f9e571f3d5b7a9c2e"', '""'],
  ),
  schemaTrap(
    'fmt-email',
    ALL,
    { type: 'string', format: 'email' },
    ['"a@b.example"'],
    ['"a.b.example"', '"@b"', '"a@"'],
  ),
  schemaTrap(
    'fmt-uri',
    ALL,
    { type: 'string', format: 'uri' },
    ['"https://a.example/b?c#d"', '"urn:a:b"'],
    ['"/a"', '"a b"'],
  ),
  schemaTrap(
    'fmt-ipv4',
    ALL,
    { type: 'string', format: 'ipv4' },
    ['"127.0.0.1"'],
    ['"127.0.0.256"', '"127.1"'],
  ),
  schemaTrap(
    'fmt-ipv6',
    ALL,
    { type: 'string', format: 'ipv6' },
    ['"::1"', '"2001:db8::1"'],
    ['"12345::"', '":::"'],
  ),
  schemaTrap(
    'fmt-int32',
    ALL,
    { type: 'integer', format: 'int32' },
    ['2147483647', '-2147483648'],
    ['2147483648', '-2147483649'],
  ),
  schemaTrap(
    'fmt-int64',
    ALL,
    { type: 'integer', format: 'int64' },
    ['9223372036854775807', '-9223372036854775808', '9007199254740993'],
    ['9223372036854775808', '-9223372036854775809', '1.5'],
  ),
  schemaTrap(
    'fmt-of-other-types',
    ALL,
    { format: 'date-time' },
    ['1', 'null', '"2026-01-01T00:00:00Z"'],
    ['"x"'],
  ),
  schemaTrap('fmt-unknown', ALL, { type: 'string', format: 'colour' }, ['"red"', '""'], ['1']),
  schemaTrap('fmt-password', ALL, { type: 'string', format: 'password' }, ['""', '"x"'], ['1']),
  schemaTrap(
    'fmt-byte',
    OLD,
    { type: 'string', format: 'byte' },
    ['""', '"aGk="', '"aGkh"'],
    ['"aGk"', '"a Gk="', '"%%%%"'],
  ),
]

/** All of them. */
export const VALUE_TRAPS: readonly Trap[] = [...TYPES, ...UNIONS, ...FORMATS]
