/**
 * The life of a job that the judge makes itself, where writes are allowed: created, read, cancelled,
 * cancelled again. Only a job of its own is ever cancelled.
 *
 * @module
 */
import type { OperationContract, Role } from '../../job-contract/job-contract.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery, unknownScope } from '../plan/aim.ts'
import { exampleBody, idIn } from '../plan/body.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { mainJob } from '../plan/job-ref.ts'
import type { Recorder } from '../recorder.ts'
import { contractOf } from '../subject.ts'
import { isSuccess } from '../view.ts'

/** Makes a job by every create operation and follows it. */
export async function judgeCreatedJob(recorder: Recorder, aim: Aim, jobs: readonly JobRef[]): Promise<void> {
  // Each job is cancelled by another operation first, where there are several: each then shows its success.
  for (const [turn, [operation, contract]] of operationsOf(aim, 'create').entries()) {
    const example = exampleBody(aim.judge, operation)
    if (example === null && operation.body?.required === true) continue
    if (unknownScope(aim, operation, mainJob(jobs)) !== null) continue
    const path = pathFor(aim, operation, mainJob(jobs))
    const create = async (purpose: string, extra: readonly QueryPair[]): Promise<string | null> => {
      const query = [...requiredQuery(aim, operation), ...extra]
      const body = example === null ? {} : { body: JSON.stringify(example) }
      const expects = { kind: 'accepted', pointer: operation.pointer } as const
      const view = await recorder.ask(aimAt(aim, { operation, purpose, path, query, ...body, expects }))
      return isSuccess(view) ? idIn(view.body, contract.id) : null
    }
    if (contract.dryRun !== null) await create('only checked', [[contract.dryRun, 'true']])
    const id = await create('created', [])
    if (id !== null) await follow(recorder, aim, id, path, turn)
  }
}

function operationsOf(aim: Aim, role: Role): readonly (readonly [Operation, OperationContract])[] {
  const { subject } = aim.judge
  return subject.document.operations.flatMap((operation) => {
    const contract = contractOf(subject, operation.id)
    return contract?.role === role ? [[operation, contract] as const] : []
  })
}

async function follow(
  recorder: Recorder,
  aim: Aim,
  id: string,
  scope: Readonly<Record<string, string>>,
  turn: number,
): Promise<void> {
  const cancels = operationsOf(aim, 'cancel')
  const steps = [
    ...operationsOf(aim, 'status'),
    ...operationsOf(aim, 'results'),
    ...[...cancels, ...cancels].slice(turn % Math.max(1, cancels.length)),
    ...operationsOf(aim, 'status'),
  ]
  for (const [operation, { job, role }] of steps) {
    if (job === null) continue
    const path = { ...pathFor(aim, operation, { id }), ...scope, [job]: id }
    const query = requiredQuery(aim, operation)
    const purpose = `the created job, ${role}`
    await recorder.ask(aimAt(aim, { operation, purpose, path, query, expects: { kind: 'documented' } }))
  }
}
