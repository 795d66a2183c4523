/**
 * Answers that a header of the request asked for: a condition that does not hold, a range that is not there,
 * a form that nobody has. They are HTTP's own and tell neither for the server nor against it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13
 * @module
 */
import type { Exchange } from './exchange.ts'

/** By how the name of a header begins, the statuses that it may bring about. */
const BROUGHT_ABOUT: readonly (readonly [string, readonly number[]])[] = [
  ['if-', [304, 412]],
  ['range', [206, 416]],
  ['accept', [406]],
  ['expect', [417]],
]

/** Did the request ask, by one of its headers, for the very status that came? */
export function isOfCondition({ request, response }: Pick<Exchange, 'request' | 'response'>): boolean {
  const names = Object.keys(request.headers)
  return BROUGHT_ABOUT.some(
    ([start, statuses]) =>
      statuses.includes(response.status) && names.some((name) => name.toLowerCase().startsWith(start)),
  )
}
