/**
 * Asking a standin's control API, for tests that go through the front door.
 *
 * @module
 */
import { realEnvironment } from '../../src/cli/environment.ts'
import type { LoadedApi } from '../../src/cli/load-apis.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Assembly } from '../../src/cli/standin.ts'
import { assemble, DEFAULT_OPTIONS } from '../../src/cli/standin.ts'
import type { Json } from '../../src/model/json.ts'
import type { Api, Environment } from '../../src/server/api.ts'
import type { EventStore } from '../../src/world/event-store.ts'
import type { Beginning } from '../../src/world/sandbox.ts'

/** An answer, read. */
export interface Told {
  readonly status: number
  readonly headers: Headers
  /** JSON; null where there is no body. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of many shapes
  readonly body: any
}

/** Asks for a path; a body that is no text is sent as JSON. */
export type Ask = (
  method: string,
  path: string,
  body?: Json,
  headers?: Readonly<Record<string, string>>,
) => Promise<Told>

/** When the clocks of tests begin. */
const START_MS = Date.UTC(2026, 0, 2)

/** Makes what asks through a `fetch`. */
export function askThrough(fetch: (path: string, init: RequestInit) => Promise<Response>): Ask {
  return async (method, path, body, headers = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const init = { method, headers: { ...type, ...headers }, ...(text === undefined ? {} : { body: text }) }
    const response = await fetch(path, init)
    const answered = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '')
    const read = answered === '' ? null : isJson ? JSON.parse(answered) : answered
    return { status: response.status, headers: response.headers, body: read }
  }
}

let loading: Promise<readonly LoadedApi[]> | null = null

/** The built-in APIs, loaded once. */
export function builtIn(): Promise<readonly LoadedApi[]> {
  loading ??= loadApis({ names: [], specs: null, needFixtures: true })
  return loading
}

/** A standin that a test may do with as it likes. */
export interface Asking extends Assembly {
  readonly ask: Ask
  /** Moves the wall clock, which stands otherwise. */
  readonly wait: (ms: number) => void
}

/** What a standin is put into, where that matters. */
export interface Around {
  readonly environment?: Partial<Environment>
  readonly store?: EventStore
  /** In place of the built-in ones. */
  readonly apis?: readonly Api[]
}

/** A standin of its own, with the built-in APIs. */
export async function asking(beginning: Partial<Beginning> = {}, around: Around = {}): Promise<Asking> {
  let nowMs = START_MS
  const options = { ...DEFAULT_OPTIONS, beginning: { ...DEFAULT_OPTIONS.beginning, ...beginning } }
  const environment = { ...realEnvironment, now: () => nowMs, ...around.environment }
  const { store = null, apis = await builtIn() } = around
  const assembly = await assemble(apis, options, environment, { store })
  const { app } = assembly
  return {
    ...assembly,
    ask: askThrough(async (path, init) => app.fetch(new Request(new URL(path, 'http://standin'), init))),
    wait: (ms) => {
      nowMs += ms
    },
  }
}
