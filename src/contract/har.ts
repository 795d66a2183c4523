/**
 * Recorded traffic: HAR 1.2 as browsers and proxies write it, turned into exchanges. Reading the file is not
 * done here.
 *
 * @see http://www.softwareishard.com/blog/har-12-spec/
 * @module
 */
import type { Json } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt, textOrNull } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import type { BodyText } from './body-text.ts'
import { decodeBody } from './body-text.ts'
import type { Exchange } from './exchange.ts'
import { joinHeaders, parseBody } from './exchange.ts'

/** More than this is not read: a recording of so much was hardly meant to be judged whole. */
export const HAR_LIMIT_BYTES: number = 100 * 1024 * 1024

/** What stands in a HAR file. */
export interface Recording {
  /** What can be judged, in the order in which it was sent. */
  readonly exchanges: readonly Exchange[]
  /** Entries that cannot be judged, by their position, and why. */
  readonly left: readonly { readonly entry: number; readonly reason: string }[]
}

/**
 * Reads a HAR file. Entries that were never answered are left out, and so are those of which the body was
 * not recorded, or not whole.
 *
 * @throws {@link UsageError} that names the entry which cannot be read.
 */
export function readHar(text: string): Recording {
  if (text.length > HAR_LIMIT_BYTES) {
    throw new UsageError(`the HAR file is larger than ${HAR_LIMIT_BYTES >> 20} MB; record less, or split it`)
  }
  const data = parseBody(text.replace(/^\u{FEFF}/u, ''))
  if (data === undefined) throw new UsageError('the HAR file is no JSON')
  const entries = memberOf(memberOf(data, 'log') ?? null, 'entries')
  if (!Array.isArray(entries)) throw new UsageError('the HAR file has no list at /log/entries')
  const exchanges: Exchange[] = []
  const left: { entry: number; reason: string }[] = []
  for (const { entry, position } of inTime(entries as readonly Json[])) {
    verifyEntry(entry, position)
    const reason = reasonToLeave(entry, position)
    if (reason === null) exchanges.push({ ...toExchange(entry, position), ...spanOf(entry) })
    else left.push({ entry: position, reason })
  }
  return { exchanges, left: left.sort((a, b) => a.entry - b.entry) }
}

/** The exchanges of a HAR file that can be judged. */
export function exchangesFromHar(text: string): readonly Exchange[] {
  return readHar(text).exchanges
}

interface Placed {
  readonly entry: Json
  readonly position: number
}

/** By the instant of sending; what has none stays behind its neighbour. */
function inTime(entries: readonly Json[]): readonly Placed[] {
  let last = Number.NEGATIVE_INFINITY
  const timed = entries.map((entry, position) => {
    const at = Date.parse(textAt(entry, 'startedDateTime'))
    last = Number.isNaN(at) ? last : at
    return { entry, position, at: last }
  })
  return timed.sort((a, b) => (a.at === b.at ? a.position - b.position : a.at - b.at))
}

/** When an entry was sent and answered; what is left of a millisecond does not count. */
function spanOf(entry: Json): Pick<Exchange, 'span'> {
  const startMs = Date.parse(textAt(entry, 'startedDateTime'))
  const time = memberOf(entry, 'time')
  if (Number.isNaN(startMs) || typeof time !== 'number' || time < 0) return {}
  return { span: { startMs, endMs: Math.floor(startMs + time) } }
}

function verifyEntry(entry: unknown, position: number): void {
  const fail = (place: string, wanted: string): never => {
    throw new UsageError(`/log/entries/${position}${place} must be ${wanted}`)
  }
  if (!isObject(entry)) fail('', 'an object')
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
    const headers = memberOf(owner, 'headers') ?? null
    if (headers === null) continue
    const pairs = Array.isArray(headers) ? (headers as readonly Json[]) : fail(place, 'a list')
    const sound = pairs.every(
      (pair) => typeof memberOf(pair, 'name') === 'string' && typeof memberOf(pair, 'value') === 'string',
    )
    if (!sound) fail(place, 'a list of names and values')
  }
}

/** Why an entry cannot be judged; null where it can. */
function reasonToLeave(entry: Json, position: number): string | null {
  const request = memberOf(entry, 'request')
  const response = memberOf(entry, 'response')
  const status = statusOf(response)
  const url = textAt(request, 'url')
  if (methodOf(request) === 'CONNECT') return 'it only opened a tunnel'
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !/^https?:\/\//i.test(url)) return 'it did not travel over HTTP'
  if (status < 100) return 'it was never answered'
  if (status < 200) return 'the connection went on to another protocol'
  const own = reasonOfBrowser(request, response)
  if (own !== null) return own
  if (isBodiless(request, status)) return null
  if (!isObject(memberOf(response, 'content')) && memberOf(response, 'bodySize') !== 0) {
    return 'its body was not recorded'
  }
  const content = objectAt(response, 'content')
  const size = Math.max(
    sizeAt(content, 'size'),
    content['text'] === undefined ? sizeAt(response, 'bodySize') : 0,
  )
  if (typeof content['text'] !== 'string') return size > 0 ? 'its body was not recorded' : null
  if (size === 0) return null
  const { body } = decode(content, {}, position)
  const short = new TextEncoder().encode(body).byteLength < size
  return short && parseBody(body) === undefined ? 'its body was not recorded whole' : null
}

