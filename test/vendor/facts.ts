/**
 * What a vendor is handed, made by hand: for tests of vendors as plain functions.
 *
 * @module
 */
import { flawOf } from '../../src/vendor/error-shape.ts'
import type { AnswerFacts, RefusalFacts } from '../../src/vendor/vendor.ts'

/** Facts of an answer; what a test does not speak of is as in an empty request. */
export function answerFacts(facts: Pick<AnswerFacts, 'view' | 'state'> & Partial<AnswerFacts>): AnswerFacts {
  return {
    rows: [],
    total: facts.view.rows,
    more: false,
    body: null,
    dryRun: false,
    instant: (ms) => new Date(ms).toISOString(),
    each: () => [],
    scope: {},
    link: (operationId) => `/${operationId}/${facts.view.job.id}`,
    profile: 'spec',
    ...facts,
  }
}

/** Facts of a refusal; its flaws follow from its issues. */
export function refusalFacts(
  facts: Pick<RefusalFacts, 'code' | 'status'> & Partial<RefusalFacts>,
): RefusalFacts {
  const { issues = [] } = facts
  return {
    message: 'No',
    issues,
    flaws: () => issues.map(flawOf),
    path: '/a',
    at: '2026-01-01T00:00:00.000Z',
    profile: 'spec',
    ...facts,
  }
}
