import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Assembled } from '../assembled.ts'
import { ownRuns } from './run-api.ts'

interface List {
  readonly kind: string
  readonly runs: readonly JsonObject[]
  readonly paging: { readonly all: number; readonly more: boolean; readonly most: number } & Readonly<
    Record<'next' | 'back', string | null>
  >
}

async function listed(standin: Assembled, search: string): Promise<List> {
  const response = await standin.fetch(`/own/runs?${search}`)
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as List
}

/** All pages of a list, following its tokens. */
async function walked(standin: Assembled, search: string): Promise<readonly List[]> {
  const pages: List[] = []
  let token: string | null = ''
  do {
    const page: List = await listed(standin, `${search}${token === '' ? '' : `&token=${token}`}`)
    pages.push(page)
    token = page.paging.next
  } while (token !== null && pages.length < 50)
  return pages
}

const idsOf = (pages: readonly List[]): readonly Json[] =>
  pages.flatMap(({ runs }) => runs.map(({ id }) => id ?? null))

describe('a list of jobs', () => {
  it('shows of each job what its detail shows, newest first, inside what the document has', async () => {
    const standin = await ownRuns()
    const { kind, runs, paging } = await listed(standin, 'most=100')
    expect([kind, paging]).toEqual(['list', { all: 15, more: false, next: null, back: null, most: 100 }])
    expect(runs.length).toBe(15)
    for (const item of runs) {
      expect(await (await standin.fetch(`/own/runs/${String(item['id'])}`)).json()).toEqual(item)
    }
    const made = runs.map((item) => Date.parse(String(item['made'])))
    expect(made).toEqual([...made].sort((a, b) => b - a))
  })

  it.each(['', 'way=up', 'by=size', 'by=ended&way=up', 'phase=succeeded&by=made'])(
    'is walked once over by its tokens, there and back: %s',
    async (search) => {
      const standin = await ownRuns()
      const whole = idsOf([await listed(standin, `${search}&most=100`)])
      const pages = await walked(standin, `${search}&most=4`)
      expect(idsOf(pages)).toEqual(whole)
      expect(pages.map(({ paging }) => paging.all)).toEqual(pages.map(() => whole.length))
      expect(pages.map(({ paging }) => paging.more)).toEqual(pages.map((page) => page !== pages.at(-1)))
      for (const [position, { paging }] of pages.entries()) {
        const before = pages[position - 1]
        if (before === undefined) expect(paging.back).toBeNull()
        else expect(await listed(standin, `${search}&most=4&token=${paging.back}`)).toEqual(before)
      }
    },
  )

  it.each([1, 3, 4, 5, 9, 100])(
    'ends a page back right before the job it came from, %i a page',
    async (most) => {
      const standin = await ownRuns()
      const whole = idsOf([await listed(standin, 'most=100')])
      const [, , third] = await walked(standin, 'most=4')
      const { runs } = await listed(standin, `most=${most}&token=${third?.paging.back}`)
      expect(runs.map(({ id }) => id)).toEqual(whole.slice(Math.max(0, 8 - most), 8))
    },
  )

  it('repeats no job on the way back when one was made meanwhile', async () => {
    const standin = await ownRuns()
    const whole = idsOf([await listed(standin, 'most=100')])
    const [, second] = await walked(standin, 'most=4')
    const made = (await (await standin.fetch('/own/runs', { method: 'POST' })).json()) as JsonObject
    const first = await listed(standin, `most=4&token=${second?.paging.back}`)
    expect(idsOf([first])).toEqual(whole.slice(0, 4))
    const newest = await listed(standin, `most=4&token=${first.paging.back}`)
    expect(idsOf([newest])).toEqual([made['id'] ?? null])
    expect(newest.paging.more).toBe(true)
    expect(idsOf([await listed(standin, `most=4&token=${newest.paging.next}`)])).toEqual(whole.slice(0, 4))
  })

  it('is sorted by what is asked for, null last when it rises', async () => {
    const standin = await ownRuns()
    const { runs } = await listed(standin, 'by=size&most=100&way=up')
    const sizes = runs.map(({ size }) => Number(size))
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
    const ended = (await listed(standin, 'by=ended&most=100&way=up')).runs.map(
      (item) => item['ended'] === null,
    )
    expect(ended.indexOf(true)).toBe(ended.filter((open) => !open).length)
  })

  it('has exactly the jobs that its filters let through', async () => {
    const standin = await ownRuns()
    const { runs } = await listed(standin, 'most=100')
    const [first, middle] = [runs[0], runs[7]]
    const since = String(middle?.['made'])
    const cases: readonly (readonly [string, (item: JsonObject) => boolean])[] = [
      ['phase=waiting', (item) => item['phase'] === 'waiting'],
      ['phase=nothing', () => false],
      [
        `ids=${String(first?.['id'])}&ids=${String(middle?.['id'])}`,
        (item) => [first, middle].includes(item),
      ],
      [`since=${since}`, (item) => String(item['made']) >= since],
      [`until=${since}&phase=failed`, (item) => String(item['made']) <= since && item['phase'] === 'failed'],
    ]
    for (const [search, holds] of cases) {
      const found = await listed(standin, `${search}&most=100`)
      expect(found.runs, search).toEqual(runs.filter(holds))
      expect(found.paging.all, search).toBe(runs.filter(holds).length)
    }
  })

  it('finds ids in either letter case, as the job itself is found', async () => {
    const standin = await ownRuns()
    const { runs } = await listed(standin, 'most=100')
    const id = String(runs[3]?.['id']).toUpperCase()
    expect((await standin.fetch(`/own/runs/${id}`)).status).toBe(200)
    expect((await listed(standin, `ids=${id}`)).runs).toEqual([runs[3]])
    expect((await listed(standin, 'phase=FAILED')).runs).toEqual([])
  })

  it('refuses tokens that are none of it, and those of another list', async () => {
    const standin = await ownRuns()
    const { paging } = await listed(standin, 'phase=succeeded&most=2')
    const twisted = `${paging.next?.slice(0, -3)}xyz`
    for (const search of ['token=abc', 'token=W10', `token=${twisted}`, `token=${paging.next}`]) {
      const response = await standin.fetch(`/own/runs?${search}`)
      expect([search, response.status]).toEqual([search, 422])
    }
    expect(
      (await listed(standin, `phase=succeeded&most=9&token=${paging.next}`)).runs.length,
    ).toBeGreaterThan(0)
  })

  it('moves a job that stood still to its new state when it is cancelled', async () => {
    const standin = await ownRuns()
    const idsIn = async (phase: string): Promise<readonly Json[]> =>
      idsOf([await listed(standin, `phase=${phase}&by=size&most=100`)])
    const [waiting, stopped] = [await idsIn('waiting'), await idsIn('stopped')]
    const [first, ...rest] = waiting
    await standin.fetch(`/own/runs/${String(first)}`, { method: 'DELETE' })
    expect(await idsIn('waiting')).toEqual(rest)
    expect(new Set(await idsIn('stopped'))).toEqual(new Set([...stopped, first]))
  })

  it('has a job as soon as it was made', async () => {
    const standin = await ownRuns()
    const made = (await (await standin.fetch('/own/runs', { method: 'POST' })).json()) as JsonObject
    const { runs, paging } = await listed(standin, 'most=1')
    expect([runs[0]?.['id'], paging.all]).toEqual([made['id'], 16])
  })
})
