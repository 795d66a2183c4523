/**
 * The report that can be judged again: HAR 1.2 of exchanges, secrets masked, bodies whole. Exchanges know no
 * times; each entry begins a millisecond after the one before, so that readers keep their order.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 * @module
 */
import type { Exchange } from '../exchange.ts'
import { queryOf } from '../exchange.ts'
import { jsonText } from './visible.ts'

/** Who wrote a file. */
export interface HarFacts {
  /** The version of this program. */
  readonly version: string
  /** What the first entry's time is, in milliseconds since the epoch; the epoch where it is left out. */
  readonly beganAtMs?: number
}

/** Renders exchanges as HAR; those that are the same object stand there once. */
export function renderHar(exchanges: readonly Exchange[], { version, beganAtMs = 0 }: HarFacts): string {
  return jsonText({
    log: {
      version: '1.2',
      creator: { name: 'standin', version },
      pages: [],
      entries: [...new Set(exchanges)].map((exchange, at) => entryOf(exchange, beganAtMs + at)),
    },
  })
}

function entryOf({ request, response, purpose }: Exchange, beganAtMs: number): object {
  const type = response.headers['content-type'] ?? ''
  return {
    startedDateTime: new Date(beganAtMs).toISOString(),
    time: 0,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairsOf(request.headers),
      queryString: queryPairs(request.url),
      ...(request.body === null
        ? {}
        : { postData: { mimeType: request.headers['content-type'] ?? '', text: request.body, params: [] } }),
      headersSize: -1,
      bodySize: request.body === null ? 0 : sizeOf(request.body),
    },
    response: {
      status: response.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: pairsOf(response.headers),
      content: { size: sizeOf(response.body), mimeType: type, text: response.body },
      redirectURL: response.headers['location'] ?? '',
      headersSize: -1,
      bodySize: sizeOf(response.body),
    },
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
    comment: purpose,
  }
}

function pairsOf(headers: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }))
}

function queryPairs(url: string): readonly object[] {
  return [...new URLSearchParams(queryOf(url))].map(([name, value]) => ({ name, value }))
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length
}
