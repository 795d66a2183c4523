/**
 * Drafts of job contracts for tests, held against the published schema.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { draftOf } from '../../src/cli/inferred.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import type { Subject } from '../../src/contract/subject.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import type { Confidence } from '../../src/job-contract/infer/decision.ts'
import { sureAmong } from '../../src/job-contract/infer/decision.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Document } from '../../src/openapi/document.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { createLocator } from '../../src/openapi/locate.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../contracts/job-contract.schema.json', import.meta.url), 'utf8'),
) as object
const check = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)

/** What is wrong with the data of a job contract; null where nothing is. */
export function faultOf(data: unknown): string | null {
  return check(data) ? null : JSON.stringify(check.errors)
}

/** The contract that is read into a document; it keeps the schema. */
export function inferred(document: Document, least: Confidence = 'likely'): JobContract {
  const draft = draftOf(document, least)
  if (draft === null) throw new Error('nothing looks like a job')
  const fault = faultOf(draft.data)
  if (fault !== null) throw new Error(fault)
  return draft.contract
}

/** A document of some paths. */
export function documentOf(paths: JsonObject, schemas: JsonObject = {}): Document {
  return createDocument('x', 'x.json', {
    ...{ openapi: '3.1.0', info: { title: 'X', version: '1' }, paths },
    components: { schemas },
  })
}

/** A document judged by what is read into it. */
export function inferredSubject(document: Document): Subject {
  const draft = draftOf(document, 'likely')
  if (draft === null) throw new Error('nothing looks like a job')
  const fault = faultOf(draft.data)
  if (fault !== null) throw new Error(fault)
  const locate = createLocator(JSON.stringify(document.json, null, 1))
  const sure = sureAmong(draft.decisions)
  return { document, contract: draft.contract, locate, file: 'x.json', inferred: true, sure }
}

/** An answer of 200 with an object of these members. */
export function answerOf(properties: JsonObject, status = '200'): JsonObject {
  const schema = { type: 'object', properties }
  return { [status]: { description: 'it', content: { 'application/json': { schema } } } }
}

/** A parameter of a path. */
export function inPath(name: string): JsonObject {
  return { name, in: 'path', required: true, schema: { type: 'string' } }
}

/** A document that reads one job of these members at a path. */
export function jobDocument(properties: JsonObject, path = '/jobs/{id}'): Document {
  const parameters = [...path.matchAll(/\{(.*?)\}/g)].map(([, name]) => inPath(name ?? ''))
  return documentOf({
    [path]: { get: { operationId: 'getJob', parameters, responses: answerOf(properties) } },
  })
}

/** What is found, by an inferred contract, in answers to one URL after the other. */
export async function judgeAnswers(
  document: Document,
  answers: readonly (readonly [url: string, body: JsonObject])[],
): Promise<Verdict> {
  const exchanges = answers.map(
    ([url, body], position): Exchange => ({
      operationId: null,
      request: { method: 'GET', url, headers: {}, body: null },
      response: {
        status: 200,
        headers: { 'content-type': 'application/json', date: 'Sun, 01 Mar 2026 11:00:00 GMT' },
        body: JSON.stringify(body),
      },
      purpose: 'recorded',
      span: { startMs: position * 1000, endMs: position * 1000 + 50 },
    }),
  )
  return checkExchanges(inferredSubject(document), exchanges)
}
