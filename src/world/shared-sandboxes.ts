/**
 * Sandboxes that several processes share: what happens in them is kept in a store, and each process folds the
 * same events. Requests of one sandbox wait in one line; a whole batch of them costs one round trip.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { SandboxEvent } from './event.ts'
import type { EventStore, LogSlice } from './event-store.ts'
import type { Beginning, Sandbox } from './sandbox.ts'
import { createSandbox } from './sandbox.ts'
import type { Decision, Sandboxes, Turn } from './sandboxes.ts'
import { keyOfSandbox } from './sandboxes.ts'

/** How often a decision is taken again because another process was faster. */
const TURN_LIMIT = 64
/** A log is put together into one entry when it has grown by so many. */
const COMPACT_AFTER = 2_000
/** How many sandboxes a process keeps folded; others are folded again when they are asked for. */
const FOLDED_LIMIT = 1_000

/** Makes sandboxes whose events are kept in a store. */
export function createSharedSandboxes(beginning: Beginning, store: EventStore): Sandboxes {
  const lines = new Map<string, Line>()

  function lineOf(key: string, seed: number | null): Line {
    const known = lines.get(key)
    if (known !== undefined) return known
    for (const [other, line] of lines) {
      if (lines.size < FOLDED_LIMIT) break
      if (line.isIdle()) lines.delete(other)
    }
    const line = new Line(key, { ...beginning, seed: seed ?? beginning.seed }, store)
    lines.set(key, line)
    return line
  }

  return {
    turn: (of, decide) => lineOf(keyOfSandbox(of), of.seed).turn(decide),
    async names() {
      return (await store.keys()).filter((key) => !key.includes(' ')).sort()
    },
    async remove(name) {
      const keys = (await store.keys()).filter((key) => key === name || key.startsWith(`${name} `))
      await store.remove(keys)
    },
  }
}

/** A request that waits for its turn. */
interface Waiting {
  readonly take: (stampMs: number) => Promise<number>
  readonly fail: (error: unknown) => void
}

/** The line before one sandbox, and the sandbox as far as this process has folded it. */
class Line {
  readonly #key: string
  readonly #beginning: Beginning
  readonly #store: EventStore
  #sandbox: Sandbox
  #position = 0
  /** Where the log began when it was last read anew. */
  #base = 0
  #waiting: Waiting[] = []
  #running = false

  constructor(key: string, beginning: Beginning, store: EventStore) {
    this.#key = key
    this.#beginning = beginning
    this.#store = store
    this.#sandbox = createSandbox(beginning)
  }

  isIdle(): boolean {
    return !this.#running && this.#waiting.length === 0
  }

  turn<Result>(decide: (turn: Turn) => Decision<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const take = async (stampMs: number): Promise<number> => {
        const { result, stampMs: shownMs } = await this.#settle(decide, stampMs)
        resolve(result)
        return shownMs
      }
      this.#waiting.push({ take, fail: reject })
      if (!this.#running) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#running = true
    while (this.#waiting.length > 0) {
      // Read after they have come: no answer is older than its question.
      const batch = this.#waiting.splice(0)
      let stampMs = await this.#readFor(batch)
      if (stampMs === null) continue
      for (const { take, fail } of batch) {
        try {
          stampMs = await take(stampMs)
        } catch (error) {
          fail(error)
        }
      }
    }
    this.#running = false
  }

  async #readFor(batch: readonly Waiting[]): Promise<number | null> {
    try {
      return await this.#read()
    } catch (error) {
      for (const { fail } of batch) fail(error)
      return null
    }
  }

  async #read(): Promise<number> {
    const slice = await this.#store.read(this.#key, this.#position)
    this.#fold(slice)
    return slice.stampMs
  }

  /** A log that begins elsewhere was put together, or is another one: it is folded from its beginning. */
  #fold({ from, entries }: LogSlice): void {
    if (from !== this.#position) {
      this.#sandbox = createSandbox(this.#beginning)
      this.#base = from
    }
    for (const entry of entries) this.#sandbox.apply(entry)
    this.#position = from + entries.length
  }

  /**
   * Takes a decision, and again while other processes are faster. With a real clock what happened is stamped
   * by the store, later than the decision: the answer is then that of the stamp.
   */
  async #settle<Result>(
    decide: (turn: Turn) => Decision<Result>,
    askedMs: number,
  ): Promise<{ readonly result: Result; readonly stampMs: number }> {
    let stampMs = askedMs
    for (let turn = 0; turn < TURN_LIMIT; turn += 1) {
      const { result, events } = decide(this.#at(stampMs))
      if (events.length === 0) return { result, stampMs }
      this.#sandbox.verifyRoom(events)
      const appended = await this.#store.append(this.#key, this.#position, events)
      if (appended !== null) return this.#happened(decide, result, events, stampMs, appended.stampMs)
      stampMs = await this.#read()
    }
    const again = { 'Retry-After': '1' }
    throw new ApiError('store_away', 'Too much happens in this sandbox at once', [], again)
  }

  #at(stampMs: number): Turn {
    return { sandbox: this.#sandbox, stampMs, nowMs: this.#sandbox.nowMs(stampMs) }
  }

  async #happened<Result>(
    decide: (turn: Turn) => Decision<Result>,
    result: Result,
    events: readonly SandboxEvent[],
    decidedMs: number,
    stampMs: number,
  ): Promise<{ readonly result: Result; readonly stampMs: number }> {
    try {
      const moved = this.#sandbox.clock.mode === 'real' && stampMs !== decidedMs
      return { result: moved ? decide(this.#at(stampMs)).result : result, stampMs }
    } finally {
      for (const event of events) this.#sandbox.apply({ stampMs, event })
      this.#position += events.length
      await this.#compact(stampMs)
    }
  }

  /** Keeps the log short; that it fails now and then does no harm. */
  async #compact(stampMs: number): Promise<void> {
    if (this.#position - this.#base < COMPACT_AFTER) return
    this.#base = this.#position
    const event: SandboxEvent = { type: 'restored', sandbox: this.#sandbox.toDocument(stampMs) }
    await this.#store.compact(this.#key, this.#position, { stampMs, event }).catch(() => undefined)
  }
}
