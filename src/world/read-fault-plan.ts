/**
 * Fault plans as people write them, in the control API, a fixture or a file: read, with what is wrong named
 * and placed, and written again. What a rule does is `fault-plan.ts`.
 *
 * @module
 */
import { DURATION_PATTERN, formatDuration, parseDuration } from '../model/duration.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, isScalar, memberOf } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { FaultRule, Latency, RequestRange } from './fault-plan.ts'
import { LATENCY_LIMIT_MS } from './fault-plan.ts'
import { COUNT_LIMIT, FAULT_RULE_SCHEMA, SIGMA_LIMIT } from './fault-rule-schema.ts'

/** A plan with more is a mistake, and would be gone through for each request. */
const RULE_LIMIT = 1_000
/** No rule waits or counts for longer. */
const DURATION_LIMIT_MS = 366 * 86_400_000

const MEMBERS = Object.keys(FAULT_RULE_SCHEMA['properties'] ?? {})

/**
 * Reads a plan, a list of rules.
 *
 * @param operations - What is served, each as `api/operation`.
 * @param placeOf - Names the place of a pointer into the plan; it begins every message.
 * @throws {@link UsageError} on the first thing that is wrong: what is not known, has a value that it cannot
 * have, does nothing, or names what is not served.
 */
export function readFaultPlan(
  data: Json | undefined,
  operations: readonly string[],
  placeOf: (pointer: string) => string = (pointer) => `faults${pointer}`,
): readonly FaultRule[] {
  const plan = partOf(data, '', placeOf)
  if (!Array.isArray(data)) throw plan.refuse(`a fault plan is a list of rules, not ${shown(data)}`)
  if (data.length > RULE_LIMIT) throw plan.refuse(`a fault plan has at most ${RULE_LIMIT} rules`)
  const apis = new Set(operations.map((name) => name.slice(0, name.indexOf('/'))))
  const known = ['*', ...[...apis].map((api) => `${api}/*`), ...operations]
  return Array.from(data.keys(), (position) => readRule(plan.at(position), known))
}

/** A value with its place. */
interface Part {
  readonly value: Json | undefined
  /** It stands there; undefined, and so absent, where it does not. */
  at(name: string | number): Part
  refuse(message: string): UsageError
}

function partOf(value: Json | undefined, pointer: string, placeOf: (pointer: string) => string): Part {
  return {
    value,
    at: (name) => {
      const inner = Array.isArray(value) ? (value[Number(name)] as Json) : memberOf(value, String(name))
      return partOf(inner, pointerTo(pointer, name), placeOf)
    },
    refuse: (message) => new UsageError(`${placeOf(pointer)}: ${message}`),
  }
}

const SHOWN = 60

/** What comes from outside may be large, or lead to itself. */
function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing'
  if (!isScalar(value)) return Array.isArray(value) ? 'a list' : 'an object'
  return quoted(typeof value === 'string' ? JSON.stringify(value) : String(value))
}

function quoted(text: string): string {
  return `\`${text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`}\``
}

function readRule(part: Part, known: readonly string[]): FaultRule {
  verifyMembers(part, MEMBERS, 'a rule')
  const rule: FaultRule = {
    operation: readOperation(part.at('operation'), known),
    path: orNull(part.at('path'), readPath),
    requests: orNull(part.at('requests'), readRange),
    share: orNull(part.at('share'), readShare) ?? 1,
    status: orNull(part.at('status'), (status) => readInteger(status, 400, 599)),
    retryAfterMs: orNull(part.at('retryAfter'), (wait) => readDuration(wait, 0)),
    latency: orNull(part.at('latency'), readLatency),
    body: orNull(part.at('body'), (body) => readWord(body, ['cut', 'malformed'])),
    reset: orNull(part.at('connection'), (connection) => readWord(connection, ['reset'])) !== null,
    staleMs: orNull(part.at('stale'), (stale) => readDuration(stale, 1)),
    limit: orNull(part.at('limit'), readLimit),
  }
  verifyRule(rule, part)
  return rule
}

function verifyRule(
  { status, retryAfterMs, latency, body, reset, staleMs, limit }: FaultRule,
  part: Part,
): void {
  if (retryAfterMs !== null && status === null) {
    throw part.refuse(
      limit === null
        ? '`retryAfter` goes with a `status`'
        : 'a `limit` says by itself when to come again; `retryAfter` goes with a `status`',
    )
  }
  if (status !== null && limit !== null) {
    throw part.refuse('a `limit` refuses with 429; give `status` in a rule of its own')
  }
  if (!reset && [status, latency, body, staleMs, limit].every((effect) => effect === null)) {
    throw part.refuse('does nothing: give `status`, `latency`, `body`, `connection`, `stale` or `limit`')
  }
}

function verifyMembers({ value, at, refuse }: Part, members: readonly string[], what: string): void {
  if (!isObject(value)) throw refuse(`${what} is an object, not ${shown(value)}`)
  const stray = Object.keys(value).find((name) => !members.includes(name))
  if (stray === undefined) return
  throw at(stray).refuse(`${what} has no ${quoted(stray)}${suggestion(stray.slice(0, SHOWN), members)}`)
}

function orNull<Value>(part: Part, read: (part: Part) => Value): Value | null {
  return part.value === undefined ? null : read(part)
}

function readOperation({ value = '*', refuse }: Part, known: readonly string[]): string {
  if (typeof value !== 'string') {
    throw refuse(`must be \`api/operation\`, \`api/*\` or \`*\`, not ${shown(value)}`)
  }
  if (known.includes(value)) return value
  const what = value.endsWith('/*') ? 'API' : 'operation'
  throw refuse(`there is no ${what} ${quoted(value)}${suggestion(value.slice(0, SHOWN), known)}`)
}

