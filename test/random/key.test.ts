import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawId, rowIdOf, rowIndexOf } from '../../src/random/id.ts'
import { drawInteger, drawNumber, drawWord, keyOf, subkey } from '../../src/random/key.ts'

const key = keyOf('test', 1)

describe('keyed draws', () => {
  it('are these, on every platform and for ever', () => {
    expect(key).toEqual({ high: 3_804_782_515, low: 3_856_634_380 })
    expect([0, 1, 2 ** 33].map((index) => drawWord(key, index, 7))).toMatchInlineSnapshot(`
      [
        3687126788,
        2841231912,
        3511922719,
      ]
    `)
    expect(drawId(key, 'uuid')).toMatchInlineSnapshot(`"a93464ae-3ef2-4698-831e-cc1c695a3178"`)
    expect(rowIdOf(key, 1_767_225_600_000, 5)).toMatchInlineSnapshot(`"019b76da-a805-7b10-9333-199a6d67a120"`)
  })

  it('are spread evenly over indexes, lanes and keys', () => {
    const spread = (draw: (index: number) => number): number => {
      const counts = new Array<number>(64).fill(0)
      for (let index = 0; index < 64_000; index += 1)
        counts[draw(index) >>> 26] = (counts[draw(index) >>> 26] ?? 0) + 1
      return counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0)
    }
    expect(spread((index) => drawWord(key, index, 1))).toBeLessThan(120)
    expect(spread((index) => drawWord(key, 1, index))).toBeLessThan(120)
    expect(spread((index) => drawWord(subkey(key, index), 0, 1))).toBeLessThan(120)
    const equal = Array.from(
      { length: 64_000 },
      (_, index) => drawWord(key, index, 1) >>> 31 === drawWord(key, index, 2) >>> 31,
    )
    expect(Math.abs(equal.filter(Boolean).length - 32_000)).toBeLessThan(800)
  })

  it('never tell lists of parts apart wrongly', () => {
    expect(keyOf('a', 'bc')).not.toEqual(keyOf('ab', 'c'))
    expect(keyOf('1', 1)).toEqual(keyOf(1, '1'))
  })

  it('keep their bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(1_000), fc.nat(), (min, span, index) => {
        const drawn = drawInteger(key, index, 3, min, min + span)
        expect(Number.isInteger(drawn) && drawn >= min && drawn <= min + span).toBe(true)
        const number = drawNumber(key, index, 3, 0.05, 0.07, 1)
        expect(number >= 0.05 && number <= 0.07).toBe(true)
      }),
    )
  })
})

describe('row ids', () => {
  it('lead back to their index, keep the order of rows and know strangers', () => {
    const other = keyOf('test', 2)
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(1_000), (index, more) => {
        const base = 1_767_225_600_000
        const id = rowIdOf(key, base, index)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        expect(rowIndexOf(key, base, index + 1, id.toUpperCase())).toBe(index)
        expect(rowIndexOf(key, base, index, id)).toBe(-1)
        expect(rowIndexOf(other, base, index + 1, id)).toBe(-1)
        expect(rowIdOf(key, base, index + more + 1) > id).toBe(true)
      }),
    )
  })

  it.each(['', 'x', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])(
    'take %j for none',
    (id) => expect(rowIndexOf(key, 1_767_225_600_000, 100, id)).toBe(-1),
  )
})
