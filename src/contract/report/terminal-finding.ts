/**
 * Findings as the report for a terminal shows them, operation by operation.
 *
 * @module
 */
import { count } from '../display.ts'
import { CHECKS } from '../finding.ts'
import type { Frame } from './frame.ts'
import type { Palette } from './palette.ts'
import { WIDTH } from './palette.ts'
import { printPlace } from './place.ts'
import type { ReportedFinding, ReportedVerdict } from './report.ts'
import { marksOf, weightOf } from './report.ts'
import { cutText, visible, visibleLine } from './visible.ts'
import { fit, wrap } from './wrap.ts'

/** Beyond so many findings of an API nobody reads on. */
const SHOWN_LIMIT = 60
const CURL_LIMIT = 1500
const MESSAGE_LIMIT = 600

/** The findings of a verdict, those of one operation together. */
export function findingLines({ findings, witnesses }: ReportedVerdict, palette: Palette): readonly string[] {
  const order = new Map(witnesses.map(({ operationId }, at) => [operationId, at]))
  const rank = ({ operationId }: ReportedFinding): number => order.get(operationId) ?? order.size
  const shown = [...findings].sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN_LIMIT)
  let last: string | null = null
  const lines = shown.flatMap((finding) => {
    const { operationId, method, path } = finding
    const heading = operationId === last ? [] : [palette.bold(visibleLine(`${method} ${path}`)), '']
    last = operationId
    return [...heading, ...linesOf(finding, palette), '']
  })
  const left = findings.length - shown.length
  return left === 0
    ? lines
    : [...lines, `${count(left, 'more finding')}: --reporter html or json has all`, '']
}

function linesOf(finding: ReportedFinding, palette: Palette): readonly string[] {
  const { bad, warn, dim, bold, marks, arrow } = palette
  const { check, method, path, status, message, at, document, exchanges, frames, law, replay } = finding
  const [paint, mark] = weightOf(finding) === 'error' ? [bad, marks.failed] : [warn, '!']
  const subject = bold(visibleLine(`${method} ${path}`))
  const place = at === '' ? 'the answer as a whole' : `at ${cutText(visibleLine(at), MESSAGE_LIMIT)}`
  return [
    `  ${paint(`${mark} ${check}`)}  ${subject} ${arrow} ${status || 'no answer'}`,
    ...wrap(cutText(visible(message), MESSAGE_LIMIT), '    ', WIDTH),
    ...wrap(law === undefined ? CHECKS[check] : visibleLine(law), '    ', WIDTH).map(dim),
    ...marksOf(finding).flatMap((each) => wrap(visibleLine(each), '    ', WIDTH).map(warn)),
    `    ${place}, documented at ${visibleLine(printPlace(document))}`,
    ...frameLines(frames.document, palette),
    ...(frames.body === null ? [] : [dim(`    the answer, ${frames.body.line}:${frames.body.column}`)]),
    ...frameLines(frames.body, palette),
    ...exchanges.map(({ curl }) => `    ${dim(visibleLine(cutText(curl, CURL_LIMIT)))}`),
    ...(replay === undefined ? [] : [`    ${dim(`again: ${visibleLine(replay)}`)}`]),
  ]
}

function frameLines(frame: Frame | null, { bad, dim, bar }: Palette): readonly string[] {
  const lines = frame?.lines ?? []
  const width = Math.max(...lines.map(({ line }) => String(line).length), 0)
  return lines.map(({ line, text, marked }) => {
    const mark = marked ? '>' : ' '
    const shown = fit(`    ${mark} ${String(line).padStart(width)} ${bar} ${text}`.trimEnd(), WIDTH)
    return marked ? bad(shown) : dim(shown)
  })
}
