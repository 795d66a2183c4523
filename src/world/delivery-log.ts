/**
 * The log of a sandbox's webhooks: what was attempted, and what came of it. It grows by events and forgets
 * nothing, since what it forgot would be sent again.
 *
 * @module
 */
import type { Attempted, Dated, DeliveryEvent } from './event.ts'

/** What has happened to the deliveries of a sandbox. */
export interface DeliveryLog {
  /** In their order; an attempt that has ended stands where and when it began. */
  readonly entries: readonly Dated<DeliveryEvent>[]
  /** What has happened to one of them. */
  of(id: string): readonly Dated<DeliveryEvent>[]
  apply(event: Dated<DeliveryEvent>): void
}

/** How many entries a log may have: a sandbox's memory is bounded. */
export const LOG_LIMIT = 100_000

/** Makes the log of these events. */
export function createDeliveryLog(events: readonly Dated<DeliveryEvent>[] = []): DeliveryLog {
  const log = new Entries()
  for (const event of events) log.apply(event)
  return log
}

const NONE: readonly never[] = []

class Entries implements DeliveryLog {
  readonly entries: Dated<DeliveryEvent>[] = []
  readonly #byId = new Map<string, Dated<DeliveryEvent>[]>()

  of(id: string): readonly Dated<DeliveryEvent>[] {
    return this.#byId.get(id) ?? NONE
  }

  apply(event: Dated<DeliveryEvent>): void {
    const known = this.#byId.get(event.id)
    if (event.type === 'attempted' && known !== undefined && this.#end(event, known)) return
    this.entries.push(event)
    if (known === undefined) this.#byId.set(event.id, [event])
    else known.push(event)
  }

  /**
   * Puts an attempt that has ended where it began, and at that instant: how long a receiver takes in real
   * time moves no virtual clock and no retry. False when nobody has told of its beginning.
   */
  #end(event: Dated<Attempted>, known: Dated<DeliveryEvent>[]): boolean {
    const at = known.findLastIndex((other) => other.type === 'claimed' && other.attempt === event.attempt)
    const begun = known[at]
    if (begun === undefined) return false
    const ended = { ...event, atMs: begun.atMs }
    known[at] = ended
    this.entries[this.entries.lastIndexOf(begun)] = ended
    return true
  }
}
