/**
 * Opening the store of the sandboxes for a server. Replicas of one store must serve alike: where their
 * sandboxes would begin otherwise the program does not start, where their APIs differ it says so.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { ApiError } from '../model/refusal.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Api } from '../server/api.ts'
import { formatClock } from '../world/clock.ts'
import type { EventStore } from '../world/event-store.ts'
import type { Beginning } from '../world/sandbox.ts'
import type { Served } from './redis-store.ts'

/**
 * Opens a store; null is this process's memory.
 *
 * @param note - Told of what is no failure: that the store is away, that another replica serves otherwise.
 * @throws {@link UsageError} when it cannot be used, or holds sandboxes that begin otherwise.
 */
export async function openStore(
  url: string,
  apis: readonly Api[],
  beginning: Beginning,
  note: (text: string) => void,
): Promise<EventStore | null> {
  if (url === 'memory') return null
  const { createRedisStore } = await import('./redis-store.ts')
  const store = await createRedisStore(url, note)
  try {
    const own: Served = { beginning: wordsOf(beginning), apis: digestsOf(apis) }
    const found = await store.announce(own)
    if (found.beginning !== own.beginning) throw otherBeginning(store.shown, own, found)
    for (const [id, digest] of Object.entries(found.apis)) {
      if (digest === '' || digest === own.apis[id]) continue
      note(`the last replica that was started on ${store.shown} serves another ${id} than this one`)
    }
    return store
  } catch (error) {
    await store.close()
    if (!(error instanceof ApiError)) throw error
    throw new UsageError(`--store ${store.shown} cannot be used: ${error.message}`)
  }
}

function otherBeginning(shown: string, own: Served, found: Served): UsageError {
  return new UsageError(
    `--store ${shown}: its sandboxes begin with ${found.beginning}, here they would with ${own.beginning}; ` +
      'start with the same, or take another database (/1 behind the URL), or delete its keys standin:*',
  )
}

/** What sandboxes begin with, for people and to be compared. */
function wordsOf({ seed, clock, epochMs, faults, endpoints }: Beginning): string {
  const lists = Object.entries({ faults, endpoints }).flatMap(([name, list]) =>
    list.length === 0 ? [] : `${name} ${digestOf(list)}`,
  )
  return [
    `seed ${seed}`,
    `clock ${formatClock(clock)}`,
    `epoch ${new Date(epochMs).toISOString()}`,
    ...lists,
  ].join(', ')
}

function digestsOf(apis: readonly Api[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    apis.map(({ id, document, contract, fixture, profile }) => [
      id,
      digestOf([document.json, contract, fixture, profile]),
    ]),
  )
}

function digestOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16)
}
