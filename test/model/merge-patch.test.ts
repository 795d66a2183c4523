import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { mergePatch } from '../../src/model/merge-patch.ts'

describe('a merge patch', () => {
  // The cases of RFC 7396, appendix A.
  it.each<readonly [Json, Json, Json]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('turns %j by %j into %j', (value, patch, merged) => {
    expect(mergePatch(value, patch)).toEqual(merged)
  })

  it('leaves no way to the prototype', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__": {"a": 1}}') as Json)
    expect((merged as { a?: number }).a).toBeUndefined()
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"a":1}}')
  })
})
