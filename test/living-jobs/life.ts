/**
 * The life of many jobs of one API: a server whose clock a test moves, the jobs that were made there, and
 * every answer on its way to the laws and to the judge.
 *
 * @module
 */
import { subjectOf } from '../../src/cli/judged.ts'
import { judgeExchange } from '../../src/contract/check/check.ts'
import type { Book } from '../../src/contract/evidence.ts'
import { createBook } from '../../src/contract/evidence.ts'
import type { Judge } from '../../src/contract/subject.ts'
import { createJudge } from '../../src/contract/subject.ts'
import { createView } from '../../src/contract/view.ts'
import type { Role } from '../../src/job-contract/job-contract.ts'
import { TERMINAL_STATES } from '../../src/model/job.ts'
import type { BrokenLaws } from '../random-jobs/seen.ts'
import type { Asking, Door, Reply } from './door.ts'
import { openDoor } from './door.ts'
import type { Answers, Followed, Made } from './followed.ts'
import { followedOf } from './followed.ts'
import type { Ledger, Sight } from './life-law.ts'
import { openLedger } from './life-law.ts'
import type { Luck } from './luck.ts'
import { luckOf } from './luck.ts'

/** A job that is followed. */
export interface Tracked {
  made: Made
  /** What was last seen of it. */
  last: Sight | null
  /** The instant at which it was first seen to be over, counted; -1 before. */
  overAt: number
  /** The instants at which it is to be cancelled, counted. */
  readonly cancelAt: readonly number[]
}

/** What spoils an answer between the server and the laws. */
export type Spoil = (reply: Reply, operationId: string, jobId: string, life: Life) => Reply

/** The life of many jobs. */
export interface Life {
  readonly followed: Followed
  readonly door: Door
  readonly ledger: Ledger
  readonly book: Book
  readonly luck: Luck
  readonly jobs: Tracked[]
  /** How many answers were given and how many were judged. */
  readonly counts: { answers: number; judged: number; sights: number; handLaws: number }
  /** What the laws written by hand beside the contract say. */
  readonly handBroken: string[]
  /** The words for states that were seen. */
  readonly words: Set<string>
  readonly brokenLaws: BrokenLaws
  /** The operations that read a job. */
  readonly reads: readonly string[]
  /** Which instant it is, counted. */
  instant: number
  ask(operationId: string, jobId: string, asking?: Asking): Promise<Reply>
}

/** Begins a life in which there is no job yet. */
export async function beginLife(id: string, seed: string, spoil: Spoil | null = null): Promise<Life> {
  const door = await openDoor(id)
  const followed = await followedOf(id)
  const lawFile = new URL(`../random-jobs/${id}.ts`, import.meta.url)
  const laws = (await import(lawFile.href)) as { readonly brokenLaws: BrokenLaws }
  const judge = createJudge(await subjectOf(door.api))
  const known = new Map<string, string>()
  const life: Life = {
    followed,
    door,
    ledger: openLedger(),
    book: createBook(),
    luck: luckOf('life', id, seed),
    jobs: [],
    counts: { answers: 0, judged: 0, sights: 0, handLaws: 0 },
    handBroken: [],
    words: new Set(),
    brokenLaws: laws.brokenLaws,
    reads: operationsOf(door, 'status', 'results'),
    instant: 0,
    async ask(operationId, jobId, asking) {
      const given = await door.ask(operationId, jobId, asking)
      const reply = spoil === null ? given : spoil(given, operationId, jobId, life)
      life.counts.answers += 1
      const key = `${reply.method} ${reply.url}`
      const said = `${reply.status} ${reply.text}`
      if (known.get(key) !== said) judgeReply(life, judge, operationId, reply, asking)
      known.set(key, said)
      return reply
    },
  }
  return life
}

function judgeReply(
  { door, book, counts }: Life,
  judge: Judge,
  operationId: string,
  { method, url, status, headers, text }: Reply,
  asking: Asking = {},
): void {
  const body = asking.body === undefined ? null : JSON.stringify(asking.body)
  const request = { method, url, headers: { ...door.credentials, ...asking.headers }, body }
  const response = { status, headers: Object.fromEntries(headers), body: text }
  const exchange = { operationId, request, response, purpose: '' }
  judgeExchange(createView(judge, door.operation(operationId), exchange), book)
  counts.judged += 1
}

/** The operations of some roles, in the order of the document. */
export function operationsOf({ api }: Door, ...roles: readonly Role[]): readonly string[] {
  return api.document.operations.flatMap(({ id }) => {
    const role = api.contract?.operations[id]?.role
    return role !== undefined && roles.includes(role) ? [id] : []
  })
}

/** Reads a job by each of its operations; those that are read seldom only at their turn. */
export async function readsOf(life: Life, jobId: string, turn: number): Promise<Answers> {
  const answers: Record<string, Reply> = {}
  const { sparse = {}, queries = {} } = life.followed
  for (const operation of life.reads) {
    if (turn % (sparse[operation] ?? 1) !== 0) continue
    const query = queries[operation]
    answers[operation] = await life.ask(operation, jobId, query === undefined ? {} : { query })
  }
  return answers
}

/** Moves the clock on. */
export function goOn({ door }: Life, ms: number): void {
  door.moveTo(door.nowMs() + ms)
}

/** The states and outcomes that the jobs have in the end, in our own words. */
export function outcomesOf({ door, jobs }: Life): ReadonlySet<string> {
  const nowMs = door.nowMs()
  const states = jobs.map(({ made }) => door.world.jobs.find(made.id, nowMs)?.state ?? 'gone')
  return new Set(states.filter((state) => TERMINAL_STATES.some((known) => known === state)))
}
