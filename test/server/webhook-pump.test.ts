/**
 * Sending under strain: receivers that hang, call back or are many, processes that share a sandbox or are
 * gone, vendors and stores that fail.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Api } from '../../src/server/api.ts'
import { DEFAULT } from '../../src/world/sandboxes.ts'
import { asking, builtIn } from '../control/ask.ts'
import type { Hooked } from '../hooked.ts'
import { hook, hooked, SECRET } from '../hooked.ts'
import { startReceiver, until } from '../receiver.ts'
import { SlowStore } from '../slow-store.ts'

let world: Hooked

beforeEach(async () => {
  world = await hooked()
})

afterEach(async () => {
  await world.close()
})

const hang = (): undefined => undefined

/** Talonic with other webhooks. */
async function talonic(change: Partial<NonNullable<Api['vendor']>['webhooks']>): Promise<readonly Api[]> {
  const apis = await builtIn()
  return apis.map((api) => {
    const webhooks = api.vendor?.webhooks
    if (api.vendor === null || webhooks === undefined) return api
    return { ...api, vendor: { ...api.vendor, webhooks: { ...webhooks, ...change } } }
  })
}

describe('many webhooks', () => {
  it('are all sent, in their order, each once and never too many at once', async () => {
    await world.listen()
    const ids: string[] = []
    for (let job = 0; job < 200; job += 1) ids.push(await world.create(`after=PT${200 - job}S, rows=1`))
    await world.advance('PT200S')
    const told = world.bodies().map((body) => (body['data'] as JsonObject)['id'])
    expect(told).toEqual([...ids].reverse())
    expect(world.receiver.most()).toBeLessThanOrEqual(8)
    expect((await world.inbox('?state=delivered&limit=1000')).length).toBe(200)
  })

  it('leave the longer a rest between two looks the more jobs there are', async () => {
    await world.close()
    const rests: number[] = []
    const schedule = (ms: number, run: () => void) => {
      rests.push(ms)
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    }
    world = await hooked('real', 0, { environment: { schedule, now: () => Date.now() } })
    await world.listen()
    const { sandboxes } = world.standin.server
    const made = { type: 'created', api: 'talonic', operationId: null, body: {}, key: null } as const
    await sandboxes.turn(DEFAULT, () => ({
      result: null,
      events: Array.from({ length: 2_000 }, (_, job) => ({ ...made, steering: { afterMs: 60_000 + job } })),
    }))
    await world.advance('PT6S')
    rests.splice(0)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(rests.length).toBeGreaterThan(1)
    expect(rests.length).toBeLessThan(10)
    expect(Math.min(...rests)).toBe(50)
  })

  it('wait for a receiver that hangs, and not for long; others are not held up', async () => {
    await world.close()
    world = await hooked('frozen', 0, { apis: await talonic({ timeoutMs: 2_500, retryDelaysMs: [] }) })
    const quick = await startReceiver()
    const endpoints = [world.receiver.url, quick.url].map((url) => ({ api: 'talonic', url, secret: SECRET }))
    await world.control('PUT', '/webhooks', { endpoints })
    world.receiver.reply(...Array.from({ length: 12 }, () => hang))
    for (let job = 0; job < 12; job += 1) await world.create('after=PT1S, rows=1')
    const startMs = Date.now()
    const advancing = world.advance('PT1S')
    await until(() => quick.received.length === 12, 2_000)
    await advancing
    const tookMs = Date.now() - startMs
    expect(world.receiver.most()).toBe(8)
    expect(tookMs).toBeLessThan(15_000)
    const states = (await world.inbox()).map(({ url, state }) => `${url === quick.url} ${state}`)
    expect(states.sort()).toEqual([
      ...Array.from({ length: 12 }, () => 'false failed'),
      ...Array.from({ length: 12 }, () => 'true delivered'),
    ])
    await quick.close()
  })

  it('that are stuck do not keep a control call for ever', async () => {
    await world.close()
    const schedule = (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms / 50)
      return () => clearTimeout(timer)
    }
    world = await hooked('frozen', 0, { environment: { schedule } })
    await world.listen()
    world.receiver.reply(hang)
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect(await world.inbox()).toMatchObject([
      { state: 'sending', attempts: [{ status: null, error: null }] },
    ])
    await world.standin.close()
    expect(await world.inbox()).toMatchObject([{ attempts: [{ error: 'The server was stopped' }] }])
  })
})

