/**
 * `node dist/bench/store.js`: what sharing sandboxes through Redis costs, beside sandboxes in memory. Rounds
 * are interleaved; the figures are medians. It starts its own Redis on loopback, and needs one installed.
 *
 * @module
 */
import { Agent, request } from 'node:http'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Subject } from './process.ts'
import { cpuMs, residentMb, start, stop } from './process.ts'
import type { RunningRedis } from './redis.ts'
import { redisCpuMs, startRedis } from './redis.ts'
import { spread } from './statistic.ts'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const quick = process.argv.includes('--quick')
const ROUNDS = quick ? 1 : 5
const REQUESTS = quick ? 500 : 4_000
const SIZES = quick ? [1_000] : [1_000, 20_000, 100_000]
const CONNECTIONS = 32
const SANDBOXES = 200
const FOLDED = 1_000
const EVENTS_EACH = 20

const headers = {
  'x-api-key': 'sk-1',
  'content-type': 'application/json',
  prefer: 'after=PT10H, outcome=succeeded',
}
const body = JSON.stringify({ website: 'https://a.example', prompt: 'all public documents' })
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

/** One or more processes that keep the same sandboxes. */
interface Setting {
  readonly name: string
  readonly replicas: readonly Subject[]
}

function serve(store: string): Promise<Subject> {
  return start([cli, 'serve', 'skop', '--port', '0', '--log', 'silent', '--store', store])
}

function send(url: string, method: string, sandbox: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { agent, method, headers: { ...headers, 'standin-sandbox': sandbox } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () => {
          if ((answer.statusCode ?? 500) < 300) resolve(text)
          else reject(new Error(`${answer.statusCode} ${text}`))
        })
        answer.on('error', reject)
      },
    )
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // A connection that had rested was closed just then: nothing was answered on it, so it is asked again.
      const rested = sent.reusedSocket && error.code === 'ECONNRESET'
      if (rested) send(url, method, sandbox).then(resolve, reject)
      else reject(error)
    })
    sent.end(method === 'POST' ? body : undefined)
  })
}

async function create({ url }: Subject, sandbox: string): Promise<string> {
  return (JSON.parse(await send(`${url}/skop/scrape/`, 'POST', sandbox)) as { job_id: string }).job_id
}

function poll({ url }: Subject, sandbox: string, id: string): Promise<string> {
  return send(`${url}/skop/scrape/status/${id}`, 'GET', sandbox)
}

/** Does so many things, a number of them at once. */
async function inParallel(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await act(index)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
}

/** What one round of one setting has shown, for each request. */
interface Load {
  readonly standinUs: number
  readonly redisUs: number
  readonly perSecond: number
}

async function load(
  redis: RunningRedis,
  { replicas }: Setting,
  act: (replica: Subject, index: number) => Promise<unknown>,
): Promise<Load> {
  const spent = (): number => replicas.reduce((sum, replica) => sum + cpuMs(replica), 0)
  const [before, redisBefore, began] = [spent(), await redisCpuMs(redis), performance.now()]
  await inParallel(REQUESTS, (index) => act(replicas[index % replicas.length] as Subject, index))
  const seconds = (performance.now() - began) / 1_000
  const usEach = 1_000 / REQUESTS
  return {
    standinUs: (spent() - before) * usEach,
    redisUs: ((await redisCpuMs(redis)) - redisBefore) * usEach,
    perSecond: REQUESTS / seconds,
  }
}

/** Polls and creations, in one sandbox and in many. */
async function compareLoads(redis: RunningRedis): Promise<void> {
  const shared = (database: number): Promise<Subject> => serve(`${redis.url}/${database}`)
  const settings: readonly Setting[] = [
    { name: 'memory', replicas: [await serve('memory')] },
    { name: 'one replica', replicas: [await shared(1)] },
    { name: 'two replicas', replicas: [await shared(2), await shared(2)] },
  ]
  const loads = new Map<string, readonly Load[]>()
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const sandboxes of [1, SANDBOXES]) {
      // Whoever is first in one round is not first in the next.
      for (let turn = 0; turn < settings.length; turn += 1) {
        const setting = settings[(turn + round + settings.length) % settings.length] as Setting
        const found = await loadBoth(redis, setting, sandboxes, `round${round}-${sandboxes}`)
        if (round < 0) continue
        for (const [act, load] of Object.entries(found)) {
          const key = `${act} ${sandboxes} ${setting.name}`
          loads.set(key, [...(loads.get(key) ?? []), load])
        }
      }
    }
  }
  for (const { replicas } of settings) await Promise.all(replicas.map(stop))
  for (const [act, sandboxes] of ['poll', 'create'].flatMap((each) => [1, SANDBOXES].map((n) => [each, n]))) {
    for (const { name } of settings) printLoads(loads, `${act} ${sandboxes}`, name)
  }
}

