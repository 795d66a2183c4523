/**
 * Secrets kept out of every report: what a name calls secret is masked, and known values wherever else they
 * turn up, however encoded. Verdicts are masked when they are made, so no report can forget to.
 *
 * @module
 */
import { isObject } from '../../model/json.ts'
import type { Exchange } from '../exchange.ts'
import type { Finding } from '../finding.ts'
import { piecesOf, SHORTEST_SECRET } from './encoding.ts'
import { isSecretName } from './secret-name.ts'
import type { Trace } from './trace.ts'
import { readingOf, traceOf } from './trace.ts'

/** What stands where a secret stood. */
const MASK = '***'

/** A value under a secret's name is looked for elsewhere only if it is no common word. */
export const SHORTEST_FOUND = 8
const LONGEST_FOUND = 4096

/** What is secret. */
export interface Secrets {
  /** Header and query names, in lower case, whose values are never shown; those that sound secret are too. */
  readonly names: ReadonlySet<string>
  /** Values that are never shown, wherever they stand. */
  readonly values: readonly string[]
}

/**
 * The secret parts of a credential header's value: the whole, what follows its scheme, the password in it,
 * and the values of cookies.
 */
export function secretsIn(value: string): readonly string[] {
  const [, scheme = '', token] = /^([A-Za-z][\w-]*)\s+(\S.*)$/.exec(value) ?? []
  const pair = scheme.toLowerCase() === 'basic' && token !== undefined ? fromBase64(token) : null
  const parts = [...value.matchAll(/=([^;,=\s]+)/g)].map(([, part = '']) => part)
  return [
    value,
    ...(token === undefined ? [] : [token]),
    ...(pair === null ? [] : [pair, pair.slice(pair.indexOf(':') + 1)]),
    ...parts.filter((part) => part.length >= SHORTEST_FOUND),
  ]
}

function fromBase64(text: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)))
  } catch {
    return null
  }
}

const traced = new WeakMap<Secrets, readonly Trace[]>()

/** What is looked for, the longest first. */
function tracesOf(secrets: Secrets): readonly Trace[] {
  const known = traced.get(secrets)
  if (known !== undefined) return known
  const longest = [...new Set(secrets.values)].sort((a, b) => b.length - a.length)
  const made = [...new Set(longest.flatMap(piecesOf))].map(traceOf)
  traced.set(secrets, made)
  return made
}

/** Replaces secret values in a text, however they were encoded there. */
export function maskText(secrets: Secrets, text: string): string {
  const traces = tracesOf(secrets)
  if (traces.length === 0 || text.length < SHORTEST_SECRET) return text
  const reading = readingOf(text)
  return traces
    .filter((trace) => trace.mayStandIn(reading))
    .reduce((masked, { pattern }) => masked.replace(pattern, MASK), text)
}

/** What reports and readers sort by; no answer has a say in it. */
const OWN_WORDS = new Set(['id', 'check', 'level', 'outcome'])

/** A verdict without secrets: neither those that are known nor those that its exchanges call secret. */
export function maskVerdict<Masked extends { readonly findings: readonly Finding[] }>(
  secrets: Secrets,
  verdict: Masked,
): Masked {
  const exchanges = verdict.findings.flatMap((finding) => finding.exchanges)
  const found = [...new Set(exchanges)].flatMap((exchange) => secretsOfExchange(secrets, exchange))
  const all = { ...secrets, values: [...new Set([...secrets.values, ...found])] }
  const { findings, ...rest } = verdict
  const masked = new Map(exchanges.map((exchange) => [exchange, maskExchange(all, exchange)]))
  return {
    ...(maskDeep(all, rest) as Masked),
    findings: findings.map(({ exchanges: own, ...finding }) => ({
      ...(maskDeep(all, finding) as Finding),
      exchanges: own.map((exchange) => masked.get(exchange) ?? maskExchange(all, exchange)),
    })),
  }
}

