/**
 * Traps of media types.
 *
 * @module
 */
import type { JsonObject } from '../../../src/model/json.ts'
import type { Trap } from './trap.ts'
import { ALL, json } from './trap.ts'

const INTEGER = { type: 'integer' }
const ONE = json({ type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: false })
const OK = { body: '{"a":1}' }
const BAD = { body: '{"a":"1"}' }

function ofType(type: string, schema: JsonObject = INTEGER): JsonObject {
  return { '200': { description: 'a', content: { [type]: { schema } } } }
}

/** All of them. */
export const MEDIA_TYPE_TRAPS: readonly Trap[] = [
  {
    name: 'ctype-wrong',
    dialects: ALL,
    responses: { '200': ONE },
    right: [{ ...OK, type: 'Application/JSON' }],
    wrong: [
      ['type', { ...OK, type: 'text/html' }],
      ['type', { ...OK, type: 'application/problem+json' }],
      ['type', { ...OK, type: 'text/json' }],
      ['type', { ...OK, type: null }],
    ],
  },
  {
    name: 'ctype-charset',
    dialects: ALL,
    responses: { '200': ONE },
    right: ['; charset=utf-8', ';charset=UTF-8', '; charset="utf-8"', ' ; boundary=x', ';', ';; a=b ;'].map(
      (rest) => ({
        ...OK,
        type: `application/json${rest}`,
      }),
    ),
    wrong: [['schema', { ...BAD, type: 'application/json; charset=utf-8' }]],
  },
  {
    name: 'ctype-malformed',
    dialects: ALL,
    responses: { '200': ONE },
    wrong: ['json', '/', ';', 'application/', 'application json', 'application/json, text/html', '*'].map(
      (type) => ['type', { ...OK, type }] as const,
    ),
  },
  {
    name: 'ctype-malformed-parameter',
    dialects: ALL,
    responses: { '200': ONE },
    wrong: ['; charset', '; charset = utf-8', '; charset="utf-8', '; =x', '; a="b" c'].map(
      (rest) => ['type', { ...OK, type: `application/json${rest}` }] as const,
    ),
  },
  {
    name: 'ctype-documented-parameter',
    dialects: ALL,
    responses: {
      '200': {
        description: 'a',
        content: {
          'application/json; version=1': { schema: INTEGER },
          'application/json;version=2': { schema: { type: 'string' } },
        },
      },
    },
    right: [
      { type: 'application/json;version=1', body: '1' },
      { type: 'application/json; Version="2"; charset=utf-8', body: '"x"' },
    ],
    wrong: [
      ['schema', { type: 'application/json; version=2', body: '1' }],
      ['type', { type: 'application/json; version=3', body: '1' }],
      ['type', { body: '1' }],
    ],
  },
  {
    name: 'ctype-documented-charset',
    dialects: ALL,
    responses: ofType('application/json; charset=utf-8'),
    right: [{ body: '1' }, { type: 'application/json;charset=UTF-8', body: '1' }],
    wrong: [['type', { type: 'application/json; charset=latin1', body: '1' }]],
  },
  {
    name: 'wildcard-ct-bad',
    dialects: ALL,
    responses: ofType('application/*'),
    right: [{ body: '1' }, { type: 'application/vnd.a+json', body: '1' }],
    wrong: [
      ['schema', { body: '"1"' }],
      ['type', { type: 'text/plain', body: '1' }],
    ],
  },
  {
    name: 'ctype-most-exact-first',
    dialects: ALL,
    responses: {
      '200': {
        description: 'a',
        content: {
          '*/*': { schema: { type: 'boolean' } },
          'application/*': { schema: { type: 'string' } },
          'application/json': { schema: INTEGER },
        },
      },
    },
    right: [{ body: '1' }, { type: 'application/a+json', body: '"x"' }, { type: 'x/y+json', body: 'true' }],
    wrong: [
      ['schema', { body: 'true' }],
      ['schema', { type: 'application/a+json', body: '1' }],
      ['schema', { type: 'x/y+json', body: '1' }],
      ['type', { type: null, body: 'true' }],
    ],
  },
  {
    name: 'ctype-suffix-is-json',
    dialects: ALL,
    responses: ofType('application/vnd.api+json'),
    right: [{ type: 'application/vnd.api+json', body: '1' }],
    wrong: [
      ['schema', { type: 'application/vnd.api+json', body: '"1"' }],
      ['text', { type: 'application/VND.api+json', body: 'x' }],
      ['type', { body: '1' }],
    ],
  },
]
