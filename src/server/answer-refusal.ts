/**
 * Refusals in the shape of the API that refuses. What no API documents (unknown paths, bounds, preferences)
 * is an RFC 9457 problem.
 *
 * @module
 */
import { statusOf } from '../job-contract/job-contract.ts'
import type { Profile } from '../model/job.ts'
import type { ApiError, RefusalCode } from '../model/refusal.ts'
import { REFUSALS } from '../model/refusal.ts'
import { responseFor } from '../openapi/response.ts'
import { flawOf, problem, renderError } from '../vendor/error-shape.ts'
import type { HeaderFacts, RefusalFacts } from '../vendor/vendor.ts'
import type { Answer } from './answer.ts'
import { jsonAnswer, withHeaders } from './answer.ts'
import type { DocumentAnswer } from './answer-document.ts'
import { answerFromDocument, drawnHeaders } from './answer-document.ts'
import type { HeaderContext } from './operation-call.ts'
import type { Route } from './route.ts'

/** Refusals that are standin's own. */
const OWN: ReadonlySet<RefusalCode> = new Set([
  'route_not_found',
  'method_not_allowed',
  'example_not_found',
  'body_too_large',
  'url_too_long',
  'headers_too_large',
  'preference_invalid',
  'sandbox_invalid',
  'store_away',
  'internal',
])

/** A refusal as a problem. */
export function answerProblem(
  error: ApiError,
  path: string,
  atMs: number,
  status: number = REFUSALS[error.code].status,
): Answer {
  const facts = factsOf(error, status, path, atMs)
  return jsonAnswer(facts.status, 'application/problem+json', problem(facts), error.headers)
}

/** What a refusal of an operation is answered with. */
export interface RefusalContext extends Omit<DocumentAnswer, 'spec' | 'status' | 'api'> {
  readonly route: Route
  readonly path: string
  readonly atMs: number
  readonly headers: HeaderContext
}

/** A refusal as its API documents it; a status that a client asked for is given as it is. */
export function answerRefusal(
  error: ApiError,
  context: RefusalContext,
  forced: number | null = null,
): Answer {
  const { route, path, atMs } = context
  const { api, operation } = route
  if (forced === null && OWN.has(error.code)) return answerProblem(error, path, atMs)
  const status = forced ?? documentedStatus(route, error.code)
  const spec = responseFor(operation, status)
  const drawn = spec === undefined ? {} : drawnHeaders({ ...context, api, spec })
  const own = vendorHeaders(route, { ...context.headers, status })
  const headers = { ...drawn, ...own, ...error.headers }
  if (spec?.content.length === 0) return { status, headers, body: null }
  const shape = api.vendor?.errors
  if (shape === undefined) {
    if (spec === undefined) return answerProblem(error, path, atMs, forced ?? undefined)
    return withHeaders(answerFromDocument({ ...context, api, spec, status }), headers)
  }
  const { type, body } = renderError(
    shape,
    factsOf(error, status, path.slice(route.mount.length), atMs, api.profile),
  )
  return jsonAnswer(status, type, body, headers)
}

/** What is wrong with a request is told by another status where the operation does not document its own. */
const OF_INPUT: readonly RefusalCode[] = ['request_invalid', 'request_bad', 'id_malformed']

function documentedStatus({ api, operation }: Route, code: RefusalCode): number {
  const statusFor = (asked: RefusalCode): number =>
    api.contract === null ? REFUSALS[asked].status : statusOf(api.contract, asked, REFUSALS[asked].status)
  const candidates = OF_INPUT.includes(code) ? [code, ...OF_INPUT] : [code]
  const statuses = [...candidates.map(statusFor), ...(OF_INPUT.includes(code) ? [400, 422] : [])]
  return statuses.find((status) => responseFor(operation, status) !== undefined) ?? statusFor(code)
}

/** The vendor's values of the headers that this answer documents. */
export function vendorHeaders(route: Route, facts: HeaderFacts): Readonly<Record<string, string>> {
  const { status } = facts
  const values = route.api.vendor?.headers?.(facts)
  if (values === undefined) return {}
  const documented = responseFor(route.operation, status)?.headers ?? []
  return Object.fromEntries(
    Object.entries(values).filter(([name]) =>
      documented.some((header) => header.name.toLowerCase() === name.toLowerCase()),
    ),
  )
}

function factsOf(
  error: ApiError,
  status: number,
  path: string,
  atMs: number,
  profile: Profile = 'spec',
): RefusalFacts {
  const { code, message, issues } = error
  const at = new Date(atMs).toISOString()
  return { code, status, message, issues, flaws: () => issues.map(flawOf), path, at, profile }
}
