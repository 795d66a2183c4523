/**
 * The pump of webhooks: it sends what is due in any sandbox. With a real clock it looks again when the next
 * is due; a virtual clock moves by events alone, and so does what is due by it.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { SandboxEvent } from '../world/event.ts'
import type { Sandboxes, SandboxName, Turn } from '../world/sandboxes.ts'
import { keyOfSandbox } from '../world/sandboxes.ts'
import type { LaneParts } from './webhook-lane.ts'
import { Lane } from './webhook-lane.ts'

/** Sends webhooks. */
export interface Pump {
  /** The sandboxes, in which whatever happens is told to this pump. */
  readonly sandboxes: Sandboxes
  /**
   * Sends what is due in a sandbox, and waits until what has begun since then has ended; not for ever, and
   * not for what was under way before.
   */
  deliver(of: SandboxName): Promise<void>
  /** Begins what is due in every sandbox: another process may have left something. */
  sweep(): Promise<void>
  /** Begins nothing more, breaks off what is under way, and resolves when that is told. */
  close(): Promise<void>
}

/** How long nobody looks again where the store of the sandboxes is away. */
const AWAY_MS = 1_000

/** Makes a pump; it rests until something happens. */
export function createPump(parts: LaneParts): Pump {
  const lanes = new Map<string, Lane>()
  const stop = new AbortController()

  function laneOf(of: SandboxName): Lane {
    const key = keyOfSandbox(of)
    const known = lanes.get(key)
    if (known !== undefined) return known
    const lane = new Lane(of, parts, stop.signal, () => lanes.delete(key))
    lanes.set(key, lane)
    return lane
  }

  async function sweep(): Promise<void> {
    if (stop.signal.aborted) return
    const names = await namesOf(parts)
    if (names === null) parts.environment.schedule(AWAY_MS, () => void sweep())
    for (const name of names ?? []) {
      if (!stop.signal.aborted) await laneOf({ name, seed: null }).glance()
    }
  }

  return {
    sandboxes: noticed(parts.sandboxes, (of) => laneOf(of).notice()),
    deliver: (of) => laneOf(of).deliver(),
    sweep,
    async close() {
      stop.abort()
      await Promise.all([...lanes.values()].map((lane) => lane.close()))
    },
  }
}

/** Null where the store is away. */
async function namesOf({ sandboxes, environment }: LaneParts): Promise<readonly string[] | null> {
  try {
    return await sandboxes.names()
  } catch (error) {
    if (error instanceof ApiError) return null
    environment.report('webhook', error)
    return []
  }
}

/** Sandboxes of which is told when something has happened in one that has endpoints. */
function noticed(sandboxes: Sandboxes, notice: (of: SandboxName) => void): Sandboxes {
  return {
    ...sandboxes,
    turn(of, decide) {
      let matters = false
      const taken = sandboxes.turn(of, (turn) => {
        const decision = decide(turn)
        matters = decision.events.length > 0 && hasEndpoints(turn, decision.events)
        return decision
      })
      if (!(taken instanceof Promise)) {
        if (matters) notice(of)
        return taken
      }
      return taken.then((result) => {
        if (matters) notice(of)
        return result
      })
    },
  }
}

function hasEndpoints({ sandbox }: Turn, events: readonly SandboxEvent[]): boolean {
  if (sandbox.endpoints.length > 0) return true
  return events.some(({ type }) => type === 'endpoints_set' || type === 'restored')
}