function readPath({ value, refuse }: Part): string {
  if (typeof value === 'string' && value.length <= 8_192 && /^\/[^?#\s]*$/.test(value)) return value
  throw refuse(`must be a path as it is asked for, from its slash and without a query, not ${shown(value)}`)
}

const RANGE = /^([1-9]\d{0,8})(?:(-)([1-9]\d{0,8})?)?$/

function readRange(part: Part): RequestRange {
  const { value, refuse } = part
  if (typeof value === 'number') {
    const only = readInteger(part, 1, COUNT_LIMIT)
    return { from: only, to: only }
  }
  const match = typeof value === 'string' ? RANGE.exec(value) : null
  if (match === null) {
    throw refuse(`must be a range such as \`1-2\` or \`5-\`, or a number from 1 on, not ${shown(value)}`)
  }
  const from = Number(match[1])
  const to = match[3] === undefined ? (match[2] === undefined ? from : null) : Number(match[3])
  if (to !== null && to < from) throw refuse(`ends before it begins: ${shown(value)}`)
  return { from, to }
}

function readShare({ value, refuse }: Part): number {
  if (value === 0) throw refuse('does nothing: a share of 0 strikes no request')
  if (typeof value === 'number' && value > 0 && value <= 1) return value
  throw refuse(`must be a number above 0, up to 1, not ${shown(value)}`)
}

function readInteger({ value, refuse }: Part, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw refuse(`must be a whole number from ${min} to ${max}, not ${shown(value)}`)
}

function readWord<Word extends string>({ value, refuse }: Part, words: readonly Word[]): Word {
  const known = words.find((word) => word === value)
  if (known !== undefined) return known
  const all = words.map((word) => `\`${word}\``).join(' or ')
  throw refuse(`must be ${all}, not ${shown(value)}`)
}

const ISO = new RegExp(DURATION_PATTERN)

function readDuration({ value, refuse }: Part, minMs: number, maxMs = DURATION_LIMIT_MS): number {
  const ms = typeof value === 'string' && ISO.test(value) ? parseDuration(value) : null
  if (ms === null) throw refuse(`must be a duration such as \`PT0.5S\` or \`PT1M\`, not ${shown(value)}`)
  if (ms < minMs) throw refuse(`must be at least a millisecond, not ${shown(value)}`)
  if (ms > maxMs) throw refuse(`must be at most \`${formatDuration(maxMs)}\`, not ${shown(value)}`)
  return ms
}

function readLatency(part: Part): Latency {
  const { value, at, refuse } = part
  if (!isObject(value)) return { ms: readDuration(part, 1, LATENCY_LIMIT_MS) }
  if (Object.hasOwn(value, 'median') || Object.hasOwn(value, 'sigma')) {
    verifyMembers(part, ['median', 'sigma'], 'a log-normal latency')
    const medianMs = readDuration(at('median'), 1, LATENCY_LIMIT_MS)
    return { medianMs, sigma: readSigma(at('sigma')) }
  }
  verifyMembers(part, ['from', 'to'], 'a latency between two ends')
  const fromMs = readDuration(at('from'), 0, LATENCY_LIMIT_MS)
  const toMs = readDuration(at('to'), 1, LATENCY_LIMIT_MS)
  if (toMs < fromMs) throw refuse('ends before it begins: `to` is less than `from`')
  return { fromMs, toMs }
}

function readSigma({ value, refuse }: Part): number {
  if (typeof value === 'number' && value >= 0 && value <= SIGMA_LIMIT) return value
  throw refuse(`must be a number from 0 to ${SIGMA_LIMIT}, not ${shown(value)}`)
}

function readLimit(part: Part): NonNullable<FaultRule['limit']> {
  verifyMembers(part, ['requests', 'per'], 'a limit')
  const requests = readInteger(part.at('requests'), 1, COUNT_LIMIT)
  return { requests, windowMs: readDuration(part.at('per'), 1) }
}

/** Writes a plan as it is read; what a rule leaves to its default is left out. */
export function formatFaultPlan(rules: readonly FaultRule[]): readonly JsonObject[] {
  return rules.map((rule) => {
    const { operation, path, requests, share, status, retryAfterMs, body, reset, staleMs, limit } = rule
    return {
      operation,
      ...(path === null ? {} : { path }),
      ...(requests === null ? {} : { requests: formatRange(requests) }),
      ...(share === 1 ? {} : { share }),
      ...(status === null ? {} : { status }),
      ...(retryAfterMs === null ? {} : { retryAfter: formatDuration(retryAfterMs) }),
      ...(rule.latency === null ? {} : { latency: formatLatency(rule.latency) }),
      ...(body === null ? {} : { body }),
      ...(reset ? { connection: 'reset' } : {}),
      ...(staleMs === null ? {} : { stale: formatDuration(staleMs) }),
      ...(limit === null ? {} : { limit: { requests: limit.requests, per: formatDuration(limit.windowMs) } }),
    }
  })
}

function formatRange({ from, to }: RequestRange): Json {
  return from === to ? from : `${from}-${to ?? ''}`
}

function formatLatency(latency: Latency): Json {
  if ('ms' in latency) return formatDuration(latency.ms)
  if ('medianMs' in latency) return { median: formatDuration(latency.medianMs), sigma: latency.sigma }
  return { from: formatDuration(latency.fromMs), to: formatDuration(latency.toMs) }
}
