/**
 * Two processes on one Redis: many clients create, poll and cancel through both at once. Nothing is lost or
 * doubled, both say the same in the end, and no job is ever seen going back; also when one process is killed
 * in the middle, when the processes' clocks are an hour apart, and when Redis itself goes away.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SandboxEvent } from '../src/world/event.ts'
import type { Program } from './program.ts'
import { startProgram } from './program.ts'
import type { RunningRedis } from './redis.ts'
import { missingRedis, startRedis } from './redis.ts'
import type { Plan, Tally } from './replica-clients.ts'
import { DIALECTS, letClientsLive, newTally, sleep } from './replica-clients.ts'

const CLIENTS = 32
const JOBS_EACH = 3

if (missingRedis !== null) {
  if (process.env['CI'] !== undefined) throw new Error(missingRedis)
  process.stdout.write(`replicas are not tested: ${missingRedis}\n`)
}

let redis: RunningRedis
beforeAll(async () => {
  if (missingRedis === null) redis = await startRedis()
})
beforeEach(async () => {
  if (missingRedis === null) await redis.client.flushall()
})
afterAll(async () => {
  if (missingRedis === null) await redis.stop()
})

/** Whoever is asked for the time by this process is told of another one. */
const AN_HOUR_AHEAD = {
  NODE_OPTIONS: '--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()+3600000',
}

function start(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const flags = ['--store', redis.url, '--port', '0', '--log', 'silent']
  return startProgram(['serve', ...DIALECTS.map(({ api }) => api), ...flags], { env })
}

async function planFor(programs: readonly Program[]): Promise<Plan & { readonly bases: string[] }> {
  const bases = programs.map(({ url }) => url)
  const answer = await fetch(`${bases[0]}/_standin/jobs?api=scale-dex`)
  const { jobs } = (await answer.json()) as { readonly jobs: readonly { readonly url: string }[] }
  const project = (jobs[0]?.url ?? '').replace(/\/jobs\/.*$/, '')
  return { bases, project, clients: CLIENTS, jobsEach: JOBS_EACH, after: 'PT3S', tally: newTally() }
}

async function eventsInRedis(): Promise<readonly SandboxEvent[]> {
  const texts = await redis.client.lrange('standin:{default}:log', 0, -1)
  return texts.map((text) => JSON.parse(text.replace(/^\d+ \d+ /, '')) as SandboxEvent)
}

/** What a process says of every job and in every list, to the byte. */
async function finalOf(at: string, { project, tally }: Plan): Promise<readonly string[]> {
  const lists = DIALECTS.flatMap(({ list, headers }) =>
    list === null ? [] : [{ path: list(project), headers }],
  )
  const details = tally.made.map(({ dialect, id }) => ({
    path: dialect.read(project, id),
    headers: dialect.headers,
  }))
  return Promise.all(
    [...lists, ...details].map(async ({ path, headers }) => {
      const response = await fetch(at + path, { headers })
      return `${path} ${response.status} ${response.headers.get('etag')} ${await response.text()}`
    }),
  )
}

/** The log says what the clients were told, and nothing more but what they were told nothing of. */
async function verify(plan: Plan): Promise<void> {
  const { bases, tally } = plan
  expect(tally.backwards).toEqual([])
  const [first, ...others] = await Promise.all(bases.map((at) => finalOf(at, plan)))
  expect(first?.every((answer) => / 200 /.test(answer))).toBe(true)
  for (const other of others) expect(other).toEqual(first)

  const events = await eventsInRedis()
  const created = events.filter(({ type }) => type === 'created')
  const stopped = events.flatMap((event) => (event.type === 'cancelled' ? [event.id] : []))
  expect(created.length + stopped.length).toBe(events.length)
  expect(new Set(tally.made.map(({ id }) => id)).size).toBe(tally.made.length)
  expect(new Set(stopped).size).toBe(stopped.length)
  for (const id of tally.cancelled) expect(stopped).toContain(id)
  const more = events.length - tally.made.length - tally.cancelled.size
  expect(more).toBeGreaterThanOrEqual(0)
  expect(more).toBeLessThanOrEqual(tally.unknown)
}

function tell(what: string, { made, cancelled, polls, unknown }: Tally): void {
  const told = [
    `${made.length} jobs`,
    `${cancelled.size} cancelled`,
    `${polls} polls`,
    `${unknown} unanswered`,
  ]
  process.stdout.write(`replicas${what}: ${told.join(', ')}\n`)
}

describe.skipIf(missingRedis !== null)('two processes on one Redis', () => {
  it('keep one world between them, though their clocks are an hour apart', async () => {
    const programs = await Promise.all([start(), start(AN_HOUR_AHEAD)])
    const plan = await planFor(programs)
    await letClientsLive(plan)
    tell('', plan.tally)
    expect([plan.tally.made.length, plan.tally.unknown]).toEqual([CLIENTS * JOBS_EACH, 0])
    expect(plan.tally.cancelled.size).toBe(CLIENTS)
    await verify(plan)
    const events = await eventsInRedis()
    expect(events).toHaveLength(CLIENTS * JOBS_EACH + CLIENTS)
    for (const program of programs) expect(await program.stop()).toBe(0)
  }, 60_000)

  it('go on when one is killed in the middle and comes back', async () => {
    const programs = await Promise.all([start(), start(AN_HOUR_AHEAD)])
    const plan = await planFor(programs)
    const clients = letClientsLive(plan)
    await sleep(350)
    await programs[1]?.stop('SIGKILL')
    const again = await start()
    plan.bases[1] = again.url
    await clients
    tell(', one killed', plan.tally)
    expect(plan.tally.made).toHaveLength(CLIENTS * JOBS_EACH)
    await verify(plan)
    for (const program of [programs[0], again]) expect(await program?.stop()).toBe(0)
  }, 60_000)

  it('go on when Redis stands still for a while in the middle', async () => {
    const programs = await Promise.all([start(), start()])
    const plan = await planFor(programs)
    const clients = letClientsLive(plan)
    await sleep(250)
    redis.pause()
    await sleep(1_500)
    redis.resume()
    await clients
    tell(', Redis away', plan.tally)
    expect(plan.tally.made).toHaveLength(CLIENTS * JOBS_EACH)
    await verify(plan)
    for (const program of programs) expect(await program.stop()).toBe(0)
  }, 60_000)

  it('refuse while Redis is away, with when to try again, and go on when it is back', async () => {
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
      await expect.poll(async () => (await read()).status, { timeout: 8_000 }).toBe(404)
    }
    expect(await program.stop()).toBe(0)
  }, 60_000)

  it('are whole again after Redis has forgotten everything', async () => {
    const programs = await Promise.all([start(), start()])
    const plan = { ...(await planFor(programs)), clients: 4, after: 'PT1S' }
    await letClientsLive(plan)
    await redis.kill()
    await redis.restart()
    const anew = { ...plan, tally: newTally() }
    await letClientsLive(anew)
    await verify(anew)
    expect(anew.tally.made.map(({ id }) => id).sort()).toEqual(plan.tally.made.map(({ id }) => id).sort())
    for (const program of programs) expect(await program.stop()).toBe(0)
  }, 60_000)
})
