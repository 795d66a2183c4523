/**
 * Baselines: failures that are known and let pass until a day. New failures break the run as ever; so do
 * entries that have expired, and entries that nothing shows any more or that no documented operation has,
 * since a list that only grows hides what comes back. Reading and writing files is not done here.
 *
 * @module
 */
import type { CheckName, Finding } from './finding.ts'
import { CHECK_NAMES, isBreach } from './finding.ts'
import { sideOf } from './finding-id.ts'
import type { Verdict } from './verdict.ts'

/** A failure that is known: by the id of its finding, or by what makes it. */
export interface BaselineEntry {
  readonly id?: string
  readonly api?: string
  readonly check?: string
  readonly operation?: string
  readonly status?: number
  readonly topic?: string
  readonly reason: string
  /** The last day on which it is let pass, such as `2026-12-31`. */
  readonly expires: string
}

/** What is let pass, and on which day that is asked. */
export interface Baseline {
  readonly entries: readonly BaselineEntry[]
  /** A day, such as `2026-11-30`. */
  readonly today: string
  /** Names an entry for people, with its place. */
  readonly nameOf: (position: number) => string
}

/** The verdicts with what the baseline knows marked, and with what is wrong with the baseline itself. */
export function applyBaseline(verdicts: readonly Verdict[], baseline: Baseline): readonly Verdict[] {
  const strays = straysIn(verdicts, baseline)
  return verdicts.map((verdict) => {
    const own = baseline.entries.map((entry, position) => ({ entry, position }))
    const mine = own.filter(({ entry }) => isOf(entry, verdict))
    const findings = verdict.findings.map((finding) => {
      const known = mine.find(({ entry }) => matches(entry, finding, verdict.api))
      if (known === undefined || isExpired(known.entry, baseline)) return finding
      const { reason, expires } = known.entry
      return { ...finding, baseline: { reason, expires } }
    })
    const complaints = mine.flatMap(({ entry, position }) =>
      complaintsOn(entry, verdict, baseline, baseline.nameOf(position)),
    )
    const checks = verdict.checks.map((outcome) => {
      const failed = findings.some(
        (finding) =>
          finding.check === outcome.check && finding.operationId === outcome.operationId && isBreach(finding),
      )
      return outcome.outcome === 'failed' && !failed ? { ...outcome, outcome: 'passed' as const } : outcome
    })
    return {
      ...verdict,
      findings,
      checks,
      shortfalls: [...verdict.shortfalls, ...complaints, ...(strays.get(verdict) ?? [])],
    }
  })
}

/** What is said of entries that are of no operation, by the verdict that says so: all was looked at there. */
function straysIn(
  verdicts: readonly Verdict[],
  { entries, nameOf }: Baseline,
): ReadonlyMap<Verdict, readonly string[]> {
  const strays = new Map<Verdict, string[]>()
  for (const [position, entry] of entries.entries()) {
    const named = verdicts.filter(({ api }) => entry.api === undefined || entry.api === api)
    const [first] = named
    if (first === undefined || named.some((verdict) => isOf(entry, verdict) || !isWhole(verdict))) continue
    const line = `${nameOf(position)} is of no check of a documented operation: remove it`
    strays.set(first, [...(strays.get(first) ?? []), line])
  }
  return strays
}

function isWhole({ whole, stopped }: Verdict): boolean {
  return whole && stopped === null
}

function isExpired({ expires }: BaselineEntry, { today }: Baseline): boolean {
  return today > expires
}

/** Is an entry of the API that a verdict is on? */
function isOf({ id, api, operation }: BaselineEntry, verdict: Verdict): boolean {
  if (api !== undefined && api !== verdict.api) return false
  const ids = verdict.witnesses.map(({ operationId }) => operationId)
  return id === undefined ? ids.includes(operation ?? '') : sidesOf(id, verdict).length > 0
}

/** The checks of operations that the id of a finding may be of. */
function sidesOf(id: string, { api, witnesses }: Verdict): readonly (readonly [CheckName, string])[] {
  const side = id.replace(/-.*/, '')
  return witnesses.flatMap(({ operationId }) =>
    CHECK_NAMES.filter((check) => sideOf(api, check, operationId) === side).map(
      (check) => [check, operationId] as const,
    ),
  )
}

function matches(entry: BaselineEntry, finding: Finding, api: string): boolean {
  const facts = {
    api,
    id: finding.id,
    check: finding.check,
    operation: finding.operationId,
    status: finding.status,
    topic: finding.topic,
  } as const
  return (Object.keys(facts) as (keyof typeof facts)[]).every(
    (name) => entry[name] === undefined || entry[name] === facts[name],
  )
}

function complaintsOn(
  entry: BaselineEntry,
  verdict: Verdict,
  baseline: Baseline,
  name: string,
): readonly string[] {
  const isSeen = verdict.findings.some((finding) => matches(entry, finding, verdict.api))
  if (isSeen) {
    return isExpired(entry, baseline) ? [`${name} expired on ${entry.expires}: ${entry.reason}`] : []
  }
  return isLookedAt(entry, verdict) ? [`${name} is not seen any more: remove it`] : []
}

/** That a failure was not seen tells something only where its check had all there is to look at. */
function isLookedAt({ id, check, operation }: BaselineEntry, verdict: Verdict): boolean {
  if (!isWhole(verdict)) return false
  const sides = id === undefined ? [[check, operation] as const] : sidesOf(id, verdict)
  return verdict.checks.some(
    (outcome) =>
      outcome.outcome !== 'skipped' &&
      sides.some(([name, of]) => name === outcome.check && of === outcome.operationId),
  )
}

/**
 * The entries of a baseline that knows all that breaks these verdicts. What is known already keeps its reason
 * and its day.
 *
 * @param expires - The last day for what is new.
 */
export function baselineOf(verdicts: readonly Verdict[], expires: string): readonly BaselineEntry[] {
  return verdicts.flatMap(({ api, findings }) =>
    findings
      .filter((finding) => finding.baseline !== undefined || isBreach(finding))
      .map(({ id, check, operationId, status, topic, baseline }) => ({
        id,
        api,
        check,
        operation: operationId,
        status,
        topic,
        reason: baseline?.reason ?? '',
        expires: baseline?.expires ?? expires,
      })),
  )
}

/** The day that is so many days after another; empty where that is none. */
export function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(date.getTime())) return ''
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}
