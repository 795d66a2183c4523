/**
 * Pace: how fast a target is asked, and how long is waited where it says so. All requests of a session keep
 * one pace; time is handed in.
 *
 * @module
 */
import type { Exchange } from './exchange.ts'
import type { Time } from './time.ts'

/** The longest wait that a target may ask for with one answer; one that asks for more is not waited for. */
const LONGEST_WAIT_MS = 60_000
/** All that is waited for in one session. */
const WAIT_BUDGET_MS = 600_000
/** The wait for an answer 429 that names none; each further one is twice as long. */
const USUAL_WAIT_MS = 1_000

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** The pace of a session. */
export interface Pace {
  /** Resolves when the next request may be sent. */
  next(): Promise<void>
  /** Holds every request back for so long; false where that is longer than all the patience there is. */
  hold(ms: number): boolean
}

/** Creates a pace of at most so many requests a second; null sets no bound. */
export function createPace(time: Time, rate: number | null, signal?: AbortSignal): Pace {
  const gapMs = rate === null ? 0 : 1_000 / rate
  let free = time.now()
  let held = free
  let patience = WAIT_BUDGET_MS
  return {
    async next() {
      for (;;) {
        const slot = Math.max(free, time.now())
        free = slot + gapMs
        if (slot > time.now()) await time.wait(slot - time.now(), signal)
        // Who was told to wait meanwhile holds all others back too: they take a new turn after that.
        if (time.now() >= held) return
      }
    },
    hold(ms) {
      const until = time.now() + ms
      if (until <= held) return true
      if (ms > patience) return false
      patience -= ms
      held = until
      free = Math.max(free, until)
      return true
    },
  }
}

/** May a request be sent twice without more happening than by sending it once? */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/**
 * How long to wait before an exchange is tried again; null where it is not to be.
 *
 * @param tries - How often it was tried already.
 */
export function delayAfter({ request, response }: Exchange, tries: number): number | null {
  const { status, headers } = response
  const told = headers['retry-after']
  if (status === 503 && (told === undefined || !isIdempotent(request.method))) return null
  if (status !== 429 && status !== 503) return null
  if (told === undefined) return USUAL_WAIT_MS * 2 ** (tries - 1)
  const ms = delayOf(told.trim(), headers['date'])
  return ms === null || ms > LONGEST_WAIT_MS ? null : ms
}

/** Seconds, or an instant that is measured from the answer's own date. */
function delayOf(text: string, date: string | undefined): number | null {
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  const [until, now] = [Date.parse(text), Date.parse(date ?? '')]
  return Number.isNaN(until) || Number.isNaN(now) ? null : Math.max(0, until - now)
}
