/**
 * A sandbox: the jobs of one API, of which named ones stand in its fixture and others come from events.
 * It is (seed, events); every view of a job follows from these and an instant.
 *
 * @module
 */
import type { Fixture, FixtureJob } from '../fixture/fixture.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import type { Job, JobView, TerminalState } from '../model/job.ts'
import { possibleOutcome } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import { drawId } from '../random/id.ts'
import type { Key } from '../random/key.ts'
import { drawFraction, drawInteger, keyOf, subkey } from '../random/key.ts'
import type { Vendor } from '../vendor/vendor.ts'
import { viewAt } from './lifecycle.ts'
import type { Rows } from './rows.ts'
import { rowsOf } from './rows.ts'

/** What asks for a job. */
export interface JobRequest {
  readonly operationId: string
  readonly body: JsonObject
}

/** What happened in a sandbox. */
export type WorldEvent =
  | ({ readonly type: 'created'; readonly atMs: number } & JobRequest)
  | { readonly type: 'cancelled'; readonly atMs: number; readonly id: string }

/** The jobs of one API in one seeded world. */
export interface Sandbox {
  readonly seed: number
  /** The named jobs, in the fixture's order. */
  named(nowMs: number): readonly JobView[]
  /** Every job, in the order in which they came to be known: the named ones first. */
  all(nowMs: number): readonly JobView[]
  /** The job of that id as it stands; undefined when there is none. */
  find(id: string, nowMs: number): JobView | undefined
  /** The job that this request would make. */
  draft(request: JobRequest, nowMs: number): JobView
  create(request: JobRequest, nowMs: number): JobView
  /** Cancels a job; one that has ended stays as it was. */
  cancel(id: string, nowMs: number): JobView
  rows(view: JobView): Rows
  /** Whose jobs these are: the value of each scope parameter. */
  readonly scope: Readonly<Record<string, string>>
  /** Nothing has happened in it yet. */
  isUntouched(): boolean
}

/** What a sandbox is made of. */
export interface SandboxParts {
  readonly api: string
  readonly seed: number
  readonly fixture: Fixture
  readonly contract: JobContract
  readonly vendor: Vendor | null
}

/** How much may happen in one sandbox: its memory is bounded. */
const EVENT_LIMIT = 100_000
/** The bodies of all requests that made jobs, in characters. */
const BODY_LIMIT = 16 * 2 ** 20

/** Makes the sandbox of one API; it has no events yet. */
export function createSandbox(parts: SandboxParts): Sandbox {
  const { api, seed, fixture, contract } = parts
  const events: WorldEvent[] = []
  const jobs = new Map(fixture.jobs.map((job) => [job.id, toJob(job)]))
  const cancelled = new Map<string, number>()
  const keys = new WeakMap<Job, Key>()

  function keyFor(job: Job): Key {
    const known = keys.get(job)
    if (known !== undefined) return known
    const key = jobKey(seed, api, job.id)
    keys.set(job, key)
    return key
  }

  function view(job: Job, nowMs: number): JobView {
    return viewAt(job, keyFor(job), cancelled.get(job.id) ?? null, nowMs)
  }

  /** The job that a request makes now: drawn from the seed and the event's ordinal. */
  function next(request: JobRequest, nowMs: number): Job {
    const key = keyOf('created', seed, api, events.length)
    return jobFrom(parts, key, freeId(key, contract.jobId, jobs), request, nowMs)
  }

  let bytes = 0

  function append(event: WorldEvent): void {
    bytes += event.type === 'created' ? JSON.stringify(event.body).length : 0
    if (events.length >= EVENT_LIMIT || bytes > BODY_LIMIT) {
      throw new ApiError('unavailable', 'Too many jobs were made; restart standin')
    }
    events.push(event)
  }

  return {
    seed,
    scope: Object.fromEntries(Object.keys(contract.scope).map((name) => [name, scopeValue(contract, name)])),
    named: (nowMs) => fixture.jobs.flatMap(({ id }) => jobs.get(id) ?? []).map((job) => view(job, nowMs)),
    all: (nowMs) => [...jobs.values()].map((job) => view(job, nowMs)),
    find(id, nowMs) {
      const job = jobs.get(id) ?? (contract.jobId === 'uuid' ? jobs.get(id.toLowerCase()) : undefined)
      return job === undefined ? undefined : view(job, nowMs)
    },
    draft: (request, nowMs) => view(next(request, nowMs), nowMs),
    create(request, nowMs) {
      const job = next(request, nowMs)
      append({ type: 'created', atMs: nowMs, ...request })
      jobs.set(job.id, job)
      return view(job, nowMs)
    },
    cancel(id, nowMs) {
      const job = jobs.get(id)
      if (job === undefined) throw new RangeError(`there is no job ${id} to cancel`)
      if (view(job, nowMs).endedAtMs !== null) return view(job, nowMs)
      append({ type: 'cancelled', atMs: nowMs, id })
      cancelled.set(id, job.heldAtMs ?? nowMs)
      return view(job, nowMs)
    },
    rows: (of) => rowsOf(of, keyFor(of.job), fixture),
    isUntouched: () => events.length === 0,
  }
}

/** The key of all that is drawn for one job. */
function jobKey(seed: number, api: string, id: string): Key {
  return keyOf('job', seed, api, id)
}

/** Whose jobs an API's are does not depend on the seed, so that URLs keep working. */
function scopeValue(contract: JobContract, name: string): string {
  return drawId(keyOf('scope', contract.api, name), contract.scope[name] ?? 'uuid')
}

function toJob(job: FixtureJob): Job {
  const { name, id, outcome, rows, ties, mix, createdAtMs, queueMs, runMs, heldAtMs, brief } = job
  return { name, id, outcome, rows, ties, mix, createdAtMs, queueMs, runMs, heldAtMs, brief }
}

const OUTCOMES: readonly (readonly [number, TerminalState])[] = [
  [0.8, 'succeeded'],
  [0.9, 'partially_succeeded'],
  [1, 'failed'],
]

const ID_TURNS = 64

/** The first id that no job has: of short ones the same may be drawn twice. */
function freeId(key: Key, form: string, taken: ReadonlyMap<string, Job>): string {
  for (let turn = 0; turn < ID_TURNS; turn += 1) {
    const id = drawId(turn === 0 ? key : subkey(key, turn), form)
    if (!taken.has(id)) return id
  }
  throw new ApiError('unavailable', `Almost all ids of the form ${form} are taken; restart standin`)
}

/** A job that a request creates: it lives. */
function jobFrom(
  { fixture, vendor }: SandboxParts,
  key: Key,
  id: string,
  { body, operationId }: JobRequest,
  nowMs: number,
): Job {
  const drawn = fixture.briefs[drawInteger(key, 0, 1, 0, fixture.briefs.length - 1)] ?? {}
  const luck = drawFraction(key, 0, 2)
  const brief = vendor?.brief?.(body, drawn, operationId) ?? { ...drawn, ...body }
  const drawnRows = drawInteger(key, 0, 5, 5, 60)
  const rows = vendor?.rows?.(brief, drawnRows) ?? drawnRows
  const outcome = OUTCOMES.find(([below]) => luck < below)?.[1] ?? 'succeeded'
  return {
    id,
    name: null,
    createdAtMs: nowMs,
    queueMs: drawInteger(key, 0, 3, 500, 3_000),
    runMs: drawInteger(key, 0, 4, 4_000, 15_000),
    outcome: possibleOutcome(outcome, rows),
    rows,
    ties: 1,
    mix: fixture.mix,
    brief,
    heldAtMs: null,
  }
}
