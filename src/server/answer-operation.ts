/**
 * Answers of operations that succeed: find the job, query its rows, render. What happens to the job by it is
 * told as events. Operations that have nothing to do with jobs are answered from the document.
 *
 * @module
 */
import type { Role } from '../job-contract/job-contract.ts'
import type { JobView } from '../model/job.ts'
import { isObject } from '../model/json.ts'
import type { RefusalCode } from '../model/refusal.ts'
import { ApiError } from '../model/refusal.ts'
import type { Operation } from '../openapi/operation.ts'
import { successStatus } from '../openapi/response.ts'
import type { Created, SandboxEvent } from '../world/event.ts'
import type { Answer } from './answer.ts'
import { answerAgain } from './answer-again.ts'
import type { ApiWorld } from './api-world.ts'
import { standOf } from './api-world.ts'
import { answerList } from './list-jobs.ts'
import type { OperationCall } from './operation-call.ts'
import type { Outcome } from './outcome.ts'
import { fulfilledBy } from './preference.ts'
import type { RowsQuery } from './query/rows-query.ts'
import { readRowsQuery } from './query/rows-query.ts'
import type { Input } from './read-input.ts'
import { ownHeaders, renderJob, wordOf } from './render-job.ts'

/**
 * Answers an operation on jobs.
 *
 * @throws {@link ApiError} when the job is not there, has ended, or the query breaks a rule.
 */
export function answerOperation(call: OperationCall): Outcome {
  const { world, contract, input } = call
  verifyScope(world, input)
  switch (contract.role) {
    case 'create':
      return createJob(call)
    case 'cancel':
      return cancelJob(call)
    case 'status': {
      const view = findJob(call)
      const status = successStatus(call.route.operation)
      return read(renderJob(call, view, { status, query: null }), view)
    }
    case 'results': {
      const view = findJob(call)
      return read(answerResults(call, view), view)
    }
    case 'list':
      return { result: answerList(call), events: [], about: null }
  }
}

function read(result: Answer, about: JobView): Outcome {
  return { result, events: [], about }
}

function createJob(call: OperationCall): Outcome {
  const { route, world, contract, input, nowMs } = call
  const { operation } = route
  const body = isObject(input.body) ? input.body : {}
  const key = keyOf(call)
  const event: Created = {
    ...{ type: 'created', api: route.api.id, operationId: operation.id, body },
    ...{ steering: call.steering, key },
  }
  if (contract.dryRun !== null && input.parameters.get(contract.dryRun) === true) {
    const view = world.jobs.draft(event, nowMs)
    const status = successStatus(operation)
    return read(renderJob(call, view, { status, query: null, dryRun: true }), view)
  }
  const status = worldStatus(operation, contract.role)
  const before = key === null ? null : answerAgain(call, key, body, () => status)
  if (before !== null) return before
  const view = world.jobs.draft(event, nowMs)
  const honoured = fulfilledBy(call.steering, view.job)
  return { ...make(renderJob(call, view, { status, query: null }), view, event), honoured }
}

function make(result: Answer, about: JobView, event: SandboxEvent): Outcome {
  return { result, about, events: [event] }
}

/** The idempotency key of the request; null where it has none. */
function keyOf({ route, contract, input }: OperationCall): string | null {
  if (contract.idempotency === null) return null
  const key = input.parameters.get(contract.idempotency.parameter)
  return key === undefined ? null : `${route.operation.id} ${String(key)}`
}

/** What stops only after a while is still running in the answer. */
function cancelJob(call: OperationCall): Outcome {
  const { route, world, nowMs } = call
  const { operation } = route
  const key = keyOf(call)
  const again =
    key === null
      ? null
      : answerAgain(call, key, {}, (before) => cancelStatus(operation, before), jobIdOf(call))
  if (again !== null) return again
  const before = findJob(call)
  const { id } = before.job
  const status = cancelStatus(operation, before)
  const lagMs = status === 202 && successStatus(operation) !== 202 ? world.jobs.lagOf(id) : 0
  const event: SandboxEvent = { type: 'cancelled', api: route.api.id, id, lagMs, key }
  const view = world.jobs.stopped(event, nowMs) ?? before
  const answer = renderJob(call, view, { status, query: null })
  return before.endedAtMs !== null || world.jobs.isStopping(event, nowMs)
    ? read(answer, view)
    : make(answer, view, event)
}

/** Whose job it is must be right before the job is looked for. */
function verifyScope(world: ApiWorld, input: Input): void {
  for (const [name, value] of Object.entries(world.jobs.scope)) {
    const asked = input.parameters.get(name)
    if (typeof asked === 'string' && asked.toLowerCase() !== value.toLowerCase()) {
      throw refuseAt('job_not_found', `There is nothing at ${name} ${asked}`, { name, value: asked })
    }
  }
}

/** A refusal that names the path parameter that is at fault. */
function refuseAt(
  code: RefusalCode,
  message: string,
  { name, ...params }: { readonly name: string; readonly value: string; readonly state?: string },
): ApiError {
  return new ApiError(code, message, [{ in: 'path', name, path: [], keyword: 'rule', message, params }])
}

function jobIdOf({ contract, input }: OperationCall): string {
  return String(input.parameters.get(contract.job ?? ''))
}

/** The job of the request, in a state in which the operation is answered. */
function findJob(call: OperationCall): JobView {
  const { world, contract, nowMs } = call
  const name = contract.job ?? ''
  const value = jobIdOf(call)
  const view = world.jobs.find(value, nowMs)
  if (view === undefined) throw refuseAt('job_not_found', `There is no job ${value}`, { name, value })
  if (contract.allowedIn.includes(view.state)) return view
  const state = wordOf(call, view)
  const at = { name, value, state }
  if (contract.role === 'cancel') throw refuseAt('job_ended', `The job has already ended: ${state}`, at)
  throw refuseAt('job_not_finished', `The job has no results: it is ${state}`, at)
}

/** The status of a success: for a job that is made 201 or 202, since a lower one may stand for a dry run. */
export function worldStatus(operation: Operation, role: Role | undefined): number {
  const created = role === 'create' ? [201, 202] : []
  return created.find((status) => operation.responses.has(String(status))) ?? successStatus(operation)
}

/** Stopping what runs takes a while: where the document has the status for that, it is given. */
function cancelStatus(operation: Operation, before: JobView | undefined): number {
  return before?.state === 'running' && operation.responses.has('202') ? 202 : successStatus(operation)
}

function answerResults(call: OperationCall, view: JobView): Answer {
  const { route, world, contract, input } = call
  const { rows } = contract
  const query = rows === null ? null : readRowsQuery(input, rows, world.members(route.operation.id))
  const status = successStatus(route.operation)
  return keep(call, view, query, () => renderJob(call, view, { status, query }))
}

/** An answer that time cannot change any more is kept. */
function keep(call: OperationCall, view: JobView, query: RowsQuery | null, create: () => Answer): Answer {
  if (view.job.heldAtMs === null && view.endedAtMs === null) return create()
  const { route, world, contract, input, answers } = call
  const echoed = Object.values(contract.echoes).map((name) => input.parameters.get(name) ?? null)
  const headers = ownHeaders(call, successStatus(route.operation))
  const asked = JSON.stringify([query, echoed, headers])
  const key = `${call.prefix}${route.template} ${standOf(world.jobs, view)} ${asked}`
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = create()
  answers.set(key, answer, answer.body?.byteLength ?? 0)
  return answer
}
