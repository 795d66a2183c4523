/**
 * The vocabulary in which a vendor says what its document and job contract cannot: how its rows, answers and
 * errors look. A vendor holds data and small pure functions; the flow stands in `world/` and `server/`.
 *
 * @module
 */

import type { InputIssue } from '../model/issue.ts'
import type { JobState, JobView, Profile, Slot, Template } from '../model/job.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { RefusalCode } from '../model/refusal.ts'
import type { Draw } from './draw.ts'

/** Where a vendor's facts were read. */
export interface Source {
  readonly url: string
  /** The day it was read, `2026-11-20`. */
  readonly read: string
}

/**
 * One member of a row: `'template'`, the value that the row's template has under the column's name, or a
 * value computed from template and slot. Whether a computed value is null depends on the template alone.
 * Sorting by a column that `rises` costs nothing: its values are equal within a rank and rise from rank to
 * rank, or rise from each index to the next. Columns that can be sorted, filtered or selected do not look at
 * the slot's view.
 */
export type Column =
  | 'template'
  | {
      readonly read: (template: Template, slot: Slot) => Json
      readonly rises?: 'rank' | 'index'
    }

/** What an answer of a job operation is rendered from. */
export interface AnswerFacts {
  /** The job as it stands now; every operation that has one. */
  readonly view: JobView
  /** The vendor's word for the state. */
  readonly state: string
  /** The page of rows; to be placed as a whole, its items cannot be looked at. */
  readonly rows: Json
  /** How many rows match, on every page. */
  readonly total: number
  /** Whether more rows follow in the direction of travel. */
  readonly more: boolean
  /** The body of the request; null where it has none. */
  readonly body: Json
  /** The request asked for the checks alone: the job was not made. */
  readonly dryRun: boolean
  /** An instant as this API writes it: RFC 3339, milliseconds, UTC. */
  readonly instant: (ms: number) => string
  /** What a function gives for each row that can be read now, in order: for what is said of them all. */
  readonly each: <Value>(read: (template: Template, slot: Slot) => Value) => readonly Value[]
  /** Whose job it is, by the path parameters that say so. */
  readonly scope: Readonly<Record<string, string>>
  /** The path of an operation for this job, under the prefix that was asked. */
  readonly link: (operationId: string) => string
  readonly profile: Profile
}

/** What response headers are rendered from. */
export interface HeaderFacts {
  readonly status: number
  /** The instant of the answer. */
  readonly nowMs: number
  /** The limit that counts this request; null where none is set. */
  readonly limit: LimitState | null
  /** For how long a client that is refused should wait; null leaves it to the API. */
  readonly retryAfterMs: number | null
}

/** How a limit of requests stands, this request included. */
export interface LimitState {
  readonly requests: number
  readonly remaining: number
  /** When the window is over. */
  readonly resetAtMs: number
}

/** What an error body is rendered from. */
export interface RefusalFacts {
  readonly code: RefusalCode
  readonly status: number
  readonly message: string
  readonly issues: readonly InputIssue[]
  /** The issues as pydantic tells them, for APIs that are made with it. */
  readonly flaws: () => readonly Flaw[]
  /** The path as it was asked for, without the mount. */
  readonly path: string
  /** The instant of the refusal, RFC 3339. */
  readonly at: string
  readonly profile: Profile
}

/** An issue in pydantic's words. */
export interface Flaw extends JsonObject {
  /** Where: the part of the request, then the way into it. */
  readonly loc: readonly (string | number)[]
  readonly msg: string
  readonly type: string
}

/** Shapes of error bodies that several vendors share, or the vendor's own. */
export type ErrorShape = 'fastapi' | 'problem' | ((facts: RefusalFacts) => Json)

/** Draws one member of a row template or brief. `soFar` holds the members drawn before it. */
export type Drawing = (draw: Draw, soFar: Template) => Json

/** A named job of a fixture beside what every fixture has; times in milliseconds. */
export interface NamedJob {
  readonly name: string
  readonly rows: number
  readonly outcome?: 'succeeded' | 'partially_succeeded' | 'failed' | 'cancelled'
  /** How far its run has come, 0 to 1; 1 is the end, below 0 it is still queued. */
  readonly progress?: number
  readonly ties?: number
  readonly mix?: Readonly<Record<string, number>>
  /** Members of its brief that are given, not drawn. */
  readonly brief?: JsonObject
}

/** What the generator draws for an API. */
export interface FixtureRecipe {
  /** The kinds of row templates and how many runs of each are drawn. */
  readonly kinds: Readonly<Record<string, number>>
  /** Templates come in runs of this many that belong together; tied rows take them in turn. */
  readonly run: number
  /** The kinds that ordinary rows are drawn from, with their weights. */
  readonly mix: Readonly<Record<string, number>>
  /** Members of a row template, drawn in this order, each from its own key. */
  readonly template: Readonly<Record<string, Drawing>>
  /** Members of a job's brief, drawn likewise. */
  readonly brief?: Readonly<Record<string, Drawing>>
  /** Named jobs beside or instead of the usual ones; a size of null leaves a usual one out. */
  readonly jobs?: Readonly<Record<string, Partial<NamedJob> | null>>
}

/** What a webhook is rendered from: the job as it stood when it happened, and what it is called. */
export interface WebhookFacts extends AnswerFacts {
  /** The vendor's name of what happened. */
  readonly event: string
  /** The instant at which it happened, as this API writes it. */
  readonly at: string
  /** The same at every attempt. */
  readonly deliveryId: string
}

/** What receivers are told when jobs move: of which states, how it looks, and what becomes of what fails. */
export interface Webhooks {
  /** By state, what is told when a job enters it, named as in the document. Of others nobody is told. */
  readonly events: Readonly<Partial<Record<JobState, string>>>
  /** The form of a delivery's id: a text in which each `#` is a hexadecimal digit. */
  readonly deliveryId: string
  readonly body: (facts: WebhookFacts) => Json
  /** Headers beside those of the signature and of the media type. */
  readonly headers: (facts: WebhookFacts) => Readonly<Record<string, string>>
  /** Where the HMAC of the body as it is sent goes, in hexadecimal digits behind the prefix. */
  readonly signature: { readonly hash: 'SHA-256'; readonly header: string; readonly prefix: string }
  /** How long after the beginning of each attempt that fails the next one comes; after as many none does. */
  readonly retryDelaysMs: readonly number[]
  /** How long a receiver may take to answer. */
  readonly timeoutMs: number
}

/** Everything standin knows of an API beyond its document and job contract. */
export interface Vendor {
  readonly sources: readonly Source[]
  readonly errors?: ErrorShape
  /** Values of documented response headers. */
  readonly headers?: (facts: HeaderFacts) => Readonly<Record<string, string>>
  /** The members of a row in the order in which they are written. */
  readonly columns?: Readonly<Record<string, Column>>
  /** By operation id: the answer of an operation that succeeds. */
  readonly answers?: Readonly<Record<string, (facts: AnswerFacts) => Json>>
  /**
   * The brief of a job that a request to an operation creates, from its body and a drawn brief. Without an
   * operation the job is made by hand and the body is empty.
   */
  readonly brief?: (body: JsonObject, drawn: JsonObject, operationId: string | null) => JsonObject
  /**
   * How many rows a job so asked has in the end: `drawn`, unless it follows from what was asked. It holds for
   * the jobs of fixtures too, whose size is then the drawn one.
   */
  readonly rows?: (brief: JsonObject, drawn: number) => number
  readonly webhooks?: Webhooks
  readonly fixture?: FixtureRecipe
}
