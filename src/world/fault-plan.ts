/**
 * Fault plans: which requests go wrong, and how. A plan is data; whether a rule strikes follows from the
 * seed, the rule, the request's path and how often that path was asked, and from nothing else; a limit alone
 * counts across paths. What a fault does to an answer is the server's.
 *
 * @module
 */
import type { Key } from '../random/key.ts'
import { drawFraction, drawInteger, keyOf } from '../random/key.ts'
import type { LimitState } from '../vendor/vendor.ts'

/** Requests of one path, counted from 1, both ends included; `to` null has no end. */
export interface RequestRange {
  readonly from: number
  readonly to: number | null
}

/** How long a faulty answer waits: always the same, evenly between two ends, or log-normal about a median. */
export type Latency =
  | { readonly ms: number }
  | { readonly fromMs: number; readonly toMs: number }
  | { readonly medianMs: number; readonly sigma: number }

/** One line of a fault plan. Every part of it that is not null happens. */
export interface FaultRule {
  /** `api/operation`, `api/*` or `*`. */
  readonly operation: string
  /** Only this path, as it is asked for without sandbox; null for every path. */
  readonly path: string | null
  /** Which requests of each path; null for all. */
  readonly requests: RequestRange | null
  /** The share of these requests that it strikes, 0 to 1; drawn from the seed. */
  readonly share: number
  /** The answer is a refusal of this status, as the API documents it. */
  readonly status: number | null
  /** What `Retry-After` says on a refusal; null leaves it to the API. */
  readonly retryAfterMs: number | null
  readonly latency: Latency | null
  /** What becomes of the body: sent in part, or broken so that it is no JSON. */
  readonly body: 'cut' | 'malformed' | null
  /** The connection is reset in place of an answer. */
  readonly reset: boolean
  /** The answer is that of so long ago. */
  readonly staleMs: number | null
  /** So many requests in each window; those beyond are refused with 429 until it is over. */
  readonly limit: { readonly requests: number; readonly windowMs: number } | null
}

/** Which request it is. */
export interface FaultTarget {
  readonly api: string
  readonly operationId: string
  /** As it was asked for, without sandbox and mount. */
  readonly path: string
}

/** What of a sandbox decides whether a rule strikes. */
export interface FaultState {
  readonly seed: number
  readonly faults: readonly FaultRule[]
  readonly counts: ReadonlyMap<string, number>
}

/** What a plan does to one request. */
export interface Strike {
  /** The positions of the rules that strike, in the plan; none strike a request that is only counted. */
  readonly rules: readonly number[]
  /** Refuse with this status; null answers as usual. */
  readonly status: number | null
  readonly retryAfterMs: number | null
  readonly latencyMs: number
  readonly body: FaultRule['body']
  readonly reset: boolean
  readonly staleMs: number
  /** How the limit stands that counts this request; null where none does. */
  readonly limit: LimitState | null
  /** The status is that of `limit`, which lets nothing pass before it is reset. */
  readonly limited: boolean
  /** The counts that this request changes, with their new values. */
  readonly counts: Readonly<Record<string, number>>
}

/** No answer is held back for longer, whatever is drawn and however many rules there are. */
export const LATENCY_LIMIT_MS = 60_000

/**
 * What a plan does to a request; null where no rule concerns it. Several rules may strike at once: the first
 * in the plan that has a status refuses, and so does the first that does something to the body; latencies
 * add up; the most stale answer is given; a reset comes before all. A request is counted by every limit, or,
 * where one of them refuses it, by none.
 *
 * @param nowMs - The instant of the sandbox's clock: windows of limits begin with the first request in them.
 */
export function strikeOf(sandbox: FaultState, target: FaultTarget, nowMs: number): Strike | null {
  const name = `${target.api}/${target.operationId}`
  const concerned = [...sandbox.faults.entries()].filter(([, rule]) => concerns(rule, name, target))
  if (concerned.length === 0) return null
  const place = `${name} ${plain(target.path)}`
  const [nth, counted] = countOf(sandbox.counts, concerned, place)
  const struck = concerned.flatMap(([position, rule]): Hit[] => {
    const key = isDrawn(rule) ? keyOf('fault', sandbox.seed, position, place) : NO_KEY
    const strikes = isWithin(rule.requests, nth) && drawFraction(key, nth, SHARE_LANE) < rule.share
    if (!strikes) return []
    const window = rule.limit === null ? null : windowOf(sandbox.counts, position, rule.limit, nowMs)
    return [{ position, rule, window, latencyMs: latencyOf(rule.latency, key, nth) }]
  })
  return combined(struck, counted, nowMs)
}

type Numbered = readonly [position: number, rule: FaultRule]

/** A rule that strikes a request, with what was drawn for it. */
interface Hit {
  readonly position: number
  readonly rule: FaultRule
  readonly window: Window | null
  readonly latencyMs: number
}

/** The window of a limit as this request finds it. */
interface Window {
  readonly limit: LimitState
  /** It lets nothing pass any more. */
  readonly isFull: boolean
  /** What changes if the request passes. */
  readonly counts: Readonly<Record<string, number>>
}

