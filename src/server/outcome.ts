/**
 * What came of a request: an answer, and what happened in the sandbox by it.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import type { Decision } from '../world/sandboxes.ts'
import type { Answer } from './answer.ts'
import type { Wish } from './preference.ts'

/** What came of a request. */
export interface Outcome extends Decision<Answer> {
  /** The job that it was about; null where there is none or there are many. */
  readonly about: JobView | null
  /** Which of the wishes for a job it fulfils. */
  readonly honoured?: readonly Wish[]
  /** The request came before with the same idempotency key. */
  readonly again?: boolean
}
