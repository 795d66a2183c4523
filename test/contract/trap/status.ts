/**
 * Traps of statuses, and of bodies that are there or not.
 *
 * @module
 */
import type { Trap } from './trap.ts'
import { ALL, json } from './trap.ts'

const INTEGER = { type: 'integer' }
const ONE = json({ type: 'object', properties: { a: { type: 'integer' } }, additionalProperties: false })
const OK = { body: '{"a":1}' }
const BAD = { body: '{"a":"1"}' }
const EMPTY = { description: 'a' }

const STATUS: readonly Trap[] = [
  {
    name: 'status-undoc-4xx',
    dialects: ALL,
    responses: { '200': ONE },
    right: [OK],
    wrong: [
      ['status', { ...OK, status: 418 }],
      ['status', { ...BAD, status: 201 }],
      ['status', { status: 500, type: 'text/html', body: '<h1>' }],
      ['status', { status: 204, type: null }],
      ['status', { status: 999, ...OK }],
    ],
  },
  {
    name: 'status-range-ok',
    dialects: ALL,
    responses: { '2XX': ONE },
    right: [OK, { ...OK, status: 201 }, { ...OK, status: 299 }],
    wrong: [
      ['schema', { ...BAD, status: 201 }],
      ['status', { ...OK, status: 300 }],
      ['status', { ...OK, status: 199 }],
    ],
  },
  {
    name: 'status-range-in-small-letters',
    dialects: ALL,
    responses: { '4xx': ONE, '200': EMPTY },
    right: [{ ...OK, status: 404 }],
    wrong: [
      ['schema', { ...BAD, status: 404 }],
      ['status', { ...OK, status: 500 }],
    ],
  },
  {
    name: 'status-exact-before-range-before-default',
    dialects: ALL,
    responses: { default: json({ type: 'string' }), '2XX': json({ type: 'boolean' }), '200': json(INTEGER) },
    right: [
      { body: '1' },
      { status: 202, body: 'true' },
      { status: 404, body: '"x"' },
      { status: 503, body: '"x"' },
    ],
    wrong: [
      ['schema', { body: 'true' }],
      ['schema', { status: 202, body: '"x"' }],
      ['schema', { status: 404, body: '1' }],
    ],
  },
  {
    name: 'default-ok',
    dialects: ALL,
    responses: { default: ONE },
    right: [OK, { ...OK, status: 500, asked: { prefer: 'code=500' } }],
    wrong: [
      ['schema', { ...BAD, status: 400 }],
      ['status', { ...OK, status: 600 }],
    ],
  },
  {
    name: 'not-modified',
    dialects: ALL,
    responses: { '200': ONE },
    right: [{ status: 304, type: null, asked: { 'if-none-match': '"a"' } }],
    wrong: [['status', { status: 304, type: null }]],
  },
]

const EMPTINESS: readonly Trap[] = [
  {
    name: 'empty-body',
    dialects: ALL,
    responses: { '200': ONE },
    wrong: [
      ['type', { body: '' }],
      ['type', { type: null, body: '' }],
      ['type', { type: 'text/plain', body: '' }],
      ['text', { body: ' ' }],
    ],
  },
  {
    name: 'body-where-none-is-documented',
    dialects: ALL,
    responses: { '200': EMPTY, '202': { description: 'a', content: {} } },
    right: [{ type: null }, { type: 'text/plain' }, { status: 202, type: null }],
    wrong: [
      ['type', OK],
      ['type', { type: null, body: ' ' }],
      ['type', { status: 202, type: 'text/plain', body: 'a' }],
    ],
  },
  {
    name: 'statuses-without-body',
    dialects: ALL,
    responses: { '204': ONE, '205': EMPTY, '304': EMPTY },
    right: [
      { status: 204, type: null },
      { status: 205, type: null },
      { status: 304, type: null },
    ],
    wrong: [
      ['type', { status: 204, ...OK }],
      ['type', { status: 205, type: null, body: 'x' }],
      ['type', { status: 304, type: null, body: 'x' }],
    ],
  },
  {
    name: 'head-has-no-body',
    dialects: ALL,
    responses: { '200': ONE },
    right: [{ method: 'HEAD' }],
    wrong: [['type', { method: 'HEAD', ...OK }]],
  },
  {
    name: 'empty-where-emptiness-is-a-value',
    dialects: ALL,
    responses: {
      '200': {
        description: 'a',
        content: { 'text/plain': { schema: { type: 'string' } }, 'application/json': {} },
      },
    },
    right: [{ type: 'text/plain' }, { type: null }],
    wrong: [['type', {}]],
  },
]

/** All of them. */
export const STATUS_TRAPS: readonly Trap[] = [...STATUS, ...EMPTINESS]
