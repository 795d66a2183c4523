/**
 * Jobs that were named and nothing more: each is looked at once before anything is planned, for a job that
 * is seen to have ended stands still.
 *
 * @module
 */
import type { JobState } from '../model/job.ts'
import type { Engine } from './engine.ts'
import { hasEnded, sightsOf } from './job/sight.ts'
import type { Piece } from './piece.ts'
import type { Aim } from './plan/aim.ts'
import { aimAt, pathFor, requiredQuery, unknownScope } from './plan/aim.ts'
import type { JobRef } from './plan/job-ref.ts'
import { callJob } from './plan/job-ref.ts'
import type { Subject } from './subject.ts'
import { contractOf } from './subject.ts'

/** The jobs, each of unknown state with the one that it is seen to have ended in. */
export async function seeStates(
  engine: Engine,
  aim: Aim,
  jobs: readonly JobRef[],
): Promise<readonly JobRef[]> {
  const asked = jobs.filter(({ name, state }) => name === undefined && state === undefined)
  const pieces = asked.flatMap((job) => pieceOf(aim, job))
  const seen = new Map((await engine.work(pieces)).flatMap((look) => (look === null ? [] : [look])))
  return jobs.map((job) => {
    const state = seen.get(job)
    return state === undefined ? job : { ...job, state }
  })
}

function pieceOf(aim: Aim, job: JobRef): readonly Piece<readonly [JobRef, JobState] | null>[] {
  const { subject } = aim.judge
  const reads = subject.document.operations.filter((operation) => {
    const contract = contractOf(subject, operation.id)
    const shows = operation.method === 'GET' && contract?.job != null && contract.state !== null
    return shows && unknownScope(aim, operation, job) === null
  })
  if (reads.length === 0) return []
  return [
    {
      kind: 'read',
      name: `state of job ${job.id}`,
      operations: subject.document.operations
        .map(({ id }) => id)
        .filter((id) => contractOf(subject, id) !== null),
      exchanges: reads.length,
      repeatable: false,
      lends: true,
      run: async (recorder) => {
        const told: (readonly JobState[])[] = []
        for (const operation of reads) {
          const path = pathFor(aim, operation, job)
          const query = requiredQuery(aim, operation)
          const [purpose, expects] = [`the state of ${callJob(job)}`, { kind: 'documented' }] as const
          const view = await recorder.ask(aimAt(aim, { operation, purpose, path, query, expects }))
          const sights = sightsOf(view).filter(({ id, base, word }) => id === job.id && base === '' && word)
          told.push(...sights.map(({ states }) => states))
        }
        const state = endOf(subject, told)
        return state === null ? null : ([job, state] as const)
      },
    },
  ]
}

/** The state that all answers agree upon, of those that end a job; null where there is none. */
function endOf(subject: Subject, told: readonly (readonly JobState[])[]): JobState | null {
  const [first] = told
  const [state] = first ?? []
  if (state === undefined || told.some((each) => each.join() !== first?.join())) return null
  if (first === undefined || !hasEnded(first)) return null
  // One word may stand for several states: it must not matter which of them it is.
  const operations = subject.document.operations.flatMap(({ id }) => contractOf(subject, id) ?? [])
  const matters = operations.some(
    ({ allowedIn }) => new Set(first.map((each) => allowedIn.includes(each))).size > 1,
  )
  return matters ? null : state
}
