/**
 * The JSON Schema of one rule of a fault plan, for the documents that take one and for editors. What a rule
 * means, and whether what it names is served, is `read-fault-plan.ts`.
 *
 * @module
 */
import { DURATION_PATTERN } from '../model/duration.ts'
import type { JsonObject } from '../model/json.ts'

/** No rule counts further. */
export const COUNT_LIMIT = 1_000_000_000
/** Wider spreads leave nothing but the bounds. */
export const SIGMA_LIMIT = 10

const duration = (description: string): JsonObject => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  description: `${description} ISO 8601, such as \`PT0.5S\`.`,
})

/** The JSON Schema of one rule, for documents that take one. */
export const FAULT_RULE_SCHEMA: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'One line of a fault plan: which requests go wrong, and how. All that it names happens.',
  properties: {
    operation: {
      type: 'string',
      default: '*',
      description: 'Which operations: `api/operation`, `api/*` or `*`.',
    },
    path: {
      type: 'string',
      pattern: '^/[^?#\\s]*$',
      maxLength: 8_192,
      description: 'Only this path; without it, every path.',
    },
    requests: {
      description: 'Which requests of each path, counted from 1: `"1-2"`, `"5-"`, or a number.',
      oneOf: [
        { type: 'integer', minimum: 1, maximum: COUNT_LIMIT },
        { type: 'string', pattern: '^[1-9]\\d{0,8}(?:-(?:[1-9]\\d{0,8})?)?$' },
      ],
    },
    share: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 1,
      description: 'The share of these requests that go wrong, drawn from the seed.',
    },
    status: {
      type: 'integer',
      minimum: 400,
      maximum: 599,
      description: 'Refuse with this status, in the shape that the API has for it.',
    },
    retryAfter: duration('What `Retry-After` says on a refusal by `status`.'),
    latency: {
      description: 'How long the answer waits: always so long, evenly between two ends, or log-normal.',
      oneOf: [
        duration('Always so long.'),
        {
          type: 'object',
          additionalProperties: false,
          required: ['from', 'to'],
          properties: { from: duration('The least.'), to: duration('The most.') },
        },
        {
          type: 'object',
          additionalProperties: false,
          required: ['median', 'sigma'],
          properties: {
            median: duration('Half of the answers wait longer.'),
            sigma: { type: 'number', minimum: 0, maximum: SIGMA_LIMIT },
          },
        },
      ],
    },
    body: {
      type: 'string',
      enum: ['cut', 'malformed'],
      description: 'Send it in part, or broken so that it is no JSON.',
    },
    connection: {
      type: 'string',
      enum: ['reset'],
      description: 'Reset the connection in place of an answer.',
    },
    stale: duration('Answer as it was so long ago, though never as before the creation of a job.'),
    limit: {
      type: 'object',
      additionalProperties: false,
      required: ['requests', 'per'],
      description: 'So many requests in each window; those beyond are refused with 429 until it is over.',
      properties: {
        requests: { type: 'integer', minimum: 1, maximum: COUNT_LIMIT },
        per: duration('How long a window is; it begins with its first request.'),
      },
    },
  },
  anyOf: ['status', 'latency', 'body', 'connection', 'stale', 'limit'].map((name) => ({ required: [name] })),
  dependentRequired: { retryAfter: ['status'] },
  not: { required: ['status', 'limit'] },
}
