/**
 * One attempt to deliver a webhook, as two turns of its sandbox with the sending between them: it is claimed,
 * so that nobody else begins it, and then told how it ended.
 *
 * @module
 */
import type { Webhooks } from '../vendor/vendor.ts'
import type { Delivery } from '../world/delivery.ts'
import { isOpen } from '../world/delivery.ts'
import type { Attempted, Claimed, DeliveryRef } from '../world/event.ts'
import type { Decision, Turn } from '../world/sandboxes.ts'
import type { Knowing, Message, Told } from './webhook-delivery.ts'
import { findDelivery, listDeliveries, messageOf, nextTellingMs } from './webhook-delivery.ts'

/** What is due in a sandbox. */
export interface Look {
  /** In the order in which it is to be sent. */
  readonly due: readonly Delivery[]
  /** In how many milliseconds something else may be due; null where only events can make it so. */
  readonly nextInMs: number | null
  /** How much has happened to the jobs that were looked at: the more, the longer it has taken. */
  readonly size: number
}

/** An attempt that nobody else makes. */
export interface Claim {
  readonly claimed: Claimed
  readonly secret: string
  readonly webhooks: Webhooks
  /** An error where it could not be rendered. */
  readonly message: Message | Error
}

/** How an attempt ended. */
export type Ending = Pick<Attempted, 'status' | 'error'>

/** Beyond the vendor's timeout, for what is done before and after the sending. */
const GRACE_MS = 5_000

const NOTHING: Look = { due: [], nextInMs: null, size: 0 }

/** Looks at what is due. A virtual clock moves by events alone, so that nothing comes due by waiting. */
export function lookAt(server: Knowing, turn: Turn): Look {
  const { sandbox, nowMs, stampMs } = turn
  if (sandbox.endpoints.length === 0) return NOTHING
  const all = listDeliveries(server, turn).filter(({ delivery }) => delivery.endpoint !== null)
  const due = all
    .filter((told) => isDue(told, nowMs))
    .sort((a, b) => Number(a.standing.nextMs) - Number(b.standing.nextMs))
    .map(({ delivery }) => delivery)
  const size = [...sandbox.touched].reduce((sum, api) => sum + sandbox.jobEvents(api).length, 0)
  if (sandbox.clock.mode !== 'real') return { due, nextInMs: null, size }
  const moment = nextTellingMs(server, turn)
  const waits = [
    ...(moment === null ? [] : [moment - nowMs]),
    ...all.flatMap(({ standing: { nextMs } }) => (nextMs === null || nextMs <= nowMs ? [] : nextMs - nowMs)),
    ...all.flatMap(({ delivery: { id } }) =>
      sandbox.deliveries.of(id).flatMap((event) => (isOpen(event, stampMs) ? event.untilMs - stampMs : [])),
    ),
  ]
  const nextInMs = waits.length === 0 ? null : waits.reduce((least, wait) => Math.min(least, wait))
  return { due, nextInMs, size }
}

function isDue({ standing: { state, nextMs } }: Told, nowMs: number): boolean {
  return state === 'waiting' && nextMs !== null && nextMs <= nowMs
}

/** Claims a delivery's next attempt; null where it is not due, or somebody else was faster. */
export function claim(server: Knowing, turn: Turn, delivery: Delivery): Decision<Claim | null> {
  const found = findDelivery(server, turn, delivery)
  const endpoint = found?.delivery.endpoint
  if (found === undefined || endpoint == null || !isDue(found, turn.nowMs))
    return { result: null, events: [] }
  const { webhooks, standing } = found
  const claimed: Claimed = {
    type: 'claimed',
    ...refOf(found.delivery, endpoint.url),
    attempt: standing.attempts.length + 1,
    untilMs: turn.stampMs + webhooks.timeoutMs + GRACE_MS,
  }
  const message = render(server, turn, found.delivery)
  return { result: { claimed, webhooks, message, secret: endpoint.secret }, events: [claimed] }
}

function refOf({ id, api, job, event, dueMs }: Delivery, url: string): DeliveryRef {
  return { id, api, job, event, dueMs, url }
}

/** A vendor that fails is our mistake: it is told of, and counts as an attempt, so that it does not go on. */
function render(server: Knowing, turn: Turn, delivery: Delivery): Message | Error {
  try {
    return messageOf(server, turn, delivery) ?? new Error(`There is no job ${delivery.job}`)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/**
 * Tells how an attempt ended, unless the sandbox has become another one meanwhile. A claim may have been
 * stamped a little before the answer that its maker got; one of another world was made later.
 */
export function conclude({ sandbox }: Turn, claimed: Claimed, ending: Ending): Decision<true> {
  const { type: _, untilMs, ...attempt } = claimed
  const isOurs = sandbox.deliveries
    .of(claimed.id)
    .some((own) => own.type === 'claimed' && own.attempt === attempt.attempt && own.untilMs <= untilMs)
  const event: Attempted = { type: 'attempted', ...attempt, ...ending }
  return { result: true, events: isOurs ? [event] : [] }
}
