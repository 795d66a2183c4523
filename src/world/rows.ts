/**
 * The rows of a job, at random: row i is a template of the pool, chosen by a keyed draw, and a slot.
 * No row is stored. Sorting and choosing among them is the server's.
 *
 * @module
 */
import type { Fixture } from '../fixture/fixture.ts'
import type { Job, JobView, Slot, Template } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { rowIdOf, rowIndexOf } from '../random/id.ts'
import type { Key } from '../random/key.ts'
import { drawInteger, drawNumber, hashText } from '../random/key.ts'
import { rowAtMs } from './lifecycle.ts'

/** The rows of one job that can be read now. */
export interface Rows {
  readonly count: number
  readonly ties: number
  /** Positions in the pool of the templates that its rows may have. */
  readonly templates: readonly number[]
  /** The position in the pool of a row's template. */
  templateOf(index: number): number
  slotOf(index: number): Slot
  /** The index of the row with this id; -1 when no row of this job has it. */
  indexOf(id: string): number
}

const RUN_LANE = 21
const MEMBER_LANE = 22

/** The rows of a job as it stands. */
export function rowsOf(view: JobView, key: Key, fixture: Fixture): Rows {
  const { job } = view
  const { runs, templates } = mixtureOf(fixture, job)
  const { ties } = job

  return {
    count: view.rows,
    ties,
    templates,
    templateOf(index) {
      const rank = ties === 1 ? index : Math.floor(index / ties)
      const start = runs[drawInteger(key, rank, RUN_LANE, 0, runs.length - 1)] ?? 0
      if (fixture.run === 1) return start
      const member = drawInteger(key, rank, MEMBER_LANE, 0, fixture.run - 1)
      return start + ((member + index - rank * ties) % fixture.run)
    },
    slotOf: (index) => new RowSlot(view, key, index),
    indexOf: (id) => rowIndexOf(key, job.createdAtMs, view.rows, id),
  }
}

/** Where the runs begin that a job's rows are drawn from, and the templates in these runs. */
interface Mixture {
  readonly runs: readonly number[]
  readonly templates: readonly number[]
}

const mixtures = new WeakMap<Job, Mixture>()

function mixtureOf(fixture: Fixture, job: Job): Mixture {
  const known = mixtures.get(job)
  if (known !== undefined) return known
  const runs = runsOf(fixture, job.mix)
  const starts = [...new Set(runs)].sort((a, b) => a - b)
  const templates = starts.flatMap((start) => Array.from({ length: fixture.run }, (_, turn) => start + turn))
  mixtures.set(job, { runs, templates })
  return { runs, templates }
}

/** Where the runs begin that a mix draws from; heavier kinds stand there more often. */
function runsOf(fixture: Fixture, mix: Readonly<Record<string, number>>): readonly number[] {
  const starts: number[] = []
  for (let start = 0; start < fixture.pool.length; start += fixture.run) {
    const weight = mix[fixture.pool[start]?.kind ?? ''] ?? 0
    for (let copy = 0; copy < weight; copy += 1) starts.push(start)
  }
  return starts.length === 0 ? [0] : starts
}

/** The template of a pool position. */
export function templateAt(fixture: Fixture, position: number): Template {
  return fixture.pool[position]?.template ?? {}
}

/** One object a row: its members are computed when they are asked for. */
class RowSlot implements Slot {
  readonly index: number
  readonly rank: number
  readonly view: JobView
  readonly #key: Key

  constructor(view: JobView, key: Key, index: number) {
    this.view = view
    this.#key = key
    this.index = index
    this.rank = Math.floor(index / view.job.ties)
  }

  get id(): string {
    return rowIdOf(this.#key, this.view.job.createdAtMs, this.index)
  }

  get atMs(): number {
    return rowAtMs(this.view.job, this.#key, this.rank)
  }

  get brief(): JsonObject {
    return this.view.job.brief
  }

  integer(lane: string, min: number, max: number): number {
    return drawInteger(this.#key, this.index, laneOf(lane), min, max)
  }

  number(lane: string, min: number, max: number, decimals: number): number {
    return drawNumber(this.#key, this.index, laneOf(lane), min, max, decimals)
  }
}

const lanes = new Map<string, number>()

/** Lanes are few: they are names that stand in vendors' sources. */
function laneOf(name: string): number {
  const known = lanes.get(name)
  if (known !== undefined) return known
  const lane = hashText(name)
  lanes.set(name, lane)
  return lane
}
