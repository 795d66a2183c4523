/**
 * The law of logs that are put together: no answer shows whether they were. The same random requests go
 * through servers whose sandboxes are kept otherwise, and every answer must be the same to the byte.
 */
import { describe, expect, it } from 'vitest'
import { loadApis } from '../src/cli/load-apis.ts'
import { DEFAULT_OPTIONS, readWords } from '../src/cli/standin.ts'
import { IN_PROCESS } from '../src/control/access.ts'
import { createControl } from '../src/control/control.ts'
import type { Validator } from '../src/openapi/validator.ts'
import { createValidator } from '../src/openapi/validator.ts'
import { drawInteger, keyOf } from '../src/random/key.ts'
import { createApp } from '../src/server/app.ts'
import type { Server } from '../src/server/server.ts'
import { createServer, epochOf } from '../src/server/server.ts'
import { createPump } from '../src/server/webhook-pump.ts'
import type { Sandboxes } from '../src/world/sandboxes.ts'
import { createSandboxes } from '../src/world/sandboxes.ts'
import type { SharingLimits } from '../src/world/shared-sandboxes.ts'
import { createSharedSandboxes } from '../src/world/shared-sandboxes.ts'
import { SlowStore } from './slow-store.ts'

const WALL = Date.UTC(2026, 10, 25)
const REQUESTS = 150

interface Asked {
  readonly method: string
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Numbers below a bound; each seed gives others. */
function numbersFrom(seed: number): (below: number) => number {
  const key = keyOf('asked', seed)
  let index = 0
  return (below) => {
    index += 1
    return drawInteger(key, index, 0, 0, below - 1)
  }
}

const KEYS = { 'x-api-key': 'sk-1', authorization: 'Bearer tlnc_test_1' }
const UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

/** Requests of every kind that leave something behind, and reads between them. */
function requestAt(draw: (below: number) => number, ids: readonly string[]): Asked {
  const id = ids[draw(Math.min(4, ids.length + 1))] ?? 'job_000000000000'
  const of = id.startsWith('job_') ? 'skop' : 'talonic'
  const job = of === 'skop' ? `/skop/scrape/status/${id}` : `/talonic/v1/jobs/${id}`
  const website = { website: 'https://a.example', prompt: 'all public documents' }
  const cancel = of === 'skop' ? ['DELETE', `/skop/scrape/${id}`] : ['POST', `/talonic/v1/jobs/${id}/cancel`]
  const kinds: readonly (() => Asked)[] = [
    () => ({ method: 'POST', path: '/skop/scrape/', body: website }),
    () => ({
      ...{ method: 'POST', path: '/talonic/v1/jobs', body: { schema_id: UUID } },
      headers: { 'idempotency-key': `k${draw(4)}` },
    }),
    () => ({ method: cancel[0] ?? '', path: cancel[1] ?? '' }),
    () => ({ method: 'PUT', path: '/_standin/clock', body: clockOf(draw) }),
    () => ({ method: 'POST', path: '/_standin/clock/advance', body: { by: `PT${draw(20)}S` } }),
    () => ({ method: 'PATCH', path: `/_standin/jobs/${of}/${id}`, body: { state: 'running' } }),
    () => ({ method: 'PUT', path: '/_standin/faults', body: draw(3) === 0 ? [] : RULES }),
    () => ({ method: draw(3) === 0 ? 'DELETE' : 'GET', path: `/_standin/jobs/${of}/${id}` }),
    () => ({ method: 'POST', path: '/_standin/jobs', body: { api: 'skop', after: 'PT9S' } }),
    () => ({ method: 'GET', path: '/_standin/sandboxes/default' }),
    () => ({ method: 'GET', path: `/_standin/jobs?api=${of}` }),
    () => ({ method: 'GET', path: '/talonic/v1/jobs' }),
    () => ({
      method: 'PUT',
      path: '/_standin/webhooks',
      body: { endpoints: draw(4) === 0 ? [] : [ENDPOINT] },
    }),
    () => ({ method: 'GET', path: '/_standin/webhooks/deliveries' }),
  ]
  const pick = draw(kinds.length * 2)
  return kinds[pick]?.() ?? { method: 'GET', path: job }
}

const RULES = [
  { operation: 'skop/*', requests: '3-5', status: 500 },
  { operation: 'talonic/*', share: 0.5, latency: 'PT0.2S' },
  { operation: '*', limit: { requests: 6, per: 'PT4S' } },
]

const ENDPOINT = { api: 'talonic', url: 'http://127.0.0.1:9/hooks', secret: 'whsec_1' }

function clockOf(draw: (below: number) => number): unknown {
  const clocks = [
    { mode: 'real' },
    { mode: 'real', now: '2026-03-01T00:00:00Z' },
    { mode: 'frozen' },
    { mode: 'auto' },
    { mode: 'step', step: 'PT2S' },
    { mode: 'real', now: '2027-03-01T00:00:00Z' },
  ]
  return clocks[draw(clocks.length)]
}

const apis = await loadApis({ names: ['skop', 'talonic'], specs: null, needFixtures: true })
const validators = new Map<string, Validator>()
const words = await readWords()
const beginning = { ...DEFAULT_OPTIONS.beginning, epochMs: epochOf(apis) }

/** No timer ever comes; webhooks are sent where a control call waits for them, and every third one fails. */
const environment = { now: () => WALL, sleep: async () => undefined, schedule: () => () => undefined, report }

let server = serverOn(createSandboxes(beginning, () => WALL))
const app = createApp(
  () => server,
  createControl(() => server, '0', IN_PROCESS),
)

function serverOn(kept: Sandboxes): Server {
  let sent = 0
  const { sandboxes, deliver } = createPump({
    ...{ server: () => server, sandboxes: kept, environment },
    async send() {
      sent += 1
      return { status: sent % 3 === 0 ? 500 : 200, error: null }
    },
  })
  return createServer({
    ...{ apis, options: DEFAULT_OPTIONS, words, sandboxes, deliver, environment },
    async loadValidator({ id, document }) {
      const validator = validators.get(id) ?? createValidator(document)
      validators.set(id, validator)
      return validator
    },
  })
}

function report(_: string, error: unknown): void {
  throw error
}

/** What a server on these sandboxes answers; between requests time goes on. */
async function askAll(
  sandboxes: Sandboxes,
  seed: number,
  tick: (ms: number) => void,
): Promise<readonly string[]> {
  server = serverOn(sandboxes)
  const draw = numbersFrom(seed)
  const ids: string[] = []
  const answers: string[] = []
  for (let count = 0; count < REQUESTS; count += 1) {
    const { method, path, body, headers } = requestAt(draw, ids)
    const init = {
      method,
      headers: { ...KEYS, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }
    const response = await app.fetch(new Request(new URL(path, 'http://standin'), init))
    const text = await response.text()
    answers.push(`${method} ${path} ${response.status} ${response.headers.get('etag')} ${text}`)
    const made = /"(?:job_id|id)":"([^"]+)"/.exec(text)?.[1]
    if (method === 'POST' && response.status < 300 && made !== undefined) ids.unshift(made)
    tick(draw(900))
  }
  return answers
}

