/**
 * The report for code scanning: SARIF 2.1.0 as GitHub takes it. A result is told from another by what it is
 * about and never by its line, so that it stays the same alert while a document grows.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
 * @module
 */
import type { CheckName } from '../finding.ts'
import { CHECK_NAMES, CHECKS } from '../finding.ts'
import type { Report, ReportedFinding, ReportedVerdict } from './report.ts'
import { marksOf, weightOf } from './report.ts'
import { jsonText, visible } from './visible.ts'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
/** GitHub takes no more results of one run, and shows the first fifth of them. */
const RESULT_LIMIT = 25_000
/** GitHub shows no more of a text. */
const TEXT_LIMIT = 1024

/** Renders a report as SARIF with one run for each API; the gravest results come first. */
export function renderSarif(report: Report): string {
  const budget = Math.floor(RESULT_LIMIT / Math.max(1, report.verdicts.length))
  return jsonText({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: report.verdicts.map((verdict) => runOf(report, verdict, budget)),
  })
}

function runOf(report: Report, verdict: ReportedVerdict, budget: number): object {
  const { api, seed, stopped, title } = verdict
  const order = { error: 0, warning: 1, note: 2 }
  const sorted = [...verdict.findings].sort((a, b) => order[weightOf(a)] - order[weightOf(b)])
  const shown = sorted.slice(0, budget)
  const rules = CHECK_NAMES.filter((name) => verdict.findings.some(({ check }) => check === name))
  const left = sorted.length - shown.length
  const notes = [
    ...verdict.shortfalls,
    ...(stopped === null ? [] : [stopped]),
    ...(left === 0 ? [] : [`${left} results are left out: no more are taken`]),
  ]
  return {
    tool: {
      driver: {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        rules: rules.map(ruleOf),
      },
    },
    automationDetails: { id: `standin/${api}/`, description: { text: text(title || api) } },
    columnKind: 'utf16CodeUnits',
    invocations: [
      {
        executionSuccessful: stopped === null,
        exitCode: report.exitCode,
        ...(report.madeAt === undefined ? {} : { endTimeUtc: report.madeAt }),
        toolExecutionNotifications: notes.map((note) => ({
          level: 'warning',
          message: { text: text(note) },
        })),
      },
    ],
    properties: { seed, state: verdict.state },
    results: toResults(shown, rules),
  }
}

function ruleOf(name: CheckName): object {
  const readable = name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const sentence = `${CHECKS[name].charAt(0).toUpperCase()}${CHECKS[name].slice(1)}.`
  return {
    id: name,
    ...(readable === name ? {} : { name: readable }),
    shortDescription: { text: sentence },
    fullDescription: { text: sentence },
    help: {
      text: `${sentence} Either the service is mended, or the document says what the service does.`,
      markdown: `${sentence} Either the service is mended, or the document says what the service does.`,
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['contract'], precision: 'very-high', 'problem.severity': 'error' },
  }
}

function toResults(findings: readonly ReportedFinding[], rules: readonly CheckName[]): readonly object[] {
  const times = new Map<string, number>()
  return findings.map((finding) => {
    const nth = (times.get(finding.id) ?? 0) + 1
    times.set(finding.id, nth)
    return resultOf(finding, rules.indexOf(finding.check), `${finding.id}:${nth}`)
  })
}

function resultOf(finding: ReportedFinding, ruleIndex: number, fingerprint: string): object {
  const { check, method, path, status, message, document, count, baseline, operationId, at, replay } = finding
  const marks = marksOf(finding).map((mark) => ` (${mark})`)
  const subject = `${method} ${path} -> ${status === 0 ? 'no answer' : status}`
  return {
    ruleId: check,
    ruleIndex,
    level: weightOf(finding),
    message: { text: text(`${subject}: ${message}${marks.join('')}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(document.file) },
          region: regionOf(finding),
        },
        logicalLocations: [{ fullyQualifiedName: document.pointer, kind: 'member' }],
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprint },
    occurrenceCount: count,
    ...(baseline === undefined
      ? {}
      : { suppressions: [{ kind: 'external', status: 'accepted', justification: text(baseline.reason) }] }),
    properties: {
      operationId,
      status,
      at: text(at),
      ...(replay === undefined ? {} : { replay: text(replay) }),
    },
  }
}

/** From the place to the end of its key's line, where the line is known. */
function regionOf({ document, frames }: ReportedFinding): object {
  const { line, column } = document
  const source = frames.document?.lines.find((each) => each.marked)?.text ?? ''
  const [key = ''] = /^[^\s:,{[]*/.exec(source.slice(column - 1)) ?? []
  return { startLine: line, startColumn: column, endLine: line, endColumn: column + Math.max(1, key.length) }
}

/** A relative reference with forward slashes; what a URL may not hold is percent-encoded. */
export function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '')
  const safe = path.replace(/\p{Cs}/gu, '\ufffd')
  return encodeURI(safe).replaceAll('#', '%23').replaceAll('?', '%3F').replaceAll(':', '%3A')
}

function text(words: string): string {
  const shown = visible(words)
  return shown.length <= TEXT_LIMIT
    ? shown
    : `${shown.slice(0, TEXT_LIMIT - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
