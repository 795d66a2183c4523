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
  | {
      readonly kind: 'accepted'
      readonly pointer: string
      /** Refusals that say nothing against it, such as 404 where a value may be the name of something. */
      readonly unless?: readonly number[]
      /** Refusals that may be for something that no schema says: only warnings, where they are documented. */
      readonly perhaps?: readonly number[]
    }
  /** Credentials of one documented alternative: anything but their refusal. */
  | { readonly kind: 'admitted'; readonly pointer: string; readonly fault: string }
  /** The refusal of a method that is not documented, with those that are; any status where none is given. */
  | {
      readonly kind: 'unsupported'
      readonly methods: readonly string[]
      /** Methods of other templates that the path fits: they may be named, and need not be. */
      readonly others: readonly string[]
      readonly statuses: readonly number[]
    }
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
      /** What a refusal should speak of: any one of these names. */
      readonly names?: readonly string[]
      /** A 401 should tell how to authenticate. */
      readonly challenge?: boolean
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
  /** The document has no such operation: only what is expected is judged, by the rules of its path. */
  readonly stray?: boolean
  /** What it shows others mostly show too, and more plainly: it is sent behind them. */
  readonly late?: boolean
}
