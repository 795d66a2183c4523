/**
 * Secrets kept out of every report: credential headers are masked by name, and their values wherever else
 * they turn up, plain or encoded. Verdicts are masked when they are made, so no report can forget to.
 *
 * @module
 */
import type { Exchange } from './exchange.ts'
import type { Finding } from './finding.ts'

/** What stands where a secret stood. */
const MASK = '***'

const SHORTEST_SECRET = 4

/** What is secret. */
export interface Secrets {
  /** Header and query names, in lower case, whose values are never shown. */
  readonly names: ReadonlySet<string>
  /** Values that are never shown, wherever they stand. */
  readonly values: readonly string[]
}

/** The secret parts of a header's value: the whole, and what follows its scheme. */
export function secretsIn(value: string): readonly string[] {
  const [, token] = /^[A-Za-z][\w-]*\s+(\S.*)$/.exec(value) ?? []
  return token === undefined ? [value] : [value, token]
}

/** Replaces secret values in a text, also where they were escaped for JSON or a URL or turned into base64. */
export function maskText({ values }: Secrets, text: string): string {
  const forms = values.filter((value) => value.length >= SHORTEST_SECRET).flatMap(formsOf)
  forms.sort((a, b) => b.length - a.length)
  return forms.reduce((masked, form) => masked.replaceAll(form, MASK), text)
}

function formsOf(value: string): readonly string[] {
  const bytes = new TextEncoder().encode(value)
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/=+$/, '')
  const wellFormed = /\p{Cs}/u.test(value) ? [] : [encodeURIComponent(value)]
  return [...new Set([value, JSON.stringify(value).slice(1, -1), ...wellFormed, base64])]
}

/** A finding without secrets. */
export function maskFinding(secrets: Secrets, finding: Finding): Finding {
  return {
    ...finding,
    message: maskText(secrets, finding.message),
    exchanges: finding.exchanges.map((exchange) => maskExchange(secrets, exchange)),
  }
}

/** An exchange without secrets. */
export function maskExchange(secrets: Secrets, exchange: Exchange): Exchange {
  const { request, response } = exchange
  return {
    ...exchange,
    purpose: maskText(secrets, exchange.purpose),
    request: {
      ...request,
      url: maskText(secrets, maskQuery(secrets, request.url)),
      headers: maskHeaders(secrets, request.headers),
      body: request.body === null ? null : maskText(secrets, request.body),
    },
    response: {
      ...response,
      headers: maskHeaders(secrets, response.headers),
      body: maskText(secrets, response.body),
    },
  }
}

function maskHeaders(secrets: Secrets, headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      return [name, secrets.names.has(name.toLowerCase()) ? MASK : maskText(secrets, value)]
    }),
  )
}

function maskQuery({ names }: Secrets, url: string): string {
  return url.replace(/([?&])([^=&#]*)=([^&#]*)/g, (pair, sign: string, name: string) =>
    names.has(name.toLowerCase()) ? `${sign}${name}=${MASK}` : pair,
  )
}
