/**
 * A proxy that holds each answer until it is judged, and says in a header what came of it. Streams, and what
 * is too large, pass as they come. What is thought of an exchange is `contract/live.ts`.
 *
 * @module
 */
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { decodeBody } from '../contract/body-text.ts'
import type { Exchange } from '../contract/exchange.ts'
import { isBreach } from '../contract/finding.ts'
import type { Judged } from '../contract/live.ts'
import { answerHeaders, asksForWebSocket, joinedHeaders, onwardHeaders, onwardPath } from './forward.ts'
import type { Kept } from './passing-body.ts'
import { keepBody, unpackBody } from './passing-body.ts'
import { toProblem, verdictHeaders } from './proxy-verdict.ts'

/** What the proxy does, and whom it tells. */
export interface ProxyOptions {
  readonly target: URL
  /** Answers that break the contract are not passed on. */
  readonly errors: boolean
  /** Bodies of more bytes pass unjudged. */
  readonly limitBytes: number
  /** For how long the target may be silent before it has answered. */
  readonly timeoutMs: number
  /** For how long an answer is held back while its body comes. */
  readonly holdMs: number
  /** Throws where a request may not be made. */
  readonly verify: (request: IncomingMessage) => void
  readonly judge: (exchange: Exchange) => Promise<Judged>
  /** Told of every exchange, judged or not; `reason` says why not. */
  readonly passed: (exchange: Passed) => void
}

/** An exchange that went through. */
export interface Passed {
  readonly exchange: Exchange
  readonly judged: Judged | null
  /** Why it was not judged; null where it was. */
  readonly reason: string | null
  readonly startedAtMs: number
  readonly tookMs: number
}

/** An exchange under way. */
interface Passage {
  readonly options: ProxyOptions
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly sent: Kept
  readonly url: string
  readonly startedAtMs: number
}

/** Above this a request is refused before it is read. */
const MAX_HEAD_BYTES = 65_536

