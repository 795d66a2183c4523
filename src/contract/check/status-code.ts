/**
 * `status_code_conformance`: every status is documented, as itself, by its range or by `default`.
 *
 * @module
 */
import { isOfCondition } from '../condition.ts'
import { either } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

const CHECK = 'status_code_conformance'

/** Reports a status that the operation does not document. */
export function checkStatus(view: View): readonly Finding[] | null {
  const { status } = view.exchange.response
  if (status === 0) return null
  if (status < 100 || status > 599) {
    return [remarkOn(view, { check: CHECK, message: `${status} is no status of HTTP` })]
  }
  if (view.spec !== undefined || isUnmodified(view)) return []
  const documented = [...view.operation.responses.keys()]
  const message = `${status} is not documented; documented: ${either(documented, 'and') || 'none'}`
  const pointer = `${view.operation.pointer}/responses`
  if (!isForeseen(view)) return [remarkOn(view, { check: CHECK, message, pointer })]
  return [remarkOn(view, { check: CHECK, level: 'warning', message, pointer, topic: `${pointer} foreseen` })]
}

/** Who asks to be refused, sets conditions or names keys is not surprised; the document's silence is told. */
function isForeseen({ operation, owed, exchange }: View): boolean {
  const { status } = exchange.response
  if (owed?.has(status) === true || isOfCondition(exchange)) return true
  return status === 401 && operation.security.length > 0
}

/** A 304 is HTTP's own answer to a request that names an entity tag or a date. */
export function isUnmodified({ exchange }: View): boolean {
  const { headers } = exchange.request
  const conditional = headers['if-none-match'] ?? headers['if-modified-since']
  return exchange.response.status === 304 && conditional !== undefined
}
