/**
 * Evidence: for each check and operation, on how many exchanges the check had something to bite on, what it
 * found, and why not where it bit on none. Books of evidence are kept apart while work goes on side by side
 * and merged in the order of the plan, so that the verdict does not depend on who was faster.
 *
 * @module
 */
import type { CheckName, Finding } from './finding.ts'

/** What one look of one check brought. */
export interface Evidence {
  readonly check: CheckName
  readonly operationId: string
  /** On how many exchanges it had something to bite on. */
  readonly exchanges: number
  readonly findings: readonly Finding[]
  /** Why it had nothing to bite on; null where it had. */
  readonly reason: string | null
}

/** All evidence on one check of one operation. */
export interface Entry {
  readonly check: CheckName
  readonly operationId: string
  exchanges: number
  reason: string | null
  /** By topic and status, each the first of its kind, errors before warnings, with its count. */
  readonly findings: Map<string, Finding>
}

/** A book of evidence. */
export interface Book {
  readonly entries: ReadonlyMap<string, Entry>
  /** How many answers of each status each operation gave. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>
  add(evidence: Evidence): void
  countStatus(operationId: string, status: number): void
  /** How many exchanges were of no documented operation, such as a method that a path does not have. */
  readonly strays: number
  countStray(): void
  /** Appends what another book holds. */
  merge(other: Book): void
}

/** Opens an empty book. */
export function createBook(): Book {
  const entries = new Map<string, Entry>()
  const statuses = new Map<string, Map<number, number>>()
  let strays = 0

  function entryOf(check: CheckName, operationId: string): Entry {
    const key = `${check} ${operationId}`
    const known = entries.get(key)
    if (known !== undefined) return known
    const entry: Entry = { check, operationId, exchanges: 0, reason: null, findings: new Map() }
    entries.set(key, entry)
    return entry
  }

  function add({ check, operationId, exchanges, findings, reason }: Evidence): void {
    const entry = entryOf(check, operationId)
    entry.exchanges += exchanges
    entry.reason ??= reason
    for (const finding of findings) {
      const key = `${finding.status} ${finding.law ?? ''} ${finding.topic}`
      const known = entry.findings.get(key)
      // A doubt that was met first does not hide what is sure.
      const first = known?.level === 'warning' && finding.level === 'error' ? finding : (known ?? finding)
      entry.findings.set(key, { ...first, count: (known?.count ?? 0) + finding.count })
    }
  }

  function countStatus(operationId: string, status: number, count = 1): void {
    const counts = statuses.get(operationId) ?? new Map<number, number>()
    statuses.set(operationId, counts.set(status, (counts.get(status) ?? 0) + count))
  }

  function merge(other: Book): void {
    strays += other.strays
    for (const entry of other.entries.values()) add({ ...entry, findings: [...entry.findings.values()] })
    for (const [operationId, counts] of other.statuses) {
      for (const [status, count] of counts) countStatus(operationId, status, count)
    }
  }

  function countStray(): void {
    strays += 1
  }

  return {
    entries,
    statuses,
    add,
    countStatus,
    countStray,
    merge,
    get strays() {
      return strays
    },
  }
}
