/**
 * The report for people at a terminal: what was checked, each finding with its lines and a command that
 * repeats it, what was skipped and why, what was seen, and one closing line for each API.
 *
 * @module
 */
import { count } from '../display.ts'
import type { CheckName } from '../finding.ts'
import { CHECK_NAMES } from '../finding.ts'
import type { CheckOutcome } from '../verdict.ts'
import { summaryOf } from '../verdict.ts'
import type { Palette, TerminalStyle } from './palette.ts'
import { paletteOf, WIDTH } from './palette.ts'
import { printPlace } from './place.ts'
import type { Report, ReportedVerdict } from './report.ts'
import { findingLines } from './terminal-finding.ts'
import { cutText, visibleLine } from './visible.ts'
import { wrap } from './wrap.ts'

/** So many checks of an operation are named where they were skipped; of more their number is told. */
const NAMED_LIMIT = 3
const ADVICE_LIMIT = 20
const NOTE_LIMIT = 400

/** Renders a report; the text ends in a newline. */
export function renderTerminal({ verdicts }: Report, style: TerminalStyle): string {
  const palette = paletteOf(style)
  const lines = verdicts.flatMap((verdict) => [
    ...headOf(verdict, palette),
    ...checksOf(verdict, palette),
    '',
    ...findingLines(verdict, palette),
    ...skippedLines(verdict, palette),
    ...unseenLines(verdict, palette),
    ...adviceLines(verdict, palette),
    ...noteLines(verdict, palette),
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

function headOf(
  { api, title, target, seed, exchanges }: ReportedVerdict,
  { bold, dim }: Palette,
): readonly string[] {
  return [
    `${bold(visibleLine(api))}  ${note(title)}`,
    ...wrap(`${note(target)}, seed ${seed}, ${count(exchanges, 'exchange')}`, '', WIDTH).map(dim),
    '',
  ]
}

/** One line for each check over all operations. */
function checksOf({ checks, findings }: ReportedVerdict, palette: Palette): readonly string[] {
  const { good, bad, dim, marks } = palette
  const width = Math.max(...CHECK_NAMES.map((name) => name.length))
  return CHECK_NAMES.flatMap((name) => {
    const outcomes = checks.filter(({ check }) => check === name)
    if (outcomes.length === 0) return []
    const outcome = worst(outcomes)
    const exchanges = outcomes.reduce((sum, each) => sum + each.exchanges, 0)
    const found = findings.filter(({ check }) => check === name).length
    const counts = outcome === 'skipped' ? 'skipped' : count(exchanges, 'time')
    const paint = outcome === 'failed' ? bad : outcome === 'passed' ? good : dim
    const faults = found === 0 ? '' : bad(`, ${count(found, 'finding')}`)
    return [`  ${paint(marks[outcome])} ${name.padEnd(width)}  ${dim(counts)}${faults}`]
  })
}

function worst(outcomes: readonly CheckOutcome[]): CheckOutcome['outcome'] {
  const all = outcomes.map(({ outcome }) => outcome)
  return all.includes('failed') ? 'failed' : all.includes('passed') ? 'passed' : 'skipped'
}

/** For each reason, what it kept from being checked; many checks of an operation are folded. */
function skippedLines({ checks }: ReportedVerdict, { dim }: Palette): readonly string[] {
  const reasons = new Map<string, Map<string, CheckName[]>>()
  for (const { outcome, reason, check, operationId } of checks) {
    if (outcome !== 'skipped' || reason === undefined) continue
    const operations = reasons.get(reason) ?? new Map<string, CheckName[]>()
    reasons.set(reason, operations)
    operations.set(operationId, [...(operations.get(operationId) ?? []), check])
  }
  const lines = [...reasons].flatMap(([reason, operations]) => {
    const told = [...operations].map(([operationId, names]) => {
      const folded = names.length > NAMED_LIMIT ? count(names.length, 'check') : names.join(', ')
      return `${visibleLine(operationId)}: ${folded}`
    })
    return hanging(`skipped: ${note(reason)} (${told.join('; ')})`).map(dim)
  })
  return lines.length === 0 ? [] : [...lines, '']
}

function unseenLines(
  { witnesses, unmatched, leftOut, coverage }: ReportedVerdict,
  { dim }: Palette,
): readonly string[] {
  const ratios = Object.entries(coverage.ratios).map(
    ([name, { percent, seen, allowed }]) => `${name} ${percent} % (${seen} of ${allowed})`,
  )
  return [
    ...witnesses
      .filter(({ unseen }) => unseen.length > 0)
      .flatMap(({ operationId, unseen }) => hanging(`never seen: ${operationId} ${unseen.join(', ')}`)),
    ...(leftOut > 0 ? hanging(`not sent: ${count(leftOut, 'planned request')} beyond --max-cases`) : []),
    ...(unmatched > 0 ? [`  skipped: ${count(unmatched, 'recorded exchange')} of no operation`] : []),
    ...hanging(`seen: ${ratios.join(', ')}`),
  ]
    .map(dim)
    .concat('')
}

function adviceLines({ advice }: ReportedVerdict, { dim }: Palette): readonly string[] {
  const lines = advice
    .slice(0, ADVICE_LIMIT)
    .flatMap(({ place, message }) => hanging(`advice: ${visibleLine(printPlace(place))} ${note(message)}`))
  const left = advice.length - ADVICE_LIMIT
  const all = left > 0 ? [...lines, `  ${count(left, 'more piece')} of advice: --reporter json`] : lines
  return all.length === 0 ? [] : [...all.map(dim), '']
}

function noteLines({ shortfalls, stopped }: ReportedVerdict, { bad }: Palette): readonly string[] {
  const notes = [...shortfalls, ...(stopped === null ? [] : [`stopped: ${stopped}`])]
  return notes.length === 0 ? [] : [...notes.flatMap((each) => hanging(note(each))).map(bad), '']
}

function hanging(text: string): readonly string[] {
  const [first = '', ...rest] = wrap(text, '', WIDTH - 4)
  return [`  ${first}`, ...rest.map((line) => `    ${line}`)]
}

function note(text: string): string {
  return cutText(visibleLine(text), NOTE_LIMIT)
}

function closing(verdict: ReportedVerdict, { good, bad }: Palette): string {
  return (verdict.state === 'kept' ? good : bad)(summaryOf(verdict))
}
