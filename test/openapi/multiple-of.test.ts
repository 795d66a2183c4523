import { check, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isMultipleOf } from '../../src/openapi/multiple-of.ts'

describe('multiples', () => {
  it('are exact for decimals of any scale', () => {
    const cents = integer({ min: -1_000_000_000, max: 1_000_000_000 })
    const places = integer({ min: 0, max: 6 })
    const law = property(cents, integer({ min: 1, max: 10_000 }), places, (value, divisor, decimals) => {
      const scaled = (whole: number): number => Number(`${whole}e-${decimals}`)
      expect(isMultipleOf(scaled(value * divisor), scaled(divisor))).toBe(true)
      expect(isMultipleOf(scaled(value), scaled(divisor))).toBe(value % divisor === 0)
    })
    expect(check(law, { seed: 7 }).failed).toBe(false)
  })

  it.each([
    [0.3, 0.1, true],
    [0.30000000000000004, 0.1, false],
    [1e21, 0.01, true],
    [1e-7, 1e-8, true],
    [0, 5, true],
    [5, 0, false],
    [Number.NaN, 1, false],
  ])('%d of %d: %s', (value, divisor, verdict) => {
    expect(isMultipleOf(value, divisor)).toBe(verdict)
  })
})
