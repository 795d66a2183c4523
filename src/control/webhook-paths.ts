/**
 * What the control API's document says of webhooks. What answers is `webhook-part.ts`.
 *
 * @module
 */
import type { JsonObject } from '../model/json.ts'
import { DELIVERY_STATES } from '../server/webhook-inbox.ts'
import { LOG_LIMIT } from '../world/delivery-log.ts'
import { answer, body, inPath, inQuery, instant, members, problem, SANDBOX, schemaOf } from './describe.ts'

/** How many endpoints a sandbox may have. */
const ENDPOINT_LIMIT = 16
/** How many deliveries are shown at once, where nobody says how many. */
export const SHOWN_DELIVERIES = 100
const SHOWN_LIMIT = 1_000

const ID = 'dlv_4be1c09a7d2f5e63'
const URL_EXAMPLE = 'http://127.0.0.1:9000/hook'
const ENDPOINTS = {
  endpoints: [
    {
      ...{ api: 'acme', url: URL_EXAMPLE, events: ['job.done'], secretHint: 'whse…' },
      since: '2026-01-01T00:00:00.000Z',
    },
  ],
}
const DELIVERY = {
  ...{ id: ID, api: 'acme', job: 'job_1', event: 'job.done', state: 'delivered', url: URL_EXAMPLE },
  due: '2026-01-01T00:00:09.000Z',
  attempts: [{ number: 1, at: '2026-01-01T00:00:09.000Z', status: 200, error: null }],
  next: null,
  headers: {
    'Content-Type': 'application/json',
    'X-Acme-Signature': 'sha256=…',
    'Standin-Sandbox': 'default',
  },
  body: '{"event":"job.done"}',
}

const MISSING = problem('There is no such delivery.', 'delivery_not_found', `There is no delivery ${ID}`)

/** By path. */
export const WEBHOOK_PATHS: JsonObject = {
  '/webhooks': {
    get: {
      operationId: 'getEndpoints',
      tags: ['Webhooks'],
      summary: 'Read where webhooks go',
      description: 'The endpoints of the sandbox. Their secrets are not shown.',
      parameters: [SANDBOX],
      responses: { 200: answer('The endpoints.', schemaOf('WebhookEndpoints'), ENDPOINTS) },
    },
    put: {
      operationId: 'setEndpoints',
      tags: ['Webhooks'],
      summary: 'Set where webhooks go',
      description:
        'Puts other endpoints in the place of those that there are. Each is told of what happens from now ' +
        'on; one that was there before with the same `events` goes on, and keeps its secret where none is ' +
        'given. Webhooks go to this machine, and to hosts that `--webhook-host` names.',
      parameters: [SANDBOX],
      requestBody: body(schemaOf('WebhookEndpointSettings'), {
        endpoints: [{ api: 'acme', url: URL_EXAMPLE, secret: 'whsec_7d3f', events: ['job.done'] }],
      }),
      responses: { 200: answer('The endpoints.', schemaOf('WebhookEndpoints'), ENDPOINTS) },
    },
  },
  '/webhooks/deliveries': {
    get: {
      operationId: 'listDeliveries',
      tags: ['Webhooks'],
      summary: 'List what was told',
      description:
        'Every webhook of the sandbox in the order in which it happened, with what was sent: the latest ' +
        'ones, where there are more than asked for. What nobody wants to know is listed too, and not sent.',
      parameters: [
        SANDBOX,
        inQuery('api', 'Those of this API.', TEXT()),
        inQuery('job', 'Those about this job.', TEXT()),
        inQuery('event', 'Those of this event.', TEXT()),
        inQuery('state', 'Those that stand so.', { type: 'string', enum: [...DELIVERY_STATES] }),
        inQuery('limit', 'How many at the most.', {
          ...{ type: 'integer', minimum: 1, maximum: SHOWN_LIMIT, default: SHOWN_DELIVERIES },
        }),
      ],
      responses: {
        200: answer('The deliveries.', schemaOf('WebhookDeliveries'), { deliveries: [DELIVERY], total: 1 }),
      },
    },
  },
  '/webhooks/deliveries/{id}': {
    get: {
      operationId: 'getDelivery',
      tags: ['Webhooks'],
      summary: 'Read a delivery',
      description: 'One webhook: how it stands, and what was sent.',
      parameters: [SANDBOX, inPath('id', 'Its id.', ID)],
      responses: { 200: answer('The delivery.', schemaOf('WebhookDelivery'), DELIVERY), 404: MISSING },
    },
  },
  '/webhooks/deliveries/{id}/redeliver': {
    post: {
      operationId: 'redeliver',
      tags: ['Webhooks'],
      summary: 'Deliver once more',
      description:
        'Sends a webhook again, whether it has arrived or not, under the same id; if that fails, the ' +
        'retries begin anew.',
      parameters: [SANDBOX, inPath('id', 'Its id.', ID)],
      responses: {
        200: answer('The delivery as it stands after that.', schemaOf('WebhookDelivery'), DELIVERY),
        404: MISSING,
        409: problem(
          'Nobody wants to know, or its endpoint or job is gone.',
          'delivery_unsent',
          'No endpoint is told of this; set one with PUT /_standin/webhooks',
        ),
      },
    },
  },
}

function TEXT(description?: string): JsonObject {
  return { type: 'string', minLength: 1, ...(description === undefined ? {} : { description }) }
}

