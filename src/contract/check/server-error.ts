/**
 * `no_server_error`: no answer of the 5xx family that nobody asked for, and no request without an answer.
 *
 * @module
 */
import { cut } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

/** Reports failures of the server; documented ones too, unless the request asked for that answer. */
export function checkServerError(view: View): readonly Finding[] {
  const { status, body } = view.exchange.response
  const check = 'no_server_error'
  if (status === 0) return [remarkOn(view, { check, message: `no answer came: ${cut(body, 200)}` })]
  if (status < 500 || wasAskedFor(view, status)) return []
  const documented = view.spec === undefined ? 'undocumented and ' : ''
  const message = `answered ${status}, ${documented}not asked for: ${cut(body, 200) || 'the body is empty'}`
  return [remarkOn(view, { check, message })]
}

/** Mock servers are asked for an answer by `Prefer: code=500` and the like. */
function wasAskedFor({ exchange, query }: View, status: number): boolean {
  const { headers } = exchange.request
  const asked = [headers['x-mock-response-code'], query.get('__code')?.at(-1)]
  return asked.includes(String(status)) || new RegExp(`\\bcode=${status}\\b`).test(headers['prefer'] ?? '')
}
