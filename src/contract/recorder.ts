/**
 * Recorders: they send cases, put each answer through the checks of one exchange and keep the book. Who is
 * told to wait waits and asks again; both answers are judged.
 *
 * @module
 */
import { judgeExchange } from './check/check.ts'
import { judgeExpectation, statusesOwed } from './check/expectation.ts'
import { judgeRetry } from './check/retry-after.ts'
import type { Book } from './evidence.ts'
import { createBook } from './evidence.ts'
import type { Exchange } from './exchange.ts'
import { createChronicle } from './job/chronicle.ts'
import { judgeExpressions } from './law/expression-law.ts'
import type { Case } from './plan/case.ts'
import type { Selection } from './select.ts'
import type { Judge } from './subject.ts'
import type { Session } from './target.ts'
import type { View } from './view.ts'
import { createView } from './view.ts'

/** Sends cases of one piece of work, one after the other. */
export interface Recorder {
  readonly book: Book
  ask(planned: Case): Promise<View>
}

/** What a recorder works with. */
export interface RecorderParts {
  readonly judge: Judge
  readonly session: Session
  /** Which checks of an exchange are made. */
  readonly wants: Selection['wants']
}

/** How often one request is sent at the most, while the target tells to wait. */
const MOST_TRIES = 3

/** Opens a recorder with a book of its own. */
export function createRecorder(
  { judge, session, wants }: RecorderParts,
  onExchange: (view: View) => void,
): Recorder {
  const book = createBook()
  const chronicle = createChronicle()

  async function send(planned: Case, waitedOn: Exchange | null): Promise<View> {
    const operation = judge.operations.get(planned.operationId)
    if (operation === undefined) throw new Error(`a case names the operation ${planned.operationId}`)
    const owed = statusesOwed(operation, planned.expects)
    const view = { ...createView(judge, operation, await session.send(planned)), owed }
    if (planned.stray === true) {
      book.countStray()
      return { ...view, stray: true }
    }
    judgeExchange(view, book, wants)
    if (wants('law', operation.id)) await judgeExpressions(view, book)
    for (const evidence of chronicle.see(view)) book.add(evidence)
    return waitedOn === null ? view : { ...view, waitedOn }
  }

  return {
    book,
    async ask(planned) {
      let view = await send(planned, null)
      for (let tries = 1; tries < MOST_TRIES; tries += 1) {
        const { exchange } = view
        if (!(await session.waitFor(exchange, tries))) break
        onExchange(view)
        const first = view
        view = await send({ ...planned, purpose: `${planned.purpose}, after waiting` }, exchange)
        const retried = judgeRetry(first, view)
        if (retried !== null) book.add(retried)
      }
      const evidence = judgeExpectation(view, planned.expects)
      if (evidence !== null) book.add(evidence)
      onExchange(view)
      return view
    },
  }
}
