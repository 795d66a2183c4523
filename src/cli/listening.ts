/**
 * Servers of this program: how they begin to listen, and how they end.
 *
 * @module
 */
import type { AddressInfo } from 'node:net'
import type { ServerType } from '@hono/node-server'
import { UsageError } from '../model/usage-error.ts'
import type { Flags } from './command.ts'

/** Resolves to the base URL once the server listens where `--host` and `--port` say. */
export function listen(server: ServerType, flags: Flags): Promise<string> {
  const port = flags.integer('port', 0, 65_535) ?? 0
  const host = flags.text('host') ?? '127.0.0.1'
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const used = error.code === 'EADDRINUSE'
      reject(new UsageError(used ? `port ${port} is in use; choose another with --port` : error.message))
    })
    server.listen(port, host, () => {
      const { port: actual } = server.address() as AddressInfo
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${actual}`)
    })
  })
}

const GRACE_MS = 2_000

/** Resolves when the program was asked to end and the last answer is out. */
export function untilStopped(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      // A connection whose request was not read to its end keeps no process alive: this timer does.
      const grace = setTimeout(() => {
        if ('closeAllConnections' in server) server.closeAllConnections()
      }, GRACE_MS)
      server.close(() => {
        clearTimeout(grace)
        resolve()
      })
      if ('closeIdleConnections' in server) server.closeIdleConnections()
    }
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
}
