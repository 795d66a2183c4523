/**
 * What the proxy tells its client of a verdict: the headers of an answer that is passed on, and the findings
 * in the refusal that stands for one that is not.
 *
 * @module
 */
import type { Finding } from '../contract/finding.ts'
import type { Judged } from '../contract/live.ts'

const SHOWN_IDS = 20

/** What the client is told of an answer: how it was found, how many promises it breaks, and which. */
export function verdictHeaders(judged: Judged | null, breaches: readonly Finding[]): Record<string, string> {
  if (judged === null) return { 'Standin-Verdict': 'unjudged' }
  if (judged.operationId === null) return { 'Standin-Verdict': 'unmatched' }
  if (judged.passed !== null) return { 'Standin-Verdict': 'unjudged' }
  const ids = [...new Set(breaches.map(({ id }) => id))].slice(0, SHOWN_IDS)
  return {
    'Standin-Verdict': breaches.length === 0 ? 'kept' : 'broken',
    'Standin-Findings': String(breaches.length),
    ...(ids.length === 0 ? {} : { 'Standin-Finding-Ids': ids.join(', ') }),
  }
}

/** A finding as the body of a refusal tells it. */
export function toProblem({ id, check, message, at, document }: Finding): object {
  return { id, check, message, at, document: `${document.file}:${document.line}:${document.column}` }
}
