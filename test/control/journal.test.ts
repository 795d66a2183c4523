import { beforeEach, describe, expect, it } from 'vitest'
import { createDocument } from '../../src/openapi/document.ts'
import { assembled } from '../assembled.ts'
import type { Ask, Asking, Told } from './ask.ts'
import { asking, askThrough, builtIn } from './ask.ts'

let desk: Asking
let ask: Ask

beforeEach(async () => {
  desk = await asking()
  ask = desk.ask
})

const TALONIC = { authorization: 'Bearer tlnc_test_standin' }

async function journal(query = '', prefix = ''): Promise<readonly Told['body'][]> {
  const { status, body } = await ask('GET', `${prefix}/_standin/requests${query}`)
  expect(status).toBe(200)
  return body.requests
}

async function last(): Promise<Told['body']> {
  return (await journal('?limit=1'))[0]
}

async function jobOf(api: string, name: string): Promise<Told['body']> {
  const { body } = await ask('GET', `/_standin/jobs?api=${api}`)
  return body.jobs.find((job: { readonly name: string }) => job.name === name)
}

describe('the journal', () => {
  it('tells which operation was met, what was decided, and of which job', async () => {
    const job = await jobOf('talonic', 'running')
    await ask('GET', `${job.url}?limit=2&pagesize=3`, undefined, TALONIC)
    expect(await journal()).toEqual([
      {
        ...{ id: '1', at: '2026-01-02T00:00:00.000Z', method: 'GET', path: `${job.url}?limit=2&pagesize=3` },
        ...{ api: 'talonic', operation: 'getJobResults', status: 200 },
        decision: `answered job ${job.id} as it stood: running, ${job.rows} rows`,
        job: {
          ...{ id: job.id, state: 'running' },
          seedPath: `seed 1 / talonic / job ${job.id} (named in the fixture)`,
        },
        preferences: { honoured: [], ignored: [] },
        ignoredParameters: expect.arrayContaining(['pagesize']),
        ...{ nearMisses: [], allowed: [] },
      },
    ])
  })

  it('has the newest last, and chooses', async () => {
    const job = await jobOf('skop', 'succeeded')
    await ask('GET', job.url, undefined, job.headers)
    await ask('GET', job.url)
    await ask('GET', '/nowhere')
    await ask('GET', (await jobOf('deepset', 'empty')).url)
    const ids = async (query: string): Promise<readonly string[]> =>
      (await journal(query)).map(({ id }) => id)
    expect(await ids('')).toEqual(['1', '2', '3', '4'])
    expect(await ids('?api=skop')).toEqual(['1', '2'])
    expect(await ids('?status=401')).toEqual(['2', '4'])
    expect(await ids('?status=401&api=skop')).toEqual(['2'])
    expect(await ids('?operation=getJobResults')).toEqual(['1', '2', '4'])
    expect(await ids('?limit=2')).toEqual(['3', '4'])
    expect(await ids('?limit=1&api=skop')).toEqual(['2'])
  })

  it.each([
    ['?api=skopp', 404, 'There is no API skopp'],
    ['?operation=getJobResult', 404, 'There is no operation getJobResult; did you mean `getJobResults`?'],
    ['?status=abc', 422, 'status: must be integer'],
    ['?status=99', 422, 'status: must be >= 100'],
    ['?limit=0', 422, 'limit: must be >= 1'],
    ['?limit=1001', 422, 'limit: must be <= 1000'],
    ['?state=failed', 422, 'there is no parameter `state`; did you mean `status`?'],
    ['?api=', 422, 'api: must NOT have fewer than 1 characters'],
  ])('refuses %s', async (query, status, detail) => {
    const { status: given, body } = await ask('GET', `/_standin/requests${query}`)
    expect([given, body.detail]).toEqual([status, expect.stringContaining(detail)])
  })

  it('says what was perhaps meant where there is nothing', async () => {
    await ask('GET', '/skop/scrape/result/job_1')
    expect(await last()).toMatchObject({
      ...{ at: null, api: null, operation: null, status: 404, job: null },
      decision: expect.stringContaining('refused: No operation has this path'),
      nearMisses: [
        {
          api: 'skop',
          operation: 'getJobResults',
          method: 'GET',
          path: '/skop/scrape/results/{job_id}',
          distance: 1,
        },
        expect.anything(),
        expect.anything(),
      ],
    })
    await ask('PUT', '/skop/scrape/results/job_1', '{}')
    expect(await last()).toMatchObject({ status: 405, nearMisses: [], allowed: ['GET', 'HEAD', 'OPTIONS'] })
  })

  it('tells of jobs that are made, cancelled, tried and asked again', async () => {
    const key = { ...TALONIC, 'idempotency-key': 'k-1' }
    const decisions: string[] = []
    const { body: made } = await ask('POST', '/_standin/jobs', { api: 'talonic' })
    expect(await journal()).toEqual([]) // the control API writes nothing of itself
    await ask('POST', `/talonic/v1/jobs/${made.id}/cancel`, undefined, key)
    decisions.push((await last()).decision)
    await ask('POST', `/talonic/v1/jobs/${made.id}/cancel`, undefined, key)
    decisions.push((await last()).decision)
    await ask('GET', '/talonic/v1/jobs', undefined, TALONIC)
    decisions.push((await last()).decision)
    expect(decisions).toEqual([
      `took a cancel of job ${made.id}: cancelled`,
      `answered as the first request with this idempotency key, of job ${made.id}`,
      'listed the jobs as they stood',
    ])
  })

  it('tells of the seed of a world beside', async () => {
    const job = await jobOf('skop', 'succeeded')
    await ask('GET', job.url, undefined, { ...job.headers, prefer: 'seed=7' })
    expect((await last()).job.seedPath).toBe(`seed 7 / skop / job ${job.id}`)
  })

  it('tells what was preferred, honoured and ignored', async () => {
    const job = await jobOf('skop', 'succeeded')
    const prefer = 'respond-async, rows=3, delay=0'
    await ask('GET', `${job.url}?__seed=1`, undefined, { ...job.headers, prefer })
    const told = await last()
    expect(told.preferences).toEqual({ honoured: ['seed=1', 'delay=0'], ignored: ['respond-async', 'rows'] })
    expect(told.ignoredParameters).toEqual([])
    await ask('GET', job.url, undefined, { prefer: 'code=429' })
    expect(await last()).toMatchObject({
      ...{ status: 429, decision: 'answered as the client prefers: code=429' },
      preferences: { honoured: ['code=429'], ignored: [] },
    })
    await ask('GET', job.url, undefined, { prefer: 'code=299' })
    expect(await last()).toMatchObject({ status: 404, preferences: { honoured: [], ignored: ['code'] } })
    await ask('GET', job.url, undefined, { prefer: 'code=no' })
    expect(await last()).toMatchObject({
      status: 400,
      decision: expect.stringContaining('Prefer: code must be'),
    })
  })

  it('tells of faults that struck', async () => {
    const job = await jobOf('skop', 'succeeded')
    await ask('PUT', '/_standin/faults', [{ operation: 'skop/*', requests: 1, status: 500 }])
    await ask('GET', job.url, undefined, job.headers)
    expect(await last()).toMatchObject({
      status: 500,
      decision: 'refused with 500 by rule 1 of the fault plan',
    })
    await ask('GET', job.url, undefined, job.headers)
    expect((await last()).decision).toMatch(/^answered job/)
  })

  it('shows no credential, however it is spelt', async () => {
    const skop = (await builtIn()).find(({ id }) => id === 'skop')
    if (skop?.contract == null) throw new Error('skop has no job contract')
    const { components, ...rest } = skop.document.json
    const securitySchemes = { key: { type: 'apiKey', in: 'query', name: 'api_key' } }
    const json = {
      ...rest,
      components: { ...(components as object), securitySchemes },
      security: [{ key: [] }],
    }
    const document = createDocument('skop', 'skop.yaml', json)
    const credentials = { key: { example: 'open', pattern: null } }
    const { fetch } = await assembled([{ ...skop, document, contract: { ...skop.contract, credentials } }])
    const asked = askThrough(fetch)
    const secrets = [
      'api_key=S3CRET',
      'a=1&api%5Fkey=S3CRET&b=2',
      'api_key=a&api_key=S3CRET',
      'api_key=S3CRET%00',
    ]
    for (const query of secrets) await asked('GET', `/skop/scrape/results/x?${query}`)
    await asked('GET', '/skop/nowhere?api_key=S3CRET')
    await asked('GET', '/nowhere?api_key=S3CRET', undefined, { authorization: 'Bearer S3CRET' })
    const { body } = await asked('GET', '/_standin/requests')
    expect(body.requests).toHaveLength(6)
    expect(JSON.stringify(body)).not.toContain('S3CRET')
    expect(body.requests[1].path).toBe('/skop/scrape/results/x?a=1&api%5Fkey=***&b=2')
    expect(body.requests[1].ignoredParameters).toEqual(['a', 'b'])
    expect(JSON.stringify((await asked('GET', '/_standin/explain/6')).body)).not.toContain('S3CRET')
  })

  it('is each sandbox’s own, and is cleared', async () => {
    await ask('GET', '/~a/skop/scrape/results/x')
    await ask('GET', '/skop/scrape/status/x', undefined, { 'standin-sandbox': 'a' })
    expect(await journal()).toEqual([])
    expect((await journal('', '/~a')).map(({ path }) => path)).toEqual([
      '/~a/skop/scrape/results/x',
      '/skop/scrape/status/x',
    ])
    expect((await ask('DELETE', '/~a/_standin/requests')).status).toBe(204)
    expect(await journal('', '/~a')).toEqual([])
    await ask('GET', '/~a/nowhere')
    expect((await journal('', '/~a')).map(({ id }) => id)).toEqual(['3'])
  })

  it('keeps the last thousand of a sandbox, and forgets no default one for others', async () => {
    await ask('GET', '/skop/first')
    for (let index = 0; index < 300; index += 1) await ask('GET', `/~s${index}/nowhere`)
    expect(await journal()).toHaveLength(1)
    expect(await journal('', '/~s0')).toHaveLength(0)
    expect(await journal('', '/~s299')).toHaveLength(1)
    for (let index = 0; index < 2_100; index += 1) await ask('GET', '/nowhere')
    const all = await journal('?limit=1000')
    expect([all.length, all[0].id, all.at(-1).id]).toEqual([1000, '1102', '2101'])
  })
})

