/**
 * Two processes on one Redis: many clients create, poll and cancel through both at once. Nothing is lost or
 * doubled, both say the same in the end, and no job is ever seen going back, also when one process is killed
 * in the middle and when the processes' clocks are an hour apart.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../src/model/json.ts'
import type { SandboxEvent } from '../src/world/event.ts'
import type { Program } from './program.ts'
import { startProgram } from './program.ts'
import type { RunningRedis } from './redis.ts'
import { missingRedis, startRedis } from './redis.ts'

const CLIENTS = 32
const JOBS_EACH = 3
const POLLS = 400

if (missingRedis !== null) {
  if (process.env['CI'] !== undefined) throw new Error(missingRedis)
  process.stdout.write(`replicas are not tested: ${missingRedis}\n`)
}

let redis: RunningRedis
beforeAll(async () => {
  if (missingRedis === null) redis = await startRedis()
})
afterAll(async () => {
  if (missingRedis === null) await redis.stop()
})

/** How a client asks one API. */
interface Dialect {
  readonly headers: Readonly<Record<string, string>>
  readonly create: (at: string) => readonly [url: string, body: JsonObject]
  readonly read: (at: string, id: string) => string
  readonly cancel: (at: string, id: string) => readonly [url: string, method: string]
  readonly id: string
  readonly order: readonly string[]
  readonly cancelled: string
}

const UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'
let project = ''

const DIALECTS: readonly Dialect[] = [
  {
    headers: { 'x-api-key': 'sk-1' },
    create: (at) => [`${at}/skop/scrape/`, { website: 'https://a.example', prompt: 'all public documents' }],
    read: (at, id) => `${at}/skop/scrape/status/${id}`,
    cancel: (at, id) => [`${at}/skop/scrape/${id}`, 'DELETE'],
    id: 'job_id',
    order: ['pending', 'in_progress', 'completed|failed|cancelled'],
    cancelled: 'cancelled',
  },
  {
    headers: { authorization: 'Bearer tlnc_test_1' },
    create: (at) => [`${at}/talonic/v1/jobs`, { schema_id: UUID }],
    read: (at, id) => `${at}/talonic/v1/jobs/${id}`,
    cancel: (at, id) => [`${at}/talonic/v1/jobs/${id}/cancel`, 'POST'],
    id: 'id',
    order: ['pending', 'processing', 'complete|failed'],
    cancelled: 'failed',
  },
  {
    headers: { 'x-api-key': 'k', 'x-selected-account-id': 'a' },
    create: (at) => [`${at}${project}/parse`, { source_document_id: UUID }],
    read: (at, id) => `${at}${project}/jobs/${id}`,
    cancel: (at, id) => [`${at}${project}/jobs/${id}/cancel`, 'POST'],
    id: 'id',
    order: ['pending', 'running', 'succeeded|partially_succeeded|failed|cancelled'],
    cancelled: 'cancelled',
  },
]

const json = { 'content-type': 'application/json', prefer: 'after=PT3S, outcome=succeeded' }

function rankOf({ order }: Dialect, status: string): number {
  return order.findIndex((words) => words.split('|').includes(status))
}

/** What the clients saw. */
interface Tally {
  created: number
  /** Requests that broke off: whether they took effect nobody knows. */
  unknown: number
  cancelled: string[]
  backwards: string[]
  jobs: { readonly dialect: Dialect; readonly id: string }[]
}

/** Asks one of the processes, and the other when that one is gone. */
async function ask(
  bases: readonly string[],
  index: number,
  request: (at: string) => Promise<Response>,
  tally: Tally | null,
): Promise<Response> {
  try {
    return await request(bases[index % 2] ?? '')
  } catch {
    if (tally !== null) tally.unknown += 1
    return request(bases[0] ?? '')
  }
}

async function client(bases: readonly string[], number: number, tally: Tally): Promise<void> {
  const dialect = DIALECTS[number % DIALECTS.length] as Dialect
  const { headers } = dialect
  const live = async (job: number): Promise<void> => {
    const create = (at: string): Promise<Response> => {
      const [url, body] = dialect.create(at)
      return fetch(url, { method: 'POST', headers: { ...headers, ...json }, body: JSON.stringify(body) })
    }
    const made = await ask(bases, number + job, create, tally)
    const body = (await made.json()) as JsonObject
    if (!made.ok) throw new Error(`${made.status} ${JSON.stringify(body)}`)
    tally.created += 1
    const id = String(body[dialect.id])
    tally.jobs.push({ dialect, id })
    await follow(bases, dialect, id, number + job, tally)
  }
  await Promise.all(Array.from({ length: JOBS_EACH }, (_, job) => live(job)))
}

/** Polls a job on both processes in turn until it has ended; some are cancelled on the way. */
async function follow(
  bases: readonly string[],
  dialect: Dialect,
  id: string,
  number: number,
  tally: Tally,
): Promise<void> {
  const { headers } = dialect
  let before = 0
  for (let poll = 0; poll < POLLS && before < 2; poll += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    const read = (at: string): Promise<Response> => fetch(dialect.read(at, id), { headers })
    const { status } = (await (await ask(bases, number + poll, read, null)).json()) as { status: string }
    const rank = rankOf(dialect, status)
    if (rank < before) tally.backwards.push(`${id}: ${status} after ${dialect.order[before]}`)
    before = rank
    if (poll !== 3 || number % 3 !== 0) continue
    const [url, method] = dialect.cancel('', id)
    const stop = (at: string): Promise<Response> => fetch(at + url, { method, headers })
    const stopped = await ask(bases, number + poll, stop, tally)
    if (stopped.ok) tally.cancelled.push(id)
    await stopped.text()
  }
}

