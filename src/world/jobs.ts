/**
 * The jobs of one API in a sandbox: named ones stand in its fixture, others come from events. Every view of a
 * job follows from these and an instant.
 *
 * @module
 */
import type { Fixture, FixtureJob } from '../fixture/fixture.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import type { Job, JobView } from '../model/job.ts'
import { possibleOutcome } from '../model/job.ts'
import { drawId } from '../random/id.ts'
import type { Key } from '../random/key.ts'
import { drawInteger, keyOf } from '../random/key.ts'
import type { Cancelled, Created, Dated, JobEvent, Moved } from './event.ts'
import { momentsOf, viewAt, viewAtMaking } from './lifecycle.ts'
import type { JobParts } from './made-job.ts'
import { freeId, madeJob } from './made-job.ts'
import type { Rows } from './rows.ts'
import { rowsOf } from './rows.ts'

/** The jobs of one API in a sandbox. */
export interface Jobs {
  readonly seed: number
  /** Whose jobs these are: the value of each scope parameter. */
  readonly scope: Readonly<Record<string, string>>
  /** How many events it has been through. */
  readonly position: number
  /** Takes the next event in; one that comes too late to matter changes nothing. */
  apply(event: Dated<JobEvent>): void
  /** The named jobs, in the fixture's order, and then those that were named at their making. */
  named(nowMs: number): readonly JobView[]
  /** A job is called so. */
  isNamed(name: string): boolean
  /** Every job, in the order in which they came to be known: the named ones first. */
  all(nowMs: number): readonly JobView[]
  /** The job of that id as it stands; undefined when there is none. */
  find(id: string, nowMs: number): JobView | undefined
  /** The job that this event would make, as it is at its making. */
  draft(event: Created, nowMs: number): JobView
  /** The job as it will stand once this event has happened. */
  stopped(event: Cancelled, nowMs: number): JobView | undefined
  /** The job as it will stand once this event has happened. */
  moved(event: Moved, nowMs: number): JobView | undefined
  /** It was cancelled before, and stops no later than by this event. */
  isStopping(event: Cancelled, nowMs: number): boolean
  /** How long a running job takes to stop, where stopping takes a while. */
  lagOf(id: string): number
  /** The request that came with an idempotency key, and the job that it was about. */
  askedWith(key: string, sinceMs: number): Asked | undefined
  /** The next instant after this one at which a living job changes; null when none does. */
  nextMomentMs(nowMs: number): number | null
  rows(view: JobView): Rows
  /** Where the draws of a job come from, for people. */
  keyPath(id: string): string
}

/** A request that came with an idempotency key. */
export interface Asked {
  readonly event: Dated<Created | Cancelled>
  /** The job as it stood right after. */
  readonly view: JobView
  /** The job as it stood right before; undefined for one that was made. */
  readonly before: JobView | undefined
}

const LAG_LANE = 12
const LAG_MS = [300, 1_500] as const

/** Makes the jobs of one API; nothing has happened to them yet. */
export function createJobs(parts: JobParts): Jobs {
  return new JobsSoFar(parts)
}

/** What the events so far have made of an API's jobs. */
class JobsSoFar implements Jobs {
  readonly seed: number
  readonly scope: Readonly<Record<string, string>>
  position = 0
  readonly #parts: JobParts
  readonly #jobs: Map<string, Job>
  /** When the jobs stop that were cancelled. */
  readonly #stops = new Map<string, number>()
  readonly #asked = new Map<string, { readonly event: Dated<Created | Cancelled>; readonly job: Job }>()
  /** The ids of the jobs that were made, in their order; and of those with names. */
  readonly #made: string[] = []
  readonly #names: string[]
  readonly #byName: Map<string, string>
  readonly #keys = new Map<string, Key>()

