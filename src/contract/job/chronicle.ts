/**
 * Chronicles: what one sequential piece of work has seen of each job, and what each new answer says beside it
 * (J01 to J06). Answers of work that goes on side by side have no order, so each piece has its own.
 *
 * @module
 */
import type { JobState } from '../../model/job.ts'
import type { Evidence } from '../evidence.ts'
import type { CheckName, Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { judgeError } from './error-law.ts'
import type { Shown } from './instant-law.ts'
import { judgeInstantPair, judgeInstants } from './instant-law.ts'
import { judgeAdvance, judgeCompleteness, judgeParts } from './progress-law.ts'
import type { Sight } from './sight.ts'
import { sightsOf } from './sight.ts'
import { staysAsItIs, stepTo } from './state-law.ts'

/** A record of jobs, in the order in which they were seen. */
export interface Chronicle {
  /** Judges what an answer tells of jobs by what was told before, and remembers it. */
  see(view: View): readonly Evidence[]
}

/** What is remembered of one job. */
interface Past {
  /** What it may have been in when its state was last seen. */
  states: readonly JobState[] | null
  last: Sight | null
  /** The last sight by each source. */
  readonly bySource: Map<string, Sight>
  /** The last sight by each request. */
  readonly byRequest: Map<string, Sight>
}

/** Opens an empty chronicle. */
export function createChronicle(): Chronicle {
  const pasts = new Map<string, Past>()
  const shown: Shown = new Set()

  function judge(sight: Sight): readonly Evidence[] {
    const past = pasts.get(sight.key) ?? {
      states: null,
      last: null,
      bySource: new Map<string, Sight>(),
      byRequest: new Map<string, Sight>(),
    }
    pasts.set(sight.key, past)
    const evidence = [...alone(sight, shown), ...inTime(sight, past)]
    remember(sight, past)
    return evidence
  }

  return { see: (view) => sightsOf(view).flatMap(judge) }
}

/** What one sight says by itself. */
function alone(sight: Sight, shown: Shown): readonly Evidence[] {
  return [
    ...told(sight, 'J03', judgeParts(sight)),
    ...told(sight, 'J04', judgeCompleteness(sight)),
    ...told(sight, 'J05', judgeInstants(sight, shown)),
    ...told(sight, 'J06', judgeError(sight)),
  ]
}

/** What it says beside those before it. */
function inTime(sight: Sight, past: Past): readonly Evidence[] {
  const evidence: Evidence[] = []
  if (sight.word !== null) {
    const before = past.last !== null && isBefore(past.last, sight) ? past : null
    const step = stepTo(sight, before?.states ?? null, before?.last ?? null)
    evidence.push(...told(sight, 'J01', step.findings))
    past.states = step.states.length === 0 ? null : step.states
    past.last = step.states.length === 0 ? null : sight
  }
  const earlier = past.bySource.get(sight.source)
  if (earlier !== undefined && isBefore(earlier, sight)) {
    evidence.push(...told(sight, 'J03', judgeAdvance(sight, earlier)))
    evidence.push(...found(sight, 'J05', judgeInstantPair(sight, earlier)))
  }
  const same = past.byRequest.get(requestOf(sight))
  if (same !== undefined && isBefore(same, sight)) {
    evidence.push(...told(sight, 'J02', staysAsItIs(sight, same)))
  }
  return evidence
}

function remember(sight: Sight, { bySource, byRequest }: Past): void {
  bySource.set(sight.source, sight)
  if (sight.view.operation.method === 'GET') byRequest.set(requestOf(sight), sight)
}

/** Sights with the same text must be the same where a job stands still; items of lists are, whatever the page. */
function requestOf({ view, source, base }: Sight): string {
  const { method, url } = view.exchange.request
  return base === '' ? `${method} ${url}` : source
}

/** Recorded exchanges may overlap: then nothing is known of which came first. */
function isBefore(earlier: Sight, later: Sight): boolean {
  const [first, second] = [earlier.view.exchange.span, later.view.exchange.span]
  return first === undefined || second === undefined || first.endMs <= second.startMs
}

function told(sight: Sight, check: CheckName, findings: readonly Finding[] | null): readonly Evidence[] {
  if (findings === null) return []
  return [{ check, operationId: sight.view.operation.id, exchanges: 1, findings, reason: null }]
}

/** Findings alone: that there was something to look at was counted already. */
function found(sight: Sight, check: CheckName, findings: readonly Finding[]): readonly Evidence[] {
  return findings.length === 0 ? [] : told(sight, check, findings)
}