describe('explain', () => {
  const explain = async (id: string): Promise<Told> =>
    ask('GET', `/_standin/explain/${encodeURIComponent(id)}`)

  it('finds a request by the id that it brought along', async () => {
    const job = await jobOf('skop', 'failed')
    const named = { ...job.headers, 'standin-request-id': 'checkout/7 ü' }
    await ask('GET', job.url, undefined, { ...job.headers, 'standin-request-id': 'mine' })
    await ask('GET', `${job.url}?x=1`, undefined, { ...job.headers, 'standin-request-id': 'mine' })
    const { status, body } = await explain('mine')
    expect([status, body.id, body.path]).toEqual([200, 'mine', `${job.url}?x=1`])
    expect(body.why).toEqual([
      'GET /skop/scrape/results/{job_id} is the operation getJobResults of skop.',
      'The document does not know these parameters: x.',
      `Job ${job.id} (failed) was failed, with ${job.rows} of ${job.rows} rows.`,
      `It is drawn from: seed 1 / skop / job ${job.id} (named in the fixture).`,
      `So the status is 200: answered job ${job.id} as it stood: failed, ${job.rows} rows.`,
    ])
    await ask('GET', job.url, undefined, { ...named, 'standin-request-id': 'checkout/7 a' })
    expect((await explain('checkout/7 a')).status).toBe(200)
    expect((await explain('checkout')).status).toBe(404)
    const answer = await ask('GET', job.url, undefined, { ...job.headers, 'standin-request-id': 'again' })
    expect([...answer.headers.keys()].filter((name) => name.includes('request-id'))).toEqual([])
  })

  it('says why a request was refused', async () => {
    const job = await jobOf('deepset', 'many-pages')
    await ask('GET', `${job.url}?limit=no&page_number=0`, undefined, job.headers)
    const { body } = await explain('1')
    expect(body.status).toBe(422)
    expect(body.why).toContain('limit: must be integer.')
    await ask('GET', '/deepset/api/v2/workspace/x/jobs')
    expect((await explain('2')).body.why).toContainEqual(expect.stringMatching(/^Perhaps [A-Z]+ \/deepset\//))
    await ask('DELETE', job.url)
    expect((await explain('3')).body.why).toContain('This path takes GET, HEAD, OPTIONS.')
    await ask('GET', job.url)
    expect((await explain('4')).body.why.at(-1)).toMatch(
      /^So the status is 401: refused: Credentials are missing/,
    )
  })

  it('knows its own sandbox alone', async () => {
    await ask('GET', '/~a/nowhere', undefined, { 'standin-request-id': 'mine' })
    expect((await explain('mine')).status).toBe(404)
    expect((await ask('GET', '/~a/_standin/explain/mine')).status).toBe(200)
    expect((await explain('__proto__')).status).toBe(404)
  })
})
