/**
 * Runs: from a subject and a target to a verdict. First what needs nothing to be seen before, then every job
 * read twice and walked, then the rows of the jobs that are worth it by every other way.
 *
 * @module
 */
import { createAim, findJobs, secretsOf } from './aiming.ts'
import { createSightings } from './coverage/sightings.ts'
import type { Thresholds } from './coverage/summary.ts'
import type { Engine } from './engine.ts'
import { createEngine } from './engine.ts'
import type { Surroundings } from './invariant/created-job.ts'
import { foreignPieces } from './invariant/foreign-job.ts'
import { pieceOfHead } from './invariant/head.ts'
import { lifePieces, listPieces, readPieces, walkPieces } from './job-pieces.ts'
import { seeStates } from './job-state.ts'
import { isWanted, pieceOfCase } from './piece.ts'
import type { Aim, QueryPair } from './plan/aim.ts'
import type { JobRef } from './plan/job-ref.ts'
import { plainCases } from './plan/plain.ts'
import { planCases } from './plan/plan.ts'
import { isRead } from './plan/scope.ts'
import { recheck } from './recheck.ts'
import type { Selection, SelectionOptions } from './select.ts'
import { createSelection } from './select.ts'
import type { Subject } from './subject.ts'
import { createJudge, verifySchemas } from './subject.ts'
import type { Target } from './target.ts'
import { openSession } from './target.ts'
import type { Time } from './time.ts'
import type { Verdict } from './verdict.ts'
import { createVerdict } from './verdict.ts'

/** How a target is judged. */
export interface CheckOptions {
  /** What stands before the document's paths: origin and mount. */
  readonly baseUrl: string
  /** Who is judged, for people; the base URL where it is left out. */
  readonly label?: string
  /** Headers of every request; where none is a credential, the job contract's examples are sent too. */
  readonly credentials?: Readonly<Record<string, string>>
  /** Names and texts that the query of every request carries, credentials among them. */
  readonly query?: readonly QueryPair[]
  /** The target takes every credential that the job contract does not rule out, as the mock does. */
  readonly takesAnyCredential?: boolean
  /** Credentials of another tenant, to whom the jobs must not be shown. */
  readonly otherCredentials?: Readonly<Record<string, string>>
  /** Jobs of the target; where there are none, it is asked for them. */
  readonly jobs?: readonly JobRef[]
  /** Values of path and required parameters that no job gives. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly seed?: number
  /** Allows requests that make, change or cancel jobs. */
  readonly allowWrites?: boolean
  /** Pieces of work at the same time; the verdict does not depend on it. */
  readonly concurrency?: number
  /** Told of each exchange; `planned` grows as more is known. */
  readonly onProgress?: (done: number, planned: number) => void
  readonly signal?: AbortSignal
  /** What delays and deadlines are measured by; unless given, one that moves only by being waited for. */
  readonly time?: Time
  /** Requests a second at the most. */
  readonly rate?: number
  /** Which checks are made, and which share of the work is done. */
  readonly selection?: SelectionOptions
  /** Percentages of coverage that are asked for; missing one breaks the run. */
  readonly thresholds?: Thresholds
  /** The command of the run; findings tell how to make it again for them alone. */
  readonly replay?: string
  /** Ask again for what shows a fault, tell whether it flips, and make it smaller; true unless given. */
  readonly recheck?: boolean
  /** How many requests are planned at the most, beside reads, walks and jobs' lives. */
  readonly maxCases?: number
  /** For how long a job of the judge's own is followed at the most, where its time is real. */
  readonly patienceMs?: number
  /** What tells this run from others at a target that remembers the keys of requests. */
  readonly nonce?: string
  /** For how long an answer that is a stream is read at the most, where time is handed in. */
  readonly streamMs?: number
}

/**
 * Judges one API of a target. A run that its signal stops gives the verdict on what was seen till then.
 *
 * @throws {@link UsageError} when a schema of the document does not compile, and for a selection of nothing.
 * @throws {@link TargetUnreachable} when not even the first request can be made.
 */
