/**
 * The report for people at a terminal: what was checked, each finding with its place and a command that
 * repeats it, what was skipped and why, and one closing line for each API.
 *
 * @module
 */
import { count } from '../display.ts'
import type { CheckName, Finding } from '../finding.ts'
import { CHECK_NAMES, CHECKS } from '../finding.ts'
import type { CheckOutcome, Verdict } from '../verdict.ts'
import { isVacuous, summaryOf } from '../verdict.ts'
import { curlOf } from './curl.ts'
import { printPlace } from './place.ts'
import type { Report } from './report.ts'

/** How the report looks. */
export interface TerminalStyle {
  readonly color: boolean
  /** Marks beyond ASCII; true unless given. */
  readonly unicode?: boolean
}

type Paint = (text: string) => string

interface Palette {
  readonly good: Paint
  readonly bad: Paint
  readonly dim: Paint
  readonly bold: Paint
  readonly marks: Readonly<Record<CheckOutcome['outcome'], string>>
  readonly arrow: string
}

/** Renders a report; the text ends in a newline. */
export function renderTerminal({ verdicts }: Report, style: TerminalStyle): string {
  const palette = paletteOf(style)
  const lines = verdicts.flatMap((verdict) => [
    ...headOf(verdict, palette),
    ...checksOf(verdict, palette),
    '',
    ...verdict.findings.flatMap((finding) => [...findingLines(finding, palette), '']),
    ...skippedLines(verdict, palette),
    ...unseenLines(verdict, palette),
    closing(verdict, palette),
    '',
  ])
  const text = `${lines.join('\n').trimEnd()}\n`
  return style.unicode === false ? toAscii(text) : text
}

function toAscii(text: string): string {
  const escaped = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  return text.replaceAll('…', '...').replace(/[^\p{ASCII}]/gu, escaped)
}

function paletteOf({ color, unicode = true }: TerminalStyle): Palette {
  const paint =
    (code: number): Paint =>
    (text) =>
      color ? `\u001b[${code}m${text}\u001b[0m` : text
  const marks = unicode
    ? { passed: '✓', failed: '✗', skipped: '○' }
    : { passed: 'ok', failed: 'FAIL', skipped: '-' }
  return {
    good: paint(32),
    bad: paint(31),
    dim: paint(2),
    bold: paint(1),
    marks,
    arrow: unicode ? '→' : '->',
  }
}

function headOf({ api, title, target, seed, exchanges }: Verdict, { bold, dim }: Palette): readonly string[] {
  return [
    `${bold(api)}  ${title}`,
    dim(`${clean(target)}, seed ${seed}, ${count(exchanges, 'exchange')}`),
    '',
  ]
}

/** One line for each check over all operations. */
function checksOf({ checks, findings }: Verdict, { good, bad, dim, marks }: Palette): readonly string[] {
  const width = Math.max(...CHECK_NAMES.map((name) => name.length))
  return CHECK_NAMES.flatMap((name) => {
    const outcomes = checks.filter(({ check }) => check === name)
    if (outcomes.length === 0) return []
    const outcome = worst(outcomes)
    const exchanges = outcomes.reduce((sum, each) => sum + each.exchanges, 0)
    const found = findings.filter(({ check }) => check === name).length
    const counts = outcome === 'skipped' ? 'skipped' : count(exchanges, 'exchange')
    const paint = outcome === 'failed' ? bad : outcome === 'passed' ? good : dim
    const faults = found === 0 ? '' : bad(`, ${count(found, 'finding')}`)
    return [`  ${paint(marks[outcome])} ${name.padEnd(width)}  ${dim(counts)}${faults}`]
  })
}

function worst(outcomes: readonly CheckOutcome[]): CheckOutcome['outcome'] {
  const all = outcomes.map(({ outcome }) => outcome)
  return all.includes('failed') ? 'failed' : all.includes('passed') ? 'passed' : 'skipped'
}

function findingLines(finding: Finding, { bad, dim, bold, marks, arrow }: Palette): readonly string[] {
  const { check, method, path, status, message, at, document, exchanges } = finding
  return [
    `  ${bad(`${marks.failed} ${check}`)}  ${bold(`${method} ${path}`)} ${arrow} ${status || 'no answer'}`,
    `    ${clean(message)}`,
    dim(`    ${CHECKS[check]}`),
    `    ${at === '' ? 'the answer as a whole' : `at ${clean(at)}`}, documented at ${printPlace(document)}`,
    ...exchanges.map((exchange) => `    ${dim(clean(curlOf(exchange)))}`),
  ]
}

/** One line for each reason: what it kept from being checked. */
function skippedLines({ checks }: Verdict, { dim }: Palette): readonly string[] {
  const reasons = new Map<string, Map<string, CheckName[]>>()
  for (const { outcome, reason, check, operationId } of checks) {
    if (outcome !== 'skipped' || reason === undefined) continue
    const operations = reasons.get(reason) ?? new Map<string, CheckName[]>()
    reasons.set(reason, operations)
    operations.set(operationId, [...(operations.get(operationId) ?? []), check])
  }
  const lines = [...reasons].map(([reason, operations]) => {
    const told = [...operations].map(([operationId, names]) => `${operationId}: ${names.join(', ')}`)
    return dim(`  skipped: ${clean(reason)} (${told.join('; ')})`)
  })
  return lines.length === 0 ? [] : [...lines, '']
}

function unseenLines({ witnesses, unmatched }: Verdict, { dim }: Palette): readonly string[] {
  const lines = witnesses
    .filter(({ unseen }) => unseen.length > 0)
    .map(({ operationId, unseen }) => dim(`  never seen: ${operationId} ${unseen.join(', ')}`))
  if (unmatched > 0) lines.push(dim(`  skipped: ${count(unmatched, 'recorded exchange')} of no operation`))
  return lines.length === 0 ? [] : [...lines, '']
}

function closing(verdict: Verdict, { good, bad }: Palette): string {
  const paint = verdict.findings.length > 0 || isVacuous(verdict) ? bad : good
  return paint(summaryOf(verdict))
}

/** Answers are foreign: no control character of theirs reaches the terminal. */
function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
