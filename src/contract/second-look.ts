/**
 * What a second look at a finding is made of: whether one answer shows it, the request of that answer, and
 * whether what came shows the same again.
 *
 * @module
 */
import { EXCHANGE_CHECK_NAMES } from './check/check.ts'
import type { Book } from './evidence.ts'
import type { Exchange } from './exchange.ts'
import type { Finding } from './finding.ts'
import type { Case } from './plan/case.ts'

/** Can one answer show it? */
export function isShownByOne({ check, exchanges }: Finding): boolean {
  const last = exchanges.at(-1)
  return EXCHANGE_CHECK_NAMES.includes(check) && last !== undefined && isSafe(last)
}

function isSafe({ request }: Exchange): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

/** The request of an exchange as a case that expects nothing. */
export function caseOf({ operationId, purpose, request }: Exchange): Case {
  return { operationId: operationId ?? '', purpose, ...request, expects: { kind: 'documented' } }
}

/** Has a book the same finding? */
export function hasFinding(book: Book, wanted: Finding): boolean {
  return findIn(book, wanted) !== null
}

/** The same finding as another book has it; null where it has none. */
export function findIn(book: Book, { check, id }: Finding): Finding | null {
  // What is asked of one operation may show itself at another: the request that made a job, in a list.
  for (const entry of book.entries.values()) {
    if (entry.check !== check) continue
    const found = [...entry.findings.values()].find((finding) => finding.id === id)
    if (found !== undefined) return found
  }
  return null
}
