/**
 * Targets: who is judged. A target is one function from a request to an answer, in this process or over HTTP.
 *
 * @module
 */
import type { Exchange, ReceivedResponse } from './exchange.ts'
import type { Case } from './plan/case.ts'

/** Answers requests: a server in this process, or `fetch`. */
export type Target = (request: Request) => Promise<Response>

/** Not even the first request could be made. */
export class TargetUnreachable extends Error {
  override readonly name = 'TargetUnreachable'
}

/** Sends requests to one target, the first of them alone, so that an unreachable target is known at once. */
export interface Session {
  send(planned: Case): Promise<Exchange>
}

/** Opens a session; it stops sending when the signal aborts. */
export function openSession(target: Target, signal?: AbortSignal): Session {
  let first: Promise<Exchange> | null = null

  async function attempt(planned: Case, isFirst: boolean): Promise<Exchange> {
    signal?.throwIfAborted()
    const { method, url, headers, body } = planned
    const request = new Request(url, { method, headers, body, redirect: 'manual', signal: signal ?? null })
    try {
      return toExchange(planned, await receive(await target(request)))
    } catch (error) {
      signal?.throwIfAborted()
      if (isFirst) throw new TargetUnreachable(`${method} ${url}: ${reasonOf(error)}`)
      return toExchange(planned, { status: 0, headers: {}, body: reasonOf(error) })
    }
  }

  return {
    async send(planned) {
      if (first === null) {
        first = attempt(planned, true)
        return first
      }
      await first
      return attempt(planned, false)
    },
  }
}

async function receive(response: Response): Promise<ReceivedResponse> {
  return {
    status: response.status,
    headers: Object.fromEntries([...response.headers].map(([name, value]) => [name.toLowerCase(), value])),
    body: await response.text(),
  }
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

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  const code = 'code' in cause ? String(cause.code) : ''
  return cause.message === '' ? `${error.message} ${code}`.trim() : cause.message
}
