/**
 * Putting a standin together from loaded APIs: the same for the server, for `fetch` in process and for
 * exported files.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hono } from 'hono'
import type { Access } from '../control/access.ts'
import { IN_PROCESS } from '../control/access.ts'
import { createControl } from '../control/control.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Api, Environment, ServerOptions } from '../server/api.ts'
import { createApp } from '../server/app.ts'
import type { Server } from '../server/server.ts'
import { createServer, epochOf } from '../server/server.ts'
import { createPump } from '../server/webhook-pump.ts'
import { hostOf } from '../server/webhook-receiver.ts'
import type { ClockSetting } from '../world/clock.ts'
import { parseClock, REAL_CLOCK } from '../world/clock.ts'
import type { EventStore } from '../world/event-store.ts'
import { createSandboxes } from '../world/sandboxes.ts'
import { createSharedSandboxes } from '../world/shared-sandboxes.ts'
import { packageRoot } from './root.ts'
import { createWebhookSender } from './webhook-sender.ts'

/** A server and its app. */
export interface Assembly {
  /** The server that answers now. */
  readonly server: Server
  readonly app: Hono
  /** Puts other APIs in the place of those that are served; sandboxes and journal stay. */
  reload(apis: readonly Api[]): void
  /** Sends no more webhooks, and resolves when none is under way. */
  close(): Promise<void>
}

/** The seed where none is given. */
export const DEFAULT_SEED = 1

/** Options where none are given. */
export const DEFAULT_OPTIONS: ServerOptions = {
  beginning: { seed: DEFAULT_SEED, clock: REAL_CLOCK, faults: [], endpoints: [] },
  auth: true,
  cors: true,
  delayMs: 0,
  webhookHosts: [],
  mountAtRoot: true,
}

/** The options with another seed. */
export function withSeed(options: ServerOptions, seed: number): ServerOptions {
  return { ...options, beginning: { ...options.beginning, seed } }
}

/**
 * Reads how time shall go.
 *
 * @param name - What the option is called.
 * @throws {@link UsageError} when it is none of the modes.
 */
export function readClock(name: string, text: string): ClockSetting {
  const setting = parseClock(text)
  if (setting !== null) return setting
  const modes = 'real, frozen, auto or step:<duration> such as step:PT30S'
  throw new UsageError(`${name} must be ${modes}, not \`${text}\``)
}

/** What a standin shares with others, and who may control it. */
export interface Surroundings {
  /** Where events are kept; null keeps them in memory. */
  readonly store?: EventStore | null
  readonly access?: Access
}

/** Puts a standin together; validators load when a request first needs them. */
export async function assemble(
  apis: readonly Api[],
  options: ServerOptions,
  environment: Environment,
  { store = null, access = IN_PROCESS }: Surroundings = {},
): Promise<Assembly> {
  const loadValidator = async (api: Api) => {
    const { createValidator } = await import('../openapi/validator.ts')
    return createValidator(api.document)
  }
  const beginning = { ...options.beginning, epochMs: epochOf(apis) }
  const pump = createPump({
    server: () => server,
    sandboxes:
      store === null ? createSandboxes(beginning, environment.now) : createSharedSandboxes(beginning, store),
    send: createWebhookSender(options.webhookHosts),
    environment,
  })
  const { sandboxes, deliver } = pump
  const parts = { options, environment, loadValidator, words: await readWords(), sandboxes, deliver }
  let server = createServer({ ...parts, apis })
  const control = createControl(() => server, await readVersion(), access)
  if (store !== null) void pump.sweep()
  return {
    get server() {
      return server
    },
    app: createApp(() => server, control),
    reload(others) {
      server = createServer({ ...parts, apis: others, journal: server.journal })
    },
    close: () => pump.close(),
  }
}

/**
 * Reads the hosts that webhooks may go to.
 *
 * @param name - What the option is called.
 * @throws {@link UsageError} when one of them is no host.
 */
export function readWebhookHosts(name: string, hosts: readonly string[]): readonly string[] {
  for (const host of hosts) {
    if (hostOf(host) === null) throw new UsageError(`${name} must be a host without a port, not \`${host}\``)
  }
  return hosts
}

/** The vocabulary; a clone that has none yet does without. */
export async function readWords(): Promise<readonly string[]> {
  const text = await readFile(join(packageRoot, 'fixtures', 'words.json'), 'utf8').catch(() => '[]')
  return JSON.parse(text) as readonly string[]
}

/** The version of this package. */
export async function readVersion(): Promise<string> {
  const text = await readFile(join(packageRoot, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