/** A status that a browser shows though the server's answer ended in an error, and an empty page is shown. */
const SHOWN_ERROR = 'net::ERR_HTTP_RESPONSE_CODE_FAILURE'
const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-range']

/** Why an entry tells of the browser and not of the server; null where it does not. */
function reasonOfBrowser(request: unknown, response: unknown): string | null {
  const status = statusOf(response)
  const error = textAt(response, '_error')
  if (error !== '' && error !== SHOWN_ERROR) return 'the browser broke it off'
  const headers = headersOf(listAt(response, 'headers'))
  const redirects = textAt(response, 'statusText') === 'Internal Redirect'
  if (status === 307 && (redirects || Object.hasOwn(headers, 'non-authoritative-reason'))) {
    return 'the browser redirected it by itself'
  }
  // A browser that holds a copy asks for a newer one, and need not record how.
  const asked = headersOf(listAt(request, 'headers'))
  const conditional = CONDITIONS.some((name) => Object.hasOwn(asked, name))
  return status === 304 && !conditional
    ? 'the browser had it already, and did not record its condition'
    : null
}

function sizeAt(owner: unknown, name: string): number {
  const size = memberOf(owner, name)
  return typeof size === 'number' ? size : 0
}

function statusOf(response: unknown): number {
  const status = memberOf(response, 'status')
  return typeof status === 'number' && Number.isInteger(status) ? status : 0
}

function methodOf(request: unknown): string {
  return textAt(request, 'method').toUpperCase()
}

/** Browsers tell of these what they had in their cache. */
function isBodiless(request: unknown, status: number): boolean {
  return methodOf(request) === 'HEAD' || status === 204 || status === 304
}

function toExchange(entry: Json, position: number): Exchange {
  const request = memberOf(entry, 'request')
  const response = memberOf(entry, 'response')
  const status = statusOf(response)
  const headers = responseHeadersOf(response)
  return {
    operationId: null,
    request: {
      method: methodOf(request),
      url: urlOf(request),
      headers: withCookies(headersOf(listAt(request, 'headers')), listAt(request, 'cookies')),
      body: requestBodyOf(memberOf(request, 'postData')),
    },
    response: {
      status,
      headers,
      ...(isBodiless(request, status)
        ? { body: '' }
        : decode(objectAt(response, 'content'), headers, position)),
    },
    purpose: `recorded, entry ${position}`,
    ...spanOf(entry),
  }
}

/** Some recorders tell the query apart from the URL, and only there. */
function urlOf(request: unknown): string {
  const url = textAt(request, 'url').replace(/#.*$/s, '')
  const pairs = listAt(request, 'queryString')
  return url.includes('?') || pairs.length === 0 ? url : `${url}?${formOf(pairs)}`
}

function formOf(pairs: readonly Json[]): string {
  const form = new URLSearchParams()
  for (const pair of pairs) form.append(textAt(pair, 'name'), textAt(pair, 'value'))
  return form.toString()
}

/** Pseudo headers of HTTP/2 are none; several lines of one name are one value. */
function headersOf(headers: readonly Json[]): Record<string, string> {
  const pairs = headers.map((pair): [string, string] => [textAt(pair, 'name'), textAt(pair, 'value')])
  const real = pairs.filter(([name]) => name !== '' && !name.startsWith(':'))
  return joinHeaders(real.map(([name, value]) => [name, value.replace(/\r?\n/g, ', ')]))
}

function withCookies(headers: Record<string, string>, cookies: readonly Json[]): Record<string, string> {
  if (Object.hasOwn(headers, 'cookie') || cookies.length === 0) return headers
  const pairs = cookies.map((cookie) => `${textAt(cookie, 'name')}=${textAt(cookie, 'value')}`)
  return { ...headers, cookie: pairs.join('; ') }
}

/**
 * A HAR file holds bodies as they were before they were compressed, and may tell of a type and a target
 * apart.
 */
function responseHeadersOf(response: unknown): Record<string, string> {
  const { 'content-encoding': _, ...headers } = headersOf(listAt(response, 'headers'))
  const type = textAt(memberOf(response, 'content'), 'mimeType')
  const target = textAt(response, 'redirectURL')
  const bare = Object.keys(headers).length === 0
  return {
    ...(bare && type !== '' && type !== 'x-unknown' ? { 'content-type': type } : {}),
    ...(target === '' ? {} : { location: target }),
    ...headers,
  }
}

function requestBodyOf(data: unknown): string | null {
  const text = textOrNull(data, 'text')
  const parameters = listAt(data, 'params')
  const isForm = /^application\/x-www-form-urlencoded/i.test(textAt(data, 'mimeType'))
  return text === null || (text === '' && parameters.length > 0)
    ? isForm && parameters.length > 0
      ? formOf(parameters)
      : text
    : text
}

function decode(content: unknown, headers: Readonly<Record<string, string>>, position: number): BodyText {
  const text = textAt(content, 'text')
  if (textAt(content, 'encoding').toLowerCase() !== 'base64') return { body: text }
  try {
    return decodeBody(
      Uint8Array.from(atob(text), (char) => char.charCodeAt(0)),
      headers['content-type'],
    )
  } catch {
    throw new UsageError(`/log/entries/${position}/response/content/text is no base64`)
  }
}
