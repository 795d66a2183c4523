/**
 * Recorded traffic: HAR 1.2 as browsers and proxies write it, turned into exchanges. Reading the file is not
 * done here.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 * @module
 */
import type { Entry, Har, Header, PostData } from 'har-format'
import type { Json } from '../model/json.ts'
import { isObject, memberOf } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Exchange } from './exchange.ts'
import { parseBody } from './exchange.ts'

/**
 * Reads the exchanges of a HAR file; entries without an answer (status 0) are left out, and so are those of
 * which the body was not recorded.
 *
 * @throws {@link UsageError} that names the entry which cannot be read.
 */
export function exchangesFromHar(text: string): readonly Exchange[] {
  const data = parseBody(text.replace(/^\u{FEFF}/u, ''))
  if (data === undefined) throw new UsageError('the HAR file is no JSON')
  const entries = memberOf(memberOf(data, 'log') ?? null, 'entries')
  if (!Array.isArray(entries)) throw new UsageError('the HAR file has no list at /log/entries')
  return (data as unknown as Har).log.entries.flatMap((entry, position) => {
    verifyEntry(entry, position)
    const { status, content } = entry.response
    const unrecorded = content?.text === undefined && (content?.size ?? 0) > 0
    return status === 0 || unrecorded ? [] : [toExchange(entry, position)]
  })
}

function verifyEntry(entry: unknown, position: number): void {
  const fail = (place: string, wanted: string): never => {
    throw new UsageError(`/log/entries/${position}${place} must be ${wanted}`)
  }
  const request = memberOf(entry, 'request')
  const response = memberOf(entry, 'response')
  if (!isObject(request)) fail('/request', 'an object')
  if (!isObject(response)) fail('/response', 'an object')
  if (typeof memberOf(request, 'method') !== 'string') fail('/request/method', 'a string')
  if (typeof memberOf(request, 'url') !== 'string') fail('/request/url', 'a string')
  if (typeof memberOf(response, 'status') !== 'number') fail('/response/status', 'a number')
  for (const [place, owner] of [
    ['/request/headers', request],
    ['/response/headers', response],
  ] as const) {
    const headers = memberOf(owner, 'headers')
    if (headers === undefined) continue
    const pairs = Array.isArray(headers) ? (headers as readonly Json[]) : fail(place, 'a list')
    const sound = pairs.every(
      (pair) => typeof memberOf(pair, 'name') === 'string' && typeof memberOf(pair, 'value') === 'string',
    )
    if (!sound) fail(place, 'a list of names and values')
  }
}

function toExchange({ request, response }: Entry, position: number): Exchange {
  return {
    operationId: null,
    request: {
      method: request.method.toUpperCase(),
      url: request.url,
      headers: headersOf(request.headers),
      body: bodyOf(request.postData),
    },
    response: {
      status: response.status,
      headers: withoutEncoding(headersOf(response.headers)),
      body: decode(response.content?.text ?? '', response.content?.encoding, position),
    },
    purpose: `recorded, entry ${position}`,
  }
}

function headersOf(headers: readonly Header[] | undefined): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const { name, value } of headers ?? []) {
    const key = name.toLowerCase()
    if (key.startsWith(':')) continue
    joined[key] = Object.hasOwn(joined, key) ? `${joined[key]}, ${value}` : value
  }
  return joined
}

/** A HAR file holds bodies as they were before they were compressed. */
function withoutEncoding({
  'content-encoding': _,
  ...headers
}: Record<string, string>): Record<string, string> {
  return headers
}

function bodyOf(data: PostData | undefined): string | null {
  return data?.text ?? null
}

function decode(text: string, encoding: string | undefined, position: number): string {
  if (encoding !== 'base64') return text
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch {
    throw new UsageError(`/log/entries/${position}/response/content/text is no base64`)
  }
}