const EVENTS: JsonObject = {
  ...{ type: 'array', items: TEXT(), maxItems: 64, uniqueItems: true },
  description: 'Which events it is told of, by the names of the API; none stands for all.',
}
const URL_SCHEMA: JsonObject = {
  ...{ type: 'string', format: 'uri', pattern: '^https?://', maxLength: 2_048 },
  description: 'Where they go.',
}

const listOf = (name: string): JsonObject => ({ type: 'array', items: schemaOf(name) })
const orNull = (type: string, description: string): JsonObject => ({ type: [type, 'null'], description })
const instantOrNull = (description: string): JsonObject => ({
  ...{ type: ['string', 'null'], format: 'date-time' },
  description,
})

/** By name. */
export const WEBHOOK_SCHEMAS: JsonObject = {
  WebhookEndpointSettings: members({
    endpoints: { ...listOf('WebhookEndpointSetting'), maxItems: ENDPOINT_LIMIT },
  }),
  WebhookEndpointSetting: members(
    {
      api: TEXT('Whose webhooks they are.'),
      url: URL_SCHEMA,
      secret: { ...TEXT('What signs the bodies.'), maxLength: 1_024 },
      events: EVENTS,
    },
    ['api', 'url'],
  ),
  WebhookEndpoints: members({ endpoints: listOf('WebhookEndpoint') }),
  WebhookEndpoint: members({
    api: TEXT('Whose webhooks they are.'),
    url: URL_SCHEMA,
    events: EVENTS,
    secretHint: TEXT('How its secret begins, if it is long enough for that.'),
    since: instantOrNull('It is not told of what happened before; null where it is told of all.'),
  }),
  WebhookDeliveries: members({
    deliveries: listOf('WebhookDelivery'),
    total: { type: 'integer', minimum: 0, description: 'How many there are.' },
  }),
  WebhookDelivery: members({
    id: TEXT('The same at every attempt.'),
    api: TEXT('Whose webhook it is.'),
    job: TEXT('The id of the job.'),
    event: TEXT('What happened, as the API calls it.'),
    state: {
      ...{ type: 'string', enum: [...DELIVERY_STATES] },
      description:
        'Nobody wants to know; it waits for an attempt; one is under way; it has arrived; it was given up.',
    },
    url: orNull('string', 'Where it goes; null where nobody wants to know.'),
    due: instant('When it happened.'),
    attempts: { ...listOf('WebhookAttempt'), description: 'In their order.' },
    next: instantOrNull("When the next attempt is due, by the sandbox's clock; null where there is none."),
    headers: {
      ...{ type: ['object', 'null'], additionalProperties: { type: 'string' } },
      description:
        'As they are sent; without a signature where nobody gets them, null where the job is gone.',
    },
    body: orNull('string', 'As it is sent; null where the job is gone.'),
  }),
  WebhookAttempt: members({
    number: { type: 'integer', minimum: 1, description: 'Counted from 1.' },
    at: instant('When it began.'),
    status: { ...orNull('integer', 'What the receiver answered.'), minimum: 100, maximum: 999 },
    error: orNull('string', 'Why there was no answer; null where it is under way too.'),
  }),
}

const AT: JsonObject = {
  ...{ type: 'integer', minimum: 0, maximum: Date.UTC(9999, 11, 31) },
  description: "The instant of the sandbox's clock, in milliseconds since 1970.",
}
const DELIVERY_REF = {
  ...{ id: TEXT(), api: TEXT(), job: TEXT(), event: TEXT(), url: URL_SCHEMA },
  ...{ dueMs: AT, attempt: { type: 'integer', minimum: 1 } },
}

/** What an exported sandbox has of its webhooks, by the names of its members. */
export const STORED_WEBHOOKS: Readonly<Record<'endpoints' | 'deliveries', JsonObject>> = {
  endpoints: { ...listOf('Endpoint'), maxItems: ENDPOINT_LIMIT, description: 'Where webhooks go.' },
  deliveries: {
    ...{ ...listOf('DeliveryEvent'), maxItems: LOG_LIMIT },
    description: 'The attempts to deliver webhooks, and how they ended.',
  },
}

/** By name. */
export const STORED_WEBHOOK_SCHEMAS: JsonObject = {
  Endpoint: members(
    {
      ...{ api: TEXT(), url: URL_SCHEMA, secret: TEXT('What signs the bodies.'), events: EVENTS },
      number: { type: 'integer', minimum: 1, description: 'Tells it from others of its API.' },
      sinceMs: { ...AT, description: 'It is not told of what happened before.' },
      before: {
        ...{ type: 'array', items: TEXT(), maxItems: LOG_LIMIT },
        description: 'The deliveries of that very instant that had happened before.',
      },
    },
    ['api', 'url', 'secret', 'events'],
  ),
  Claimed: members({
    ...{ type: { const: 'claimed' }, atMs: AT, ...DELIVERY_REF },
    untilMs: { type: 'integer', description: 'By the wall clock: how long it may be under way.' },
  }),
  Attempted: members({
    ...{ type: { const: 'attempted' }, atMs: AT, ...DELIVERY_REF },
    status: { type: ['integer', 'null'], minimum: 100, maximum: 999 },
    error: { type: ['string', 'null'] },
  }),
  Redelivered: members({ type: { const: 'redelivered' }, id: TEXT(), atMs: AT }),
  DeliveryEvent: { oneOf: ['Claimed', 'Attempted', 'Redelivered'].map(schemaOf) },
}
