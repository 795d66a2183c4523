/**
 * Sandboxes behind a store, on one in memory whose answers come late and in any order: nothing is lost or
 * doubled, and no instant comes after a later one, however many processes there are.
 */
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/model/refusal.ts'
import { REAL_CLOCK } from '../../src/world/clock.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { Beginning } from '../../src/world/sandbox.ts'
import type { Decision, Sandboxes, Turn } from '../../src/world/sandboxes.ts'
import { createSandboxes, DEFAULT, look, SANDBOX_LIMIT } from '../../src/world/sandboxes.ts'
import { createSharedSandboxes } from '../../src/world/shared-sandboxes.ts'
import { SlowStore } from '../slow-store.ts'

const EPOCH = Date.UTC(2026, 0, 1)
const BEGINNING: Beginning = { seed: 1, clock: REAL_CLOCK, epochMs: EPOCH, faults: [], endpoints: [] }

const created: SandboxEvent = {
  ...{ type: 'created', api: 'skop', operationId: 'createJob', body: {}, steering: {}, key: null },
}

/** Adds one to what the sandbox counts, as it is found, and tells what it was. */
function countUp({ sandbox }: Turn): Decision<number> {
  const count = sandbox.counts.get('a') ?? 0
  return { result: count, events: [{ type: 'counted', counts: { a: count + 1 } }] }
}

function counted(of: Sandboxes): number | Promise<number> {
  return look(of, DEFAULT, ({ sandbox }) => sandbox.counts.get('a') ?? 0)
}

function sharing(store = new SlowStore(EPOCH)): { readonly store: SlowStore; readonly shared: Sandboxes } {
  return { store, shared: createSharedSandboxes(BEGINNING, store) }
}

