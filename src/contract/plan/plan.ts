/**
 * The plan: which requests are sent to judge an API, from its document, its job contract and the jobs that
 * the target has. What depends on rows that were seen (walks, filters, selects) is planned in `invariant/`.
 *
 * @module
 */

import { statusOf } from '../../job-contract/job-contract.ts'
import { REFUSALS } from '../../model/refusal.ts'
import type { Operation } from '../../openapi/operation.ts'
import { refusalsOf } from '../documented-refusal.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName } from '../finding.ts'
import { contractOf } from '../subject.ts'
import { aimAt, scopeReason, unknownScope } from './aim.ts'
import { authCases, trustsConnection } from './auth.ts'
import { boundedCases } from './bound.ts'
import type { Case } from './case.ts'
import { mainJob } from './job-ref.ts'
import type { HeadPair } from './method.ts'
import { headPairs, methodCases } from './method.ts'
import { negativeCases, unknownParameterCase } from './negative.ts'
import { positiveCases } from './positive.ts'
import type { Scope } from './scope.ts'
import { isRead, unknownJobPath, unsendable } from './scope.ts'

/** What is sent whatever the answers are, and what cannot be. */
export interface Plan {
  readonly cases: readonly Case[]
  /** How many cases the bound on them leaves out. */
  readonly leftOut: number
  readonly heads: readonly HeadPair[]
  readonly skipped: readonly Evidence[]
}

/** How much is planned. */
export interface PlanBounds {
  /** How many cases at the most; {@link CASES_LIMIT} unless given. */
  readonly limit?: number
  /** Cases that nobody asked for make room for others. */
  readonly isWanted?: (planned: Case) => boolean
}

/** Plans the requests that need no answer to be seen first. */
export function planCases(
  scope: Scope,
  { limit = CASES_LIMIT, isWanted = () => true }: PlanBounds = {},
): Plan {
  const { subject } = scope.aim.judge
  const groups: (readonly Case[])[] = []
  const skipped: Evidence[] = []
  for (const operation of subject.document.operations) {
    const reason = unsendable(operation)
    if (reason !== null) {
      skipped.push(...skip(operation, ALL, reason))
      continue
    }
    if (!isRead(operation) && !scope.allowWrites) {
      skipped.push(...skip(operation, ['ignored_auth', 'negative_data_rejection'], WRITES))
      continue
    }
    if (trustsConnection(subject, operation)) skipped.push(...skip(operation, ['ignored_auth'], CERTIFICATE))
    groups.push(authCases(scope, operation), unknownJobCases(scope, operation))
    groups.push(negativeCases(scope, operation), [unknownParameterCase(scope, operation)])
    groups.push(positiveCases(scope, operation))
    const missing = unknownScope(scope.aim, operation, mainJob(scope.jobs))
    if (missing !== null) skipped.push(...skip(operation, SCOPED, scopeReason(missing)))
    else if (contractOf(subject, operation.id)?.job != null && scope.jobs.length === 0) {
      skipped.push(...skip(operation, ['response_schema_conformance'], NO_JOB))
    }
  }
  groups.push(methodCases(scope))
  const wanted = groups.map((group) => group.filter(isWanted))
  const cases = boundedCases(wanted, limit)
  return { cases, leftOut: wanted.flat().length - cases.length, heads: headPairs(scope), skipped }
}

/** More would tell little that is new, and wear a real service out. */
export const CASES_LIMIT = 350
const WRITES = 'writes are not allowed (--allow-writes)'
const CERTIFICATE = 'a certificate (mutualTLS) comes with the connection, and no request can leave it out'
const ALL: readonly CheckName[] = [
  'response_schema_conformance',
  'ignored_auth',
  'negative_data_rejection',
  'positive_data_acceptance',
]
/** What takes a success to be judged. */
const SCOPED: readonly CheckName[] = ['positive_data_acceptance', 'job_state', 'law', 'S03', 'P01', 'F01']
const NO_JOB = 'no job given (--job)'

function skip(operation: Operation, checks: readonly CheckName[], reason: string): readonly Evidence[] {
  return checks.map((check) => ({ check, operationId: operation.id, exchanges: 0, findings: [], reason }))
}

/** A well-formed id of no job. */
function unknownJobCases({ aim, jobs }: Scope, operation: Operation): readonly Case[] {
  const { contract } = aim.judge.subject
  const own = contractOf(aim.judge.subject, operation.id)
  if (contract === null || own === null || own.job === null) return []
  const path = unknownJobPath({ aim, jobs }, operation, own.job)
  const { subject } = aim.judge
  const wanted = [statusOf(contract, 'job_not_found', REFUSALS.job_not_found.status)]
  const statuses = refusalsOf(subject, operation, wanted)
  if (statuses.length === 0) return []
  const expects = {
    kind: 'refused',
    check: 'J10',
    statuses,
    pointer: operation.pointer,
    fault: `the id ${path[own.job]} is of no job`,
  } as const
  return [aimAt(aim, { operation, purpose: 'a job that does not exist', path, expects })]
}
