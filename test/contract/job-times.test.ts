/**
 * How the judge reads what a server says of time: instants, and how long to wait.
 */
import { describe, expect, it } from 'vitest'
import { waitMs } from '../../src/contract/check/retry-after.ts'
import { toMs } from '../../src/contract/job/instant-law.ts'
import type { Json } from '../../src/model/json.ts'

describe('instants', () => {
  it.each<readonly [Json, number | null]>([
    ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)],
    ['2026-01-01T01:00:00.5+01:00', Date.UTC(2026, 0, 1) + 500],
    ['2026-01-01T00:00:00', Date.UTC(2026, 0, 1)],
    ['2026-01-01 00:00:00.123456Z', Date.UTC(2026, 0, 1) + 123],
    [1_767_225_600, Date.UTC(2026, 0, 1)],
    [1_767_225_600_000, Date.UTC(2026, 0, 1)],
    ['soon', null],
    ['2026-13-01T00:00:00Z', null],
    [null, null],
    [{}, null],
  ])('are read from %j', (value, ms) => {
    expect(toMs(value)).toBe(ms)
  })
})

describe('a wait', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 30)
  it.each<readonly [string, number | null]>([
    ['7', 7_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7_000],
    ['-7', null],
    ['7.5', null],
    ['1e3', null],
    ['', null],
    ['1994-11-06T08:49:37Z', null],
  ])('is read from %j', (text, ms) => {
    expect(waitMs(text, now)).toBe(ms)
  })
})
