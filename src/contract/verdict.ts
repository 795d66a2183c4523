/**
 * Verdicts: what was judged of one API, what was found, what was not looked at and why. The same inputs give
 * the same verdict, whoever was faster.
 *
 * @module
 */
import { adviceOn } from '../openapi/advice.ts'
import type { Coverage } from './coverage/coverage.ts'
import type { Sightings } from './coverage/sightings.ts'
import type { Thresholds } from './coverage/summary.ts'
import { belowThresholds, coverageOf } from './coverage/summary.ts'
import { count, either } from './display.ts'
import type { Book, Entry } from './evidence.ts'
import type { CheckName, Finding } from './finding.ts'
import { CHECK_NAMES, isBreach } from './finding.ts'
import { isOwed } from './owed.ts'
import type { Secrets } from './secret/mask.ts'
import { maskVerdict } from './secret/mask.ts'
import type { Selection, Shard } from './select.ts'
import { createSelection } from './select.ts'
import type { Place, Subject } from './subject.ts'
import { placeOf } from './subject.ts'

/** What came of one check of one operation. */
export interface CheckOutcome {
  readonly check: CheckName
  readonly operationId: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  readonly reason?: string
  /** How often it had something to bite on: an exchange, a pair, a step of a walk. */
  readonly exchanges: number
}

/** What was seen of one operation. */
export interface Witness {
  readonly operationId: string
  readonly method: string
  readonly path: string
  readonly document: Place
  /** How many answers of each status came. */
  readonly statuses: Readonly<Record<string, number>>
  /** Documented statuses that never came. */
  readonly unseen: readonly string[]
}

/** What came of judging one API. */
export interface Verdict {
  readonly api: string
  readonly title: string
  /** Who was judged, for people. */
  readonly target: string
  readonly seed: number
  readonly findings: readonly Finding[]
  readonly checks: readonly CheckOutcome[]
  /** How many exchanges were judged. */
  readonly exchanges: number
  /** How many of them were successful answers: where none was, nothing was validated. */
  readonly successes: number
  /** Recorded exchanges that belong to no operation. */
  readonly unmatched: number
  /** Planned requests that were not sent, for there were more than allowed. */
  readonly leftOut: number
  readonly witnesses: readonly Witness[]
  /** Of all that the document allows, what was seen. */
  readonly coverage: Coverage
  /** What is odd in the document or the job contract, and breaks nothing. */
  readonly advice: readonly Advice[]
  /** What was asked of the run beside the contract and not met, such as a coverage or a clean baseline. */
  readonly shortfalls: readonly string[]
  /** Was everything asked for, and not only some checks or a share of the work? */
  readonly whole: boolean
  /** Which share of the work it tells of; null for all. */
  readonly shard: Shard | null
  /** Did anything answer with success, be it for another share of the work? */
  readonly reached: boolean
  /** Why the run ended before its work was done, and what was left undone; null where it was all done. */
  readonly stopped: string | null
}

/** A remark on the document itself. */
export interface Advice {
  readonly place: Place
  readonly message: string
}

/** What a verdict repeats of the run. */
export interface RunFacts {
  readonly target: string
  readonly seed: number
  readonly secrets: Secrets
  readonly unmatched: number
  readonly leftOut?: number
  /** Why a check of an operation has no evidence, where its book says nothing. */
  readonly reason: string
  /** What was asked for; everything where it is left out. */
  readonly selection?: Selection
  readonly sightings: Sightings
  /** Percentages of coverage that are asked for. */
  readonly thresholds?: Thresholds | undefined
  readonly stopped?: string | null
  readonly reached?: boolean
  /** The command of the run, without what makes it smaller. */
  readonly replay?: string | undefined
}