  constructor(parts: JobParts) {
    const { seed, contract, fixture } = parts
    const scopes = Object.keys(contract.scope)
    this.seed = seed
    this.scope = Object.fromEntries(scopes.map((name) => [name, scopeValue(contract, name)]))
    this.#parts = parts
    this.#jobs = new Map(namedJobs(fixture).map((job) => [job.id, job]))
    this.#names = fixture.jobs.map(({ id }) => id)
    this.#byName = new Map(fixture.jobs.map(({ name, id }) => [name, id]))
  }

  #keyFor({ id }: Job): Key {
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const key = keyOf('job', this.seed, this.#parts.api, id)
    this.#keys.set(id, key)
    return key
  }

  #view(job: Job, nowMs: number, stopAtMs = this.#stops.get(job.id) ?? null): JobView {
    return viewAt(job, this.#keyFor(job), stopAtMs, nowMs)
  }

  /** Drawn from the seed and from how many jobs were made before it. */
  #next(event: Created, atMs: number): Job {
    const { api, contract } = this.#parts
    const key = keyOf('created', this.seed, api, this.#made.length)
    const id = freeId(key, contract.jobId, (taken) => this.#jobs.has(taken))
    return madeJob(this.#parts, key, id, event, atMs)
  }

  #stopAtMs({ id, lagMs }: Cancelled, atMs: number): number {
    return this.#jobs.get(id)?.heldAtMs ?? atMs + lagMs
  }

  apply(event: Dated<JobEvent>): void {
    this.position += 1
    const job = event.type === 'created' ? undefined : this.#jobs.get(event.id)
    if (event.type === 'created') this.#create(event)
    if (job === undefined || event.type === 'created') return
    if (event.type === 'cancelled') this.#cancel(job, event)
    if (event.type === 'moved') this.#move(job, event)
    if (event.type === 'removed') this.#remove(job)
  }

  #create(event: Dated<Created>): void {
    const job = this.#next(event, event.atMs)
    this.#made.push(job.id)
    this.#jobs.set(job.id, job)
    if (job.name !== null) {
      this.#names.push(job.id)
      this.#byName.set(job.name, job.id)
    }
    if (event.key !== null) this.#asked.set(event.key, { event, job })
  }

  #cancel(job: Job, event: Dated<Cancelled>): void {
    if (event.key !== null) this.#asked.set(event.key, { event, job })
    if (this.isStopping(event, event.atMs) || this.#view(job, event.atMs).endedAtMs !== null) return
    this.#stops.set(job.id, this.#stopAtMs(event, event.atMs))
  }

  #remove({ id, name }: Job): void {
    this.#jobs.delete(id)
    if (name !== null && this.#byName.get(name) === id) this.#byName.delete(name)
  }

  isNamed(name: string): boolean {
    return this.#byName.has(name)
  }

