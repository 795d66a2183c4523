import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { parseEventStream } from '../../src/openapi/event-stream.ts'
import { splitLines, splitRecords } from '../../src/openapi/json-sequence.ts'
import { judgeAnswer } from './raw-answer.ts'

const ROW = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } }
const EVENTS = 'text/event-stream'

/** What is found on a stream of a media type; a check that was passed over says why. */
function judge(type: string, media: JsonObject, body: string, dialect = '3.2'): readonly string[] {
  const verdict = judgeAnswer(
    dialect,
    { '200': { description: 'a', content: { [type]: media } } },
    { type, body },
  )
  const skipped = verdict.checks.flatMap(({ check, reason }) =>
    check === 'response_schema_conformance' && reason !== undefined ? [`skipped: ${reason}`] : [],
  )
  return [...verdict.findings.map(({ message }) => message), ...skipped]
}

describe('an event stream is read as clients read it', () => {
  it.each<readonly [string, string, readonly JsonObject[]]>([
    ['LF', 'data: a\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
    ['CR', 'data: a\r\rdata: b\r\r', [{ data: 'a' }, { data: 'b' }]],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [{ data: 'a' }, { data: 'b' }]],
    ['mixed line ends', 'data: a\r\n\ndata: b\n\r\n', [{ data: 'a' }, { data: 'b' }]],
    ['a byte order mark', '\ufeffdata: a\n\n', [{ data: 'a' }]],
    ['comments', ': hello\n:\ndata: a\n: more\n\n', [{ data: 'a' }]],
    ['data of several lines', 'data: a\ndata:\ndata: b\n\n', [{ data: 'a\n\nb' }]],
    ['one blank taken off', 'data:  a\n\ndata:b\n\n', [{ data: ' a' }, { data: 'b' }]],
    ['a field without a colon', 'data\n\n', [{ data: '' }]],
    ['an event without data', 'event: a\nid: 1\n\ndata: b\n\n', [{ data: 'b' }]],
    [
      'all fields',
      'event: a\nid: 7\nretry: 10\ndata: b\n\n',
      [{ data: 'b', event: 'a', id: '7', retry: 10 }],
    ],
    ['what is no retry', 'retry: 1s\ndata: b\n\n', [{ data: 'b' }]],
    ['an id with NUL', 'id: a\0b\ndata: b\n\n', [{ data: 'b' }]],
    ['unknown fields', 'colour: red\n data: x\ndata: b\n\n', [{ data: 'b' }]],
    ['letter case', 'Data: x\ndata: b\n\n', [{ data: 'b' }]],
    ['no blank line at the end', 'data: a\n\ndata: b\n', [{ data: 'a' }]],
    ['no line end at the end', 'data: a\n\ndata: b', [{ data: 'a' }]],
    ['nothing', '', []],
    ['blank lines', '\n\n\n', []],
  ])('%s', (_, text, events) => {
    expect(parseEventStream(text).map(({ start: _start, lines: _lines, ...event }) => event)).toEqual(events)
  })

  it('and knows where the data of each begins', () => {
    const text = ': a\n\nevent: b\ndata: {"a":1}\n\n'
    const [event] = parseEventStream(text)
    expect(text.slice(event?.start)).toBe('{"a":1}\n\n')
  })
})

