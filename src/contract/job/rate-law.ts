/**
 * J11 over time: what is left of a limit does not rise within one window.
 *
 * @module
 */
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

/** The names in use, each with the header that says when its window ends. */
const LIMITS = [
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['x-rate-limit-remaining', 'x-rate-limit-reset'],
] as const

/** A reset below this counts seconds from now: it changes all the time and names no window. */
const EPOCH_SECONDS_FROM = 1e9

/** Which limit a request counts against, as far as one can tell: its operation's, of one caller and world. */
export function limitOf({ operation, exchange }: View): string {
  const { headers } = exchange.request
  const names = ['authorization', 'x-api-key', 'cookie', 'standin-sandbox']
  return JSON.stringify([operation.id, ...names.map((name) => headers[name] ?? '')])
}

/**
 * Holds an answer to the one before it that counts against the same limit; null where they do not compare.
 */
export function judgeRemaining(view: View, earlier: View): readonly Finding[] | null {
  const [before, now] = [earlier.exchange.response.headers, view.exchange.response.headers]
  for (const [name, reset] of LIMITS) {
    const [was, is] = [before[name], now[name]]
    const window = now[reset]
    if (was === undefined || is === undefined || window === undefined || window !== before[reset]) continue
    if (/^\d+$/.test(window) && Number(window) < EPOCH_SECONDS_FROM) continue
    if (!/^\d+$/.test(was) || !/^\d+$/.test(is)) continue
    if (Number(is) <= Number(was)) return []
    const message = `${name} is ${is}, was ${was}, though the window still ends at ${show(window)}`
    const pointer = view.spec?.headers.find((each) => each.name.toLowerCase() === name)?.schema
    const place = pointer == null ? {} : { pointer }
    const topic = `${view.operation.id} ${name}`
    return [remarkOn(view, { check: 'J11', message, topic, beside: earlier.exchange, ...place })]
  }
  return null
}
