/**
 * Pieces of work: what is asked of a target one after the other, for one purpose. Pieces are independent of
 * each other, so they may be done side by side, left out, shared between runs, or done again.
 *
 * @module
 */
import { EXCHANGE_CHECK_NAMES } from './check/check.ts'
import type { CheckName } from './finding.ts'
import { CHECK_NAMES } from './finding.ts'
import type { Case } from './plan/case.ts'
import type { Recorder } from './recorder.ts'
import type { Selection } from './select.ts'

/** What a piece of work is for: one request, reads of one job, walks over rows or jobs, a job's life. */
export type PieceKind = 'case' | 'read' | 'walk' | 'list' | 'life'

/** One piece of work. */
export interface Piece<Result> {
  readonly kind: PieceKind
  /** The same in every run; which of several runs does it follows from it. */
  readonly name: string
  /** The operations that it asks. */
  readonly operations: readonly string[]
  /** Checks that it is for, beside those of every exchange; all that its kind can show unless given. */
  readonly checks?: readonly CheckName[]
  /** About how many exchanges it takes. */
  readonly exchanges: number
  /** Done again it shows the same, unless the target flips: nothing else moves what it looks at. */
  readonly repeatable: boolean
  /** Other pieces are planned by its result, so it is done wherever they are. */
  readonly lends?: true
  readonly run: (recorder: Recorder) => Promise<Result>
}

/** The checks of walks: families by their letters. */
const WALKED = CHECK_NAMES.filter((name) => /^[PSFXC]\d/.test(name))

const SHOWN: Readonly<Record<PieceKind, readonly CheckName[]>> = {
  case: [],
  read: CHECK_NAMES,
  walk: WALKED,
  list: WALKED,
  life: CHECK_NAMES,
}

/** Can a piece of work show what a selection asks for? */
export function isWanted({ kind, checks, operations }: Piece<unknown>, selection: Selection): boolean {
  const shown = new Set([...EXCHANGE_CHECK_NAMES, ...(checks ?? SHOWN[kind])])
  return operations.some((id) => [...shown].some((check) => selection.wants(check, id)))
}

/** The piece of work that sends one case. */
export function pieceOfCase(planned: Case): Piece<unknown> {
  const { operationId, purpose, expects, method, url } = planned
  const checks: readonly CheckName[] =
    expects.kind === 'refused'
      ? [expects.check]
      : expects.kind === 'accepted' || expects.kind === 'admitted'
        ? ['positive_data_acceptance']
        : expects.kind === 'answered'
          ? ['job_state']
          : expects.kind === 'unsupported'
            ? ['unsupported_method']
            : []
  return {
    kind: 'case',
    name: `case ${operationId} ${purpose} ${method} ${url.replace(/^[a-z]+:\/\/[^/]*/i, '')}`,
    operations: [operationId],
    checks,
    exchanges: 1,
    repeatable: true,
    run: (recorder) => recorder.ask(planned),
  }
}