describe('sandboxes that are shared', () => {
  it('lose nothing and double nothing, whoever writes at the same time', async () => {
    const store = new SlowStore(EPOCH)
    const processes = [1, 2, 3].map(() => createSharedSandboxes(BEGINNING, store))
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, index) => processes[index % 3]?.turn(DEFAULT, countUp)),
    )
    expect(results.map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, index) => index),
    )
    expect(store.refused).toBeGreaterThan(0)
    for (const of of processes) expect(await counted(of)).toBe(300)
  })

  it('answer as sandboxes in memory do', async () => {
    const { shared } = sharing()
    const frozen: SandboxEvent = { type: 'clock_set', mode: 'frozen', stepMs: 0, toMs: null }
    const own = createSandboxes(BEGINNING, () => EPOCH)
    for (const of of [shared, own]) {
      await of.turn(DEFAULT, () => ({ result: null, events: [frozen] }))
      for (let count = 0; count < 5; count += 1) {
        await of.turn(DEFAULT, ({ nowMs }) => ({
          result: null,
          events: [created, { type: 'clock_moved', toMs: nowMs + 1_000 }],
        }))
      }
    }
    const documentOf = (of: Sandboxes): unknown =>
      look(of, DEFAULT, ({ sandbox, stampMs }) => sandbox.toDocument(stampMs))
    expect(await documentOf(shared)).toEqual(await documentOf(own))
  })

  it('answer for the very instant at which it happened', async () => {
    const { store, shared } = sharing()
    const answered = await shared.turn(DEFAULT, ({ nowMs }) => ({ result: nowMs, events: [created] }))
    const [event] = await look(shared, DEFAULT, ({ sandbox }) => sandbox.jobEvents('skop'))
    expect(event?.atMs).toBe(answered)
    const [entry] = store.logs.get('default')?.entries ?? []
    expect(JSON.parse(entry?.text ?? '')).toMatchObject({ stampMs: answered })
  })

  it('let nothing happen before an instant that anybody was told of', async () => {
    const store = new SlowStore(EPOCH)
    const processes = [1, 2, 3].map(() => createSharedSandboxes(BEGINNING, store))
    const seen: { readonly atMs: number; readonly events: number }[] = []
    await Promise.all(
      Array.from({ length: 600 }, async (_, index) => {
        const writes = index % 4 === 0
        await processes[index % 3]?.turn(DEFAULT, ({ sandbox, nowMs }) => {
          const events = sandbox.jobEvents('skop').length
          if (!writes) seen.push({ atMs: nowMs, events })
          return { result: null, events: writes ? [created] : [] }
        })
      }),
    )
    const events = await look(processes[0] as Sandboxes, DEFAULT, ({ sandbox }) => sandbox.jobEvents('skop'))
    expect(events).toHaveLength(150)
    expect(seen.length).toBeGreaterThanOrEqual(450)
    for (const { atMs, events: count } of seen) {
      // Whoever looked at an instant saw all that had happened before it.
      expect(events.filter((event) => event.atMs < atMs).length).toBeLessThanOrEqual(count)
    }
  })

  it('answer as decided later on where a moment makes the difference, and hold to it', async () => {
    const { store, shared } = sharing()
    store.stepMs = 0
    const from = store.nowMs
    const endsSoon = ({ nowMs }: Turn): Decision<string> => {
      if (nowMs > from) throw new ApiError('job_ended')
      return { result: 'cancelled', events: [created] }
    }
    await expect(shared.turn(DEFAULT, endsSoon)).rejects.toMatchObject({ code: 'job_ended' })
    expect(await shared.names()).toEqual([])
    const other = createSharedSandboxes(BEGINNING, store)
    await expect(other.turn(DEFAULT, endsSoon)).rejects.toMatchObject({ code: 'job_ended' })
    await other.turn(DEFAULT, () => ({ result: null, events: [created] }))
    await expect(shared.turn(DEFAULT, endsSoon)).rejects.toMatchObject({ code: 'job_ended' })
  })

  it('ask the store once for all that wait at the same time', async () => {
    const { store, shared } = sharing()
    await Promise.all(Array.from({ length: 100 }, () => counted(shared)))
    expect(store.reads).toBeLessThanOrEqual(3)
  })

  it('are read piece by piece where their logs are long', async () => {
    const { store, shared } = sharing()
    for (let count = 0; count < 25; count += 1) {
      const events = Array.from({ length: 100 }, () => created)
      await shared.turn(DEFAULT, () => ({ result: null, events }))
    }
    store.reads = 0
    const late = createSharedSandboxes(BEGINNING, store)
    expect(await look(late, DEFAULT, ({ sandbox }) => sandbox.jobEvents('skop').length)).toBe(2_500)
    expect(store.reads).toBe(3)
  })

  it('are no more than a store may hold', async () => {
    const { store, shared } = sharing()
    for (let name = 0; name < SANDBOX_LIMIT - 1; name += 1) {
      store.logs.set(`s${name}`, { base: 0, stampMs: 0, entries: [{ mark: 1, text: '' }] })
    }
    await shared.turn({ name: 'last', seed: null }, countUp)
    const oneMore = { name: 'more', seed: null }
    await expect(shared.turn(oneMore, countUp)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await shared.turn({ name: 'last', seed: null }, countUp)).toBe(1)
    await shared.remove('s7')
    expect(await shared.turn(oneMore, countUp)).toBe(0)
  })

  it('are folded again where a process keeps others', async () => {
    const store = new SlowStore(EPOCH)
    const limits = { folded: 3, foldedEvents: 20 }
    const shared = createSharedSandboxes(BEGINNING, store, limits)
    const many = Array.from({ length: 10 }, (_, at) => ({ name: `s${at}`, seed: null }))
    for (let count = 0; count < 4; count += 1) {
      const events = [created, created]
      const taken = many.map((of) =>
        shared.turn(of, ({ sandbox }) => ({ result: sandbox.jobEvents('skop').length, events })),
      )
      expect(new Set(await Promise.all(taken))).toEqual(new Set([count * 2]))
    }
  })
})

describe('a log that is long', () => {
  it('is put together, and all goes on as before, here and in a process that comes later', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (let count = 0; count < 4_500; count += 1) {
      await one.turn(DEFAULT, countUp)
      if (count % 900 === 0) await two.turn(DEFAULT, () => ({ result: null, events: [created] }))
    }
    expect(store.compactions).toBe(2)
    expect(store.logs.get('default')?.entries.length).toBeLessThanOrEqual(2_001)
    const late = createSharedSandboxes(BEGINNING, store)
    const seen = ({ sandbox }: Turn): unknown => [sandbox.counts.get('a'), sandbox.jobEvents('skop')]
    const [first, ...others] = await Promise.all([one, two, late].map((of) => look(of, DEFAULT, seen)))
    for (const other of others) expect(other).toEqual(first)
    expect(first).toMatchObject([4_500, { length: 5 }])
  })

  it('is left as it is where putting it together would make it no shorter', async () => {
    const { store, shared } = sharing()
    for (let count = 0; count < 50; count += 1) {
      const events = Array.from({ length: 100 }, () => created)
      await shared.turn(DEFAULT, () => ({ result: null, events }))
    }
    expect(store.compactions).toBe(0)
  })
})

