/**
 * The part of the control API that reads, makes, moves and removes jobs. What its document says is
 * `job-paths.ts`.
 *
 * @module
 */
import { formatDuration } from '../model/duration.ts'
import type { JobState, JobView, TerminalState } from '../model/job.ts'
import { possibleOutcome, TERMINAL_STATES } from '../model/job.ts'
import type { Json } from '../model/json.ts'
import { memberOf, textAt } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import { suggestion } from '../model/suggestion.ts'
import type { Api } from '../server/api.ts'
import type { ApiWorld } from '../server/api-world.ts'
import type { JobListing } from '../server/listing.ts'
import { findApi, jobListing, listJobs } from '../server/listing.ts'
import { AFTER_LIMIT_MS, fulfilledBy } from '../server/preference.ts'
import type { Server } from '../server/server.ts'
import type { Created, Moved, SandboxEvent, Steering } from '../world/event.ts'
import type { Decision, Turn } from '../world/sandboxes.ts'
import { DEFAULT_SANDBOX, look } from '../world/sandboxes.ts'
import type { ControlPart, ControlReply, ControlRequest } from './control-part.ts'
import { readSpan, wrongMember } from './input-words.ts'
import { JOB_PATHS, JOB_SCHEMAS } from './job-paths.ts'

/** Jobs of the sandbox that the request names. */
export const jobPart: ControlPart = {
  paths: JOB_PATHS,
  schemas: JOB_SCHEMAS,
  handlers: {
    async listJobs(request) {
      const { server, sandbox, input } = request
      const api = String(input.parameters.get('api') ?? '')
      const jobs = await look(server.sandboxes, sandbox, (turn) =>
        listJobs(server, turn, api === '' ? null : api),
      )
      return { status: 200, body: { jobs: jobs.map((job) => listed(request, job)) } }
    },
    createJob,
    getJob: (request) =>
      look(request.server.sandboxes, request.sandbox, (turn) => {
        const { api, world, view } = findJob(request, turn)
        return { status: 200, body: jobBody(request, api, world, view) }
      }),
    moveJob: (request) => request.server.sandboxes.turn(request.sandbox, (turn) => moveJob(request, turn)),
    removeJob: (request) =>
      request.server.sandboxes.turn(request.sandbox, (turn) => {
        const { api, view } = findJob(request, turn)
        const event = { type: 'removed', api: api.id, id: view.job.id } as const
        return { result: { status: 204, body: null }, events: [event] }
      }),
  },
}

async function createJob(request: ControlRequest): Promise<ControlReply> {
  const { server, input, sandbox, prefix } = request
  const { body } = input
  const api = namedApi(server, textAt(body, 'api'))
  const steering = steeringOf(body)
  const made = await server.sandboxes.turn(sandbox, (turn) => {
    const world = server.worlds.of(api, turn.sandbox)
    if (world === undefined) throw wrongMember('api', `the API ${api.id} has no jobs`)
    const event: Created = {
      ...{ type: 'created', api: api.id, operationId: null, body: {} },
      ...{ steering, key: null },
    }
    const view = world.jobs.draft(event, turn.nowMs)
    verifyName(world, steering.name)
    verifyWishes(api, steering, view)
    return { result: { world, view }, events: [event] }
  })
  const { id } = made.view.job
  const headers = { Location: `${prefix}/_standin/jobs/${api.id}/${encodeURIComponent(id)}` }
  // A receipt tells of a job that waits; here it is told of as it stands, for it may have ended at once.
  return look(server.sandboxes, sandbox, (turn) => {
    const world = server.worlds.of(api, turn.sandbox) ?? made.world
    const view = world.jobs.find(id, turn.nowMs) ?? made.view
    return { status: 201, body: jobBody(request, api, world, view), headers }
  })
}

/** In a body an API that is not there is a mistake of the body. */
function namedApi({ apis }: Server, id: string): Api {
  const found = apis.find((api) => api.id === id)
  if (found !== undefined) return found
  const known = apis.map((api) => api.id)
  throw wrongMember('api', `there is no API \`${id.slice(0, 100)}\`${suggestion(id.slice(0, 100), known)}`)
}

