/**
 * Pages that nobody planned: recorded, or passing by. Those of one query form a walk and are judged as one,
 * however they are asked for; what an honest service answers is never found fault with.
 */
import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { Entry } from './plain-jobs.ts'
import { pagedSubject, query, toldInPassing, toldOf } from './plain-jobs.ts'

const rows = (...ids: readonly number[]): Json => ids.map((id) => ({ id: `r${id}` }))
const page = (ids: readonly number[], more: boolean, next: string | null = null, total = 3): Json => ({
  data: rows(...ids),
  total,
  has_more: more,
  next_page_token: next,
})

const OFFSET = pagedSubject(query('offset', { type: 'integer', minimum: 0 }))
const TOKEN = pagedSubject(query('page_token', { type: 'string' }))
const NUMBER = pagedSubject(query('page', { type: 'integer', minimum: 1 }))
const AT = '/jobs/j1/results?limit=2'

/** A walk in two pages, the second with these rows. */
const WALKS = {
  offset: (second: readonly number[]): readonly Entry[] => [
    [`${AT}&offset=0`, page([1, 2], true, 't')],
    [`${AT}&offset=2`, page(second, false)],
  ],
  token: (second: readonly number[]): readonly Entry[] => [
    [AT, page([1, 2], true, 't')],
    [`${AT}&page_token=t`, page(second, false)],
  ],
  page: (second: readonly number[]): readonly Entry[] => [
    [`${AT}&page=1`, page([1, 2], true, 't')],
    [`${AT}&page=2`, page(second, false)],
  ],
} as const

describe('recorded rows', () => {
  it.each([
    ['offset', OFFSET],
    ['token', TOKEN],
    ['page', NUMBER],
  ] as const)('by %s are one walk, and an honest one is right', async (way, subject) => {
    expect(await toldOf(subject, WALKS[way]([3]))).toEqual([])
    expect(await toldInPassing(subject, WALKS[way]([3]))).toEqual([])
    expect(await toldOf(subject, [...WALKS[way]([3])].reverse())).toEqual([])
  })

  it.each([
    ['offset', OFFSET],
    ['token', TOKEN],
    ['page', NUMBER],
  ] as const)('by %s show a row that stands on two pages', async (way, subject) => {
    const twice = await toldOf(subject, WALKS[way]([2, 3]))
    expect(twice.map((line) => line.slice(0, 3))).toEqual(['P01', 'P02'])
    expect(twice[1]).toMatch(/\/data\/0\/id on page 2 is r2, which stood on page 1 already$/)
    expect(await toldInPassing(subject, WALKS[way]([2, 3]))).toEqual(twice)
  })

  it('of which the first page was not recorded are no whole walk', async () => {
    expect(await toldOf(OFFSET, WALKS.offset([3]).slice(1))).toEqual([])
    expect(await toldOf(TOKEN, WALKS.token([3]).slice(1))).toEqual([])
    expect(await toldOf(TOKEN, [[`${AT}&offset=2`, page([3], false)]])).toEqual([])
  })

  it('are a whole walk where the last page has no token, be there a flag or none', async () => {
    const noFlag = (ids: readonly number[], next: string | null): Json => ({
      data: rows(...ids),
      total: 9,
      next_page_token: next,
    })
    const entries: readonly Entry[] = [
      [AT, noFlag([1, 2], 't')],
      [`${AT}&page_token=t`, noFlag([3], null)],
    ]
    expect(await toldOf(TOKEN, entries)).toEqual([
      'P01: recorded pages of /jobs/j1/results: /total is 9, but the walk met 3 rows',
    ])
  })
})
