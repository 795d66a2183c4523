/**
 * Targets: who is judged. A target is one function from a request to an answer, in this process or over HTTP.
 *
 * @module
 */
import type { Exchange, ReceivedResponse } from './exchange.ts'
import { createPace, delayAfter, isIdempotent } from './pace.ts'
import type { Case } from './plan/case.ts'
import { receive, STREAM_MS } from './receive.ts'
import type { Time } from './time.ts'
import { createIdleTime } from './time.ts'
import { isUnreachable, reasonOf, TargetUnreachable } from './unreachable.ts'

/** Answers requests: a server in this process, or `fetch`. */
export type Target = (request: Request) => Promise<Response>

/** Sends requests to one target, the first of them alone, so that an unreachable target is known at once. */
export interface Session {
  send(planned: Case): Promise<Exchange>
  /** Waits as long as an answer asks for; false where it asks for nothing, or for too much. */
  waitFor(exchange: Exchange, tries: number): Promise<boolean>
}

/** How a session asks. */
export interface SessionOptions {
  /** Stops sending. */
  readonly signal?: AbortSignal | undefined
  readonly time?: Time | undefined
  /** Requests a second at the most; null sets no bound. */
  readonly rate?: number | null | undefined
  /** For how long a stream is read, where time is handed in; else to its end. */
  readonly streamMs?: number | undefined
}

/** The pause before a broken connection is tried again. */
const RECONNECT_MS = 250
/** So many requests in vain, and none ever answered: there is nobody to judge. */
const SILENCE_LIMIT = 20

/** Opens a session. */
export function openSession(target: Target, options: SessionOptions = {}): Session {
  const { signal, time = createIdleTime(), rate = null, streamMs = STREAM_MS } = options
  const patience = options.time === undefined ? undefined : { time, streamMs }
  const pace = createPace(time, rate, signal)
  let first: Promise<Exchange> | null = null
  let heard = false
  let unanswered = 0

  async function attempt(planned: Case): Promise<ReceivedResponse> {
    await pace.next()
    signal?.throwIfAborted()
    const { method, url, headers, body } = planned
    const request = new Request(url, { method, headers, body, redirect: 'manual', signal: signal ?? null })
    return receive(await target(request), patience)
  }

  /** A connection that breaks is tried once more where that does no harm. */
  async function persist(planned: Case): Promise<ReceivedResponse> {
    try {
      return await attempt(planned)
    } catch (error) {
      signal?.throwIfAborted()
      if (!isIdempotent(planned.method) || isTimeout(error)) throw error
      await time.wait(RECONNECT_MS, signal)
      return attempt(planned)
    }
  }

  async function exchange(planned: Case, isFirst: boolean): Promise<Exchange> {
    try {
      const response = await persist(planned)
      heard = true
      return toExchange(planned, response)
    } catch (error) {
      signal?.throwIfAborted()
      if (isTimeout(error)) unanswered += 1
      else heard = true
      if ((isFirst && isUnreachable(error)) || (!heard && unanswered >= SILENCE_LIMIT)) {
        throw new TargetUnreachable(`${planned.method} ${planned.url}: ${reasonOf(error)}`)
      }
      return toExchange(planned, { status: 0, headers: {}, body: reasonOf(error) })
    }
  }

  return {
    async send(planned) {
      if (first === null) {
        first = exchange(planned, true)
        return first
      }
      await first
      return exchange(planned, false)
    },
    async waitFor(answered, tries) {
      const delay = delayAfter(answered, tries)
      return delay !== null && pace.hold(delay)
    },
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function toExchange(
  { operationId, method, url, headers, body, purpose }: Case,
  response: ReceivedResponse,
): Exchange {
  const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return {
    operationId,
    request: { method, url, headers: Object.fromEntries(lowered), body },
    response,
    purpose,
  }
}
