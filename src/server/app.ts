/**
 * The Hono app: one route for everything, web standards in and out. What happens to a request is `handle.ts`.
 *
 * @module
 */
import { Hono } from 'hono'
import { ApiError } from '../model/refusal.ts'
import { UsageError } from '../model/usage-error.ts'
import { DEFAULT_SANDBOX, isSandboxName, wrongName } from '../world/sandboxes.ts'
import type { Answer } from './answer.ts'
import { answerProblem } from './answer-refusal.ts'
import type { Call } from './call.ts'
import { readBounded } from './call.ts'
import { entityTagOf, matchesTag } from './entity-tag.ts'
import { handle } from './handle.ts'
import { allowOf } from './route.ts'
import type { Server } from './server.ts'
import { ConnectionReset, finishTroubled } from './trouble.ts'

/** Answers what is not the APIs' own, `/_standin` and below; which origins may read it, it says itself. */
export type Control = (call: Call) => Promise<Answer>

/** What the control API's paths begin with. */
export const CONTROL_PREFIX = '/_standin'

const OPEN = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*' }
const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304])

/**
 * Wires a server into a Hono app.
 *
 * @param current - The server that answers now: another may take its place while the app runs.
 */
export function createApp(current: () => Server, control: Control): Hono {
  const app = new Hono()
  let bugs = 0
  app.all('*', async ({ req, env }) => {
    const request = req.raw
    const server = current()
    const cors = server.options.cors ? OPEN : {}
    const call = toCall(request, incomingOf(env))
    const own = isControl(call.path)
    try {
      if (own) return finish(call, await control(call), {})
      const answer = answerPreflight(call, server) ?? (await answerCall(call, server))
      if (answer.trouble === undefined) return finish(call, answer, cors)
      return await finishTroubled(finish(call, answer, cors), answer.trouble, env)
    } catch (error) {
      if (error instanceof ConnectionReset) throw error
      bugs += 1
      return finish(call, answerBug(call, server, error, `bug-${bugs}`), own ? {} : cors)
    }
  })
  // Hono would answer for what is thrown, and log it.
  app.onError((error) => {
    throw error
  })
  return app
}

function isControl(path: string): boolean {
  return path === CONTROL_PREFIX || path.startsWith(`${CONTROL_PREFIX}/`)
}

/** OPTIONS is answered for every path, unless its document has an answer of its own. */
async function answerCall(call: Call, server: Server): Promise<Answer> {
  if (!isSandboxName(call.sandbox)) return answerProblem(wrongName(call.sandbox), call.path, server.epochMs)
  if (call.method !== 'OPTIONS') return handle(call, server)
  const methods = server.router.methodsOf(call.path)
  if (methods.length === 0 || methods.includes('OPTIONS')) return handle(call, server)
  return { status: 204, headers: { Allow: allowOf(methods) }, body: null }
}

/** Header values by lower-case name, as Node's server has them before a Headers object is made. */
type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What is needed of the request as Node's server has it. */
interface Incoming {
  readonly headers?: RawHeaders
  /** Repeated headers that `headers` drops. */
  readonly headersDistinct?: Readonly<Record<string, readonly string[] | undefined>>
}

/** Node's adapter hands its own request in, elsewhere there is none. Headers objects are slow to make. */
function incomingOf(env: unknown): Incoming | null {
  return (env as { readonly incoming?: Incoming } | undefined)?.incoming ?? null
}

