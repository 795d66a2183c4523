/**
 * A proxy in this process, between a test and a service that answers as it is told to.
 *
 * @module
 */
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http'
import { request as httpRequest } from 'node:http'
import { afterEach } from 'vitest'
import type { Passed, ProxyOptions } from '../../src/cli/proxy-server.ts'
import { createProxy } from '../../src/cli/proxy-server.ts'
import type { Traffic } from '../../src/contract/live.ts'
import { createTraffic } from '../../src/contract/live.ts'
import { JOBS } from '../contract/acme/server.ts'
import { readSubject } from '../contract/acme/subject.ts'
import type { Upstream } from './upstream.ts'
import { closed, listening, startUpstream } from './upstream.ts'

/** The path of a job. */
export const JOB: string = `/v1/jobs/${JOBS[0].id}`
/** What a job answers. */
export const SOUND: Readonly<Record<string, unknown>> = {
  id: JOBS[0].id,
  state: 'finished',
  done: 43,
  total: 43,
}

/** An answer, byte for byte. */
export interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly raw: readonly string[]
  readonly bytes: Buffer
  readonly text: string
}

/** What is sent. */
export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

/** As plain as can be, so that nothing is decoded or joined on the way. */
export function ask(url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers, raw: response.rawHeaders },
          ...{ bytes, text: bytes.toString() },
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** What is closed after each test, the last first. */
export const open: (() => Promise<void>)[] = []

/** Call it once in a test file: it closes what was opened. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })
}

/** A proxy and what is known of it. */
export interface Between {
  readonly url: string
  readonly upstream: Upstream
  readonly passed: Passed[]
  readonly traffic: Traffic
}

/** A proxy before a service that answers like this. */
export async function between(
  listener: RequestListener,
  options: Partial<ProxyOptions> = {},
): Promise<Between> {
  const upstream = await startUpstream(listener)
  const traffic = createTraffic(readSubject(), { bases: ['/v1', ''], walks: 'at each page' })
  const passed: Passed[] = []
  const server: Server = createProxy({
    ...{ target: new URL(upstream.url), errors: false, limitBytes: 100_000, timeoutMs: 5_000, holdMs: 5_000 },
    ...{ verify: () => undefined, judge: traffic.judge, passed: (each: Passed) => passed.push(each) },
    ...options,
  })
  const url = await listening(server)
  open.push(upstream.close, () => closed(server))
  return { url, upstream, passed, traffic }
}

/** Answers JSON. */
export function json(value: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'X-Left': '7', ...headers })
    response.end(JSON.stringify(value))
  }
}
