import { describe, expect, it } from 'vitest'
import type { JobListing } from '../../src/index.ts'
import { named, page, read } from '../served.ts'

type Detail = readonly {
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly type: string
}[]

async function answerTo(
  query: string,
  name = 'many-pages',
): Promise<{ status: number; detail: Detail; text: string }> {
  const job = await named('deepset', name)
  const { status, text } = await read(`${job.url}?${query}`, job.headers)
  const { detail = [] } = JSON.parse(text) as { readonly detail?: Detail }
  return { status, detail, text }
}

async function idOf(job: JobListing, place: number): Promise<string> {
  const { data } = await page(job, { limit: 100 })
  return String(data[place]?.['job_result_id'])
}

describe('a parameter', () => {
  it.each([
    '1e1',
    '+5',
    '%2B5',
    '1.0',
    '%2010',
    '10%20',
    '010',
    'abc',
    '1_0',
    '0x10',
    '٣',
    '1,2',
    'NaN',
    '--1',
  ])('limit=%s is no integer', async (value) => {
    const { status, detail } = await answerTo(`limit=${value}`)
    expect(status).toBe(422)
    expect(detail).toEqual([
      { loc: ['query', 'limit'], msg: 'Input should be a valid integer', type: 'integer_type' },
    ])
  })

  it.each([
    ['limit=101', 'limit', 'Input should be less than or equal to 100', 'less_than_equal'],
    [`limit=${'9'.repeat(30)}`, 'limit', 'Input should be less than or equal to 100', 'less_than_equal'],
    [`limit=${'9'.repeat(400)}`, 'limit', 'Input should be a valid integer', 'integer_type'],
    [`limit=-${'9'.repeat(400)}`, 'limit', 'Input should be a valid integer', 'integer_type'],
    ['page_number=0', 'page_number', 'Input should be greater than or equal to 1', 'greater_than_equal'],
    ['page_number=-1', 'page_number', 'Input should be greater than or equal to 1', 'greater_than_equal'],
    ['page_number=1.5', 'page_number', 'Input should be a valid integer', 'integer_type'],
    ['page_number=x', 'page_number', 'Input should be a valid integer', 'integer_type'],
    ['after=zz', 'after', 'Input should be a valid UUID', 'uuid_parsing'],
    ['before=1', 'before', 'Input should be a valid UUID', 'uuid_parsing'],
    ['order=asc', 'order', "Input should be 'ASC' or 'DESC'", 'enum'],
    ['order=', 'order', "Input should be 'ASC' or 'DESC'", 'enum'],
    ['field=', 'field', /^Input should be 'name', .* or 'absolute_query_index'$/, 'enum'],
    ['field=duration', 'field', /^Input should be 'name', /, 'enum'],
  ])('%.30s is refused by name, in the words of the vendor', async (query, name, msg, type) => {
    const { status, detail } = await answerTo(query)
    const told = typeof msg === 'string' ? msg : expect.stringMatching(msg)
    expect([status, detail]).toEqual([422, [{ loc: ['query', name], msg: told, type }]])
  })

  it.each([
    'limit=',
    'page_number=',
    'after=',
    'before=',
    'select=',
    'filter=',
    'limit=%20',
    'filter=+',
    'after',
  ])('%s counts as left out', async (query) => {
    expect((await answerTo(query)).text).toBe((await answerTo('')).text)
  })

  it.each([
    ['limit=x&limit=3', 'limit=3'],
    ['limit=3&limit=101&limit=5', 'limit=5'],
    ['order=nonsense&order=DESC', 'order=DESC'],
    ['page_number=9&page_number=', 'limit=10'],
  ])('%s counts with its last value', async (query, same) => {
    expect(await answerTo(query)).toEqual(await answerTo(same))
  })

  it.each([
    '__proto__=1',
    'constructor=x',
    'toString=1&hasOwnProperty=2',
    'nothing=1',
    '=1',
    '&&&',
    'a=%',
    '%=b',
  ])('%s is none of the document and ignored', async (query) => {
    expect((await answerTo(query)).text).toBe((await answerTo('')).text)
  })

  it.each(['-5', '-0', '0', '-999999999'])('limit=%s gives an empty page', async (limit) => {
    const { status, text } = await answerTo(`limit=${limit}`)
    expect([status, JSON.parse(text)]).toEqual([200, { data: [], has_more: true, total: 321 }])
  })

  it('beyond every row gives an empty page with the true total', async () => {
    const { text } = await answerTo(`page_number=${'9'.repeat(30)}`)
    expect(JSON.parse(text)).toEqual({ data: [], has_more: false, total: 321 })
  })
})