describe('sequences of JSON texts', () => {
  it('are split at lines and at record separators', () => {
    expect(splitLines('1\r\n\n 2\n').map(({ text, start }) => [text.trim(), start])).toEqual([
      ['1', 0],
      ['2', 4],
    ])
    expect(splitRecords('\x1e1\n\x1e\x1e2\n').map(({ text, start }) => [text.trim(), start])).toEqual([
      ['1', 1],
      ['2', 5],
    ])
  })

  it.each([
    'application/jsonl',
    'application/x-ndjson',
    'application/ndjson',
    'application/x-jsonlines',
    'application/json-lines',
  ])('%s: each line by itemSchema', (type) => {
    const media = { itemSchema: ROW }
    expect(judge(type, media, '{"id":1}\n{"id":2}')).toEqual([])
    expect(judge(type, media, '{"id":1}\r\n\r\n{"id":2}\r\n')).toEqual([])
    expect(judge(type, media, '{"id":1}\n{"id":"2"}\n{}\n')).toEqual([
      '/1/id must be integer, is string "2"',
      '/2 lacks `id`',
    ])
    const many = '{"id":"x"}\n'.repeat(500)
    expect(judge(type, media, many)).toEqual(['/0/id must be integer, is string "x"; 499 more items like it'])
    expect(judge(type, media, '{"id":1}\n{"id":2')).toEqual([
      '/1 is no JSON, it ends where a comma or } is expected (line 2, column 8): {"id":1} {"id":2',
    ])
    expect(judge(type, media, '{"id":1}\n{"id":2,"id":3}\n')).toEqual([
      '/1 has the member "id" twice, first at line 2, column 2 (line 2, column 9)',
    ])
    expect(judge(type, media, '')).toEqual([expect.stringMatching(/^skipped: /)])
    expect(judge(type, {}, '1\n')).toEqual([`skipped: no schema is documented for ${type}`])
  })

  it('by `schema`: the list of items, each of them, or the whole text, as its type has it', () => {
    const type = 'application/jsonl'
    for (const dialect of ['3.0', '3.1', '3.2']) {
      const list = { schema: { type: 'array', items: ROW, maxItems: 2 } }
      expect(judge(type, list, '{"id":1}\n{"id":2}\n', dialect)).toEqual([])
      expect(judge(type, list, '{"id":1}\n{"id":2}\n{"id":3}\n', dialect)).toHaveLength(1)
      expect(judge(type, list, '{"id":1}\n{"id":"2"}\n', dialect)).toEqual([
        '/1/id must be integer, is string "2"',
      ])
      expect(judge(type, { schema: ROW }, '{"id":1}\n{"id":"2"}\n', dialect)).toEqual([
        '/1/id must be integer, is string "2"',
      ])
      expect(judge(type, { schema: { type: 'string', maxLength: 3 } }, '1\n2\n', dialect)).toHaveLength(1)
    }
  })

  it('application/json-seq: each record, behind its separator', () => {
    const type = 'application/json-seq'
    const media = { itemSchema: ROW }
    expect(judge(type, media, '\x1e{"id":1}\n\x1e{"id":2}\n')).toEqual([])
    expect(judge('application/geo+json-seq', media, '\x1e{"id":"1"}\n')).toEqual([
      '/0/id must be integer, is string "1"',
    ])
    expect(judge(type, media, '{"id":1}\n')).toEqual([
      'the body does not begin with the record separator U+001E of a JSON text sequence',
    ])
    expect(judge(type, media, '\x1e{"id":1}\n{"id":2}\n')).toEqual([
      '/0 is no JSON, it goes on after its value with "{" (line 2, column 1): \u001e{"id":1} {"id":2} ',
      'skipped: application/json-seq has no whole item',
    ])
  })
})

