/**
 * What Talonic's webhooks say, against the document, the job's own answer and the vendor's test values. How
 * and when they are sent is no vendor's matter.
 *
 * @module
 */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { JobState, JobView } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { signatureOf } from '../../src/server/webhook-signature.ts'
import { answerFacts } from '../../test/vendor/facts.ts'
import { vendor } from './vendor.ts'

type Members<Value = unknown> = Readonly<Record<string, Value>>

interface Hook extends Members {
  readonly parameters: readonly { readonly $ref: string }[]
  readonly requestBody: {
    readonly content: Members<{
      readonly schema: { readonly $ref: string }
      readonly examples: Members<{ readonly value: JsonObject }>
    }>
  }
  readonly responses: Members<Members>
}

const text = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const readme = text('README.md')
const document = load(text('openapi.yaml')) as {
  readonly webhooks: Members<{ readonly post: Hook }>
  readonly components: { readonly parameters: Members<Members & { readonly name: string }> }
}
const { states } = load(text('../../contracts/talonic.yaml')) as { states: Members<string> }
const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'talonic', ...document })

function disagreements(value: unknown, $ref: string): string[] {
  const validate = ajv.getSchema(`talonic${$ref}`)
  if (validate === undefined) return [`no schema ${$ref}`]
  return validate(value) === true ? [] : (validate.errors ?? []).map((error) => error.message ?? '')
}

const hooks = Object.entries(document.webhooks).map(([event, { post }]) => ({ event, post }))
const schemaOf = (event: string): string =>
  document.webhooks[event]?.post.requestBody.content['application/json']?.schema.$ref ?? ''

const CREATED_MS = Date.UTC(2026, 0, 1)
const ENDED_MS = CREATED_MS + 62_500
const brief = {
  ...{ topic: 0, schema: { id: '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b580', name: 'Invoice' }, name: null },
  ...{ document_ids: [], unread: 3, stuckIn: 2, reason: 'It broke', unreadable: 0.5 },
}

/** A job that has just ended. */
function viewOf(state: Exclude<JobState, 'queued' | 'running'>): JobView {
  const job = {
    ...{ id: '3f0c2a4e-9d1b-4c57-8a6e-1b2d3c4e5f60', name: null, createdAtMs: CREATED_MS, heldAtMs: null },
    ...{ queueMs: 2_500, runMs: 60_000, outcome: state, rows: 0, ties: 1, mix: {}, brief },
  }
  const startedAtMs = CREATED_MS + 2_500
  return { job, state, nowMs: ENDED_MS, startedAtMs, endedAtMs: ENDED_MS, progress: 1, rows: 0 }
}

const { webhooks } = vendor
if (webhooks === undefined) throw new Error('Talonic sends webhooks')
const ENDS = ['succeeded', 'partially_succeeded', 'failed', 'cancelled'] as const

function factsOf(state: (typeof ENDS)[number]) {
  const facts = answerFacts({ view: viewOf(state), state: states[state] ?? '' })
  const event = webhooks?.events[state] ?? ''
  return { ...facts, event, at: facts.instant(ENDED_MS), deliveryId: 'dlv_0123456789abcdef' }
}

describe('the document', () => {
  it('has the events that are told, and no other', () => {
    expect(new Set(Object.values(webhooks.events))).toEqual(new Set(Object.keys(document.webhooks)))
    expect(Object.keys(webhooks.events)).toEqual(ENDS)
  })

  it.each(hooks)('says of $event where it is from, and accepts its examples', ({ event, post }) => {
    for (const part of [post, ...Object.values(post.responses)]) {
      expect(part['x-evidence']).toBe('vendor-docs')
      expect(readme).toContain(`(${part['x-source']})`)
    }
    const examples = Object.values(post.requestBody.content['application/json']?.examples ?? {})
    expect(examples).not.toEqual([])
    for (const { value } of examples) {
      expect(disagreements(value, schemaOf(event))).toEqual([])
      expect(value['event']).toBe(event)
      expect(value['timestamp']).toBe((value['data'] as Members)['completed_at'])
    }
  })
})

describe('a webhook', () => {
  it.each(ENDS)('of a job that is %s keeps to the document and holds the job as it is read', (state) => {
    const facts = factsOf(state)
    const body = webhooks.body(facts) as JsonObject
    expect(disagreements(body, schemaOf(facts.event))).toEqual([])
    expect(body).toEqual({
      event: facts.event,
      delivery_id: 'dlv_0123456789abcdef',
      timestamp: '2026-01-01T00:01:02.500Z',
      data: vendor.answers?.['getJob']?.(facts),
    })
  })

  it('has the headers of the document', async () => {
    const facts = factsOf('failed')
    const signed = await signatureOf(webhooks.signature, 'secret', '{}')
    const headers: Members = { ...webhooks.headers(facts), ...signed }
    for (const { post } of hooks) {
      for (const { $ref } of post.parameters) {
        const parameter = document.components.parameters[$ref.split('/').at(-1) ?? '']
        expect(disagreements(headers[parameter?.name ?? ''], `${$ref}/schema`), $ref).toEqual([])
        expect(readme).toContain(`(${parameter?.['x-source']})`)
      }
    }
    expect(headers['User-Agent']).toBe('Talonic-Webhook/1.0')
  })

  it('is told apart by an id of its own form', () => {
    expect(webhooks.deliveryId.replaceAll('#', 'f')).toMatch(/^dlv_[0-9a-f]{16}$/)
  })
})

describe('the signature', () => {
  /** The page on signatures gives these to test an implementation by. */
  const secret = 'whsec_test_secret_do_not_use_in_production'
  const data =
    '"data":{"extraction_id":"ext_abc","document_id":"doc_xyz","schema_id":"sch_123",' +
    '"status":"complete","confidence":0.95}'
  const head = '"event":"extraction.complete","delivery_id":"dlv_test123","timestamp":"2026-01-15T10:00:00Z"'

  it('is the one that the vendor publishes for its test values', async () => {
    expect(await signatureOf(webhooks.signature, secret, `{${head},${data}}`)).toEqual({
      'X-Talonic-Signature': 'sha256=1e23bdc14b051f268d4fd9544387b51b074186c51c5b6c76ce700956308d168a',
    })
  })

  it('is of the bytes of a body and a secret, whatever their script', async () => {
    const [key, body] = ['geheim 🔑 \u2028', '{"name":"山田製作所 👩🏽‍🏭"}']
    const digest = createHmac('sha256', key).update(body).digest('hex')
    expect(await signatureOf(webhooks.signature, key, body)).toEqual({
      'X-Talonic-Signature': `sha256=${digest}`,
    })
  })
})
