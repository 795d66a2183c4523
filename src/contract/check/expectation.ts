/**
 * What a case expected against what came: refusals of what the document forbids, of missing credentials and
 * of unknown jobs, and acceptance of what the document allows.
 *
 * @module
 */
import { cut, either } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName } from '../finding.ts'
import type { Expectation } from '../plan/case.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

/** Statuses that say nothing of the fault: who asks and how often was looked at first. */
const LOOKED_ELSEWHERE = new Set([401, 403, 404, 429])

/** Judges an answer by what its case expected; null where it expected nothing in particular. */
export function judgeExpectation(view: View, expects: Expectation): Evidence | null {
  const { status } = view.exchange.response
  if (status === 0 || expects.kind === 'documented') return null
  if (expects.kind === 'accepted') return judgeAccepted(view, expects.pointer, 'positive_data_acceptance')
  if (expects.kind === 'answered') return judgeAccepted(view, expects.pointer, 'job_state')
  return expects.statuses === null
    ? judgeRejection(view, expects)
    : judgeRefusal(view, expects, expects.statuses)
}

type Refused = Extract<Expectation, { kind: 'refused' }>

function judgeAccepted(view: View, pointer: string, check: CheckName): Evidence {
  const { status, body } = view.exchange.response
  const entry = { check, operationId: view.operation.id }
  if ((status >= 200 && status < 300) || status === 304)
    return { ...entry, exchanges: 1, findings: [], reason: null }
  if (status === 401 || status === 403 || status === 429 || status >= 500) {
    return { ...entry, exchanges: 0, findings: [], reason: `the request was answered ${status}` }
  }
  const { purpose } = view.exchange
  const why = check === 'job_state' ? 'a job whose state allows it' : 'what the document allows'
  const message = `answered ${status} to ${why} (${purpose}): ${cut(body, 120)}`
  const remark = { check: entry.check, message, pointer, topic: `${pointer} ${purpose}` }
  return { ...entry, exchanges: 1, findings: [remarkOn(view, remark)], reason: null }
}

/** Any 4xx that tells of the fault will do; whether it is documented, `status_code_conformance` says. */
function judgeRejection(view: View, { check, pointer, fault, notFound }: Refused): Evidence {
  const { status, body } = view.exchange.response
  const entry = { check, operationId: view.operation.id }
  if (LOOKED_ELSEWHERE.has(status) && !(notFound === true && status === 404)) {
    return { ...entry, exchanges: 0, findings: [], reason: `the request was answered ${status}` }
  }
  if (status >= 400 && status < 500) return { ...entry, exchanges: 1, findings: [], reason: null }
  const verdict = status >= 500 ? 'broke the server' : 'was accepted'
  const message = `${fault}, yet the request ${verdict}: ${status} ${cut(body)}`
  return { ...entry, exchanges: 1, findings: [remarkOn(view, { check, message, pointer })], reason: null }
}

/** Answers that say nothing about the job, for the credentials did not get that far. */
const NO_ACCESS: ReadonlySet<number> = new Set([401, 403, 429])

function judgeRefusal(view: View, { check, pointer, fault }: Refused, statuses: readonly number[]): Evidence {
  const { status, body } = view.exchange.response
  const entry = { check, operationId: view.operation.id, exchanges: 1, reason: null }
  if (statuses.includes(status)) return { ...entry, findings: [] }
  if (check === 'J10' && NO_ACCESS.has(status)) {
    return {
      ...entry,
      exchanges: 0,
      findings: [],
      reason: `the request was answered ${status}: is the key right?`,
    }
  }
  const message = `${fault}: must be ${either(statuses.map(String))}, is ${status} ${cut(body)}`
  return { ...entry, findings: [remarkOn(view, { check, message, pointer, topic: `${pointer} ${fault}` })] }
}
