/**
 * Plans for documents that a test writes down: what is asked of whom, without anybody being asked.
 *
 * @module
 */
import type { Aim } from '../../src/contract/plan/aim.ts'
import { exampleCredentials } from '../../src/contract/plan/aim.ts'
import type { JobRef } from '../../src/contract/plan/job-ref.ts'
import type { Plan } from '../../src/contract/plan/plan.ts'
import { planCases } from '../../src/contract/plan/plan.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Judge, Subject } from '../../src/contract/subject.ts'
import { createJudge } from '../../src/contract/subject.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { readJobContract } from '../../src/job-contract/read-job-contract.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'

/** A subject of paths, the rest of the document, and a job contract where there is one. */
export function subjectOf(
  paths: JsonObject,
  rest: JsonObject = {},
  contract: JsonObject | null = null,
): Subject {
  const openapi = typeof rest['openapi'] === 'string' ? rest['openapi'] : '3.1.0'
  const document = createDocument('small', 'small.yaml', {
    info: { title: 'small', version: '1' },
    ...rest,
    openapi,
    paths,
  })
  return {
    document,
    contract: contract === null ? null : readJobContract({ api: 'small', ...contract }, document, (at) => at),
    locate: () => ({ line: 1, column: 1 }),
    file: 'small.yaml',
  }
}

/** An operation's answers: 200 and the refusals that are expected of it. */
export const RESPONSES: JsonObject = {
  '200': { description: 'fine' },
  '400': { description: 'refused' },
  '401': { description: 'refused' },
  '403': { description: 'refused' },
  '405': { description: 'refused' },
}

/** `GET /things` with one query parameter of a schema. */
export function askedBy(schema: Json, more: JsonObject = {}): Subject {
  const parameter = { name: 'p', in: 'query', schema, ...more }
  return subjectOf({
    '/things': { get: { operationId: 'read', parameters: [parameter], responses: RESPONSES } },
  })
}

/** `POST /things` with a JSON body of a schema. */
export function sentBy(schema: Json, schemas: JsonObject = {}, media: JsonObject = {}): Subject {
  const requestBody = { required: true, content: { 'application/json': { schema, ...media } } }
  return subjectOf(
    { '/things': { post: { operationId: 'make', requestBody, responses: RESPONSES } } },
    { components: { schemas } },
  )
}

/** The judge of a subject with its first operation. */
export function judgeOf(subject: Subject): Judge {
  return createJudge(subject)
}

/** What would be asked. */
export function planOf(subject: Subject, jobs: readonly JobRef[] = [], allowWrites = true): Plan {
  const aim: Aim = {
    judge: createJudge(subject),
    baseUrl: 'http://small.test',
    ...exampleCredentials(subject),
    parameters: {},
    seed: 1,
  }
  return planCases({ aim, jobs, allowWrites })
}

/** Judges a target by a subject, writes allowed. */
export function judge(subject: Subject, target: Target, jobs: readonly JobRef[] = []): Promise<Verdict> {
  const silent: Target = (request) =>
    request.url.includes('/_standin/') ? Promise.resolve(new Response('', { status: 404 })) : target(request)
  return checkTarget(subject, silent, { baseUrl: 'http://small.test', allowWrites: true, jobs })
}
