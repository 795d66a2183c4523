/**
 * A service behind the proxy in tests: each path answers as it is told to, and remembers what it was asked.
 *
 * @module
 */
import { once } from 'node:events'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service that listens. */
export interface Upstream {
  readonly url: string
  readonly server: Server
  /** Every request, as it came. */
  readonly seen: IncomingMessage[]
  close(): Promise<void>
}

/** Starts a service. */
export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    listener(request, response)
  })
  return { server, seen, url: await listening(server), close: () => closed(server) }
}

/** Resolves to the URL of a server once it listens. */
export async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Ends a server and what is connected to it. */
export async function closed(server: Server): Promise<void> {
  const gone = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await gone
}
