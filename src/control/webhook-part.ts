/**
 * The part of the control API that says where webhooks go, and shows what was told. What its document says is
 * `webhook-paths.ts`.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import { listAt, memberOf, textAt } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import { suggestion } from '../model/suggestion.ts'
import type { Server } from '../server/server.ts'
import { happenedNow } from '../server/webhook-delivery.ts'
import type { Filter, Item } from '../server/webhook-inbox.ts'
import { headersOf, inboxOf } from '../server/webhook-inbox.ts'
import { refusalOfReceiver } from '../server/webhook-receiver.ts'
import type { Turn } from '../world/sandboxes.ts'
import { look } from '../world/sandboxes.ts'
import type { Endpoint } from '../world/webhook.ts'
import type { ControlPart, ControlReply, ControlRequest } from './control-part.ts'
import { wrongMember } from './input-words.ts'
import { SHOWN_DELIVERIES, WEBHOOK_PATHS, WEBHOOK_SCHEMAS } from './webhook-paths.ts'

/** Webhooks of the sandbox that the request names. */
export const webhookPart: ControlPart = {
  paths: WEBHOOK_PATHS,
  schemas: WEBHOOK_SCHEMAS,
  handlers: {
    getEndpoints,
    async setEndpoints(request) {
      const { server, sandbox, input } = request
      const wanted = listAt(input.body, 'endpoints')
      await server.sandboxes.turn(sandbox, (turn) => {
        const read = wanted.map((each, at) => readEndpoint(server, turn, each, `endpoints[${at}].`))
        verifyDifferent(read)
        const endpoints = numbered(read).map((each) => beginning(server, turn, each))
        return { result: null, events: [{ type: 'endpoints_set', endpoints }] }
      })
      return getEndpoints(request)
    },
    async listDeliveries(request) {
      const { parameters } = request.input
      const names = ['api', 'job', 'event', 'state'] as const
      const filter = names.flatMap((name) => {
        const value = parameters.get(name)
        return value === undefined ? [] : [[name, value] as const]
      })
      const limit = Number(parameters.get('limit') ?? SHOWN_DELIVERIES)
      const { items, total } = await inboxAt(request, Object.fromEntries(filter) as Filter, limit)
      const deliveries = await Promise.all(items.map((item) => deliveryBody(request, item)))
      return { status: 200, body: { deliveries, total } }
    },
    async getDelivery(request) {
      return { status: 200, body: await deliveryBody(request, await itemAt(request)) }
    },
    async redeliver(request) {
      const { server, sandbox } = request
      const { id } = await itemAt(request)
      await server.sandboxes.turn(sandbox, (turn) => {
        const [item] = inboxOf(server, turn, { id }, 1).items
        if (item?.signing == null) throw new ApiError('delivery_unsent', UNSENT)
        return { result: null, events: [{ type: 'redelivered', id }] }
      })
      await server.deliver(sandbox)
      return { status: 200, body: await deliveryBody(request, await itemAt(request)) }
    },
  },
}

const UNSENT = 'No endpoint is told of this; set one with PUT /_standin/webhooks'

function getEndpoints({ server, sandbox }: ControlRequest): ControlReply | Promise<ControlReply> {
  return look(server.sandboxes, sandbox, (turn) => ({
    status: 200,
    body: { endpoints: turn.sandbox.endpoints.map(endpointBody) },
  }))
}

/** Of a secret too short for that nothing is shown. */
function endpointBody({ api, url, events, secret, sinceMs }: Endpoint): Json {
  const since = sinceMs === undefined ? null : new Date(sinceMs).toISOString()
  return { api, url, events, secretHint: `${secret.length < 16 ? '' : secret.slice(0, 4)}…`, since }
}

