/**
 * Plain requests: each read that needs no job, with nothing but what it requires. They are sent first, so
 * that a finding that others show too is shown by the plainest of them.
 *
 * @module
 */
import { contractOf } from '../subject.ts'
import type { Aim } from './aim.ts'
import { aimAt, pathFor, requiredQuery } from './aim.ts'
import type { Case } from './case.ts'
import type { JobRef } from './job-ref.ts'
import { mainJob } from './job-ref.ts'
import { isRead, unsendable } from './scope.ts'

/** Lists, and whatever the job contract does not speak of; what has no path to fill in is first. */
export function plainCases(aim: Aim, jobs: readonly JobRef[]): readonly Case[] {
  const { subject } = aim.judge
  const reads = subject.document.operations
    .filter((operation) => isRead(operation) && unsendable(operation) === null)
    .filter((operation) => contractOf(subject, operation.id)?.job == null)
  const fixed = reads.filter(({ path }) => !path.includes('{'))
  return [...fixed, ...reads.filter((operation) => !fixed.includes(operation))].map((operation) =>
    aimAt(aim, {
      operation,
      purpose: 'as it is',
      path: pathFor(aim, operation, mainJob(jobs)),
      query: requiredQuery(aim, operation),
      expects: { kind: 'documented' },
    }),
  )
}
