/**
 * Sandboxes that several processes share: what happens in them is kept in a store, and each process folds the
 * same events. How turns are taken is `shared-line.ts`.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { EventStore } from './event-store.ts'
import type { Beginning } from './sandbox.ts'
import type { Sandboxes } from './sandboxes.ts'
import { keyOfSandbox, SANDBOX_LIMIT } from './sandboxes.ts'
import { Line } from './shared-line.ts'

/** How much a process keeps and when it tidies up. None of it changes an answer. */
export interface SharingLimits {
  /** A log with more entries, and so many times more than the sandbox holds, is put together into one. */
  readonly compactAfter: number
  readonly compactRatio: number
  /** So many sandboxes are kept folded; others are folded again when they are asked for. */
  readonly folded: number
  /** And of their events so many in all. */
  readonly foldedEvents: number
}

const LIMITS: SharingLimits = { compactAfter: 2_000, compactRatio: 2, folded: 1_000, foldedEvents: 500_000 }

/** Makes sandboxes whose events are kept in a store. */
export function createSharedSandboxes(
  beginning: Beginning,
  store: EventStore,
  some: Partial<SharingLimits> = {},
): Sandboxes {
  const limits = { ...LIMITS, ...some }
  /** Who was asked for last is last. */
  const lines = new Map<string, Line>()
  const parts = { ...limits, store, makeRoom: roomMaker(store) }

  function lineOf(key: string, seed: number | null): Line {
    const known = lines.get(key)
    if (known === undefined) forgetOldest()
    else lines.delete(key)
    const line = known ?? new Line(key, { ...beginning, seed: seed ?? beginning.seed }, parts)
    lines.set(key, line)
    return line
  }

  function forgetOldest(): void {
    let events = 0
    for (const line of lines.values()) events += line.weight
    for (const [key, line] of lines) {
      if (lines.size < limits.folded && events <= limits.foldedEvents) return
      if (!line.isIdle) continue
      events -= line.weight
      lines.delete(key)
    }
  }

  return {
    turn: (of, decide) => lineOf(keyOfSandbox(of), of.seed).turn(decide),
    async names() {
      return (await store.keys()).filter((key) => !key.includes(' ')).sort()
    },
    async remove(name) {
      const keys = (await store.keys()).filter((key) => key === name || key.startsWith(`${name} `))
      await store.remove(keys)
    },
  }
}

/** Counts the logs only where there may be too many of them. */
function roomMaker(store: EventStore): () => Promise<void> {
  let most = SANDBOX_LIMIT
  return async () => {
    if (most >= SANDBOX_LIMIT) most = (await store.keys()).length
    if (most >= SANDBOX_LIMIT) {
      throw new ApiError('unavailable', `There are ${SANDBOX_LIMIT} sandboxes; delete some`)
    }
    most += 1
  }
}
