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
import { aimAt, requiredQuery, scopeReason, unknownScope } from './aim.ts'
import type { Case } from './case.ts'
import { mainJob } from './job-ref.ts'
import { negativeCases, unknownParameterCase } from './negative.ts'
import { positiveCases } from './positive.ts'
import type { Scope } from './scope.ts'
import { harmlessPath, isRead, unknownJobPath } from './scope.ts'

/** What is sent whatever the answers are, and what cannot be. */
export interface Plan {
  readonly cases: readonly Case[]
  readonly skipped: readonly Evidence[]
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
    cases.push(...negativeCases(scope, operation))
    cases.push(unknownParameterCase(scope, operation), ...positiveCases(scope, operation))
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
