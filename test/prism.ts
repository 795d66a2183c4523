/**
 * Prism as a child process: a proxy that judges what passes through it, or a mock. It is asked over
 * `node:http`, since its verdicts travel in a header that is longer than `fetch` takes.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const PRISM = fileURLToPath(new URL('../node_modules/@stoplight/prism-cli/dist/index.js', import.meta.url))
const HEADER_BYTES = 2 ** 22

/** A Prism that listens. */
export interface Prism {
  readonly url: string
  readonly ask: (request: Request) => Promise<Response>
  readonly stop: () => Promise<void>
}

/** What Prism says of an answer or a request. */
export interface Violation {
  /** `response` or `request`, then where in it. */
  readonly location: readonly string[]
  readonly code: string | number
  readonly message: string
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts `prism mock`, or `prism proxy` where it has something to stand before. */
export async function startPrism(document: string, upstream?: string): Promise<Prism> {
  const port = await freePort()
  const words = upstream === undefined ? ['mock', document] : ['proxy', document, upstream]
  const child = spawn(process.execPath, [PRISM, ...words, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await listening(child)
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    ask: (request) => askOver(request),
    stop: async () => {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function listening(child: ChildProcess): Promise<void> {
  let text = ''
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: unknown): void => {
      text += String(chunk)
      if (text.includes('Prism is listening')) resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => reject(new Error(`prism ended with ${code}: ${text}`)))
  })
}

async function askOver(request: Request): Promise<Response> {
  const body = request.body === null ? '' : await request.text()
  const { method, url } = request
  const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const headers = { ...Object.fromEntries(request.headers), ...length }
  const [response] = await new Promise<readonly [IncomingMessage]>((resolve, reject) => {
    const outgoing = send(url, { method, headers, maxHeaderSize: HEADER_BYTES }, (answer) =>
      resolve([answer]),
    )
    outgoing.once('error', reject)
    outgoing.end(body)
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of response) chunks.push(chunk as Uint8Array)
  const status = response.statusCode ?? 0
  const pairs = Object.entries(response.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const bodiless = [101, 204, 205, 304].includes(status) || method === 'HEAD'
  return new Response(bodiless ? null : Buffer.concat(chunks), { status, headers: pairs })
}

/** What Prism says of the answer that a response carries. */
export function violationsOf(response: Response): readonly Violation[] {
  const text = response.headers.get('sl-violations')
  const all = text === null ? [] : (JSON.parse(text) as readonly Violation[])
  return all.filter(({ location }) => location[0] === 'response')
}
