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

describe('recorded rows of a job that may run', () => {
  const grown: readonly Entry[] = [
    [`${AT}&page=1`, page([1, 2], true, null, 3)],
    [`${AT}&page=2`, page([3, 4], true, null, 5)],
    [`${AT}&page=3`, page([5], false, null, 5)],
  ]
  const job = (status: string): Entry => ['/jobs/j1', { id: 'j1', status }]
  const checks = async (entries: readonly Entry[]): Promise<readonly string[]> =>
    (await toldOf(NUMBER, entries)).map((line) => line.slice(0, 3))

  it('may grow while they are read', async () => {
    expect(await checks([...grown, job('completed')])).toEqual([])
    expect(await toldInPassing(NUMBER, grown)).toEqual([])
    const backwards: readonly Entry[] = [
      [`${AT}&page=2`, page([3], false, null, 3)],
      [`${AT}&page=1`, page([1, 2], true, null, 4)],
    ]
    expect(await checks(backwards)).toEqual([])
    const { total: _, ...ended } = page([1], false) as Record<string, Json>
    const { total: __, ...behind } = page([2], false) as Record<string, Json>
    const followed: readonly Entry[] = [
      [`${AT}&page=1`, ended],
      [`${AT}&page=2`, behind],
    ]
    expect(await checks(followed)).toEqual([])
  })

  it('neither grow once it is known to have ended nor ever shrink', async () => {
    expect(await checks([job('completed'), ...grown])).toEqual(['P01'])
    const shrunk: readonly Entry[] = [
      [`${AT}&page=1`, page([1, 2], true, null, 4)],
      [`${AT}&page=2`, page([3], false, null, 3)],
    ]
    expect(await checks(shrunk)).toEqual(['P01'])
  })

  it('belong to no walk with those that were read before it ran again', async () => {
    const before: Entry = [`${AT}&page=1`, page([1, 2], true)]
    const after: Entry = [`${AT}&page=2`, page([9], false, null, 3)]
    const ended = job('completed')
    expect(await checks([ended, before, job('running'), ended, after])).not.toContain('P01')
  })
})

describe('recorded lists of jobs', () => {
  const jobs = (ids: string, next: string | null, total?: number, status = 'completed'): Json => ({
    data: [...ids].map((id) => ({ id, status })),
    has_more: next !== null,
    next_page_token: next,
    ...(total === undefined ? {} : { total }),
  })
  const walk = (first: Json, second: Json, filter = ''): readonly Entry[] => [
    [`/jobs?limit=2${filter}`, first],
    [`/jobs?limit=2&page_token=t${filter}`, second],
  ]
  const told = (entries: readonly Entry[]): Promise<readonly string[]> => toldOf(TOKEN, entries)

  it('are one walk, and an honest one is right', async () => {
    const entries = walk(jobs('ab', 't', 3), jobs('c', null, 3))
    expect(await told(entries)).toEqual([])
    expect(await toldInPassing(TOKEN, entries)).toEqual([])
    expect(await told(entries.slice(1))).toEqual([])
    expect(await told([['/jobs?limit=2&offset=2', jobs('c', null, 3)]])).toEqual([])
  })

  it('show a job that stands on two pages, and a total that is not met', async () => {
    const wrong = [
      'P01: recorded pages of /jobs: /total is 3, but the walk met 4 jobs',
      'P02: recorded pages of /jobs: job b stands there twice',
    ]
    const entries = walk(jobs('ab', 't', 3), jobs('bc', null, 3))
    expect(await told(entries)).toEqual(wrong)
    expect(await toldInPassing(TOKEN, entries)).toEqual(wrong)
    // A token leads on from a short page too: no document says that it does not.
    const short = walk(jobs('a', 't', 3), jobs('b', null, 3))
    expect((await told(short)).map((line) => line.slice(0, 3))).toEqual(['P01'])
  })

  it('may change while they are read', async () => {
    expect(await told(walk(jobs('ab', 't', 3), jobs('bc', null, 4)))).toEqual([])
    expect(await told(walk(jobs('ab', 't'), jobs('bc', null)))).toEqual([])
    const passing = walk(jobs('ab', 't', 3, 'running'), jobs('b', null, 3, 'running'), '&status=running')
    expect(await told(passing)).toEqual([])
  })

  it('lie where a page promises more and has no token, or the other way round', async () => {
    const lie = { data: [{ id: 'a', status: 'completed' }], has_more: true, next_page_token: null, total: 1 }
    expect(await told([['/jobs?limit=2', lie]])).toEqual([
      'P05: recorded pages of /jobs: /has_more is true on page 1, yet no token leads on',
    ])
  })
})