export async function checkTarget(subject: Subject, target: Target, options: CheckOptions): Promise<Verdict> {
  const selection = createSelection(subject, options.selection)
  const judge = createJudge(subject)
  verifySchemas(judge)
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const jobs = await findJobs(subject, target, baseUrl, options).catch((error: unknown) => {
    if (options.signal?.aborted === true) return []
    throw error
  })
  const aim = createAim(judge, baseUrl, jobs, options)
  const { signal, time, rate, streamMs, concurrency = 4, onProgress = () => undefined } = options
  const sightings = createSightings(judge)
  const session = openSession(target, { signal, time, rate, streamMs })
  const engine = createEngine({ judge, session, selection, sightings, concurrency, onProgress, signal })
  const looked = new Set<string>()
  const lookAgain = async (): Promise<void> => {
    if (options.recheck !== false) await recheck(engine, aim, looked, signal)
  }
  const leftOut = await workThrough(engine, aim, jobs, selection, lookAgain, { ...options, target })
  return createVerdict(subject, engine.book, {
    target: options.label ?? baseUrl,
    seed: aim.seed,
    secrets: secretsOf(aim, jobs, options),
    unmatched: 0,
    leftOut,
    reason: jobs.length === 0 ? 'no job given (--job)' : 'no exchange had anything for it',
    selection,
    sightings,
    thresholds: options.thresholds,
    replay: options.replay,
    reached: engine.isReached(),
    stopped: signal?.aborted === true ? stopOf(signal.reason, engine) : null,
  })
}

/**
 * Everything that is asked, each step planned by what the steps before it brought. What makes, changes or
 * ends jobs comes last: till then nothing but the target moves what is compared, be it looked at twice.
 *
 * @returns How many planned requests the bound on them left out.
 */
async function workThrough(
  engine: Engine,
  aim: Aim,
  known: readonly JobRef[],
  selection: Selection,
  lookAgain: () => Promise<void>,
  options: CheckOptions & Surroundings,
): Promise<number> {
  const { allowWrites = false, maxCases } = options
  const jobs = await seeStates(engine, aim, known)
  const plan = planCases(
    { aim, jobs, allowWrites },
    {
      ...(maxCases === undefined ? {} : { limit: maxCases }),
      isWanted: (planned) => isWanted(pieceOfCase(planned), selection),
    },
  )
  const [reading, writing] = [plan.cases.filter(isRead), plan.cases.filter((each) => !isRead(each))]
  const [plain, ...others] = plainCases(aim, jobs).map(pieceOfCase)
  // As one job is read in every run that shares the work: each knows whether the target answers at all.
  const asked = plain === undefined ? [] : [{ ...plain, lends: true as const }, ...others]
  await engine.work([...asked, ...reading.filter(({ late }) => late !== true).map(pieceOfCase)])
  await engine.work(plan.heads.map(pieceOfHead))
  for (const evidence of plan.skipped) engine.book.add(evidence)
  const [first, ...rest] = readPieces(aim, jobs, engine.book)
  const reads = first === undefined ? [] : [{ ...first, lends: true as const }, ...rest]
  const references = await engine.work(reads)
  await engine.work(
    walkPieces(
      aim,
      references.filter((reference) => reference !== null),
      jobs,
    ),
  )
  await engine.work(listPieces(aim, jobs))
  await engine.work(reading.filter(({ late }) => late === true).map(pieceOfCase))
  if (options.otherCredentials !== undefined) {
    await engine.work(foreignPieces(aim, jobs, options.otherCredentials))
  }
  await lookAgain()
  await engine.work(writing.map(pieceOfCase))
  if (allowWrites) await engine.work(lifePieces(aim, jobs, options))
  await lookAgain()
  return plan.leftOut
}

/** Why a run ended early, and how much of its work was left undone for each operation. */
function stopOf(reason: unknown, { undone }: Engine): string {
  const counts = new Map<string, number>()
  for (const id of undone) counts.set(id, (counts.get(id) ?? 0) + 1)
  const list = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, times]) => `${id} (${times})`)
  const why = reason instanceof Error ? reason.message : String(reason)
  const left = list.length === 0 ? 'what follows from the last answers' : list.join(', ')
  return `${why}; not done: ${left}`
}
