/**
 * The grid of the HTML report: a row for each operation, with the statuses that came, how much of it was
 * seen, and what came of each check.
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
  const names = CHECK_NAMES.filter((name) => checks.some(({ check }) => check === name))
  const dimensions = Object.keys(verdict.coverage.ratios).filter((name) => name !== 'operations')
  const head = [
    'operation',
    'statuses that came',
    ...dimensions.map((name) => `${name} seen`),
    ...names.map(shortOf),
  ]
  const titles = ['', '', ...dimensions.map(() => ''), ...names.map((name) => `${name}: ${CHECKS[name]}`)]
  const cells = head.map(
    (text, at) => `<th scope="col" title="${markup(titles[at] ?? '')}">${markup(text)}</th>`,
  )
  const outcomes = new Map(checks.map((each) => [`${each.check} ${each.operationId}`, each]))
  const rows = witnesses.map((witness) => {
    const tds = names.map((name) => outcomeCell(outcomes.get(`${name} ${witness.operationId}`)))
    return `<tr>${leadCells(verdict, witness, dimensions)}${tds.join('')}</tr>`
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

function leadCells({ coverage }: ReportedVerdict, witness: Witness, dimensions: readonly string[]): string {
  const { statuses, unseen, method, path, operationId } = witness
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
  return (
    `<th scope="row" title="${markup(operationId)}">${markup(`${method} ${path}`)}</th>` +
    `<td>${markup(came.join(' ')) || '–'}${missing}</td>${seen.join('')}`
  )
}

function outcomeCell(outcome: CheckOutcome | undefined): string {
  if (outcome === undefined) return '<td class="none"></td>'
  const told = outcome.reason ?? `${outcome.exchanges} exchanges`
  const label = `${outcome.outcome}: ${told}`
  return `<td class="${outcome.outcome}" title="${markup(label)}">${MARKS[outcome.outcome]}</td>`
}
