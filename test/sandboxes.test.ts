/**
 * Sandboxes are worlds apart: what happens in two hundred of them at once happens in each as if it were
 * alone; and what one has been through can be carried elsewhere, where it goes on to the byte.
 */
import { describe, expect, it } from 'vitest'
import { DEFAULT_OPTIONS } from '../src/cli/standin.ts'
import { IN_PROCESS } from '../src/control/access.ts'
import { createControl } from '../src/control/control.ts'
import type { Json } from '../src/model/json.ts'
import type { Validator } from '../src/openapi/validator.ts'
import { createValidator } from '../src/openapi/validator.ts'
import type { LoadValidator } from '../src/server/api.ts'
import { createApp } from '../src/server/app.ts'
import { createServer } from '../src/server/server.ts'
import type { Assembled } from './assembled.ts'
import { assembled } from './assembled.ts'
import { apis, doorOf } from './living-jobs/door.ts'
import { luckOf } from './living-jobs/luck.ts'
import type { Program } from './program.ts'
import { startProgram } from './program.ts'
import type { Came, Scopes, Send, Sent, Surroundings } from './sandboxes/wanderer.ts'
import { Wanderer } from './sandboxes/wanderer.ts'

const SANDBOXES = 200
const STEPS = 25
/** On a machine that is busy with other things. */
const TIMEOUT_MS = 300_000
/** So much happens before a sandbox is carried elsewhere, and so much is asked there. */
const CHANGES = 500
const ANSWERS = 200

const validators = new Map<string, Validator>()

/** A server of its own in this process; of all servers' parts only compiled schemas are shared. */
async function serverAlone(now: () => number = () => Date.UTC(2026, 0, 2)): Promise<Fetching> {
  const loadValidator: LoadValidator = async ({ id, document }) => {
    const validator = validators.get(id) ?? createValidator(document)
    validators.set(id, validator)
    return validator
  }
  const environment = {
    now,
    sleep: async () => {},
    report: (id: string, error: unknown) => {
      throw new Error(id, { cause: error })
    },
  }
  const words: readonly string[] = []
  const server = createServer({ apis, options: DEFAULT_OPTIONS, environment, loadValidator, words })
  const app = createApp(
    () => server,
    createControl(() => server, '1', IN_PROCESS),
  )
  return { fetch: async (path, init) => app.fetch(new Request(new URL(path, 'http://standin'), init)) }
}

type Fetching = Pick<Assembled, 'fetch'>

/** Sends to a server in this process; every other sandbox is named by the path. */
function sendIn({ fetch }: Fetching, name: string, byPath: boolean): Send {
  return async ({ method, path, headers, body }) => {
    const own = byPath ? {} : { 'standin-sandbox': name }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const init = { method, headers: { ...headers, ...own, ...type } }
    const url = byPath ? `/~${name}${path}` : path
    return read(await fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) }))
  }
}

async function read(response: Response): Promise<Came> {
  return { status: response.status, headers: [...response.headers], text: await response.text() }
}

const first = await assembled(apis)
const doors = apis.map(({ id }) => doorOf(first, id, 'default'))
const scopes: Scopes = Object.fromEntries(doors.map(({ api, world }) => [api.id, world.jobs.scope]))
const credentials = Object.fromEntries(doors.map(({ api, credentials: own }) => [api.id, own]))
const around: Surroundings = { scopes, credentials, modes: ['frozen', 'auto', 'step'], looksAround: true }

/** One client in one sandbox of its own seed and clock. */
function enter(
  server: Fetching,
  place: number,
): { readonly begin: () => Promise<void>; readonly wanderer: Wanderer } {
  const name = `world-${place}`
  const modes = ['frozen', 'auto', 'step', 'real'].slice(place % 4, (place % 4) + 1)
  const send = sendIn(server, name, place % 2 === 0)
  const wanderer = new Wanderer(name, { ...around, modes: [...around.modes, ...modes] }, send)
  const mode = modes[0] ?? 'frozen'
  const clock = mode === 'step' ? { mode, step: 'PT1.5S' } : { mode }
  const body: Json = { name, clock, ...(place % 3 === 0 ? { seed: place } : {}) }
  const begin = async (): Promise<void> => {
    const { status, text } = await send({ method: 'POST', path: '/_standin/sandboxes', headers: {}, body })
    if (status !== 201) throw new Error(`${status} ${text}`)
  }
  return { begin, wanderer }
}

describe(`${SANDBOXES} sandboxes at once`, () => {
  it(
    'give each the bytes that it gives alone',
    async () => {
      const together = await serverAlone()
      const places = Array.from({ length: SANDBOXES }, (_, place) => place)
      const crowd = places.map((place) => enter(together, place))
      await Promise.all(crowd.map(({ begin }) => begin()))
      const luck = luckOf('interleaving')
      const left = crowd.map(() => STEPS)
      const busy = new Map<number, Promise<void>>()
      while (left.some((steps) => steps > 0) || busy.size > 0) {
        const free = places.filter((place) => (left[place] ?? 0) > 0 && !busy.has(place))
        if (busy.size >= 32 || free.length === 0) {
          await Promise.race(busy.values())
          continue
        }
        const place = luck.pick(free)
        left[place] = (left[place] ?? 0) - 1
        const step = crowd[place]?.wanderer.step() ?? Promise.resolve()
        busy.set(
          place,
          step.finally(() => busy.delete(place)),
        )
      }
      let answers = 0
      const seen = new Set<string>()
      for (const place of places) {
        const { begin, wanderer } = enter(await serverAlone(), place)
        await begin()
        for (let step = 0; step < STEPS; step += 1) await wanderer.step()
        const told = crowd[place]?.wanderer.came ?? []
        const different = wanderer.came.findIndex(
          (came, at) => JSON.stringify(came) !== JSON.stringify(told[at]),
        )
        expect([place, told.length, different, told[different]]).toEqual([
          place,
          wanderer.came.length,
          -1,
          wanderer.came[different],
        ])
        answers += told.length
        for (const { status } of told) seen.add(String(status))
      }
      process.stdout.write(
        `sandboxes: ${SANDBOXES} at once, ${answers} answers as alone, ${[...seen].sort().join(' ')}\n`,
      )
      expect(answers).toBeGreaterThan(SANDBOXES * STEPS * 0.9)
      expect([...seen].sort()).toEqual(
        expect.arrayContaining(['200', '201', '202', '400', '401', '404', '409', '422', '429', '503']),
      )
    },
    TIMEOUT_MS,
  )
})