describe('events are judged', () => {
  const event = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
    itemSchema: {
      type: 'object',
      required: ['data'],
      properties: { data: { type: 'string' }, ...properties },
      ...more,
    },
  })

  it('as objects of their fields where the schema has these', () => {
    const media = event({
      event: { enum: ['row', 'end'] },
      retry: { type: 'integer', minimum: 100 },
      id: { type: 'string' },
    })
    expect(judge(EVENTS, media, 'event: row\nid: 1\ndata: x\n\nevent: end\nretry: 100\ndata\n\n')).toEqual([])
    expect(judge(EVENTS, media, 'event: rows\ndata: x\n\nretry: 1\ndata: y\n\n')).toEqual([
      '/0/event must be "row" or "end", is "rows"',
      '/1/retry must be >= 100, is 1',
    ])
    expect(judge(EVENTS, event({}, { required: ['id'] }), 'id: 1\ndata: a\n\ndata: b\n\n')).toEqual([
      '/1 lacks `id`',
    ])
  })

  it('by their data where the schema is that of the data', () => {
    const media = { itemSchema: ROW }
    expect(
      judge(EVENTS, media, 'event: row\ndata: {"id":1}\n\n: ping\n\ndata: {"id":\ndata: 2}\n\n'),
    ).toEqual([])
    expect(judge(EVENTS, media, 'data: {"id":1}\n\ndata: {"id":"2"}\n\n')).toEqual([
      '/1/id must be integer, is string "2"',
    ])
    expect(judge(EVENTS, media, 'data: {"id":1}\n\ndata: [OVER]\n\n')).toEqual([
      '/1 is no JSON, it has "O" where a value is expected (line 3, column 8): data: {"id":1} data: [OVER] ',
    ])
    expect(judge(EVENTS, media, 'data: {"id":1,\ndata: "id":2}\n\n')).toEqual([
      '/0 has the member "id" twice',
    ])
    expect(judge(EVENTS, { itemSchema: { type: 'string', maxLength: 2 } }, 'data: abc\n\n')).toHaveLength(1)
  })

  it('but for the mark that many streams end with', () => {
    const end = 'data: [DONE]\n\n'
    expect(judge(EVENTS, { itemSchema: ROW }, `data: {"id":1}\n\n${end}`)).toEqual([])
    expect(judge(EVENTS, { itemSchema: ROW }, `${end}data: {"id":1}\n\n`)).toHaveLength(1)
    expect(judge(EVENTS, { schema: { type: 'array', items: ROW } }, `data: {"id":1}\n\n${end}`)).toEqual([])
  })

  it('by what their data holds as JSON, of the branch that they are of', () => {
    const data = { contentMediaType: 'application/json', contentSchema: ROW }
    const plain = event({ event: { type: 'string' }, data: { type: 'string', ...data } })
    expect(judge(EVENTS, plain, 'data: {"id":1}\n\ndata: [DONE]\n\n')).toEqual([])
    expect(judge(EVENTS, plain, 'data: {"id":"1"}\n\ndata: x\n\n')).toEqual([
      expect.stringMatching(
        /^\/1\/data is no JSON, it has "x" where a value is expected \(line 3, column 7\)/,
      ),
      '/0/data/id must be integer, is string "1"',
    ])
    const branches = [
      { properties: { event: { const: 'text' } } },
      { properties: { event: { const: 'row' }, data } },
    ]
    const union = event({ event: { type: 'string' } }, { oneOf: branches })
    expect(judge(EVENTS, union, 'event: text\ndata: x\n\nevent: row\ndata: {"id":1}\n\n')).toEqual([])
    expect(judge(EVENTS, union, 'event: row\ndata: {}\n\n')).toEqual(['/0/data lacks `id`'])
  })

  it('as fields with data that is JSON where the schema wants that', () => {
    const media = { itemSchema: { type: 'object', properties: { event: { const: 'row' }, data: ROW } } }
    expect(judge(EVENTS, media, 'event: row\ndata: {"id":1}\n\n')).toEqual([])
    expect(judge(EVENTS, media, 'event: row\ndata: {"id":"1"}\n\n')).toEqual([
      '/0/data/id must be integer, is string "1"',
    ])
    expect(judge(EVENTS, media, 'data: {"event":"row","data":{"id":1}}\n\n')).toEqual([])
    expect(judge(EVENTS, media, 'data: {"event":"no","data":{"id":1}}\n\n')).toHaveLength(1)
  })

  it('also where 3.0 and 3.1 only have `schema`', () => {
    for (const dialect of ['3.0', '3.1']) {
      expect(judge(EVENTS, { schema: ROW }, 'data: {"id":"1"}\n\n', dialect)).toHaveLength(1)
      expect(judge(EVENTS, { schema: { type: 'array', items: ROW } }, 'data: {"id":1}\n\n', dialect)).toEqual(
        [],
      )
      expect(judge(EVENTS, { schema: { type: 'array', items: ROW } }, 'data: {}\n\n', dialect)).toEqual([
        '/0 lacks `id`',
      ])
      expect(judge(EVENTS, { schema: { type: 'string' } }, 'anything', dialect)).toEqual([])
    }
  })

  it('not when they were never sent to their end', () => {
    expect(judge(EVENTS, { itemSchema: ROW }, 'data: {"id":1}\n\ndata: {"id')).toEqual([])
    expect(judge(EVENTS, { itemSchema: ROW }, ': only comments\n\n')).toEqual([
      `skipped: ${EVENTS} has no whole item`,
    ])
  })
})

describe('other contents', () => {
  it.each<readonly [string, Json, string, readonly string[]]>([
    ['text/plain', { type: 'string', maxLength: 3 }, 'abc', []],
    [
      'text/plain',
      { type: 'string', maxLength: 3 },
      'abcd',
      ['the body must NOT have more than 3 characters, is "abcd"'],
    ],
    ['text/plain', { type: 'integer' }, '12', []],
    ['text/plain', { type: 'integer' }, 'x', ['the body must be integer, is string "x"']],
    ['text/csv', { type: 'string' }, 'a,b\n', []],
    ['text/csv', { type: 'array' }, 'a,b\n', ['skipped: text/csv is not read as array']],
    ['text/html', { type: 'string', pattern: '^<' }, 'x', ['the body must match pattern "^<", is "x"']],
    [
      'application/xml',
      { type: 'object' },
      '<a/>',
      ['skipped: application/xml is no text that a schema can be asked about'],
    ],
    [
      'text/xml',
      { type: 'object' },
      '<a/>',
      ['skipped: text/xml is no text that a schema can be asked about'],
    ],
    [
      'application/pdf',
      { type: 'string' },
      '%PDF',
      ['skipped: application/pdf is no text that a schema can be asked about'],
    ],
  ])('%s by %j: %j', (type, schema, body, said) => {
    for (const dialect of ['3.0', '3.1', '3.2']) expect(judge(type, { schema }, body, dialect)).toEqual(said)
  })
})