/** One finding without secrets. */
export function maskFinding(secrets: Secrets, finding: Finding): Finding {
  return maskVerdict(secrets, { findings: [finding] }).findings[0] ?? finding
}

/** Masks every text of a value, member names too. */
function maskDeep(secrets: Secrets, value: unknown): unknown {
  if (typeof value === 'string') return maskText(secrets, value)
  if (Array.isArray(value)) return value.map((item) => maskDeep(secrets, item))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) =>
      OWN_WORDS.has(name) ? [name, member] : [maskText(secrets, name), maskDeep(secrets, member)],
    ),
  )
}

/** What an answer sets or hands out under a secret's name is as secret as what was sent. */
function secretsOfExchange({ names }: Secrets, { request, response }: Exchange): readonly string[] {
  const headers = Object.entries(response.headers).filter(([name]) => isSecret(names, name))
  const values = [
    ...headers.flatMap(([name, value]) => (name === 'set-cookie' ? cookiesIn(value) : secretsIn(value))),
    ...[...request.url.matchAll(/[?&]([^=&#]+)=([^&#]*)/g)].flatMap(([, name = '', value = '']) =>
      isSecret(names, decoded(name)) ? [decoded(value)] : [],
    ),
    ...[response.body, request.body ?? ''].flatMap(membersIn),
  ]
  return values.filter((value) => value.length >= SHORTEST_FOUND && value.length <= LONGEST_FOUND)
}

function cookiesIn(value: string): readonly string[] {
  return [...value.matchAll(/(?:^|,\s*)[^=;,\s]+=([^;,]*)/g)].map(([, secret = '']) => secret)
}

/** Members of JSON whose name tells of a secret and whose value is a text; the body need not be sound. */
function secretMembers(body: string): readonly { readonly start: number; readonly end: number }[] {
  const found = []
  for (const match of body.matchAll(/"([^"\\\n]{2,60})"\s*:\s*"/g)) {
    if (!isSecretName(match[1] ?? '')) continue
    const start = match.index + match[0].length
    let end = start
    while (end < body.length && body[end] !== '"') end += body[end] === '\\' ? 2 : 1
    found.push({ start, end: Math.min(end, body.length) })
  }
  return found
}

function membersIn(body: string): readonly string[] {
  return secretMembers(body).map(({ start, end }) => unescaped(body.slice(start, end)))
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function isSecret(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name.toLowerCase()) || isSecretName(name)
}

/** An exchange without secrets. */
export function maskExchange(secrets: Secrets, exchange: Exchange): Exchange {
  const { request, response } = exchange
  const body = (text: string): string => maskText(secrets, maskMembers(text))
  return {
    ...exchange,
    purpose: maskText(secrets, exchange.purpose),
    request: {
      ...request,
      url: maskText(secrets, maskQuery(secrets, request.url)),
      headers: maskHeaders(secrets, request.headers),
      body: request.body === null ? null : body(request.body),
    },
    response: {
      ...response,
      headers: maskHeaders(secrets, response.headers),
      body: body(response.body),
    },
  }
}

function maskHeaders(secrets: Secrets, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const shown = isSecret(secrets.names, name) ? MASK : maskText(secrets, maskQuery(secrets, value))
      return [maskText(secrets, name), shown]
    }),
  )
}

/** Masks in a URL, also where it is a header's value. */
function maskQuery({ names }: Secrets, url: string): string {
  return url.replace(/([?&])([^=&#\s]*)=([^&#\s]*)/g, (pair, sign: string, name: string) =>
    isSecret(names, decoded(name)) ? `${sign}${name}=${MASK}` : pair,
  )
}

function maskMembers(body: string): string {
  let masked = ''
  let from = 0
  for (const { start, end } of secretMembers(body)) {
    if (start < from) continue
    masked += body.slice(from, start) + MASK
    from = end
  }
  return masked + body.slice(from)
}