async function loadBoth(
  redis: RunningRedis,
  setting: Setting,
  sandboxes: number,
  prefix: string,
): Promise<Readonly<Record<'poll' | 'create', Load>>> {
  const name = (index: number): string => `${prefix}-${index % sandboxes}`
  const [first] = setting.replicas as [Subject]
  const ids = await Promise.all(Array.from({ length: sandboxes }, (_, index) => create(first, name(index))))
  return {
    poll: await load(redis, setting, (replica, index) =>
      poll(replica, name(index), ids[index % sandboxes] ?? ''),
    ),
    create: await load(redis, setting, (replica, index) => create(replica, name(index))),
  }
}

function printLoads(loads: ReadonlyMap<string, readonly Load[]>, what: string, setting: string): void {
  const found = loads.get(`${what} ${setting}`) ?? []
  const floor = loads.get(`${what} memory`) ?? []
  const ratios = found.map(({ standinUs }, round) => standinUs / (floor[round]?.standinUs ?? Number.NaN))
  const figures = [
    `standin ${spread(
      found.map(({ standinUs }) => standinUs),
      0,
    )} µs`,
    `${spread(ratios, 2)} of memory`,
    `Redis ${spread(
      found.map(({ redisUs }) => redisUs),
      0,
    )} µs`,
    `${spread(
      found.map(({ perSecond }) => perSecond),
      0,
    )} requests/s`,
  ]
  print(`${what.padEnd(10)}  ${setting.padEnd(12)}  ${figures.join('  ')}`)
}

/** How long a fresh replica takes for the first answer in a sandbox that has seen much. */
async function foldLargeSandboxes(redis: RunningRedis): Promise<void> {
  const url = `${redis.url}/3`
  await redis.client.select(3)
  const writer = await serve(url)
  let events = 0
  let id = ''
  for (const size of SIZES) {
    await inParallel(size - events, async () => {
      id = await create(writer, 'large')
    })
    events = size
    const log = 'standin:{large}:log'
    const bytes = Number(await redis.client.call('MEMORY', 'USAGE', log, 'SAMPLES', '0'))
    const entries = await redis.client.llen(log)
    const [firstMs, nextMs, grownMb]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < ROUNDS; round += 1) {
      const fresh = await serve(url)
      // Whatever is compiled on first use is compiled before.
      await poll(fresh, 'small', await create(fresh, 'small'))
      const before = residentMb(fresh)
      firstMs.push(await msOf(() => poll(fresh, 'large', id)))
      nextMs.push(await msOf(() => poll(fresh, 'large', id)))
      grownMb.push(residentMb(fresh) - before)
      await stop(fresh)
    }
    const first = `first answer ${spread(firstMs, 0)} ms, next ${spread(nextMs, 1)} ms`
    const kept = `${entries} entries, ${(bytes / size).toFixed(0)} bytes per event in Redis`
    print(`${size} events: ${first}; ${kept}; replica grew by ${spread(grownMb, 1)} MB`)
  }
  await stop(writer)
}

async function msOf(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

/** What a replica's memory grows by for each sandbox that it keeps folded. */
async function weighSandboxes(redis: RunningRedis): Promise<void> {
  for (const [name, url] of [
    ['memory', 'memory'],
    ['Redis', `${redis.url}/4`],
  ] as const) {
    const perSandbox: number[] = []
    for (let round = 0; round < Math.min(ROUNDS, 3); round += 1) {
      const replica = await serve(url)
      await inParallel(REQUESTS, () => create(replica, 'warm'))
      const before = residentMb(replica)
      await inParallel(FOLDED * EVENTS_EACH, (index) => create(replica, `r${round}-${index % FOLDED}`))
      perSandbox.push(((residentMb(replica) - before) * 1_024) / FOLDED)
      await stop(replica)
    }
    print(`a sandbox of ${EVENTS_EACH} events, ${name}: ${spread(perSandbox, 1)} KB`)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

const redis = await startRedis()
try {
  const version = /redis_version:(\S+)/.exec(await redis.client.info('server'))?.[1]
  const [{ model } = { model: 'unknown' }] = cpus()
  print(`${cpus().length} × ${model}, Node ${process.versions.node}, Redis ${version}`)
  print(`medians of ${ROUNDS} rounds (lowest–highest), ${CONNECTIONS} connections from the same machine`)
  await compareLoads(redis)
  await foldLargeSandboxes(redis)
  await weighSandboxes(redis)
} finally {
  agent.destroy()
  await redis.stop()
}
