import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import { createStandin } from '../../src/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { assembled } from '../assembled.ts'
import type { Page } from '../served.ts'
import { named, page, read, served } from '../served.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: true })

async function prefer(path: string, prefer: string, headers: Record<string, string> = {}) {
  const { status, headers: own, text } = await read(path, { ...headers, prefer })
  return { status, applied: own.get('preference-applied'), text, headers: own }
}

describe('Prefer: code', () => {
  it.each([
    ['the header', '', { prefer: 'code=404' }],
    ['the header, among others', '', { prefer: 'respond-async, wait=10, code=404; foo="a,b"' }],
    ['a quoted value', '', { prefer: 'code="404"' }],
    ['capitals', '', { prefer: 'Code = 404' }],
    ['the query', '?__code=404', {}],
    ["Postman's header", '', { 'x-mock-response-code': '404' }],
    ['the header over the query', '?__code=429', { prefer: 'code=404' }],
    ['its first value, as the RFC asks', '', { prefer: 'code=404, code=429' }],
  ])('is read from %s', async (_, query, headers) => {
    const job = await named('skop', 'succeeded')
    const { status, headers: own, text } = await read(job.url + query, headers as Record<string, string>)
    expect([status, own.get('preference-applied')]).toEqual([404, 'code=404'])
    expect(JSON.parse(text)).toMatchObject({ error: true, status_code: 404 })
  })

  it('acts before credentials and look-up, and before the parameters are judged', async () => {
    const { url } = await named('deepset', 'succeeded')
    const asked = await prefer(`${url.replace(/jobs\/[^/]+/, 'jobs/nonsense')}?limit=x`, 'code=200')
    expect([asked.status, asked.applied]).toEqual([200, 'code=200'])
  })

  it('gives what the world has where it is the answer anyway', async () => {
    const job = await named('skop', 'succeeded')
    const plain = await read(job.url, job.headers)
    expect((await prefer(job.url, 'code=200')).text).toBe(plain.text)
  })

  it('brings the headers that the answer documents', async () => {
    const { url } = await named('skop', 'succeeded')
    const [limited, unknown] = [await prefer(url, 'code=429'), await prefer(url, 'code=401')]
    expect(limited.headers.get('x-rate-limit-remaining')).toBe('0')
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each(['abc', '', '12', '101', '600', '404.0', '-404', '4e2', '99999999999999999999', 'é'])(
    'refuses %j with a problem, applied to nothing',
    async (value) => {
      const { url } = await named('skop', 'succeeded')
      const response = await read(`${url}?__code=${encodeURIComponent(value)}`)
      expect([response.status, response.headers.get('content-type')]).toEqual([
        400,
        'application/problem+json',
      ])
      expect(JSON.parse(response.text)).toMatchObject({ type: 'urn:standin:problem:preference_invalid' })
      expect(response.headers.has('preference-applied')).toBe(false)
    },
  )

  it('lists what is documented where it is not, and does not claim to have applied it', async () => {
    const { url } = await named('skop', 'succeeded')
    const asked = await prefer(url, 'code=402, delay=0')
    expect([asked.status, asked.applied]).toEqual([404, null])
    expect(asked.text).toContain('getJobResults documents no 402; it documents 200, 401, 404, 429, 500')
  })

  it.each([200, 201])('%i for a job that is made changes nothing in the world', async (code) => {
    const body = JSON.stringify({ name: 'a', pipeline_id: crypto.randomUUID(), execution_mode: 'PER_FILE' })
    const headers = { authorization: 'Bearer k', 'content-type': 'application/json' }
    const path = (await named('deepset', 'succeeded')).url.replace(/\/[^/]+\/results$/, '')
    const [asked, plain] = [await assembled(apis), await assembled(apis)]
    const preferred = { method: 'POST', headers: { ...headers, prefer: `code=${code}` }, body }
    expect((await asked.fetch(path, preferred)).status).toBe(code)
    expect((await asked.fetch(`${path}?dry_run=true`, preferred)).status).toBe(code)
    const [first, second] = await Promise.all(
      [asked, plain].map(async ({ fetch }) => (await fetch(path, { method: 'POST', headers, body })).json()),
    )
    expect((first as JsonObject)['job_id']).toBe((second as JsonObject)['job_id'])
  })

  it('200 for a job that is cancelled leaves it running, for who asks has shown no key', async () => {
    const { fetch } = await assembled(apis)
    const { id, url, headers } = await named('skop', 'running')
    const asked = await fetch(`/skop/scrape/${id}`, { method: 'DELETE', headers: { prefer: 'code=200' } })
    expect(asked.status).toBe(200)
    expect(await (await fetch(url, { headers })).json()).toMatchObject({ status: 'in_progress' })
  })
})

describe('Prefer: example and dynamic', () => {
  it('give a documented example by its name, or the first', async () => {
    const { url } = await named('deepset', 'succeeded')
    const selected = await prefer(url, 'example=selected')
    expect([selected.status, selected.applied]).toEqual([200, 'example=selected'])
    expect(JSON.parse(selected.text)).toMatchObject({ data: [{ group_name: 'receipts' }, {}] })
    const first = await prefer(url, 'dynamic=false')
    expect([first.applied, JSON.parse(first.text)]).toEqual([
      'dynamic=false',
      expect.objectContaining({ total: 5 }),
    ])
    const mixed = await prefer(url, 'code=422, example="mixedModes"')
    expect([mixed.status, mixed.applied]).toEqual([422, 'code=422, example=mixedModes'])
  })

  it.each([
    ['example=nothing', /200 answer has no example nothing; it has page, selected, empty/],
    ['code=422, example=page', /422 answer has no example page; it has limitAboveMaximum, mixedModes/],
    ['example=constructor', /no example constructor/],
  ])('%s is refused with the names of those there are', async (value, message) => {
    const { status, applied, text } = await prefer((await named('deepset', 'succeeded')).url, value)
    expect([status, applied]).toEqual([404, null])
    expect(text).toMatch(message)
  })

  it.each(['dynamic=no', 'dynamic=', 'dynamic'])('%s is refused', async (value) => {
    expect((await prefer((await named('deepset', 'succeeded')).url, value)).status).toBe(400)
  })
})

describe('Prefer: seed', () => {
  it('gives the same jobs other rows, the same each time, and leaves the rest as it was', async () => {
    const job = await named('deepset', 'many-pages')
    const plain = await page(job, { limit: 100 })
    const seven = await prefer(`${job.url}?limit=100`, 'seed=7', job.headers)
    const again = await prefer(`${job.url}?limit=100`, 'seed=7', job.headers)
    const body = JSON.parse(seven.text) as Page
    expect([seven.applied, body.total]).toEqual(['seed=7', plain.total])
    expect(again.text).toBe(seven.text)
    expect(body.data.map(({ query }) => query)).not.toEqual(plain.data.map(({ query }) => query))
    expect(await page(job, { limit: 100 })).toEqual(plain)
    expect((await prefer(`${job.url}?limit=100`, 'seed=1', job.headers)).text).toBe(JSON.stringify(plain))
  })

  it('gives what a standin of that seed gives', async () => {
    const other = await createStandin({ seed: 7, now: () => Date.UTC(2026, 0, 2) })
    const job = await named('deepset', 'tied')
    const response = await other.fetch(job.url, { headers: job.headers })
    expect((await prefer(job.url, 'seed=7', job.headers)).text).toBe(await response.text())
  })

  it('knows cursors of its own rows only', async () => {
    const job = await named('deepset', 'many-pages')
    const [row] = (await page(job, { limit: 1 })).data
    const url = `${job.url}?after=${String(row?.['job_result_id'])}`
    expect((await read(url, job.headers)).status).toBe(200)
    expect((await prefer(url, 'seed=7', job.headers)).status).toBe(422)
  })

  it('never costs a job that was made, however many seeds are asked for', async () => {
    const { fetch } = await assembled(apis)
    const headers = { 'x-api-key': 'sk-1', 'content-type': 'application/json' }
    const body = JSON.stringify({ website: 'https://a.example', prompt: 'all the documents' })
    const made: [string, string][] = []
    await fetch('/skop/scrape/status/job_1', { headers: { ...headers, prefer: 'seed=99' } })
    for (const prefer of ['seed=1', 'seed=2', 'seed=3']) {
      const response = await fetch('/skop/scrape/', { method: 'POST', body, headers: { ...headers, prefer } })
      made.push([prefer, String(((await response.json()) as JsonObject)['job_id'])])
    }
    for (let seed = 100; seed < 140; seed += 1) {
      await fetch('/skop/scrape/status/job_1', { headers: { ...headers, prefer: `seed=${seed}` } })
    }
    for (const [prefer, id] of made) {
      const response = await fetch(`/skop/scrape/status/${id}`, { headers: { ...headers, prefer } })
      expect([prefer, response.status]).toEqual([prefer, 200])
    }
  })
})

describe('Prefer: delay', () => {
  it.each([
    ['PT0.05S', 50],
    ['pt0.05s', 50],
    ['PT1M', 60_000],
    ['PT0M1.5S', 1_500],
    ['0.25', 250],
    ['60', 60_000],
  ])('%s waits so long and says so', async (value, ms) => {
    const { fetch, waits } = await assembled(apis)
    const response = await fetch('/skop/scrape/results/job_1', { headers: { prefer: `delay=${value}` } })
    expect([response.status, response.headers.get('preference-applied')]).toEqual([401, `delay=${value}`])
    expect(waits).toEqual([ms])
  })

  it.each(['PT61S', 'PT1M0.001S', '60.1', 'PT', 'P1D', '-1', '1e1', 'NaN', 'soon', '9'.repeat(400)])(
    '%.20s is refused: at most a minute',
    async (value) => {
      const { fetch, waits } = await assembled(apis)
      const response = await fetch('/skop/scrape/results/job_1', { headers: { prefer: `delay=${value}` } })
      expect([response.status, waits]).toEqual([400, []])
    },
  )

  it('adds to what every answer waits, and really waits', async () => {
    const { fetch, waits } = await assembled(apis, { delayMs: 20 })
    await fetch('/skop/scrape/results/job_1', { headers: { prefer: 'delay=0.01' } })
    await fetch('/skop/scrape/results/job_1')
    expect(waits).toEqual([30, 20])
    const start = performance.now()
    await read('/skop/scrape/results/job_1', { prefer: 'delay=PT0.05S' })
    expect(performance.now() - start).toBeGreaterThanOrEqual(48)
  })
})

describe('a Prefer header', () => {
  it.each(['respond-async', 'return=minimal; foo="x"', ',,,', '=', '"', '";=', 'code', 'handling=lenient'])(
    'that says %j is ignored or refused, never a bug',
    async (value) => {
      const job = await named('skop', 'succeeded')
      const { status, applied } = await prefer(job.url, value, job.headers)
      expect([status, applied]).toEqual([value === 'code' ? 400 : 200, null])
    },
  )

  it('is read in no time, however hostile', async () => {
    const job = await named('skop', 'succeeded')
    const start = performance.now()
    for (const piece of ['a="', 'a="\\', ';', 'a=;', '" ', 'a = ', '\\"']) {
      await prefer(job.url, piece.repeat(Math.floor(15_000 / piece.length)), job.headers)
    }
    expect(performance.now() - start).toBeLessThan(2_000)
    expect((await served()).apis.length).toBeGreaterThan(1)
  })
})

describe('a documented answer', () => {
  it('has the headers of its vendor, as a drawn one has', async () => {
    const { url, headers } = await named('skop', 'one-row')
    for (const prefer of ['code=429', 'code=429, dynamic=false', 'dynamic=false']) {
      const answer = await read(url, { ...headers, prefer })
      const left = prefer === 'dynamic=false' ? '99' : '0'
      expect([prefer, answer.headers.get('x-rate-limit-remaining')]).toEqual([prefer, left])
    }
  })
})
