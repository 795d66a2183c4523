/**
 * Jobs that the judge makes itself, where writes are allowed: one is followed to its end, one is cancelled at
 * once, one while it runs; at a standin some end as they are asked to. Only a job of its own is ever
 * cancelled.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import type { JobState } from '../../model/job.ts'
import type { JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Sight } from '../job/sight.ts'
import { hasEnded } from '../job/sight.ts'
import type { Stage } from '../job/stage.ts'
import { openStage } from '../job/stage.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import { aimAt, pathFor, requiredQuery, unknownScope } from '../plan/aim.ts'
import { idIn, rightBody } from '../plan/body.ts'
import { drawText } from '../plan/draw.ts'
import type { JobRef } from '../plan/job-ref.ts'
import { mainJob } from '../plan/job-ref.ts'
import { NOT_SENSIBLE } from '../plan/positive.ts'
import type { Recorder } from '../recorder.ts'
import { contractOf } from '../subject.ts'
import type { Target } from '../target.ts'
import type { Time } from '../time.ts'
import { createIdleTime } from '../time.ts'
import type { View } from '../view.ts'
import { isSuccess } from '../view.ts'
import { judgeEnded } from './ended-job.ts'
import { judgeIdempotency } from './idempotency.ts'
import type { Life } from './life.ts'
import { askOf, followUntil, lookAt, operationsOfJob } from './life.ts'
import { judgeLinks } from './links.ts'
import { nothingFor } from './paging.ts'

/** How a job of the judge's own shall go. */
interface Course {
  readonly name: string
  /** In which state it is cancelled; null lets it end by itself. */
  readonly cancelledIn: JobState | null
  /** How it shall end; null leaves that to the target. */
  readonly outcome: JobState | null
  /** The request is sent again, with its key. */
  readonly again?: true
}

const COURSES: readonly Course[] = [
  { name: 'the created job', cancelledIn: null, outcome: null, again: true },
  { name: 'a job cancelled at once', cancelledIn: 'queued', outcome: null },
  { name: 'a job cancelled while it runs', cancelledIn: 'running', outcome: null },
  { name: 'a job that fails', cancelledIn: null, outcome: 'failed' },
  { name: 'a job that succeeds in part', cancelledIn: null, outcome: 'partially_succeeded' },
]

/** Where jobs are made, and for how long they are followed. */
export interface Surroundings {
  readonly target: Target
  /** A clock that moves only by being waited for, where it is left out. */
  readonly time?: Time
  readonly patienceMs?: number
  readonly signal?: AbortSignal
  /** What tells this run from others, where the target remembers keys. */
  readonly nonce?: string
  /** Jobs that were named: then the target is not asked whether it is a standin. */
  readonly jobs?: readonly JobRef[]
}

const PATIENCE_MS = 30_000

/**
 * Makes jobs by every create operation and follows them.
 *
 * @param attempt - How often it was done before: a key that is used again gives back the last job.
 */
export async function judgeCreatedJob(
  recorder: Recorder,
  aim: Aim,
  jobs: readonly JobRef[],
  { target, time, patienceMs, signal, nonce = '', jobs: named = [] }: Surroundings,
  attempt = 0,
): Promise<void> {
  const stage = await openStage({
    target: named.length === 0 ? target : null,
    origin: new URL(aim.baseUrl).origin,
    api: aim.judge.subject.document.id,
    seed: aim.seed,
    time: time ?? createIdleTime(),
    patienceMs: patienceMs ?? PATIENCE_MS,
    ...(signal === undefined ? {} : { signal }),
  })
  const headers = { ...aim.headers, ...stage.headers }
  try {
    const occasion = [...(attempt === 0 ? [] : [attempt]), ...(nonce === '' ? [] : [nonce])].join(' ')
    await makeJobs({ recorder, aim: { ...aim, headers }, jobs, stage, occasion })
  } finally {
    await stage.close()
  }
}

/** What all jobs are made with. */
interface Workshop {
  readonly recorder: Recorder
  readonly aim: Aim
  readonly stage: Stage
  readonly jobs: readonly JobRef[]
  /** What keys are drawn by beside the seed. */
  readonly occasion: string
}

