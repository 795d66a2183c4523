/**
 * What is said by hand of an API so that its jobs can be followed through the front door: how they are made,
 * and what its answers say of one. The laws themselves are in `life-law.ts`, the same for every API.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import type { TerminalState } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Reply } from './door.ts'
import type { Luck } from './luck.ts'

/** The invariants of a job's life. */
export const LIFE_LAWS = [
  'J01',
  'J02',
  'J03',
  'J04',
  'J05',
  'J06',
  'J07',
  'J08',
  'J09',
  'J10',
  'J11',
  'J12',
  'J13',
] as const

/** One of {@link LIFE_LAWS}. */
export type LifeLaw = (typeof LIFE_LAWS)[number]

/** A job that a test has made. */
export interface Made {
  readonly id: string
  readonly operationId: string
  readonly body: JsonObject
  readonly atMs: number
  /** The wishes that `Preference-Applied` has granted. */
  readonly granted: {
    readonly outcome?: TerminalState
    readonly afterMs?: number
    readonly rows?: number
  }
  readonly receipt: Reply
  /** Its idempotency key, where it has one. */
  readonly key: string | null
  /** The laws that are written by hand beside the contract know what it was asked to do. */
  readonly usual: boolean
}

/** The answers that were given about a job at one instant, by operation. */
export type Answers = Readonly<Record<string, Reply>>

/** What the answers say of a job, put so that every API can be held to the same laws; null is not said. */
export interface Look {
  /** The vendor's word for its state. */
  readonly state: string | null
  readonly ended: boolean | null
  /** The ids that its answers name as its own. */
  readonly ids: readonly string[]
  /** What never falls. */
  readonly growing: Readonly<Record<string, number>>
  /** What never changes once it is not null. */
  readonly fixed: Readonly<Record<string, unknown>>
  readonly work: { readonly done: number; readonly failed: number; readonly total: number } | null
  /** Instants that are told of its life. */
  readonly times: {
    readonly created: number
    readonly started: number | null
    readonly ended: number | null
    /** It waits, or was given up while it did. */
    readonly unstarted: boolean
    /** What happened within its run, in its order. */
    readonly between: readonly number[]
  } | null
  /** It has failed; it tells of an error; the error has its code or its sentence. */
  readonly blame: { readonly failed: boolean; readonly told: boolean; readonly whole: boolean } | null
  /** Paths that the answers link to. */
  readonly links: readonly string[]
  /** Ids of its rows in their order, how many it says there are, and whether more follow. */
  readonly rows: {
    readonly ids: readonly string[]
    readonly totals: readonly number[]
    readonly more: boolean
  } | null
}

/** An API whose jobs are followed. */
export interface Followed {
  readonly api: string
  /** The body of a request that makes a job, by the operation; only small jobs where it can say so. */
  readonly bodies: Readonly<
    Record<string, (luck: Luck) => { readonly body: JsonObject; readonly usual: boolean }>
  >
  /** A body that says how many rows the job has leaves a wish for rows without effect. */
  readonly takesRows: boolean
  /** To which words a job may go from a word, in one step or in several that nobody saw. */
  readonly moves: Readonly<Record<string, readonly string[]>> | null
  /** How many of the reads of each operation are made: all, or one of so many. */
  readonly sparse?: Readonly<Record<string, number>>
  /** Queries that its reads carry. */
  readonly queries?: Readonly<Record<string, string>>
  /** Queries by which the laws beside the contract want the reads, where they are others. */
  readonly handQueries?: Readonly<Record<string, string>>
  /** Fills in what was read under another path only. */
  readonly withTwins?: (bodies: Readonly<Record<string, JsonObject>>) => Readonly<Record<string, JsonObject>>
  /** The statuses of cancelling what waits, runs, was cancelled, or has ended otherwise. */
  readonly cancel: {
    readonly operationId: string
    readonly waiting: number
    readonly running: number
    readonly cancelled: number
    readonly ended: number
  } | null
  /** What an id that names no job gets, a malformed one, and any in a scope of somebody else. */
  readonly unknown: { readonly id: string; readonly malformed: string; readonly statuses: readonly number[] }
  /** A header that a request may carry to be sent again. */
  readonly keyed: { readonly header: string; readonly reused: number } | null
  readonly look: (answers: Answers, made: Made) => Look
  /** What a job that says it has ended well leaves undone. */
  readonly unfinished: (answers: Answers, made: Made) => readonly string[]
  /** What a job that waits shows beside an empty set. */
  readonly unempty: (answers: Answers) => readonly string[]
  /** How rows and progress disagree. */
  readonly disagreements: (answers: Answers) => readonly string[]
  /** Why a law says nothing of this API. */
  readonly silent: Readonly<Partial<Record<LifeLaw, string>>>
}

/** What is said of an API. */
export async function followedOf(id: string): Promise<Followed> {
  const file = new URL(`${id}.ts`, import.meta.url)
  if (!existsSync(file)) throw new Error(`say by hand how jobs of ${id} live: test/living-jobs/${id}.ts`)
  return ((await import(file.href)) as { readonly followed: Followed }).followed
}

/** The body of an answer that succeeded; an empty object where it did not, or was not given. */
export function bodyOf(answers: Answers, operationId: string): JsonObject {
  const reply = answers[operationId]
  return reply !== undefined && reply.status === 200 ? (reply.body as JsonObject) : {}
}

/** An instant; null where there is none. */
export function instantOf(value: unknown): number | null {
  return typeof value === 'string' ? Date.parse(value) : null
}

/** The sentences whose claim is false. */
export function untrue(claims: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(claims).filter((claim) => claims[claim] !== true)
}
