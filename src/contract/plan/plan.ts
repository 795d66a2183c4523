/**
 * The plan: which requests are sent to judge an API, from its document, its job contract and the jobs that
 * the target has. What depends on rows that were seen (walks, filters, selects) is planned in `invariant/`.
 *
 * @module
 */

import { statusOf } from '../../job-contract/job-contract.ts'
import { REFUSALS } from '../../model/refusal.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName } from '../finding.ts'
import { contractOf } from '../subject.ts'
import type { Aim, QueryPair } from './aim.ts'
import { aimAt, pathFor, requiredQuery, scopeReason, unknownScope } from './aim.ts'
import { brokenBodies } from './body.ts'
import type { Case } from './case.ts'
import { conflictsOf } from './conflict.ts'
import type { JobRef } from './job-ref.ts'
import { callJob, mainJob } from './job-ref.ts'
import { allowedTexts, violationsOf } from './violation.ts'

/** What is sent whatever the answers are, and what cannot be. */
export interface Plan {
  readonly cases: readonly Case[]
  readonly skipped: readonly Evidence[]
}

/** What a plan is made for. */
export interface Scope {
  readonly aim: Aim
  readonly jobs: readonly JobRef[]
  readonly allowWrites: boolean
}

/** Plans the requests that need no answer to be seen first. */
export function planCases(scope: Scope): Plan {
  const { subject } = scope.aim.judge
  const cases: Case[] = []
  const skipped: Evidence[] = []
  for (const operation of subject.document.operations) {
    if (!isRead(operation) && !scope.allowWrites) {
      skipped.push(...skip(operation, ['ignored_auth', 'negative_data_rejection'], WRITES))
      continue
    }
    cases.push(...authCases(scope, operation), ...unknownJobCases(scope, operation))
    cases.push(...violationCases(scope, operation), ...bodyCases(scope, operation))
    if (operation.method === 'GET') cases.push(...allowedCases(scope, operation))
    const missing = unknownScope(scope.aim, operation, mainJob(scope.jobs))
    if (missing !== null) skipped.push(...skip(operation, SCOPED, scopeReason(missing)))
    else if (contractOf(subject, operation.id)?.job != null && scope.jobs.length === 0) {
      skipped.push(...skip(operation, ['response_schema_conformance'], NO_JOB))
    }
  }
  return { cases, skipped }
}

const WRITES = 'writes are not allowed (--allow-writes)'
/** What takes a success to be judged. */
const SCOPED: readonly CheckName[] = ['positive_data_acceptance', 'job_state', 'law', 'S03', 'P01', 'F01']
const NO_JOB = 'no job given (--job)'

/** Does it change nothing? */
export function isRead({ method }: Operation): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function skip(operation: Operation, checks: readonly CheckName[], reason: string): readonly Evidence[] {
  return checks.map((check) => ({ check, operationId: operation.id, exchanges: 0, findings: [], reason }))
}

/** Without credentials, and with those of a scheme that is not documented, nothing is answered. */
function authCases(scope: Scope, operation: Operation): readonly Case[] {
  const { aim } = scope
  const { document } = aim.judge.subject
  if (operation.security.length === 0 || operation.security.some((need) => Object.keys(need).length === 0))
    return []
  const documented = [401, 403].filter((status) => operation.responses.has(String(status)))
  const shot = {
    operation,
    path: harmlessPath(scope, operation),
    query: requiredQuery(aim, operation),
    anonymous: true,
  }
  const expects = {
    kind: 'refused',
    check: 'ignored_auth',
    statuses: documented.length === 0 ? [401] : documented,
    pointer: operation.pointer,
  } as const
  const names = operation.security.flatMap((need) => Object.keys(need))
  const http = names.some((name) => document.schemes.get(name)?.scheme === 'bearer')
  const fault = 'no credentials were sent'
  const cases = [aimAt(aim, { ...shot, purpose: 'no credentials', expects: { ...expects, fault } })]
  if (http) {
    const headers = { authorization: 'Basic c3RhbmRpbjp3cm9uZw==' }
    const wrong = { ...expects, fault: 'credentials of another scheme were sent' }
    cases.push(aimAt(aim, { ...shot, headers, purpose: 'credentials of another scheme', expects: wrong }))
  }
  return cases
}

/** The path of a job that does not exist, all else as it is for the jobs of the target. */
function unknownJobPath(
  { aim, jobs }: Pick<Scope, 'aim' | 'jobs'>,
  operation: Operation,
  name: string,
): Readonly<Record<string, string>> {
  return { ...pathFor(aim, operation, mainJob(jobs)), [name]: pathFor(aim, operation, null)[name] ?? '' }
}

