/**
 * What an operation on jobs is answered from, handed from step to step.
 *
 * @module
 */
import type { OperationContract } from '../job-contract/job-contract.ts'
import type { Answer } from './answer.ts'
import type { DocumentAnswer } from './answer-document.ts'
import type { ApiWorld } from './api-world.ts'
import type { ByteCache } from './cache.ts'
import type { Input } from './read-input.ts'
import type { Route } from './route.ts'

/** What an operation on jobs is answered from. */
export interface OperationCall {
  readonly route: Route
  readonly world: ApiWorld
  readonly contract: OperationContract
  readonly input: Input
  readonly nowMs: number
  readonly answers: ByteCache<Answer>
  /** Answers what the vendor does not render. */
  readonly document: () => Omit<DocumentAnswer, 'api' | 'spec' | 'status'>
}
