/**
 * A job that an event makes: what the event does not say is drawn from the job's key.
 *
 * @module
 */
import type { Fixture } from '../fixture/fixture.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import type { Job, TerminalState } from '../model/job.ts'
import { possibleOutcome } from '../model/job.ts'
import { ApiError } from '../model/refusal.ts'
import { drawId } from '../random/id.ts'
import type { Key } from '../random/key.ts'
import { drawFraction, drawInteger, drawNumber, subkey } from '../random/key.ts'
import type { Vendor } from '../vendor/vendor.ts'
import type { Created } from './event.ts'

/** What the jobs of an API are made of. */
export interface JobParts {
  readonly api: string
  readonly seed: number
  readonly fixture: Fixture
  readonly contract: JobContract
  readonly vendor: Vendor | null
}

const OUTCOMES: readonly (readonly [number, TerminalState])[] = [
  [0.8, 'succeeded'],
  [0.9, 'partially_succeeded'],
  [1, 'failed'],
]

const ID_TURNS = 64

/** The first id that no job has: of short ones the same may be drawn twice. */
export function freeId(key: Key, form: string, isTaken: (id: string) => boolean): string {
  for (let turn = 0; turn < ID_TURNS; turn += 1) {
    const id = drawId(turn === 0 ? key : subkey(key, turn), form)
    if (!isTaken(id)) return id
  }
  throw new ApiError('unavailable', `Almost all ids of the form ${form} are taken; reset the sandbox`)
}

/** What cannot be read in pages comes in one answer, which must fit into memory: no job is made larger. */
const UNPAGED_ROWS = 10_000

function mostRows({ operations }: JobContract): number {
  const isPaged = Object.values(operations).some(({ rows }) => rows?.limit != null)
  return isPaged ? Number.POSITIVE_INFINITY : UNPAGED_ROWS
}

/** The job that an event makes: it lives. */
export function madeJob(parts: JobParts, key: Key, id: string, event: Created, atMs: number): Job {
  const { fixture, contract, vendor } = parts
  const { body, operationId, steering } = event
  const drawn = fixture.briefs[drawInteger(key, 0, 1, 0, fixture.briefs.length - 1)] ?? {}
  const brief = vendor?.brief?.(body, drawn, operationId) ?? { ...drawn, ...body }
  const size = steering.rows ?? drawInteger(key, 0, 5, 5, 60)
  const rows = Math.min(mostRows(contract), vendor?.rows?.(brief, size) ?? size)
  const luck = drawFraction(key, 0, 2)
  const outcome = steering.outcome ?? OUTCOMES.find(([below]) => luck < below)?.[1] ?? 'succeeded'
  return {
    id,
    name: steering.name ?? null,
    createdAtMs: atMs,
    ...timesOf(key, steering.afterMs),
    outcome: possibleOutcome(outcome, rows),
    rows,
    ties: 1,
    mix: fixture.mix,
    brief,
    heldAtMs: null,
  }
}

/** How long it waits and runs; a time that is asked for is divided between the two. */
function timesOf(
  key: Key,
  afterMs: number | undefined,
): { readonly queueMs: number; readonly runMs: number } {
  if (afterMs === undefined) {
    return { queueMs: drawInteger(key, 0, 3, 500, 3_000), runMs: drawInteger(key, 0, 4, 4_000, 15_000) }
  }
  const queueMs = Math.floor(afterMs * drawNumber(key, 0, 3, 0.05, 0.25, 4))
  return { queueMs, runMs: afterMs - queueMs }
}
