/**
 * Refusals: answers that say no, independent of any vendor's shape. One table gives each its default status;
 * a job contract may choose another. What is not an ApiError or a UsageError is a bug.
 *
 * @module
 */
import type { InputIssue } from './issue.ts'

/** What each refusal means, and its status unless the job contract says otherwise. */
export const REFUSALS = {
  preference_invalid: { status: 400, title: 'A preference cannot be honoured' },
  sandbox_invalid: { status: 400, title: 'No sandbox can have this name' },
  request_bad: { status: 400, title: 'The request cannot be read' },
  unauthenticated: { status: 401, title: 'Credentials are missing or wrong' },
  payment_required: { status: 402, title: 'The account cannot pay for this' },
  forbidden: { status: 403, title: 'The credentials do not allow this' },
  caller_refused: { status: 403, title: 'Such callers may not control this server' },
  job_not_found: { status: 404, title: 'No such job' },
  route_not_found: { status: 404, title: 'No operation has this path' },
  sandbox_not_found: { status: 404, title: 'No such sandbox' },
  entry_not_found: { status: 404, title: 'No such request in the journal' },
  delivery_not_found: { status: 404, title: 'No such delivery' },
  example_not_found: { status: 404, title: 'The document has no such answer' },
  method_not_allowed: { status: 405, title: 'No operation of this path has this method' },
  job_not_finished: { status: 409, title: 'The job has no results' },
  job_ended: { status: 409, title: 'The job has already ended' },
  state_refused: { status: 409, title: 'The job cannot go there from its state' },
  name_taken: { status: 409, title: 'The name is taken' },
  delivery_unsent: { status: 409, title: 'The delivery has no receiver' },
  key_reused: { status: 409, title: 'The idempotency key was used for another request' },
  body_too_large: { status: 413, title: 'The body is larger than allowed' },
  url_too_long: { status: 414, title: 'The URL is longer than allowed' },
  media_type_unsupported: { status: 415, title: 'The body is of a media type that is not read here' },
  id_malformed: { status: 422, title: 'The id does not have the documented form' },
  request_invalid: { status: 422, title: 'The request does not match the API description' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are larger than allowed' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'The service is not available' },
  store_away: { status: 503, title: 'The store of the sandboxes cannot be reached' },
} as const

/** A stable, greppable name for a refusal; safe to match on in tests and in vendors' renderers. */
export type RefusalCode = keyof typeof REFUSALS

/** A refusal, independent of any vendor's error shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: RefusalCode
  readonly issues: readonly InputIssue[]
  /** Headers that the refusal itself demands, such as `Allow`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: RefusalCode,
    detail: string = REFUSALS[code].title,
    issues: readonly InputIssue[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.code = code
    this.issues = issues
    this.headers = headers
  }
}

/** The refusal that a documented status stands for when a client asks for that status. */
export function refusalOf(status: number): RefusalCode | null {
  const asked: Readonly<Record<number, RefusalCode>> = {
    400: 'request_bad',
    404: 'job_not_found',
    422: 'request_invalid',
  }
  const code = asked[status]
  if (code !== undefined) return code
  for (const [name, refusal] of Object.entries(REFUSALS)) {
    if (refusal.status === status) return name as RefusalCode
  }
  return null
}
