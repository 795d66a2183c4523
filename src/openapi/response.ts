/**
 * Which documented answer a status belongs to.
 *
 * @module
 */
import type { Operation, ResponseSpec } from './operation.ts'

/** Exact status, then its range (`2XX`), then `default`; undefined where none is documented. */
export function responseFor(operation: Operation, status: number): ResponseSpec | undefined {
  const { responses } = operation
  return (
    responses.get(String(status)) ??
    responses.get(`${Math.floor(status / 100)}XX`) ??
    responses.get('default')
  )
}

/**
 * The lowest documented 2xx status. Where there is none: 200 if a range or the default covers it, else the
 * lowest that is documented, such as a redirection.
 */
export function successStatus(operation: Operation): number {
  const known = successes.get(operation)
  if (known !== undefined) return known
  const status = lowestSuccess(operation)
  successes.set(operation, status)
  return status
}

const successes = new WeakMap<Operation, number>()

function lowestSuccess(operation: Operation): number {
  const statuses = [...operation.responses.keys()].filter((status) => /^[2-5]\d\d$/.test(status)).map(Number)
  const good = statuses.filter((status) => status < 300)
  if (good.length > 0) return Math.min(...good)
  return statuses.length === 0 || responseFor(operation, 200) !== undefined ? 200 : Math.min(...statuses)
}
