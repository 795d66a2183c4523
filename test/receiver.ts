/**
 * A receiver of webhooks on loopback, for tests of what is really sent.
 *
 * @module
 */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What it got. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How it answers: a status, or what it does with its answer. */
export type Reply = number | ((response: ServerResponse, received: Received) => void | Promise<void>)

/** A receiver that listens. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** How many it was answering at once, at the most. */
  readonly most: () => number
  /** Answers the next ones so, in this order; after them, or without any, with 204. */
  readonly reply: (...replies: readonly Reply[]) => void
  readonly close: () => Promise<void>
}

/** Starts one. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let replies: Reply[] = []
  let [open, most] = [0, 0]
  const server = createServer(async (request, response) => {
    open += 1
    most = Math.max(most, open)
    response.once('close', () => {
      open -= 1
    })
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    received.push(one)
    const reply = replies.shift() ?? 204
    if (typeof reply === 'number') response.writeHead(reply).end()
    else await reply(response, one)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    most: () => most,
    reply: (...next) => {
      replies = [...next]
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Does what a receiver of Talonic's webhooks does to know who has sent one. */
export function isSigned({ headers, body }: Received, secret: string): boolean {
  return (
    headers['x-talonic-signature'] === `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  )
}

/** Looks until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const endMs = Date.now() + withinMs
  while (!(await isSo())) {
    if (Date.now() > endMs) throw new Error(`it was not so within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
