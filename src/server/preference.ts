/**
 * What a client prefers of an answer: the `Prefer` header (RFC 7240), and the spellings that users of other
 * mock servers know. Preferences that are not understood are ignored, as the RFC asks.
 *
 * @module
 */
import { parseDuration } from '../model/duration.ts'
import type { Job, TerminalState } from '../model/job.ts'
import { TERMINAL_STATES } from '../model/job.ts'
import { ApiError } from '../model/refusal.ts'
import type { Steering } from '../world/event.ts'

/** Preferences that were understood. */
export interface Preference {
  readonly code: number | null
  readonly example: string | null
  readonly dynamic: boolean | null
  readonly seed: number | null
  readonly delayMs: number | null
  /** What a job that the request makes shall be like. */
  readonly steering: Steering
  /** The same as the client wrote them, for `Preference-Applied`; wishes for a job apart, by their names. */
  readonly applied: readonly string[]
  readonly wishes: Readonly<Partial<Record<Wish, string>>>
}

/** What can be wished for a job that a request makes. */
export type Wish = 'outcome' | 'after' | 'rows'

/** Nothing is preferred. */
export const NO_PREFERENCE: Preference = {
  code: null,
  example: null,
  dynamic: null,
  seed: null,
  delayMs: null,
  steering: {},
  applied: [],
  wishes: {},
}

/** The longest delay a client may ask for. */
export const DELAY_LIMIT_MS = 60_000

/** No job that is made is longer. */
export const AFTER_LIMIT_MS: number = 366 * 86_400_000
/** The most rows that a job may be asked to have. */
export const ROWS_LIMIT = 10_000_000

const PLAIN = ['code', 'example', 'dynamic', 'seed', 'delay'] as const
const WISHES = ['outcome', 'after', 'rows'] as const satisfies readonly Wish[]
/** What may also be preferred by a query parameter, each behind `__`. */
export const TWINS: readonly string[] = [...PLAIN, ...WISHES]

/**
 * Reads the preferences of a request.
 *
 * @param header - Looks a header up.
 * @param query - Decoded query texts by name; `__code` and its like are read there.
 * @throws {@link ApiError} `preference_invalid` when a known preference has a value that it cannot have.
 */
export function readPreference(
  header: (name: string) => string | null,
  query: ReadonlyMap<string, readonly string[]>,
): Preference {
  const prefer = header('prefer')
  const postman = header('x-mock-response-code')
  const twins = TWINS.some((name) => query.has(`__${name}`))
  if (prefer === null && postman === null && !twins) return NO_PREFERENCE
  const asked = new Map<string, string>()
  for (const name of TWINS) {
    const value = query.get(`__${name}`)?.at(-1)
    if (value !== undefined) asked.set(name, value)
  }
  if (postman !== null) asked.set('code', postman.trim())
  for (const [name, value] of tokensOf(prefer ?? '')) asked.set(name, value)
  return toPreference(asked)
}

/** `a=b, c="d e"; parameter` as pairs; the first of a repeated name counts, as the RFC asks. */
function tokensOf(header: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const match of header.matchAll(
    /([^\s=,;"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:;[^,]*)?/g,
  )) {
    const name = (match[1] ?? '').toLowerCase()
    if (!pairs.has(name)) pairs.set(name, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '')
  }
  return pairs
}

/** The names of what a `Prefer` header asks for. */
export function namesOf(prefer: string): readonly string[] {
  return [...tokensOf(prefer).keys()]
}

function toPreference(asked: ReadonlyMap<string, string>): Preference {
  const [code, example, dynamic, seed, delay] = PLAIN.map((name) => asked.get(name) ?? null)
  const written = (name: string): string => `${name}=${tokenOf(asked.get(name) ?? '')}`
  return {
    code: code == null ? null : integer('code', code, 200, 599),
    example: example ?? null,
    dynamic: dynamic == null ? null : boolean('dynamic', dynamic),
    seed: seed == null ? null : integer('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    delayMs: delay == null ? null : duration('delay', delay, DELAY_LIMIT_MS),
    steering: steeringOf(asked),
    applied: PLAIN.flatMap((name) => (asked.has(name) ? [written(name)] : [])),
    wishes: Object.fromEntries(WISHES.flatMap((name) => (asked.has(name) ? [[name, written(name)]] : []))),
  }
}

function steeringOf(asked: ReadonlyMap<string, string>): Steering {
  const [outcome, after, rows] = WISHES.map((name) => asked.get(name))
  return {
    ...(outcome === undefined ? {} : { outcome: outcomeOf(outcome) }),
    ...(after === undefined ? {} : { afterMs: duration('after', after, AFTER_LIMIT_MS) }),
    ...(rows === undefined ? {} : { rows: integer('rows', rows, 0, ROWS_LIMIT) }),
  }
}

function outcomeOf(value: string): TerminalState {
  const known = TERMINAL_STATES.find((state) => state === value)
  if (known !== undefined) return known
  const all = TERMINAL_STATES.join(', ')
  throw new ApiError('preference_invalid', `Prefer: outcome must be one of ${all}, not \`${value}\``)
}

/** Which wishes a job that was made fulfils. */
export function fulfilledBy(steering: Steering, job: Job): readonly Wish[] {
  const fulfilled: Readonly<Record<Wish, boolean>> = {
    outcome: steering.outcome === job.outcome,
    after: steering.afterMs === job.queueMs + job.runMs,
    rows: steering.rows === job.rows,
  }
  return WISHES.filter((name) => fulfilled[name])
}

/** Nothing but what a header may hold goes back. */
function tokenOf(value: string): string {
  return /^[\w.+-]+$/.test(value) ? value : `"${value.replace(/[^\x20-\x7e]|["\\]/g, '')}"`
}

function integer(name: string, value: string, min: number, max: number): number {
  const number = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (number >= min && number <= max) return number
  throw new ApiError(
    'preference_invalid',
    `Prefer: ${name} must be an integer from ${min} to ${max}, not \`${value}\``,
  )
}

function boolean(name: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  throw new ApiError('preference_invalid', `Prefer: ${name} must be true or false, not \`${value}\``)
}

/** Seconds as a number, or an ISO 8601 duration such as `PT0.5S`. */
function duration(name: string, value: string, limitMs: number): number {
  const ms = parseDuration(value)
  if (ms !== null && ms <= limitMs) return ms
  throw new ApiError(
    'preference_invalid',
    `Prefer: ${name} must be at most ${limitMs / 1000} s, written as PT0.5S or 0.5, not \`${value}\``,
  )
}
