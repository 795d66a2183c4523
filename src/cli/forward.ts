/**
 * What a proxy sends on of a request and of an answer: which headers end at it (RFC 9110, section 7.6), and
 * where a request goes. Sockets are in `proxy-server.ts`.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'

/** Headers that hold between two neighbours only. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

type Message = Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>

/** The headers of a message as pairs, those of this hop left out: also the ones that Connection names. */
function endToEnd({ rawHeaders }: Message): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  }
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((each) => each.trim().toLowerCase()))
  const dropped = new Set(named)
  return pairs.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()) && !dropped.has(name.toLowerCase()))
}

/** The headers with which a request goes on: Host is the target's, and Via tells of the proxy. */
export function onwardHeaders(request: IncomingMessage, target: URL): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of endToEnd(request)) {
    const key = name.toLowerCase()
    // The body is asked for by this proxy already.
    if (key === 'host' || key === 'expect') continue
    const known = headers[key]
    headers[key] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value]
  }
  headers['host'] = target.host
  headers['via'] = viaOf(headers['via'], request.httpVersion)
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers
  if (coding !== undefined) headers['transfer-encoding'] = 'chunked'
  else if (
    length === undefined &&
    !['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE'].includes(request.method ?? '')
  ) {
    headers['content-length'] = '0'
  }
  if (coding !== undefined) delete headers['content-length']
  return headers
}

function viaOf(known: string | string[] | undefined, version: string): string {
  const before = known === undefined ? [] : Array.isArray(known) ? known : [known]
  return [...before, `${version} standin`].join(', ')
}

/** Names and values for `writeHead`: as they came, in their order, and what the proxy has to say. */
export function answerHeaders(answer: Message, own: Readonly<Record<string, string>>): string[] {
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const kept = endToEnd(answer).filter(([name]) => !names.has(name.toLowerCase()))
  return [...kept, ...Object.entries(own)].flat()
}

/** What joins the values of a header that comes several times; commas join all others. */
const MARKS: Readonly<Record<string, string>> = { cookie: '; ', 'set-cookie': '\n' }

/** Headers in lower case, several lines of one name joined. */
export function joinedHeaders(message: Message): Record<string, string> {
  const joined = new Map<string, string>()
  for (const [name, value] of endToEnd(message)) {
    const key = name.toLowerCase()
    const before = joined.get(key)
    const mark = MARKS[key] ?? ', '
    joined.set(key, before === undefined ? value : `${before}${mark}${value}`)
  }
  return Object.fromEntries(joined)
}

/**
 * The path and query that a request asks the target for; what is before them in the target's URL is put in
 * front. Null where the request names no path, as `OPTIONS *` does.
 */
export function onwardPath(url: string, target: URL): string | null {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/#.*$/s, '')
  const whole = path === '' || path.startsWith('?') ? `/${path}` : path
  return whole.startsWith('/') ? `${target.pathname.replace(/\/+$/, '')}${whole}` : null
}

/** Does a request ask for another protocol than HTTP, that a judge of HTTP could not follow? */
export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return /(^|,)\s*websocket\s*(\/|,|$)/i.test(headers.upgrade ?? '')
}
