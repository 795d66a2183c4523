/**
 * The line before a sandbox that several processes share. Whoever waits takes a turn after the other; before
 * a batch of them the log is read once. What this process has folded is its own copy of what the log says.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { SandboxEvent } from './event.ts'
import type { Appending, EventStore, LogSlice, Place } from './event-store.ts'
import { BEFORE_ALL } from './event-store.ts'
import type { Beginning, Sandbox } from './sandbox.ts'
import { createSandbox } from './sandbox.ts'
import type { Decision, Turn } from './sandboxes.ts'

/** How often a decision is taken again because another process was faster. */
const TURN_LIMIT = 256
/**
 * What happens is stamped so far ahead of the store's clock: by then it has arrived there. What takes longer
 * is sent again; a large import takes longer each time, and gets what it needs.
 */
const MARGIN_MS = { least: 2, most: 50 }

/** What lines share. */
export interface LineParts {
  readonly store: EventStore
  /** A log is put together when it has more entries, and so many times more than the sandbox holds. */
  readonly compactAfter: number
  readonly compactRatio: number
  /** @throws {@link ApiError} `unavailable` when there is no room for one more sandbox. */
  readonly makeRoom: () => Promise<void>
}

type Decide<Result> = (turn: Turn) => Decision<Result>

/** A request that waits for its turn. */
interface Waiting {
  readonly take: () => Promise<void>
  readonly fail: (error: unknown) => void
}

/** A line, and the sandbox as far as this process has folded it. */
export class Line {
  readonly #key: string
  readonly #beginning: Beginning
  readonly #parts: LineParts
  #sandbox: Sandbox
  #place: Place = BEFORE_ALL
  /** What is now for the next decision, and what the store's clock showed when that was learned. */
  #stampMs = 0
  #clockMs = 0
  #marginMs = MARGIN_MS.least
  #length = 0
  #hasGrown = false
  /** Why nothing can be appended: who waits in the same batch need not find that out again. */
  #away: Failure | null = null
  #waiting: Waiting[] = []
  #isRunning = false

  constructor(key: string, beginning: Beginning, parts: LineParts) {
    this.#key = key
    this.#beginning = beginning
    this.#parts = parts
    this.#sandbox = createSandbox(beginning)
  }

  /** Nobody waits in it. */
  get isIdle(): boolean {
    return !this.#isRunning
  }

