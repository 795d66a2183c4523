/**
 * Mutants of what a job has before its end: empty pages that count rows, rows that progress has lost, and
 * waits without a length.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { Mutant } from './mutant.ts'
import { isAnswered } from './mutant.ts'
import { put, told } from './told.ts'

/** An empty page says that it is not. */
export function fullTooEarly(): Mutant {
  return told('J12', 'a job without rows counts one', (each) => {
    const { rows } = each.contract
    const items = rows === null ? undefined : readPointer(each.view.body, rows.at)
    return Array.isArray(items) && items.length === 0 ? put(each, rows?.total ?? null, () => 1) : null
  })
}

/** A row is lost that the progress counts: it is missing in the total, or where there is none in the list. */
export function rowsOfProgress(operations: readonly OperationContract[]): readonly Mutant[] {
  const lost = told('J13', 'a row is lost that the progress counts', (each) => {
    const { rows } = each.contract
    const items = rows === null ? undefined : readPointer(each.view.body, rows.at)
    if (rows?.follow == null || !Array.isArray(items) || items.length === 0) return null
    return rows.total === null
      ? put(each, rows.at, () => (items as readonly Json[]).slice(1))
      : put(each, rows.total, (total) => Number(total) - 1)
  })
  return operations.some(({ rows }) => rows?.follow != null) ? [lost] : []
}

/** Once for each operation, somebody is told to wait, but not for how long. */
export function nonsenseToWait(): Mutant {
  return {
    check: 'J11',
    name: 'who must wait is told nonsense',
    begin: () => {
      const done = new Set<string>()
      return (view) => {
        const { id, responses } = view.operation
        if (done.has(id) || !responses.has('429') || !isAnswered(view)) return null
        done.add(id)
        return { status: 429, headers: { 'retry-after': 'soon' } }
      }
    },
  }
}
