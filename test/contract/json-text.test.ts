import { array, assert, integer, jsonValue, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scanJson } from '../../src/contract/json-scan.ts'
import { readJsonText } from '../../src/contract/json-text.ts'
import type { Json } from '../../src/model/json.ts'
import { judgeJson } from './raw-answer.ts'

function messagesOf(body: string | Uint8Array, schema: Json = {}): readonly string[] {
  return judgeJson(schema, body).map(
    ({ check, message }) => `${check.replace('_conformance', '')}: ${message}`,
  )
}

function kindsOf(text: string): readonly string[] {
  return readJsonText(text).defects.map(({ kind, at }) => `${kind} ${at}`)
}

describe('a JSON text in order', () => {
  it.each([
    '{}',
    '[]',
    'null',
    '0',
    '-0',
    '"\\u0041"',
    ' \t\r\n1 \n',
    '{"a":1,"b":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a\\"b":1,"a":2}',
    '{":":":","{":"}","\\\\":"\\\\"}',
    '{"__proto__":1,"constructor":2,"toString":3}',
    '{"1":1,"0":0}',
    '[0.1,1.0,1e5,1E+5,0.30000000000000004,0.10000000000000001,0.10000000000000000555]',
    '[9007199254740991,-9007199254740991,9007199254740992,1e22,1.7976931348623157e308,5e-324,0e9]',
    '"\\ud83d\\ude00 😀"',
    '"\u2028\u007f\u0080"',
    '{"a":"","":""}',
    `[${'1,'.repeat(5000)}1]`,
  ])('%s has no defect', (text) => {
    expect(kindsOf(text)).toEqual([])
    expect(scanJson(text).defects).toEqual([])
    expect(readJsonText(text).value).toEqual(JSON.parse(text))
  })

  it('is what any value is written as, and the quick look and the scan agree on it', async () => {
    const spaces = integer({ min: 0, max: 3 })
    const law = property(jsonValue({ maxDepth: 4 }), spaces, (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      expect(readJsonText(text).count).toBe(scanJson(text).count)
      expect(readJsonText(text).value).toEqual(JSON.parse(text))
    })
    await assert(law, { seed: 5, numRuns: 400 })
  })
})

describe('a JSON text that readers take apart', () => {
  it.each<readonly [string, readonly string[]]>([
    ['{"a":1,"a":1}', ['name ']],
    ['{"a":1,"\\u0061":2}', ['name ']],
    ['{"__proto__":1,"__proto__":2}', ['name ']],
    ['{"x":[{"a":1},{"b":1,"b":2}]}', ['name /x/1']],
    ['{"a":{"b":1},"a":{"b":1}}', ['name ']],
    ['{"a":1,"a":1,"a":1}', ['name ', 'name ']],
    ['{"":1,"":2}', ['name ']],
    ['{"a/b":{"~":1,"~":1}}', ['name /a~1b']],
    ['9007199254740993', ['number ']],
    ['[-9007199254740993]', ['number /0']],
    ['{"n":12345678901234567890}', ['number /n']],
    ['1e400', ['number ']],
    ['-1E400', ['number ']],
    ['1e-400', ['number ']],
    ['0.12345678901234567891', ['number ']],
    ['3.14159265358979323846264338327950288', ['number ']],
    [`1${'0'.repeat(400)}`, ['number ']],
    ['"\\ud800"', ['surrogate ']],
    ['"\\udc00\\ud800"', ['surrogate ']],
    ['{"a":"x\\uDFFFy"}', ['surrogate /a']],
    ['{"\\ud800":1}', ['surrogate /\ud800']],
    ['"\ud800"', ['surrogate ']],
    ['\ufeff{}', ['mark ']],
    ['\ufeff{"a":1,"a":1}', ['mark ', 'name ']],
  ])('%j has %j', (text, kinds) => {
    expect(kindsOf(text)).toEqual(kinds)
    expect(readJsonText(text).value).toEqual(JSON.parse(text.replace(/^\ufeff/, '')))
  })

  it.each<readonly [string, string]>([
    ['', 'it ends where a value is expected'],
    ['  ', 'it ends where a value is expected'],
    ['{"a":1}{"a":1}', 'it goes on after its value with "{"'],
    ['1 2', 'it goes on after its value with "2"'],
    ['{}x', 'it goes on after its value with "x"'],
    ['01', 'it goes on after its value with "1"'],
    ['"a', 'it ends inside a string'],
    ['"a\tb"', 'it has the control character U+0009 in a string, unescaped'],
    ['"a\nb"', 'it has the control character U+000A in a string, unescaped'],
    ['"\\x41"', 'it has the unknown escape "\\\\x"'],
    ['"\\u12"', 'it has the unknown escape "\\\\u"'],
    ['[1,]', 'it has "]" where a value is expected'],
    ['{"a":1,}', 'it has "}" where a member name is expected'],
    ["{'a':1}", 'it has "\'" where a member name is expected'],
    ['{"a" 1}', 'it has "1" where a colon is expected'],
    ['{"a":1 "b":2}', 'it has "\\"" where a comma or } is expected'],
    ['[1}', 'it has "}" where a comma or ] is expected'],
    ['[1', 'it ends where a comma or ] is expected'],
    ['NaN', 'it has "N" where a value is expected'],
    ['-', 'it has "-" where a value is expected'],
    ['.5', 'it has "." where a value is expected'],
    ['1.', 'it goes on after its value with "."'],
    ['+1', 'it has "+" where a value is expected'],
    ['None', 'it has "N" where a value is expected'],
    ['// a\n1', 'it has "/" where a value is expected'],
    ['\u00a01', 'it has "\u00a0" where a value is expected'],
    ['tru', 'it has "t" where a value is expected'],
    ['truee', 'it goes on after its value with "e"'],
    ['<html>', 'it has "<" where a value is expected'],
    [']', 'it has "]" where a value is expected'],
  ])('%j is none: %s', (text, says) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(readJsonText(text)).toMatchObject({ value: undefined, defects: [{ kind: 'syntax', says }] })
  })

  it('stops being JSON for the scan exactly where it does for the parser', async () => {
    const sign = oneof(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '\\',
        '\\"',
        'u0041',
        '1',
        '-',
        '.',
        'e',
        'true',
        'null',
        ' ',
      ].map((text) => string({ minLength: 0, maxLength: 1 }).map((other) => (other === '~' ? other : text))),
    )
    const law = property(array(sign, { maxLength: 12 }), (signs) => {
      const text = signs.join('')
      const isSyntax = scanJson(text).defects.some(({ kind }) => kind === 'syntax')
      expect(isSyntax).toBe(readJsonText(text).value === undefined)
    })
    await assert(law, { seed: 5, numRuns: 5000 })
  })
})

