/**
 * What a fault plan does to an answer on its way: it is cut short, broken, or the connection is reset.
 *
 * @module
 */
import type { Trouble } from './answer.ts'

/** The part of Node's adapter that is needed: elsewhere there is no socket. */
interface Bindings {
  readonly incoming?: { readonly socket?: { readonly resetAndDestroy?: () => void } }
}

/**
 * Sends an answer as its trouble will have it.
 *
 * @throws `TypeError` where the connection is to be reset and there is no socket, as `fetch` does.
 */
export async function finishTroubled(response: Response, trouble: Trouble, env: unknown): Promise<Response> {
  if (trouble.reset) {
    const { incoming } = (env ?? {}) as Bindings
    if (incoming?.socket?.resetAndDestroy === undefined) throw new TypeError('fetch failed: connection reset')
    incoming.socket.resetAndDestroy()
    return response
  }
  if (trouble.body === null || response.body === null) return response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const half = bytes.slice(0, Math.ceil(bytes.length / 2))
  const { status } = response
  const headers = new Headers(response.headers)
  headers.delete('etag')
  if (trouble.body === 'malformed') return new Response(half, { status, headers })
  headers.set('Content-Length', String(bytes.length))
  return new Response(brokenStream(half), { status, headers })
}

/** Gives these bytes and then fails, so that the connection ends before the body does. */
function brokenStream(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error('the body was cut short by a fault plan'))
      else controller.enqueue(bytes)
      sent = true
    },
  })
}