function steeringOf(body: Json): Steering {
  const [rows, outcome, after, name] = ['rows', 'outcome', 'after', 'name'].map((wish) =>
    memberOf(body, wish),
  )
  return {
    ...(typeof outcome === 'string' ? { outcome: outcome as TerminalState } : {}),
    ...(typeof after === 'string' ? { afterMs: readSpan('after', after, 0, AFTER_LIMIT_MS) } : {}),
    ...(typeof rows === 'number' ? { rows } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  }
}

function verifyName({ api, jobs }: ApiWorld, name: string | undefined): void {
  if (name === undefined || !jobs.isNamed(name)) return
  throw new ApiError('name_taken', `A job of ${api.id} is called ${name} already`)
}

/** What an API fixes by itself cannot be wished for. */
function verifyWishes(api: Api, steering: Steering, { job }: JobView): void {
  const { outcome, rows, afterMs } = steering
  const fulfilled = fulfilledBy(steering, job)
  if (rows !== undefined && !fulfilled.includes('rows')) {
    throw wrongMember('rows', `a job of ${api.id} that is made so has ${job.rows} rows; leave \`rows\` out`)
  }
  if (outcome !== undefined && !fulfilled.includes('outcome')) {
    const why = `of ${job.rows} rows no part can succeed: it takes two`
    throw wrongMember('outcome', `${outcome} is not possible; ${why}`)
  }
  if (afterMs !== undefined && !fulfilled.includes('after')) {
    throw wrongMember('after', `a job of ${api.id} takes ${formatDuration(job.queueMs + job.runMs)}`)
  }
}

function moveJob(request: ControlRequest, turn: Turn): Decision<ControlReply> {
  const { api, world, view } = findJob(request, turn)
  const { body } = request.input
  const state = (memberOf(body, 'state') ?? null) as JobState | null
  const outcome = (memberOf(body, 'outcome') ?? null) as TerminalState | null
  verifyMove(view, state, outcome)
  const event: Moved = { type: 'moved', api: api.id, id: view.job.id, state, outcome }
  const after = world.jobs.moved(event, turn.nowMs) ?? view
  const events: SandboxEvent[] = isMoved(view, event) ? [event] : []
  return { result: { status: 200, body: jobBody(request, api, world, after) }, events }
}

const RANK: Readonly<Record<JobState, number>> = {
  ...{ queued: 0, running: 1 },
  ...{ succeeded: 2, partially_succeeded: 2, failed: 2, cancelled: 2 },
}

function verifyMove(
  { job, state: now }: JobView,
  state: JobState | null,
  outcome: TerminalState | null,
): void {
  const end = TERMINAL_STATES.find((each) => each === state) ?? null
  if (end !== null && outcome !== null && end !== outcome) {
    throw wrongMember('outcome', `a job that is ${end} at once cannot be ${outcome} in the end`)
  }
  if (RANK[now] === 2) throw new ApiError('job_ended', `The job has ended: it is ${now}`)
  if (state !== null && RANK[state] < RANK[now]) {
    throw new ApiError('state_refused', `No job goes back: it is ${now} already, and cannot be ${state}`)
  }
  const last = end ?? outcome
  if (last !== null && possibleOutcome(last, job.rows) !== last) {
    const member = end === null ? 'outcome' : 'state'
    throw wrongMember(
      member,
      `${last} is not possible; of ${job.rows} rows no part can succeed: it takes two`,
    )
  }
}

/** A move to where the job is already is none. */
function isMoved({ job, state: now }: JobView, { state, outcome }: Moved): boolean {
  return (state !== null && state !== now) || (outcome !== null && outcome !== job.outcome)
}

interface FoundJob {
  readonly api: Api
  readonly world: ApiWorld
  readonly view: JobView
}

function findJob({ server, input }: ControlRequest, turn: Turn): FoundJob {
  const api = findApi(server, String(input.parameters.get('api')))
  const id = String(input.parameters.get('id'))
  const world = server.worlds.of(api, turn.sandbox)
  const view = world?.jobs.find(id, turn.nowMs)
  if (world === undefined || view === undefined) {
    throw new ApiError('job_not_found', `There is no job ${id.slice(0, 100)} of ${api.id}`)
  }
  return { api, world, view }
}

function jobBody(request: ControlRequest, api: Api, world: ApiWorld, view: JobView): Json {
  const listing = jobListing(api, world, view)
  if (listing !== null) return listed(request, listing)
  throw new ApiError('job_not_found', `No operation of ${api.id} reads a job`)
}

/** A listing that reads the job in its own sandbox. */
function listed({ prefix, sandbox }: ControlRequest, listing: JobListing): Json {
  const named = prefix === '' && sandbox.name !== DEFAULT_SANDBOX
  const headers = named ? { ...listing.headers, 'Standin-Sandbox': sandbox.name } : listing.headers
  return { ...listing, url: prefix + listing.url, headers }
}