describe('hostile JSON texts', () => {
  it('may not nest without end', () => {
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(readJsonText(deep(1000)).count).toBe(0)
    expect(readJsonText(deep(1001))).toMatchObject({ value: undefined, defects: [{ kind: 'depth' }] })
    expect(kindsOf(deep(100_000))).toHaveLength(1)
    expect(kindsOf('{"a":'.repeat(100_000))).toHaveLength(1)
    expect(messagesOf(deep(100_000))[0]).toMatch(
      /^json_text: (?:\/0){1000} is nested more than 1000 levels deep \(line 1, column 1001\)$/,
    )
  })

  it('are read in time: 5 MB in one line, thousands of names that stand twice, a cut string', () => {
    const started = performance.now()
    const long = 'x'.repeat(5_000_000)
    expect(kindsOf(`{"a":"${long}","a":1}`)).toEqual(['name '])
    expect(kindsOf(`"${long}`)).toEqual(['syntax '])
    expect(kindsOf(`${'9'.repeat(100_000)}`)).toEqual(['number '])
    const names = `{${'"a":1,'.repeat(50_000)}"a":1}`
    expect(readJsonText(names)).toMatchObject({ count: 50_000 })
    expect(readJsonText(names).defects).toHaveLength(1000)
    expect(messagesOf(names)).toEqual([
      'json_text: the body has the member "a" twice, first at line 1, column 2 (line 1, column 8); ' +
        '999 more like it; 49000 further defects of the text were only counted',
    ])
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('findings on JSON texts', () => {
  it('name the value, the place in the body and the line of the document', () => {
    const schema = { type: 'object', properties: { rows: { type: 'array', items: { type: 'object' } } } }
    const body = '{\n "rows": [\n  {"id": 1,\n   "id": 2}]}'
    const [finding, ...rest] = judgeJson(schema, body)
    expect(rest).toEqual([])
    expect(finding).toMatchObject({
      check: 'json_text_conformance',
      at: '/rows/0',
      message: '/rows/0 has the member "id" twice, first at line 3, column 4 (line 4, column 4)',
    })
    expect(finding?.document.pointer).toBe(
      '/paths/~1a/get/responses/200/content/application~1json/schema/properties/rows/items',
    )
  })

  it('of one kind at one place of the document are one, with their number', () => {
    const schema = { type: 'array', items: { properties: { n: { type: 'number' } } } }
    expect(messagesOf('[{"n":1e400},{"n":1},{"n":1e999}]', schema)).toContain(
      'json_text: /0/n is 1e400, which many readers take for infinity (line 1, column 7); 1 more like it',
    )
  })

  it('are the only ones where the body is no JSON', () => {
    expect(messagesOf('{"a":tru}', { type: 'object', required: ['b'] })).toEqual([
      'json_text: the body is no JSON, it has "t" where a value is expected (line 1, column 6): {"a":tru}',
    ])
  })

  it('leave the value to its schema', () => {
    expect(messagesOf('\ufeff{"a":1}', { properties: { a: { type: 'string' } } })).toEqual([
      'json_text: the body begins with a byte order mark (line 1, column 1)',
      'response_schema: /a must be string, is integer 1',
    ])
  })

  it('keep own members called __proto__', () => {
    const schema = { required: ['__proto__'], additionalProperties: { type: 'string' } }
    expect(messagesOf('{"__proto__":"x"}', schema)).toEqual([])
    expect(messagesOf('{"__proto__":1}', schema)).toEqual([
      'response_schema: /__proto__ must be string, is integer 1',
    ])
  })

  it.each<readonly [string, readonly number[], readonly string[]]>([
    ['a lone continuation byte', [0x22, 0x80, 0x22], ['json_text: the body is no UTF-8 from byte 2 on']],
    ['latin 1', [0x22, 0x61, 0x62, 0xe9, 0x22], ['json_text: the body is no UTF-8 from byte 4 on']],
    [
      'a surrogate in three bytes',
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      ['json_text: the body is no UTF-8 from byte 2 on'],
    ],
    ['an overlong sign', [0x22, 0xc0, 0xaf, 0x22], ['json_text: the body is no UTF-8 from byte 2 on']],
    ['a replacement character that was sent', [0x22, 0xef, 0xbf, 0xbd, 0x22], []],
  ])('know bytes that are no UTF-8: %s', (_, bytes, messages) => {
    expect(messagesOf(Uint8Array.from(bytes), { type: 'string' })).toEqual(messages)
  })
})
