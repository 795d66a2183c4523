/**
 * Recorded exchanges of a plain job API that has no job contract: jobs with a status, their rows and a list
 * of them, judged by what is inferred.
 *
 * @module
 */
import { draftOf } from '../../src/cli/inferred.ts'
import { createTraffic } from '../../src/contract/live.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import type { Subject } from '../../src/contract/subject.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createLocator } from '../../src/openapi/locate.ts'

/** A path, or a method and a path, what was answered, and headers that the request had. */
export type Entry = readonly [request: string, body: Json, headers?: Readonly<Record<string, string>>]

const STATUS: JsonObject = { type: 'string', enum: ['queued', 'running', 'completed', 'failed'] }

/** The schema of a job. */
export const JOB: JsonObject = {
  type: 'object',
  required: ['id', 'status'],
  properties: { id: { type: 'string' }, status: STATUS },
}

/** A query parameter. */
export const query = (name: string, schema: JsonObject): JsonObject => ({ name, in: 'query', schema })

/** An operation that answers with a schema. */
export const read = (
  operationId: string,
  schema: JsonObject,
  parameters: readonly JsonObject[] = [],
): JsonObject => ({
  get: {
    operationId,
    parameters: [...parameters],
    responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
  },
})

/** A path parameter that takes the id of a job. */
export const ID: JsonObject = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }

/** The answer that holds a page of such items; with tokens it tells of the next. */
export const pageOf = (items: JsonObject, tokens = true): JsonObject => ({
  type: 'object',
  required: ['data'],
  properties: {
    data: { type: 'array', items },
    total: { type: 'integer' },
    has_more: { type: 'boolean' },
    ...(tokens ? { next_page_token: { type: ['string', 'null'] } } : {}),
  },
})

/** A document of such paths as it is judged where it has no job contract. */
export function plainSubject(paths: JsonObject): Subject {
  const json = { openapi: '3.1.0', info: { title: 'plain', version: '1' }, paths }
  const document = createDocument('plain', 'plain.json', json)
  const contract = draftOf(document, 'likely')?.contract ?? null
  return {
    document,
    contract,
    locate: createLocator(JSON.stringify(json)),
    file: 'plain.json',
    inferred: true,
  }
}

/** A subject whose rows are paged by these parameters beside a limit. */
export function pagedSubject(...parameters: readonly JsonObject[]): Subject {
  const limit = query('limit', { type: 'integer', minimum: 1 })
  const token = query('page_token', { type: 'string' })
  const tokens = parameters.some(({ name }) => name === 'page_token')
  const row = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } }
  return plainSubject({
    '/jobs': read('listJobs', pageOf(JOB), [limit, token, query('status', STATUS)]),
    '/jobs/{id}': read('getJob', JOB, [ID]),
    '/jobs/{id}/results': read('getResults', pageOf(row, tokens), [ID, limit, ...parameters]),
  })
}

/** What is found in recorded exchanges, check and message of each finding. */
export async function toldOf(subject: Subject, entries: readonly Entry[]): Promise<readonly string[]> {
  const { findings } = await checkExchanges(subject, entries.map(toExchange))
  return findings.map(({ check, message }) => `${check}: ${message}`)
}

/** What is found as they pass by, each as soon as it does. */
export async function toldInPassing(subject: Subject, entries: readonly Entry[]): Promise<readonly string[]> {
  const traffic = createTraffic(subject, { bases: [], walks: 'at each page' })
  const told: string[] = []
  for (const entry of entries) {
    const { findings } = await traffic.judge(toExchange(entry))
    told.push(...findings.map(({ check, message }) => `${check}: ${message}`))
  }
  return told
}

function toExchange([text, body, headers = {}]: Entry) {
  const [path = '', method = 'GET'] = text.split(' ').reverse()
  return {
    operationId: null,
    request: { method, url: `http://plain.test${path}`, headers, body: null },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
    purpose: 'recorded',
  }
}
