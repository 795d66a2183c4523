/**
 * What the control API's document says of a sandbox as a document: the JSON that is exported and imported.
 * Whether its events make sense is for `read-sandbox.ts` to say.
 *
 * @module
 */
import { JOB_STATES, TERMINAL_STATES } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { AFTER_LIMIT_MS } from '../server/preference.ts'
import { EVENT_LIMIT } from '../world/sandbox.ts'
import { NAME_PATTERN } from '../world/sandboxes.ts'
import { duration, instant, members, schemaOf } from './describe.ts'
import { JOB_NAME, ROW_COUNT } from './job-paths.ts'
import { STORED_WEBHOOK_SCHEMAS, STORED_WEBHOOKS } from './webhook-paths.ts'

const TEXT = { type: 'string' }
const SEED = {
  ...{ type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  description: 'Of all that is drawn.',
}
const AT = {
  ...{ type: 'integer', minimum: 0, maximum: Date.UTC(9999, 11, 31) },
  description: "The instant of the sandbox's clock, in milliseconds since 1970.",
}
const KEY = {
  type: ['string', 'null'],
  maxLength: 20_000,
  description: 'The idempotency key of its request.',
}
const SPAN = { type: 'integer', minimum: 0, maximum: AFTER_LIMIT_MS }
const OUTCOME = { type: 'string', enum: [...TERMINAL_STATES] }

const NAME: JsonObject = { type: 'string', pattern: NAME_PATTERN, description: 'What it is called.' }

/** What a sandbox has beside its clock; each may be left out where it is made. */
const PARTS: Readonly<Record<string, JsonObject>> = {
  seed: SEED,
  faults: { type: 'array', items: schemaOf('FaultRule'), description: 'Its fault plan.' },
  counts: {
    type: 'object',
    description: 'How many requests each rule of the fault plan has counted.',
    additionalProperties: { type: 'integer', minimum: 0 },
  },
  ...STORED_WEBHOOKS,
  events: {
    ...{ type: 'array', items: schemaOf('JobEvent'), maxItems: EVENT_LIMIT },
    description: 'What has happened to its jobs, in this order.',
  },
}

/** An event is of one of these types; each has members of its own beside `type`, `api` and `atMs`. */
const EVENTS: Readonly<Record<string, { readonly [name: string]: JsonObject }>> = {
  created: {
    operationId: {
      type: ['string', 'null'],
      description: 'The operation; null for jobs made by the control API.',
    },
    body: { type: 'object', description: 'The body of its request.' },
    steering: members({ outcome: OUTCOME, afterMs: SPAN, rows: ROW_COUNT, name: JOB_NAME }, []),
    key: KEY,
  },
  cancelled: { id: TEXT, lagMs: SPAN, key: KEY },
  moved: {
    id: TEXT,
    state: { type: ['string', 'null'], enum: [...JOB_STATES, null] },
    outcome: { type: ['string', 'null'], enum: [...TERMINAL_STATES, null] },
  },
  removed: { id: TEXT },
}

const EVENT_SCHEMAS = Object.fromEntries(
  Object.entries(EVENTS).map(([type, own]) => {
    const name = type.charAt(0).toUpperCase() + type.slice(1)
    return [name, members({ type: { const: type }, api: TEXT, atMs: AT, ...own })]
  }),
)

/** By name. */
export const SANDBOX_SCHEMAS: JsonObject = {
  SandboxName: members({ name: NAME }),
  Sandboxes: members({ sandboxes: { type: 'array', items: schemaOf('SandboxName') } }),
  Sandbox: members({ clock: schemaOf('ClockOfSandbox'), ...PARTS }, ['seed', 'clock', 'events']),
  NewSandbox: members({ name: NAME, clock: schemaOf('ClockSetting'), ...PARTS }, ['name']),
  ClockOfSandbox: members(
    {
      mode: { $ref: '#/components/schemas/ClockSetting/properties/mode' },
      now: instant('What it shows; from there it goes on.'),
      step: duration('In mode `step`, and in no other.'),
    },
    ['mode', 'now'],
  ),
  ...EVENT_SCHEMAS,
  JobEvent: { oneOf: Object.keys(EVENT_SCHEMAS).map(schemaOf) },
  ...STORED_WEBHOOK_SCHEMAS,
}
