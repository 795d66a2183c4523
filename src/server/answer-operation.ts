/**
 * Answers of operations that succeed: find the job, query its rows, render. Operations that have nothing to
 * do with jobs are answered from the document.
 *
 * @module
 */
import type { Role } from '../job-contract/job-contract.ts'
import type { JobView } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import type { RefusalCode } from '../model/refusal.ts'
import { ApiError } from '../model/refusal.ts'
import type { Operation } from '../openapi/operation.ts'
import { successStatus } from '../openapi/response.ts'
import type { Answer } from './answer.ts'
import type { ApiWorld } from './api-world.ts'
import { answerList } from './list-jobs.ts'
import type { OperationCall } from './operation-call.ts'
import type { RowsQuery } from './query/rows-query.ts'
import { readRowsQuery } from './query/rows-query.ts'
import type { Input } from './read-input.ts'
import { renderJob, wordOf } from './render-job.ts'

/**
 * Answers an operation on jobs.
 *
 * @throws {@link ApiError} when the job is not there, has ended, or the query breaks a rule.
 */
export function answerOperation(call: OperationCall): Answer {
  const { route, world, contract, input, nowMs } = call
  verifyScope(world, input)
  const body = isObject(input.body) ? input.body : {}
  switch (contract.role) {
    case 'create': {
      if (contract.dryRun !== null && input.parameters.get(contract.dryRun) === true)
        return answerDryRun(call, body)
      const view = world.sandbox.create({ operationId: route.operation.id, body }, nowMs)
      return renderJob(call, view, { status: worldStatus(route.operation, contract.role), query: null })
    }
    case 'cancel': {
      const before = findJob(call)
      const view = world.sandbox.cancel(before.job.id, nowMs)
      return renderJob(call, view, { status: cancelStatus(route.operation, before), query: null })
    }
    case 'status':
      return renderJob(call, findJob(call), { status: successStatus(route.operation), query: null })
    case 'results': {
      const view = findJob(call)
      const { rows } = contract
      const query = rows === null ? null : readRowsQuery(input, rows, world.members(route.operation.id))
      const status = successStatus(route.operation)
      return keep(call, view, query, () => renderJob(call, view, { status, query }))
    }
    case 'list':
      return answerList(call)
  }
}

/** Whose job it is must be right before the job is looked for. */
function verifyScope(world: ApiWorld, input: Input): void {
  for (const [name, value] of Object.entries(world.sandbox.scope)) {
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

/** The job of the request, in a state in which the operation is answered. */
function findJob(call: OperationCall): JobView {
  const { world, contract, input, nowMs } = call
  const name = contract.job ?? ''
  const value = String(input.parameters.get(name))
  const view = world.sandbox.find(value, nowMs)
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
function cancelStatus(operation: Operation, { state }: JobView): number {
  return state === 'running' && operation.responses.has('202') ? 202 : successStatus(operation)
}

/** An answer that time cannot change any more is kept. */
function keep(call: OperationCall, view: JobView, query: RowsQuery | null, create: () => Answer): Answer {
  if (view.job.heldAtMs === null && view.endedAtMs === null) return create()
  const { route, world, contract, input, answers } = call
  const stand = `${world.sandbox.seed} ${view.job.id} ${view.state} ${view.rows}`
  const echoed = Object.values(contract.echoes).map((name) => input.parameters.get(name) ?? null)
  const key = `${route.template} ${stand} ${JSON.stringify([query, echoed])}`
  const known = answers.get(key)
  if (known !== undefined) return known
  const answer = create()
  answers.set(key, answer, answer.body?.byteLength ?? 0)
  return answer
}

function answerDryRun(call: OperationCall, body: JsonObject): Answer {
  const { operation } = call.route
  const view = call.world.sandbox.draft({ operationId: operation.id, body }, call.nowMs)
  return renderJob(call, view, { status: successStatus(operation), query: null, dryRun: true })
}
