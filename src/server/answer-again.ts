/**
 * Requests that come again with the same idempotency key: the answer is the first one's, and nothing more
 * happens. No answer is stored, since the first one follows from the job and the instant.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { canonicalText } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import type { OperationCall } from './operation-call.ts'
import type { Outcome } from './outcome.ts'
import { fulfilledBy } from './preference.ts'
import { renderJob } from './render-job.ts'

/**
 * The answer that the first request with this key got; null when this is the first.
 *
 * @param statusOf - The status of the answer, from the job as it was before the request.
 * @param jobId - Which job is asked for, where one is.
 * @throws {@link ApiError} `key_reused` when the first request was another.
 */
export function answerAgain(
  call: OperationCall,
  key: string,
  body: JsonObject,
  statusOf: (before: JobView | undefined) => number,
  jobId: string | null = null,
): Outcome | null {
  const { world, contract, nowMs } = call
  const asked = world.jobs.askedWith(key, nowMs - (contract.idempotency?.keepMs ?? 0))
  if (asked === undefined) return null
  const { event, before, view } = asked
  const same =
    event.type === 'created'
      ? jobId === null && canonicalText(event.body) === canonicalText(body)
      : jobId?.toLowerCase() === event.id.toLowerCase()
  if (!same) {
    throw new ApiError('key_reused', 'This idempotency key came with another request before')
  }
  const answer = renderJob(call, view, { status: statusOf(before), query: null })
  const honoured = event.type === 'created' ? fulfilledBy(call.steering, view.job) : []
  return { result: answer, events: [], about: view, again: true, honoured }
}