function combined(struck: readonly Hit[], counted: Counts, nowMs: number): Strike {
  const windows = struck.flatMap(({ window }) => window ?? [])
  const full = windows.filter(({ isFull }) => isFull)
  const limits = (full.length > 0 ? full : windows).map(({ limit }) => limit)
  const limit = [...limits].sort(full.length > 0 ? latestReset : leastRemaining)[0] ?? null
  const refusing = struck.find(({ rule, window }) => rule.status !== null || window?.isFull === true)
  const limited = refusing !== undefined && refusing.rule.status === null
  const latencyMs = struck.reduce((sum, hit) => sum + hit.latencyMs, 0)
  return {
    rules: struck.filter(hits).map(({ position }) => position),
    status: limited ? 429 : (refusing?.rule.status ?? null),
    retryAfterMs: limited && limit !== null ? limit.resetAtMs - nowMs : (refusing?.rule.retryAfterMs ?? null),
    latencyMs: Math.min(LATENCY_LIMIT_MS, latencyMs),
    body: struck.find(({ rule }) => rule.body !== null)?.rule.body ?? null,
    reset: struck.some(({ rule }) => rule.reset),
    staleMs: Math.max(0, ...struck.map(({ rule }) => rule.staleMs ?? 0)),
    limit,
    limited,
    counts: Object.assign({}, counted, ...(full.length > 0 ? [] : windows.map(({ counts }) => counts))),
  }
}

const latestReset = (a: LimitState, b: LimitState): number => b.resetAtMs - a.resetAtMs
const leastRemaining = (a: LimitState, b: LimitState): number => a.remaining - b.remaining

/** A limit that lets a request pass does not strike it. */
function hits({ rule, window }: Hit): boolean {
  const { status, latency, body, reset, staleMs } = rule
  return window?.isFull === true || reset || [status, latency, body, staleMs].some((part) => part !== null)
}

/** The path may be given with the mount of its API too, as listings show it. */
function concerns({ operation, path }: FaultRule, name: string, target: FaultTarget): boolean {
  if (operation !== '*' && operation !== `${target.api}/*` && operation !== name) return false
  if (path === null) return true
  const own = plain(target.path)
  return plain(path) === own || plain(path) === `/${target.api}${own}`
}

/** A slash at the end makes no difference, as for routes. */
function plain(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function isWithin(range: RequestRange | null, nth: number): boolean {
  return range === null || (nth >= range.from && (range.to === null || nth <= range.to))
}

type Counts = Readonly<Record<string, number>>

/**
 * Which request of its operation and path it is, and the count that makes the next one the next. All rules
 * begin to count when the plan is set, so one count serves them all. No rule can tell requests apart beyond
 * a certain one: there counting ends, and where no rule asks it never begins.
 */
function countOf(
  counts: ReadonlyMap<string, number>,
  concerned: readonly Numbered[],
  place: string,
): readonly [nth: number, counts: Counts] {
  const last = Math.max(...concerned.map(([, rule]) => lastCounted(rule)))
  if (last === 0) return [1, {}]
  const key = shortened(place)
  const seen = counts.get(key) ?? 0
  return [seen + 1, seen < last ? { [key]: seen + 1 } : {}]
}

function lastCounted(rule: FaultRule): number {
  if (rule.requests?.to != null) return rule.requests.to
  return isDrawn(rule) ? Number.POSITIVE_INFINITY : (rule.requests?.from ?? 1) - 1
}

/** Something of it is drawn for each request. */
function isDrawn({ share, latency }: FaultRule): boolean {
  return share < 1 || (latency !== null && !('ms' in latency))
}

const KEY_LENGTH = 160

/** Counts are kept and sent, and paths may be very long: a long one has a digest in its place. */
function shortened(place: string): string {
  if (place.length <= KEY_LENGTH) return place
  const { high, low } = keyOf(place)
  const digest = [high, low].map((word) => word.toString(16).padStart(8, '0')).join('')
  return `${place.slice(0, 40).replaceAll(' ', '_')}~${place.length}~${digest}`
}

/** One that is over, or lies ahead of a clock that was put back, gives way to a new one. */
function windowOf(
  counts: ReadonlyMap<string, number>,
  position: number,
  { requests, windowMs }: NonNullable<FaultRule['limit']>,
  nowMs: number,
): Window {
  const [begun, passed] = [`limit ${position} from`, `limit ${position} used`]
  const fromMs = counts.get(begun)
  const goes = fromMs !== undefined && nowMs >= fromMs && nowMs < fromMs + windowMs
  const used = goes ? (counts.get(passed) ?? 0) : 0
  const isFull = used >= requests
  return {
    limit: {
      requests,
      remaining: isFull ? 0 : requests - used - 1,
      resetAtMs: (goes ? fromMs : nowMs) + windowMs,
    },
    isFull,
    counts: { ...(goes ? {} : { [begun]: nowMs }), [passed]: used + 1 },
  }
}

const NO_KEY: Key = { high: 0, low: 0 }
const SHARE_LANE = 0
const LATENCY_LANE = 1
const ANGLE_LANE = 2

function latencyOf(latency: Latency | null, key: Key, nth: number): number {
  if (latency === null) return 0
  if ('ms' in latency) return latency.ms
  if ('fromMs' in latency) return drawInteger(key, nth, LATENCY_LANE, latency.fromMs, latency.toMs)
  // Box and Muller's way to a normal number; a fraction is never 1, so there is no logarithm of 0.
  const radius = Math.sqrt(-2 * Math.log(1 - drawFraction(key, nth, LATENCY_LANE)))
  const normal = radius * Math.cos(2 * Math.PI * drawFraction(key, nth, ANGLE_LANE))
  return Math.min(LATENCY_LIMIT_MS, Math.round(latency.medianMs * Math.exp(latency.sigma * normal)))
}
