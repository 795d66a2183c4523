/**
 * What a case expected against what came: refusals of what the document forbids, of missing credentials and
 * of unknown jobs, and acceptance of what the document allows.
 *
 * @module
 */
import type { Operation } from '../../openapi/operation.ts'
import { responseFor } from '../../openapi/response.ts'
import { isOfCondition } from '../condition.ts'
import { cut, either, show } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName, Finding } from '../finding.ts'
import type { Expectation } from '../plan/case.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'
import { judgeUnsupported } from './method.ts'

/** Statuses that say nothing of the fault: who asks and how often was looked at first. */
const LOOKED_ELSEWHERE = new Set([401, 403, 404, 429])

/** Judges an answer by what its case expected; null where it expected nothing in particular. */
export function judgeExpectation(view: View, expects: Expectation): Evidence | null {
  const { status } = view.exchange.response
  if (expects.kind === 'unsupported') return judgeUnsupported(view, expects)
  if (status === 0 || expects.kind === 'documented') return null
  if (expects.kind === 'accepted') return judgeAccepted(view, expects, 'positive_data_acceptance')
  if (expects.kind === 'answered') return judgeAccepted(view, expects, 'job_state')
  if (expects.kind === 'admitted') return judgeAdmitted(view, expects)
  return expects.statuses === null
    ? judgeRejection(view, expects)
    : judgeRefusal(view, expects, expects.statuses)
}

type Refused = Extract<Expectation, { kind: 'refused' }>

function nothingSeen(view: View, check: CheckName, hint = ''): Evidence {
  const reason = `the request was answered ${view.exchange.response.status}${hint}`
  return { check, operationId: view.operation.id, exchanges: 0, findings: [], reason }
}

function seen(view: View, check: CheckName, findings: readonly Finding[]): Evidence {
  return { check, operationId: view.operation.id, exchanges: 1, findings, reason: null }
}

function judgeAccepted(
  view: View,
  { pointer, unless = [], perhaps = [] }: Omit<Extract<Expectation, { kind: 'accepted' }>, 'kind'>,
  check: CheckName,
): Evidence {
  const { status, body } = view.exchange.response
  if ((status >= 200 && status < 300) || status === 304 || leadsOn(view)) return seen(view, check, [])
  if (status === 401 || status === 403 || status === 429 || status >= 500 || unless.includes(status)) {
    return nothingSeen(view, check)
  }
  if (isOfCondition(view.exchange)) return nothingSeen(view, check)
  const { purpose } = view.exchange
  const why = check === 'job_state' ? 'a job whose state allows it' : 'what the document allows'
  const message = `answered ${status} to ${why} (${purpose}): ${cut(body, 120)}`
  const level = perhaps.includes(status) && view.spec !== undefined ? 'warning' : 'error'
  return seen(view, check, [
    remarkOn(view, { check, level, message, pointer, topic: `${pointer} ${purpose}` }),
  ])
}

/** Is it a redirection that the document tells of, such as the 303 of a job that has ended? */
function leadsOn({ operation, exchange }: View): boolean {
  const { status } = exchange.response
  const told = operation.responses.has(String(status)) || operation.responses.has('3XX')
  return status >= 300 && status < 400 && told
}

/** One documented alternative of credentials is enough. */
function judgeAdmitted(view: View, { pointer, fault }: Extract<Expectation, { kind: 'admitted' }>): Evidence {
  const check = 'positive_data_acceptance'
  const { status, body } = view.exchange.response
  if (status === 429 || status >= 500) return nothingSeen(view, check)
  if (status !== 401 && status !== 403) return seen(view, check, [])
  const message = `${fault}: must be let in, is answered ${status} ${cut(body)}`
  return seen(view, check, [remarkOn(view, { check, message, pointer, topic: `${pointer} ${fault}` })])
}

/** What a refusal may be where the document names none: the request is at fault, not who asks. */
const USUAL_REFUSALS: ReadonlySet<number> = new Set([400, 405, 409, 413, 414, 415, 422])

/** A refusal counts where it is documented; where no 4xx of the request's content is, if it is usual. */
function isRefusal({ operation }: View, status: number): boolean {
  return (
    responseFor(operation, status) !== undefined || tellsOfContent(operation) || USUAL_REFUSALS.has(status)
  )
}

