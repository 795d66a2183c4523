/**
 * The built-in APIs with a fault plan, for tests that go through the front door.
 *
 * @module
 */
import { loadApis } from '../src/cli/load-apis.ts'
import { DEFAULT_OPTIONS } from '../src/cli/standin.ts'
import type { Json, JsonObject } from '../src/model/json.ts'
import type { Api } from '../src/server/api.ts'
import { fillPath } from '../src/server/fill-path.ts'
import type { JobListing } from '../src/server/listing.ts'
import { operationNames } from '../src/server/listing.ts'
import type { ClockSetting } from '../src/world/clock.ts'
import { REAL_CLOCK } from '../src/world/clock.ts'
import type { SandboxEvent } from '../src/world/event.ts'
import { readFaultPlan } from '../src/world/read-fault-plan.ts'
import { DEFAULT } from '../src/world/sandboxes.ts'
import type { Assembled } from './assembled.ts'
import { assembled } from './assembled.ts'
import { jobsIn, seenIn, worldIn } from './worlds.ts'

/** Every built-in API. */
const APIS: readonly Api[] = await loadApis({ names: [], specs: null, needFixtures: true })

/** A server with a fault plan. */
export interface Faulty extends Assembled {
  /** A named job of an API. */
  readonly job: (api: string, name?: string) => JobListing
  /** Makes a job that lives for ten seconds, from one that is made by hand. */
  readonly makeJob: (api: string, name?: string) => Promise<JobListing>
  /** The paths that read a job: status, results and list. */
  readonly readsOf: (job: JobListing) => readonly string[]
  /** Makes something happen in the default sandbox. */
  readonly happen: (...events: readonly SandboxEvent[]) => Promise<void>
  /** What the clock of the default sandbox shows. */
  readonly nowMs: () => number
}

/** Puts a server together with a plan as people write it, and with a clock. */
export async function faulty(
  plan: Json,
  clock: ClockSetting = REAL_CLOCK,
  apis: readonly Api[] = APIS,
): Promise<Faulty> {
  const beginning = { ...DEFAULT_OPTIONS.beginning, clock, faults: rulesOf(plan, apis) }
  const made = await assembled(apis, { beginning })
  const { server } = made
  const happen = async (...events: readonly SandboxEvent[]): Promise<void> => {
    await server.sandboxes.turn(DEFAULT, () => ({ result: null, events }))
  }
  const job = (api: string, name = 'succeeded'): JobListing => {
    const found = jobsIn(server, api).find((each) => each.name === name)
    if (found === undefined) throw new Error(`${api} has no job ${name}`)
    return found
  }
  return {
    ...{ ...made, happen, job },
    async makeJob(api, name = 'made') {
      const steering = { name, outcome: 'succeeded', afterMs: 10_000, rows: 12 } as const
      await happen({ type: 'created', api, operationId: null, body: {}, steering, key: null })
      return job(api, name)
    },
    readsOf({ api, id }) {
      const world = worldIn(server, api)
      const { operations } = world.api.document
      const reads = operations.filter((each) => READS.has(world.contract.operations[each.id]?.role ?? ''))
      return reads.map(
        (each) => `/${api}${world.api.document.basePaths[0] ?? ''}${fillPath(each, world, id)}`,
      )
    },
    nowMs: () => seenIn(server, (turn) => turn.nowMs),
  }
}

const READS = new Set(['status', 'results', 'list'])

/** The rules of a plan, as a server of these APIs reads it. */
export function rulesOf(plan: Json, apis: readonly Api[] = APIS): ReturnType<typeof readFaultPlan> {
  return readFaultPlan(plan, operationNames(apis))
}

/** A request that makes a job of skop. */
export const SKOP_JOB: RequestInit & Readonly<Record<'headers', Readonly<Record<string, string>>>> = {
  method: 'POST',
  headers: { 'x-api-key': 'sk-1', 'content-type': 'application/json' },
  body: JSON.stringify({ website: 'https://a.example/', prompt: 'all public documents', parameters: {} }),
}

/** The body of an answer, read. */
export async function bodyOf(response: Response): Promise<JsonObject> {
  return (await response.json()) as JsonObject
}
