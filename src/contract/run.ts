/**
 * Runs: from a subject and a target to a verdict. First what needs nothing to be seen before, then every job
 * read twice and walked, then the rows of the jobs that are worth it by every other way.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import type { Book } from './evidence.ts'
import { createBook } from './evidence.ts'
import { judgeCreatedJob } from './invariant/created-job.ts'
import { judgeJobList } from './invariant/job-list.ts'
import { nothingFor } from './invariant/paging.ts'
import { reread } from './invariant/reread.ts'
import type { Reference } from './invariant/rows.ts'
import { chooseDepths, judgeRows, WALK_CHECKS, walkReference, waysOf } from './invariant/rows.ts'
import type { Secrets } from './mask.ts'
import { secretsIn } from './mask.ts'
import type { Aim } from './plan/aim.ts'
import {
  aimAt,
  credentialNames,
  exampleCredentials,
  pathFor,
  requiredQuery,
  unknownScope,
} from './plan/aim.ts'
import type { JobRef } from './plan/job-ref.ts'
import { callJob, discoverJobs, mainJob, standsStill } from './plan/job-ref.ts'
import { isRead, planCases } from './plan/plan.ts'
import type { Recorder } from './recorder.ts'
import { createRecorder } from './recorder.ts'
import { pageOf } from './row/page.ts'
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
  /** What delays and deadlines are measured by; one that moves only by being waited for where it is left out. */
  readonly time?: Time
}

/** A piece of work with a recorder of its own. */
type Task<Result> = (recorder: Recorder) => Promise<Result>

/**
 * Judges one API of a target.
 *
 * @throws {@link UsageError} when a schema of the document does not compile.
 * @throws {@link TargetUnreachable} when not even the first request can be made.
 */
export async function checkTarget(subject: Subject, target: Target, options: CheckOptions): Promise<Verdict> {
  const judge = createJudge(subject)
  verifySchemas(judge)
  const baseUrl = options.baseUrl.replace(/\/+$/, '')
  const jobs = await findJobs(subject, target, baseUrl, options)
  const aim = createAim(judge, baseUrl, jobs, options)
  const session = openSession(target, options.signal)
  const book = createBook()
  let done = 0
  let planned = 0
  const onExchange = (): void => {
    done += 1
    options.onProgress?.(done, Math.max(done, planned))
  }

  /** Works on tasks side by side and merges their books in the order of the tasks. */
  async function work<Result>(tasks: readonly Task<Result>[], exchanges: number): Promise<readonly Result[]> {
    planned = done + exchanges
    const recorders = tasks.map(() => createRecorder(judge, session, onExchange))
    const results = await runAll(tasks, recorders, options.concurrency ?? 4)
    for (const recorder of recorders) book.merge(recorder.book)
    return results
  }

  const allowWrites = options.allowWrites ?? false
  const plan = planCases({ aim, jobs, allowWrites })
  const singles = [...plan.cases, ...plainCases(aim, jobs)]
  await work(
    singles.map((planned) => (recorder: Recorder) => recorder.ask(planned)),
    singles.length,
  )
  for (const evidence of plan.skipped) book.add(evidence)
  const reads = readTasks(aim, jobs, book)
  const references = (await work(reads, reads.length * 4)).filter((reference) => reference !== null)
  const depths = chooseDepths(references)
  const walks = references.map(
    (reference, at) => (recorder: Recorder) =>
      judgeRows(recorder, aim, reference, depths[at] ?? { small: false, deep: false }),
  )
  await work(walks, walks.length * 20)
  const lists = listTasks(aim, jobs)
  await work(lists, lists.length * 60)
  if (allowWrites) await work([(recorder) => judgeCreatedJob(recorder, aim, jobs)], 8)
  return createVerdict(subject, book, {
    target: options.label ?? baseUrl,
    seed: aim.seed,
    secrets: secretsOf(aim, jobs, options),
    unmatched: 0,
    reason: jobs.length === 0 ? 'no job given (--job)' : 'no exchange had anything for it',
  })
}

