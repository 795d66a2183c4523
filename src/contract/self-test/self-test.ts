/**
 * The self-test of the judge: mutants are planted one by one in the answers of a target that keeps its
 * contract, and the check that each was made for must find it. A judge that lets one live has lost a tooth.
 *
 * @module
 */
import type { CheckName } from '../finding.ts'
import { createMatch } from '../matching.ts'
import type { CheckOptions } from '../run.ts'
import { checkTarget } from '../run.ts'
import type { Subject } from '../subject.ts'
import { createJudge } from '../subject.ts'
import type { Target } from '../target.ts'
import { bodyMutants } from './body-mutants.ts'
import { httpMutants } from './http-mutants.ts'
import { jobMutants } from './job-mutants.ts'
import { lawMutants } from './law-mutants.ts'
import type { Mutant } from './mutant.ts'
import { plant } from './plant.ts'
import { rowMutants } from './row-mutants.ts'

/** What became of a mutant. */
export interface MutantOutcome {
  readonly check: CheckName
  readonly name: string
  /** `unplanted`: no answer came that it could be planted in, so it says nothing of the judge. */
  readonly outcome: 'killed' | 'survived' | 'unplanted'
}

/** What a self-test of one API brought. */
export interface SelfTest {
  readonly api: string
  readonly outcomes: readonly MutantOutcome[]
}

/** The share of planted mutants that must be killed. */
export const LEAST_SHARE = 0.98

/** Every mutant of an API, those of single answers first. */
function mutantsOf(subject: Subject): readonly Mutant[] {
  return [
    ...httpMutants(subject),
    ...bodyMutants(),
    ...lawMutants(subject),
    ...rowMutants(subject),
    ...jobMutants(subject),
  ]
}

/**
 * Plants every mutant of an API and judges what comes of it.
 *
 * @param openTarget - Gives a target as it is at its beginning.
 * @param options - As for a run on the target; what is selected, rechecked and how much is done at once is
 * the self-test's own.
 * @param onMutant - Told of each mutant, before it is planted.
 * @param isWanted - Which mutants are planted; all unless given.
 */
export async function selfTest(
  subject: Subject,
  openTarget: () => Promise<Target>,
  options: CheckOptions,
  onMutant: (done: number, all: number) => void = () => undefined,
  isWanted: (mutant: Pick<Mutant, 'check' | 'name'>) => boolean = () => true,
): Promise<SelfTest> {
  const judge = createJudge(subject)
  const { pathname } = new URL(options.baseUrl)
  const match = createMatch(subject, [pathname])
  const mutants = mutantsOf(subject).filter(isWanted)
  const outcomes: MutantOutcome[] = []
  for (const mutant of mutants) {
    options.signal?.throwIfAborted()
    onMutant(outcomes.length, mutants.length)
    // Jobs that one run has made would be seen by the next.
    const planted = plant(judge, match, await openTarget(), mutant)
    const { findings } = await checkTarget(subject, planted.target, {
      ...options,
      concurrency: 1,
      recheck: false,
      selection: { only: [mutant.check], untilBroken: true },
    })
    const found = findings.some(({ check }) => check === mutant.check)
    const outcome = found ? 'killed' : planted.count() === 0 ? 'unplanted' : 'survived'
    outcomes.push({ check: mutant.check, name: mutant.name, outcome })
  }
  return { api: subject.document.id, outcomes }
}

/** The share of the planted mutants that were killed; 0 where none was planted. */
export function shareOf(tests: readonly SelfTest[]): number {
  const planted = tests.flatMap(({ outcomes }) => outcomes.filter(({ outcome }) => outcome !== 'unplanted'))
  const killed = planted.filter(({ outcome }) => outcome === 'killed')
  return planted.length === 0 ? 0 : killed.length / planted.length
}
