/**
 * standin in process: the same answers as the server, through `fetch` and without a port.
 *
 * @module
 */
import { realEnvironment } from './cli/environment.ts'
import { loadApis } from './cli/load-apis.ts'
import { assemble, DEFAULT_OPTIONS, DEFAULT_SEED, readClock, readWebhookHosts } from './cli/standin.ts'
import type { Profile } from './model/job.ts'
import { PROFILES } from './model/job.ts'
import type { JsonObject } from './model/json.ts'
import { suggestion } from './model/suggestion.ts'
import { UsageError } from './model/usage-error.ts'
import type { ApiListing, JobListing } from './server/listing.ts'
import { listApis, listJobs, operationNames } from './server/listing.ts'
import { readFaultPlan } from './world/read-fault-plan.ts'
import { DEFAULT, look } from './world/sandboxes.ts'

export type { Profile } from './model/job.ts'
export { UsageError } from './model/usage-error.ts'
export type { ApiListing, JobListing } from './server/listing.ts'

/** What to stand in for, and how; everything may be left out. */
export interface StandinOptions {
  /** Ids of built-in APIs or paths of OpenAPI documents. Default: all built-in APIs. */
  readonly apis?: readonly string[]
  /** A folder of APIs in place of the built-in ones. */
  readonly specs?: string
  /** Any integer; the same seed gives the same bytes. Default 1. */
  readonly seed?: number
  /** Answer as the documents say, or as the vendors' servers were seen to. Default `spec`. */
  readonly profile?: Profile
  /** Ask for credentials as the documents do. Default true. */
  readonly auth?: boolean
  /**
   * How time goes in every sandbox: `real`, `frozen`, `auto` (a read of a living job jumps to the next
   * change) or `step:PT30S`. Default `real`.
   */
  readonly clock?: string
  /** Which requests go wrong, and how; rules as the control API takes them. */
  readonly faults?: readonly JsonObject[]
  /** Where webhooks may go beside this machine: names and addresses without a port. Default: nowhere. */
  readonly webhookHosts?: readonly string[]
  /** What a real clock follows, milliseconds since the epoch. Default: the wall clock. */
  readonly now?: () => number
}

/** A standin without a port. */
export interface Standin {
  /** Answers a request; give it to whatever takes a `fetch`. Only the path and query of its URL matter. */
  readonly fetch: (request: Request | string | URL, init?: RequestInit) => Promise<Response>
  readonly apis: readonly ApiListing[]
  /** The named jobs of an API, or of all, each with a URL and headers that read it. */
  readonly jobs: (api?: string) => readonly JobListing[]
}

/**
 * Makes a standin.
 *
 * @throws {@link UsageError} when an API is not known, not sound, or its fixture is missing or stale, and
 * when an option has a value that it cannot have.
 */
export async function createStandin(options: StandinOptions = {}): Promise<Standin> {
  verifyOptions(options)
  const apis = await loadApis({
    names: options.apis ?? [],
    specs: options.specs ?? null,
    needFixtures: true,
    profile: options.profile ?? 'spec',
  })
  const { seed = DEFAULT_SEED, auth = true, now = realEnvironment.now, clock = 'real' } = options
  const environment = { ...realEnvironment, now }
  const beginning = {
    ...{ ...DEFAULT_OPTIONS.beginning, seed },
    clock: readClock('clock', clock),
    faults: readFaultPlan(options.faults ?? [], operationNames(apis)),
  }
  const webhookHosts = readWebhookHosts('webhookHosts', options.webhookHosts ?? [])
  const served = { ...DEFAULT_OPTIONS, beginning, auth, webhookHosts }
  const { server, app } = await assemble(apis, served, environment)
  return {
    fetch: async (request, init) =>
      app.fetch(
        new Request(typeof request === 'string' ? new URL(request, 'http://standin') : request, init),
      ),
    apis: listApis(server),
    jobs: (api) => {
      const jobs = look(server.sandboxes, DEFAULT, (turn) => listJobs(server, turn, api ?? null))
      if (jobs instanceof Promise) throw new RangeError('the sandboxes are not in memory')
      return jobs
    },
  }
}

const OPTIONS = [
  'apis',
  'specs',
  'seed',
  'profile',
  'auth',
  'clock',
  'faults',
  'webhookHosts',
  'now',
] as const satisfies readonly (keyof StandinOptions)[]

/** What is misspelt would be left out without a word. */
function verifyOptions(options: StandinOptions): void {
  for (const name of Object.keys(options)) {
    if ((OPTIONS as readonly string[]).includes(name)) continue
    throw new UsageError(`createStandin has no option \`${name}\`${suggestion(name, OPTIONS)}`)
  }
  const { profile = 'spec', seed = DEFAULT_SEED } = options
  if (!PROFILES.includes(profile)) {
    throw new UsageError(`profile must be one of ${PROFILES.join(', ')}, not \`${profile}\``)
  }
  if (!Number.isSafeInteger(seed)) throw new UsageError(`seed must be an integer, not \`${seed}\``)
}
