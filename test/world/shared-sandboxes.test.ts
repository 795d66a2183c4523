/**
 * Sandboxes behind a store, on one in memory whose answers come late and in any order: nothing is lost or
 * doubled, and no instant comes after a later one, however many processes there are.
 */
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/model/refusal.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { Decision, Sandboxes, Turn } from '../../src/world/sandboxes.ts'
import { createSandboxes, DEFAULT, look, SANDBOX_LIMIT } from '../../src/world/sandboxes.ts'
import { createSharedSandboxes } from '../../src/world/shared-sandboxes.ts'
import { BEGINNING, counted, countUp, created, EPOCH, SlowStore, sharing } from '../slow-store.ts'

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

  it('stamp what takes long further ahead, and what comes after it no more than needed', async () => {
    const { store, shared } = sharing()
    const turn = (): number | Promise<number> =>
      shared.turn(DEFAULT, ({ nowMs }) => ({ result: nowMs, events: [created] }))
    store.stepMs = 900
    expect((await turn()) - store.nowMs).toBeLessThan(900)
    store.stepMs = 0
    store.nowMs += 1_000
    expect((await turn()) - store.nowMs).toBeLessThanOrEqual(50)
    for (let count = 0; count < 6; count += 1) await turn()
    store.nowMs += 1_000
    expect((await turn()) - store.nowMs).toBe(2)
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
