/**
 * What a fault plan does to an answer on its way: it is cut short, broken, or the connection is reset. That
 * it is to happen was decided before.
 *
 * @module
 */
import type { Trouble } from './answer.ts'

/** The part of Node's adapter that is needed: elsewhere there is no socket. */
interface Bindings {
  readonly incoming?: { readonly socket?: Partial<Socket> }
}

interface Socket {
  /** Ends at once, with a reset. */
  readonly resetAndDestroy: () => void
  /** Ends once all that was written is out. */
  readonly destroySoon: () => void
}

/** Where there is no connection that could be reset: `fetch` fails with a TypeError too. It is no bug. */
export class ConnectionReset extends TypeError {
  constructor() {
    super('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) })
  }
}

/**
 * Sends an answer as its trouble will have it. An answer without a body has none that could be cut; that to
 * HEAD tells of the one that GET would get.
 *
 * @throws {@link ConnectionReset} where the connection is to be reset and there is none.
 */
export async function finishTroubled(response: Response, trouble: Trouble, env: unknown): Promise<Response> {
  const socket = ((env ?? {}) as Bindings).incoming?.socket
  if (trouble.reset) {
    if (socket?.resetAndDestroy === undefined) throw new ConnectionReset()
    socket.resetAndDestroy()
    return response
  }
  if (trouble.body === null) return response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const { status } = response
  const headers = new Headers(response.headers)
  if (trouble.body === 'malformed') {
    const length = bytes.length === 0 ? Number(headers.get('content-length')) : bytes.length
    if (length === 0) return new Response(null, { status, headers })
    headers.set('Content-Length', String(halfOf(length) + 1))
    headers.delete('etag')
    return new Response(bytes.length === 0 ? null : brokenBytes(bytes), { status, headers })
  }
  if (bytes.length === 0) return new Response(null, { status, headers })
  headers.set('Content-Length', String(bytes.length))
  return new Response(cutStream(bytes.slice(0, halfOf(bytes.length)), socket), { status, headers })
}

function halfOf(length: number): number {
  return Math.floor(length / 2)
}

const COMMA = 0x2c

/** Half of it, and a comma: no JSON ends in one. */
function brokenBytes(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const broken = bytes.slice(0, halfOf(bytes.length) + 1)
  broken[broken.length - 1] = COMMA
  return broken
}

/**
 * Gives these bytes and no end. A connection ends once they are out, so that every client gets as many; where
 * there is none the stream fails, as the body of a broken `fetch` does.
 */
function cutStream(
  bytes: Uint8Array<ArrayBuffer>,
  socket: Partial<Socket> | undefined,
): ReadableStream<Uint8Array> {
  let sent = bytes.length === 0
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    if (!sent) controller.enqueue(bytes)
    else if (socket?.destroySoon === undefined) controller.error(new TypeError('terminated'))
    else socket.destroySoon()
    sent = true
  }
  // Nothing is read ahead: who asks for more has sent what it had.
  return new ReadableStream({ pull }, { highWaterMark: 0 })
}
