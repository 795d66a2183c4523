/**
 * Webhooks through the front door: what is told of jobs, and when, by clocks of all kinds.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { ClockMode } from '../../src/world/clock.ts'
import type { Hooked } from '../hooked.ts'
import { hooked, KEY, ORDER, SECRET } from '../hooked.ts'
import { isSigned, startReceiver, until } from '../receiver.ts'

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

describe('a webhook', () => {
  it('is sent when a job has ended, signed, and says what its job says', async () => {
    await world.listen()
    const id = await world.create('outcome=succeeded, after=PT10S')
    await world.advance('PT9.999S')
    expect(world.receiver.received).toEqual([])
    expect(await world.inbox()).toEqual([])
    await world.advance('PT0.001S')
    const [got] = world.receiver.received
    if (got === undefined) throw new Error('nothing was sent')
    const read = await world.read(id)
    expect(read.body.completed_at).toBe('2026-01-01T00:00:10.000Z')
    expect(isSigned(got, SECRET)).toBe(true)
    const [sight] = await world.inbox()
    expect(got.body).toBe(
      `{"event":"job.completed","delivery_id":"${sight?.id}","timestamp":"2026-01-01T00:00:10.000Z",` +
        `"data":${JSON.stringify(read.body)}}`,
    )
    expect(got).toMatchObject({ method: 'POST', path: '/hook' })
    expect(got.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Talonic-Webhook/1.0',
      'x-talonic-event': 'job.completed',
      'x-talonic-delivery-id': sight?.id,
      'x-talonic-timestamp': '2026-01-01T00:00:10.000Z',
      'standin-sandbox': 'default',
    })
    expect(sight).toMatchObject({
      job: id,
      state: 'delivered',
      next: null,
      body: got.body,
      url: world.receiver.url,
    })
    for (const [name, value] of Object.entries(sight?.headers ?? {})) {
      expect([name, got.headers[name.toLowerCase()]]).toEqual([name, value])
    }
    await world.advance('PT24H')
    expect(world.receiver.received).toHaveLength(1)
  })

  it.each([
    ['succeeded', 'job.completed', 'complete'],
    ['partially_succeeded', 'job.completed', 'complete'],
    ['failed', 'job.failed', 'failed'],
  ])('of a job that is %s is %s', async (outcome, event, status) => {
    await world.listen()
    await world.create(`outcome=${outcome}, after=PT1S, rows=5`)
    await world.advance('PT1S')
    expect(world.bodies()).toEqual([
      expect.objectContaining({ event, data: expect.objectContaining({ status }) }),
    ])
  })

  it('tells of a cancellation, at once and once', async () => {
    await world.listen()
    const id = await world.create()
    await world.advance('PT3S')
    const cancelled = await world.cancel(id)
    await until(() => world.receiver.received.length === 1)
    expect(world.bodies()[0]).toMatchObject({ event: 'job.cancelled', data: cancelled.body })
    await world.cancel(id)
    await world.advance('PT1H')
    expect(world.receiver.received).toHaveLength(1)
  })

  it('tells of a job that was ended by hand', async () => {
    await world.listen()
    const id = await world.create()
    await world.advance('PT2S')
    await world.control('PATCH', `/jobs/talonic/${id}`, { state: 'failed' })
    expect(world.bodies()).toEqual([expect.objectContaining({ event: 'job.failed' })])
  })

  it('is never sent for jobs of fixtures, and for nothing that a dry run or a refusal has left', async () => {
    await world.listen()
    await world.standin.ask('POST', '/talonic/v1/jobs', { schema_id: 'no' }, KEY)
    await world.standin.ask('POST', '/talonic/v1/jobs', ORDER)
    await world.advance('PT240H')
    expect([world.receiver.received, await world.inbox()]).toEqual([[], []])
  })

  it('comes in the order of what happened, not of what was made', async () => {
    await world.listen()
    const spans = [40, 10, 30, 20, 25, 15]
    const ids: string[] = []
    for (const span of spans) ids.push(await world.create(`after=PT${span}S`))
    await world.advance('PT1M')
    const order = [...spans.keys()].sort((a, b) => Number(spans[a]) - Number(spans[b]))
    expect(world.bodies().map((body) => (body['data'] as JsonObject)['id'])).toEqual(
      order.map((at) => ids[at]),
    )
    expect((await world.inbox()).map(({ job }) => job)).toEqual(order.map((at) => ids[at]))
  })

  it('is only of the events that an endpoint wants', async () => {
    await world.listen(world.receiver.url, { events: ['job.failed'] })
    await world.create('outcome=succeeded, after=PT1S')
    await world.create('outcome=failed, after=PT1S')
    await world.advance('PT2S')
    expect(world.bodies().map(({ event }) => event)).toEqual(['job.failed'])
    expect((await world.inbox()).map(({ event, state, url }) => [event, state, url])).toEqual([
      ['job.completed', 'unsent', null],
      ['job.failed', 'delivered', world.receiver.url],
    ])
  })

  it('goes to each endpoint under an id of its own', async () => {
    const other = await startReceiver()
    const endpoints = [world.receiver, other].map(({ url }, at) => ({
      api: 'talonic',
      url,
      secret: `secret ${at}`,
    }))
    await world.control('PUT', '/webhooks', { endpoints })
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect(world.receiver.received.map((got) => isSigned(got, 'secret 0'))).toEqual([true])
    expect(other.received.map((got) => isSigned(got, 'secret 1'))).toEqual([true])
    expect(new Set((await world.inbox()).map(({ id }) => id)).size).toBe(2)
    await other.close()
  })

  it('stands in the inbox unsent where there is no endpoint', async () => {
    const id = await world.create('after=PT1S')
    await world.advance('PT1S')
    const [sight] = await world.inbox()
    expect(sight).toMatchObject({ job: id, state: 'unsent', url: null, attempts: [], next: null })
    expect(Object.keys(sight?.headers ?? {})).not.toContain('X-Talonic-Signature')
    expect(JSON.parse(sight?.body ?? '').delivery_id).toBe(sight?.id)
  })
})

describe('clocks', () => {
  it('auto: polling to the end sends it in the background', async () => {
    await again('auto')
    await world.listen()
    const id = await world.create('after=PT10M')
    for (let polls = 0; polls < 5; polls += 1) {
      await world.read(id)
    }
    await until(() => world.receiver.received.length === 1)
    expect(world.bodies()[0]).toMatchObject({ timestamp: '2026-01-01T00:10:00.000Z' })
  })

  it('step: each read goes on, and what is due by then is sent', async () => {
    await again('step', 60_000)
    await world.listen()
    world.receiver.reply(500)
    const id = await world.create('after=PT2M')
    const read = () => world.read(id)
    await read()
    await read()
    await until(() => world.receiver.received.length === 1)
    await world.control('POST', '/clock/advance', { by: 'PT2M' })
    expect(world.receiver.received).toHaveLength(2)
  })

  it('real: timers wait for what is due, for retries too, and for nothing else', async () => {
    await world.close()
    world = await hooked('real', 0, { environment: { now: () => Date.now() } })
    const { receiver, inbox } = world
    await world.listen()
    receiver.reply(500)
    await world.create('after=PT0.3S')
    await until(() => receiver.received.length === 1)
    await until(async () => (await inbox())[0]?.state === 'waiting')
    await world.advance('PT59S')
    expect(receiver.received).toHaveLength(1)
    await until(async () => (await inbox())[0]?.state === 'delivered')
    expect(receiver.received).toHaveLength(2)
  })
})
