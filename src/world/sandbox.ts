/**
 * A sandbox: an isolated world of its own seed, clock, jobs and faults. It is what its events have made of
 * it, and knows no API: whose jobs the events make is `jobs.ts`.
 *
 * @module
 */
import { formatDuration, parseDuration } from '../model/duration.ts'
import { ApiError } from '../model/refusal.ts'
import type { Clock, ClockSetting } from './clock.ts'
import { instantOf, LAST_INSTANT_MS } from './clock.ts'
import type { DeliveryLog } from './delivery-log.ts'
import { createDeliveryLog, LOG_LIMIT } from './delivery-log.ts'
import type { Dated, Entry, JobEvent, SandboxDocument, SandboxEvent } from './event.ts'
import { endpointsFrom } from './webhook.ts'

/** How a sandbox begins. */
export interface Beginning {
  readonly seed: number
  readonly clock: ClockSetting
  /** Where virtual clocks begin, milliseconds since the epoch. */
  readonly epochMs: number
  readonly faults: SandboxDocument['faults']
  readonly endpoints: SandboxDocument['endpoints']
}

/** An isolated world. */
export interface Sandbox {
  readonly seed: number
  readonly clock: Clock
  readonly faults: SandboxDocument['faults']
  readonly counts: ReadonlyMap<string, number>
  readonly endpoints: SandboxDocument['endpoints']
  /** What was attempted to deliver its webhooks. */
  readonly deliveries: DeliveryLog
  /** Rises whenever its past is replaced: what was made of earlier events holds no more. */
  readonly generation: number
  /** How many events it has taken in, this process's count. */
  readonly position: number
  /** What has happened to the jobs of an API. */
  jobEvents(api: string): readonly Dated<JobEvent>[]
  /** The ids of the APIs to whose jobs something has happened. */
  readonly touched: Iterable<string>
  /** The instant that its clock shows. */
  nowMs(stampMs: number): number
  /** Nothing has happened in it yet. */
  isUntouched(): boolean
  /** @throws {@link ApiError} `unavailable` when more has happened in it than it may hold. */
  verifyRoom(events: readonly SandboxEvent[]): void
  /** Takes an event in. */
  apply(entry: Entry): void
  toDocument(stampMs: number): SandboxDocument
}

/** How much may happen in one sandbox: its memory is bounded. */
export const EVENT_LIMIT = 100_000
/** The bodies of all requests that made jobs, in characters. */
const BODY_LIMIT = 16 * 2 ** 20
/** How many counts are kept; older ones go. */
const COUNT_LIMIT = 10_000

/** Makes a sandbox in which nothing has happened. */
export function createSandbox(beginning: Beginning): Sandbox {
  return new Past(beginning)
}

/** What the events so far have made of a sandbox. */
class Past implements Sandbox {
  seed: number
  clock: Clock
  faults: SandboxDocument['faults']
  endpoints: SandboxDocument['endpoints']
  counts = new Map<string, number>()
  deliveries: DeliveryLog = createDeliveryLog()
  generation = 0
  position = 0
  readonly #epochMs: number
  #events: Dated<JobEvent>[] = []
  #byApi = new Map<string, Dated<JobEvent>[]>()
  #bytes = 0
  #lastMs = Number.NEGATIVE_INFINITY

  constructor({ seed, clock, epochMs, faults, endpoints }: Beginning) {
    this.seed = seed
    this.clock = { ...clock, atMs: epochMs, aheadMs: 0 }
    this.faults = faults
    this.endpoints = endpoints
    this.#epochMs = epochMs
  }

  get touched(): Iterable<string> {
    return this.#byApi.keys()
  }

  jobEvents(api: string): readonly Dated<JobEvent>[] {
    return this.#byApi.get(api) ?? NONE
  }

