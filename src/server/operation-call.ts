/**
 * What an operation on jobs is answered from, handed from step to step.
 *
 * @module
 */
import type { OperationContract } from '../job-contract/job-contract.ts'
import type { HeaderFacts } from '../vendor/vendor.ts'
import type { Steering } from '../world/event.ts'
import type { Answer } from './answer.ts'
import type { DocumentAnswer } from './answer-document.ts'
import type { ApiWorld } from './api-world.ts'
import type { ByteCache } from './cache.ts'
import type { Input } from './read-input.ts'
import type { Route } from './route.ts'

/** What response headers tell beside the status. */
export type HeaderContext = Omit<HeaderFacts, 'status'>

/** What an operation on jobs is answered from. */
export interface OperationCall {
  readonly route: Route
  readonly world: ApiWorld
  readonly contract: OperationContract
  readonly input: Input
  readonly nowMs: number
  /** What a job that is made shall be like. */
  readonly steering: Steering
  /** What comes before the mount: the sandbox, where the path names one. */
  readonly prefix: string
  readonly headers: HeaderContext
  readonly answers: ByteCache<Answer>
  /** Answers what the vendor does not render. */
  readonly document: () => Omit<DocumentAnswer, 'api' | 'spec' | 'status'>
}
