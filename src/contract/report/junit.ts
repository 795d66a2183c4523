/**
 * The report for CI servers: JUnit XML with one suite for each operation and one case for each check of it,
 * and the document's line on every failure, where the readers that exist look for it.
 *
 * @module
 */
import type { Finding } from '../finding.ts'
import type { CheckOutcome, Verdict, Witness } from '../verdict.ts'
import { curlOf } from './curl.ts'
import { printPlace } from './place.ts'
import type { Report } from './report.ts'
import { attribute, content } from './xml.ts'

/** Renders a report as JUnit XML; times are zero, so that the same verdicts give the same bytes. */
export function renderJunit({ verdicts }: Report): string {
  const all = verdicts.flatMap(({ checks }) => checks)
  const suites = verdicts.flatMap((verdict) => verdict.witnesses.map((witness) => suiteOf(verdict, witness)))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="contract" ${countsOf(all)}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n')
}

function countsOf(outcomes: readonly CheckOutcome[]): string {
  const of = (wanted: CheckOutcome['outcome']): number =>
    outcomes.filter(({ outcome }) => outcome === wanted).length
  const counts = `failures="${of('failed')}" errors="0" skipped="${of('skipped')}"`
  return `tests="${outcomes.length}" ${counts} time="0.000"`
}

function suiteOf(verdict: Verdict, witness: Witness): readonly string[] {
  const outcomes = verdict.checks.filter(({ operationId }) => operationId === witness.operationId)
  const name = attribute(`${verdict.api}: ${witness.method} ${witness.path}`)
  const file = attribute(witness.document.file)
  return [
    `  <testsuite name="${name}" ${countsOf(outcomes)} file="${file}">`,
    `    <properties><property name="seed" value="${verdict.seed}"/></properties>`,
    ...outcomes.flatMap((outcome) => caseOf(verdict, witness, name, outcome)),
    '  </testsuite>',
  ]
}

function caseOf(
  verdict: Verdict,
  witness: Witness,
  classname: string,
  outcome: CheckOutcome,
): readonly string[] {
  const { check, operationId } = outcome
  const findings = verdict.findings.filter((each) => each.check === check && each.operationId === operationId)
  const { file, line } = findings[0]?.document ?? witness.document
  const open =
    `    <testcase classname="${classname}" name="${check}" time="0.000" ` +
    `file="${attribute(file)}" line="${line}"`
  if (outcome.outcome === 'skipped') {
    return [`${open}>`, `      <skipped message="${attribute(outcome.reason ?? '')}"/>`, '    </testcase>']
  }
  const [first] = findings
  if (first === undefined) return [`${open}/>`]
  return [
    `${open}>`,
    `      <failure type="${check}" message="${attribute(first.message)}">` +
      `${content(findings.map((finding) => textOf(verdict, finding)).join('\n\n'))}</failure>`,
    '    </testcase>',
  ]
}

/** Some readers show the text alone, and some take the place from a line of it: it says everything again. */
function textOf({ seed }: Verdict, finding: Finding): string {
  const { message, at, method, path, document, exchanges } = finding
  return [
    message,
    ...(at === '' ? [] : [`in the answer: ${at}`]),
    `    at ${method} ${path} (${printPlace(document)})`,
    ...exchanges.map((exchange) => `reproduce: ${curlOf(exchange)}`),
    `seed: ${seed}`,
  ].join('\n')
}
