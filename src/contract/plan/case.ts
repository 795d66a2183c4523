/**
 * Cases: requests to be sent, each with why and with what must come back. Sending is `target.ts`'s.
 *
 * @module
 */
import type { CheckName } from '../finding.ts'

/** What must come back. */
export type Expectation =
  /** Any documented answer. */
  | { readonly kind: 'documented' }
  /** An answer of the 2xx family, because the job is there and its state allows the operation. */
  | { readonly kind: 'answered'; readonly pointer: string }
  /** An answer of the 2xx family, because the document allows the request. */
  | { readonly kind: 'accepted'; readonly pointer: string }
  /** A refusal; `statuses` are those that count, null for every 4xx that tells of the fault. */
  | {
      readonly kind: 'refused'
      readonly check: CheckName
      readonly statuses: readonly number[] | null
      /** Pointer into the document to what the request breaks. */
      readonly pointer: string
      /** What is wrong with the request, such as `limit=101 is above the maximum 100`. */
      readonly fault: string
      /** A 404 tells of the fault too: it is in the path. */
      readonly notFound?: boolean
    }

/** A request to be sent. */
export interface Case {
  readonly operationId: string
  /** Why it is sent, for people. */
  readonly purpose: string
  readonly method: string
  /** The whole URL. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly expects: Expectation
}
