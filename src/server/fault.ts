/**
 * What a fault plan's strike does to a request: how it is refused, how old its answer is, and what happens in
 * the sandbox by it. Which requests are struck is `world/fault-plan.ts`; what becomes of the bytes is
 * `trouble.ts`.
 *
 * @module
 */
import { ApiError, refusalOf } from '../model/refusal.ts'
import { responseFor } from '../openapi/response.ts'
import type { SandboxEvent } from '../world/event.ts'
import type { Strike } from '../world/fault-plan.ts'
import { strikeOf } from '../world/fault-plan.ts'
import type { Turn } from '../world/sandboxes.ts'
import type { Answer } from './answer.ts'
import type { RefusalContext } from './answer-refusal.ts'
import { answerRefusal } from './answer-refusal.ts'
import { challengeOf } from './authenticate.ts'
import type { Call } from './call.ts'
import type { HeaderContext } from './operation-call.ts'
import type { Preference } from './preference.ts'
import { NO_PREFERENCE } from './preference.ts'
import type { Route } from './route.ts'

/** What the plan of a sandbox does to a request; null where no rule concerns it. */
export function strikeAt(call: Call, { api, operation, mount }: Route, turn: Turn): Strike | null {
  if (turn.sandbox.faults.length === 0) return null
  const target = { api: api.id, operationId: operation.id, path: call.path.slice(mount.length) }
  return strikeOf(turn.sandbox, target, turn.nowMs)
}

/** A refusal that a fault plan asks for, with the status that it asks for. */
export class FaultRefusal extends ApiError {
  readonly status: number

  constructor(status: number, told: string | undefined, headers: Readonly<Record<string, string>>) {
    super(refusalOf(status) ?? (status < 500 ? 'request_bad' : 'unavailable'), told, [], headers)
    this.status = status
  }
}

/**
 * The refusal that a strike asks for; null where it asks for none. Who is refused by a limit is told as by
 * the API itself, so `Retry-After` is left out where the document has this answer without it.
 */
export function refusedBy(strike: Strike | null, { api, operation }: Route): FaultRefusal | null {
  if (strike === null || strike.status === null) return null
  const { status, limited, retryAfterMs } = strike
  const spec = responseFor(operation, status)
  const documented = spec?.headers.find(({ name }) => name.toLowerCase() === 'retry-after')?.name
  const header = documented ?? (limited && spec !== undefined ? null : 'Retry-After')
  const wait = header === null || retryAfterMs === null ? {} : { [header]: secondsOf(retryAfterMs) }
  const challenge = status === 401 ? challengeOf(api, operation.security) : {}
  return new FaultRefusal(status, limited ? undefined : 'A fault plan has struck', { ...challenge, ...wait })
}

/** Who waits so many seconds has waited long enough. */
function secondsOf(ms: number): string {
  return String(Math.ceil(ms / 1_000))
}

/** Whatever a client prefers of the answer, the fault wins. */
export function answerFault(error: FaultRefusal, context: RefusalContext): Answer {
  return answerRefusal(error, { ...context, preference: NO_PREFERENCE }, error.status)
}

/** What is granted all the same: when it is answered, and in which world. */
export function unsteered({ applied }: Preference): Preference {
  return { ...NO_PREFERENCE, applied: applied.filter((text) => /^(delay|seed)=/.test(text)) }
}

/** What headers tell of a limit. When to come again after other refusals is no matter of limits. */
export function headersOf(strike: Strike | null, nowMs: number): HeaderContext {
  const retryAfterMs = strike?.status === 429 ? strike.retryAfterMs : null
  return { nowMs, limit: strike?.limit ?? null, retryAfterMs }
}

/** What headers tell once the clock has moved: a window that is over by then leaves all its requests. */
export function headersAt(headers: HeaderContext, nowMs: number): HeaderContext {
  const { limit } = headers
  if (limit === null || limit.resetAtMs > nowMs) return { ...headers, nowMs }
  return { ...headers, nowMs, limit: { ...limit, remaining: limit.requests, resetAtMs: nowMs } }
}

/** How old the answer is. What is made or cancelled happens now, whatever a reader would see. */
export function staleMsOf(strike: Strike | null, { api, operation }: Route): number {
  const role = api.contract?.operations[operation.id]?.role
  return role === 'create' || role === 'cancel' ? 0 : (strike?.staleMs ?? 0)
}

/** What is counted by it. */
export function countedBy(strike: Strike | null): SandboxEvent[] {
  if (strike === null || Object.keys(strike.counts).length === 0) return []
  return [{ type: 'counted', counts: strike.counts }]
}

/**
 * On a virtual clock latency is time that passes once the answer is made. So does the time for which a client
 * is sent away by a limit: nothing else moves the clock for one that does nothing but ask again.
 *
 * @param atMs - The instant of the answer.
 */
export function passingOf(
  strike: Strike | null,
  { sandbox: { clock } }: Turn,
  atMs: number,
): readonly SandboxEvent[] {
  const { mode, stepMs } = clock
  if (strike === null || (mode !== 'auto' && mode !== 'step')) return NONE
  const closedMs = strike.limited && strike.limit !== null ? strike.limit.resetAtMs - atMs : 0
  const passedMs = Math.max(strike.latencyMs, mode === 'step' ? Math.min(stepMs, closedMs) : closedMs)
  return passedMs > 0 ? [{ type: 'clock_moved', toMs: atMs + passedMs }] : NONE
}

const NONE: readonly never[] = []

/** The answer with what happens to it on its way; only a real clock makes anybody wait. */
export function troubled(answer: Answer, strike: Strike | null, { sandbox }: Turn): Answer {
  if (strike === null) return answer
  const { body, reset, latencyMs } = strike
  const waitMs = sandbox.clock.mode === 'real' ? latencyMs : 0
  return body === null && !reset && waitMs === 0 ? answer : { ...answer, trouble: { body, reset, waitMs } }
}