/** The answers where sandboxes are kept in a store, and every third request meets a process that is new. */
async function answersOn(
  store: SlowStore,
  seed: number,
  limits: Partial<SharingLimits>,
): Promise<readonly string[]> {
  store.stepMs = 0
  let of = createSharedSandboxes(beginning, store, limits)
  let asked = 0
  const sandboxes: Sandboxes = {
    turn: (name, decide) => of.turn(name, decide),
    names: () => of.names(),
    remove: (name) => of.remove(name),
  }
  return askAll(sandboxes, seed, (ms) => {
    store.nowMs += ms
    asked += 1
    if (asked % 3 === 0) of = createSharedSandboxes(beginning, store, limits)
  })
}

describe('logs that are put together', () => {
  it('give every byte that they give when they are left alone, in later processes too', async () => {
    let [compactions, changes, delivered] = [0, 0, 0]
    for (let seed = 1; seed <= 4; seed += 1) {
      const runs: (readonly string[])[] = []
      for (const compactAfter of [1, 12, 1_000_000]) {
        const store = new SlowStore(WALL)
        runs.push(await answersOn(store, seed, { compactAfter, compactRatio: 0 }))
        compactions += store.compactions
        changes += store.appends
        delivered += runs.flat().filter((answer) => answer.includes('"state":"delivered"')).length
      }
      expect(runs[0]).toEqual(runs[2])
      expect(runs[1]).toEqual(runs[2])
    }
    expect(compactions).toBeGreaterThan(100)
    expect(changes).toBeGreaterThan(1_000)
    expect(delivered).toBeGreaterThan(10)
  })

  it('are those of memory where clocks are virtual', async () => {
    for (const mode of ['frozen', 'auto', 'step'] as const) {
      const virtual = { ...beginning, clock: { mode, stepMs: mode === 'step' ? 700 : 0 } }
      const limits = { compactAfter: 5, compactRatio: 0 }
      const shared = createSharedSandboxes(virtual, new SlowStore(WALL), limits)
      const runs: (readonly string[])[] = []
      for (const sandboxes of [createSandboxes(virtual, () => WALL), shared]) {
        const answers = await askAll(sandboxes, 7, () => undefined)
        runs.push(
          answers.slice(
            0,
            answers.findIndex((answer) => answer.includes('"mode":"real"')),
          ),
        )
      }
      expect(runs[1]).toEqual(runs[0])
      expect(runs[0]?.length).toBeGreaterThan(3)
    }
  })
})