describe('a receiver that calls back', () => {
  it('finds the job as it was told of it, and may even advance the clock', async () => {
    await world.listen()
    const reads: unknown[] = []
    world.receiver.reply(async (response, { body }) => {
      const told = JSON.parse(body)
      reads.push([told.data, (await world.read(told.data.id)).body])
      await world.advance('PT10S')
      response.writeHead(204).end()
    })
    const [first] = [await world.create('after=PT1S'), await world.create('after=PT5S')]
    const startMs = Date.now()
    await world.advance('PT1S')
    expect(Date.now() - startMs).toBeLessThan(5_000)
    expect(reads).toHaveLength(1)
    const [told, read] = reads[0] as [JsonObject, JsonObject]
    expect(told).toEqual(read)
    expect([told['id'], world.receiver.received.length]).toEqual([first, 2])
    expect((await world.inbox()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })

  it('may set the sandbox back: what comes of the attempt then is nobody’s', async () => {
    await world.listen()
    world.receiver.reply(async (response) => {
      await world.standin.ask('POST', '/_standin/reset')
      await world.listen()
      await world.create('after=PT1S')
      response.writeHead(500).end()
    })
    await world.create('after=PT1S')
    await world.advance('PT1S')
    expect(await world.inbox()).toEqual([])
    await world.advance('PT1S')
    expect((await world.inbox()).map(({ state, attempts }) => [state, attempts.length])).toEqual([
      ['delivered', 1],
    ])
  })
})

describe('processes that share a sandbox', () => {
  it.each(['frozen', 'real'] as const)('never send the same twice, by a %s clock', async (mode) => {
    await world.close()
    const store = new SlowStore(Date.UTC(2026, 0, 1))
    world = await hooked(mode, 0, { store })
    const other = await asking({ clock: { mode, stepMs: 0 } }, { store })
    await world.listen()
    for (let job = 0; job < 30; job += 1) await world.create(`after=PT${1 + (job % 10)}S, rows=1`)
    const moves = Array.from({ length: 20 }, (_, turn) =>
      (turn % 2 === 0 ? world.standin : other).ask('POST', '/_standin/clock/advance', { by: 'PT0.5S' }),
    )
    await Promise.all(moves)
    await until(async () => (await world.inbox('?state=delivered')).length === 30)
    const ids = world.receiver.received.map(({ headers }) => headers['x-talonic-delivery-id'])
    expect([ids.length, new Set(ids).size]).toEqual([30, 30])
    const { body } = await other.ask('GET', '/_standin/webhooks/deliveries')
    expect(body.deliveries).toEqual(await world.inbox())
    await other.close()
  })

  it('take an attempt for failed whose sender is gone, and none before', async () => {
    await world.close()
    const store = new SlowStore(Date.UTC(2026, 0, 1))
    world = await hooked('frozen', 0, { store })
    await world.listen()
    world.receiver.reply(hang)
    await world.create('after=PT1S')
    void world.advance('PT1S')
    await until(() => world.receiver.received.length === 1)
    // From here on the first process does not come to anything any more; another one starts.
    const log = structuredClone(store.logs)
    const survivors = new SlowStore(Date.UTC(2026, 0, 1))
    for (const [key, value] of log) survivors.logs.set(key, value)
    survivors.nowMs = store.nowMs
    const other = await hook(await asking({ clock: { mode: 'frozen', stepMs: 0 } }, { store: survivors }))
    await other.advance('PT5M')
    expect((await other.inbox()).map(({ state }) => state)).toEqual(['sending'])
    survivors.nowMs += 40_000
    expect(await other.inbox()).toMatchObject([
      { state: 'waiting', attempts: [{ number: 1, error: 'Whoever sent it was gone before it ended' }] },
    ])
    await other.advance('PT0S')
    await other.advance('PT1S')
    const ids = world.receiver.received.map(({ headers }) => headers['x-talonic-delivery-id'])
    expect([ids.length, new Set(ids).size]).toEqual([2, 1])
    expect((await other.inbox()).map(({ state }) => state)).toEqual(['delivered'])
    await other.close()
  })

  it('send what another one has left as soon as they start', async () => {
    await world.close()
    const store = new SlowStore(Date.UTC(2026, 0, 1))
    world = await hooked('frozen', 0, { store })
    await world.listen()
    await world.create('after=PT1S')
    await world.standin.close()
    await world.advance('PT1S')
    expect(world.receiver.received).toEqual([])
    const other = await asking({ clock: { mode: 'frozen', stepMs: 0 } }, { store })
    await until(() => world.receiver.received.length === 1)
    await other.close()
  })

  it('go on when their store is back, and tell then how an attempt has ended', async () => {
    await world.close()
    const store = new SlowStore(Date.UTC(2026, 0, 1))
    world = await hooked('frozen', 0, { store })
    await world.listen()
    world.receiver.reply((response) => {
      store.isAway = true
      setTimeout(() => {
        store.isAway = false
      }, 300)
      response.writeHead(204).end()
    })
    await world.create('after=PT1S')
    await world.create('after=PT1S')
    await world.standin.ask('POST', '/_standin/clock/advance', { by: 'PT1S' })
    await until(async () => !store.isAway && (await world.inbox('?state=delivered')).length === 2)
    expect(world.receiver.received).toHaveLength(2)
  })
})

describe('a store that is away', () => {
  it('is asked again until it is back', async () => {
    await world.close()
    const store = new SlowStore(Date.UTC(2026, 0, 1))
    world = await hooked('auto', 0, { store })
    await world.listen()
    const id = await world.create('after=PT1S')
    for (let polls = 0; polls < 3; polls += 1) await world.read(id)
    store.isAway = true
    await new Promise((resolve) => setTimeout(resolve, 100))
    store.isAway = false
    await until(() => world.receiver.received.length === 1)
  })
})

describe('a vendor that fails', () => {
  it('is told of, and counts as an attempt; the rest goes on', async () => {
    await world.close()
    const reports: unknown[] = []
    let fails = true
    const apis = await talonic({
      body: ({ view }) => {
        if (fails && view.job.outcome === 'failed') throw new TypeError('no such member')
        return {}
      },
    })
    const report = (...told: unknown[]): unknown => reports.push(told)
    world = await hooked('frozen', 0, { apis, environment: { report } })
    await world.listen()
    await world.create('outcome=failed, after=PT1S')
    await world.create('outcome=succeeded, after=PT1S')
    await world.advance('PT1S')
    expect(world.receiver.received).toHaveLength(1)
    expect(reports).toEqual([['webhook', new TypeError('no such member')]])
    fails = false
    expect(await world.inbox()).toMatchObject([
      { state: 'waiting', attempts: [{ status: null, error: 'It was not sent: no such member' }] },
      { state: 'delivered' },
    ])
    await world.advance('PT1M')
    expect((await world.inbox()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  })
})
