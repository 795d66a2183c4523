import { describe, expect, it } from 'vitest'
import { createLocator } from '../../src/openapi/locate.ts'

const TEXT = `a:
  b: 1
  "c/d": [x, {y: 2}]
e: &shared
  f: g
`

describe('the place of a pointer', () => {
  it.each([
    ['', 1, 1],
    ['/a', 1, 1],
    ['/a/b', 2, 3],
    ['/a/c~1d/0', 3, 11],
    ['/a/c~1d/1/y', 3, 15],
    ['/e/f', 5, 3],
    ['/a/nowhere/deep', 1, 1],
  ])('%s is line %i, column %i', (pointer, line, column) => {
    const { line: found, column: at } = createLocator(TEXT)(pointer)
    // A quoted key may be pointed at with its quote or behind it.
    expect([found, Math.abs(at - column) <= 1]).toEqual([line, true])
  })

  it('is found in JSON as in YAML', () => {
    expect(createLocator('{\n  "a": {\n    "b": 1\n  }\n}')('/a/b').line).toBe(3)
  })
})
