/**
 * The webhooks of one sandbox on their way: what is due is claimed and sent, one after the other. It holds no
 * lock while it waits, and what it knows of the sandbox it learns by turns, as any request does.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'
import type { Delivery } from '../world/delivery.ts'
import type { Decision, Sandboxes, SandboxName, Turn } from '../world/sandboxes.ts'
import type { Environment } from './api.ts'
import type { Claim, Ending, Look } from './webhook-attempt.ts'
import { claim, conclude, lookAt } from './webhook-attempt.ts'
import type { Knowing } from './webhook-delivery.ts'
import { sentHeaders } from './webhook-delivery.ts'
import { signatureOf } from './webhook-signature.ts'

/** A request as it goes to a receiver. */
export interface Outgoing {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
  /** Aborted when the program ends. */
  readonly signal: AbortSignal
}

/** Sends a request and tells how that ended; it never fails. */
export type Send = (outgoing: Outgoing) => Promise<Ending>

/** What webhooks are sent with. */
export interface LaneParts {
  /** The server that answers now. */
  readonly server: () => Knowing
  readonly sandboxes: Sandboxes
  readonly send: Send
  readonly environment: Pick<Environment, 'schedule' | 'report'>
}

/** What happens is looked at so much later: whoever made it happen may want to wait for it. */
const SOON_MS = 10
/** And so much later again for each event of its jobs, so that most of the time is left for answers. */
const SOON_MS_EACH = 0.02
/** Of sandboxes of this size it is remembered how large they are. */
const LARGE = 1_000
/** No timer is longer. */
const WAKE_LIMIT_MS = 3_600_000
/** How long nothing is tried where the store of the sandboxes does not answer. */
const AWAY_MS = 1_000
/** How often it is tried to tell how an attempt ended. */
const TELL_LIMIT = 3
/** The next one to the same receiver waits for the last, but no longer than this. */
const STAGGER_MS = 200
/** How many are under way to one receiver. */
const FLIGHT_LIMIT = 8
/** How long a control call waits for its webhooks. */
const PATIENCE_MS = 10_000

/** The webhooks of one sandbox. */
export class Lane {
  readonly #of: SandboxName
  readonly #parts: LaneParts
  readonly #stop: AbortSignal
  readonly #forget: () => void
  /** The attempts under way, each with its number: later ones have higher ones. */
  readonly #flights = new Map<number, Promise<void>>()
  #number = 0
  #running: Promise<void> | null = null
  #again = false
  #isAway = false
  #isSoon = false
  #size = 0
  #cancelWake: (() => void) | null = null

  /** @param forget - Called when nothing is left to be done. */
  constructor(of: SandboxName, parts: LaneParts, stop: AbortSignal, forget: () => void) {
    this.#of = of
    this.#parts = parts
    this.#stop = stop
    this.#forget = forget
  }