async function findJobs(
  { document }: Subject,
  target: Target,
  baseUrl: string,
  { jobs, signal }: CheckOptions,
): Promise<readonly JobRef[]> {
  if (jobs !== undefined && jobs.length > 0) return jobs
  return (await discoverJobs(target, new URL(baseUrl).origin, document.id, signal)) ?? []
}

function createAim(
  judge: Aim['judge'],
  baseUrl: string,
  jobs: readonly JobRef[],
  options: CheckOptions,
): Aim {
  const examples = exampleCredentials(judge.subject)
  const bare = Object.keys(examples.headers).length === 0 && examples.query.length === 0
  const known = bare ? { headers: jobs[0]?.headers ?? {}, query: [] } : examples
  const given = options.credentials ?? {}
  const names = credentialNames(judge.subject)
  const brought = Object.keys(given).some((name) => names.has(name.toLowerCase()))
  return {
    judge,
    baseUrl,
    ...(brought ? { headers: given, query: [] } : { ...known, headers: { ...known.headers, ...given } }),
    parameters: options.parameters ?? {},
    seed: options.seed ?? 1,
  }
}

/** The examples of a job contract are public; everything else that opens a door is secret. */
function secretsOf({ judge, headers, query }: Aim, jobs: readonly JobRef[], options: CheckOptions): Secrets {
  const { subject } = judge
  const names = new Set([...credentialNames(subject), ...query.map(([name]) => name.toLowerCase())])
  const given = [headers, options.credentials ?? {}, ...jobs.map((job) => job.headers ?? {})]
  const values = given.flatMap((each) =>
    Object.entries(each).flatMap(([name, value]) => (names.has(name.toLowerCase()) ? secretsIn(value) : [])),
  )
  const open = new Set(Object.values(subject.contract?.credentials ?? {}).map(({ example }) => example))
  const isOpen = (value: string): boolean => secretsIn(value).some((part) => open.has(part))
  return { names, values: [...new Set(values)].filter((value) => !isOpen(value)) }
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
function readTasks(aim: Aim, jobs: readonly JobRef[], book: Book): readonly Task<Reference | null>[] {
  const { subject } = aim.judge
  return subject.document.operations.flatMap((operation) => {
    const contract = contractOf(subject, operation.id)
    if (operation.method !== 'GET' || contract?.job == null) return []
    const rows = contract.rows
    if (rows !== null && waysOf(rows).length === 0) {
      for (const check of WALK_CHECKS) book.add(nothingFor(operation.id, check, 'no paging is documented'))
    }
    const known = jobs.filter((job) => unknownScope(aim, operation, job) === null)
    return known.map((job) => (recorder: Recorder) => readJob(recorder, aim, operation, job))
  })
}

/** Each operation that lists jobs. */
function listTasks(aim: Aim, jobs: readonly JobRef[]): readonly Task<void>[] {
  const { subject } = aim.judge
  return subject.document.operations.flatMap((operation) => {
    const list = contractOf(subject, operation.id)?.list ?? null
    if (list === null || unknownScope(aim, operation, mainJob(jobs)) !== null) return []
    return [(recorder: Recorder) => judgeJobList(recorder, aim, operation, list, jobs)]
  })
}

async function readJob(
  recorder: Recorder,
  aim: Aim,
  operation: Operation,
  job: JobRef,
): Promise<Reference | null> {
  const { first, still } = await reread(recorder, aim, operation, job)
  const rows = contractOf(aim.judge.subject, operation.id)?.rows ?? null
  const page = pageOf(first)
  if (rows === null || page === null || waysOf(rows).length === 0) return null
  if (still || standsStill(job)) return walkReference(recorder, aim, operation, rows, job, page)
  for (const check of WALK_CHECKS) {
    recorder.book.add(nothingFor(operation.id, check, `${callJob(job)} changes while it is read`))
  }
  return null
}

/** Runs tasks a few at a time; results stand in the order of the tasks. */
async function runAll<Result>(
  tasks: readonly Task<Result>[],
  recorders: readonly Recorder[],
  concurrency: number,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const queue = tasks.entries()
  const worker = async (): Promise<void> => {
    for (const [position, task] of queue) {
      const recorder = recorders[position]
      if (recorder !== undefined) results[position] = await task(recorder)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker))
  return results
}
