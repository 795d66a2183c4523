/**
 * All sandboxes of a server. What a request does to one is a turn: it looks at the sandbox at one instant and
 * decides, without waiting, what to answer and what happens. Here they live in this process's memory.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { SandboxEvent } from './event.ts'
import type { Beginning, Sandbox } from './sandbox.ts'
import { createSandbox } from './sandbox.ts'

/** What a decision is taken on. */
export interface Turn {
  readonly sandbox: Sandbox
  /** What the wall clock shows. */
  readonly stampMs: number
  /** What the sandbox's clock shows. */
  readonly nowMs: number
}

/** What was decided. It may be decided again when somebody else was faster, so deciding changes nothing. */
export interface Decision<Result> {
  readonly result: Result
  readonly events: readonly SandboxEvent[]
}

/** Which sandbox is meant: by its name, and by the seed of another world beside it. */
export interface SandboxName {
  readonly name: string
  /** Null is the sandbox itself. */
  readonly seed: number | null
}

/** All sandboxes of a server. */
export interface Sandboxes {
  /**
   * Takes a turn in a sandbox, which comes to be when something first happens in it.
   *
   * @throws {@link ApiError} what the decision throws; `unavailable` when there is no room for what was
   * decided; `store_away` when it cannot be reached.
   */
  turn<Result>(of: SandboxName, decide: (turn: Turn) => Decision<Result>): Result | Promise<Result>
  /** The names of those in which something has happened. */
  names(): readonly string[] | Promise<readonly string[]>
  /** Forgets a sandbox, and the worlds of other seeds beside it. */
  remove(name: string): void | Promise<void>
}

/** The sandbox of requests that name none. */
export const DEFAULT_SANDBOX = 'default'

/** What a sandbox may be called, and a job that is made by hand. */
export const NAME_PATTERN = '^[A-Za-z0-9][\\w.-]{0,63}$'
const NAME = new RegExp(NAME_PATTERN)

/** A sandbox may be called this. */
export function isSandboxName(name: string): boolean {
  return name === DEFAULT_SANDBOX || NAME.test(name)
}

/** The refusal of a name that no sandbox may have. */
export function wrongName(name: string): ApiError {
  const rule = '1 to 64 letters, digits, dots, dashes or underscores, the first a letter or a digit'
  const named = `A sandbox, by Standin-Sandbox or /~name, is named by ${rule}`
  return new ApiError('sandbox_invalid', `${named}, not \`${name.slice(0, 100)}\``)
}

/** How many sandboxes a process keeps. */
export const SANDBOX_LIMIT = 10_000
/** How many worlds of other seeds it keeps beside them; the oldest go. */
const SEED_LIMIT = 1_000
/** How many of them may be untouched: these can be made again. */
const IDLE_LIMIT = 256

/** The sandbox of requests that name none. */
export const DEFAULT: SandboxName = { name: DEFAULT_SANDBOX, seed: null }

/** Looks at a sandbox and changes nothing. */
export function look<Result>(
  sandboxes: Sandboxes,
  of: SandboxName,
  read: (turn: Turn) => Result,
): Result | Promise<Result> {
  return sandboxes.turn(of, (turn) => ({ result: read(turn), events: [] }))
}

/** One name for each sandbox and each seed beside it. */
export function keyOfSandbox({ name, seed }: SandboxName): string {
  return seed === null ? name : `${name} ${seed}`
}

/** Makes sandboxes in memory. */
export function createSandboxes(beginning: Beginning, now: () => number): Sandboxes {
  const sandboxes = new Map<string, Sandbox>()
  const ofSeeds = new Map<string, Sandbox>()

  function find(of: SandboxName): Sandbox {
    const kept = of.seed === null ? sandboxes : ofSeeds
    const key = keyOfSandbox(of)
    const known = kept.get(key)
    if (known !== undefined) return known
    dropUntouched(kept)
    if (of.seed !== null) dropOldest(kept)
    else if (kept.size >= SANDBOX_LIMIT) {
      throw new ApiError('unavailable', `There are ${SANDBOX_LIMIT} sandboxes; delete some`)
    }
    const made = createSandbox({ ...beginning, seed: of.seed ?? beginning.seed })
    kept.set(key, made)
    return made
  }

  return {
    turn(of, decide) {
      const sandbox = find(of)
      const stampMs = now()
      const { result, events } = decide({ sandbox, stampMs, nowMs: sandbox.nowMs(stampMs) })
      if (events.length > 0) {
        sandbox.verifyRoom(events)
        for (const event of events) sandbox.apply({ stampMs, event })
      }
      return result
    },
    names: () => [...sandboxes].flatMap(([key, sandbox]) => (sandbox.isUntouched() ? [] : [key])),
    remove(name) {
      sandboxes.delete(name)
      for (const key of [...ofSeeds.keys()]) if (key.startsWith(`${name} `)) ofSeeds.delete(key)
    },
  }
}

function dropUntouched(kept: Map<string, Sandbox>): void {
  if (kept.size < IDLE_LIMIT) return
  for (const [key, sandbox] of kept) {
    if (key !== DEFAULT_SANDBOX && sandbox.isUntouched()) kept.delete(key)
  }
}

/** Whoever asks for ever other seeds must not keep others out. */
function dropOldest(kept: Map<string, Sandbox>): void {
  const [oldest] = kept.keys()
  if (kept.size >= SEED_LIMIT && oldest !== undefined) kept.delete(oldest)
}
