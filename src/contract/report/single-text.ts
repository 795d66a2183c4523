/**
 * Findings on one exchange as a test prints them: the promise, its place in the document, and what came.
 *
 * @module
 */
import { count } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Frame } from './frame.ts'
import { frameOfBody, frameOfLines } from './frame.ts'
import { marksOf } from './report.ts'
import { visibleLine } from './visible.ts'

const MOST_FINDINGS = 20

/**
 * Renders findings; `-` marks what the document says, `+` what came.
 *
 * @param subject - What was judged, such as `GET /jobs/1, answered 200`.
 * @param lines - The lines of the document.
 */
export function renderSingle(
  subject: string,
  findings: readonly Finding[],
  lines: readonly string[],
): string {
  const shown = findings.slice(0, MOST_FINDINGS).map((finding) => renderOne(finding, lines))
  const more = findings.length - shown.length
  return [
    `${visibleLine(subject)} breaks ${count(findings.length, 'promise')} of its contract`,
    ...shown,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n\n')
}

function renderOne(finding: Finding, lines: readonly string[]): string {
  const { check, law, message, at, document, exchanges } = finding
  const frame = frameOfLines(lines, document.line, document.column)
  const body = frameOfBody(exchanges.at(-1)?.response.body ?? '', at)
  return [
    `${check}: ${visibleLine(message)}`,
    ...marksOf(finding).map((mark) => `  ${visibleLine(mark)}`),
    ...(law === undefined ? [] : [`  law: ${law}`]),
    `  ${document.file}:${document.line}:${document.column}`,
    ...marked(frame, '-'),
    ...(body === null
      ? []
      : [`  the answer${at === '' ? '' : `, at ${visibleLine(at)}`}`, ...marked(body, '+')]),
  ].join('\n')
}

function marked({ lines }: Frame, sign: string): readonly string[] {
  return lines.map(
    ({ line, text, marked: own }) => `  ${own ? sign : ' '} ${String(line).padStart(4)} | ${text}`,
  )
}