  nowMs(stampMs: number): number {
    const shownMs = instantOf(this.clock, stampMs)
    return this.clock.mode === 'real' ? Math.max(this.#lastMs, shownMs) : shownMs
  }

  isUntouched(): boolean {
    return this.position === 0
  }

  verifyRoom(more: readonly SandboxEvent[]): void {
    const size = more.reduce((sum, event) => sum + (isJobEvent(event) ? bytesOf(event) : 0), 0)
    const grows = size > 0 && (this.#events.length >= EVENT_LIMIT || this.#bytes + size > BODY_LIMIT)
    const sends = more.some(({ type }) => type === 'claimed' || type === 'redelivered')
    if (!grows && !(sends && this.deliveries.entries.length >= LOG_LIMIT)) return
    throw new ApiError('unavailable', 'Too much has happened in this sandbox; reset it')
  }

  apply({ event, stampMs }: Entry): void {
    this.position += 1
    if (isJobEvent(event)) this.#remember({ ...event, atMs: this.nowMs(stampMs) })
    else this.#applyOther(event, stampMs)
  }

  #applyOther(event: Exclude<SandboxEvent, JobEvent>, stampMs: number): void {
    switch (event.type) {
      case 'clock_set':
        this.#setClock(event, stampMs)
        break
      case 'clock_moved':
        this.#moveClock(event.toMs, stampMs)
        break
      case 'faults_set':
        this.faults = event.rules
        this.counts = new Map()
        break
      case 'counted':
        for (const [key, count] of Object.entries(event.counts)) renew(this.counts, key, count)
        dropOldest(this.counts)
        break
      case 'endpoints_set':
        this.endpoints = event.endpoints
        break
      case 'claimed':
      case 'attempted':
      case 'redelivered':
        this.deliveries.apply({ ...event, atMs: this.nowMs(stampMs) })
        break
      case 'restored':
        this.#restore(event.sandbox, stampMs)
    }
  }

  #remember(event: Dated<JobEvent>): void {
    this.#events.push(event)
    const own = this.#byApi.get(event.api)
    if (own === undefined) this.#byApi.set(event.api, [event])
    else own.push(event)
    this.#bytes += bytesOf(event)
    this.#lastMs = event.atMs
  }

  /**
   * A virtual clock begins at the epoch, unless something has happened: then time stops where it is. A real
   * one goes on from where time stood if the wall clock is behind that.
   */
  #setClock({ mode, stepMs, toMs }: SandboxEvent & { type: 'clock_set' }, stampMs: number): void {
    const { clock } = this
    const begins = clock.mode === 'real' && clock.aheadMs === 0 && this.#events.length === 0
    const atMs = toMs ?? (begins ? this.#epochMs : this.nowMs(stampMs))
    const goesOnMs = Math.max(clock.aheadMs, this.nowMs(stampMs) - stampMs)
    const aheadMs = mode !== 'real' ? 0 : toMs === null ? goesOnMs : toMs - stampMs
    if (toMs !== null) this.#lastMs = Number.NEGATIVE_INFINITY
    this.clock = { mode, stepMs, atMs, aheadMs }
    this.endpoints = endpointsFrom(this.endpoints, this.nowMs(stampMs))
  }

  #moveClock(toMs: number, stampMs: number): void {
    const { clock } = this
    this.clock =
      clock.mode === 'real'
        ? { ...clock, aheadMs: toMs - stampMs }
        : { ...clock, atMs: Math.min(LAST_INSTANT_MS, Math.max(toMs, clock.atMs)) }
  }

  #restore(document: SandboxDocument, stampMs: number): void {
    const { mode, now, step = '' } = document.clock
    const atMs = Date.parse(now)
    this.seed = document.seed
    this.clock = {
      ...{ mode, stepMs: parseDuration(step) ?? 0, atMs },
      aheadMs: mode === 'real' ? atMs - stampMs : 0,
    }
    this.faults = document.faults
    this.endpoints = endpointsFrom(document.endpoints, atMs)
    this.counts = new Map(Object.entries(document.counts))
    this.deliveries = createDeliveryLog(document.deliveries)
    this.generation += 1
    this.#events = []
    this.#byApi = new Map()
    this.#bytes = 0
    this.#lastMs = Number.NEGATIVE_INFINITY
    for (const event of document.events) this.#remember(event)
    // A clock that was put back shows what it was put to.
    if (this.#lastMs > atMs) this.#lastMs = Number.NEGATIVE_INFINITY
  }

  toDocument(stampMs: number): SandboxDocument {
    const { mode, stepMs } = this.clock
    const now = new Date(this.nowMs(stampMs)).toISOString()
    return {
      seed: this.seed,
      clock: { mode, now, ...(mode === 'step' ? { step: formatDuration(stepMs) } : {}) },
      faults: this.faults,
      counts: Object.fromEntries(this.counts),
      endpoints: this.endpoints,
      deliveries: [...this.deliveries.entries],
      events: [...this.#events],
    }
  }
}

const NONE: readonly Dated<JobEvent>[] = []
const JOB_EVENTS: ReadonlySet<string> = new Set<JobEvent['type']>([
  'created',
  'cancelled',
  'moved',
  'removed',
])

function isJobEvent(event: SandboxEvent): event is JobEvent {
  return JOB_EVENTS.has(event.type)
}

/** What an event weighs, in characters: what a client has sent, and something for the rest. */
function bytesOf(event: JobEvent): number {
  return 64 + (event.type === 'created' ? JSON.stringify(event.body).length : 0)
}

/** What is counted again is as young as what is counted first. */
function renew(counts: Map<string, number>, key: string, count: number): void {
  counts.delete(key)
  counts.set(key, count)
}

function dropOldest(counts: Map<string, number>): void {
  for (const key of counts.keys()) {
    if (counts.size <= COUNT_LIMIT) return
    counts.delete(key)
  }
}
