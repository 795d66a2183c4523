/**
 * A small server of jobs that live, with a clock of its own: a function from a request to an answer, right
 * unless a fault is planted. It is no example of how a server should be built.
 *
 * @module
 */
import type { Json, JsonObject } from '../../../src/model/json.ts'

/** A request as the server reads it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** How often this method and path were asked before. */
  readonly again: number
  readonly nowMs: number
}

/** What a planted fault may change. */
export interface Fault {
  /** Changes what is told of a job, alone and in lists. */
  readonly job?: (job: JsonObject, asked: Asked) => JsonObject
  /** Changes a successful body before it is sent. */
  readonly body?: (body: JsonObject, asked: Asked) => JsonObject
  /** Changes the whole answer. */
  readonly answer?: (response: Response, asked: Asked) => Response | Promise<Response>
  /** Forgets idempotency keys. */
  readonly forgetful?: boolean
  /** Shows jobs to another tenant, or tells of them in refusals. */
  readonly leaks?: 'jobs' | 'that there are jobs'
  /** Makes a second job for a used key, and answers with the first. */
  readonly twice?: boolean
  /** Answers a used key whatever the body is. */
  readonly credulous?: boolean
  /** Lets jobs be cancelled that have ended: answers, and may change them. */
  readonly stops?: 'answers' | 'changes' | 'refuses and changes'
}

/** A clock that goes when somebody waits. */
export interface Clock {
  nowMs: number
}

interface Made {
  readonly id: string
  readonly createdMs: number
  readonly rows: number
  readonly outcome: 'done' | 'partly' | 'broken'
  readonly held: 'waiting' | 'working' | null
  stoppedMs: number | null
}

const WAIT_MS = 4_000
const RUN_MS = 20_000
/** When the server's jobs were made. */
const EPOCH_MS = Date.UTC(2026, 0, 1)

const idOf = (number: number): string => `40000000-0000-4000-8000-${String(number).padStart(12, '0')}`

function beginning(): Made[] {
  const held = { createdMs: EPOCH_MS, held: null, stoppedMs: null }
  return [
    { ...held, id: idOf(1), rows: 23, outcome: 'done' },
    { ...held, id: idOf(2), rows: 12, outcome: 'partly' },
    { ...held, id: idOf(3), rows: 6, outcome: 'broken' },
    { ...held, id: idOf(4), rows: 8, outcome: 'done', stoppedMs: EPOCH_MS + WAIT_MS + RUN_MS / 2 },
    { ...held, id: idOf(5), rows: 5, outcome: 'done', held: 'waiting' },
    { ...held, id: idOf(6), rows: 5, outcome: 'done', held: 'working' },
  ]
}

/** Every third row is doubtful, every fourth of a job that is partly done is broken. */
function rowOf(made: Made, position: number): JsonObject {
  const broken = made.outcome === 'partly' && position % 4 === 3
  const value = broken || position % 5 === 4 ? null : `value ${position}`
  const confidence = broken ? null : value === null ? 0 : position % 3 === 2 ? 0.25 : 0.75
  const doubtful = confidence === null || confidence < 0.5
  const row = { id: `row-${position}`, value, confidence, doubtful }
  return { ...row, state: broken ? 'broken' : 'fine', error: broken ? 'unreadable' : null }
}

