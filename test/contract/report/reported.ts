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
async function judge(fault: Fault): Promise<readonly [Verdict]> {
  return [await checkTarget(readSubject(), createServer(fault), OPTIONS)]
}

let broken: Promise<readonly [Verdict]> | null = null

/** The verdict on a server in which the name of a row is a number; judged once. */
export function judgeBroken(): Promise<readonly [Verdict]> {
  broken ??= judge(BROKEN)
  return broken
}

/** A report on it. */
export async function reportOnBroken(): Promise<Report> {
  return reported(await judgeBroken())
}

/** A text that tries to be a command, an element, an escape sequence or no text at all, wherever it lands. */
export const NASTY: string = [
  '::error file=a,line=1::injected',
  '##[error]injected',
  '<script>injected()</script><!-- ]]> --><img src=x onerror=injected()>',
  '"\' onmouseover=injected() `injected` **bold** [a](javascript:injected()) | a | {{x}} $(injected) %0A%25',
  '\u001b[31m\u009b2J\u0007\u0000\b\u202eabc\u2066 \ud800 \udc00 \ufffe \u{e0041} \u2028',
].join('\n')

/** The broken server's verdict with a text put wherever an answer's text may stand. */
export async function nastyVerdict(text: string = NASTY): Promise<Verdict> {
  const [verdict] = await judgeBroken()
  const [first] = verdict.findings
  const [exchange] = first?.exchanges ?? []
  if (first === undefined || exchange === undefined) throw new Error('the broken server has a finding')
  const { request, response } = exchange
  const sent = { ...request, url: `http://acme.test/${text}`, headers: { [text]: text }, body: text }
  const came = { ...response, headers: { location: text, [text]: text }, body: text }
  const nasty = { ...exchange, purpose: text, request: sent, response: came }
  const member = { ...response, body: JSON.stringify({ [text]: text, b: [text] }) }
  const inMember = { ...exchange, response: member }
  const finding = {
    ...first,
    message: text,
    at: `/${text}`,
    topic: text,
    law: text,
    replay: `standin ${text}`,
  }
  return {
    ...verdict,
    target: text,
    title: text,
    stopped: text,
    shortfalls: [text],
    advice: [{ place: first.document, message: text }],
    findings: [
      { ...finding, exchanges: [nasty] },
      { ...finding, id: 'aaaaa-0000001', at: '/b/0', exchanges: [inMember, nasty] },
      { ...finding, id: 'aaaaa-0000002', document: { ...first.document, file: 'a,b:c%d #?.yaml' } },
      { ...finding, id: 'aaaaa-0000003', level: 'warning' },
      { ...finding, id: 'aaaaa-0000004', baseline: { reason: text, expires: '2026-12-31' } },
      { ...finding, id: 'aaaaa-0000005', unstable: true, inferred: true },
      ...verdict.findings,
    ],
    checks: verdict.checks.map((each) => (each.outcome === 'skipped' ? { ...each, reason: text } : each)),
  }
}
