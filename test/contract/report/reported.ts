/**
 * Reports of the small job server, for tests of what is made of them.
 *
 * @module
 */
import type { Report } from '../../../src/contract/report/report.ts'
import { reportOf } from '../../../src/contract/report/report.ts'
import { checkTarget } from '../../../src/contract/run.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { inRow } from '../acme/planted.ts'
import type { Fault } from '../acme/server.ts'
import { createServer } from '../acme/server.ts'
import { DOCUMENT_TEXT, readSubject } from '../acme/subject.ts'

/** A row whose name is a number. */
const BROKEN: Fault = inRow(2, (row) => ({ ...row, name: 7 }))

/** How the small job server is judged. */
export const OPTIONS = { baseUrl: 'http://acme.test', seed: 7 } as const

/** A report of verdicts, with the text of the small document. */
export function reported(verdicts: readonly Verdict[]): Report {
  return reportOf(verdicts, { version: '1.2.3', sources: { 'acme/openapi.yaml': DOCUMENT_TEXT } })
}

/** Judges the small job server with a fault, read-only. */
async function judge(fault: Fault = BROKEN): Promise<readonly [Verdict]> {
  return [await checkTarget(readSubject(), createServer(fault), OPTIONS)]
}

/** A report on the small job server with a fault. */
export async function reportOn(fault: Fault = BROKEN): Promise<Report> {
  return reported(await judge(fault))
}