/** Does the document say how a request is refused for what it says? */
function tellsOfContent({ responses }: Operation): boolean {
  return [...responses.keys()].some((key) => /^(?:400|409|415|422|4XX|default)$/.test(key))
}

/** Statuses that a case asks for although the document does not have them. */
export function statusesOwed(operation: Operation, expects: Expectation): ReadonlySet<number> {
  if (expects.kind !== 'refused' || expects.check === 'J10') return NONE
  if (expects.statuses !== null) return new Set(expects.statuses)
  return tellsOfContent(operation) ? NONE : USUAL_REFUSALS
}

const NONE: ReadonlySet<number> = new Set()

/**
 * A 4xx that tells of the fault and of what is at fault. That an undocumented one is undocumented, where
 * others are documented, `status_code_conformance` says.
 */
function judgeRejection(view: View, expects: Refused): Evidence {
  const { check, pointer, fault, notFound } = expects
  const { status, body } = view.exchange.response
  if (notFound === true && status === 404) return seen(view, check, [])
  if (LOOKED_ELSEWHERE.has(status) || (status >= 400 && isOfCondition(view.exchange))) {
    return nothingSeen(view, check)
  }
  if (status >= 400 && status < 500) {
    if (isRefusal(view, status)) return seen(view, check, namedIn(view, expects))
    const message = `${fault}: must be refused as such, is answered ${status} ${cut(body)}`
    return seen(view, check, [remarkOn(view, { check, message, pointer })])
  }
  const verdict = status >= 500 ? 'broke the server' : 'was accepted'
  const message = `${fault}, yet the request ${verdict}: ${status} ${cut(body)}`
  return seen(view, check, [remarkOn(view, { check, message, pointer })])
}

/** Who is refused should be told for what: a warning where an answer that has words names nothing. */
function namedIn(view: View, { check, fault, pointer, names = [] }: Refused): readonly Finding[] {
  const { body } = view.exchange.response
  const said = plain(body)
  if (names.length === 0 || said === '' || names.some((name) => said.includes(plain(name)))) return []
  const message = `${fault}: the refusal does not name ${either(names)}: ${cut(body)}`
  return [remarkOn(view, { check, level: 'warning', message, pointer: view.spec?.pointer ?? pointer })]
}

/** Letters and digits alone: `pageNumber`, `page_number` and `Page number` are one name. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}

/** Answers that say nothing about the job, for the credentials did not get that far. */
const NO_ACCESS: ReadonlySet<number> = new Set([401, 403, 429])

function judgeRefusal(view: View, expects: Refused, statuses: readonly number[]): Evidence {
  const { check, pointer, fault, challenge } = expects
  const { status, body } = view.exchange.response
  if (statuses.includes(status))
    return seen(view, check, challenge === true ? challengeIn(view, expects) : [])
  if (check === 'J10' && NO_ACCESS.has(status)) return nothingSeen(view, check, ': is the key right?')
  if (status === 429) return nothingSeen(view, check)
  const message = `${fault}: must be ${either(statuses.map(String))}, is ${status} ${cut(body)}`
  return seen(view, check, [remarkOn(view, { check, message, pointer, topic: `${pointer} ${fault}` })])
}

/**
 * RFC 9110 asks of every 401 to say how to authenticate; it is an error where the document does so too. A key
 * that stands alone is of no scheme that could be named.
 */
function challengeIn(view: View, { check }: Refused): readonly Finding[] {
  const { status, headers } = view.exchange.response
  if (status !== 401) return []
  const given = headers['www-authenticate']
  if (given !== undefined && /^[\w!#$%&'*+.^`|~-]+(?:[ ,]|$)/.test(given.trim())) return []
  const documented = view.spec?.headers.some(({ name }) => name.toLowerCase() === 'www-authenticate') === true
  const what = given === undefined ? 'lacks' : `has ${show(given)} as`
  const message = `the 401 ${what} WWW-Authenticate, which says how to authenticate (RFC 9110, 11.6.1)`
  const { document } = view.judge.subject
  const names = view.operation.security.flatMap((need) => Object.keys(need))
  const named = names.some((name) => document.schemes.get(name)?.scheme !== '')
  if (!documented && !named && given === undefined) return []
  const level = documented ? 'error' : 'warning'
  return [remarkOn(view, { check, level, message, topic: 'www-authenticate' })]
}