/** The path and query as they were sent: nothing is decoded or normalised on the way. */
function toCall(request: Request, incoming: Incoming | null): Call {
  const { url, method } = request
  const raw = incoming?.headers ?? null
  const start = url.indexOf('/', url.indexOf('//') + 2)
  const mark = url.indexOf('?', start)
  const whole = mark < 0 ? url.slice(start) : url.slice(start, mark)
  const header = raw === null ? (name: string) => request.headers.get(name) : headersIn(raw)
  const prefix = /^\/~[^/]*/.exec(whole)?.[0] ?? ''
  return {
    method,
    path: prefix === '' ? whole : whole.slice(prefix.length) || '/',
    prefix,
    sandbox: prefix === '' ? (header('standin-sandbox') ?? DEFAULT_SANDBOX) : prefix.slice(2),
    query: mark < 0 ? '' : url.slice(mark + 1),
    header,
    headerLength: () => lengthOf(raw === null ? request.headers : Object.entries(raw)),
    origin: () => url.slice(0, start),
    hosts: () => hostsOf(header, incoming),
    readBody: (limitBytes) => readBounded(request.body, limitBytes),
  }
}

function hostsOf(header: Call['header'], incoming: Incoming | null): readonly string[] {
  const host = header('host')
  return incoming?.headersDistinct?.['host'] ?? (host === null ? [] : [host])
}

function headersIn(raw: RawHeaders): (name: string) => string | null {
  return (name) => {
    const value = raw[name.toLowerCase()]
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ')
  }
}

function lengthOf(headers: Iterable<readonly [string, string | readonly string[] | undefined]>): number {
  let length = 0
  for (const [name, value] of headers) length += name.length + String(value).length
  return length
}

/** Entity tags, 304 and HEAD are the same for every answer. */
function finish(call: Call, answer: Answer, cors: Readonly<Record<string, string>>): Response {
  const { method } = call
  const { body } = answer
  if (answer.status !== 200 || body === null || (method !== 'GET' && method !== 'HEAD')) {
    return toResponse(method, answer, cors)
  }
  const headers = taggedHeaders(answer, body, cors)
  const condition = call.header('if-none-match')
  if (condition !== null && matchesTag(condition, headers['ETag'] ?? '')) {
    const { 'Content-Type': _, ...kept } = headers
    return new Response(null, { status: 304, headers: kept })
  }
  return method === 'HEAD' ? toResponse(method, { ...answer, headers }, {}) : new Response(body, { headers })
}

/** Answers that are kept are hashed once. */
const tagged = new WeakMap<Answer, Readonly<Record<string, string>>>()

function taggedHeaders(
  answer: Answer,
  body: Uint8Array<ArrayBuffer>,
  cors: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const known = tagged.get(answer)
  if (known !== undefined) return known
  const headers = { ...answer.headers, ETag: entityTagOf(body), ...cors }
  tagged.set(answer, headers)
  return headers
}

/** To HEAD the length is told of the body that GET would get. */
function toResponse(
  method: string,
  { status, headers, body }: Answer,
  cors: Readonly<Record<string, string>>,
): Response {
  const unsent = body === null || BODYLESS.has(status)
  const length = method === 'HEAD' && !unsent ? { 'Content-Length': String(body.byteLength) } : {}
  return new Response(unsent || method === 'HEAD' ? null : body, {
    status,
    headers: { ...headers, ...length, ...cors },
  })
}

/**
 * Browsers ask before they cross origins. Whatever they ask for is allowed, so that a page sees the answer
 * itself, a refusal too.
 */
function answerPreflight(call: Call, server: Server): Answer | null {
  if (call.method !== 'OPTIONS' || !server.options.cors) return null
  const asked = call.header('access-control-request-method')
  if (asked === null) return null
  const headers = {
    'Access-Control-Allow-Methods': allowOf([...server.router.methodsOf(call.path), asked]),
    'Access-Control-Allow-Headers': call.header('access-control-request-headers') ?? '*',
    'Access-Control-Max-Age': '600',
    Vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
  }
  return { status: 204, headers, body: null }
}

/**
 * What is no refusal: the client gets an id, the log gets the whole of it, the server goes on. A document
 * that turns out unusable is named; anything else is a bug.
 */
function answerBug(call: Call, server: Server, error: unknown, id: string): Answer {
  server.report(id, error)
  const reason = error instanceof UsageError ? error.message : 'This is a bug in standin'
  const refusal = new ApiError('internal', `${reason}; the log calls it ${id}`)
  return answerProblem(refusal, call.path, server.epochMs)
}
