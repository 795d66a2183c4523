/**
 * The deliveries of a sandbox as its clock stands: which there are, how each stands, and what is sent. A body
 * is rendered from the job as it stood when it happened, by the code that renders answers, and never kept.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import type { Webhooks } from '../vendor/vendor.ts'
import type { Delivery, Standing } from '../world/delivery.ts'
import { deliveriesAbout, standingOf } from '../world/delivery.ts'
import type { Turn } from '../world/sandboxes.ts'
import type { Endpoint } from '../world/webhook.ts'
import type { Api } from './api.ts'
import type { ApiWorld } from './api-world.ts'
import { jobFacts } from './render-job.ts'
import type { Server } from './server.ts'

/** A delivery and how it stands. */
export interface Told {
  readonly delivery: Delivery
  readonly standing: Standing
  readonly webhooks: Webhooks
}

/** What a receiver gets, but for the signature. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The parts of a server that know what there is to tell. */
export type Knowing = Pick<Server, 'apis' | 'worlds'>

/** An API whose vendor sends webhooks, in a sandbox. */
interface Teller {
  readonly api: Api
  readonly world: ApiWorld
  readonly webhooks: Webhooks
}

function tellers(server: Knowing, { sandbox }: Turn): readonly Teller[] {
  const touched = new Set(sandbox.touched)
  return server.apis.flatMap((api) => {
    const webhooks = touched.has(api.id) ? api.vendor?.webhooks : undefined
    const world = webhooks === undefined ? undefined : server.worlds.of(api, sandbox)
    return webhooks === undefined || world === undefined ? [] : [{ api, world, webhooks }]
  })
}

/** Every delivery that is due, or was ever attempted, in the order in which it happened. */
export function listDeliveries(server: Knowing, turn: Turn): readonly Told[] {
  const all = tellers(server, turn).flatMap((teller) =>
    teller.world.jobs.all(turn.nowMs).flatMap((view) => toldAbout(teller, view, turn)),
  )
  return all.sort((a, b) => a.delivery.dueMs - b.delivery.dueMs)
}

function toldAbout(
  { api, webhooks }: Teller,
  view: JobView,
  { sandbox, nowMs, stampMs }: Turn,
): readonly Told[] {
  const { seed, endpoints, deliveries } = sandbox
  return deliveriesAbout({ seed, api: api.id, webhooks, endpoints }, view).flatMap((delivery) => {
    const history = deliveries.of(delivery.id)
    if (delivery.dueMs > nowMs && history.length === 0) return []
    return { delivery, webhooks, standing: standingOf(delivery, webhooks, history, stampMs) }
  })
}

/** A delivery as it stands now; undefined when its job or its endpoint is gone. */
export function findDelivery(
  server: Knowing,
  turn: Turn,
  { id, api, job }: Pick<Delivery, 'id' | 'api' | 'job'>,
): Told | undefined {
  const teller = tellers(server, turn).find((each) => each.api.id === api)
  const view = teller?.world.jobs.find(job, turn.nowMs)
  if (teller === undefined || view === undefined) return undefined
  return toldAbout(teller, view, turn).find(({ delivery }) => delivery.id === id)
}

/** The ids of all that has happened at this very instant and would be told an endpoint. */
export function happenedNow(server: Knowing, turn: Turn, endpoint: Endpoint): readonly string[] {
  const { sandbox, nowMs } = turn
  const { before: _, ...every } = { ...endpoint, events: [], sinceMs: nowMs }
  return tellers(server, turn)
    .filter(({ api }) => api.id === endpoint.api)
    .flatMap(({ api, world, webhooks }) => {
      const telling = { seed: sandbox.seed, api: api.id, webhooks, endpoints: [every] }
      return world.jobs.all(nowMs).flatMap((view) => deliveriesAbout(telling, view))
    })
    .flatMap(({ id, dueMs, endpoint: receiver }) => (receiver !== null && dueMs === nowMs ? id : []))
}

/** The next instant after this one at which there may be something to tell; null when there is none. */
export function nextTellingMs(server: Knowing, turn: Turn): number | null {
  const moments = tellers(server, turn).flatMap(({ world }) => world.jobs.nextMomentMs(turn.nowMs) ?? [])
  return moments.length === 0 ? null : Math.min(...moments)
}

/** What a receiver is told; undefined when the job is gone. */
export function messageOf(
  server: Knowing,
  turn: Turn,
  { id, api, job, event, dueMs }: Pick<Delivery, 'id' | 'api' | 'job' | 'event' | 'dueMs'>,
): Message | undefined {
  const teller = tellers(server, turn).find((each) => each.api.id === api)
  const view = teller?.world.jobs.find(job, dueMs)
  if (teller === undefined || view === undefined) return undefined
  const { world, webhooks } = teller
  const facts = jobFacts(world, view, `/${api}${teller.api.document.basePaths[0] ?? ''}`)
  const told = { ...facts, event, at: facts.instant(dueMs), deliveryId: id }
  return {
    headers: { 'Content-Type': 'application/json', ...webhooks.headers(told) },
    body: JSON.stringify(webhooks.body(told)),
  }
}

/** Tells a receiver which sandbox it is about: no body says so, since its name is in none. */
const SANDBOX_HEADER = 'Standin-Sandbox'

/** All headers of a message. */
export function sentHeaders(
  { headers }: Message,
  signature: Readonly<Record<string, string>>,
  sandbox: string,
): Readonly<Record<string, string>> {
  return { ...headers, ...signature, [SANDBOX_HEADER]: sandbox }
}
