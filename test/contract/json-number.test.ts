import { assert, double, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBody } from '../../src/contract/body-text.ts'
import { survives } from '../../src/contract/json-number.ts'
import { receive } from '../../src/contract/receive.ts'
import type { Json } from '../../src/model/json.ts'
import { judgeJson } from './raw-answer.ts'

describe('a number', () => {
  it('holds any double as it prints it', async () => {
    await assert(
      property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const printed = String(value)
        if (!/^-?\d{17,}$/.test(printed)) expect(survives(printed)).toBe(true)
        expect(survives(value.toExponential(16))).toBe(true)
        expect(survives(`${BigInt(Math.trunc(value))}`)).toBe(true)
      }),
      { seed: 5, numRuns: 400 },
    )
  })
})

const INT64 = { type: 'integer', format: 'int64' }
const ALIKE = 'must NOT have duplicate items (items ## 0 and 1 are identical)'
const LIST = { type: 'array', uniqueItems: true, items: INT64 }

describe('numbers beyond 2^53', () => {
  const wide = (body: string, schema: Json, dialect?: string): readonly string[] =>
    judgeJson(schema, body, dialect).map(({ check, message }) => `${check.split('_')[0]}: ${message}`)

  it.each<readonly [string, string, Json, readonly string[]]>([
    ['of int64', '9007199254740993', { type: 'integer', format: 'int64' }, []],
    ['greatest int64', '9223372036854775807', { type: 'integer', format: 'int64' }, []],
    ['least int64', '-9223372036854775808', { type: 'integer', format: 'int64' }, []],
    [
      'one above',
      '9223372036854775808',
      { type: 'integer', format: 'int64' },
      ['response: the body must be a int64, is 9223372036854775808'],
    ],
    [
      'one below',
      '-9223372036854775809',
      { type: 'integer', format: 'int64' },
      ['response: the body must be a int64, is -9223372036854775809'],
    ],
    ['greatest uint64', '18446744073709551615', { type: 'integer', format: 'uint64' }, []],
    ['exact decimals', '0.12345678901234567891', { type: 'number', format: 'decimal' }, []],
    [
      'of no format',
      '9007199254740993',
      { type: 'integer' },
      ['json: the body is 9007199254740993, which many readers take for 9007199254740992 (line 1, column 1)'],
    ],
    ['that a double holds', '9007199254740992', { type: 'integer' }, []],
    [
      'where a string is documented',
      '9007199254740993',
      { type: 'string' },
      ['response: the body must be string, is integer 9007199254740993'],
    ],
    ['as the string that is documented', '"9007199254740993"', { type: 'string' }, []],
    [
      'above a bound by one',
      '9007199254740993',
      { ...INT64, exclusiveMaximum: 9007199254740991 },
      ['response: the body must be < 9007199254740991, is 9007199254740993'],
    ],
    [
      'no multiple, though its double is one',
      '9007199254740993',
      { ...INT64, multipleOf: 2 },
      ['response: the body must be multiple of 2, is 9007199254740993'],
    ],
    ['a multiple, though its double is none', '9007199254740993', { ...INT64, multipleOf: 3 }, []],
    ['at a bound that is as wide', '9007199254740993', { ...INT64, exclusiveMinimum: 2 ** 53 }, []],
    ['unlike their neighbours', '[9007199254740993, 9007199254740992]', LIST, []],
    [
      'alike',
      '[9007199254740993, 9007199254740993]',
      LIST,
      [`response: the body ${ALIKE}, is [9007199254740992,9007199254740992]`],
    ],
    [
      'in a branch',
      '9007199254740993',
      { anyOf: [{ type: 'integer', format: 'int64' }, { type: 'string' }] },
      [],
    ],
  ])('%s: %s', (_, body, schema, messages) => {
    for (const dialect of ['3.0', '3.1', '3.2']) expect(wide(body, schema, dialect)).toEqual(messages)
  })
})

describe('bytes of a body', () => {
  it('are read in the charset that a text names', () => {
    const latin = Uint8Array.from([0x61, 0xe9])
    expect(decodeBody(latin, 'text/plain; charset="ISO-8859-1"')).toEqual({ body: 'aé' })
    expect(decodeBody(latin, 'text/plain; charset=nonsense')).toEqual({ body: 'a\ufffd', invalidUtf8At: 1 })
    expect(decodeBody(latin, 'application/json; charset=iso-8859-1')).toEqual({
      body: 'a\ufffd',
      invalidUtf8At: 1,
    })
  })

  it('keep their byte order mark, and an end that is cut is told of', () => {
    expect(decodeBody(Uint8Array.from([0xef, 0xbb, 0xbf, 0x31]), 'application/json')).toEqual({
      body: '\ufeff1',
    })
    expect(decodeBody(Uint8Array.from([0x31, 0xe2, 0x82]), undefined)).toEqual({
      body: '1\ufffd',
      invalidUtf8At: 1,
    })
  })

  it('and headers are received as they were sent', async () => {
    const headers = new Headers({ 'Content-Type': 'application/json' })
    headers.append('Set-Cookie', 'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT')
    headers.append('Set-Cookie', 'b=2')
    headers.append('Link', '<a>')
    headers.append('Link', '<b>')
    expect(
      await receive(new Response(Uint8Array.from([0x22, 0xff, 0x22]), { status: 201, headers })),
    ).toEqual({
      status: 201,
      headers: {
        'content-type': 'application/json',
        link: '<a>, <b>',
        'set-cookie': 'a=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT\nb=2',
      },
      body: '"\ufffd"',
      invalidUtf8At: 1,
    })
  })
})