  /** One that is moved to be cancelled is as one that a request cancels: it keeps the rows it has. */
  #move(job: Job, event: Dated<Moved>): void {
    const view = this.#view(job, event.atMs)
    if (view.endedAtMs !== null) return
    if (event.state === 'cancelled') this.#stops.set(job.id, view.nowMs)
    else this.#jobs.set(job.id, movedJob(job, view, event))
  }

  named(nowMs: number): readonly JobView[] {
    return this.#names.flatMap((id) => this.#jobs.get(id) ?? []).map((job) => this.#view(job, nowMs))
  }

  all(nowMs: number): readonly JobView[] {
    return [...this.#jobs.values()].map((job) => this.#view(job, nowMs))
  }

  find(id: string, nowMs: number): JobView | undefined {
    const folds = this.#parts.contract.jobId === 'uuid'
    const job = this.#jobs.get(id) ?? (folds ? this.#jobs.get(id.toLowerCase()) : undefined)
    return job === undefined ? undefined : this.#view(job, nowMs)
  }

  draft(event: Created, nowMs: number): JobView {
    return viewAtMaking(this.#next(event, nowMs))
  }

  stopped(event: Cancelled, nowMs: number): JobView | undefined {
    const job = this.#jobs.get(event.id)
    if (job === undefined) return undefined
    return this.#view(job, nowMs, Math.min(this.#stopOf(job.id), this.#stopAtMs(event, nowMs)))
  }

  moved(event: Moved, nowMs: number): JobView | undefined {
    const job = this.#jobs.get(event.id)
    const view = job && this.#view(job, nowMs)
    if (job === undefined || view === undefined || view.endedAtMs !== null) return view
    if (event.state === 'cancelled') return this.#view(job, nowMs, view.nowMs)
    return this.#view(movedJob(job, view, event), nowMs)
  }

  isStopping(event: Cancelled, nowMs: number): boolean {
    return this.#stopOf(event.id) <= this.#stopAtMs(event, nowMs)
  }

  #stopOf(id: string): number {
    return this.#stops.get(id) ?? Number.POSITIVE_INFINITY
  }

  lagOf(id: string): number {
    const job = this.#jobs.get(id)
    return job === undefined ? 0 : drawInteger(this.#keyFor(job), 0, LAG_LANE, ...LAG_MS)
  }

  askedWith(key: string, sinceMs: number): Asked | undefined {
    const found = this.#asked.get(key)
    if (found === undefined || found.event.atMs < sinceMs) return undefined
    const { event, job } = found
    const { atMs } = event
    if (event.type === 'created') return { event, before: undefined, view: viewAtMaking(job) }
    const stopAtMs = this.#stopAtMs(event, atMs)
    return { event, before: this.#view(job, atMs, null), view: this.#view(job, atMs, stopAtMs) }
  }

  nextMomentMs(nowMs: number): number | null {
    let next: number | null = null
    for (const id of this.#made) {
      const job = this.#jobs.get(id)
      const moments = job === undefined ? [] : momentsOf(job, this.#stops.get(id) ?? null)
      const moment = moments.find((instant) => instant > nowMs)
      if (moment !== undefined && (next === null || moment < next)) next = moment
    }
    return next
  }

  rows(view: JobView): Rows {
    return rowsOf(view, this.#keyFor(view.job), this.#parts.fixture)
  }

  keyPath(id: string): string {
    return `seed ${this.seed} / ${this.#parts.api} / job ${id}${orderOf(this.#made.indexOf(id))}`
  }
}

function orderOf(ordinal: number): string {
  return ordinal < 0 ? ' (named in the fixture)' : ` (made as number ${ordinal + 1} of its sandbox)`
}

/** The jobs of a fixture, the same objects in every sandbox: what is kept of them is kept once. */
const ofFixtures = new WeakMap<Fixture, readonly Job[]>()

function namedJobs(fixture: Fixture): readonly Job[] {
  const known = ofFixtures.get(fixture)
  if (known !== undefined) return known
  const jobs = fixture.jobs.map(toJob)
  ofFixtures.set(fixture, jobs)
  return jobs
}

function toJob(job: FixtureJob): Job {
  const { name, id, outcome, rows, ties, mix, createdAtMs, queueMs, runMs, heldAtMs, brief } = job
  return { name, id, outcome, rows, ties, mix, createdAtMs, queueMs, runMs, heldAtMs, brief }
}

/** Whose jobs an API's are does not depend on the seed, so that URLs keep working. */
function scopeValue(contract: JobContract, name: string): string {
  return drawId(keyOf('scope', contract.api, name), contract.scope[name] ?? 'uuid')
}

/**
 * A job that was moved by hand and had not ended: it starts or ends at this instant, and its rows are spread
 * over the run as it is now. One that is asked to go back stays where it is.
 */
function movedJob(job: Job, view: JobView, { state, outcome: asked }: Moved): Job {
  const outcome = asked === null ? job.outcome : possibleOutcome(asked, job.rows)
  if (state === null || state === 'queued') return { ...job, outcome }
  const elapsedMs = view.nowMs - job.createdAtMs
  const queueMs = view.startedAtMs === null ? elapsedMs : job.queueMs
  if (state === 'running') return { ...job, queueMs, outcome }
  return { ...job, queueMs, runMs: elapsedMs - queueMs, outcome: possibleOutcome(state, job.rows) }
}
