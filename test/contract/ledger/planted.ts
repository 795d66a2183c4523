/**
 * Bugs planted in the ledger: what a table of them says of each, how the ledger is judged, and how the judge
 * is seen to find one.
 *
 * @module
 */
import { expect } from 'vitest'
import type { CheckName } from '../../../src/contract/finding.ts'
import { checkTarget } from '../../../src/contract/run.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Bug } from './server.ts'
import { createLedger } from './server.ts'
import { lineAt, readLedger } from './subject.ts'

/** What is planted, which check must find it, what it must say, and what the line it names begins with. */
export type Planted = readonly [name: string, bug: Bug, check: CheckName, message: RegExp, line: RegExp]

const OPTIONS = { baseUrl: 'http://ledger.test', seed: 7, concurrency: 1, recheck: false } as const

/** Judges a ledger with that bug; `change` is merged into the contract of its list. */
export function judgeLedger(bug: Bug, change: JsonObject = {}): Promise<Verdict> {
  return checkTarget(readLedger(change), createLedger(bug), OPTIONS)
}

/** Judges a ledger with the bug, and expects the finding of its own check, at its line. */
export async function findsIt(...[_, bug, check, message, line]: Planted): Promise<void> {
  const { findings } = await judgeLedger(bug)
  const own = findings.filter((finding) => finding.check === check)
  const found = own.filter((finding) => message.test(finding.message))
  expect(found.length, findings.map((each) => `${each.check}: ${each.message}`).join('\n')).toBeGreaterThan(0)
  expect(found.map(({ document }) => lineAt(document.line)).join('\n')).toMatch(line)
  for (const { document } of found) expect(document.file).toBe('ledger/openapi.yaml')
  for (const { exchanges } of found) expect([1, 2]).toContain(exchanges.length)
}

/** Is that the path of the list of jobs? */
export function isList(path: string): boolean {
  return path === '/jobs'
}

/** Is that the path of the rows of a job? */
export function inRows(path: string): boolean {
  return path.endsWith('/rows')
}
