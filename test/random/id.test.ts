import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawId, rowIdOf, rowIndexOf } from '../../src/random/id.ts'
import { keyOf } from '../../src/random/key.ts'

const BASE = Date.UTC(2026, 0, 1)
const key = keyOf('ids')

describe('a drawn id', () => {
  it.each([
    ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['job_############', /^job_[0-9a-f]{12}$/],
    ['J-##/##', /^J-[0-9a-f]{2}\/[0-9a-f]{2}$/],
    ['fixed', /^fixed$/],
  ])('has the form %s', (form, pattern) => {
    for (let seed = 0; seed < 50; seed += 1) expect(drawId(keyOf(seed), form)).toMatch(pattern)
  })

  it('is seldom the same, and every digit is as frequent as another', () => {
    const ids = Array.from({ length: 4_000 }, (_, seed) => drawId(keyOf('many', seed), 'uuid'))
    expect(new Set(ids).size).toBe(ids.length)
    const tail = ids.map((id) => id.slice(-12)).join('')
    const spread = [...'0123456789abcdef'].map((digit) => tail.split(digit).length - 1)
    const expected = tail.length / 16
    const square = spread.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    expect(square).toBeLessThan(45)
  })
})

describe('a row id', () => {
  const index = fc.nat(2 ** 31)

  it('orders as its index does, in either direction and beyond 32 bits', () => {
    fc.assert(
      fc.property(index, index, fc.constantFrom(0, 2 ** 33, 2 ** 46), (a, b, far) => {
        const [left, right] = [rowIdOf(key, BASE, a + far), rowIdOf(key, BASE, b + far)]
        expect(Math.sign(Number(left > right) - Number(left < right))).toBe(Math.sign(a - b))
        expect(rowIndexOf(key, BASE, a + far + 1, left)).toBe(a + far)
      }),
      { seed: 1 },
    )
  })

  it('is foreign as soon as one digit of it is another', () => {
    fc.assert(
      fc.property(index, fc.nat(31), fc.integer({ min: 1, max: 15 }), (place, digit, change) => {
        const id = rowIdOf(key, BASE, place)
        const at = [...id].flatMap((character, position) => (character === '-' ? [] : [position]))[digit] ?? 0
        const other = (Number.parseInt(id[at] ?? '0', 16) ^ change).toString(16)
        expect(rowIndexOf(key, BASE, 2 ** 32, id.slice(0, at) + other + id.slice(at + 1))).toBe(-1)
      }),
      { seed: 1 },
    )
  })

  it('is foreign to every other job, and when it is any text', () => {
    fc.assert(
      fc.property(index, fc.oneof(fc.uuid(), fc.string()), (place, text) => {
        expect(rowIndexOf(keyOf('other'), BASE, 2 ** 32, rowIdOf(key, BASE, place))).toBe(-1)
        expect(rowIndexOf(key, BASE + 1, 2 ** 32, rowIdOf(key, BASE, place))).toBe(-1)
        expect(rowIndexOf(key, BASE, 2 ** 32, text)).toBe(-1)
      }),
      { seed: 1 },
    )
  })
})
