/**
 * A Redis of one's own on a free port of loopback, which keeps nothing, for tests of the shared store.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { Redis } from 'ioredis'

/** What is missing for these tests; null where nothing is. */
export const missingRedis: string | null =
  spawnSync('redis-server', ['--version']).status === 0 ? null : 'redis-server is not installed'

/** A Redis that runs. */
export interface RunningRedis {
  readonly url: string
  /** A client of the test's own. */
  readonly client: Redis
  /** It takes connections and answers nothing. */
  readonly pause: () => void
  readonly resume: () => void
  readonly kill: () => Promise<void>
  /** Starts it again on the same port, empty. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { readonly port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function launch(port: number, more: readonly string[]): Promise<ChildProcess> {
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...more]
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      if (String(chunk).includes('Ready to accept connections')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
  })
  return child
}

/**
 * Starts one.
 *
 * @param flags - Of `redis-server`; a password is put into the URL.
 */
export async function startRedis(flags: readonly string[] = []): Promise<RunningRedis> {
  const port = await freePort()
  let child = await launch(port, flags)
  const password = flags[flags.indexOf('--requirepass') + 1]
  const url = `redis://${flags.includes('--requirepass') ? `:${password}@` : ''}127.0.0.1:${port}`
  const client = new Redis(url)
  client.on('error', () => undefined)
  const kill = async (): Promise<void> => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url,
    client,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: async () => {
      child = await launch(port, flags)
    },
    stop: async () => {
      client.disconnect()
      await kill()
    },
  }
}