/** How far a job is at an instant. */
function phaseOf(made: Made, nowMs: number): { state: string; rows: number; endedMs: number; atMs: number } {
  const { createdMs, held, outcome, rows, stoppedMs } = made
  const endMs = createdMs + WAIT_MS + RUN_MS
  const heldMs = held === 'waiting' ? createdMs : held === 'working' ? createdMs + WAIT_MS + RUN_MS / 2 : null
  const atMs = Math.min(heldMs ?? nowMs, stoppedMs ?? nowMs, endMs)
  const part = Math.max(0, Math.min(1, (atMs - createdMs - WAIT_MS) / RUN_MS))
  const all = outcome === 'broken' ? Math.floor(rows / 2) : rows
  const state = atMs < createdMs + WAIT_MS ? 'waiting' : atMs < endMs ? 'working' : outcome
  const stopped = stoppedMs !== null && stoppedMs <= nowMs
  return {
    state: stopped ? 'stopped' : state,
    rows: Math.floor(all * part),
    endedMs: stoppedMs ?? endMs,
    atMs,
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()

function describe(made: Made, asked: Asked): JsonObject {
  const { id, createdMs, rows: total } = made
  const { state, rows: done, endedMs, atMs } = phaseOf(made, asked.nowMs)
  const ended = !['waiting', 'working'].includes(state)
  const started = state !== 'waiting' && atMs >= createdMs + WAIT_MS
  const failed = Array.from({ length: done }, (_, at) => rowOf(made, at)).filter(
    ({ state: word }) => word === 'broken',
  ).length
  return {
    id,
    state,
    created_at: iso(createdMs),
    started_at: started ? iso(createdMs + WAIT_MS) : null,
    updated_at: iso(atMs),
    ended_at: ended ? iso(endedMs) : null,
    progress: { total, done, failed, percent: Math.floor((100 * done) / total) },
    error: state === 'broken' ? { code: 'jammed', message: 'The machine jammed' } : null,
    links: {
      self: `/jobs/${id}`,
      rows: `/jobs/${id}/rows`,
      ...(ended ? {} : { cancel: `/jobs/${id}/cancel` }),
    },
    // What was there at the beginning is signed once for all.
    signed_url: `https://files.example/${id}?until=${createdMs === EPOCH_MS ? 'ever' : asked.again}`,
  }
}

function pageOf(made: Made, asked: Asked): JsonObject | string {
  const [limit, page] = [Number(asked.query.get('limit') ?? '10'), Number(asked.query.get('page') ?? '1')]
  if (!Number.isInteger(limit) || limit < 1 || limit > 10) return 'limit'
  if (!Number.isInteger(page) || page < 1) return 'page'
  const { rows: total } = phaseOf(made, asked.nowMs)
  const all = Array.from({ length: total }, (_, position) => rowOf(made, position))
  const rows = all.slice((page - 1) * limit, page * limit)
  const more = page * limit < total
  const known = rows.flatMap(({ confidence }) => (typeof confidence === 'number' ? [confidence] : []))
  const confidence = known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length
  return { job_id: made.id, rows, total, more, next: more ? page + 1 : null, confidence }
}

/** Creates a server with one planted fault, or none. */
export function createWorkshop(clock: Clock, fault: Fault = {}): (request: Request) => Promise<Response> {
  const jobs = beginning()
  const keys = new Map<string, { readonly body: string; readonly made: Made; readonly atMs: number }>()
  const asks = new Map<string, number>()
  let left = 10_000

  function reply(
    body: JsonObject,
    asked: Asked,
    status = 200,
    headers: Record<string, string> = {},
  ): Response {
    left -= 1
    const rates = { 'x-ratelimit-remaining': String(left), 'x-ratelimit-reset': '2026-12-31T00:00:00Z' }
    return Response.json(fault.body?.(body, asked) ?? body, { status, headers: { ...rates, ...headers } })
  }
  const tell = (made: Made, asked: Asked): JsonObject => {
    const job = describe(made, asked)
    return fault.job?.(job, asked) ?? job
  }

  function make(asked: Asked, body: string, key: string | null): Response {
    const subject = parse(body)?.['subject']
    if (typeof subject !== 'string' || subject.length < 2) return refuse(422, 'subject')
    const known = key === null || fault.forgetful === true ? undefined : keys.get(key)
    if (known !== undefined && known.body !== body && fault.credulous !== true) return refuse(409, 'key')
    const made = known?.made ?? {
      id: idOf(jobs.length + 1),
      createdMs: asked.nowMs,
      rows: 9,
      outcome: 'done',
      held: null,
      stoppedMs: null,
    }
    if (known === undefined) jobs.push(made)
    else if (fault.twice === true) jobs.push({ ...made, id: idOf(jobs.length + 1) })
    if (key !== null) keys.set(key, { body, made, atMs: known?.atMs ?? asked.nowMs })
    const headers = { location: `/jobs/${made.id}`, 'retry-after': '2' }
    return reply(tell(made, { ...asked, nowMs: known?.atMs ?? asked.nowMs }), asked, 202, headers)
  }

  function route(request: Request, asked: Asked, body: string): Response {
    const [, , id = '', last] = asked.path.split('/')
    const other = request.headers.get('authorization') === 'Bearer other-key'
    if (!other && request.headers.get('authorization') !== 'Bearer workshop-key')
      return refuse(401, 'key', { 'www-authenticate': 'Bearer' })
    const unlisted = otherMethod(asked.method, id, last)
    if (unlisted !== null) return unlisted
    if (id === '' && asked.method === 'POST') return make(asked, body, request.headers.get('idempotency-key'))
    if (id === '') {
      const found = listOf(jobs, asked)
      if (typeof found === 'string') return refuse(422, found)
      return reply({ ...found, jobs: found.jobs.map((made) => tell(made, asked)) }, asked)
    }
    if (!/^[0-9a-f-]{36}$/.test(id)) return refuse(422, 'job_id')
    const made = jobs.find((job) => job.id === id)
    if (made === undefined) return refuse(404, 'no such job')
    if (other && fault.leaks === 'that there are jobs') {
      return Response.json({ error: 'no such job', owner: 'acme' }, { status: 404 })
    }
    if (other && fault.leaks === undefined) return refuse(404, 'no such job')
    if (last === 'cancel' && !stopped(made, asked.nowMs, fault)) return refuse(409, 'ended')
    if (last !== 'rows') return reply(tell(made, asked), asked)
    const page = pageOf(made, asked)
    return typeof page === 'string' ? refuse(422, page) : reply(page, asked)
  }

  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const ask = `${request.method} ${pathname}`
    const again = asks.get(ask) ?? 0
    asks.set(ask, again + 1)
    const asked = { method: request.method, path: pathname, query: searchParams, again, nowMs: clock.nowMs }
    const response = route(request, asked, await request.text())
    response.headers.set('date', new Date(clock.nowMs).toUTCString())
    if (request.method === 'HEAD') return new Response(null, response)
    return fault.answer?.(response, asked) ?? response
  }
}

/** The refusal of a method that a path does not have. */
function otherMethod(method: string, id: string, last: string | undefined): Response | null {
  const allow = last === 'cancel' ? 'POST' : id === '' ? 'GET, HEAD, POST' : 'GET, HEAD'
  return allow.split(', ').includes(method) ? null : refuse(405, 'method', { allow })
}

/** A page of jobs, newest first, or the name of the parameter that is wrong. */
function listOf(
  jobs: readonly Made[],
  { query }: Asked,
): { readonly jobs: readonly Made[]; readonly total: number; readonly next: string | null } | string {
  const limit = Number(query.get('limit') ?? '20')
  const token = query.get('token') ?? 't0'
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) return 'limit'
  if (!/^t[0-9]+$/.test(token)) return 'token'
  const start = Number(token.slice(1))
  const newest = [...jobs].reverse()
  const next = start + limit < newest.length ? `t${start + limit}` : null
  return { jobs: newest.slice(start, start + limit), total: newest.length, next }
}

function refuse(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers })
}

/** Stops a job that has not ended; tells whether the request is answered. */
function stopped(made: Made, nowMs: number, { stops }: Fault): boolean {
  const ended = !['waiting', 'working'].includes(phaseOf(made, nowMs).state)
  if (!ended || stops?.includes('changes') === true) made.stoppedMs = nowMs
  return !ended || stops === 'answers' || stops === 'changes'
}

function parse(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return null
  }
}

/** Changes the job in an answer that is about one job, or every job of a list. */
export function inJob(fits: (job: JsonObject) => boolean, change: (job: JsonObject) => Json): Fault {
  return { job: (job) => (fits(job) ? { ...job, ...(change(job) as JsonObject) } : job) }
}
