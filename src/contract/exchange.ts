/**
 * Exchanges: a request that was sent and what came back, as plain text. How one is made is `target.ts`;
 * what is thought of it is `check/`.
 *
 * @module
 */
import type { Json } from '../model/json.ts'

/** A request as it was sent. */
export interface SentRequest {
  /** In capitals. */
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** An answer as it came; status 0 means that none came. */
export interface ReceivedResponse {
  readonly status: number
  /** Names in lower case; values of one name are joined by commas, those of `set-cookie` by line ends. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** How many bytes of the body stand before the first that is no UTF-8; absent where all are. */
  readonly invalidUtf8At?: number
  /** A stream that was not read to its end: the body is the whole items that came till then. */
  readonly isCut?: boolean
}

/** One request and its answer. */
export interface Exchange {
  /** The operation it belongs to; null where none matches. */
  readonly operationId: string | null
  readonly request: SentRequest
  readonly response: ReceivedResponse
  /** Why it was sent, for people. */
  readonly purpose: string
  /** When it began and ended, where that was recorded. */
  readonly span?: { readonly startMs: number; readonly endMs: number }
}

/** Puts headers that may repeat under their names in lower case. */
export function joinHeaders(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const joined = new Map<string, string>()
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    const known = joined.get(key)
    joined.set(key, known === undefined ? value : `${known}${key === 'set-cookie' ? '\n' : ', '}${value}`)
  }
  return Object.fromEntries(joined)
}

/** Parses a body; undefined where it is no JSON. */
export function parseBody(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** The path of a URL, its query left out. */
export function pathOf(url: string): string {
  return url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
}

/** The raw query of a URL; empty where there is none. */
export function queryOf(url: string): string {
  const [, query = ''] = /\?([^#]*)/s.exec(url) ?? []
  return query
}

/**
 * A text as a part of a URL. Half a character, as a spoilt id may hold one, cannot be sent: what stands for
 * it is of no job.
 */
export function encodePart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
}
