/**
 * J10 for somebody else's jobs: with the credentials of another tenant a job is refused as one that does not
 * exist, or is forbidden where that is documented; the refusal tells no more than that of an unknown id.
 *
 * @module
 */
import { statusOf } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { canonicalText, isObject } from '../../model/json.ts'
import { REFUSALS } from '../../model/refusal.ts'
import { typeOf } from '../../openapi/schema-type.ts'
import { cut, either } from '../display.ts'
import { refusalsOf } from '../documented-refusal.ts'
import type { Finding } from '../finding.ts'
import type { Piece } from '../piece.ts'
import type { Aim } from '../plan/aim.ts'
import { aimAt, credentialNames, pathFor, requiredQuery, withoutCredentials } from '../plan/aim.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { callJob, mainJob } from '../plan/job-ref.ts'
import type { Recorder } from '../recorder.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'
import type { JobOperation } from './life.ts'
import { operationsOfJob } from './life.ts'
import { nothingFor } from './paging.ts'

/** Reads of a job by somebody else; nothing is written. */
export function foreignPieces(
  aim: Aim,
  jobs: readonly JobRef[],
  credentials: Readonly<Record<string, string>>,
): readonly Piece<void>[] {
  const job = mainJob(jobs)
  if (job === null) return []
  const headers = { ...withoutCredentials(aim.judge.subject, aim.headers), ...credentials }
  const keys = credentialNames(aim.judge.subject)
  const other = { ...aim, headers, query: aim.query.filter(([name]) => !keys.has(name.toLowerCase())) }
  return operationsOfJob(aim).reads.map((each) => ({
    kind: 'read',
    name: `foreign ${each.operation.id}`,
    operations: [each.operation.id],
    checks: ['J10'],
    exchanges: 2,
    repeatable: true,
    run: (recorder) => judgeForeign(recorder, other, each, job),
  }))
}

async function judgeForeign(recorder: Recorder, aim: Aim, each: JobOperation, job: JobRef): Promise<void> {
  const { operation } = each
  const ask = (id: string | undefined, purpose: string): Promise<View> => {
    const path = { ...pathFor(aim, operation, job), [each.job]: id ?? '' }
    const query = requiredQuery(aim, operation)
    return recorder.ask(aimAt(aim, { operation, purpose, path, query, expects: { kind: 'documented' } }))
  }
  const unknown = await ask(pathFor(aim, operation, null)[each.job], 'no job, by another tenant')
  const { status } = unknown.exchange.response
  if (status === 0 || status === 401 || status === 429 || status >= 500) {
    const reason = `the other tenant was answered ${status}`
    return recorder.book.add(nothingFor(operation.id, 'J10', reason))
  }
  const foreign = await ask(job.id, `${callJob(job)}, by another tenant`)
  const findings = faultsOf(foreign, unknown, callJob(job))
  recorder.book.add({ check: 'J10', operationId: operation.id, exchanges: 2, findings, reason: null })
}

function faultsOf(foreign: View, unknown: View, name: string): readonly Finding[] {
  const { contract } = foreign.judge.subject
  const { status, body } = foreign.exchange.response
  if (contract === null || status === 0 || status === 429 || status >= 500) return []
  const codes = ['job_not_found', 'forbidden'] as const
  const wanted = codes.map((code) => statusOf(contract, code, REFUSALS[code].status))
  const statuses = refusalsOf(foreign.judge.subject, foreign.operation, wanted)
  if (statuses.length === 0) return []
  const topic = `${foreign.operation.id} foreign`
  const remark = (message: string): readonly Finding[] => [
    remarkOn(foreign, { check: 'J10', message, topic, beside: unknown.exchange }),
  ]
  if (!statuses.includes(status)) {
    const must = either(statuses.map(String))
    return remark(`${name} is of somebody else: must be ${must}, is ${status} ${cut(body)}`)
  }
  if (status !== unknown.exchange.response.status) return []
  const [mine, theirs] = [unknown, foreign].map((view) => shapeOf(view.body ?? null))
  if (mine === theirs) return []
  return remark(
    `the refusal of ${name}, somebody else's, looks otherwise than that of an unknown id: ${cut(body)}`,
  )
}

/** The names and types of what stands in a value. */
function shapeOf(value: Json): string {
  const reduced = (node: Json): Json => {
    if (Array.isArray(node)) return (node as readonly Json[]).slice(0, 1).map(reduced)
    if (!isObject(node)) return typeOf(node)
    return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, reduced(member)]))
  }
  return canonicalText(reduced(value))
}
