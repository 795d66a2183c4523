/**
 * Traps of headers, JSON texts and streams.
 *
 * @module
 */
import type { JsonObject } from '../../../src/model/json.ts'
import type { Trap } from './trap.ts'
import { ALL, json } from './trap.ts'

const INTEGER = { type: 'integer' }
const ONE = json({ type: 'object' })

function withHeader(header: JsonObject): JsonObject {
  return { '200': { description: 'a', headers: { 'X-A': header } } }
}

const header = (text: string): { type: null; headers: [[string, string]] } => ({
  type: null,
  headers: [['x-a', text]],
})

const HEADERS: readonly Trap[] = [
  {
    name: 'hdr-type-bad',
    dialects: ALL,
    responses: withHeader({ required: true, schema: INTEGER }),
    right: [header('5')],
    wrong: [
      ['header', header('many')],
      ['header', header('5.0')],
      ['header', { type: null }],
    ],
  },
  {
    name: 'hdr-array-ok',
    dialects: ALL,
    responses: withHeader({ schema: { type: 'array', items: INTEGER, minItems: 1 } }),
    right: [header('1,2'), header('1, 2'), header('1'), { type: null }],
    wrong: [
      ['header', header('1,x')],
      ['header', header('')],
    ],
  },
]

const TEXTS: readonly Trap[] = [
  {
    name: 'dup-keys',
    dialects: ALL,
    responses: { '200': json({}) },
    right: [{ body: '[{"a":1},{"a":1}]' }],
    wrong: ['{"a":1,"a":1}', '{"a":1,"b":{},"a":2}', '[{"\\u0061":1,"a":1}]'].map(
      (body) => ['text', { body }] as const,
    ),
  },
  {
    name: 'text-lossy',
    dialects: ALL,
    responses: { '200': json({ type: 'number' }) },
    right: [{ body: '9007199254740991' }, { body: '0.1' }, { body: '1e21' }],
    wrong: ['9007199254740993', '12345678901234567890', '1e-500', '0.1234567890123456789012'].map(
      (body) => ['text', { body }] as const,
    ),
  },
  {
    name: 'text-is-none',
    dialects: ALL,
    responses: { '200': ONE },
    wrong: ['{"a":1', '{"a":1}}', "{'a':1}", '{"a":NaN}', '{"a":1,}', '<a/>', 'null null', '\t{"a":1}x'].map(
      (body) => ['text', { body }] as const,
    ),
  },
  {
    name: 'text-lone-surrogate',
    dialects: ALL,
    responses: { '200': json({ type: 'string' }) },
    right: [{ body: '"\\ud83d\\ude00"' }, { body: '"😀"' }],
    wrong: [
      ['text', { body: '"\\ud83d"' }],
      ['text', { body: Uint8Array.from([0x22, 0xff, 0x22]) }],
      ['text', { body: '\ufeff"a"' }],
    ],
  },
]

const EVENTS = 'text/event-stream'
const ITEM = { type: 'object', required: ['a'], properties: { a: INTEGER } }

const STREAMS: readonly Trap[] = [
  {
    name: 'stream-items',
    dialects: ['3.2'],
    responses: {
      '200': {
        description: 'a',
        content: { [EVENTS]: { itemSchema: ITEM }, 'application/jsonl': { itemSchema: ITEM } },
      },
    },
    right: [
      { type: EVENTS, body: 'data: {"a":1}\r\rdata: {"a":2}\n\n' },
      { type: EVENTS, body: 'data: {"a":1}\n\ndata: cut' },
      { type: 'application/jsonl', body: '{"a":1}\n{"a":2}' },
    ],
    wrong: [
      ['schema', { type: EVENTS, body: 'data: {"a":1}\n\ndata: {"b":2}\n\n' }],
      ['text', { type: EVENTS, body: 'data: a\n\n' }],
      ['schema', { type: 'application/jsonl', body: '{"a":1}\n{"a":"2"}\n' }],
      ['text', { type: 'application/jsonl', body: '{"a":1}\n{"a":' }],
    ],
  },
]

/** All of them. */
export const TEXT_TRAPS: readonly Trap[] = [...HEADERS, ...TEXTS, ...STREAMS]
