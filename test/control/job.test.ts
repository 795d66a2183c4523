import { beforeEach, describe, expect, it } from 'vitest'
import { JOB_STATES } from '../../src/model/job.ts'
import { apiOf, assembled } from '../assembled.ts'
import { BUILT_IN } from '../built-in.ts'
import type { Ask, Told } from './ask.ts'
import { asking, askThrough, builtIn } from './ask.ts'

let ask: Ask
let wait: (ms: number) => void

beforeEach(async () => {
  ;({ ask, wait } = await asking())
})

async function make(wishes: Record<string, string | number>): Promise<Told['body']> {
  const { status, body } = await ask('POST', '/_standin/jobs', wishes)
  expect([status, body.detail]).toEqual([201, undefined])
  return body
}

async function complaintOf(method: string, path: string, body: unknown): Promise<unknown> {
  const { status, body: problem } = await ask(method, path, body as never)
  return [
    status,
    problem.errors?.map((error: { name: string; detail: string }) => [error.name, error.detail]),
  ]
}

describe('making jobs', () => {
  it.each(BUILT_IN)('makes one of %s that its API shows', async (api) => {
    const { status, body, headers } = await ask('POST', '/_standin/jobs', { api })
    expect([status, body.api, body.name, body.living]).toEqual([201, api, null, true])
    expect(headers.get('location')).toBe(`/_standin/jobs/${api}/${body.id}`)
    expect((await ask('GET', headers.get('location') ?? '')).body).toEqual(body)
    wait(60_000)
    const { body: ended } = await ask('GET', `/_standin/jobs/${api}/${body.id}`)
    expect(ended.state).toMatch(/succeeded|failed/)
    const read = await ask('GET', ended.url, undefined, ended.headers)
    // Where a result is given in some states only, a job in another is refused.
    expect(read.status === 200 || (read.status === 400 && ended.state === 'failed')).toBe(true)
    const { body: listing } = await ask('GET', `/_standin/jobs?api=${api}`)
    expect(listing.jobs.at(-1)).toEqual(ended)
  })

  it('gives it what is wished for', async () => {
    const job = await make({ api: 'talonic', outcome: 'failed', after: 'PT30S', rows: 7, name: 'nightly' })
    expect(job).toMatchObject({ name: 'nightly', state: 'queued', rows: 0 })
    wait(29_999)
    expect((await ask('GET', `/_standin/jobs/talonic/${job.id}`)).body.state).toBe('running')
    wait(1)
    const { body } = await ask('GET', `/_standin/jobs/talonic/${job.id}`)
    expect([body.state, body.rows, body.living]).toEqual(['failed', 7, undefined])
  })

  it('makes the same jobs in the same order again', async () => {
    const first = [await make({ api: 'skop' }), await make({ api: 'skop', rows: 3 })]
    ;({ ask, wait } = await asking())
    expect([await make({ api: 'skop' }), await make({ api: 'skop', rows: 3 })]).toEqual(first)
  })

  it('ends at once where it takes no time', async () => {
    const job = await make({ api: 'deepset', after: 'PT0S', rows: 2, outcome: 'partially_succeeded' })
    expect([job.state, job.rows]).toEqual(['partially_succeeded', 2])
  })

  it.each([
    [{}, 'api', 'is required'],
    [{ api: 'skopp' }, 'api', 'there is no API `skopp`; did you mean `skop`?'],
    [{ api: '__proto__' }, 'api', expect.stringContaining('there is no API `__proto__`')],
    [{ api: 'skop', rowz: 1 }, '', 'there is no member `rowz`; did you mean `rows`?'],
    [JSON.parse('{"api":"skop","__proto__":1}'), '', expect.stringContaining('no member `__proto__`')],
    [{ api: 'skop', rows: -1 }, 'rows', 'must be >= 0'],
    [{ api: 'skop', rows: 10_000_001 }, 'rows', 'must be <= 10000000'],
    [{ api: 'skop', rows: 1.5 }, 'rows', 'must be integer'],
    [{ api: 'skop', outcome: 'faild' }, 'outcome', expect.stringContaining('did you mean `failed`?')],
    [{ api: 'skop', outcome: 'running' }, 'outcome', expect.stringContaining('must be one of succeeded')],
    [{ api: 'skop', after: '30' }, 'after', 'must be an ISO 8601 duration such as PT30S'],
    [{ api: 'skop', after: 'P1M' }, 'after', 'must be an ISO 8601 duration such as PT30S'],
    [{ api: 'skop', after: 'P367D' }, 'after', expect.stringContaining('must be a duration from PT0S to')],
    [{ api: 'skop', name: 'a b' }, 'name', expect.stringContaining('must be 1 to 64 letters')],
    [
      { api: 'skop', rows: 1, outcome: 'partially_succeeded' },
      'outcome',
      expect.stringContaining('takes two'),
    ],
  ])('refuses %j', async (body, name, detail) => {
    expect(await complaintOf('POST', '/_standin/jobs', body)).toEqual([422, [[name, detail]]])
    expect(
      (await ask('GET', '/_standin/jobs?api=skop')).body.jobs.every(({ name }: Told['body']) => name),
    ).toBe(true)
  })

  it('tells of everything that is wrong at once', async () => {
    const told = await complaintOf('POST', '/_standin/jobs', { rows: 'many', outcome: 1, also: null })
    expect(told).toEqual([
      422,
      expect.arrayContaining([
        ['api', 'is required'],
        ['rows', 'must be integer'],
      ]),
    ])
  })

  it('says how many rows a job has where its API fixes that', async () => {
    const [api] = (await builtIn()).filter(({ id }) => id === 'skop')
    if (api?.vendor == null) throw new Error('skop has no vendor')
    const { fetch } = await assembled([{ ...api, vendor: { ...api.vendor, rows: () => 7 } }])
    const { status, body } = await askThrough(fetch)('POST', '/_standin/jobs', { api: 'skop', rows: 11 })
    const detail = 'rows: a job of skop that is made so has 7 rows; leave `rows` out'
    expect([status, body.detail]).toEqual([422, detail])
    expect((await askThrough(fetch)('POST', '/_standin/jobs', { api: 'skop', rows: 7 })).status).toBe(201)
  })

  it('makes none of an API that has no jobs', async () => {
    const { fetch } = await assembled([apiOf('plain', { paths: {} })])
    const { status, body } = await askThrough(fetch)('POST', '/_standin/jobs', { api: 'plain' })
    expect([status, body.detail]).toEqual([422, 'api: the API plain has no jobs'])
    expect((await askThrough(fetch)('GET', '/_standin/jobs/plain/1')).status).toBe(404)
    expect((await askThrough(fetch)('GET', '/_standin/jobs')).body).toEqual({ jobs: [] })
  })

  it('has no two jobs of one name, until the first is gone', async () => {
    const job = await make({ api: 'skop', name: 'twin' })
    const again = await ask('POST', '/_standin/jobs', { api: 'skop', name: 'twin' })
    expect([again.status, again.body.detail]).toEqual([409, 'A job of skop is called twin already'])
    expect((await ask('POST', '/_standin/jobs', { api: 'skop', name: 'succeeded' })).status).toBe(409)
    expect((await ask('POST', '/_standin/jobs', { api: 'deepset', name: 'twin' })).status).toBe(201)
    await ask('DELETE', `/_standin/jobs/skop/${job.id}`)
    expect((await ask('POST', '/_standin/jobs', { api: 'skop', name: 'twin' })).status).toBe(201)
  })
})

