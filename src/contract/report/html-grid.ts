/**
 * The grid of the HTML report: a row for each operation, with what came of each check, those that failed
 * first, the statuses that came, and how much of it was seen.
 *
 * @module
 */
import { CHECK_NAMES, CHECKS } from '../finding.ts'
import type { CheckOutcome, Witness } from '../verdict.ts'
import { markup } from './markup.ts'
import type { ReportedVerdict } from './report.ts'

const MARKS: Readonly<Record<CheckOutcome['outcome'], string>> = { passed: '✓', failed: '✗', skipped: '○' }

/** The grid of a verdict. */
export function gridOf(verdict: ReportedVerdict): string {
  const { checks, witnesses } = verdict
  const known = CHECK_NAMES.filter((name) => checks.some(({ check }) => check === name))
  const failed = new Set(checks.flatMap(({ check, outcome }) => (outcome === 'failed' ? [check] : [])))
  const names = [...known.filter((name) => failed.has(name)), ...known.filter((name) => !failed.has(name))]
  const dimensions = Object.keys(verdict.coverage.ratios).filter((name) => name !== 'operations')
  const head = [
    'operation',
    ...names.map(shortOf),
    'statuses that came',
    ...dimensions.map((name) => `${wordsOf(name)} seen`),
  ]
  const titles = ['', ...names.map((name) => `${name}: ${CHECKS[name]}`)]
  const cells = head.map(
    (text, at) => `<th scope="col" title="${markup(titles[at] ?? '')}">${markup(text)}</th>`,
  )
  const outcomes = new Map(checks.map((each) => [`${each.check} ${each.operationId}`, each]))
  const rows = witnesses.map((witness) => {
    const tds = names.map((name) => outcomeCell(outcomes.get(`${name} ${witness.operationId}`)))
    const lead = `<th scope="row" title="${markup(witness.operationId)}">${markup(callOf(witness))}</th>`
    return `<tr>${lead}${tds.join('')}${seenCells(verdict, witness, dimensions)}</tr>`
  })
  return (
    '<div class="scroll" role="region" aria-label="What was checked and seen" tabindex="0"><table>' +
    `<thead><tr>${cells.join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`
  )
}

/** Long names stand in two lines. */
function shortOf(name: string): string {
  return name.replaceAll('_', ' ').replace(' conformance', '')
}

/** `mediaTypes` as people say it. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function callOf({ method, path }: Witness): string {
  return `${method} ${path}`
}

function seenCells({ coverage }: ReportedVerdict, witness: Witness, dimensions: readonly string[]): string {
  const { statuses, unseen, operationId } = witness
  const came = Object.entries(statuses).map(
    ([status, times]) => `${status === '0' ? 'none' : status}×${times}`,
  )
  const missing = unseen.length === 0 ? '' : ` <span class="dim">never: ${markup(unseen.join(', '))}</span>`
  const own = coverage.operations.find((each) => each.operationId === operationId)
  const ratios = new Map(Object.entries(own?.ratios ?? {}))
  const seen = dimensions.map((name) => {
    const ratio = ratios.get(name)
    if (ratio === undefined || ratio.allowed === 0) return '<td class="none">–</td>'
    return `<td title="${ratio.seen} of ${ratio.allowed}">${ratio.percent} %</td>`
  })
  return `<td>${markup(came.join(' ')) || '–'}${missing}</td>${seen.join('')}`
}

function outcomeCell(outcome: CheckOutcome | undefined): string {
  if (outcome === undefined) return '<td class="none"></td>'
  const told = outcome.reason ?? `${outcome.exchanges} exchanges`
  const label = `${outcome.outcome}: ${told}`
  return `<td class="${outcome.outcome}" title="${markup(label)}">${MARKS[outcome.outcome]}</td>`
}
