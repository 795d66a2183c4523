/**
 * A store of events in memory that keeps the contract of the port to the letter. Its answers come late and in
 * any order, its clock goes on with each call, and it can be away, forget, or lose its last entries. And
 * sandboxes on it, which count.
 *
 * @module
 */
import { ApiError } from '../src/model/refusal.ts'
import { REAL_CLOCK } from '../src/world/clock.ts'
import type { Entry, SandboxEvent } from '../src/world/event.ts'
import type { Appending, EventStore, LogSlice, Place } from '../src/world/event-store.ts'
import type { Beginning } from '../src/world/sandbox.ts'
import type { Decision, Sandboxes, Turn } from '../src/world/sandboxes.ts'
import { DEFAULT, look } from '../src/world/sandboxes.ts'
import { createSharedSandboxes } from '../src/world/shared-sandboxes.ts'

/** What a log holds: an entry knows which appending it came with. */
interface Log {
  base: number
  stampMs: number
  entries: { readonly mark: number; readonly text: string }[]
}

/** How many entries one answer carries. */
const PAGE = 1_000

/** A store in memory that is slow. */
export class SlowStore implements EventStore {
  readonly logs: Map<string, Log> = new Map()
  reads = 0
  appends = 0
  refused = 0
  compactions = 0
  isAway = false
  nowMs: number
  /** By how much the clock goes on with each call. */
  stepMs = 1
  #turns = 1
  #marks = 0

  constructor(nowMs: number) {
    this.nowMs = nowMs
  }

  async #wait(): Promise<void> {
    this.#turns = (this.#turns * 7 + 3) % 11
    for (let turn = 0; turn < this.#turns; turn += 1) await Promise.resolve()
    if (this.isAway) throw new ApiError('store_away')
    this.nowMs += this.stepMs
  }

  #log(key: string): Log {
    return this.logs.get(key) ?? { base: 0, stampMs: 0, entries: [] }
  }

  #slice({ base, entries, stampMs }: Log, place: Place): LogSlice {
    const [position, mark] = partsOf(place)
    const known = position === 0 ? base === 0 : entries[position - base - 1]?.mark === mark
    const from = known ? position : base
    const page = entries.slice(from - base, from - base + PAGE)
    return {
      clockMs: this.nowMs,
      stampMs: Math.max(this.nowMs, stampMs),
      isAnew: !known,
      entries: page.map(({ text }) => JSON.parse(text) as Entry),
      place: `${from + page.length} ${page.at(-1)?.mark ?? (known ? mark : 0)}`,
      length: entries.length,
      hasMore: from + page.length < base + entries.length,
    }
  }

  async read(key: string, place: Place): Promise<LogSlice> {
    await this.#wait()
    this.reads += 1
    return this.#slice(this.#log(key), place)
  }

  async append(
    key: string,
    place: Place,
    events: readonly SandboxEvent[],
    stampMs: number,
  ): Promise<Appending> {
    await this.#wait()
    this.appends += 1
    const log = this.#log(key)
    const slice = this.#slice(log, place)
    const isBehind = slice.isAnew || slice.entries.length > 0
    if (isBehind || stampMs < slice.stampMs) {
      this.refused += 1
      return { isTaken: false, slice }
    }
    this.#marks += 1
    for (const event of events) {
      log.entries.push({ mark: this.#marks, text: JSON.stringify({ stampMs, event }) })
    }
    log.stampMs = stampMs
    this.logs.set(key, log)
    const { clockMs, place: after, length } = this.#slice(log, placeAfter(log))
    return { isTaken: true, clockMs, place: after, length }
  }

  async compact(key: string, place: Place, entry: Entry): Promise<void> {
    await this.#wait()
    const log = this.#log(key)
    const [position, mark] = partsOf(place)
    if (this.#slice(log, place).isAnew || position <= log.base + 1) return
    this.compactions += 1
    log.entries.splice(0, position - log.base, { mark, text: JSON.stringify(entry) })
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

function partsOf(place: Place): [position: number, mark: number] {
  const [position, mark] = place.split(' ')
  return [Number(position ?? 0), Number(mark ?? 0)]
}

function placeAfter({ base, entries }: Log): Place {
  return `${base + entries.length} ${entries.at(-1)?.mark ?? 0}`
}

/** Where its clock begins. */
export const EPOCH: number = Date.UTC(2026, 0, 1)
/** How sandboxes on it begin. */
export const BEGINNING: Beginning = { seed: 1, clock: REAL_CLOCK, epochMs: EPOCH, faults: [], endpoints: [] }

/** A job is made. */
export const created: SandboxEvent = {
  ...{ type: 'created', api: 'skop', operationId: 'createJob', body: {}, steering: {}, key: null },
}

/** Adds one to what the sandbox counts, as it is found, and tells what it was. */
export function countUp({ sandbox }: Turn): Decision<number> {
  const count = sandbox.counts.get('a') ?? 0
  return { result: count, events: [{ type: 'counted', counts: { a: count + 1 } }] }
}

/** What the default sandbox counts. */
export function counted(of: Sandboxes): number | Promise<number> {
  return look(of, DEFAULT, ({ sandbox }) => sandbox.counts.get('a') ?? 0)
}

/** Sandboxes on a store of their own. */
export function sharing(store: SlowStore = new SlowStore(EPOCH)): {
  readonly store: SlowStore
  readonly shared: Sandboxes
} {
  return { store, shared: createSharedSandboxes(BEGINNING, store) }
}
