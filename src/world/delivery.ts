/**
 * The deliveries of webhooks: what there is to tell follows from the jobs, the endpoints and the clock, and
 * how a delivery stands from what was attempted. Nothing of it is kept, and nothing is sent here.
 *
 * @module
 */
import type { JobState, JobView } from '../model/job.ts'
import { drawId } from '../random/id.ts'
import { keyOf } from '../random/key.ts'
import type { Webhooks } from '../vendor/vendor.ts'
import type { Claimed, Dated, DeliveryEvent } from './event.ts'
import type { Endpoint } from './webhook.ts'

/** One thing to tell one receiver. */
export interface Delivery {
  /** The same in every sandbox of a seed. */
  readonly id: string
  readonly api: string
  /** The id of the job. */
  readonly job: string
  /** The state that the job entered. */
  readonly state: JobState
  /** The vendor's name of it. */
  readonly event: string
  /** When the job entered it. */
  readonly dueMs: number
  /** Null where nobody wants to know. */
  readonly endpoint: Endpoint | null
}

/** How one attempt went. */
export interface Attempt {
  /** Counted from 1. */
  readonly number: number
  /** When it began, by the sandbox's clock. */
  readonly atMs: number
  readonly status: number | null
  readonly error: string | null
}

/** How a delivery stands: it waits for its next attempt, is being sent, has arrived or was given up. */
export interface Standing {
  readonly state: 'waiting' | 'sending' | 'delivered' | 'failed'
  readonly attempts: readonly Attempt[]
  /** When the next attempt is due, by the sandbox's clock; null when there is none. */
  readonly nextMs: number | null
}

/** Whose deliveries are asked for. */
export interface Telling {
  readonly seed: number
  readonly api: string
  readonly webhooks: Webhooks
  readonly endpoints: readonly Endpoint[]
}

/** The deliveries about a job, of all that has happened to it so far. Held jobs tell nothing. */
export function deliveriesAbout(telling: Telling, view: JobView): readonly Delivery[] {
  if (view.job.heldAtMs !== null) return []
  const entered: readonly (readonly [JobState, number | null])[] = [
    ['queued', view.job.createdAtMs],
    ['running', view.startedAtMs],
    [view.state, view.endedAtMs],
  ]
  return entered.flatMap(([state, dueMs]) => (dueMs === null ? [] : told(telling, view.job.id, state, dueMs)))
}

function told(
  { seed, api, webhooks, endpoints }: Telling,
  job: string,
  state: JobState,
  dueMs: number,
): readonly Delivery[] {
  const event = webhooks.events[state]
  if (event === undefined) return []
  const about = { api, job, state, event, dueMs }
  const all = endpoints
    .filter((endpoint) => endpoint.api === api && wants(endpoint, event, dueMs))
    .map((endpoint): Delivery => {
      return {
        ...about,
        id: idOf(webhooks, [seed, api, job, state, endpoint.number ?? endpoint.url]),
        endpoint,
      }
    })
    .filter(({ id, dueMs, endpoint }) => endpoint?.sinceMs !== dueMs || !endpoint.before?.includes(id))
  if (all.length > 0) return all
  return [{ ...about, id: idOf(webhooks, [seed, api, job, state]), endpoint: null }]
}

function wants({ events, sinceMs }: Endpoint, event: string, dueMs: number): boolean {
  return (sinceMs === undefined || sinceMs <= dueMs) && (events.length === 0 || events.includes(event))
}

function idOf({ deliveryId }: Webhooks, parts: readonly (string | number)[]): string {
  return drawId(keyOf('webhook', ...parts), deliveryId)
}

/**
 * How a delivery stands.
 *
 * @param history - What has happened to it, in order. An attempt of which nothing was heard in time has
 * failed: nobody begins it again, since it may have arrived.
 */
export function standingOf(
  { dueMs }: Pick<Delivery, 'dueMs'>,
  { retryDelaysMs }: Pick<Webhooks, 'retryDelaysMs'>,
  history: readonly Dated<DeliveryEvent>[],
  stampMs: number,
): Standing {
  const attempts = history.flatMap((event) => (event.type === 'redelivered' ? [] : attemptOf(event, stampMs)))
  if (history.some((event) => isOpen(event, stampMs))) return { state: 'sending', attempts, nextMs: null }
  const asked = history.findLastIndex(({ type }) => type === 'redelivered')
  const round = history.slice(asked + 1)
  if (round.some((event) => event.type === 'attempted' && isSuccess(event.status))) {
    return { state: 'delivered', attempts, nextMs: null }
  }
  const last = round.at(-1)
  if (last === undefined) return { state: 'waiting', attempts, nextMs: history[asked]?.atMs ?? dueMs }
  const delayMs = retryDelaysMs[round.length - 1]
  if (delayMs === undefined) return { state: 'failed', attempts, nextMs: null }
  return { state: 'waiting', attempts, nextMs: last.atMs + delayMs }
}

const GONE = 'Whoever sent it was gone before it ended'

function attemptOf(
  event: Exclude<Dated<DeliveryEvent>, { readonly type: 'redelivered' }>,
  stampMs: number,
): Attempt {
  const { attempt: number, atMs } = event
  if (event.type === 'attempted') return { number, atMs, status: event.status, error: event.error }
  return { number, atMs, status: null, error: isOpen(event, stampMs) ? null : GONE }
}

/** An attempt is under way. */
export function isOpen(event: DeliveryEvent, stampMs: number): event is Claimed {
  return event.type === 'claimed' && event.untilMs > stampMs
}

/** Redirects are none: nobody follows them. */
function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300
}
