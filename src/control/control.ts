/**
 * The control API under `/_standin/`, top to bottom:
 *
 *   caller → bounds → route → sandbox → input → handler
 *
 * Its own document judges what comes in, as those of the mocked APIs do. What answers is in the parts.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import { suggestion } from '../model/suggestion.ts'
import { essenceOf } from '../openapi/media-type.ts'
import type { Operation } from '../openapi/operation.ts'
import { parseQuery } from '../openapi/parameter.ts'
import type { Validator } from '../openapi/validator.ts'
import type { Answer } from '../server/answer.ts'
import { bytesAnswer, jsonAnswer, withHeaders } from '../server/answer.ts'
import { answerProblem } from '../server/answer-refusal.ts'
import type { Api } from '../server/api.ts'
import type { Control } from '../server/app.ts'
import { CONTROL_PREFIX } from '../server/app.ts'
import type { Call } from '../server/call.ts'
import { checkBounds } from '../server/call.ts'
import type { Input, RawInput } from '../server/read-input.ts'
import { readInput } from '../server/read-input.ts'
import type { Match, Router } from '../server/route.ts'
import { allowOf, createRouter } from '../server/route.ts'
import type { Server } from '../server/server.ts'
import { isSandboxName, wrongName } from '../world/sandboxes.ts'
import type { Access } from './access.ts'
import { isPreflight, originHeaders, verifyCaller } from './access.ts'
import type { ControlPart, ControlReply } from './control-part.ts'
import { createControlDocument } from './document.ts'
import { healthBody } from './general-part.ts'
import { inWords } from './input-words.ts'
import { createParts } from './parts.ts'

/** What the control API is made of, once. */
interface Desk {
  readonly api: Api
  readonly router: Router
  readonly parts: readonly ControlPart[]
}

/**
 * Makes the control API of a server.
 *
 * @param current - The server that is controlled now: another may take its place.
 * @param access - Who may control it.
 */
export function createControl(current: () => Server, version: string, access: Access): Control {
  const parts: readonly ControlPart[] = createParts(version, () => findDesk().api.document)
  let desk: Desk | null = null

  /** Made when it is first needed: whether the server is ready is asked while it starts. */
  function findDesk(): Desk {
    desk ??= createDesk(parts, version, access)
    return desk
  }

  return async (call) => {
    const server = current()
    const headers = originHeaders(access, call)
    try {
      verifyCaller(access, call, isHealth(call))
      checkBounds(call)
      const answer = isPlainHealth(call) ? healthOf(version) : await answerCall(call, server, findDesk())
      return withHeaders(answer, { ...headers, Vary: join(answer.headers['Vary'], headers['Vary']) })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return withHeaders(answerProblem(error, call.path, server.epochMs), headers)
    }
  }
}

function join(...lists: readonly (string | undefined)[]): string {
  return lists.filter((list) => list !== undefined).join(', ')
}

/** @throws `RangeError` when an operation has no handler, or a handler no operation. */
function createDesk(parts: readonly ControlPart[], version: string, access: Access): Desk {
  const document = createControlDocument(parts, version, access.token !== null)
  const documented = document.operations.map(({ id }) => id)
  const handled = parts.flatMap(({ handlers }) => Object.keys(handlers))
  const single = [...documented, ...handled].find((id) => !documented.includes(id) || !handled.includes(id))
  if (single !== undefined) throw new RangeError(`${single} is documented and not handled, or the other way`)
  const bare = { id: CONTROL_PREFIX.slice(1), contract: null, vendor: null, fixture: null } as const
  const api: Api = { ...bare, document, profile: 'spec' }
  return { api, parts, router: createRouter([{ ...api, document: { ...document, basePaths: [''] } }], false) }
}

async function answerCall(call: Call, server: Server, desk: Desk): Promise<Answer> {
  const { router, parts } = desk
  if (call.method === 'OPTIONS') return answerOptions(call, router)
  const match = router.match(call.method, call.path)
  if (!isSandboxName(call.sandbox)) throw wrongName(call.sandbox)
  const { operation } = match.route
  const part = parts.find(({ handlers }) => Object.hasOwn(handlers, operation.id))
  const handle = part?.handlers[operation.id]
  if (part === undefined || handle === undefined) throw new RangeError(`${operation.id} has no handler`)
  const input = await inputOf(call, server, desk, match, part)
  const { header, prefix } = call
  const sandbox = { name: call.sandbox, seed: null }
  const reply = await handle({ server, input, sandbox, header, prefix })
  // Whoever has moved a clock or a job may look right after at what was told of it.
  if (operation.method !== 'GET') await server.deliver(sandbox)
  return toAnswer(reply)
}