/** Sends to a server that listens, in a sandbox of it. */
function sendTo({ url }: Pick<Program, 'url'>, name: string): Send {
  return async ({ method, path, headers, body }) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const init = { method, headers: { ...headers, ...type, 'standin-sandbox': name } }
    const came = await read(
      await fetch(url + path, body === undefined ? init : { ...init, body: JSON.stringify(body) }),
    )
    const headersOf = came.headers.filter(([header]) => header !== 'connection' && header !== 'keep-alive')
    return { ...came, headers: headersOf }
  }
}

/** The answer without the name of its sandbox, and without what the control API itself dates. */
function nameless({ status, headers, text }: Came, { path }: Sent, name: string): Came {
  const own = path.startsWith('/_standin') ? ['date', 'etag', 'content-length'] : []
  return {
    status,
    headers: headers.filter(([header]) => !own.includes(header)),
    text: text.replaceAll(`"Standin-Sandbox":"${name}"`, ''),
  }
}

/** Does things in a sandbox until so much has changed. */
async function liveThrough(wanderer: Wanderer, changes: number): Promise<void> {
  while (wanderer.changes < changes) await wanderer.step()
}

async function exported(send: Send, name: string): Promise<Json> {
  const { status, text } = await send({
    ...{ method: 'GET', path: `/_standin/sandboxes/${name}` },
    ...{ headers: {}, body: undefined },
  })
  if (status !== 200) throw new Error(`${status} ${text}`)
  return JSON.parse(text) as Json
}

async function imported(send: Send, name: string, body: Json): Promise<void> {
  const { status, text } = await send({
    method: 'PUT',
    path: `/_standin/sandboxes/${name}`,
    headers: {},
    body,
  })
  if (status !== 201) throw new Error(`${status} ${text.slice(0, 500)}`)
}

const worlds = (modes: readonly string[]): Surroundings => ({ ...around, modes, looksAround: false })

describe(`a sandbox after ${CHANGES} changes`, () => {
  it.each(['frozen', 'auto', 'step:PT1.5S'])(
    'goes on to the byte in a new process and under another name, its clock %s',
    async (clock) => {
      const [mode = ''] = clock.split(':')
      const start = ['serve', '--port', '0', '--log', 'silent']
      const here = await startProgram([...start, '--clock', clock])
      const send = sendTo(here, 'here')
      const wanderer = new Wanderer(`exported ${mode}`, worlds([mode, 'frozen', 'auto']), send)
      await liveThrough(wanderer, CHANGES)
      const document = await exported(send, 'here')
      const before = wanderer.came.length
      const there = await startProgram([...start, '--seed', '99'])
      const other = sendTo(there, 'there')
      try {
        await imported(other, 'there', document)
        while (wanderer.came.length < before + ANSWERS) await wanderer.step()
        for (const [place, sent] of wanderer.sent.slice(before).entries()) {
          const came = wanderer.came[before + place]
          expect([place, sent, nameless(await other(sent), sent, 'there')]).toEqual([
            place,
            sent,
            came && nameless(came, sent, 'here'),
          ])
        }
        expect(await exported(other, 'there')).toEqual(await exported(send, 'here'))
        const { events } = document as { readonly events: readonly Json[] }
        const told = `${events.length} of them of jobs`
        process.stdout.write(
          `sandboxes: ${mode}, ${wanderer.changes} changes, ${told}, then ${ANSWERS} the same\n`,
        )
        expect(events.length).toBeGreaterThan(CHANGES / 2)
      } finally {
        await Promise.all([here.stop(), there.stop()])
      }
    },
    TIMEOUT_MS,
  )

  it('goes on to the byte elsewhere on a real clock, when the same time goes by', async () => {
    const wall = { hereMs: Date.UTC(2026, 5, 1), thereMs: Date.UTC(2029, 5, 1) }
    const send = sendIn(await serverAlone(() => wall.hereMs), 'here', false)
    const wanderer = new Wanderer('exported real', worlds(['real']), send)
    const luck = luckOf('real time')
    while (wanderer.changes < CHANGES) {
      wall.hereMs += luck.integer(0, 700)
      await wanderer.step()
    }
    const document = await exported(send, 'here')
    const other = sendIn(await serverAlone(() => wall.thereMs), 'there', false)
    await imported(other, 'there', document)
    const before = wanderer.came.length
    for (let place = before; place < before + ANSWERS; place = wanderer.came.length) {
      const passedMs = luck.integer(0, 700)
      wall.hereMs += passedMs
      wall.thereMs += passedMs
      await wanderer.step()
      for (const [at, sent] of wanderer.sent.slice(place).entries()) {
        const came = wanderer.came[place + at]
        expect([place, sent, nameless(await other(sent), sent, 'there')]).toEqual([
          place,
          sent,
          came && nameless(came, sent, 'here'),
        ])
      }
    }
    expect(await exported(other, 'there')).toEqual(await exported(send, 'here'))
  })
})
