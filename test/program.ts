/**
 * The compiled program as a child process, for tests of what only a process shows.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Where the compiled program lies. */
export const CLI: string = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

/** A server that listens. */
export interface Program {
  readonly url: string
  readonly child: ChildProcess
  /** What it has printed so far. */
  readonly output: () => string
  /** Asks it to end and resolves to its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** What a command that ended has left. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Start {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

function spawnProgram(args: readonly string[], { cwd, env }: Start): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
}

/** Starts a server and resolves when it listens. */
export async function startProgram(args: readonly string[], start: Start = {}): Promise<Program> {
  const child = spawnProgram(args, start)
  let text = ''
  child.stderr?.on('data', (chunk) => {
    text += String(chunk)
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      text += String(chunk)
      const ready = /(?:listening on |"url":")(http:\/\/[^\s"]+)/.exec(text)
      if (ready?.[1] !== undefined) resolve(ready[1])
    })
    child.once('exit', (code) => reject(new Error(`standin ended with ${code}: ${text}`)))
  })
  return {
    url,
    child,
    output: () => text,
    stop: async (signal = 'SIGTERM') => {
      const gone = once(child, 'exit') as Promise<[number | null]>
      child.kill(signal)
      return (await gone)[0]
    },
  }
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], start: Start = {}): Promise<Ended> {
  const child = spawnProgram(args, start)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk)
  })
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
