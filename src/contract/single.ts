/**
 * One exchange judged by itself: the checks that need no other exchange, and what they say.
 *
 * @module
 */
import type { Operation } from '../openapi/operation.ts'
import { judgeExchange } from './check/check.ts'
import type { Book } from './evidence.ts'
import { createBook } from './evidence.ts'
import type { Exchange } from './exchange.ts'
import type { CheckName, Finding } from './finding.ts'
import { judgeExpressions } from './law/expression-law.ts'
import type { Judge } from './subject.ts'
import type { View } from './view.ts'
import { createView } from './view.ts'

/** What came of judging one exchange. */
export interface Single {
  readonly view: View
  readonly findings: readonly Finding[]
  /** The checks that had something to bite on. */
  readonly checks: readonly CheckName[]
  readonly book: Book
}

/** Judges an exchange of an operation. */
export async function judgeSingle(judge: Judge, operation: Operation, exchange: Exchange): Promise<Single> {
  const view = createView(judge, operation, { ...exchange, operationId: operation.id })
  const book = createBook()
  judgeExchange(view, book)
  await judgeExpressions(view, book)
  const entries = [...book.entries.values()]
  return {
    view,
    findings: entries.flatMap(({ findings }) => [...findings.values()]),
    checks: entries.filter(({ exchanges }) => exchanges > 0).map(({ check }) => check),
    book,
  }
}

/**
 * Why an answer is not the operation's own to give; null where it is. A client that says what it has already,
 * or asks for a part, gets answers that HTTP documents and OpenAPI documents do not.
 */
export function reasonToPass(operation: Operation, { request, response }: Exchange): string | null {
  const { status } = response
  if (status === 0) return 'it was never answered'
  if (operation.responses.has(String(status))) return null
  const asks = (...names: readonly string[]): boolean =>
    names.some((name) => Object.hasOwn(request.headers, name))
  if (status === 304 && asks('if-none-match', 'if-modified-since')) return 'nothing has changed since'
  if (status === 412 && asks('if-match', 'if-unmodified-since')) return 'its condition was not met'
  if ((status === 206 || status === 416) && asks('range')) return 'only a part was asked for'
  return null
}