describe('ids in the path', () => {
  const forms: readonly (readonly [string, (id: string) => string, number])[] = [
    ['as they are', (id) => id, 200],
    ['in capitals', (id) => id.toUpperCase(), 200],
    ['without hyphens', (id) => id.replaceAll('-', ''), 422],
    ['in braces', (id) => `{${id}}`, 422],
    ['as a URN', (id) => `urn:uuid:${id}`, 422],
    ['cut short', (id) => id.slice(0, -1), 422],
    ['with a blank', (id) => `${id}%20`, 422],
    ['of nobody', () => '00000000-0000-4000-8000-000000000000', 404],
  ]

  it.each(forms)('%s', async (_, form, status) => {
    const { url, id, headers } = await named('deepset', 'one-row')
    const workspace = url.split('/')[5] ?? ''
    const plain = await read(url, headers)
    for (const [name, path] of [
      ['job_id', url.replace(id, form(id))],
      ['workspace_id', url.replace(workspace, form(workspace))],
    ] as const) {
      const answer = await read(path, headers)
      expect([name, answer.status]).toEqual([name, status])
      if (status === 200) expect(answer.text).toBe(plain.text)
      if (status === 422) expect(answer.text).toContain(`"loc":["path","${name}"]`)
    }
  })

  it.each(['JOB_1', 'job_', 'job_A', 'job-1', 'job_%31', 'constructor', '__proto__'])(
    '%s is no job of skop, malformed or not',
    async (id) => {
      const { headers } = await named('skop', 'one-row')
      const { status, text } = await read(`/skop/scrape/results/${id}`, headers)
      expect([status, JSON.parse(text)]).toEqual([404, expect.objectContaining({ status_code: 404 })])
      expect(JSON.parse(text)).not.toHaveProperty('details')
    },
  )
})

describe('parameters that do not go together', () => {
  it.each([
    ['before=ID&after=ID', 'before'],
    ['page_number=2&after=ID', 'page_number'],
    ['page_number=2&before=ID', 'page_number'],
    ['page_number=1&filter=failed eq true', 'page_number'],
    ['page_number=2&filter=failed eq true&after=ID', 'page_number'],
    ['select=query&after=ID', 'after'],
    ['select=query&before=ID', 'before'],
    ['select=query,params/top_k&filter=failed eq true&after=ID', 'after'],
    ['after=00000000-0000-7000-8000-000000000000', 'after'],
    ['before=00000000-0000-4000-8000-000000000000', 'before'],
    ['select=colour', 'select'],
    ['select=params/a/b', 'select'],
    ['select=params/top_k,filters/top_k', 'select'],
    ["filter=colour eq 'red'", 'filter'],
    ['filter=params eq null', 'filter'],
    ['filter=created_at eq 2025-99-99T00:00:00Z', 'filter'],
    [`filter=${Array.from({ length: 65 }, () => 'failed eq true').join(' and ')}`, 'filter'],
    ['select=__proto__', 'select'],
    ['filter=__proto__ eq 1', 'filter'],
    ['filter=constructor/name eq 1', 'filter'],
  ])('%.50s is refused for %s', async (query, name) => {
    const job = await named('deepset', 'many-pages')
    const id = await idOf(job, 5)
    const { status, detail } = await answerTo(query.replaceAll('ID', id))
    expect([status, detail.map(({ loc, type }) => [loc, type])]).toEqual([
      422,
      [[['query', name], 'value_error']],
    ])
  })

  it.each([
    ['page_number=&after=ID', 'after=ID'],
    ['page_number=&before=ID&limit=3', 'before=ID&limit=3'],
    ['page_number=2&after=', 'page_number=2'],
    ['page_number=&filter=failed eq true', 'filter=failed eq true'],
    ['select=job_result_id,query&after=ID&field=answer', 'select=job_result_id,query&after=ID'],
    ['after=ID&limit=', 'after=ID'],
  ])('%s is as good as %s', async (query, same) => {
    const id = await idOf(await named('deepset', 'many-pages'), 5)
    const [one, other] = [await answerTo(query.replace('ID', id)), await answerTo(same.replace('ID', id))]
    expect([one.status, one.text]).toEqual([200, other.text])
  })

  it('refuses the cursor of another job', async () => {
    const id = await idOf(await named('deepset', 'tied'), 0)
    expect((await answerTo(`after=${id}`)).detail[0]?.loc).toEqual(['query', 'after'])
  })

  it('finds a cursor in either letter case', async () => {
    const id = await idOf(await named('deepset', 'many-pages'), 5)
    expect((await answerTo(`after=${id.toUpperCase()}`)).text).toBe((await answerTo(`after=${id}`)).text)
  })
})

describe('several issues', () => {
  it('are told of at once, in the order of the document, the path first', async () => {
    const { url, id, headers } = await named('deepset', 'one-row')
    const path = url.replace(id, 'x').replace(/workspaces\/[^/]+/, 'workspaces/y')
    const { status, text } = await read(`${path}?order=up&limit=x&after=1&field=z`, headers)
    const { detail } = JSON.parse(text) as { readonly detail: Detail }
    expect([status, detail.map(({ loc }) => loc.join('.'))]).toEqual([
      422,
      ['path.workspace_id', 'path.job_id', 'query.limit', 'query.after', 'query.field', 'query.order'],
    ])
  })
})

describe('an instant in a filter', () => {
  it('is never read in the time zone of the machine', async () => {
    const job = await named('deepset', 'many-pages')
    const [row] = (await page(job, { limit: 1 })).data
    const bare = String(row?.['created_at']).slice(0, -1)
    const filter = encodeURIComponent(`created_at eq '${bare}'`)
    const before = process.env['TZ']
    try {
      for (const [place, zone] of ['UTC', 'America/New_York', 'Asia/Kolkata'].entries()) {
        process.env['TZ'] = zone
        const { text } = await answerTo(`filter=${filter}&limit=${place + 1}`)
        expect([zone, JSON.parse(text)]).toEqual([zone, { data: [], has_more: false, total: 0 }])
      }
    } finally {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    }
  })
})