describe('moving jobs', () => {
  const read = async (api: string, id: string): Promise<Told['body']> =>
    (await ask('GET', `/_standin/jobs/${api}/${id}`)).body
  const move = (job: { api: string; id: string }, to: Record<string, string>): Promise<Told> =>
    ask('PATCH', `/_standin/jobs/${job.api}/${job.id}`, to)

  it('moves a job at once, and its API shows it', async () => {
    const job = await make({ api: 'scale-dex', rows: 4 })
    wait(10)
    expect((await move(job, { state: 'running' })).body.state).toBe('running')
    const shown = await ask('GET', job.url, undefined, job.headers)
    expect(shown.body.status).toBe('running')
    wait(10)
    expect((await move(job, { state: 'failed' })).body).toEqual({
      ...job,
      state: 'failed',
      rows: 4,
      living: undefined,
    })
    expect((await ask('GET', job.url, undefined, job.headers)).body.status).toBe('failed')
  })

  it('gives it another outcome', async () => {
    const job = await make({ api: 'skop', outcome: 'succeeded', after: 'PT10S' })
    const { status, body } = await move(job, { outcome: 'cancelled' })
    expect([status, body.state]).toEqual([200, 'queued'])
    wait(10_000)
    expect((await read('skop', job.id)).state).toBe('cancelled')
  })

  it('moves named jobs that stand still otherwise', async () => {
    const { body } = await ask('GET', '/_standin/jobs?api=skop')
    const [queued] = body.jobs.filter(({ name }: Told['body']) => name === 'queued')
    expect((await move(queued, { state: 'running' })).body.state).toBe('running')
    wait(1e9)
    expect((await read('skop', queued.id)).state).toBe('running')
    expect((await move(queued, { state: 'succeeded' })).body.state).toBe('succeeded')
    expect((await ask('GET', queued.url, undefined, queued.headers)).body.status).toBe('completed')
  })

  it.each(JOB_STATES.slice(2))('lets no job go on that is %s', async (state) => {
    const job = await make({ api: 'talonic', rows: 5 })
    expect((await move(job, { state })).body.state).toBe(state)
    for (const to of [{ state: 'running' }, { state }, { outcome: 'failed' }]) {
      const { status, body } = await move(job, to)
      expect([status, body.detail]).toEqual([409, `The job has ended: it is ${state}`])
    }
    expect((await read('talonic', job.id)).state).toBe(state)
  })

  it('lets no job go back', async () => {
    const job = await make({ api: 'skop' })
    await move(job, { state: 'running' })
    const { status, body } = await move(job, { state: 'queued' })
    expect([status, body.type]).toEqual([409, 'urn:standin:problem:state_refused'])
  })

  it('takes a move to where it is for none', async () => {
    const job = await make({ api: 'skop' })
    expect((await move(job, { state: 'queued' })).body).toEqual(job)
    expect((await ask('GET', '/_standin/sandboxes/default')).body.events).toHaveLength(1)
  })

  it.each([
    [{}, '', 'must have one of state, outcome'],
    [{ state: 'done' }, 'state', expect.stringContaining('must be one of queued, running')],
    [{ state: null }, 'state', expect.anything()],
    [{ stat: 'failed' }, '', 'there is no member `stat`; did you mean `state`?'],
    [{ state: 'failed', outcome: 'succeeded' }, 'outcome', expect.stringContaining('cannot be succeeded')],
    [{ state: 'partially_succeeded' }, 'state', expect.stringContaining('takes two')],
    [{ outcome: 'partially_succeeded' }, 'outcome', expect.stringContaining('takes two')],
  ])('refuses %j', async (to, name, detail) => {
    const job = await make({ api: 'skop', rows: 1 })
    const [status, complaints] = (await complaintOf('PATCH', `/_standin/jobs/skop/${job.id}`, to)) as [
      number,
      readonly (readonly [string, string])[],
    ]
    expect([status, complaints.map(([member]) => member)]).toEqual([422, complaints.map(() => name)])
    expect(complaints[0]?.[1]).toEqual(detail)
    expect(await read('skop', job.id)).toEqual(job)
  })
})

