/**
 * What a client prefers of an answer: the `Prefer` header (RFC 7240), and the spellings that users of other
 * mock servers know. Preferences that are not understood are ignored, as the RFC asks.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'

/** Preferences that were understood. */
export interface Preference {
  readonly code: number | null
  readonly example: string | null
  readonly dynamic: boolean | null
  readonly seed: number | null
  readonly delayMs: number | null
  /** The same as the client wrote them, for `Preference-Applied`. */
  readonly applied: readonly string[]
}

/** Nothing is preferred. */
export const NO_PREFERENCE: Preference = {
  code: null,
  example: null,
  dynamic: null,
  seed: null,
  delayMs: null,
  applied: [],
}

/** The longest delay a client may ask for. */
export const DELAY_LIMIT_MS = 60_000

const TWINS = ['code', 'example', 'dynamic', 'seed', 'delay'] as const

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

function toPreference(asked: ReadonlyMap<string, string>): Preference {
  const [code, example, dynamic, seed, delay] = TWINS.map((name) => asked.get(name) ?? null)
  return {
    code: code == null ? null : integer('code', code, 200, 599),
    example: example ?? null,
    dynamic: dynamic == null ? null : boolean('dynamic', dynamic),
    seed: seed == null ? null : integer('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    delayMs: delay == null ? null : duration('delay', delay),
    applied: TWINS.flatMap((name) => (asked.has(name) ? [`${name}=${tokenOf(asked.get(name) ?? '')}`] : [])),
  }
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
function duration(name: string, value: string): number {
  const match = /^(?:PT(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?|(\d+(?:\.\d+)?))$/i.exec(value)
  const ms = (Number(match?.[1] ?? 0) * 60 + Number(match?.[2] ?? 0) + Number(match?.[3] ?? 0)) * 1000
  if (match !== null && !/^PT$/i.test(value) && ms <= DELAY_LIMIT_MS) return ms
  throw new ApiError(
    'preference_invalid',
    `Prefer: ${name} must be at most ${DELAY_LIMIT_MS / 1000} s, written as PT0.5S or 0.5, not \`${value}\``,
  )
}
