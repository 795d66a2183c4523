import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { compilePattern } from '../../src/openapi/pattern.ts'
import { SCHEMA, told, validatorWith } from './judged.ts'

/** How long it takes, at best of three: other work on the machine is not what is measured. */
function msOf(work: () => unknown): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = performance.now()
      work()
      return performance.now() - start
    }),
  )
}

function nested(depth: number, end: Json): Json {
  return depth === 0 ? end : { kind: 'Node', left: nested(depth - 1, end) }
}

const NODE = { $ref: '#/components/schemas/Node' }
const FORKED = {
  anyOf: [
    { properties: { left: NODE }, required: ['none'], type: 'object' },
    { properties: { left: NODE }, type: 'object' },
  ],
}

describe('what a judgement costs', () => {
  it.each([
    ['unions', FORKED],
    ['unevaluated members', { ...FORKED, unevaluatedProperties: { const: 'Node' } }],
    [
      'discriminators',
      {
        oneOf: [{ $ref: '#/components/schemas/Left' }],
        discriminator: { propertyName: 'kind', mapping: { Node: 'Left' } },
      },
    ],
  ])('is small for a recursive schema of depth 25 with %s', (_, schema) => {
    const schemas = { Node: schema, Left: { type: 'object', properties: { left: NODE } } }
    const right = nested(25, { kind: 'Node' })
    const wrong = nested(25, 3)
    const validator = validatorWith('3.1.0', NODE, schemas)
    expect(told(validator, right)).toEqual([])
    expect(told(validator, wrong)).toHaveLength(1)
    expect(msOf(() => validator.explain(SCHEMA, right))).toBeLessThan(50)
    expect(msOf(() => validator.explain(SCHEMA, wrong))).toBeLessThan(50)
    expect(msOf(() => validator.check(SCHEMA, wrong))).toBeLessThan(50)
  })

  it('is linear in the items that must be unique', () => {
    const items = Array.from({ length: 4000 }, (_, id) => ({ id, tags: ['a', id % 7], deep: { id } }))
    const validator = validatorWith('3.1.0', { uniqueItems: true })
    expect(validator.check(SCHEMA, items)).toEqual([])
    expect(msOf(() => validator.check(SCHEMA, items))).toBeLessThan(100)
    const twice = [...items, { deep: { id: 3 }, tags: ['a', 3], id: 3 }]
    expect(validator.check(SCHEMA, twice)).toMatchObject([{ params: { i: 4000, j: 3 } }])
  })

  it('is bounded by the issues that are asked for', () => {
    const row = { a: 'x', b: 'x', c: 'x', d: 'x' }
    const rows = Array.from({ length: 200_000 }, () => row)
    const properties = { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'null' }, d: false }
    const validator = validatorWith('3.1.0', { type: 'array', items: { properties } })
    expect(validator.check(SCHEMA, rows, 50)).toHaveLength(50)
    expect(msOf(() => validator.check(SCHEMA, rows, 50))).toBeLessThan(50)
  })

  it('is an issue and no crash where a value nests without end', () => {
    let deep: Json = 3
    for (let depth = 0; depth < 100_000; depth += 1) deep = [deep]
    const validator = validatorWith('3.1.0', { items: { $ref: '#/components/schemas/Judged' } })
    expect(told(validator, deep)).toEqual([' depth'])
  })

  it('of a pattern is linear in the text', () => {
    const text = `${'a'.repeat(40)}!`
    for (const pattern of ['^(a+)+$', '^(a|aa)+$', '^(?:a*)*$', '^([a-z]+\\s?)+$', '(.*a){20}$']) {
      const validator = validatorWith('3.1.0', { type: 'string', pattern })
      expect([pattern, msOf(() => validator.check(SCHEMA, text)) < 100]).toEqual([pattern, true])
    }
  })
})

describe('patterns', () => {
  it.each([
    ['^(?:[\\w-]+\\.)+[a-z]{2,}$', ['a.b.com'], ['a..com', 'a.b.']],
    ['^(\\s|\\S)+$', [' a\u2028\ufeff'], ['']],
    ['^(.+)+$', ['a', '\u{1f600}'], ['a\nb', '\u2028']],
    ['^([^\\]a]+|\\u0041)+$', ['bA', 'é'], ['a', ']']],
    ['^(a+)+\\/$', ['aa/'], ['aa']],
    ['^(a+(?=b)b)+$', ['abab'], ['aa']],
    ['^a\\_b$', ['a_b'], ['ab']],
    ['^\\p{L}+$', ['Äé'], ['1']],
    ['[', [], []],
  ])('%s is what ECMA-262 says, whichever engine runs it', (source, right, wrong) => {
    const pattern = compilePattern(source)
    if ('fault' in pattern) {
      expect(right).toEqual([])
      return
    }
    expect(right.map(pattern.test)).toEqual(right.map(() => true))
    expect(wrong.map(pattern.test)).toEqual(wrong.map(() => false))
  })

  it('that need a slow engine are run all the same, with a word to their author', () => {
    const { advice } = compilePattern('^(a+(?=b)b)+$') as { readonly advice?: string }
    expect(advice).toMatch(/exponential/)
  })

  it.each([
    ['^(?=(a+)+$)a', `${'a'.repeat(60)}b`],
    ['(a|a)*\\1b', 'a'.repeat(60)],
    ['^(?!(x+x+)+y)x', 'x'.repeat(60)],
    ['^(?<n>(a+)+)\\k<n>$', `${'a'.repeat(61)}b`],
  ])('%s take no longer than there is time for, and it is told what they are not held to', (source, text) => {
    const compiled = compilePattern(source)
    if ('fault' in compiled) throw new Error(compiled.fault)
    expect(msOf(() => [text, text.slice(0, 20)].map(compiled.test))).toBeLessThan(500)
    expect(compiled.advice).toMatch(/only texts of up to 20 characters/)
  })
})