/** One that was there before with the same events goes on. */
function readEndpoint(server: Server, { sandbox }: Turn, given: Json, owner: string): Endpoint {
  const [api, url] = [textAt(given, 'api'), textAt(given, 'url')]
  const events = listAt(given, 'events').map(String)
  verifyEvents(server, api, events, owner)
  const refusal = refusalOfReceiver(url, server.options.webhookHosts)
  if (refusal !== null) throw wrongMember(`${owner}url`, refusal)
  const known = sandbox.endpoints.find((each) => each.api === api && each.url === url)
  const secret = memberOf(given, 'secret') ?? known?.secret
  if (typeof secret !== 'string') throw wrongMember(`${owner}secret`, 'is required: it signs the bodies')
  const number = known?.number === undefined ? {} : { number: known.number }
  if (known === undefined || !isSame(known.events, events)) return { api, url, secret, events, ...number }
  return { sinceMs: 0, ...known, secret }
}

/** Numbers and not URLs make ids, so that a receiver's port, which is another in each test, makes none. */
function numbered(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const taken = new Set(endpoints.map(({ api, number }) => `${api} ${number}`))
  return endpoints.map((endpoint) => {
    if (endpoint.number !== undefined || endpoint.sinceMs !== undefined) return endpoint
    let number = 1
    while (taken.has(`${endpoint.api} ${number}`)) number += 1
    taken.add(`${endpoint.api} ${number}`)
    return { ...endpoint, number }
  })
}

/** A new one is told of what happens from now on. */
function beginning(server: Server, turn: Turn, endpoint: Endpoint): Endpoint {
  if (endpoint.sinceMs !== undefined) return endpoint
  return { ...endpoint, sinceMs: turn.nowMs, before: happenedNow(server, turn, endpoint) }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((each) => others.includes(each))
}

function verifyEvents({ apis }: Server, id: string, events: readonly string[], owner: string): void {
  const tellers = apis.flatMap(({ id: api, vendor }) => (vendor?.webhooks === undefined ? [] : api))
  const api = apis.find((each) => each.id === id)
  if (api?.vendor?.webhooks === undefined) {
    const shown = id.slice(0, 100)
    const those = tellers.length === 0 ? '; none has any' : `; ${tellers.join(', ')} has`
    const what =
      api === undefined
        ? `there is no API \`${shown}\`${suggestion(shown, tellers) || those}`
        : `the API ${shown} has no webhooks${those}`
    throw wrongMember(`${owner}api`, what)
  }
  const known = [...new Set(Object.values(api.vendor.webhooks.events))]
  for (const [at, event] of events.entries()) {
    if (known.includes(event)) continue
    const shown = event.slice(0, 100)
    const meant = suggestion(shown, known) || `; there are ${known.join(', ')}`
    throw wrongMember(`${owner}events[${at}]`, `there is no event \`${shown}\`${meant}`)
  }
}

/** Of two with one URL a receiver could not tell which secret signs. */
function verifyDifferent(endpoints: readonly Endpoint[]): void {
  for (const [at, { api, url }] of endpoints.entries()) {
    const first = endpoints.findIndex((each) => each.api === api && each.url === url)
    if (first < at) throw wrongMember(`endpoints[${at}].url`, `is that of endpoints[${first}] too`)
  }
}

function inboxAt(
  { server, sandbox }: ControlRequest,
  filter: Filter,
  limit: number,
): ReturnType<typeof inboxOf> | Promise<ReturnType<typeof inboxOf>> {
  return look(server.sandboxes, sandbox, (turn) => inboxOf(server, turn, filter, limit))
}

async function itemAt(request: ControlRequest): Promise<Item> {
  const id = String(request.input.parameters.get('id'))
  const { items } = await inboxAt(request, { id }, 1)
  if (items[0] !== undefined) return items[0]
  throw new ApiError('delivery_not_found', `There is no delivery ${id.slice(0, 100)}`)
}

async function deliveryBody({ sandbox }: ControlRequest, item: Item): Promise<Json> {
  const { id, api, job, event, state, url, dueMs, attempts, nextMs, message } = item
  return {
    ...{ id, api, job, event, state, url, due: textOf(dueMs) },
    attempts: attempts.map(({ number, atMs, status, error }) => ({
      number,
      at: textOf(atMs),
      status,
      error,
    })),
    next: nextMs === null ? null : textOf(nextMs),
    headers: await headersOf(item, sandbox.name),
    body: message?.body ?? null,
  }
}

function textOf(ms: number): string {
  return new Date(ms).toISOString()
}
