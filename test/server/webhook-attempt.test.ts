/**
 * What becomes of webhooks that do not arrive, and of those that are asked for once more.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Hooked } from '../hooked.ts'
import { hooked } from '../hooked.ts'

let world: Hooked

beforeEach(async () => {
  world = await hooked()
})

afterEach(async () => {
  await world.close()
})

describe('an attempt that fails', () => {
  it('is made again by the sandbox clock after the delays of the vendor, with the same bytes', async () => {
    await world.listen()
    world.receiver.reply(500, 404, 302, 199 + 200, 503, 204)
    await world.create('after=PT1S')
    await world.advance('PT1S')
    const counts: number[] = [world.receiver.received.length]
    for (const minutes of [1, 5, 30, 240]) {
      await world.advance(`PT${minutes * 60 - 1}S`)
      counts.push(world.receiver.received.length)
      await world.advance('PT1S')
      counts.push(world.receiver.received.length)
    }
    expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5])
    await world.advance('PT240H')
    expect(world.receiver.received).toHaveLength(5)
    const ids = world.receiver.received.map(({ headers }) => headers['x-talonic-delivery-id'])
    expect(new Set(ids).size).toBe(1)
    expect(new Set(world.receiver.received.map(({ body }) => body)).size).toBe(1)
    const [sight] = await world.inbox()
    expect(sight).toMatchObject({ state: 'failed', next: null })
    expect(sight?.attempts.map(({ number, at, status }) => [number, at.slice(11, 19), status])).toEqual([
      [1, '00:00:01', 500],
      [2, '00:01:01', 404],
      [3, '00:06:01', 302],
      [4, '00:36:01', 399],
      [5, '04:36:01', 503],
    ])
  })

  it('waits where it is told to look, and ends with the first success', async () => {
    await world.listen()
    world.receiver.reply(500)
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect((await world.inbox())[0]).toMatchObject({ state: 'waiting', next: '2026-01-01T00:01:01.000Z' })
    await world.advance('PT1M')
    await world.advance('PT10H')
    expect((await world.inbox())[0]).toMatchObject({ state: 'delivered', next: null })
    expect(world.receiver.received).toHaveLength(2)
  })

  it('is one where nobody listens, and where a connection breaks', async () => {
    await world.listen('http://127.0.0.1:1/hook')
    await world.create('after=PT1S')
    await world.advance('PT1S')
    const [sight] = await world.inbox()
    expect(sight?.attempts).toEqual([
      { number: 1, at: expect.any(String), status: null, error: expect.stringContaining('ECONNREFUSED') },
    ])
    await world.listen()
    world.receiver.reply((response) => {
      response.socket?.resetAndDestroy()
    })
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect((await world.inbox()).at(-1)?.attempts).toMatchObject([
      { status: null, error: expect.any(String) },
    ])
  })
})

describe('redelivery', () => {
  it('sends what has arrived again, under the same id', async () => {
    await world.listen()
    await world.create('after=PT1S')
    await world.advance('PT1S')
    const [sight] = await world.inbox()
    const again = await world.control('POST', `/webhooks/deliveries/${sight?.id}/redeliver`)
    expect(again.attempts).toHaveLength(2)
    expect(again.state).toBe('delivered')
    expect(
      new Set(world.receiver.received.map(({ body, headers }) => body + headers['x-talonic-signature'])).size,
    ).toBe(1)
    expect(world.receiver.received).toHaveLength(2)
  })

  it('begins the retries anew', async () => {
    await world.listen()
    world.receiver.reply(...Array.from({ length: 6 }, () => 500))
    await world.create('after=PT1S')
    await world.advance('PT1S')
    for (const minutes of [1, 5, 30, 240]) await world.advance(`PT${minutes}M`)
    const [failed] = await world.inbox()
    expect(failed?.state).toBe('failed')
    const again = await world.control('POST', `/webhooks/deliveries/${failed?.id}/redeliver`)
    expect([again.state, again.attempts.length]).toEqual(['waiting', 6])
    await world.advance('PT1M')
    const one = await world.control('GET', `/webhooks/deliveries/${failed?.id}`)
    expect([one.state, one.attempts.length]).toEqual(['delivered', 7])
  })

  it('is refused where nobody would get it, and of what is not there', async () => {
    await world.create('after=PT1S')
    await world.advance('PT1S')
    const [sight] = await world.inbox()
    const paths = [sight?.id, 'dlv_0000000000000000', '__proto__', encodeURIComponent('../../x')]
    const statuses: number[] = []
    for (const id of paths) {
      const path = `/_standin/webhooks/deliveries/${id}/redeliver`
      statuses.push((await world.standin.ask('POST', path)).status)
    }
    expect(statuses).toEqual([409, 404, 404, 404])
  })
})
