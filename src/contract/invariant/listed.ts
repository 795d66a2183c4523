/**
 * A list of jobs while it is judged: what is said of a walk counts only where the list stands still.
 *
 * @module
 */
import type { CheckName, Finding, Remark } from '../finding.ts'
import type { Aim } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import { remarkOn } from '../view.ts'
import type { ListWalk } from './list-walk.ts'
import { judgeListPages } from './list-walk.ts'
import { nothingFor } from './paging.ts'

/** A list that is judged: its jobs as they were first met, and whether they still stand so. */
export interface Listed {
  readonly recorder: Recorder
  readonly aim: Aim
  readonly reference: ListWalk
  /** Jobs are made and go on while a list is read: two walks of one that moves tell nothing. */
  readonly isStill: () => Promise<boolean>
}

/** The bytes of a walk. */
export function textOf({ pages }: ListWalk): string {
  return pages.map(({ view }) => view.exchange.response.body).join('\n')
}

/** What the pages of a walk promise; a fault counts where the list stands still. */
export async function judgePages({ recorder, isStill }: Listed, walk: ListWalk): Promise<void> {
  for (const evidence of judgeListPages(walk)) {
    const moved = evidence.findings.length > 0 && !(await isStill())
    recorder.book.add(moved ? nothingFor(evidence.operationId, evidence.check, MOVES) : evidence)
  }
}

const MOVES = 'the list changes while it is read'

/** Writes down what the comparison of a walk with the reference says, where the list stands still. */
export async function note(
  { recorder, isStill }: Listed,
  walk: ListWalk,
  check: CheckName,
  findings: readonly Finding[],
): Promise<void> {
  const operationId = walk.plan.operation.id
  if (findings.length > 0 && !(await isStill())) recorder.book.add(nothingFor(operationId, check, MOVES))
  else recorder.book.add({ check, operationId, exchanges: walk.pages.length, findings, reason: null })
}

/** A remark on the last page of a walk, beside the first page of what it is compared with. */
export function remark(
  walk: ListWalk,
  reference: ListWalk,
  what: Omit<Remark, 'beside'>,
): readonly Finding[] {
  const [page, other] = [walk.pages.at(-1), reference.pages[0]]
  if (page === undefined) return []
  const beside = other === undefined || other === page ? {} : { beside: other.view.exchange }
  return [remarkOn(page.view, { ...what, message: `${walk.plan.name}: ${what.message}`, ...beside })]
}