async function eventsOf(): Promise<readonly SandboxEvent[]> {
  const texts = await redis.client.lrange('standin:{default}:log', 0, -1)
  return texts.map((text) => JSON.parse(text.slice(text.indexOf(' ') + 1)) as SandboxEvent)
}

function start(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const apis = ['skop', 'talonic', 'scale-dex']
  return startProgram(['serve', ...apis, '--store', redis.url, '--port', '0', '--log', 'silent'], { env })
}

const AN_HOUR_AHEAD = {
  NODE_OPTIONS: '--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()+3600000',
}

function newTally(): Tally {
  return { created: 0, unknown: 0, cancelled: [], backwards: [], jobs: [] }
}

/** What a process says of every job. */
async function finalOf(at: string, { jobs }: Tally): Promise<readonly string[]> {
  return Promise.all(
    jobs.map(async ({ dialect, id }) => {
      const response = await fetch(dialect.read(at, id), { headers: dialect.headers })
      return `${response.status} ${response.headers.get('etag')} ${await response.text()}`
    }),
  )
}

async function verify(bases: readonly string[], tally: Tally): Promise<void> {
  const finals = await Promise.all(bases.map((at) => finalOf(at, tally)))
  expect(finals[1]).toEqual(finals[0])
  const events = await eventsOf()
  const made = events.filter(({ type }) => type === 'created').length
  expect(made).toBeGreaterThanOrEqual(tally.created)
  expect(made).toBeLessThanOrEqual(tally.created + tally.unknown)
  const stopped = tally.jobs.filter(
    ({ dialect }, place) =>
      (JSON.parse(finals[0]?.[place]?.replace(/^\d+ \S+ /, '') ?? '{}') as JsonObject)['status'] ===
      dialect.cancelled,
  )
  const ids = stopped.map(({ id }) => id).sort()
  for (const id of tally.cancelled) expect(ids).toContain(id)
  expect(ids.length - tally.cancelled.length).toBeLessThanOrEqual(tally.unknown)
  expect(tally.backwards).toEqual([])
}

describe.skipIf(missingRedis !== null)('two processes on one Redis', () => {
  async function projectAt(at: string): Promise<string> {
    const { jobs } = (await (await fetch(`${at}/_standin/jobs?api=scale-dex`)).json()) as {
      readonly jobs: readonly { readonly url: string }[]
    }
    return (jobs[0]?.url ?? '').replace(/\/jobs\/.*$/, '')
  }

  it('keep one world between them, though their clocks are an hour apart', async () => {
    await redis.client.flushall()
    const programs = await Promise.all([start(), start(AN_HOUR_AHEAD)])
    const bases = programs.map(({ url }) => url)
    project = await projectAt(bases[0] ?? '')
    const tally = newTally()
    await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(bases, number, tally)))
    expect([tally.created, tally.unknown]).toEqual([CLIENTS * JOBS_EACH, 0])
    expect(tally.cancelled.length).toBeGreaterThan(20)
    await verify(bases, tally)
    process.stdout.write(
      `replicas: ${tally.created} jobs, ${tally.cancelled.length} cancelled, none went back\n`,
    )
    for (const program of programs) expect(await program.stop()).toBe(0)
  }, 60_000)

  it('go on when one is killed in the middle and comes back', async () => {
    await redis.client.flushall()
    const programs = await Promise.all([start(), start()])
    const bases = programs.map(({ url }) => url)
    project = await projectAt(bases[0] ?? '')
    const tally = newTally()
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(bases, number, tally)))
    await new Promise((resolve) => setTimeout(resolve, 300))
    await programs[1]?.stop('SIGKILL')
    const again = await start()
    bases[1] = again.url
    await clients
    expect(tally.created).toBe(CLIENTS * JOBS_EACH)
    await verify(bases, tally)
    process.stdout.write(`replicas, one killed: ${tally.created} jobs, ${tally.unknown} requests broke off\n`)
    for (const program of [programs[0], again]) expect(await program?.stop()).toBe(0)
  }, 60_000)

  it('refuse while Redis is away, with when to try again, and go on when it is back', async () => {
    await redis.client.flushall()
    const program = await start()
    const read = (): Promise<Response> =>
      fetch(`${program.url}/skop/scrape/status/job_x`, { headers: { 'x-api-key': 'sk-1' } })
    expect((await read()).status).toBe(404)
    for (const [leave, comeBack] of [
      [redis.pause, redis.resume],
      [redis.kill, redis.restart],
    ] as const) {
      await leave()
      const refused = await read()
      expect([refused.status, refused.headers.get('content-type')]).toEqual([503, 'application/problem+json'])
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(await refused.json()).toMatchObject({ type: 'urn:standin:problem:store_away', status: 503 })
      expect((await fetch(`${program.url}/_standin/health`)).status).toBe(200)
      await comeBack()
      let status = 503
      for (let turn = 0; turn < 100 && status === 503; turn += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        status = (await read()).status
      }
      expect(status).toBe(404)
    }
    expect(await program.stop()).toBe(0)
  }, 60_000)
})
