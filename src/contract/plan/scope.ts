/**
 * The scope of a plan: what it is made for, and paths that do no harm whatever the target does.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import { contractOf } from '../subject.ts'
import type { Aim } from './aim.ts'
import { pathFor } from './aim.ts'
import type { JobRef } from './job-ref.ts'
import { mainJob } from './job-ref.ts'

/** What a plan is made for. */
export interface Scope {
  readonly aim: Aim
  readonly jobs: readonly JobRef[]
  readonly allowWrites: boolean
}

/** Does it change nothing? */
export function isRead({ method }: Pick<Operation, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

/** Why no request of an operation can be made; null where one can. */
export function unsendable({ method, needsQuerystring }: Operation): string | null {
  if (/^(?:connect|trace|track)$/i.test(method)) return `${method} is no method that can be sent`
  return needsQuerystring ? 'it needs a query described as a whole, which is not written' : null
}

/** The path of a job that does not exist, all else as it is for the jobs of the target. */
export function unknownJobPath(
  { aim, jobs }: Pick<Scope, 'aim' | 'jobs'>,
  operation: Operation,
  name: string,
): Readonly<Record<string, string>> {
  return { ...pathFor(aim, operation, mainJob(jobs)), [name]: pathFor(aim, operation, null)[name] ?? '' }
}

/** Where a request does no harm though the target accepts it: writes never aim at a job that exists. */
export function harmlessPath(scope: Scope, operation: Operation): Readonly<Record<string, string>> {
  const name = contractOf(scope.aim.judge.subject, operation.id)?.job ?? null
  if (name === null || isRead(operation)) return pathFor(scope.aim, operation, mainJob(scope.jobs))
  return unknownJobPath(scope, operation, name)
}
