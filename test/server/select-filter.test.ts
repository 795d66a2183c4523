import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { allRows, named, page, read } from '../served.ts'

const JOBS = ['many-pages', 'tied', 'null-heavy', 'unicode', 'failed-rows']
const PARENTS = ['response', 'filters', 'params', 'prompts']
const SCALARS = [
  'job_result_id',
  'query_index',
  'absolute_query_index',
  'query',
  'answer',
  'no_answer',
  'failed',
  'duration',
  'created_at',
  'file',
  'context',
  'group_name',
  'query_label',
  'prompt',
]

/** The value of `member` or `member/child` in a whole row. */
function at(row: JsonObject, path: string): Json {
  const [root = '', child] = path.split('/')
  const value = row[root] ?? null
  if (child === undefined) return value
  return typeof value === 'object' && value !== null ? ((value as JsonObject)[child] ?? null) : null
}

function literal(value: Json): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/** All rows that a query gives, page after page. */
async function walk(
  name: string,
  query: Readonly<Record<string, string | number>>,
): Promise<{
  readonly rows: readonly JsonObject[]
  readonly total: number
}> {
  const job = await named('deepset', name)
  const rows: JsonObject[] = []
  for (;;) {
    const last = rows.at(-1)
    const cursor = last === undefined ? {} : { after: String(last['job_result_id']) }
    const { data, has_more: more, total } = await page(job, { ...query, ...cursor })
    rows.push(...data)
    if (!more) return { rows, total }
  }
}

describe('filter', () => {
  it('gives exactly the rows that a client finds among all rows', async () => {
    const rowsOf = new Map<string, readonly JsonObject[]>()
    for (const name of JOBS) rowsOf.set(name, await allRows(await named('deepset', name)))
    const condition = fc.record({
      path: fc.constantFrom(...SCALARS, 'params/top_k', 'filters/category'),
      row: fc.nat(),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...JOBS),
        fc.array(condition, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('and', 'AND', 'And'),
        fc.constantFrom('eq', 'EQ'),
        fc.integer({ min: 1, max: 100 }),
        async (name, conditions, and, eq, limit) => {
          const rows = rowsOf.get(name) ?? []
          const usable = conditions
            .map(({ path, row }) => ({ path, value: at(rows[row % rows.length] ?? {}, path) }))
            .filter(({ value }) => literal(value).length < 1_500)
          if (usable.length === 0) return
          const filter = usable.map(({ path, value }) => `${path} ${eq} ${literal(value)}`).join(` ${and} `)
          const expected = rows.filter((row) => usable.every(({ path, value }) => at(row, path) === value))
          const found = await walk(name, { filter, limit, field: 'name' })
          expect(found.rows).toEqual(expected)
          expect(found.total).toBe(expected.length)
        },
      ),
      { numRuns: 150, seed: 1 },
    )
  })

  it.each([
    [
      'failed eq TRUE and no_answer eq null',
      (row: JsonObject) => row['failed'] === true && row['no_answer'] === null,
    ],
    ['duration eq 1e0', (row: JsonObject) => row['duration'] === 1],
    ["failed eq 'true'", () => false],
    ['query eq null', () => false],
    ['query_index eq 7', (row: JsonObject) => row['query_index'] === 7],
    ['query_index eq 7.0', (row: JsonObject) => row['query_index'] === 7],
  ])('reads the literals of %s', async (filter, holds) => {
    const rows = await allRows(await named('deepset', 'many-pages'))
    const found = await walk('many-pages', { filter, limit: 100, field: 'name' })
    expect(found.rows).toEqual(rows.filter(holds))
  })

  it('compares instants by time and ids without regard to letter case', async () => {
    const [row = {}] = await allRows(await named('deepset', 'many-pages'))
    const instant = String(row['created_at'])
    const shifted = `${new Date(Date.parse(instant) + 3_600_000).toISOString().slice(0, -1)}+01:00`
    for (const filter of [
      `created_at eq ${instant}`,
      `created_at eq '${instant}'`,
      `created_at eq ${shifted}`,
      `job_result_id eq ${String(row['job_result_id']).toUpperCase()}`,
      `job_result_id eq '${String(row['job_result_id'])}'`,
    ]) {
      expect((await walk('many-pages', { filter })).rows, filter).toEqual([row])
    }
  })

  it.each([
    ['failed ne true', 8],
    ['failed eq true or failed eq false', 16],
    ['(failed eq true)', 1],
    ["contains(query,'x')", 9],
    ['query eq "x"', 10],
    ["query eq 'it's'", 14],
    ['query eq', 9],
    ['eq 5', 4],
    ['a/b/c eq 1', 0],
    ['nothing eq 1', 0],
    ['response eq null', 0],
    ['query/x eq 1', 0],
    ['failed eq true and', 19],
    ['failed eq  ', 12],
  ])('refuses %s, naming the parameter and the position', async (filter, position) => {
    const job = await named('deepset', 'many-pages')
    const { status, text } = await read(`${job.url}?filter=${encodeURIComponent(filter)}`, job.headers)
    expect(status).toBe(422)
    const { detail } = JSON.parse(text) as { detail: readonly { loc: readonly string[]; msg: string }[] }
    expect(detail[0]?.loc).toEqual(['query', 'filter'])
    if (position > 0) expect(detail[0]?.msg).toContain(`position ${position}`)
  })
})

