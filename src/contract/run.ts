/**
 * Runs: from a subject and a target to a verdict. First what needs nothing to be seen before, then every job
 * read twice and walked, then the rows of the jobs that are worth it by every other way.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import { createAim, findJobs, secretsOf } from './aiming.ts'
import { createSightings } from './coverage/sightings.ts'
import type { Thresholds } from './coverage/summary.ts'
import type { Engine } from './engine.ts'
import { createEngine } from './engine.ts'
import type { Book } from './evidence.ts'
import type { Surroundings } from './invariant/created-job.ts'
import { judgeCreatedJob } from './invariant/created-job.ts'
import { foreignPieces } from './invariant/foreign-job.ts'
import { pieceOfHead } from './invariant/head.ts'
import { judgeJobList } from './invariant/job-list.ts'
import { judgeKnownJob } from './invariant/known-job.ts'
import { nothingFor } from './invariant/paging.ts'
import { reread } from './invariant/reread.ts'
import type { Reference } from './invariant/rows.ts'
import { chooseDepths, judgeRows, WALK_CHECKS, walkReference, waysOf } from './invariant/rows.ts'
import type { Piece } from './piece.ts'
import { isWanted, pieceOfCase } from './piece.ts'
import type { Aim } from './plan/aim.ts'
import { aimAt, pathFor, requiredQuery, unknownScope } from './plan/aim.ts'
import type { JobRef } from './plan/job-ref.ts'
import { callJob, mainJob, standsStill } from './plan/job-ref.ts'
import { planCases } from './plan/plan.ts'
import { isRead } from './plan/scope.ts'
import { recheck } from './recheck.ts'
import type { Recorder } from './recorder.ts'
import { pageOf } from './row/page.ts'
import type { Selection, SelectionOptions } from './select.ts'
import { createSelection } from './select.ts'
import type { Subject } from './subject.ts'
import { contractOf, createJudge, verifySchemas } from './subject.ts'
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
  const { signal, time, rate, concurrency = 4, onProgress = () => undefined } = options
  const sightings = createSightings(judge)
  const session = openSession(target, { signal, time, rate })
  const engine = createEngine({ judge, session, selection, sightings, concurrency, onProgress, signal })
  const leftOut = await workThrough(engine, aim, jobs, selection, { ...options, target })
  if (options.recheck !== false) await recheck(engine, aim, signal)
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
 * Everything that is asked, each step planned by what the steps before it brought.
 *
 * @returns How many planned requests the bound on them left out.
 */
