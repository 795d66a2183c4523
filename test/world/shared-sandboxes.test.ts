/**
 * Sandboxes behind a store, on a store in memory whose answers come late and in any order: nothing is lost or
 * doubled, and no job goes back, however many processes there are.
 */
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/model/refusal.ts'
import { REAL_CLOCK } from '../../src/world/clock.ts'
import type { Entry, SandboxEvent } from '../../src/world/event.ts'
import type { EventStore } from '../../src/world/event-store.ts'
import type { Beginning } from '../../src/world/sandbox.ts'
import type { Sandboxes, Turn } from '../../src/world/sandboxes.ts'
import { createSandboxes, DEFAULT, look } from '../../src/world/sandboxes.ts'
import { createSharedSandboxes } from '../../src/world/shared-sandboxes.ts'

const EPOCH = Date.UTC(2026, 0, 1)
const BEGINNING: Beginning = { seed: 1, clock: REAL_CLOCK, epochMs: EPOCH, faults: [], endpoints: [] }

interface Log {
  base: number
  entries: Entry[]
}

/** A store in memory; each call takes a few turns of the event loop, and its clock goes on by one. */
class SlowStore implements EventStore {
  readonly logs = new Map<string, Log>()
  reads = 0
  compactions = 0
  away = false
  nowMs = EPOCH
  #turns = 1

  async #wait(): Promise<void> {
    this.#turns = (this.#turns * 7 + 3) % 11
    for (let turn = 0; turn < this.#turns; turn += 1) await Promise.resolve()
    if (this.away) throw new ApiError('store_away')
    this.nowMs += 1
  }

  #log(key: string): Log {
    const log = this.logs.get(key) ?? { base: 0, entries: [] }
    this.logs.set(key, log)
    return log
  }

  async read(key: string, position: number): ReturnType<EventStore['read']> {
    await this.#wait()
    this.reads += 1
    const { base, entries } = this.#log(key)
    const from = position < base || position > base + entries.length ? base : position
    const text = JSON.stringify(entries.slice(from - base))
    return { stampMs: this.nowMs, from, entries: JSON.parse(text) as Entry[] }
  }

  async append(
    key: string,
    position: number,
    events: readonly SandboxEvent[],
  ): ReturnType<EventStore['append']> {
    await this.#wait()
    const { base, entries } = this.#log(key)
    if (position !== base + entries.length) return null
    for (const event of events) entries.push({ stampMs: this.nowMs, event })
    return { stampMs: this.nowMs }
  }

  async compact(key: string, position: number, entry: Entry): Promise<void> {
    await this.#wait()
    const log = this.#log(key)
    this.compactions += 1
    log.entries.splice(0, position - log.base, entry)
    log.base = position - 1
  }

  async keys(): Promise<readonly string[]> {
    return [...this.logs].filter(([, { entries }]) => entries.length > 0).map(([key]) => key)
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.logs.delete(key)
  }

  async close(): Promise<void> {}
}

const created: SandboxEvent = {
  ...{ type: 'created', api: 'skop', operationId: 'createJob', body: {}, steering: {}, key: null },
}

/** Adds one to what the sandbox counts, as it is found, and tells what it was. */
function countUp({ sandbox }: Turn): { result: number; events: readonly SandboxEvent[] } {
  const count = sandbox.counts.get('a') ?? 0
  return { result: count, events: [{ type: 'counted', counts: { a: count + 1 } }] }
}

const counted = (of: Sandboxes): number | Promise<number> =>
  look(of, DEFAULT, ({ sandbox }) => sandbox.counts.get('a') ?? 0)

describe('sandboxes that are shared', () => {
  it('lose nothing and double nothing, whoever writes at the same time', async () => {
    const store = new SlowStore()
    const processes = [1, 2, 3].map(() => createSharedSandboxes(BEGINNING, store))
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, index) => processes[index % 3]?.turn(DEFAULT, countUp)),
    )
    expect(results.map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, index) => index),
    )
    for (const of of processes) expect(await counted(of)).toBe(300)
  })

  it('answer as sandboxes in memory do', async () => {
    const store = new SlowStore()
    const shared = createSharedSandboxes(BEGINNING, store)
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

  it('stamp what happens by the clock of the store, and answer for that instant', async () => {
    const store = new SlowStore()
    const shared = createSharedSandboxes(BEGINNING, store)
    const answered = await shared.turn(DEFAULT, ({ nowMs }) => ({ result: nowMs, events: [created] }))
    const [event] = await look(shared, DEFAULT, ({ sandbox }) => sandbox.jobEvents('skop'))
    expect(event?.atMs).toBe(answered)
    expect(store.logs.get('default')?.entries[0]?.stampMs).toBe(answered)
  })

  it('ask the store once for all that wait at the same time', async () => {
    const store = new SlowStore()
    const shared = createSharedSandboxes(BEGINNING, store)
    await Promise.all(Array.from({ length: 100 }, () => counted(shared)))
    expect(store.reads).toBeLessThanOrEqual(3)
  })

  it('put long logs together, and go on as before, here and in a process that comes later', async () => {
    const store = new SlowStore()
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (let count = 0; count < 4_500; count += 1) {
      await one.turn(DEFAULT, countUp)
      if (count % 900 === 0) await two.turn(DEFAULT, () => ({ result: null, events: [created] }))
    }
    expect(store.compactions).toBeGreaterThan(1)
    expect(store.logs.get('default')?.entries.length).toBeLessThan(3_000)
    const late = createSharedSandboxes(BEGINNING, store)
    const seen = ({ sandbox }: Turn): unknown => [sandbox.counts.get('a'), sandbox.jobEvents('skop')]
    const [first, ...others] = await Promise.all([one, two, late].map((of) => look(of, DEFAULT, seen)))
    for (const other of others) expect(other).toEqual(first)
    expect(first).toMatchObject([4_500, { length: 5 }])
  })

  it('fail while the store is away, each request for itself, and go on when it is back', async () => {
    const store = new SlowStore()
    const shared = createSharedSandboxes(BEGINNING, store)
    await shared.turn(DEFAULT, countUp)
    store.away = true
    const failed = await Promise.allSettled([shared.turn(DEFAULT, countUp), counted(shared)])
    for (const { status } of failed) expect(status).toBe('rejected')
    store.away = false
    expect(await counted(shared)).toBe(1)
  })

  it('begin anew where the store has forgotten', async () => {
    const store = new SlowStore()
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (const of of [one, two, one]) await of.turn(DEFAULT, countUp)
    expect(await one.names()).toEqual(['default'])
    await one.remove('default')
    expect([await counted(two), await counted(one), await one.names()]).toEqual([0, 0, []])
    expect(await two.turn(DEFAULT, countUp)).toBe(0)
  })

  it('pass on what a decision throws, and answer the next one', async () => {
    const shared = createSharedSandboxes(BEGINNING, new SlowStore())
    const refused = shared.turn(DEFAULT, () => {
      throw new ApiError('job_not_found')
    })
    const next = shared.turn(DEFAULT, countUp)
    await expect(refused).rejects.toMatchObject({ code: 'job_not_found' })
    expect(await next).toBe(0)
  })
})