describe('removing jobs', () => {
  it('takes a job out of every view', async () => {
    const job = await make({ api: 'talonic', name: 'gone' })
    const key = { headers: job.headers }
    const list = async (): Promise<string> =>
      JSON.stringify((await ask('GET', '/talonic/v1/jobs?limit=100', undefined, key.headers)).body)
    expect(await list()).toContain(job.id)
    expect((await ask('DELETE', `/_standin/jobs/talonic/${job.id}`)).status).toBe(204)
    expect(await list()).not.toContain(job.id)
    for (const path of [`/_standin/jobs/talonic/${job.id}`, job.url, `/talonic/v1/jobs/${job.id}`]) {
      expect([path, (await ask('GET', path, undefined, job.headers)).status]).toEqual([path, 404])
    }
    expect((await ask('DELETE', `/_standin/jobs/talonic/${job.id}`)).status).toBe(404)
    expect((await ask('PATCH', `/_standin/jobs/talonic/${job.id}`, { state: 'failed' })).status).toBe(404)
  })

  it('takes named jobs away too, in its own sandbox alone', async () => {
    const { body } = await ask('GET', '/_standin/jobs?api=deepset')
    const [{ id }] = body.jobs
    expect((await ask('DELETE', `/~mine/_standin/jobs/deepset/${id}`)).status).toBe(204)
    const left = (await ask('GET', '/~mine/_standin/jobs?api=deepset')).body.jobs
    expect(left).toHaveLength(body.jobs.length - 1)
    expect((await ask('GET', '/_standin/jobs?api=deepset')).body).toEqual(body)
  })
})

describe('jobs of a sandbox', () => {
  it('are read by the listed request, wherever the sandbox is named', async () => {
    const header = { 'standin-sandbox': 'by-header' }
    const { body: a } = await ask('POST', '/_standin/jobs', { api: 'skop' }, header)
    const { body: b, headers } = await ask('POST', '/~by-path/_standin/jobs', { api: 'skop' })
    expect(a.headers).toMatchObject({ 'Standin-Sandbox': 'by-header' })
    expect(headers.get('location')).toBe(`/~by-path/_standin/jobs/skop/${b.id}`)
    for (const job of [a, b]) expect((await ask('GET', job.url, undefined, job.headers)).status).toBe(200)
    expect((await ask('GET', a.url, undefined, { authorization: a.headers.Authorization })).status).toBe(404)
  })

  it.each(['a b', '-a', '', 'x'.repeat(65), '../default', '%00'])('is not named %j', async (name) => {
    const path = `/~${encodeURIComponent(name)}/_standin/jobs`
    const { status, body } = await ask('GET', path)
    expect([status, body.type]).toEqual([400, 'urn:standin:problem:sandbox_invalid'])
  })
})
