/**
 * The front door of one API in one sandbox on a virtual clock: tests ask by operation and job, and are
 * answered as any client would be.
 *
 * @module
 */
import type { LoadedApi } from '../../src/cli/load-apis.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Json } from '../../src/model/json.ts'
import type { Operation } from '../../src/openapi/operation.ts'
import type { ServerOptions } from '../../src/server/api.ts'
import type { ApiWorld } from '../../src/server/api-world.ts'
import { listJobs } from '../../src/server/listing.ts'
import type { Server } from '../../src/server/server.ts'
import type { ClockMode } from '../../src/world/clock.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { Turn } from '../../src/world/sandboxes.ts'
import { look } from '../../src/world/sandboxes.ts'
import type { Assembled } from '../assembled.ts'
import { assembled } from '../assembled.ts'

/** An answer, read. Its body is parsed when it is first asked for: most repeat one that is known. */
export class Reply {
  readonly method: string
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  #body: Json | undefined

  constructor(method: string, url: string, status: number, headers: Headers, text: string) {
    this.method = method
    this.url = url
    this.status = status
    this.headers = headers
    this.text = text
  }

  /** Null where there is none. */
  get body(): Json {
    this.#body ??= this.text === '' ? null : (JSON.parse(this.text) as Json)
    return this.#body
  }
}

/** What a request has beside its operation and its job. */
export interface Asking {
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: Json
  /** In place of the operation's own: HEAD for GET. */
  readonly method?: string
}

/** The front door of one API in one sandbox. */
export interface Door {
  readonly api: LoadedApi
  readonly server: Server
  readonly fetch: Assembled['fetch']
  readonly world: ApiWorld
  readonly credentials: Readonly<Record<string, string>>
  operation(id: string): Operation
  /** The path of an operation for a job; `scope` changes whose it is. */
  path(operationId: string, jobId: string, scope?: Readonly<Record<string, string>>): string
  ask(operationId: string, jobId: string, asking?: Asking): Promise<Reply>
  askPath(method: string, path: string, asking?: Asking): Promise<Reply>
  nowMs(): number
  setClock(mode: ClockMode, toMs?: number | null, stepMs?: number): void
  moveTo(toMs: number): void
  happen(...events: readonly SandboxEvent[]): void
  /** The sandbox as the text that carries it elsewhere. */
  exported(): string
}

/** Every built-in API, loaded once. */
export const apis: readonly LoadedApi[] = await loadApis({ names: [], specs: null, needFixtures: true })

/** The API of that id. */
export function apiNamed(id: string): LoadedApi {
  const api = apis.find((each) => each.id === id)
  if (api === undefined) throw new Error(`there is no API ${id}`)
  return api
}

/** Servers that begin with a clock of this mode. */
export function beginningWith(
  mode: ClockMode,
  rest: Partial<ServerOptions['beginning']> = {},
): Pick<ServerOptions, 'beginning'> {
  const clock = { mode, stepMs: mode === 'step' ? 1_000 : 0 }
  return { beginning: { seed: 1, clock, faults: [], endpoints: [], ...rest } }
}

/** Opens the door of an API on a server of its own, whose clock stands still. */
export async function openDoor(id: string, mode: ClockMode = 'frozen', sandbox = 'default'): Promise<Door> {
  return doorOf(await assembled([apiNamed(id)], beginningWith(mode)), id, sandbox)
}

/** The door of an API of a server, in a sandbox of it. */
export function doorOf(
  { fetch, server }: Pick<Assembled, 'fetch' | 'server'>,
  id: string,
  name: string,
): Door {
  const api = apiNamed(id)
  const operations = new Map(api.document.operations.map((each) => [each.id, each]))
  const of = { name, seed: null }
  const seen = <Value>(read: (turn: Turn) => Value): Value => {
    const value = look(server.sandboxes, of, read)
    if (value instanceof Promise) throw new Error('the sandboxes are not in memory')
    return value
  }
  const worldNow = (): ApiWorld => {
    const world = seen(({ sandbox }) => server.worlds.of(api, sandbox))
    if (world === undefined) throw new Error(`${id} has no jobs`)
    return world
  }
  const credentials = seen((turn) => listJobs(server, turn, id))[0]?.headers ?? {}
  const own = { scope: worldNow().jobs.scope, headers: name === 'default' ? {} : { 'standin-sandbox': name } }
  const door: Door = {
    api,
    server,
    fetch,
    credentials,
    get world() {
      return worldNow()
    },
    operation(operationId) {
      const operation = operations.get(operationId)
      if (operation === undefined) throw new Error(`${id} has no operation ${operationId}`)
      return operation
    },
    path(operationId, jobId, scope = own.scope) {
      const { path } = door.operation(operationId)
      const job = api.contract?.operations[operationId]?.job ?? ''
      const values: Readonly<Record<string, string>> = { ...scope, [job]: jobId }
      const fill = (_: string, each: string): string => encodeURIComponent(values[each] ?? '')
      return `/${id}${path.replace(/\{([^}]*)\}/g, fill)}`
    },
    ask(operationId, jobId, asking = {}) {
      const { method } = door.operation(operationId)
      return door.askPath(asking.method ?? method, door.path(operationId, jobId), asking)
    },
    async askPath(method, path, { headers = {}, query = '', body } = {}) {
      const url = path + query
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const init = { method, headers: merged(credentials, own.headers, type, headers) }
      const response = await fetch(url, body === undefined ? init : { ...init, body: JSON.stringify(body) })
      return new Reply(method, url, response.status, response.headers, await response.text())
    },
    nowMs: () => seen(({ nowMs }) => nowMs),
    setClock: (mode, toMs = null, stepMs = mode === 'step' ? 1_000 : 0) =>
      door.happen({ type: 'clock_set', mode, stepMs, toMs }),
    moveTo: (toMs) => door.happen({ type: 'clock_moved', toMs }),
    happen: (...events) => void server.sandboxes.turn(of, () => ({ result: null, events })),
    exported: () => seen(({ sandbox, stampMs }) => JSON.stringify(sandbox.toDocument(stampMs))),
  }
  return door
}

/** Headers by their names in small letters: a later one replaces an earlier one, an empty one removes it. */
function merged(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = all.flatMap(Object.entries).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(Object.entries(Object.fromEntries(entries)).filter(([, value]) => value !== ''))
}