/** Whether it is ready may be asked without a token: nothing else is told by it. */
function isHealth({ method, path }: Call): boolean {
  return (method === 'GET' || method === 'HEAD') && /^\/_standin\/health\/?$/.test(path)
}

function isPlainHealth(call: Call): boolean {
  return isHealth(call) && call.query === '' && isSandboxName(call.sandbox)
}

function answerOptions(call: Call, router: Router): Answer {
  const methods = router.methodsOf(call.path)
  if (methods.length === 0) router.match('GET', call.path)
  const allowed = allowOf(methods)
  if (!isPreflight(call)) return { status: 204, headers: { Allow: allowed }, body: null }
  const headers = {
    'Access-Control-Allow-Methods': allowed,
    'Access-Control-Allow-Headers': call.header('access-control-request-headers') ?? '*',
    'Access-Control-Max-Age': '600',
    Vary: 'Access-Control-Request-Method, Access-Control-Request-Headers',
  }
  return { status: 204, headers, body: null }
}

/** Nothing that comes in is judged where nothing comes in: the validator takes a while to load. */
async function inputOf(
  call: Call,
  server: Server,
  { api }: Desk,
  { route, path }: Match,
  part: ControlPart,
): Promise<Input> {
  const { operation } = route
  const query = parseQuery(call.query)
  verifyQuery(query, operation)
  const body = await bodyOf(call, operation, part)
  const raw: RawInput = { path, query, header: call.header, body }
  const isBare = body === null && query.size === 0 && Object.keys(path).length === 0
  const validator = isBare && call.header('standin-sandbox') === null ? IDLE : await server.validatorOf(api)
  try {
    return readInput(raw, operation, api, validator)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'request_invalid' && body !== null && body !== '')
      complain(part, operation, server, body)
    const schema = operation.body?.content[0]?.schema ?? null
    throw inWords(error, { document: api.document.json, schema, body })
  }
}

const idle = (): never => {
  throw new RangeError('a request that holds nothing is not judged')
}
const IDLE: Validator = { check: idle, explain: idle, faults: idle }

/** A misspelt parameter that was ignored would give another answer than the one that was asked for. */
function verifyQuery(query: ReadonlyMap<string, unknown>, { parameters }: Operation): void {
  const known = parameters.filter(({ in: place }) => place === 'query').map(({ name }) => name)
  for (const name of query.keys()) {
    if (known.includes(name)) continue
    const shown = name.slice(0, 100)
    const message = `there is no parameter \`${shown}\`${suggestion(shown, known)}`
    const issue = { in: 'query', name: shown, path: [], keyword: 'rule', message, params: {} } as const
    throw new ApiError('request_invalid', message, [issue])
  }
}

/** Only what calls itself JSON is read: a page of another origin cannot send that without asking first. */
async function bodyOf(
  call: Call,
  { id, body, method }: Operation,
  part: ControlPart,
): Promise<string | null> {
  if (method === 'GET') return null
  const text = (await call.readBody(part.bodyLimits?.[id])) ?? ''
  if (body === null) {
    if (text.trim() === '' || text.trim() === '{}') return null
    throw new ApiError('request_invalid', `${id} takes no body`)
  }
  const type = call.header('content-type')
  if (text !== '' && essenceOf(type ?? '') !== 'application/json') {
    const given = type === null ? 'of no media type' : essenceOf(type).slice(0, 100)
    throw new ApiError('media_type_unsupported', `The body is ${given}; send application/json`)
  }
  return text
}

function complain(part: ControlPart, operation: Operation, server: Server, body: string): void {
  const say = part.complaints?.[operation.id]
  if (say !== undefined) say({ server }, JSON.parse(body))
}

function healthOf(version: string): Answer {
  return toAnswer({ status: 200, body: healthBody(version) })
}

const encoder = new TextEncoder()

function toAnswer({ status, body, type, headers = {} }: ControlReply): Answer {
  if (body === null) return { status, headers, body: null }
  if (type !== undefined) return bytesAnswer(status, type, encoder.encode(String(body)), headers)
  return jsonAnswer(status, 'application/json', body, headers)
}
