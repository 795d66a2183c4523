/**
 * Servers put together from parts, for tests that need an API of their own or one that is broken.
 *
 * @module
 */
import type { Hono } from 'hono'
import { realEnvironment } from '../src/cli/environment.ts'
import { assemble, DEFAULT_OPTIONS } from '../src/cli/standin.ts'
import type { Json, JsonObject } from '../src/model/json.ts'
import { createDocument } from '../src/openapi/document.ts'
import type { Api, ServerOptions } from '../src/server/api.ts'
import type { Server } from '../src/server/server.ts'

/** A server, and what it has told of its bugs. */
export interface Assembled {
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  readonly server: Server
  /** What a socket's adapter calls. */
  readonly app: Hono
  readonly reports: readonly (readonly [id: string, error: unknown])[]
  /** How long it would have waited, in milliseconds; nobody waits. */
  readonly waits: readonly number[]
}

/** Puts a server together; its clock stands still. */
export async function assembled(
  apis: readonly Api[],
  options: Partial<ServerOptions> = {},
): Promise<Assembled> {
  const reports: [string, unknown][] = []
  const waits: number[] = []
  const environment = {
    now: () => Date.UTC(2026, 0, 2),
    sleep: async (ms: number) => {
      waits.push(ms)
    },
    schedule: realEnvironment.schedule,
    report: (id: string, error: unknown) => {
      reports.push([id, error])
    },
  }
  const { app, server } = await assemble(apis, { ...DEFAULT_OPTIONS, ...options }, environment)
  const fetch = async (path: string, init?: RequestInit): Promise<Response> =>
    app.fetch(new Request(new URL(path, 'http://standin'), init))
  return { fetch, server, app, reports, waits }
}

/** An API that is nothing but a document. */
export function apiOf(id: string, document: JsonObject, parts: Partial<Api> = {}): Api {
  const head = { openapi: '3.1.0', info: { title: id, version: '1' } }
  const whole = createDocument(id, `${id}.yaml`, { ...head, ...document })
  return { id, document: whole, contract: null, vendor: null, fixture: null, profile: 'spec', ...parts }
}

/** An operation whose 200 has a schema. */
export function answering(schema: Json, rest: JsonObject = {}): JsonObject {
  return { responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } }, ...rest }
}
