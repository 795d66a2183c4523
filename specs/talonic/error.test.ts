/**
 * How Talonic refuses, under each profile, against the document as that profile reads it. Refusals are made
 * by hand; no server runs here.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { Profile } from '../../src/model/job.ts'
import { PROFILES } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { mergePatch } from '../../src/model/merge-patch.ts'
import type { RefusalFacts } from '../../src/vendor/vendor.ts'
import { refusalFacts } from '../../test/vendor/facts.ts'
import { vendor } from './vendor.ts'

const read = (file: string): JsonObject =>
  load(readFileSync(new URL(file, import.meta.url), 'utf8')) as JsonObject
const document = read('openapi.yaml')
const { document: patch = {}, ...rest } = read('wire.yaml')
const documents = { spec: document, wire: mergePatch(document, patch) as JsonObject }
const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
for (const profile of PROFILES) ajv.addSchema({ $id: profile, ...documents[profile] })

/** Every disagreement of a value with a schema, at a pointer into the document of a profile. */
function disagreements(value: unknown, at: string, profile: Profile): string[] {
  const validate = ajv.getSchema(`${profile}#${encodeURI(at)}`)
  if (validate === undefined) return [`no schema at ${at}`]
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

const ID = '3f0c2a4e-9d1b-4c57-8a6e-1b2d3c4e5f60'

interface Answer {
  readonly headers: JsonObject
  readonly content: Readonly<
    Record<string, { readonly examples: Readonly<Record<string, { value: unknown }>> }>
  >
}

/** Every documented refusal: where it stands, its status and what it is. */
function refusalsOf(profile: Profile): readonly (readonly [string, string, Answer])[] {
  const paths = documents[profile]['paths'] as Readonly<
    Record<string, Readonly<Record<string, { responses: object }>>>
  >
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, { responses }]) =>
      Object.entries(responses as Readonly<Record<string, Answer>>)
        .filter(([status]) => status >= '400')
        .map(([status, answer]) => {
          const at = `/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}`
          return [at, status, answer] as const
        }),
    ),
  )
}

/** What headers are told where no limit is set. */
const told = (status: number) => ({ status, nowMs: 0, limit: null, retryAfterMs: null })

describe('the document of wire', () => {
  it('accepts its own examples, as the document of spec does', () => {
    for (const profile of PROFILES) {
      const found = refusalsOf(profile)
      expect(found.length).toBe(19)
      for (const [at, , { content }] of found) {
        const [example] = Object.values(content['application/json']?.examples ?? {})
        expect(disagreements(example?.value, `${at}/content/application~1json/schema`, profile)).toEqual([])
      }
    }
  })

  it('promises no Retry-After, and differs in nothing but refusals', () => {
    const named = (profile: Profile): number =>
      refusalsOf(profile).filter(([, , { headers }]) => 'Retry-After' in headers).length
    expect([named('spec'), named('wire')]).toEqual([5, 0])
    expect(rest).toEqual({})
    const { components, paths } = patch as Readonly<Record<'components' | 'paths', JsonObject>>
    expect(Object.keys(components['schemas'] ?? {}).filter((name) => !name.endsWith('Error'))).toEqual([])
    expect(JSON.stringify(paths)).not.toMatch(/"2\d\d"/)
  })
})

describe.each(PROFILES)('refusals under %s', (profile) => {
  const at = (schema: string): string => `/components/schemas/${schema}`
  const when = '2026-01-01T00:00:00.000Z'
  const flaw = { name: '', path: ['document_ids', '1'], params: {}, message: 'is wrong' }
  const issue = { ...flaw, in: 'body', keyword: 'format' } as const

  function refuse(facts: Pick<RefusalFacts, 'code' | 'status'> & Partial<RefusalFacts>): JsonObject {
    if (typeof vendor.errors !== 'function') throw new Error('errors is no function')
    const base = { path: `/v1/jobs/${ID}`, at: when, profile }
    return vendor.errors(refusalFacts({ ...base, ...facts })) as JsonObject
  }

  it.each([
    ['ValidationError', 'id_malformed', 400],
    ['UnauthorizedError', 'unauthenticated', 401],
    ['NotFoundError', 'job_not_found', 404],
    ['ConflictError', 'job_ended', 409],
    ['RateLimitedError', 'rate_limited', 429],
  ] as const)('have the body of %s where the code is %s', (schema, code, status) => {
    const body = refuse({ code, status })
    expect(disagreements(body, at(schema), profile)).toEqual([])
    expect(disagreements(body, at(schema), profile === 'spec' ? 'wire' : 'spec')).toHaveLength(1)
    expect(body).toMatchObject({ message: 'No', timestamp: when, path: `/v1/jobs/${ID}` })
    expect(vendor.headers?.(told(status))['X-RateLimit-Remaining']).toBe(status === 429 ? '0' : '499')
  })

  it('name what is wrong with a body', () => {
    const body = refuse({ code: 'request_invalid', status: 400, path: '/v1/jobs', issues: [issue] })
    expect(disagreements(body, at('BadRequestError'), profile)).toEqual([])
    expect(body['message']).toBe('document_ids.1 is wrong')
    const media = { ...issue, path: [], keyword: 'mediaType', message: 'the body is text/plain' }
    const other = refuse({ code: 'request_invalid', status: 400, issues: [media] })
    expect(other['message']).toBe('the body is text/plain')
    const json = { ...issue, path: [], keyword: 'json' }
    const broken = refuse({ code: 'request_bad', status: 400, issues: [json] })
    expect(broken['message']).toBe('the body is not JSON')
  })
})