async function workThrough(
  engine: Engine,
  aim: Aim,
  jobs: readonly JobRef[],
  selection: Selection,
  options: CheckOptions & Surroundings,
): Promise<number> {
  const { allowWrites = false, maxCases } = options
  const plan = planCases(
    { aim, jobs, allowWrites },
    {
      ...(maxCases === undefined ? {} : { limit: maxCases }),
      isWanted: (planned) => isWanted(pieceOfCase(planned), selection),
    },
  )
  await engine.work([...plan.cases, ...plainCases(aim, jobs)].map(pieceOfCase))
  await engine.work(plan.heads.map(pieceOfHead))
  for (const evidence of plan.skipped) engine.book.add(evidence)
  const [first, ...rest] = readPieces(aim, jobs, engine.book)
  // One job is read in every run that shares the work, so that each knows whether the target answers at all.
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
  if (options.otherCredentials !== undefined) {
    await engine.work(foreignPieces(aim, jobs, options.otherCredentials))
  }
  if (allowWrites) await engine.work(lifePieces(aim, jobs, options))
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

/** Reads that need no job: lists, and whatever the job contract does not speak of. */
function plainCases(aim: Aim, jobs: readonly JobRef[]): ReturnType<typeof aimAt>[] {
  const { subject } = aim.judge
  return subject.document.operations
    .filter((operation) => isRead(operation) && contractOf(subject, operation.id)?.job == null)
    .map((operation) =>
      aimAt(aim, {
        operation,
        purpose: 'as it is',
        path: pathFor(aim, operation, mainJob(jobs)),
        query: requiredQuery(aim, operation),
        expects: { kind: 'documented' },
      }),
    )
}

/** For each operation of a job and each job: read it twice and, where it has rows, walk them. */
function readPieces(aim: Aim, jobs: readonly JobRef[], book: Book): readonly Piece<Reference | null>[] {
  const { subject } = aim.judge
  return subject.document.operations.flatMap((operation) => {
    const contract = contractOf(subject, operation.id)
    if (operation.method !== 'GET' || contract?.job == null) return []
    const rows = contract.rows
    if (rows !== null && waysOf(rows).length === 0) {
      for (const check of WALK_CHECKS) book.add(nothingFor(operation.id, check, 'no paging is documented'))
    }
    const known = jobs.filter((job) => unknownScope(aim, operation, job) === null)
    return known.map((job) => ({
      kind: 'read' as const,
      name: nameOf(operation, job),
      operations: [operation.id],
      exchanges: 4,
      repeatable: standsStill(job),
      ...(rows === null ? {} : { lends: true as const }),
      run: (recorder: Recorder) => readJob(recorder, aim, operation, job),
    }))
  })
}

/** Reads of a job and walks over its rows are done by one and the same run. */
function nameOf(operation: Operation, job: JobRef): string {
  return `job ${operation.id} ${job.name ?? job.id}`
}

/** The rows of the jobs that are worth it, by every other way. */
function walkPieces(
  aim: Aim,
  references: readonly Reference[],
  jobs: readonly JobRef[],
): readonly Piece<void>[] {
  const depths = chooseDepths(references)
  return references.map((reference, at) => {
    const { operation } = reference.walk.plan
    const depth = depths[at] ?? { small: false, deep: false }
    return {
      kind: 'walk',
      name: nameOf(operation, reference.job),
      operations: [operation.id],
      exchanges: 20,
      repeatable: standsStill(reference.job),
      run: (recorder) => judgeRows(recorder, aim, reference, depth, jobs),
    }
  })
}

/** Each operation that lists jobs. */
function listPieces(aim: Aim, jobs: readonly JobRef[]): readonly Piece<void>[] {
  const { subject } = aim.judge
  return subject.document.operations.flatMap((operation): readonly Piece<void>[] => {
    const contract = contractOf(subject, operation.id)
    const list = contract?.list ?? null
    if (list === null || unknownScope(aim, operation, mainJob(jobs)) !== null) return []
    return [
      {
        kind: 'list',
        name: `list ${operation.id}`,
        operations: [operation.id, ...(list.of === null ? [] : [list.of])],
        exchanges: 60,
        repeatable: true,
        run: (recorder) => judgeJobList(recorder, aim, operation, list, jobs),
      },
    ]
  })
}

/** The life of jobs that the judge makes itself. */
function lifePieces(aim: Aim, jobs: readonly JobRef[], surroundings: Surroundings): readonly Piece<void>[] {
  const { subject } = aim.judge
  const ids = subject.document.operations.map(({ id }) => id)
  return [
    {
      kind: 'life',
      name: 'created jobs',
      operations: ids.filter((id) => contractOf(subject, id) !== null),
      exchanges: 150,
      repeatable: true,
      run: (recorder) => judgeCreatedJob(recorder, aim, jobs, surroundings),
    },
  ]
}

async function readJob(
  recorder: Recorder,
  aim: Aim,
  operation: Operation,
  job: JobRef,
): Promise<Reference | null> {
  const { first, still } = await reread(recorder, aim, operation, job)
  await judgeKnownJob(recorder, aim, first, job)
  const rows = contractOf(aim.judge.subject, operation.id)?.rows ?? null
  const page = pageOf(first)
  if (rows === null || page === null || waysOf(rows).length === 0) return null
  if (still || standsStill(job)) return walkReference(recorder, aim, operation, rows, job, page)
  for (const check of WALK_CHECKS) {
    recorder.book.add(nothingFor(operation.id, check, `${callJob(job)} changes while it is read`))
  }
  return null
}