async function makeJobs(workshop: Workshop): Promise<void> {
  const { recorder, aim, stage, jobs } = workshop
  const { subject } = aim.judge
  let turn = 0
  for (const operation of subject.document.operations) {
    const contract = contractOf(subject, operation.id)
    if (contract?.role !== 'create') continue
    const right = rightBody(aim.judge, operation)
    const body = isObject(right) ? right : null
    if (body === null && operation.body?.required === true) {
      recorder.book.add(nothingFor(operation.id, 'J08', 'no body was found that makes a job'))
      continue
    }
    if (unknownScope(aim, operation, mainJob(jobs)) !== null) continue
    const maker = { ...workshop, operation, contract, body }
    if (contract.dryRun !== null)
      await send(maker, 'only checked', body, { query: [[contract.dryRun, 'true']] })
    const { cancels } = operationsOfJob(aim)
    for (const course of COURSES) {
      if (course.outcome !== null && !stage.steers) continue
      if (course.cancelledIn !== null && cancels.length === 0) continue
      await live(maker, course, turn)
    }
    // Each job is cancelled by another operation first, where there are several: each then shows its success.
    turn += 1
  }
}

/** What makes jobs by one operation. */
interface Maker extends Workshop {
  readonly operation: Operation
  readonly contract: OperationContract
  readonly body: JsonObject | null
}

interface Extra {
  readonly query?: readonly QueryPair[]
  readonly headers?: Readonly<Record<string, string>>
}

function send(
  maker: Maker,
  purpose: string,
  body: JsonObject | null,
  extra: Extra = {},
  lawful = true,
): Promise<View> {
  const { recorder, aim, operation, jobs } = maker
  const path = pathFor(aim, operation, mainJob(jobs))
  const query = [...requiredQuery(aim, operation), ...(extra.query ?? [])]
  const text = body === null ? {} : { body: JSON.stringify(body) }
  const { pointer } = operation
  const expects = lawful
    ? ({ kind: 'accepted', pointer, perhaps: NOT_SENSIBLE } as const)
    : ({ kind: 'documented' } as const)
  const headers = extra.headers ?? {}
  return recorder.ask(aimAt(aim, { operation, purpose, path, query, headers, ...text, expects }))
}

/** Makes a job and lets it take its course. */
async function live(maker: Maker, course: Course, turn: number): Promise<void> {
  const { recorder, aim, stage, operation, contract, body, jobs } = maker
  const key = keyOf(maker, course)
  const steered = course.outcome === null ? {} : { prefer: `outcome=${course.outcome}` }
  const extra = { ...key, headers: { ...key.headers, ...steered } }
  const made = await send(maker, `${course.name}, created`, body, extra)
  const id = isSuccess(made) ? idIn(made.body, contract.id) : null
  if (id === null) return
  const scope = pathFor(aim, operation, mainJob(jobs))
  const life: Life = { recorder, aim, stage, id, scope, name: course.name, made }
  if (course.again === true) {
    await judgeLinks(recorder, aim, made)
    if (contract.idempotency !== null) {
      await judgeIdempotency(life, maker, body, (purpose, other) => send(maker, purpose, other, extra, false))
    }
  }
  const ended =
    course.cancelledIn === null ? await toItsEnd(life) : await cancelled(life, course.cancelledIn, turn)
  if (ended !== null && hasEnded(ended.states)) await judgeEnded(life, ended)
  else await cancelAll(life, turn)
}

/** Each job has a key of its own, where requests have keys. */
function keyOf({ aim, operation, contract, occasion }: Maker, { name }: Course): Required<Extra> {
  const parameter = operation.parameters.find((each) => each.name === contract.idempotency?.parameter)
  if (parameter === undefined) return { query: [], headers: {} }
  const key = drawText(aim.seed, `${operation.id} ${name} ${occasion}`.trim(), 'uuid')
  return parameter.in === 'header'
    ? { query: [], headers: { [parameter.name]: key } }
    : { query: [[parameter.name, key]], headers: {} }
}

function toItsEnd(life: Life): Promise<Sight | null> {
  return followUntil(life, [], 'look')
}

/** Waits for the state, cancels, and waits for the end. */
async function cancelled(life: Life, state: JobState, turn: number): Promise<Sight | null> {
  if (state !== 'queued') await followUntil(life, [state], 'look')
  const [cancel] = cancelsFrom(life, turn)
  if (cancel !== undefined) await askOf(life, cancel, 'cancelled')
  return followUntil(life, [], 'cancelled, look')
}

/** A job whose end is not seen is cancelled, twice by each operation, so that none is left behind. */
async function cancelAll(life: Life, turn: number): Promise<void> {
  for (const cancel of [...cancelsFrom(life, turn), ...cancelsFrom(life, turn)]) {
    await askOf(life, cancel, 'cancelled')
  }
  await lookAt(life, 'cancelled')
}

function cancelsFrom({ aim }: Life, turn: number): ReturnType<typeof operationsOfJob>['cancels'] {
  const { cancels } = operationsOfJob(aim)
  const start = turn % Math.max(1, cancels.length)
  return [...cancels.slice(start), ...cancels.slice(0, start)]
}
