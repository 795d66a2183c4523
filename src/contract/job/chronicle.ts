/**
 * Chronicles: what one sequential piece of work has seen of each job, and what each new answer says beside it
 * (J01 to J06, J11 to J13, C02). Answers of work that goes on side by side have no order, so each piece has
 * its own.
 *
 * @module
 */
import type { JobState } from '../../model/job.ts'
import type { Evidence } from '../evidence.ts'
import type { Exchange } from '../exchange.ts'
import type { CheckName, Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { judgeError } from './error-law.ts'
import type { Shown } from './instant-law.ts'
import { judgeInstantPair, judgeInstants } from './instant-law.ts'
import { judgeAdvance, judgeCompleteness, judgeParts } from './progress-law.ts'
import { judgeRemaining, limitOf } from './rate-law.ts'
import { judgeEmptyPage, judgeFailedCount, judgeRowsFollow, wholePage } from './rows-law.ts'
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

/** How many jobs are remembered, and how many requests of each: traffic that is watched has no end. */
const MOST_JOBS = 10_000
const MOST_REQUESTS = 50

/** Opens an empty chronicle. */
export function createChronicle(): Chronicle {
  const pasts = new Map<string, Past>()
  const shown: Shown = new Set()
  const limits = new Map<string, View>()

  function judge(sight: Sight): readonly Evidence[] {
    const past = pasts.get(sight.key) ?? {
      states: null,
      last: null,
      bySource: new Map<string, Sight>(),
      byRequest: new Map<string, Sight>(),
    }
    pasts.set(sight.key, past)
    if (pasts.size > MOST_JOBS) forgetFirst(pasts)
    const evidence = [...alone(sight, shown), ...inTime(sight, past)]
    remember(sight, past)
    return evidence
  }

  function judgeLimit(view: View): readonly Evidence[] {
    const limit = limitOf(view)
    const earlier = limits.get(limit)
    limits.set(limit, view)
    if (earlier === undefined || !follows(view.exchange, earlier.exchange)) return []
    return told(view, 'J11', judgeRemaining(view, earlier))
  }

  return { see: (view) => [...judgeLimit(view), ...sightsOf(view).flatMap(judge)] }
}

/** What one sight says by itself. */
function alone(sight: Sight, shown: Shown): readonly Evidence[] {
  const { view } = sight
  return [
    ...told(view, 'J03', judgeParts(sight)),
    ...told(view, 'J04', judgeCompleteness(sight)),
    ...told(view, 'J05', judgeInstants(sight, shown)),
    ...told(view, 'J06', judgeError(sight)),
    ...(sight.base === '' ? rows(sight) : []),
  ]
}

/** What an answer that shows a job with its rows says of both. */
function rows(sight: Sight): readonly Evidence[] {
  const { view, states, id } = sight
  const page = wholePage(view)
  const waits = states.length > 0 && states.every((state) => state === 'queued')
  return [
    ...told(view, 'J12', waits ? judgeEmptyPage(view, `job ${id}`) : null),
    ...told(view, 'J13', judgeRowsFollow(view, sight)),
    ...told(view, 'C02', page === null ? null : judgeFailedCount([page], sight)),
  ]
}

/** What it says beside those before it. */
function inTime(sight: Sight, past: Past): readonly Evidence[] {
  const evidence: Evidence[] = []
  const { view } = sight
  // A request to make a job that comes again is answered as the first one was, whatever has become of the
  // job.
  if (sight.contract.role === 'create' && past.last !== null) return []
  if (sight.word !== null) {
    const before = past.last !== null && isBefore(past.last, sight) ? past : null
    const step = stepTo(sight, before?.states ?? null, before?.last ?? null)
    evidence.push(...told(view, 'J01', step.findings))
    past.states = step.states.length === 0 ? null : step.states
    past.last = step.states.length === 0 ? null : sight
  }
  const earlier = past.bySource.get(sight.source)
  if (earlier !== undefined && isBefore(earlier, sight)) {
    evidence.push(...told(view, 'J03', judgeAdvance(sight, earlier)))
    evidence.push(...found(view, 'J05', judgeInstantPair(sight, earlier)))
  }
  const same = past.byRequest.get(requestOf(sight))
  if (same !== undefined && isBefore(same, sight)) {
    evidence.push(...told(view, 'J02', staysAsItIs(sight, same)))
  }
  return evidence
}

function remember(sight: Sight, { bySource, byRequest }: Past): void {
  bySource.set(sight.source, sight)
  if (sight.view.operation.method !== 'GET') return
  byRequest.set(requestOf(sight), sight)
  if (byRequest.size > MOST_REQUESTS) forgetFirst(byRequest)
}

function forgetFirst(known: Map<string, unknown>): void {
  for (const key of known.keys()) {
    known.delete(key)
    return
  }
}

/**
 * Sights with the same text must be the same where a job stands still; items of lists are, whatever the
 * page.
 */
function requestOf({ view, source, base }: Sight): string {
  const { method, url } = view.exchange.request
  return base === '' ? `${method} ${url}` : source
}

function isBefore(earlier: Sight, later: Sight): boolean {
  return follows(later.view.exchange, earlier.view.exchange)
}

/** Recorded exchanges may overlap: then nothing is known of which came first. */
function follows(later: Exchange, earlier: Exchange): boolean {
  const [first, second] = [earlier.span, later.span]
  return first === undefined || second === undefined || first.endMs <= second.startMs
}

function told(view: View, check: CheckName, findings: readonly Finding[] | null): readonly Evidence[] {
  if (findings === null) return []
  return [{ check, operationId: view.operation.id, exchanges: 1, findings, reason: null }]
}

/** Findings alone: that there was something to look at was counted already. */
function found(view: View, check: CheckName, findings: readonly Finding[]): readonly Evidence[] {
  return findings.length === 0 ? [] : told(view, check, findings)
}
