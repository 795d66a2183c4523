/**
 * The log of requests: a line each, for people or as JSON. No header, no body and no key is ever written.
 *
 * @module
 */
import { maskQuery } from '../openapi/query-key.ts'
import type { Terminal } from './command.ts'

/** The bindings are what the adapter hands in beside the request. */
type Fetch = (request: Request, bindings?: object) => Response | Promise<Response>

/**
 * Makes what wraps a `fetch` so that each answer is logged; silent leaves it as it is.
 *
 * @param secret - Query parameters whose values are not shown.
 */
export function createRequestLog(
  mode: string,
  secret: () => ReadonlySet<string>,
  terminal: Terminal,
): (fetch: Fetch) => Fetch {
  if (mode === 'silent') return (fetch) => fetch
  const write = mode === 'json' ? jsonLine : prettyLine
  return (fetch) => async (request, bindings) => {
    const start = performance.now()
    const response = await fetch(request, bindings)
    const ms = Math.round((performance.now() - start) * 10) / 10
    terminal.print(write(request.method, pathOf(request.url, secret()), response.status, ms))
    return response
  }
}

const SHOWN = 300

function pathOf(url: string, secret: ReadonlySet<string>): string {
  const path = url.slice(url.indexOf('/', url.indexOf('//') + 2))
  const query = path.indexOf('?') + 1
  const masked = query === 0 ? path : path.slice(0, query) + maskQuery(path.slice(query), secret)
  const plain = masked.replace(/[^\x21-\x7e]/g, '?')
  return plain.length <= SHOWN ? plain : `${plain.slice(0, SHOWN)}…`
}

function prettyLine(method: string, path: string, status: number, ms: number): string {
  return `${String(status)} ${method.padEnd(6)} ${path} ${ms} ms`
}

function jsonLine(method: string, path: string, status: number, ms: number): string {
  return JSON.stringify({ event: 'request', method, path, status, ms })
}
