/**
 * Recorders: they send cases, put each answer through the checks of one exchange and keep the book.
 *
 * @module
 */
import { judgeExchange } from './check/check.ts'
import { judgeExpectation } from './check/expectation.ts'
import type { Book } from './evidence.ts'
import { createBook } from './evidence.ts'
import { createChronicle } from './job/chronicle.ts'
import type { Case } from './plan/case.ts'
import type { Judge } from './subject.ts'
import type { Session } from './target.ts'
import type { View } from './view.ts'
import { createView } from './view.ts'

/** Sends cases of one piece of work, one after the other. */
export interface Recorder {
  readonly book: Book
  ask(planned: Case): Promise<View>
}

/** Opens a recorder with a book of its own. */
export function createRecorder(judge: Judge, session: Session, onExchange: () => void): Recorder {
  const book = createBook()
  const chronicle = createChronicle()
  return {
    book,
    async ask(planned) {
      const operation = judge.operations.get(planned.operationId)
      if (operation === undefined) throw new Error(`a case names the operation ${planned.operationId}`)
      const exchange = await session.send(planned)
      const view = createView(judge, operation, exchange)
      judgeExchange(view, book)
      for (const evidence of chronicle.see(view)) book.add(evidence)
      const evidence = judgeExpectation(view, planned.expects)
      if (evidence !== null) book.add(evidence)
      onExchange()
      return view
    },
  }
}