/** Where a request does no harm though the target accepts it: writes never aim at a job that exists. */
function harmlessPath(scope: Scope, operation: Operation): Readonly<Record<string, string>> {
  const name = contractOf(scope.aim.judge.subject, operation.id)?.job ?? null
  if (name === null || isRead(operation)) return pathFor(scope.aim, operation, mainJob(scope.jobs))
  return unknownJobPath(scope, operation, name)
}

/** A well-formed id of no job. */
function unknownJobCases({ aim, jobs }: Scope, operation: Operation): readonly Case[] {
  const { contract } = aim.judge.subject
  const own = contractOf(aim.judge.subject, operation.id)
  if (contract === null || own === null || own.job === null) return []
  const path = unknownJobPath({ aim, jobs }, operation, own.job)
  const statuses = [statusOf(contract, 'job_not_found', REFUSALS.job_not_found.status)]
  const expects = {
    kind: 'refused',
    check: 'J10',
    statuses,
    pointer: operation.pointer,
    fault: `the id ${path[own.job]} is of no job`,
  } as const
  return [aimAt(aim, { operation, purpose: 'a job that does not exist', path, expects })]
}

/** One violation a request: of a parameter, or of what parameters may stand together. */
function violationCases(scope: Scope, operation: Operation): readonly Case[] {
  const { aim } = scope
  const path = harmlessPath(scope, operation)
  const query = requiredQuery(aim, operation)
  const body = operation.body === null ? {} : { body: '{}' }
  const parameters = operation.parameters.filter(({ in: place }) => place !== 'cookie')
  const single = parameters.flatMap((parameter) =>
    violationsOf(aim.judge, parameter).map(({ text, fault, pointer }) => {
      const { name, in: place } = parameter
      const rest = query.filter(([known]) => known !== name)
      const expects = {
        kind: 'refused',
        check: 'negative_data_rejection',
        statuses: null,
        pointer,
        fault,
        notFound: place === 'path',
      } as const
      return aimAt(aim, {
        operation,
        purpose: `forbidden: ${fault}`,
        path: place === 'path' && text !== null ? { ...path, [name]: text } : path,
        query:
          place === 'query' && text !== null ? [...rest, [name, text]] : place === 'query' ? rest : query,
        ...(place === 'header' && text !== null ? { headers: { [name]: text } } : {}),
        ...body,
        expects,
      })
    }),
  )
  const together = conflictsOf(aim, operation).map(({ query: pairs, fault, pointer }) =>
    aimAt(aim, {
      operation,
      purpose: `forbidden: ${fault}`,
      path,
      query: [...query, ...pairs],
      expects: { kind: 'refused', check: 'negative_data_rejection', statuses: null, pointer, fault },
    }),
  )
  return [...single, ...together]
}

function bodyCases(scope: Scope, operation: Operation): readonly Case[] {
  const { aim, allowWrites } = scope
  if (!allowWrites) return []
  const path = harmlessPath(scope, operation)
  return brokenBodies(aim.judge, operation).map(({ text, fault, pointer }) =>
    aimAt(aim, {
      operation,
      purpose: `forbidden: ${fault}`,
      path,
      query: requiredQuery(aim, operation),
      body: text,
      expects: { kind: 'refused', check: 'negative_data_rejection', statuses: null, pointer, fault },
    }),
  )
}

/** Each documented value of each parameter, for operations of a job those of one job. */
function allowedCases({ aim, jobs }: Scope, operation: Operation): readonly Case[] {
  const contract = contractOf(aim.judge.subject, operation.id)
  const job = mainJob(jobs)
  if (unknownScope(aim, operation, job) !== null) return []
  const drawn = operation.parameters.filter(
    (parameter) => parameter.in === 'path' && aim.parameters[parameter.name] === undefined,
  )
  if (job === null && drawn.length > 0) return []
  const path = pathFor(aim, operation, job)
  const query = requiredQuery(aim, operation)
  const who = contract?.job == null || job === null ? '' : `${callJob(job)}: `
  return operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap((parameter) =>
      allowedTexts(aim.judge, parameter).map((text) => {
        const { name, pointer } = parameter
        const pairs: QueryPair[] = [...query.filter(([known]) => known !== name), [name, text]]
        const purpose = `${who}${name}=${text}`
        return aimAt(aim, { operation, purpose, path, query: pairs, expects: { kind: 'accepted', pointer } })
      }),
    )
}