/** Creates the server; it does not listen yet. */
export function createProxy(options: ProxyOptions): Server {
  const secure = options.target.protocol === 'https:'
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const send = secure ? httpsRequest : httpRequest

  const server = createServer({ maxHeaderSize: MAX_HEAD_BYTES }, (request, response) => {
    const refusal = refusalOf(options, request)
    if (refusal !== null) return refuse(response, ...refusal)
    const path = onwardPath(request.url ?? '/', options.target)
    if (path === null) return refuse(response, 400, 'The request names no path', request.url ?? '')
    const { hostname, port, protocol, origin } = options.target
    const to = {
      ...{ agent, protocol, host: hostname.replace(/^\[|\]$/g, ''), port, path, method: request.method },
      headers: onwardHeaders(request, options.target),
    }
    const passage: Passage = {
      ...{ options, request, response },
      sent: keepBody(options.limitBytes),
      url: `${origin}${path}`,
      startedAtMs: Date.now(),
    }
    forward(passage, () => send(to), isRepeatable(request))
  })
  server.on('connect', (_, socket) => {
    socket.end('HTTP/1.1 501 Not Implemented\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  })
  server.on('close', () => agent.destroy())
  return server
}

/** A request that can be made once more when its connection turns out to have been closed before it. */
function isRepeatable({ method, headers }: IncomingMessage): boolean {
  const bodiless = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined
  return bodiless && ['GET', 'HEAD', 'OPTIONS'].includes(method ?? '')
}

/** Sends a request on and passes its answer back. */
function forward(passage: Passage, open: () => ClientRequest, again: boolean): void {
  const { options, request, response, sent } = passage
  const onward = open()
  let answered = false
  const silence = setTimeout(() => {
    const late = new Error(`no answer within ${options.timeoutMs} ms`)
    onward.destroy(Object.assign(late, { code: 'ESILENT' }))
  }, options.timeoutMs)
  onward.on('close', () => clearTimeout(silence))
  onward.on('response', (answer) => {
    answered = true
    clearTimeout(silence)
    const status = answer.statusCode ?? 0
    if (status >= 200 && status <= 999) return pass(passage, answer)
    answer.resume()
    refuse(response, 502, 'The target answered what is no answer', `its status is ${status}`)
  })
  onward.on('error', (error: NodeJS.ErrnoException) => {
    // Once an answer has begun it tells of its end itself.
    if (answered || response.destroyed) return
    if (again && onward.reusedSocket && error.code === 'ECONNRESET') return forward(passage, open, false)
    const late = error.code === 'ESILENT'
    const title = late ? 'The target did not answer in time' : 'The target cannot be reached'
    refuse(response, late ? 504 : 502, title, error.message || (error.code ?? ''))
  })
  // The client has gone: nobody waits for the answer any more.
  response.on('close', () => {
    if (!response.writableFinished) onward.destroy()
  })
  if (again || request.readableEnded) {
    request.resume()
    onward.end()
    return
  }
  request.on('data', (chunk: Buffer) => sent.add(chunk))
  request.on('error', () => onward.destroy())
  request.pipe(onward)
}

type Refusal = readonly [status: number, title: string, detail: string]

function refusalOf({ verify }: ProxyOptions, request: IncomingMessage): Refusal | null {
  if (asksForWebSocket(request)) {
    return [
      501,
      'WebSockets are not passed on',
      'This proxy judges exchanges of HTTP; connect to the target itself',
    ]
  }
  try {
    verify(request)
    return null
  } catch (error) {
    return [
      403,
      'This proxy does not answer to that name',
      error instanceof Error ? error.message : String(error),
    ]
  }
}

/** An answer of the proxy's own; where the other's has begun, the connection is cut instead. */
function refuse(
  response: ServerResponse,
  status: number,
  title: string,
  detail: string,
  more: object = {},
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, ...more })
  const length = String(Buffer.byteLength(body))
  response.writeHead(status, { 'Content-Type': 'application/problem+json', 'Content-Length': length })
  response.end(body)
}

const STREAMS =
  /^(text\/event-stream|application\/(x-ndjson|ndjson|jsonl|jsonlines|json-seq|stream\+json)|multipart\/)/i

/** Passes an answer on: held until it is judged, or as it comes. */
function pass(passage: Passage, answer: IncomingMessage): void {
  const { options, request, response } = passage
  const kept = keepBody(options.limitBytes)
  let released = false

  /** Sends the head and what came so far; from here on everything is sent as it comes. */
  function release(verdict: string): void {
    if (released || response.destroyed) return
    released = true
    const head = answerHeaders(answer, { Via: `${answer.httpVersion} standin`, 'Standin-Verdict': verdict })
    try {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', head)
    } catch (error) {
      refuse(response, 502, 'The answer cannot be passed on', String(error))
      answer.resume()
      return
    }
    for (const chunk of kept.soFar()) response.write(chunk)
    response.flushHeaders()
    answer.on('data', (chunk: Buffer) => {
      if (response.write(chunk)) return
      answer.pause()
      response.once('drain', () => answer.resume())
    })
  }

  const tooLarge = Number(answer.headers['content-length'] ?? 0) > options.limitBytes
  const bodiless = request.method === 'HEAD' || [204, 304].includes(answer.statusCode ?? 0)
  if (tooLarge && !bodiless) release('unjudged')
  else if (STREAMS.test(answer.headers['content-type'] ?? '')) release('streamed')
  const hold = setTimeout(() => release('streamed'), options.holdMs)
  answer.on('data', (chunk: Buffer) => {
    const fits = kept.add(chunk)
    if (!fits && !released) {
      release('unjudged')
      response.write(chunk)
    }
  })
  answer.on('end', () => {
    clearTimeout(hold)
    const failed = (error: unknown) => refuse(response, 502, 'The answer could not be judged', String(error))
    conclude(passage, answer, kept, released).catch(failed)
  })
  answer.on('error', () => {
    clearTimeout(hold)
    refuse(response, 502, 'The answer of the target was cut off', `${request.method} ${passage.url}`)
  })
}

type Ending = readonly [passage: Passage, answer: IncomingMessage, kept: Kept, released: boolean]

async function conclude(...[passage, answer, kept, released]: Ending): Promise<void> {
  const { options, response, startedAtMs } = passage
  const bytes = kept.whole()
  const exchange = exchangeOf(passage, answer, bytes)
  const decodes = typeof exchange === 'object'
  const reason = decodes ? null : exchange
  const whole = decodes ? exchange : withoutBody(passage, answer)
  const judged = decodes ? await options.judge(whole) : null
  options.passed({
    exchange: whole,
    judged,
    reason: reason ?? judged?.passed ?? null,
    startedAtMs,
    tookMs: Date.now() - startedAtMs,
  })
  if (response.destroyed) return
  if (released) {
    response.end()
    return
  }
  const breaches = judged?.findings.filter(isBreach) ?? []
  if (options.errors && breaches.length > 0) {
    const detail = `the answer ${answer.statusCode} breaks ${breaches.length} of its document's promises`
    refuse(response, 502, 'The answer breaks its contract', detail, { findings: breaches.map(toProblem) })
    return
  }
  const own = { Via: `${answer.httpVersion} standin`, ...verdictHeaders(judged, breaches) }
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', answerHeaders(answer, own))
  response.end(bytes ?? undefined)
}

/** The exchange as the judge reads it; a text says why it cannot be read. */
function exchangeOf(passage: Passage, answer: IncomingMessage, bytes: Buffer | null): Exchange | string {
  if (bytes === null) return `its body is larger than ${passage.options.limitBytes} bytes`
  const unpacked = unpackBody(bytes, answer.headers['content-encoding'] ?? '', passage.options.limitBytes)
  if ('reason' in unpacked) return unpacked.reason
  const { request, response, ...rest } = withoutBody(passage, answer)
  return {
    ...rest,
    request,
    response: { ...response, ...decodeBody(unpacked.bytes, response.headers['content-type']) },
  }
}

function withoutBody({ request, sent, url, startedAtMs }: Passage, answer: IncomingMessage): Exchange {
  const { 'content-encoding': _, ...headers } = joinedHeaders(answer)
  // The name by which the proxy was asked is nothing to the target.
  const { host: __, ...asked } = joinedHeaders(request)
  const body = sent.whole()
  return {
    operationId: null,
    request: {
      method: request.method ?? 'GET',
      url,
      headers: asked,
      body: body === null || body.byteLength === 0 ? null : new TextDecoder().decode(body),
    },
    response: { status: answer.statusCode ?? 0, headers, body: '' },
    purpose: 'seen by the proxy',
    span: { startMs: startedAtMs, endMs: Date.now() },
  }
}
