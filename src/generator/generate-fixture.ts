/**
 * Draws the fixture of an API. Every value has a key of its own made of the seed, the API, and the names of
 * what it is part of, so that a new job, template or member moves no other value.
 *
 * @module
 */
import type { Fixture, FixtureJob, PoolEntry } from '../fixture/fixture.ts'
import { GENERATOR_VERSION } from '../fixture/fixture.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import type { JobState, Template } from '../model/job.ts'
import { possibleOutcome } from '../model/job.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { drawId } from '../random/id.ts'
import { drawInteger, keyOf } from '../random/key.ts'
import type { Drawing, FixtureRecipe, NamedJob, Vendor } from '../vendor/vendor.ts'
import { createDraw } from './draw.ts'
import { namedJobs } from './named-job.ts'

/** Virtual time zero of every fixture: 2026-01-01T00:00:00Z. */
export const EPOCH_MS: number = Date.UTC(2026, 0, 1)

/** What a fixture is drawn for. */
export interface FixtureRequest {
  readonly contract: JobContract
  readonly recipe: FixtureRecipe
  readonly seed: number
  /** Fingerprint of document, job contract and vendor. */
  readonly source: string
  /** Jobs beside the named ones, `extra-1` and so on. */
  readonly extraJobs: number
  /** The rows of `many-pages`; null leaves them as the recipe says. */
  readonly manyRows: number | null
  /** How many rows a job has by what it is asked to do; {@link Vendor.rows}. */
  readonly rows?: Vendor['rows']
}

const BRIEFS = 16

/** Draws a fixture; the same request gives the same bytes on every platform. */
export function generateFixture(request: FixtureRequest): Fixture {
  const { contract, recipe, seed, source } = request
  const jobs = [...namedJobs(recipe.jobs ?? {}, request.manyRows), ...extraJobs(request)]
  return {
    api: contract.api,
    generator: GENERATOR_VERSION,
    seed,
    source,
    epochMs: EPOCH_MS,
    run: recipe.run,
    mix: recipe.mix,
    jobs: jobs.map((job) => drawJob(request, job)),
    briefs: Array.from({ length: recipe.brief === undefined ? 0 : BRIEFS }, (_, position) =>
      drawBrief(request, `brief ${position}`, 'succeeded', {}),
    ),
    pool: Object.entries(recipe.kinds).flatMap(([kind, runs]) =>
      Array.from({ length: runs }, (_, run) => drawRun(request, kind, run)).flat(),
    ),
  }
}

function drawRun(
  { contract, recipe, seed }: FixtureRequest,
  kind: string,
  run: number,
): readonly PoolEntry[] {
  return Array.from({ length: recipe.run }, (_, turn) => ({
    kind,
    template: drawMembers(recipe.template, kind, turn, ['pool', seed, contract.api, kind, run]),
  }))
}

/** Given members are not drawn; drawn ones after them see them. */
function drawBrief(
  { contract, recipe, seed }: FixtureRequest,
  name: string,
  kind: string,
  given: JsonObject,
): JsonObject {
  return drawMembers(recipe.brief ?? {}, kind, 0, ['brief', seed, contract.api, name], given)
}

function drawMembers(
  drawings: Readonly<Record<string, Drawing>>,
  kind: string,
  turn: number,
  path: readonly (string | number)[],
  given: JsonObject = {},
): Template {
  const members: Record<string, Json> = { ...given }
  for (const [name, drawing] of Object.entries(drawings)) {
    if (Object.hasOwn(given, name)) continue
    const shared = keyOf(...path, name)
    const own = keyOf(...path, name, 'turn', turn)
    members[name] = drawing(createDraw({ kind, turn, own, shared, epochMs: EPOCH_MS }), members)
  }
  return members
}

const EXTRA_STATES: readonly Partial<NamedJob>[] = [
  { progress: -1 },
  { progress: 0.5 },
  { outcome: 'succeeded' },
  { outcome: 'partially_succeeded' },
  { outcome: 'failed' },
  { outcome: 'cancelled' },
]

function extraJobs({ contract, seed, extraJobs: count }: FixtureRequest): readonly NamedJob[] {
  return Array.from({ length: count }, (_, position) => {
    const name = `extra-${position + 1}`
    const key = keyOf('extra', seed, contract.api, name)
    const state = EXTRA_STATES[drawInteger(key, 0, 1, 0, EXTRA_STATES.length - 1)] ?? {}
    const progress = state.progress === 0.5 ? { progress: drawInteger(key, 0, 3, 1, 99) / 100 } : {}
    return { name, rows: drawInteger(key, 0, 2, 0, 200), ...state, ...progress }
  })
}

/** Many rows take their time: five milliseconds a row at the least, so that no two arrive at once. */
const ROW_MS = { few: 250, many: 6 } as const
const MANY = 100_000

function drawJob(request: FixtureRequest, named: NamedJob): FixtureJob {
  const { contract, recipe, seed } = request
  const { name, ties = 1, progress = 1, outcome: wanted = 'succeeded', mix = recipe.mix } = named
  const brief = drawBrief(request, name, wanted, named.brief ?? {})
  const rows = request.rows?.(brief, named.rows) ?? named.rows
  const outcome = possibleOutcome(wanted, rows)
  const key = keyOf('job', seed, contract.api, name)
  const queueMs = drawInteger(key, 0, 1, 800, 6_000)
  const ranks = Math.ceil(rows / ties)
  const runMs = drawInteger(key, 0, 2, 20_000, 90_000) + ranks * (ranks > MANY ? ROW_MS.many : ROW_MS.few)
  const idleMs = drawInteger(key, 0, 3, 5, 48 * 60) * 60_000
  const ageMs = progress < 0 ? queueMs / 2 : queueMs + runMs * progress + (progress < 1 ? 0 : idleMs)
  const state: JobState = progress < 0 ? 'queued' : progress < 1 ? 'running' : outcome
  return {
    name,
    id: drawId(keyOf('job id', contract.api, name), contract.jobId),
    state,
    outcome,
    rows,
    ties,
    mix,
    createdAtMs: EPOCH_MS - Math.round(ageMs),
    queueMs,
    runMs,
    heldAtMs: EPOCH_MS,
    brief,
  }
}
