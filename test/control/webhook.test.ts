/**
 * Where webhooks go, set and read by the control API, and its inbox.
 */
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { ClockMode } from '../../src/world/clock.ts'
import type { Hooked } from '../hooked.ts'
import { hooked } from '../hooked.ts'
import { isSigned } from '../receiver.ts'

const START = '2026-01-01T00:00:00.000Z'
const URL_OK = 'http://127.0.0.1:9/hook'

let world: Hooked

async function again(mode: ClockMode, stepMs = 0): Promise<void> {
  await world.close()
  world = await hooked(mode, stepMs)
}

beforeEach(async () => {
  world = await hooked()
})

afterEach(async () => {
  await world.close()
})

describe('an endpoint', () => {
  it('is not told of what happened before it was set, at that very instant either', async () => {
    const first = await world.create('after=PT1S')
    await world.advance('PT1S')
    const second = await world.create()
    await world.cancel(second)
    await world.listen()
    const third = await world.create()
    await world.cancel(third)
    await world.advance('PT1H')
    expect(world.bodies().map((body) => (body['data'] as JsonObject)['id'])).toEqual([third])
    const states = (await world.inbox()).map(({ job, state }) => [job, state])
    expect(states).toEqual([
      [first, 'unsent'],
      [second, 'unsent'],
      [third, 'delivered'],
    ])
  })

  it('goes on where it is set again, with another secret too', async () => {
    await world.listen()
    world.receiver.reply(500)
    await world.create('after=PT1S')
    await world.advance('PT1S')
    await world.listen(world.receiver.url, { secret: 'another one' })
    await world.advance('PT1M')
    expect(world.receiver.received.map((got) => isSigned(got, 'another one'))).toEqual([false, true])
    await world.create('after=PT1S')
    await world.control('PUT', '/webhooks', { endpoints: [{ api: 'talonic', url: world.receiver.url }] })
    await world.advance('PT1S')
    expect(world.receiver.received.map((got) => isSigned(got, 'another one'))).toEqual([false, true, true])
  })

  it('that is taken away gets nothing more, and what it got is still known', async () => {
    await world.listen()
    world.receiver.reply(500)
    await world.create('after=PT1S')
    await world.advance('PT1S')
    const [before] = await world.inbox()
    await world.control('PUT', '/webhooks', { endpoints: [] })
    await world.advance('PT10H')
    expect(world.receiver.received).toHaveLength(1)
    const after = await world.inbox()
    expect(after.map(({ state }) => state)).toEqual(['failed'])
    expect(after.find(({ id }) => id === before?.id)).toMatchObject({
      ...{ body: before?.body, attempts: before?.attempts, url: world.receiver.url, next: null },
    })
    await world.listen()
    await world.advance('PT10H')
    expect(world.receiver.received).toHaveLength(1)
  })

  it('set on a real clock is told of what happens on a virtual one, whose time is earlier', async () => {
    await again('real')
    await world.listen()
    await world.control('PUT', '/clock', { mode: 'frozen' })
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect(world.bodies().map(({ timestamp }) => timestamp)).toEqual(['2026-01-01T00:00:01.000Z'])
  })

  it('gives the same bytes on another port, in another sandbox and in another process', async () => {
    await world.listen()
    await world.listen(undefined, {}, 'other')
    await world.create('after=PT1S')
    await world.create('after=PT1S', 'other')
    await world.advance('PT1S')
    await world.advance('PT1S', 'other')
    const [one, two] = world.receiver.received
    expect([one?.headers['standin-sandbox'], two?.headers['standin-sandbox']]).toEqual(['default', 'other'])
    await again('frozen')
    await world.listen()
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect([two?.body, world.receiver.received[0]?.body]).toEqual([one?.body, one?.body])
  })
})