describe('select', () => {
  it('gives exactly the distinct values that a client finds, ordered by the first', async () => {
    const paths = [
      ...SCALARS,
      ...PARENTS,
      'response/query_id',
      'response/model',
      'params/top_k',
      'filters/year',
    ]
    for (const name of ['many-pages', 'tied', 'null-heavy']) {
      const rows = await allRows(await named('deepset', name))
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 4 }),
          fc.constantFrom('ASC', 'DESC'),
          fc.constantFrom(',', ', ', ' ,'),
          async (chosen, order, comma) => {
            const seen = new Map<string, JsonObject>()
            for (const row of rows) {
              const projected = Object.fromEntries(
                chosen.map((path) => [path.split('/').at(-1) ?? '', at(row, path)]),
              )
              seen.set(JSON.stringify(projected), projected)
            }
            const job = await named('deepset', name)
            const found: JsonObject[] = []
            for (let number = 1; ; number += 1) {
              const select = chosen.join(comma)
              const {
                data,
                has_more: more,
                total,
              } = await page(job, { select, order, limit: 100, page_number: number })
              found.push(...data)
              expect(total).toBe(seen.size)
              if (!more) break
            }
            expect(found.map((row) => JSON.stringify(row)).sort()).toEqual([...seen.keys()].sort())
            expectOrder(found, chosen[0]?.split('/').at(-1) ?? '', order)
          },
        ),
        { numRuns: 40, seed: 1 },
      )
    }
  })

  it.each([
    'response/answers/score',
    'nothing',
    'query/x',
    'query,',
    'query,query',
    'response/model,params/model',
    'response/',
    '__proto__',
    'constructor',
  ])('refuses %s, naming the parameter', async (select) => {
    const job = await named('deepset', 'many-pages')
    const { status, text } = await read(`${job.url}?select=${encodeURIComponent(select)}`, job.headers)
    expect(status).toBe(422)
    expect(text).toContain('["query","select"]')
  })

  it('takes cursors when the id is selected, and refuses them otherwise', async () => {
    const job = await named('deepset', 'many-pages')
    const first = await page(job, { select: 'file,job_result_id', limit: 5 })
    const next = await page(job, {
      select: 'file,job_result_id',
      limit: 5,
      after: String(first.data[4]?.['job_result_id']),
    })
    const both = await page(job, { select: 'file,job_result_id', limit: 10 })
    expect([...first.data, ...next.data]).toEqual(both.data)
    const refused = await read(
      `${job.url}?select=file&after=${String(first.data[0]?.['job_result_id'])}`,
      job.headers,
    )
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('["query","after"]')
  })

  it('ignores the sort field and keeps the filter', async () => {
    const job = await named('deepset', 'many-pages')
    const plain = await page(job, { select: 'file', filter: 'failed eq true' })
    const sorted = await page(job, { select: 'file', filter: 'failed eq true', field: 'answer' })
    expect(sorted).toEqual(plain)
    expect(plain.total).toBeGreaterThan(0)
  })
})

function expectOrder(rows: readonly JsonObject[], name: string, order: string): void {
  const values = rows.map((row) => row[name] ?? null)
  const nulls = values.filter((value) => value === null).length
  const edge = order === 'ASC' ? values.slice(values.length - nulls) : values.slice(0, nulls)
  expect(edge.every((value) => value === null)).toBe(true)
  const scalars = values.filter((value) => value !== null && typeof value !== 'object') as (string | number)[]
  for (const [position, value] of scalars.slice(1).entries()) {
    const before = scalars[position] ?? ''
    expect(order === 'ASC' ? before <= value : before >= value, `${before} then ${value}`).toBe(true)
  }
}
