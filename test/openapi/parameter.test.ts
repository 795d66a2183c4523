import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { coerce, decodeSegment, parameterAt, parseQuery, readParameter } from '../../src/openapi/parameter.ts'

function read(parameter: JsonObject, query: string | readonly string[]): Json | undefined {
  const read = parameterAt({ p: parameter }, '/p')
  const all = typeof query === 'string' ? parseQuery(query) : new Map([[read.name, query]])
  return readParameter(read, all.get(read.name) ?? [], all)
}

const list = { type: 'array', items: { type: 'integer' } }
const point = { type: 'object', properties: { x: { type: 'integer' }, y: { type: 'string' } } }

describe('a query parameter is read by its style', () => {
  it.each([
    ['form, exploded', { schema: list }, 'p=1&p=2', [1, 2]],
    ['form', { explode: false, schema: list }, 'p=1,2', [1, 2]],
    ['form, empty', { explode: false, schema: list }, 'p=', []],
    ['spaceDelimited', { style: 'spaceDelimited', explode: false, schema: list }, 'p=1%202', [1, 2]],
    ['pipeDelimited', { style: 'pipeDelimited', explode: false, schema: list }, 'p=1|2', [1, 2]],
    ['deepObject', { style: 'deepObject', schema: point }, 'p[x]=1&p[y]=2', { x: 1, y: '2' }],
    ['form object, exploded', { schema: point }, 'x=1&y=2', { x: 1, y: '2' }],
    ['form object', { explode: false, schema: point }, 'p=x,1,y,2', { x: 1, y: '2' }],
    ['a document', { content: { 'application/json': { schema: point } } }, 'p=%7B%22x%22%3A1%7D', { x: 1 }],
    ['a document that is none', { content: { 'application/json': { schema: point } } }, 'p=%7B', '{'],
    ['a scalar given twice', { schema: { type: 'integer' } }, 'p=1&p=2', 2],
    ['an item that does not coerce', { schema: list }, 'p=1&p=a', [1, 'a']],
    ['an absent one', { schema: list }, 'q=1', undefined],
  ] as const)('%s', (_, rest, query, value) => {
    expect(read({ name: 'p', in: 'query', ...rest } as JsonObject, query)).toEqual(value)
  })
})

describe('a boolean schema', () => {
  it('of a parameter, or of a member, admits any text', () => {
    expect(read({ name: 'p', in: 'query', schema: true }, 'p=1')).toBe('1')
    const schema = { type: 'object', properties: { x: true } }
    expect(read({ name: 'p', in: 'query', explode: false, schema }, 'p=x,1')).toEqual({ x: '1' })
  })
})

describe('a path or header parameter is read by its style', () => {
  it.each([
    ['simple', { in: 'path', schema: list }, '1,2', [1, 2]],
    ['simple object', { in: 'path', schema: point }, 'x,1,y,2', { x: 1, y: '2' }],
    ['simple object, exploded', { in: 'path', explode: true, schema: point }, 'x=1,y=2', { x: 1, y: '2' }],
    ['label', { in: 'path', style: 'label', schema: { type: 'integer' } }, '.5', 5],
    ['label list, exploded', { in: 'path', style: 'label', explode: true, schema: list }, '.1.2', [1, 2]],
    ['matrix', { in: 'path', style: 'matrix', schema: { type: 'integer' } }, ';p=5', 5],
    [
      'matrix list, exploded',
      { in: 'path', style: 'matrix', explode: true, schema: list },
      ';p=1;p=2',
      [1, 2],
    ],
    ['header list', { in: 'header', schema: list }, '1, 2', [1, 2]],
  ] as const)('%s', (_, rest, text, value) => {
    expect(read({ name: 'p', ...rest } as JsonObject, [text])).toEqual(value)
  })
})

describe('text becomes what its schema admits, or stays text', () => {
  it.each([
    ['integer', '12', 12],
    ['integer', '-0', -0],
    ['integer', '1.0', '1.0'],
    ['integer', '+5', '+5'],
    ['integer', '1e3', '1e3'],
    ['integer', '010', '010'],
    ['integer', ' 5', ' 5'],
    ['integer', '', ''],
    ['number', '1.50', 1.5],
    ['number', '1e3', 1000],
    ['number', '0x10', '0x10'],
    ['boolean', 'true', true],
    ['boolean', '1', '1'],
    ['boolean', 'True', 'True'],
    ['null', '', null],
    ['null', 'null', 'null'],
    ['string', '12', '12'],
  ] as const)('%s %j', (type, text, value) => {
    expect(coerce(text, new Set([type]))).toEqual(value)
  })

  it('prefers text where text is admitted', () => {
    expect(coerce('12', new Set(['integer', 'string']))).toBe('12')
    expect(coerce('', new Set(['null', 'string']))).toBe('')
  })
})

describe('a raw query is split into names and texts', () => {
  it.each([
    ['a=1&b=2', { a: ['1'], b: ['2'] }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a', { a: [''] }],
    ['a=b=c', { a: ['b=c'] }],
    ['a=b+c%2Bd', { a: ['b c+d'] }],
    ['%61=%E2%82%AC', { a: ['€'] }],
    ['a=%zz', { a: ['%zz'] }],
    ['&&', {}],
    ['__proto__=1', { ['__proto__']: ['1'] }],
  ] as const)('%s', (query, texts) => {
    expect([...parseQuery(query)]).toEqual(Object.entries(texts))
  })

  it('leaves a plus in a path alone', () => {
    expect(decodeSegment('a+b%20c')).toBe('a+b c')
    expect(decodeSegment('%')).toBe('%')
  })
})