describe('setting endpoints', () => {
  const secret = 'a secret of some length'
  const put = async (...endpoints: readonly JsonObject[]) => {
    const { status, body } = await world.standin.ask('PUT', '/_standin/webhooks', { endpoints })
    return [status, status === 200 ? body : body.detail]
  }

  it('shows them, and of their secrets almost nothing', async () => {
    const url = 'http://127.0.0.1:9/a?b=c'
    const told = [
      200,
      { endpoints: [{ api: 'talonic', url, events: [], secretHint: 'a se…', since: START }] },
    ]
    expect(await put({ api: 'talonic', url, secret })).toEqual(told)
    expect(await put({ api: 'talonic', url, secret: 'short', events: ['job.failed'] })).toEqual([
      200,
      { endpoints: [expect.objectContaining({ secretHint: '…', events: ['job.failed'] })] },
    ])
    const { body } = await world.standin.ask('GET', '/_standin/webhooks')
    expect(JSON.stringify(body)).not.toContain('short')
    expect(await put()).toEqual([200, { endpoints: [] }])
  })

  it.each([
    ['https://localhost/hook'],
    ['http://receiver.localhost:8080'],
    ['http://127.8.9.10/'],
    ['http://[::1]:9/'],
    ['http://2130706433/'],
    ['http://0x7f.1/'],
  ])('takes %s, which is this machine', async (url) => {
    expect(await put({ api: 'talonic', url, secret })).toEqual([200, expect.anything()])
  })

  it.each([
    ['http://10.0.0.1/', '10.0.0.1 is not this machine; start the server with --webhook-host 10.0.0.1'],
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254 is not this machine'],
    ['http://evil.example/', 'evil.example is not this machine'],
    ['http://localhost.evil.example/', 'localhost.evil.example is not this machine'],
    ['http://127.0.0.1.evil.example/', 'is not this machine'],
    ['http://evil-localhost/', 'is not this machine'],
    ['http://0.0.0.0/', '0.0.0.0 is not this machine'],
    ['http://[::]/', 'is not this machine'],
    ['http://[::ffff:10.0.0.1]/', 'is not this machine'],
    ['http://167772161/', '10.0.0.1 is not this machine'],
    ['http://user:pass@127.0.0.1/', 'holds credentials'],
    ['ftp://127.0.0.1/', 'must match pattern'],
    ['file:///etc/passwd', 'must match pattern'],
    ['/hook', 'endpoints[0].url'],
    ['http://', 'endpoints[0].url'],
    [`http://127.0.0.1/${'a'.repeat(2_100)}`, 'endpoints[0].url'],
  ])('refuses %s', async (url, detail) => {
    expect(await put({ api: 'talonic', url, secret })).toEqual([422, expect.stringContaining(detail)])
    expect((await world.control('GET', '/webhooks')).endpoints).toEqual([])
  })

  it.each<[string, JsonObject, string]>([
    ['no secret', { api: 'talonic', url: URL_OK }, 'endpoints[0].secret: is required: it signs the bodies'],
    ['an empty secret', { api: 'talonic', url: URL_OK, secret: '' }, 'endpoints[0].secret'],
    ['no such API', { api: 'talonik', url: URL_OK, secret }, 'did you mean `talonic`'],
    ['an API without', { api: 'skop', url: URL_OK, secret }, 'the API skop has no webhooks; talonic has'],
    [
      'no such event',
      { api: 'talonic', url: URL_OK, secret, events: ['job.failed', 'job.complete'] },
      'endpoints[0].events[1]: there is no event `job.complete`; did you mean `job.completed`',
    ],
    ['a stray member', { api: 'talonic', url: URL_OK, secret, event: [] }, 'did you mean `events`'],
  ])('refuses one that has %s', async (_, endpoint, detail) => {
    expect(await put(endpoint)).toEqual([422, expect.stringContaining(detail)])
  })

  it('refuses two with one URL, and more than sixteen', async () => {
    const one = { api: 'talonic', url: URL_OK, secret }
    expect(await put(one, one)).toEqual([422, 'endpoints[1].url: is that of endpoints[0] too'])
    const many = Array.from({ length: 17 }, (_, at) => ({ ...one, url: `${URL_OK}${at}` }))
    expect((await put(...many))[0]).toBe(422)
    expect((await put(...many.slice(1)))[0]).toBe(200)
  })
})

