/**
 * The work on jobs, in pieces: reading each, walking its rows, listing them, and the lives of new ones.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import type { Book } from './evidence.ts'
import type { Surroundings } from './invariant/created-job.ts'
import { judgeCreatedJob } from './invariant/created-job.ts'
import { judgeJobList } from './invariant/job-list.ts'
import { judgeKnownJob } from './invariant/known-job.ts'
import { nothingFor } from './invariant/paging.ts'
import { reread } from './invariant/reread.ts'
import type { Reference } from './invariant/rows.ts'
import { chooseDepths, judgeRows, WALK_CHECKS, walkReference, waysOf } from './invariant/rows.ts'
import type { Piece } from './piece.ts'
import type { Aim } from './plan/aim.ts'
import { unknownScope } from './plan/aim.ts'
import type { JobRef } from './plan/job-ref.ts'
import { callJob, mainJob, standsStill } from './plan/job-ref.ts'
import type { Recorder } from './recorder.ts'
import { pageOf } from './row/page.ts'
import { contractOf } from './subject.ts'

/** For each operation of a job and each job: read it twice and, where it has rows, walk them. */
export function readPieces(
  aim: Aim,
  jobs: readonly JobRef[],
  book: Book,
): readonly Piece<Reference | null>[] {
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
export function walkPieces(
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
export function listPieces(aim: Aim, jobs: readonly JobRef[]): readonly Piece<void>[] {
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
export function lifePieces(
  aim: Aim,
  jobs: readonly JobRef[],
  surroundings: Surroundings,
): readonly Piece<void>[] {
  const { subject } = aim.judge
  const ids = subject.document.operations.map(({ id }) => id)
  let attempt = 0
  return [
    {
      kind: 'life',
      name: 'created jobs',
      operations: ids.filter((id) => contractOf(subject, id) !== null),
      exchanges: 150,
      repeatable: true,
      run: (recorder) => judgeCreatedJob(recorder, aim, jobs, surroundings, attempt++),
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
