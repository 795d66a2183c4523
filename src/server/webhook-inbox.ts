/**
 * The inbox of a sandbox: every delivery as people and tests look at it, sent or not, with what was sent.
 * Those whose job or endpoint is gone are known from what was attempted.
 *
 * @module
 */
import type { Webhooks } from '../vendor/vendor.ts'
import type { Attempt, Delivery, Standing } from '../world/delivery.ts'
import { standingOf } from '../world/delivery.ts'
import type { Dated, DeliveryEvent, DeliveryRef } from '../world/event.ts'
import type { Turn } from '../world/sandboxes.ts'
import type { Knowing, Message, Told } from './webhook-delivery.ts'
import { listDeliveries, messageOf, sentHeaders } from './webhook-delivery.ts'
import { signatureOf } from './webhook-signature.ts'

/** How a delivery stands: `unsent` ones have no receiver. */
export const DELIVERY_STATES = ['unsent', 'waiting', 'sending', 'delivered', 'failed'] as const

/** A delivery as it is looked at. */
export interface Item extends Omit<DeliveryRef, 'url'> {
  readonly state: (typeof DELIVERY_STATES)[number]
  readonly url: string | null
  readonly attempts: readonly Attempt[]
  /** When the next attempt is due; null when there is none. */
  readonly nextMs: number | null
  /** Without its signature; null when the job is gone. */
  readonly message: Message | null
  /** What makes the signature; null where it cannot be made. */
  readonly signing: { readonly signature: Webhooks['signature']; readonly secret: string } | null
}

/** Which deliveries are asked for; what is left out does not matter. */
export type Filter = Partial<Pick<Item, 'id' | 'api' | 'job' | 'event' | 'state'>>

/** The deliveries that are asked for, in the order in which they happened. */
export interface Inbox {
  readonly items: readonly Item[]
  /** How many there are. */
  readonly total: number
}

/**
 * Looks into the inbox.
 *
 * @param limit - How many are shown: the latest ones.
 */
export function inboxOf(server: Knowing, turn: Turn, filter: Filter, limit: number): Inbox {
  const told = listDeliveries(server, turn)
  const known = new Set(told.map(({ delivery }) => delivery.id))
  const gone = orphans(turn, known)
  const sent = new Set(gone.map(({ ref }) => momentOf(ref)))
  const own = told
    .map((each): Entry => ({ ...each, ...stateOf(each), ref: each.delivery }))
    .filter(({ state, ref }) => state !== 'unsent' || !sent.has(momentOf(ref)))
  const meant = [...own, ...gone]
    .filter((entry) => isMeant(entry, filter))
    .sort((a, b) => a.ref.dueMs - b.ref.dueMs)
  const items = meant.slice(-limit).map((entry) => toItem(server, turn, entry))
  return { items, total: meant.length }
}

/** A delivery before it is rendered. */
interface Entry {
  readonly ref: Omit<DeliveryRef, 'url'>
  readonly url: string | null
  readonly state: Item['state']
  readonly standing: Standing
  readonly delivery?: Delivery
  readonly webhooks?: Webhooks
}

/** What was told to one that is gone is not unsent. */
function momentOf({ api, job, event }: Entry['ref']): string {
  return JSON.stringify([api, job, event])
}

function stateOf({ delivery: { endpoint }, standing }: Told): Pick<Entry, 'state' | 'url'> {
  return { state: endpoint === null ? 'unsent' : standing.state, url: endpoint?.url ?? null }
}

/** Of those that nobody would send any more only what was attempted is known. */
function orphans({ sandbox, stampMs }: Turn, known: ReadonlySet<string>): readonly Entry[] {
  const refs = new Map<string, Exclude<Dated<DeliveryEvent>, { readonly type: 'redelivered' }>>()
  for (const event of sandbox.deliveries.entries) {
    if (event.type !== 'redelivered' && !known.has(event.id)) refs.set(event.id, event)
  }
  return [...refs.values()].map((ref) => {
    const standing = standingOf(ref, { retryDelaysMs: [] }, sandbox.deliveries.of(ref.id), stampMs)
    const state = standing.state === 'waiting' ? 'failed' : standing.state
    return { ref, url: ref.url, state, standing: { ...standing, nextMs: null } }
  })
}

function isMeant({ ref, state }: Entry, filter: Filter): boolean {
  const { id, api, job, event } = ref
  const own = { id, api, job, event, state }
  return Object.entries(filter).every(([name, value]) => own[name as keyof typeof own] === value)
}

function toItem(server: Knowing, turn: Turn, { ref, url, state, standing, delivery, webhooks }: Entry): Item {
  const { id, api, job, event, dueMs } = ref
  const { attempts, nextMs } = standing
  const endpoint = delivery?.endpoint ?? null
  return {
    ...{ id, api, job, event, dueMs, state, url, attempts },
    nextMs: state === 'unsent' ? null : nextMs,
    message: messageOf(server, turn, ref) ?? null,
    signing:
      endpoint === null || webhooks === undefined
        ? null
        : { signature: webhooks.signature, secret: endpoint.secret },
  }
}

/** The headers of a delivery as they are sent; null when its job is gone. */
export async function headersOf(
  { message, signing }: Item,
  sandbox: string,
): Promise<Readonly<Record<string, string>> | null> {
  if (message === null) return null
  const { signature, secret } = signing ?? {}
  if (signature === undefined || secret === undefined) return sentHeaders(message, {}, sandbox)
  return sentHeaders(message, await signatureOf(signature, secret, message.body), sandbox)
}
