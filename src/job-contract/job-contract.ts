/**
 * The job contract of an API: what its OpenAPI document cannot say about jobs, as data.
 * The mock obeys it and the judge enforces it; neither reads the other.
 *
 * @module
 */
import type { JobState } from '../model/job.ts'
import type { Json } from '../model/json.ts'
import type { RefusalCode } from '../model/refusal.ts'
import type { JobWords, RowsFollow, Transitions } from './job-words.ts'
import type { Law } from './law.ts'

/** A job contract with every default filled in. */
export interface JobContract {
  readonly api: string
  /** The form of job ids: `uuid`, or a text in which each `#` stands for a hexadecimal digit. */
  readonly jobId: string
  /** The vendor's word for each state it shows. */
  readonly states: Readonly<Partial<Record<JobState, string>>>
  /** Other words that the vendor shows, each with the state it stands for. */
  readonly synonyms: Readonly<Record<string, JobState>>
  /** From which state a job may go to which. */
  readonly transitions: Transitions
  /** Path parameters beside the job's id that say whose job it is, each with the form of its values. */
  readonly scope: Readonly<Record<string, string>>
  /** Per security scheme, a credential that is accepted and what others must look like. */
  readonly credentials: Readonly<Record<string, Credential>>
  /** The status a refusal gets, where it is not the usual one. */
  readonly refusals: Readonly<Partial<Record<RefusalCode, number>>>
  /** By operation id. */
  readonly operations: Readonly<Record<string, OperationContract>>
  readonly laws: readonly Law[]
}

/** A credential of a security scheme. */
export interface Credential {
  readonly example: string
  /** Regular expression that accepted credentials match; null accepts any that is not empty. */
  readonly pattern: string | null
}

/** What an operation does with jobs. */
export type Role = 'results' | 'status' | 'create' | 'cancel' | 'list'

/** What must hold of one operation's requests and answers. */
export interface OperationContract extends JobWords {
  readonly role: Role
  /** The path parameter that holds the job's id. */
  readonly job: string | null
  /** Pointer to the job's id in the answer. */
  readonly id: string | null
  /** Pointer to the job's state in the answer. */
  readonly state: string | null
  /** Pointers into the answer, each with the parameter whose value it repeats. */
  readonly echoes: Readonly<Record<string, string>>
  /** Parameters whose blank value counts as omitted. */
  readonly blank: readonly string[]
  /** A boolean query parameter that asks for the checks alone: nothing is made. */
  readonly dryRun: string | null
  /** How a request says that it is sent again; null where it cannot. */
  readonly idempotency: IdempotencyContract | null
  /** The states of a job in which it is answered; in others it is refused. */
  readonly allowedIn: readonly JobState[]
  readonly rows: RowsContract | null
  readonly list: ListContract | null
}

/** A request that comes again with the same key is answered as the first one was, and does nothing more. */
export interface IdempotencyContract {
  /** The parameter that holds the key, usually a header. */
  readonly parameter: string
  /** For how long a key is kept. */
  readonly keepMs: number
}

/** Where the pages of a list say what they are, and how a request asks for one. */
export interface PagingContract {
  /** Pointer to the list. */
  readonly at: string
  /** Pointer to the number of all that match. */
  readonly total: string | null
  /** Pointer to the flag that says whether more follow. */
  readonly more: string | null
  /** Pointers to the tokens of the next and the previous page; null where there is none. */
  readonly next: string | null
  readonly previous: string | null
  /** Pointer to the limit that holds. */
  readonly echo: string | null
  /** The parameter that bounds a page; for rows, 0 and below give an empty one. */
  readonly limit: string | null
  /** The parameter that takes the token of a page. */
  readonly token: string | null
  /** A limit out of its bounds is brought back into them instead of refused. */
  readonly clamps: boolean
  /** What becomes of a token or a row's id that belongs to another query or another job. */
  readonly foreign: 'refused' | 'ignored'
}

/** Where the jobs stand that an operation lists, and how a request chooses among them; newest come first. */
export interface ListContract extends PagingContract {
  /** The operation of a job whose answer each item is. */
  readonly of: string
  /** The parameter that names the member to sort by; where there is none, jobs go by their creation. */
  readonly field: string | null
  /** The parameter that gives the direction, and its word for rising. */
  readonly order: string | null
  readonly ascending: string
  /** Parameters that items must match, each with a pointer into the item: equal to it or among its values. */
  readonly equal: Readonly<Record<string, string>>
  /** Parameters that bound a member of the items, from below and from above, both included. */
  readonly from: Readonly<Record<string, string>>
  readonly to: Readonly<Record<string, string>>
}

/** Where the rows of a job stand in an answer, and how a request chooses among them. */
export interface RowsContract extends PagingContract {
  /** Pointer into the document: what a row is when nothing was selected. */
  readonly schema: string | null
  /** The member of a row that holds its id. */
  readonly id: string | null
  /** The parameter that says how many rows are passed over. */
  readonly offset: string | null
  /** Members of a row and the values that say it failed. */
  readonly failed: Readonly<Record<string, readonly Json[]>>
  /** The number of the job's progress that the rows are as many as; null where they follow none. */
  readonly follow: RowsFollow | null
  /** The parameter that numbers pages; it excludes cursors and filter. */
  readonly page: string | null
  /** The number of the first page. */
  readonly firstPage: 0 | 1
  /** The parameters that take a row's id: the rows after it, or the page before it. */
  readonly after: string | null
  readonly before: string | null
  readonly sort: SortContract | null
  readonly select: SelectContract | null
  readonly filter: FilterContract | null
}

/** How rows are sorted: nulls last ascending and first descending, ties by position. */
export interface SortContract {
  readonly field: string
  readonly order: string
  readonly descending: string
  /** Values of `field` that are no member of a row and sort by position. */
  readonly positional: readonly string[]
}

/** How members of rows are selected: a comma list of `member` or `member/child`; the answer is distinct. */
export interface SelectContract {
  readonly parameter: string
  /** Members whose children can be selected. */
  readonly parents: readonly string[]
}

/** How rows are filtered. */
export interface FilterContract {
  readonly parameter: string
  /** `odata-equality`: `path eq literal`, joined by `and`. */
  readonly language: 'odata-equality'
  /** Members whose children can be filtered by. */
  readonly parents: readonly string[]
}

/** The status that a refusal gets from an API. */
export function statusOf(contract: JobContract, code: RefusalCode, usual: number): number {
  return contract.refusals[code] ?? usual
}