  /** Something has happened in the sandbox. */
  notice(): void {
    if (this.#running !== null) this.#again = true
    else if (!this.#isSoon) this.#wakeIn(0)
    this.#isSoon = true
  }

  /** Waits for nothing that was under way before: its receiver may be the one who asks, and wait for us. */
  async deliver(): Promise<void> {
    const before = this.#number
    await this.#within(PATIENCE_MS, async () => {
      await this.#run()
      await Promise.all([...this.#flights].flatMap(([number, done]) => (number > before ? done : [])))
    })
  }

  /** Begins what is due and does not wait for it. */
  async glance(): Promise<void> {
    const { due, nextInMs } = await this.#look()
    if (due.length > 0) void this.#run()
    else this.#rest(nextInMs)
  }

  async close(): Promise<void> {
    this.#cancelWake?.()
    await this.#running
    await Promise.all(this.#flights.values())
  }

  #wakeIn(ms: number): void {
    this.#cancelWake?.()
    if (this.#stop.aborted) return
    const soonMs = SOON_MS + this.#size * SOON_MS_EACH
    const wakeMs = Math.min(Math.max(ms, soonMs), WAKE_LIMIT_MS)
    this.#cancelWake = this.#parts.environment.schedule(wakeMs, () => void this.#run())
  }

  #run(): Promise<void> {
    this.#cancelWake?.()
    this.#cancelWake = null
    if (this.#running === null) this.#running = this.#work()
    else this.#again = true
    return this.#running
  }

  async #work(): Promise<void> {
    let look: Look
    do {
      this.#again = false
      this.#isSoon = false
      this.#isAway = false
      look = await this.#look()
      await Promise.all(byReceiver(look.due).map((deliveries) => this.#sendAll(deliveries)))
    } while (this.#again && !this.#stop.aborted)
    this.#running = null
    this.#rest(look.nextInMs)
  }

  #rest(nextInMs: number | null): void {
    const ms = this.#isAway ? AWAY_MS : nextInMs
    if (ms !== null) this.#wakeIn(ms)
    else if (this.#isIdle() && this.#size < LARGE) this.#forget()
  }

  #isIdle(): boolean {
    return this.#flights.size === 0 && this.#running === null && this.#cancelWake === null
  }

  async #look(): Promise<Look> {
    const look = await this.#turn((turn) => ({ result: lookAt(this.#parts.server(), turn), events: [] }))
    this.#size = look?.size ?? 0
    return look ?? { due: [], nextInMs: null, size: 0 }
  }

  /** In their order; one that takes its time does not hold up the next for long. */
  async #sendAll(deliveries: readonly Delivery[]): Promise<void> {
    const own = new Set<Promise<void>>()
    for (const delivery of deliveries) {
      while (own.size >= FLIGHT_LIMIT) await Promise.race(own)
      if (this.#stop.aborted) return
      const claimed = await this.#turn((turn) => claim(this.#parts.server(), turn, delivery))
      if (claimed === undefined) return
      if (claimed === null) continue
      const flight = this.#fly(claimed).finally(() => own.delete(flight))
      own.add(flight)
      await this.#within(STAGGER_MS, () => flight)
    }
  }

  #fly(claimed: Claim): Promise<void> {
    this.#number += 1
    const number = this.#number
    const flight = this.#attempt(claimed).finally(() => {
      this.#flights.delete(number)
      this.notice()
    })
    this.#flights.set(number, flight)
    return flight
  }

  async #attempt(attempt: Claim): Promise<void> {
    const ending = await this.#send(attempt).catch((error: unknown) => this.#broken(error))
    for (let times = 1; times <= TELL_LIMIT; times += 1) {
      const told = await this.#turn((turn) => conclude(turn, attempt.claimed, ending))
      if (told !== undefined || times === TELL_LIMIT) return
      await this.#timer(AWAY_MS).over
    }
  }

  async #send({ message, webhooks, secret, claimed }: Claim): Promise<Ending> {
    if (message instanceof Error) throw message
    const { timeoutMs, signature } = webhooks
    const { body } = message
    const signed = await signatureOf(signature, secret, body)
    const headers = sentHeaders(message, signed, this.#of.name)
    return this.#parts.send({ url: claimed.url, headers, body, timeoutMs, signal: this.#stop })
  }

  /** What never left is an attempt all the same: so it comes to an end. */
  #broken(error: unknown): Ending {
    this.#parts.environment.report('webhook', error)
    return {
      status: null,
      error: `It was not sent: ${error instanceof Error ? error.message : String(error)}`,
    }
  }

  /** Undefined where there was no turn: a store that is away is tried again. */
  async #turn<Result>(decide: (turn: Turn) => Decision<Result>): Promise<Result | undefined> {
    try {
      return await this.#parts.sandboxes.turn(this.#of, decide)
    } catch (error) {
      if (!(error instanceof ApiError)) this.#parts.environment.report('webhook', error)
      this.#isAway ||= error instanceof ApiError && error.code === 'store_away'
      return undefined
    }
  }

  /** Waits for something, but no longer than so many milliseconds. */
  async #within(ms: number, wait: () => Promise<void>): Promise<void> {
    const { over, cancel } = this.#timer(ms)
    await Promise.race([wait(), over])
    cancel()
  }

  #timer(ms: number): { readonly over: Promise<void>; readonly cancel: () => void } {
    let cancel: () => void = () => undefined
    const over = new Promise<void>((resolve) => {
      cancel = this.#parts.environment.schedule(ms, resolve)
    })
    return { over, cancel }
  }
}

/** One receiver does not wait for another. */
function byReceiver(due: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const groups = new Map<string, Delivery[]>()
  for (const delivery of due) {
    const key = `${delivery.api} ${delivery.endpoint?.url}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [delivery])
    else known.push(delivery)
  }
  return [...groups.values()]
}
