/**
 * A server's parts, made once: routes, worlds, caches, and validators as they are needed.
 *
 * @module
 */
import type { Validator } from '../openapi/validator.ts'
import type { Sandboxes, SandboxName, Turn } from '../world/sandboxes.ts'
import { createSandboxes } from '../world/sandboxes.ts'
import type { Answer } from './answer.ts'
import type { Api, Environment, LoadValidator, ServerOptions } from './api.ts'
import type { Worlds } from './api-world.ts'
import { createWorlds } from './api-world.ts'
import type { ByteCache } from './cache.ts'
import { createSecondAskCache } from './cache.ts'
import type { Journal } from './journal.ts'
import { createJournal } from './journal.ts'
import type { Router } from './route.ts'
import { createRouter } from './route.ts'

/** Everything that answers need. */
export interface Server {
  readonly apis: readonly Api[]
  readonly options: ServerOptions
  readonly router: Router
  readonly worlds: Worlds
  readonly sandboxes: Sandboxes
  readonly journal: Journal
  readonly answers: ByteCache<Answer>
  readonly words: readonly string[]
  /** Stamps what no sandbox stamps. */
  readonly epochMs: number
  /** Waits before an answer as the options and the client ask; undefined where nobody wishes it. */
  wait(delayMs: number): Promise<void> | undefined
  /** Waits for so long; undefined where that is not at all. */
  pause(ms: number): Promise<void> | undefined
  /** Sends the webhooks that are due in a sandbox, and waits for them; not for ever. */
  deliver(of: SandboxName): Promise<void>
  /** The next instant at which anything changes in a sandbox; null when nothing does by itself. */
  nextMomentMs(turn: Turn): number | null
  /** The validator of an API; a promise only until it has loaded. */
  validatorOf(api: Api): Validator | Promise<Validator>
  readonly report: Environment['report']
}

const ANSWER_BYTES = 16 * 2 ** 20

/** What a server is made of. */
export interface ServerParts {
  readonly apis: readonly Api[]
  readonly options: ServerOptions
  readonly environment: Omit<Environment, 'schedule'>
  readonly loadValidator: LoadValidator
  readonly words: readonly string[]
  /** What it goes on with; made anew, and in memory, where it is left out. */
  readonly sandboxes?: Sandboxes
  readonly journal?: Journal
  /** Where it is left out no webhooks are sent. */
  readonly deliver?: Server['deliver']
}

/** Makes a server; nothing is compiled and no row is drawn yet. */
export function createServer({
  apis,
  options,
  environment,
  loadValidator,
  words,
  sandboxes,
  journal,
  deliver = async () => undefined,
}: ServerParts): Server {
  const validators = new Map<string, Validator | Promise<Validator>>()
  const epochMs = epochOf(apis)
  const worlds = createWorlds()
  const pause = (ms: number): Promise<void> | undefined => (ms > 0 ? environment.sleep(ms) : undefined)
  return {
    apis,
    options,
    router: createRouter(apis, options.mountAtRoot),
    worlds,
    sandboxes: sandboxes ?? createSandboxes({ ...options.beginning, epochMs }, environment.now),
    journal: journal ?? createJournal(),
    answers: createSecondAskCache(ANSWER_BYTES),
    words,
    epochMs,
    wait: (delayMs) => pause(delayMs + options.delayMs),
    pause,
    deliver,
    nextMomentMs({ sandbox, nowMs }) {
      const touched = new Set(sandbox.touched)
      const moments = apis
        .filter(({ id }) => touched.has(id))
        .flatMap((api) => worlds.of(api, sandbox)?.jobs.nextMomentMs(nowMs) ?? [])
      return moments.length === 0 ? null : Math.min(...moments)
    },
    validatorOf(api) {
      const known = validators.get(api.id)
      if (known !== undefined) return known
      const loading = loadValidator(api).then((validator) => {
        validators.set(api.id, validator)
        return validator
      })
      validators.set(api.id, loading)
      return loading
    },
    report: environment.report,
  }
}

/** Virtual time zero: the epoch of the first fixture. */
export function epochOf(apis: readonly Api[]): number {
  return apis.find(({ fixture }) => fixture !== null)?.fixture?.epochMs ?? 0
}
