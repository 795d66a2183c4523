import { beforeEach, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { apiOf, assembled } from '../assembled.ts'
import type { Ask, Asking, Told } from './ask.ts'
import { asking, askThrough } from './ask.ts'

let desk: Asking
let ask: Ask

beforeEach(async () => {
  desk = await asking()
  ask = desk.ask
})

const names = async (): Promise<readonly string[]> =>
  (await ask('GET', '/_standin/sandboxes')).body.sandboxes.map(({ name }: { name: string }) => name)
const exported = async (name: string, from = ask): Promise<Told['body']> =>
  (await from('GET', `/_standin/sandboxes/${name}`)).body

describe('sandboxes', () => {
  it('come to be when something happens in them', async () => {
    expect(await names()).toEqual(['default'])
    await ask('GET', '/~read/_standin/jobs')
    expect(await names()).toEqual(['default'])
    await ask('POST', '/~made/_standin/jobs', { api: 'skop' })
    expect(await names()).toEqual(['default', 'made'])
    expect((await ask('GET', '/_standin/sandboxes/read')).status).toBe(404)
    expect((await ask('GET', '/_standin/sandboxes/default')).status).toBe(200)
  })

  it('are made with a seed, a clock and faults', async () => {
    const faults = [{ operation: 'skop/*', status: 429 }]
    const wish = { name: 'mine', seed: 7, clock: { mode: 'step', step: 'PT5S' }, faults }
    const { status, body, headers } = await ask('POST', '/_standin/sandboxes', wish)
    expect([status, body, headers.get('location')]).toEqual([
      201,
      { name: 'mine' },
      '/_standin/sandboxes/mine',
    ])
    expect(await exported('mine')).toEqual({
      ...{
        seed: 7,
        clock: { mode: 'step', now: '2026-01-01T00:00:00.000Z', step: 'PT5S' },
        faults,
        counts: {},
      },
      ...{ endpoints: [], deliveries: [], events: [] },
    })
    expect((await ask('POST', '/_standin/sandboxes', { name: 'mine' })).status).toBe(409)
    const [here, there] = await Promise.all(
      ['', '/~mine'].map(
        async (prefix) => (await ask('POST', `${prefix}/_standin/jobs`, { api: 'skop' })).body.id,
      ),
    )
    expect(here).not.toBe(there)
  })

  it('begin as the server does where nothing is said', async () => {
    desk = await asking({ clock: { mode: 'auto', stepMs: 0 }, seed: 3 })
    ask = desk.ask
    await ask('POST', '/_standin/sandboxes', { name: 'plain' })
    expect(await exported('plain')).toEqual(await exported('default'))
    expect(await names()).toEqual(['default', 'plain'])
    await ask('POST', '/_standin/sandboxes', { name: 'real', clock: { mode: 'real' } })
    expect((await exported('real')).clock).toEqual({ mode: 'real', now: '2026-01-02T00:00:00.000Z' })
    await ask('POST', '/_standin/sandboxes', {
      name: 'then',
      clock: { mode: 'frozen', now: '2000-01-01T00:00:00Z' },
    })
    expect((await exported('then')).clock.now).toBe('2000-01-01T00:00:00.000Z')
  })

  it('are deleted, with their journal, and begin anew', async () => {
    const { body: job } = await ask('POST', '/~gone/_standin/jobs', { api: 'skop' })
    await ask('GET', job.url, undefined, job.headers)
    expect((await ask('DELETE', '/_standin/sandboxes/gone')).status).toBe(204)
    expect((await ask('DELETE', '/_standin/sandboxes/gone')).status).toBe(404)
    expect((await ask('GET', '/~gone/_standin/requests')).body).toEqual({ requests: [] })
    expect((await ask('GET', job.url, undefined, job.headers)).status).toBe(404)
    expect((await ask('POST', '/~gone/_standin/jobs', { api: 'skop' })).body.id).toBe(job.id)
    expect((await ask('DELETE', '/_standin/sandboxes/default')).status).toBe(204)
    expect((await ask('GET', '/_standin/sandboxes/default')).status).toBe(200)
  })

  it('are copied, and go on apart', async () => {
    await ask('POST', '/_standin/jobs', { api: 'talonic', name: 'both' })
    const { status, headers } = await ask('POST', '/_standin/sandboxes/default/fork', { name: 'copy' })
    expect([status, headers.get('location')]).toEqual([201, '/_standin/sandboxes/copy'])
    expect(await exported('copy')).toEqual(await exported('default'))
    await ask('POST', '/~copy/_standin/jobs', { api: 'talonic', name: 'one' })
    expect((await exported('default')).events).toHaveLength(1)
    expect((await ask('POST', '/_standin/sandboxes/default/fork', { name: 'copy' })).status).toBe(409)
    expect((await ask('POST', '/_standin/sandboxes/none/fork', { name: 'x' })).status).toBe(404)
    expect((await ask('POST', '/_standin/sandboxes/default/fork', { name: 'default' })).status).toBe(409)
  })

  it('are reset to the beginning, and keep their seed', async () => {
    const before = await exported('default')
    await ask('POST', '/_standin/jobs', { api: 'skop' })
    await ask('PUT', '/_standin/clock', { mode: 'frozen', now: '2001-01-01T00:00:00Z' })
    await ask('PUT', '/_standin/faults', [{ status: 500 }])
    await ask('GET', '/skop/scrape/status/x')
    expect((await ask('POST', '/_standin/reset')).status).toBe(204)
    expect(await exported('default')).toEqual(before)
    expect((await ask('GET', '/_standin/requests')).body).toEqual({ requests: [] })

    await ask('POST', '/_standin/sandboxes', { name: 'seven', seed: 7, clock: { mode: 'auto' } })
    const { body: job } = await ask('POST', '/~seven/_standin/jobs', { api: 'skop' })
    expect((await ask('POST', '/~seven/_standin/reset')).status).toBe(204)
    expect(await exported('seven')).toEqual({ ...before, seed: 7 })
    expect((await ask('POST', '/~seven/_standin/jobs', { api: 'skop' })).body.id).toBe(job.id)
    expect((await exported('default')).events).toEqual([])
  })
})

describe('export and import', () => {
  const talonic = { authorization: 'Bearer tlnc_test_standin' }

  /** Something of everything. */
  async function live(prefix: string): Promise<void> {
    await ask('PUT', `${prefix}/_standin/faults`, [{ operation: 'talonic/*', requests: '2', status: 429 }])
    await ask('PUT', `${prefix}/_standin/clock`, { mode: 'step', step: 'PT1S' })
    for (const [index, api] of ['talonic', 'skop', 'llama-stack', 'scale-dex', 'deepset'].entries()) {
      const { body } = await ask('POST', `${prefix}/_standin/jobs`, {
        api,
        after: `PT${index + 4}S`,
        name: 'mine',
      })
      await ask('GET', body.url, undefined, body.headers)
    }
    const { body } = await ask('GET', `${prefix}/_standin/jobs?api=skop`)
    await ask('PATCH', `${prefix}/_standin/jobs/skop/${body.jobs[0].id}`, { state: 'running' })
    await ask('DELETE', `${prefix}/_standin/jobs/skop/${body.jobs[1].id}`)
    const created = await ask('POST', `${prefix}/talonic/v1/jobs`, { schema_id: 'x' }, talonic)
    expect([201, 202, 400, 422]).toContain(created.status)
  }

  /** What is seen of a sandbox from now on, clock and all. */
  async function seen(from: Ask, prefix: string): Promise<readonly unknown[]> {
    const answers: unknown[] = []
    const { body } = await from('GET', `${prefix}/_standin/jobs`)
    for (const job of body.jobs) {
      const { status, body: read } = await from('GET', job.url, undefined, job.headers)
      answers.push([job.id, job.state, status, JSON.stringify(read).replaceAll(prefix, '')])
    }
    answers.push((await from('POST', `${prefix}/_standin/jobs`, { api: 'deepset' })).body.id)
    answers.push((await from('GET', `${prefix}/_standin/clock`)).body)
    return answers
  }

  it('goes on elsewhere, under another name, byte for byte', async () => {
    await live('/~here')
    const document = await exported('here')
    const { ask: elsewhere } = await asking({ seed: 99, clock: { mode: 'auto', stepMs: 0 } })
    const put = await elsewhere('PUT', '/_standin/sandboxes/there', document)
    expect([put.status, put.body, put.headers.get('location')]).toEqual([
      ...[201, { name: 'there' }],
      '/_standin/sandboxes/there',
    ])
    expect(await exported('there', elsewhere)).toEqual(document)
    expect(await seen(elsewhere, '/~there')).toEqual(await seen(ask, '/~here'))
    expect((await elsewhere('PUT', '/_standin/sandboxes/there', document)).status).toBe(200)
    expect(await exported('there', elsewhere)).toEqual(document)
  })

  it('goes on from the exported instant on a real clock', async () => {
    const { body: job } = await ask('POST', '/_standin/jobs', { api: 'skop', after: 'PT10S' })
    desk.wait(4_000)
    const document = await exported('default')
    desk.wait(3_600_000)
    await ask('PUT', '/_standin/sandboxes/later', document)
    const read = async (): Promise<Told['body']> =>
      (await ask('GET', `/~later/_standin/jobs/skop/${job.id}`)).body
    expect((await read()).state).toBe('running')
    desk.wait(6_000)
    expect((await read()).state).not.toBe('running')
  })

  it('takes more than other requests may hold', async () => {
    const wish = (index: number): JsonObject => ({
      ...{ type: 'created', api: 'skop', operationId: null, body: {}, key: null, atMs: index },
      steering: { name: `job-${index}`, afterMs: 1_000 },
    })
    const events = Array.from({ length: 10_000 }, (_, index) => wish(index))
    const document = { seed: 1, clock: { mode: 'frozen', now: '2026-01-01T00:00:00Z' }, events }
    expect(JSON.stringify(document).length).toBeGreaterThan(1_048_576)
    expect((await ask('PUT', '/_standin/sandboxes/big', document as unknown as Json)).status).toBe(201)
    expect((await exported('big')).events).toEqual(events)
  })

  const CLOCK = { mode: 'frozen', now: '2026-01-01T00:00:00Z' }
  const made = (more: JsonObject = {}): JsonObject => ({
    ...{ type: 'created', api: 'skop', operationId: null, body: {}, steering: {}, key: null, atMs: 0 },
    ...more,
  })
  const asked = (body: JsonObject): JsonObject => made({ operationId: 'createJob', body })
  const withEvents = (...events: Json[]): JsonObject => ({ seed: 1, clock: CLOCK, events })

  it.each<[Json, string]>([
    [{}, 'seed: is required; clock: is required; events: is required'],
    [[], 'body: must be object'],
    [{ ...withEvents(), sed: 2 }, 'there is no member `sed`; did you mean `seed`?'],
    [{ ...withEvents(), seed: -1 }, 'seed: must be >= 0'],
    [{ ...withEvents(), seed: 1e300 }, 'seed: must be <= 9007199254740991'],
    [{ ...withEvents(), clock: { mode: 'frozen' } }, 'clock.now: is required'],
    [{ ...withEvents(), clock: { ...CLOCK, mode: 'step' } }, 'clock.step: is required in mode step'],
    [{ ...withEvents(), clock: { ...CLOCK, now: '2016-12-31T23:59:60Z' } }, 'clock.now: must be an instant'],
    [{ ...withEvents(), faults: [{ status: 1 }] }, 'faults[0].status: must be'],
    [
      { ...withEvents(), faults: [{ operation: 'nope/*', status: 500 }] },
      'faults[0].operation: there is no API',
    ],
    [{ ...withEvents(), counts: { a: -1 } }, 'counts.a: must be >= 0'],
    [
      { ...withEvents(), deliveries: [{ type: 'sent', id: 'x', atMs: 1 }] },
      'deliveries[0].type: must be one of',
    ],
    [
      { ...withEvents(), endpoints: [{ api: 'x', url: 'http://a.test', secret: 'a', events: [] }] },
      'endpoints[0].api',
    ],
    [withEvents(7), 'events[0]: must be object'],
    [withEvents({ api: 'skop', atMs: 0 }), 'events[0].type: is required'],
    [withEvents(made({ type: 'mad' })), 'events[0].type: must be one of created, cancelled, moved, removed'],
    [withEvents(made({ api: 'skopp' })), 'events[0].api: there is no API `skopp`; did you mean `skop`?'],
    [withEvents(made({ api: '__proto__' })), 'events[0].api: there is no API `__proto__`'],
    [withEvents(made({ atMs: '2026' })), 'events[0].atMs: must be integer'],
    [withEvents(made({ atMs: 8.64e15 })), 'events[0].atMs: must be <='],
    [withEvents(made({ lagMs: 0 })), 'events[0]: there is no member `lagMs`'],
    [withEvents(made({ steering: { rows: 1e9 } })), 'events[0].steering.rows: must be <= 10000000'],
    [withEvents(made({ steering: { outcome: 'done' } })), 'events[0].steering.outcome: must be one of'],
    [
      withEvents(made({ steering: { name: 'succeeded' } })),
      'events[0].steering.name: a job is called succeeded',
    ],
    [
      withEvents(made({ operationId: 'createJobs' })),
      'no operation `createJobs` of skop makes jobs; did you mean',
    ],
    [withEvents(made({ operationId: 'getJobStatus' })), 'no operation `getJobStatus` of skop makes jobs'],
    [withEvents(made({ operationId: '__proto__' })), 'no operation `__proto__` of skop makes jobs'],
    [withEvents(made({ body: { a: 1 } })), 'events[0].body: must be empty where no operation was asked'],
    [withEvents(asked({})), 'events[0].body: is no body of this operation'],
    [withEvents(asked({ website: 1 })), 'events[0].body: is no body of this operation'],
    [
      withEvents(made(), { type: 'removed', api: 'skop', id: 'job_0', atMs: 1 }),
      'events[1].id: there is no job job_0',
    ],
    [
      withEvents({ type: 'moved', api: 'skop', id: 'x', state: 'done', outcome: null, atMs: 1 }),
      'events[0].state: must',
    ],
    [
      withEvents({ type: 'cancelled', api: 'skop', id: 'x', lagMs: -1, key: null, atMs: 1 }),
      'events[0].lagMs: must',
    ],
  ])('refuses %.120j', async (document, detail) => {
    const put = await ask('PUT', '/_standin/sandboxes/bad', document)
    expect([put.status, put.body.detail]).toEqual([422, expect.stringContaining(detail)])
    expect(await names()).toEqual(['default'])
    if (typeof document !== 'object' || Array.isArray(document)) return
    const post = await ask('POST', '/_standin/sandboxes', { ...(document as JsonObject), name: 'bad' })
    if (post.status !== 201) expect(post.status).toBe(422)
    else await ask('DELETE', '/_standin/sandboxes/bad')
  })

  it('tells of an event on a job that is gone by then', async () => {
    await ask('POST', '/_standin/jobs', { api: 'skop' })
    const { events } = await exported('default')
    await ask(
      'DELETE',
      `/_standin/jobs/skop/${(await ask('GET', '/_standin/jobs?api=skop')).body.jobs.at(-1).id}`,
    )
    const document = await exported('default')
    expect((await ask('PUT', '/_standin/sandboxes/ok', document)).status).toBe(201)
    const twice = { ...document, events: [...document.events, document.events.at(-1)] }
    const { body } = await ask('PUT', '/_standin/sandboxes/ok', twice)
    expect([events.length, body.detail]).toEqual([
      1,
      expect.stringMatching(/^events\[2\].id: there is no job/),
    ])
  })

  it('says which API has no jobs here', async () => {
    const { fetch } = await assembled([apiOf('plain', { paths: {} })])
    const document = withEvents(made({ api: 'plain' }))
    const { status, body } = await askThrough(fetch)('PUT', '/_standin/sandboxes/x', document)
    expect([status, body.detail]).toEqual([422, 'events[0].api: the API plain has no jobs'])
  })

  it.each(['a b', '-', 'x'.repeat(65), '%2e%2e%2fa'])('takes no sandbox named %j', async (name) => {
    const path = `/_standin/sandboxes/${encodeURIComponent(name)}`
    for (const method of ['GET', 'DELETE']) expect((await ask(method, path)).status).toBe(422)
    expect((await ask('PUT', path, withEvents())).status).toBe(422)
    expect((await ask('POST', '/_standin/sandboxes', { name })).status).toBe(422)
  })
})