  /** How many events it keeps in memory: of jobs, and of webhooks. */
  get weight(): number {
    let weight = this.#sandbox.deliveries.entries.length
    for (const api of this.#sandbox.touched) weight += this.#sandbox.jobEvents(api).length
    return weight
  }

  /** Takes a turn, once all have taken theirs who came before. */
  turn<Result>(decide: Decide<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const take = async (): Promise<void> => resolve(await this.#settle(decide))
      this.#waiting.push({ take, fail: reject })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      // Read after they have come: no answer is older than its question.
      const batch = this.#waiting.splice(0)
      this.#away = null
      const unread = await failureOf(() => this.#read())
      for (const { take, fail } of batch) {
        const failure = unread ?? (await failureOf(take))
        if (failure !== null) fail(failure.error)
      }
      if (this.#hasGrown) await failureOf(() => this.#compact())
    }
    this.#isRunning = false
  }

  async #read(): Promise<void> {
    let hasMore = true
    while (hasMore) {
      const slice = await this.#parts.store.read(this.#key, this.#place)
      this.#fold(slice)
      hasMore = slice.hasMore
    }
  }

  #fold({ isAnew, entries, place, stampMs, clockMs, length }: LogSlice): void {
    try {
      if (isAnew) this.#sandbox = createSandbox(this.#beginning)
      for (const entry of entries) this.#sandbox.apply(entry)
    } catch (error) {
      // What was folded in part is no sandbox: it is read anew.
      this.#sandbox = createSandbox(this.#beginning)
      this.#place = BEFORE_ALL
      throw error
    }
    this.#place = place
    this.#length = length
    this.#stampMs = Math.max(this.#stampMs, stampMs)
    this.#clockMs = clockMs
  }

  /**
   * Takes a decision, and again while other processes are faster. What changes nothing is answered for the
   * instant of reading. What changes something is decided for an instant shortly after: either it is in the
   * log before the store's clock has come there, or it is decided once more.
   */
  async #settle<Result>(decide: Decide<Result>): Promise<Result> {
    let needMs = 0
    for (let turn = 0; turn < TURN_LIMIT; turn += 1) {
      const seen = decide(this.#at(this.#stampMs))
      if (seen.events.length === 0) return seen.result
      const askedMs = this.#clockMs
      const stampMs = Math.max(this.#stampMs, askedMs + Math.ceil(Math.max(needMs, this.#marginMs)))
      const { events, conclude } = decidedBy(() => decide(this.#at(stampMs)))
      this.#sandbox.verifyRoom(events)
      if (await this.#append(events, stampMs)) return conclude()
      needMs = turn === 0 ? 0 : 1.5 * (this.#clockMs - askedMs)
    }
    const again = { 'Retry-After': '1' }
    throw new ApiError('unavailable', 'Too much happens in this sandbox at once', [], again)
  }

  #at(stampMs: number): Turn {
    return { sandbox: this.#sandbox, stampMs, nowMs: this.#sandbox.nowMs(stampMs) }
  }

  /** Whether it happened; if not, what happened instead has been read. */
  async #append(events: readonly SandboxEvent[], stampMs: number): Promise<boolean> {
    const askedMs = this.#clockMs
    const appending = await this.#ask(events, stampMs)
    if (!appending.isTaken) {
      this.#learn(appending.slice.clockMs - askedMs)
      this.#fold(appending.slice)
      if (appending.slice.hasMore) await this.#read()
      return false
    }
    this.#learn(appending.clockMs - askedMs)
    const entries = events.map((event) => ({ stampMs, event }))
    this.#fold({ ...appending, stampMs, entries, isAnew: false, hasMore: false })
    this.#hasGrown = true
    return true
  }

  async #ask(events: readonly SandboxEvent[], stampMs: number): Promise<Appending> {
    if (this.#away !== null) throw this.#away.error
    const { store, makeRoom } = this.#parts
    try {
      if (this.#sandbox.isUntouched() && events.length > 0) await makeRoom()
      return await store.append(this.#key, this.#place, events, stampMs)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'store_away') this.#away = { error }
      throw error
    }
  }

  /** Twice what it took is enough next time; where that was too much, it soon becomes less. */
  #learn(tookMs: number): void {
    const { least, most } = MARGIN_MS
    const wished = Math.max(2 * tookMs, this.#marginMs / 2)
    this.#marginMs = Math.min(most, Math.max(least, wished))
  }

  /** Keeps the log short; where that fails, no answer is another. */
  async #compact(): Promise<void> {
    this.#hasGrown = false
    const { compactAfter, compactRatio } = this.#parts
    if (this.#length <= Math.max(compactAfter, compactRatio * this.weight)) return
    const stampMs = this.#stampMs
    const event: SandboxEvent = { type: 'restored', sandbox: this.#sandbox.toDocument(stampMs) }
    await this.#parts.store.compact(this.#key, this.#place, { stampMs, event })
  }
}

interface Failure {
  readonly error: unknown
}

async function failureOf(action: () => Promise<void>): Promise<Failure | null> {
  try {
    await action()
    return null
  } catch (error) {
    return { error }
  }
}

/** A refusal is an answer for its instant too, by which nothing happens. */
function decidedBy<Result>(decide: () => Decision<Result>): {
  readonly events: readonly SandboxEvent[]
  readonly conclude: () => Result
} {
  try {
    const { result, events } = decide()
    return { events, conclude: () => result }
  } catch (error) {
    return {
      events: [],
      conclude() {
        throw error
      },
    }
  }
}