describe('a store that fails', () => {
  it('fails each request for itself, and all goes on when it is back', async () => {
    const { store, shared } = sharing()
    await shared.turn(DEFAULT, countUp)
    store.isAway = true
    const failed = await Promise.allSettled([shared.turn(DEFAULT, countUp), counted(shared)])
    for (const { status } of failed) expect(status).toBe('rejected')
    store.isAway = false
    expect(await counted(shared)).toBe(1)
  })

  it('is asked once by all who would write in the same batch, and readers are answered', async () => {
    const { store, shared } = sharing()
    await counted(shared)
    // The later ones come while the first one is answered, and are a batch of their own.
    const [first, ...others] = [counted(shared), shared.turn(DEFAULT, countUp)]
    const asked = [first, ...others, shared.turn(DEFAULT, countUp), counted(shared)]
    const append = store.append.bind(store)
    let calls = 0
    store.append = async () => {
      calls += 1
      throw new ApiError('store_away')
    }
    const settled = await Promise.allSettled(asked)
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(calls).toBe(1)
    store.append = append
    expect(await shared.turn(DEFAULT, countUp)).toBe(0)
  })

  it('is begun anew where it has forgotten', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (const of of [one, two, one]) await of.turn(DEFAULT, countUp)
    expect(await one.names()).toEqual(['default'])
    await one.remove('default')
    expect([await counted(two), await counted(one), await one.names()]).toEqual([0, 0, []])
    expect(await two.turn(DEFAULT, countUp)).toBe(0)
  })

  it('is begun anew where another log has grown as long meanwhile', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (let count = 0; count < 3; count += 1) await one.turn(DEFAULT, countUp)
    store.logs.clear()
    for (let count = 0; count < 5; count += 1) {
      await two.turn(DEFAULT, () => ({ result: null, events: [created] }))
    }
    expect(await counted(one)).toBe(0)
    expect(await look(one, DEFAULT, ({ sandbox }) => sandbox.jobEvents('skop').length)).toBe(5)
  })

  it('is read anew where its last entries were lost and others are in their place', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (let count = 0; count < 3; count += 1) await one.turn(DEFAULT, countUp)
    store.logs.get('default')?.entries.splice(2)
    await two.turn(DEFAULT, () => ({ result: null, events: [created] }))
    const seen = ({ sandbox }: Turn): unknown => [sandbox.counts.get('a'), sandbox.jobEvents('skop').length]
    expect(await look(one, DEFAULT, seen)).toEqual([2, 1])
  })

  it('leaves no half of what it said', async () => {
    const { store, shared } = sharing()
    for (let count = 0; count < 3; count += 1) {
      await shared.turn(DEFAULT, () => ({ result: null, events: [created] }))
    }
    const late = createSharedSandboxes(BEGINNING, store)
    const entries = store.logs.get('default')?.entries ?? []
    const broken = entries[2] as (typeof entries)[number]
    entries[2] = { ...broken, text: '{"stampMs":1,"event":{"type":"restored","sandbox":{}}}' }
    const made = ({ sandbox }: Turn): number => sandbox.jobEvents('skop').length
    await expect(look(late, DEFAULT, made)).rejects.toThrow(TypeError)
    entries[2] = broken
    expect(await look(late, DEFAULT, made)).toBe(3)
  })

  it('passes on what a decision throws, and answers the next one', async () => {
    const { shared } = sharing()
    const refused = shared.turn(DEFAULT, () => {
      throw new ApiError('job_not_found')
    })
    const next = shared.turn(DEFAULT, countUp)
    await expect(refused).rejects.toMatchObject({ code: 'job_not_found' })
    expect(await next).toBe(0)
  })

  it('is asked so often and no more where others are always faster', async () => {
    const { store, shared } = sharing()
    const append = store.append.bind(store)
    store.append = async (key, place, events, stampMs) => {
      await append(key, (await store.read(key, place)).place, [created], stampMs + 1_000)
      return append(key, place, events, stampMs)
    }
    await expect(shared.turn(DEFAULT, countUp)).rejects.toMatchObject({
      code: 'unavailable',
      headers: { 'Retry-After': '1' },
    })
  })
})