/** Turns a book of evidence into a verdict. */
export function createVerdict(subject: Subject, book: Book, facts: RunFacts): Verdict {
  const { operations, id, title } = subject.document
  const { selection = createSelection(subject) } = facts
  const chosen = operations.filter((operation) => selection.wantsOperation(operation.id))
  const entries = chosen.flatMap((operation) =>
    CHECK_NAMES.filter((check) => selection.wants(check, operation.id)).flatMap((check) => {
      const entry = book.entries.get(`${check} ${operation.id}`)
      if (entry !== undefined) return [chosenOf(entry, selection)]
      return isOwed(subject, operation, check) ? [emptyEntry(check, operation.id, facts.reason)] : []
    }),
  )
  const coverage = coverageOf(chosen, book, facts.sightings)
  const counts = [...book.statuses.values()].flatMap((statuses) => [...statuses])
  const total = (pairs: readonly (readonly [number, number])[]): number =>
    pairs.reduce((sum, [, times]) => sum + times, 0)
  const successes = total(counts.filter(([status]) => status >= 200 && status < 300))
  return maskVerdict(facts.secrets, {
    api: id,
    title,
    target: facts.target,
    seed: facts.seed,
    findings: entries.flatMap((entry) => findingsOf(entry, facts)),
    checks: entries.map(outcomeOf),
    exchanges: total(counts) + book.strays,
    successes,
    unmatched: facts.unmatched,
    leftOut: facts.leftOut ?? 0,
    coverage,
    advice: adviceOn(subject.document).map(({ pointer, message }) => ({
      place: placeOf(subject, pointer),
      message,
    })),
    shortfalls: belowThresholds(coverage, facts.thresholds ?? {}),
    whole: selection.whole,
    shard: selection.shard,
    reached: successes > 0 || facts.reached === true,
    stopped: facts.stopped ?? null,
    witnesses: chosen.map((operation) => {
      const statuses = [...(book.statuses.get(operation.id) ?? [])].sort(([a], [b]) => a - b)
      const seen = new Set(statuses.flatMap(([status]) => [String(status), `${Math.floor(status / 100)}XX`]))
      return {
        operationId: operation.id,
        method: operation.method,
        path: operation.path,
        document: placeOf(subject, operation.pointer),
        statuses: Object.fromEntries(statuses.map(([status, times]) => [String(status), times])),
        unseen: [...operation.responses.keys()].filter((status) => status !== 'default' && !seen.has(status)),
      }
    }),
  })
}

function emptyEntry(check: CheckName, operationId: string, reason: string): Entry {
  return { check, operationId, exchanges: 0, reason, findings: new Map() }
}

/** The findings of an entry that are told of, as grave as they were asked to be. */
function chosenOf(entry: Entry, { tells, levelOf }: Selection): Entry {
  const findings = [...entry.findings].filter(([, { id }]) => tells(id))
  const levelled = findings.map(([key, finding]): [string, Finding] => [
    key,
    { ...finding, level: levelOf(finding.check, finding.level) },
  ])
  return { ...entry, findings: new Map(levelled) }
}

function findingsOf({ findings }: Entry, { replay }: RunFacts): readonly Finding[] {
  return [...findings.values()].map((finding) => {
    const times = finding.count === 1 ? '' : ` (${finding.count} times; this is the first)`
    const command = replay === undefined ? {} : { replay: `${replay} --only ${finding.id}` }
    return { ...finding, ...command, message: finding.message + times }
  })
}

function outcomeOf({ check, operationId, exchanges, findings, reason }: Entry): CheckOutcome {
  const entry = { check, operationId, exchanges }
  if ([...findings.values()].some(isBreach)) return { ...entry, outcome: 'failed' }
  if (exchanges > 0) return { ...entry, outcome: 'passed' }
  return { ...entry, outcome: 'skipped', reason: reason ?? 'nothing to bite on' }
}

/**
 * Did it validate anything? A run without one successful answer did not; one that was asked for some checks
 * alone needs only these, and one of several that share the work needs a target that answers.
 */
export function isVacuous({ successes, checks, whole, shard, reached }: Verdict): boolean {
  if (shard !== null) return !reached
  return (whole && successes === 0) || checks.every(({ outcome }) => outcome === 'skipped')
}

/** Is a promise broken, or something missing that was asked for? */
export function isBroken({ findings, shortfalls }: Verdict): boolean {
  return findings.some(isBreach) || shortfalls.length > 0
}

/** 0 kept, 1 broken, 4 nothing validated. */
export function exitCode(verdicts: readonly Verdict[]): 0 | 1 | 4 {
  if (verdicts.some(isBroken)) return 1
  return verdicts.length === 0 || verdicts.some(isVacuous) ? 4 : 0
}

/** One line on a verdict. */
export function summaryOf(verdict: Verdict): string {
  const { api, checks, findings, exchanges } = verdict
  const of = (outcome: CheckOutcome['outcome']): number =>
    checks.filter((each) => each.outcome === outcome).length
  const parts = [`${of('passed')} checks passed`, `${of('failed')} failed`, `${of('skipped')} skipped`]
  const state = isBroken(verdict) ? 'broken' : isVacuous(verdict) ? 'nothing validated' : 'kept'
  const size = `${count(exchanges, 'exchange')}, ${count(findings.length, 'finding')}`
  return `${api}: ${state}; ${either(parts, 'and')}; ${size}`
}
