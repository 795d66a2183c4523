/**
 * J11: who is told to wait is told for how long, truly: a number of seconds or a date, not behind and not
 * too far ahead.
 *
 * @module
 */
import { show } from '../display.ts'
import type { Evidence } from '../evidence.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

/** Answers that ask to come again. */
const TELLS_TO_WAIT: ReadonlySet<number> = new Set([202, 429, 503])
const DAY_MS = 86_400_000
/** The date of RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/**
 * How long an answer asks to wait.
 *
 * @param nowMs - What dates are held against: the answer's own date, where it has one.
 * @returns Milliseconds; null where the text is neither a number of seconds nor a date.
 */
export function waitMs(text: string, nowMs: number): number | null {
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!HTTP_DATE.test(text)) return null
  const ms = Date.parse(text) - nowMs
  return Number.isNaN(ms) ? null : ms
}

/** Reports a `Retry-After` that nobody can follow. */
export function checkRetryAfter(view: View): readonly Finding[] | null {
  const { exchange, spec } = view
  const { status, headers } = exchange.response
  if (!TELLS_TO_WAIT.has(status)) return null
  const documented = spec?.headers.find(({ name }) => name.toLowerCase() === 'retry-after')
  const text = headers['retry-after']
  const at = documented?.schema == null ? {} : { pointer: documented.schema }
  const remark = (message: string, topic: string): Finding =>
    remarkOn(view, { check: 'J11', message, topic: `${view.operation.id} ${topic}`, ...at })
  if (text === undefined) {
    if (documented === undefined) return null
    const what = `answered ${status} without Retry-After, which is documented`
    const finding = remark(what, 'missing')
    return [documented.required ? finding : { ...finding, level: 'warning' }]
  }
  const date = Date.parse(headers['date'] ?? '')
  const ms = waitMs(text.trim(), date)
  if (ms === null && HTTP_DATE.test(text.trim())) return []
  if (ms === null) {
    return [remark(`Retry-After must be a number of seconds or an HTTP date, is ${show(text)}`, 'form')]
  }
  // RFC 9110 allows 0 seconds: come again at once.
  if (ms < 0) return [remark(`Retry-After must not lie behind, is ${show(text)}`, 'past')]
  if (ms > DAY_MS) return [remark(`Retry-After must be a day at the most, is ${show(text)}`, 'far')]
  return []
}

/**
 * Judges a request that came again when an answer had asked for it: it must not be told to wait once more.
 * Null where the first did not say for how long.
 */
export function judgeRetry(first: View, again: View): Evidence | null {
  const text = first.exchange.response.headers['retry-after']
  if (first.exchange.response.status !== 429 || text === undefined) return null
  const entry = { check: 'J11', operationId: again.operation.id, exchanges: 1, reason: null } as const
  if (again.exchange.response.status !== 429) return { ...entry, findings: [] }
  const message = `asked again after Retry-After, ${show(text)}, and was answered 429 once more`
  const topic = `${again.operation.id} again`
  const finding = remarkOn(again, { check: 'J11', message, topic, beside: first.exchange })
  return { ...entry, findings: [finding] }
}
