/**
 * A server's parts, made once: routes, worlds, caches, and validators as they are needed.
 *
 * @module
 */
import type { Validator } from '../openapi/validator.ts'
import type { Answer } from './answer.ts'
import type { Api, Environment, LoadValidator, ServerOptions } from './api.ts'
import type { Worlds } from './api-world.ts'
import { createWorlds } from './api-world.ts'
import type { ByteCache } from './cache.ts'
import { createSecondAskCache } from './cache.ts'
import type { Router } from './route.ts'
import { createRouter } from './route.ts'

/** Everything that answers need. */
export interface Server {
  readonly apis: readonly Api[]
  readonly options: ServerOptions
  readonly router: Router
  readonly worlds: Worlds
  readonly answers: ByteCache<Answer>
  readonly words: readonly string[]
  /** Stamps what no sandbox stamps. */
  readonly epochMs: number
  readonly now: () => number
  /** Waits as the options and the client ask; undefined where nobody wishes it. */
  wait(delayMs: number | null): Promise<void> | undefined
  /** The validator of an API; a promise only until it has loaded. */
  validatorOf(api: Api): Validator | Promise<Validator>
  readonly report: Environment['report']
}

const ANSWER_BYTES = 16 * 2 ** 20

/** Makes a server; nothing is compiled and no row is drawn yet. */
export function createServer(
  apis: readonly Api[],
  options: ServerOptions,
  environment: Environment,
  loadValidator: LoadValidator,
  words: readonly string[],
): Server {
  const validators = new Map<string, Validator | Promise<Validator>>()
  return {
    apis,
    options,
    router: createRouter(apis, options.mountAtRoot),
    worlds: createWorlds(),
    answers: createSecondAskCache(ANSWER_BYTES),
    words,
    epochMs: apis.find(({ fixture }) => fixture !== null)?.fixture?.epochMs ?? 0,
    now: environment.now,
    wait(delayMs) {
      const ms = (delayMs ?? 0) + options.delayMs
      return ms > 0 ? environment.sleep(ms) : undefined
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
