import { describe, expect, it } from 'vitest'
import type { JobListing } from '../../src/index.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { allRows, named, page } from '../served.ts'

const FIELDS = [
  'name',
  'query',
  'answer',
  'prompt',
  'context',
  'file',
  'group_name',
  'query_label',
  'created_at',
  'query_index',
  'absolute_query_index',
] as const
const ORDERS = ['ASC', 'DESC'] as const
const LIMITS = [1, 7, 10, 100]

/** What a client that has all rows would make of them; written apart from the server's own sorting. */
function sortedIds(rows: readonly JsonObject[], field: string, order: string): readonly string[] {
  const direction = order === 'ASC' ? 1 : -1
  const ranked = rows.map((row, index) => ({
    id: row['job_result_id'] as string,
    index,
    key: row[field] ?? null,
  }))
  ranked.sort((a, b) => {
    if (field === 'name') return direction * (a.index - b.index)
    return direction * compare(a.key, b.key, field) || a.index - b.index
  })
  return ranked.map(({ id }) => id)
}

function compare(a: Json, b: Json, field: string): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (field === 'created_at') return Date.parse(String(a)) - Date.parse(String(b))
  return a < b ? -1 : a > b ? 1 : 0
}

interface Walked {
  readonly ids: readonly string[]
  readonly totals: ReadonlySet<number>
  readonly pages: number
}

type Query = Readonly<Record<string, string | number>>

async function walkByPage(job: JobListing, query: Query): Promise<Walked> {
  const ids: string[] = []
  const totals = new Set<number>()
  for (let number = 1; ; number += 1) {
    const { data, has_more: more, total } = await page(job, { ...query, page_number: number })
    ids.push(...data.map((row) => row['job_result_id'] as string))
    totals.add(total)
    if (!more) return { ids, totals, pages: number }
  }
}

async function walkAfter(job: JobListing, query: Query): Promise<Walked> {
  const ids: string[] = []
  const totals = new Set<number>()
  for (let pages = 1; ; pages += 1) {
    const last = ids.at(-1)
    const {
      data,
      has_more: more,
      total,
    } = await page(job, last === undefined ? query : { ...query, after: last })
    ids.push(...data.map((row) => row['job_result_id'] as string))
    totals.add(total)
    if (!more) return { ids, totals, pages }
  }
}

/** From the last row back; each page comes in the asked order. */
async function walkBefore(job: JobListing, query: Query, last: string): Promise<Walked> {
  let ids: string[] = [last]
  const totals = new Set<number>()
  for (let pages = 1; ; pages += 1) {
    const { data, has_more: more, total } = await page(job, { ...query, before: ids[0] ?? last })
    ids = [...data.map((row) => row['job_result_id'] as string), ...ids]
    totals.add(total)
    if (!more) return { ids, totals, pages }
  }
}

describe.each(['many-pages', 'tied', 'null-heavy'])('walking every row of the job %s', (name) => {
  it.each(FIELDS.flatMap((field) => ORDERS.map((order) => [field, order] as const)))(
    'by %s %s gives each row once, in one order, by page, after and before, for every limit',
    async (field, order) => {
      const job = await named('deepset', name)
      const rows = await allRows(job)
      const expected = sortedIds(rows, field, order)
      expect(new Set(expected).size).toBe(job.rows)
      for (const limit of LIMITS) {
        const query = { field, order, limit }
        const walks = [
          await walkByPage(job, query),
          await walkAfter(job, query),
          await walkBefore(job, query, expected.at(-1) ?? ''),
        ]
        for (const { ids, totals } of walks) {
          expect(ids).toEqual(expected)
          expect([...totals]).toEqual([job.rows])
        }
        expect(walks[0]?.pages).toBe(Math.ceil(job.rows / limit))
      }
    },
  )
})

describe('the edges of a walk', () => {
  it('gives a page past the end no rows, no more and the same total', async () => {
    const job = await named('deepset', 'many-pages')
    expect(await page(job, { page_number: 1000 })).toEqual({ data: [], has_more: false, total: job.rows })
  })

  it.each([0, -1, -100])('gives an empty page for limit %i that says whether rows follow', async (limit) => {
    const job = await named('deepset', 'many-pages')
    const empty = await named('deepset', 'empty')
    expect(await page(job, { limit })).toEqual({ data: [], has_more: true, total: job.rows })
    expect(await page(empty, { limit })).toEqual({ data: [], has_more: false, total: 0 })
    const last = (await page(job, { order: 'DESC', field: 'name', limit: 1 })).data[0]?.['job_result_id']
    expect((await page(job, { field: 'name', limit, after: String(last) })).has_more).toBe(false)
  })

  it('gives an exactly full page no more', async () => {
    const { data, has_more: more } = await page(await named('deepset', 'one-page'), { limit: 10 })
    expect([data.length, more]).toEqual([10, false])
  })

  it('has ties and nulls to walk over', async () => {
    const tied = await allRows(await named('deepset', 'tied'))
    const sparse = await allRows(await named('deepset', 'null-heavy'))
    expect(new Set(tied.map((row) => row['query_index'])).size).toBeLessThan(tied.length / 2)
    expect(new Set(tied.map((row) => row['created_at'])).size).toBeLessThan(tied.length / 2)
    for (const field of FIELDS.filter(
      (field) => !['name', 'query', 'answer', 'created_at'].includes(field),
    )) {
      const nulls = sparse.filter((row) => row[field] === null).length
      expect(nulls, field).toBeGreaterThan(sparse.length / 3)
      expect(nulls, field).toBeLessThan(sparse.length)
    }
  })
})
