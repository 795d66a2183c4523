/**
 * The report for CI servers: JUnit XML with one suite for each operation and one case for each check of it,
 * and the document's line on every failure, where the readers that exist look for it. What only warns is told
 * in `system-out`; what no answer came to is an error, since it could not be checked.
 *
 * @module
 */
import { isBreach } from '../finding.ts'
import type { CheckOutcome, Witness } from '../verdict.ts'
import { printPlace } from './place.ts'
import type { Report, ReportedFinding, ReportedVerdict } from './report.ts'
import { marksOf } from './report.ts'
import { cutText, visible, visibleLine } from './visible.ts'
import { attribute, content } from './xml.ts'

/** Some readers show all of a text, and take no file beyond 30 MB. */
const TEXT_LIMIT = 20_000
const MESSAGE_LIMIT = 1000

/** A test case: a check of an operation with what came of it. */
interface Case {
  readonly outcome: CheckOutcome
  readonly findings: readonly ReportedFinding[]
}

interface Suite {
  readonly verdict: ReportedVerdict
  readonly witness: Witness
  readonly cases: readonly Case[]
}

/** Renders a report as JUnit XML; times are zero, so that the same verdicts give the same bytes. */
export function renderJunit({ verdicts, madeAt }: Report): string {
  const suites = verdicts.flatMap((verdict) => verdict.witnesses.map((witness) => toSuite(verdict, witness)))
  const made = madeAt === undefined ? '' : ` timestamp="${attribute(madeAt)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="contract" ${countsOf(suites.flatMap(({ cases }) => cases))}>`,
    ...suites.flatMap((suite) => renderSuite(suite, made)),
    '</testsuites>',
    '',
  ].join('\n')
}

function toSuite(verdict: ReportedVerdict, witness: Witness): Suite {
  const own = verdict.checks.filter(({ operationId }) => operationId === witness.operationId)
  const cases = own.map((outcome) => ({
    outcome,
    findings: verdict.findings.filter(
      ({ check, operationId }) => check === outcome.check && operationId === outcome.operationId,
    ),
  }))
  return { verdict, witness, cases }
}

function isError({ findings }: Case): boolean {
  const breaches = findings.filter(isBreach)
  return breaches.length > 0 && breaches.every(({ status }) => status === 0)
}

function isFailure(each: Case): boolean {
  return each.findings.some(isBreach) && !isError(each)
}

function isSkipped({ outcome, findings }: Case): boolean {
  return outcome.outcome === 'skipped' && !findings.some(isBreach)
}

function countsOf(cases: readonly Case[]): string {
  const of = (test: (each: Case) => boolean): number => cases.filter(test).length
  const counts = `failures="${of(isFailure)}" errors="${of(isError)}" skipped="${of(isSkipped)}"`
  return `tests="${cases.length}" ${counts} time="0.000"`
}

/** The name of an operation with its API: unique, since two operations of an API differ in method or path. */
function nameOf({ verdict, witness }: Suite): string {
  return attribute(visibleLine(`${verdict.api}: ${witness.method} ${witness.path}`))
}

function renderSuite(suite: Suite, made: string): readonly string[] {
  const { verdict, witness, cases } = suite
  const file = attribute(visibleLine(witness.document.file))
  return [
    `  <testsuite name="${nameOf(suite)}" ${countsOf(cases)}${made} file="${file}">`,
    `    <properties><property name="seed" value="${verdict.seed}"/></properties>`,
    ...cases.flatMap((each) => renderCase(suite, each)),
    '  </testsuite>',
  ]
}

function renderCase(suite: Suite, each: Case): readonly string[] {
  const { outcome, findings } = each
  const breaches = findings.filter(isBreach)
  const others = findings.filter((finding) => !isBreach(finding))
  const { file, line } = (breaches[0] ?? others[0])?.document ?? suite.witness.document
  const place = `file="${attribute(visibleLine(file))}" line="${line}"`
  const open = `    <testcase classname="${nameOf(suite)}" name="${outcome.check}" time="0.000" ${place}`
  const [first] = breaches
  const inner = [
    ...(isSkipped(each) ? [skippedElement(outcome.reason ?? 'nothing to bite on')] : []),
    ...(first === undefined ? [] : [brokenElement(suite, isError(each) ? 'error' : 'failure', breaches)]),
    ...(others.length === 0 ? [] : [`      <system-out>${textOf(suite, others)}</system-out>`]),
  ]
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, '    </testcase>']
}

function skippedElement(reason: string): string {
  return `      <skipped message="${attribute(messageOf(reason))}">${content(messageOf(reason))}</skipped>`
}

function brokenElement(
  suite: Suite,
  element: 'error' | 'failure',
  findings: readonly ReportedFinding[],
): string {
  const [first] = findings
  const message = attribute(messageOf(first?.message ?? ''))
  const text = textOf(suite, findings)
  return `      <${element} type="${first?.check ?? ''}" message="${message}">${text}</${element}>`
}

function messageOf(message: string): string {
  return cutText(visibleLine(message), MESSAGE_LIMIT)
}

/** Some readers show the text alone, and some take the place from a line of it: it says everything again. */
function textOf({ verdict }: Suite, findings: readonly ReportedFinding[]): string {
  const all = findings.map((finding) => linesOf(verdict, finding).join('\n'))
  return content(cutText(all.join('\n\n'), TEXT_LIMIT))
}

function linesOf({ seed }: ReportedVerdict, finding: ReportedFinding): readonly string[] {
  const { message, at, method, path, status, document, exchanges, replay } = finding
  const body = finding.frames.body
  return [
    messageOf(message),
    `    at ${method} ${path} (${visibleLine(printPlace(document))})`,
    `status: ${status === 0 ? 'no answer' : status}`,
    ...marksOf(finding).map(visibleLine),
    ...(at === '' ? [] : [`in the answer: ${visibleLine(at)}`]),
    ...(body?.lines.map(({ text, marked }) => `  ${marked ? '>' : ' '} ${text}`) ?? []),
    ...exchanges.map(({ curl }) => `reproduce: ${visibleLine(cutText(curl, MESSAGE_LIMIT))}`),
    ...(replay === undefined ? [] : [`replay: ${visibleLine(replay)}`]),
    `seed: ${seed}`,
  ].map(visible)
}