describe('the inbox', () => {
  it('is as the document says, and so is what is exported of it', async () => {
    await world.listen()
    world.receiver.reply(500, (response) => {
      response.socket?.resetAndDestroy()
    })
    for (const after of ['PT1S', 'PT2S', 'PT3S']) await world.create(`after=${after}`)
    await world.advance('PT2S')
    await world.control('PUT', '/webhooks', { endpoints: [] })
    await world.advance('PT2S')
    expect((await world.inbox()).map(({ state }) => state).sort()).toEqual([
      ...['failed', 'failed', 'unsent'],
    ])
    await world.listen()
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    addFormats.default(ajv)
    ajv.addSchema({ $id: 'control', ...(await world.control('GET', '/openapi.json')) })
    const answers = {
      WebhookEndpoints: await world.control('GET', '/webhooks'),
      WebhookDeliveries: await world.control('GET', '/webhooks/deliveries'),
      Sandbox: await world.control('GET', '/sandboxes/default'),
    }
    for (const [schema, body] of Object.entries(answers)) {
      const validate = ajv.getSchema(`control#/components/schemas/${schema}`)
      expect([schema, validate?.(body), validate?.errors]).toEqual([schema, true, null])
    }
  })

  it('shows those that are asked for, and the latest where there are more', async () => {
    await world.listen(undefined, { events: ['job.failed'] })
    const ids: string[] = []
    for (let at = 1; at <= 6; at += 1) {
      ids.push(await world.create(`after=PT${at}S, outcome=${at % 2 ? 'failed' : 'succeeded'}`))
    }
    await world.advance('PT10S')
    const jobs = async (query: string) => (await world.inbox(query)).map(({ job }) => ids.indexOf(job))
    expect(await jobs('')).toEqual([0, 1, 2, 3, 4, 5])
    expect(await jobs('?event=job.failed')).toEqual([0, 2, 4])
    expect(await jobs('?state=unsent&limit=2')).toEqual([3, 5])
    expect(await jobs(`?job=${ids[4]}`)).toEqual([4])
    expect(await jobs('?api=skop')).toEqual([])
    const { total } = await world.control('GET', '/webhooks/deliveries?state=unsent&limit=2')
    expect(total).toBe(3)
    for (const query of ['?limit=0', '?limit=1001', '?state=lost', '?jobs=1']) {
      const { status } = await world.standin.ask('GET', `/_standin/webhooks/deliveries${query}`)
      expect([query, status]).toEqual([query, 422])
    }
  })

  it('still tells of a job that was removed what was sent, but for its bytes', async () => {
    await world.listen()
    const [first, second] = [await world.create('after=PT1S'), await world.create('after=PT5S')]
    await world.advance('PT1S')
    for (const id of [first, second]) await world.standin.ask('DELETE', `/_standin/jobs/talonic/${id}`)
    await world.advance('PT10H')
    const sights = await world.inbox()
    expect(sights).toMatchObject([{ job: first, state: 'delivered', body: null, headers: null }])
    expect(world.receiver.received).toHaveLength(1)
    const path = `/_standin/webhooks/deliveries/${sights[0]?.id}`
    expect((await world.standin.ask('GET', path)).body).toEqual(sights[0])
    expect((await world.standin.ask('POST', `${path}/redeliver`)).status).toBe(409)
  })

  it('goes with its sandbox: nothing is sent twice where that is imported, copied or put back', async () => {
    await world.listen()
    world.receiver.reply(204, 500)
    await world.create('after=PT1S')
    await world.create('after=PT2S')
    await world.create('after=PT10M')
    await world.advance('PT2S')
    const inbox = await world.inbox()
    expect(inbox.map(({ state }) => state)).toEqual(['delivered', 'waiting'])
    const exported = await world.control('GET', '/sandboxes/default')
    expect(exported.deliveries).toHaveLength(2)
    await world.control('PUT', '/sandboxes/copy', exported)
    expect((await world.standin.ask('PUT', '/_standin/sandboxes/default', exported)).status).toBe(200)
    expect(await world.inbox('', 'copy')).toEqual(
      inbox.map((one) => ({ ...one, headers: { ...one.headers, 'Standin-Sandbox': 'copy' } })),
    )
    await world.advance('PT59S', 'copy')
    expect(world.receiver.received).toHaveLength(2)
    await world.advance('PT1S', 'copy')
    expect(world.receiver.received.map(({ headers }) => headers['standin-sandbox'])).toEqual([
      ...['default', 'default', 'copy'],
    ])
    expect(world.receiver.received[2]?.body).toBe(world.receiver.received[1]?.body)
    await world.standin.ask('POST', '/_standin/reset')
    await world.advance('PT1H')
    expect([await world.inbox(), world.receiver.received.length]).toEqual([[], 3])
  })
})
