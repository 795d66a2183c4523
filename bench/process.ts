/**
 * Server processes under measurement: starting them, their processor time and memory, sending them requests.
 * Linux only: it reads `/proc`.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, get } from 'node:http'

/** A running server. */
export interface Subject {
  readonly url: string
  readonly process: ChildProcess
}

/** A request: a path and its headers. */
export interface Shot {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

/** Starts a Node program that prints its URL when it listens. */
export async function start(args: readonly string[]): Promise<Subject> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const chunk of child.stdout) {
    text += String(chunk)
    const url = /http:\/\/[\w.:[\]]+(?=["\s])/.exec(text)?.[0]
    if (url !== undefined) return { url, process: child }
  }
  throw new Error(`${args.join(' ')} ended before it listened`)
}

/** Ends a server and waits until it is gone. */
export async function stop({ process: child }: Subject): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const TICKS_PER_SECOND = 100

/** Processor time of a process so far, user and system, in milliseconds; its resolution is 10 ms. */
export function cpuMs({ process: child }: Subject): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND
}

/** Resident memory of a process, in megabytes. */
export function residentMb({ process: child }: Subject): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

/** Sends one request and resolves to the size of its answer. */
export function send(url: string, { path, headers }: Shot): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url + path, { agent, headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes)
        else reject(new Error(`${response.statusCode} from ${path}`))
      })
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}

/** Sends requests, so many at once; resolves to the server's processor time per request, in microseconds. */
export async function perRequestUs(
  subject: Subject,
  shots: readonly Shot[],
  connections: number,
): Promise<number> {
  const before = cpuMs(subject)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let shot = shots[next++]; shot !== undefined; shot = shots[next++]) await send(subject.url, shot)
  }
  await Promise.all(Array.from({ length: connections }, worker))
  return ((cpuMs(subject) - before) * 1000) / shots.length
}
