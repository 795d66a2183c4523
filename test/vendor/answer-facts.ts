/**
 * What a vendor is handed, made by hand: for tests of vendors as plain functions.
 *
 * @module
 */
import type { AnswerFacts } from '../../src/vendor/vendor.ts'

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
