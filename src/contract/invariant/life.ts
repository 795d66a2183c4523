/**
 * The life of one job that the judge made: what is asked of it, at which pace, and what its rows say beside
 * its state. What the answers say of the job itself its recorder's chronicle judges.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import type { JobState } from '../../model/job.ts'
import { canonicalText } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import { waitMs } from '../check/retry-after.ts'
import type { CheckName, Finding } from '../finding.ts'
import { judgeEmptyPage, judgeRowsFollow } from '../job/rows-law.ts'
import type { Sight } from '../job/sight.ts'
import { hasEnded, sightsOf } from '../job/sight.ts'
import type { Stage } from '../job/stage.ts'
import { without } from '../job/state-law.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { contractOf } from '../subject.ts'
import type { View } from '../view.ts'

/** An operation of a job, and what the job contract says of it. */
export interface JobOperation {
  readonly operation: Operation
  readonly contract: OperationContract
  /** The path parameter that holds the job's id. */
  readonly job: string
}

/** A job of the judge's own. */
export interface Life {
  readonly recorder: Recorder
  readonly aim: Aim
  readonly stage: Stage
  readonly id: string
  /** What the path that made it says of whose job it is. */
  readonly scope: Readonly<Record<string, string>>
  /** How the job is called, for people. */
  readonly name: string
  /** The answer that made it. */
  readonly made: View
}

/** The operations of a job that only read, those that tell its state first; and those that cancel it. */
export function operationsOfJob({ judge }: Aim): {
  readonly reads: readonly JobOperation[]
  readonly cancels: readonly JobOperation[]
} {
  const all = judge.subject.document.operations.flatMap((operation): JobOperation[] => {
    const contract = contractOf(judge.subject, operation.id)
    return contract?.job == null ? [] : [{ operation, contract, job: contract.job }]
  })
  const reads = all.filter(({ operation }) => operation.method === 'GET')
  const rank = ({ contract }: JobOperation): number =>
    Number(contract.role !== 'status') + 2 * Number(contract.state === null)
  return {
    reads: [...reads].sort((a, b) => rank(a) - rank(b)),
    cancels: all.filter(({ contract }) => contract.role === 'cancel'),
  }
}

/** Asks an operation of the job. */
export function askOf(
  { recorder, aim, id, scope, name }: Life,
  { operation, job }: Pick<JobOperation, 'operation' | 'job'>,
  what: string,
  query: readonly QueryPair[] = [],
): Promise<View> {
  const path = { ...pathFor(aim, operation, { id }), ...scope, [job]: id }
  const all = [...requiredQuery(aim, operation), ...query]
  const shot = { operation, purpose: `${name}, ${what}`, path, query: all }
  return recorder.ask(aimAt(aim, { ...shot, expects: { kind: 'documented' } }))
}

/** What one look at the job brought. */
export interface Look {
  /** The last answer that told its state; null where none did. */
  readonly sight: Sight | null
  /** How long the answers asked to wait before the next look. */
  readonly waitMs: number | null
}

/** The sight of a job in an answer about it alone. */
export function sightOf(view: View): Sight | null {
  return sightsOf(view).find(({ base }) => base === '') ?? null
}

/**
 * Looks at the job by every operation; where its state is the same before and after, so it was in between.
 */
export async function lookAt(life: Life, what: string): Promise<Look> {
  const [teller, ...others] = operationsOfJob(life.aim).reads
  if (teller === undefined) return { sight: null, waitMs: null }
  const first = await askOf(life, teller, what)
  const between: View[] = []
  for (const each of others) between.push(await askOf(life, each, what))
  const before = sightOf(first)
  if (others.length === 0 || before === null || before.word === null) {
    return { sight: before?.word == null ? null : before, waitMs: pauseOf(first) }
  }
  const last = await askOf(life, teller, `${what}, again`)
  const sight = sightOf(last)
  if (sight !== null && isSame(before, sight)) for (const view of between) judgeRows(life, view, sight)
  return { sight, waitMs: pauseOf(last) }
}

/** Are two sights of a job the same, but for what may change though it stands still? */
export function isSame(a: Sight, b: Sight): boolean {
  const [left, right] = [a, b].map(({ job, contract }) => canonicalText(without(job, contract.volatile)))
  return left === right
}

/** What rows say of a job whose state is known from elsewhere. */
function judgeRows({ recorder, name }: Life, view: View, sight: Sight): void {
  const add = (check: CheckName, findings: readonly Finding[] | null): void => {
    if (findings === null) return
    recorder.book.add({ check, operationId: view.operation.id, exchanges: 1, findings, reason: null })
  }
  const own = sightOf(view)
  // What an answer says of itself was judged with it.
  if (own?.word == null && waits(sight)) add('J12', judgeEmptyPage(view, name, sight))
  if (view.contract?.progress == null) add('J13', judgeRowsFollow(view, sight))
}

function waits({ states }: Sight): boolean {
  return states.length > 0 && states.every((state) => state === 'queued')
}

function pauseOf({ exchange }: View): number | null {
  const { headers } = exchange.response
  const text = headers['retry-after']
  return text === undefined ? null : waitMs(text.trim(), Date.parse(headers['date'] ?? ''))
}

/**
 * Follows the job until it has ended, is in one of the states that are waited for, or outlives the patience.
 *
 * @returns The last sight; null where no answer tells the job's state.
 */
export async function followUntil(
  life: Life,
  states: readonly JobState[],
  what: string,
): Promise<Sight | null> {
  const { stage } = life
  const until = stage.time.now() + stage.patienceMs
  let pause = Math.min(1_000, stage.pauseMs)
  for (let number = 1; number <= MOST_LOOKS; number += 1) {
    const look = await lookAt(life, `${what} ${number}`)
    const { sight } = look
    if (sight === null || hasEnded(sight.states)) return sight
    if (sight.states.some((state) => states.includes(state))) return sight
    const wait = Math.max(pause, look.waitMs ?? 0)
    if (stage.time.now() + wait > until) return sight
    await stage.time.wait(wait)
    pause = Math.min(pause * 2, stage.pauseMs)
  }
  return (await lookAt(life, what)).sight
}

/** Enough for half a minute in steps of a second, and for a day in steps that double. */
const MOST_LOOKS = 30
