/**
 * The report for GitHub's summary of a step: Markdown in which foreign text is only text.
 *
 * @module
 */
import { count } from '../display.ts'
import { CHECK_NAMES } from '../finding.ts'
import type { CheckOutcome } from '../verdict.ts'
import { printPlace } from './place.ts'
import type { Report, ReportedFinding, ReportedVerdict } from './report.ts'
import { marksOf, weightOf } from './report.ts'
import { cutText, visible, visibleLine } from './visible.ts'

const MARKS = { error: '❌', warning: '⚠️', note: 'ℹ️' } as const
const MESSAGE_LIMIT = 500

/** Renders a report as Markdown of at most so many bytes; what does not fit is counted. */
export function renderSummary({ verdicts }: Report, maxBytes: number): string {
  const parts = verdicts.flatMap((verdict) => [headOf(verdict), ...verdict.findings.map(findingOf)])
  const heads = verdicts.map(headOf)
  const whole = parts.join('\n')
  if (sizeOf(whole) <= maxBytes) return whole
  const shown: string[] = []
  let room = maxBytes - 200 - heads.reduce((sum, head) => sum + sizeOf(head) + 1, 0)
  let left = 0
  for (const part of parts) {
    const isHead = heads.includes(part)
    room -= isHead ? 0 : sizeOf(part) + 1
    if (isHead || room >= 0) shown.push(part)
    else left += 1
  }
  const text = [...shown, `\n${count(left, 'finding')} did not fit here.\n`].join('\n')
  return sizeOf(text) <= maxBytes ? text : ''
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function headOf(verdict: ReportedVerdict): string {
  const { api, state, checks, findings, exchanges, seed, target, shortfalls, stopped, coverage } = verdict
  const of = (outcome: CheckOutcome['outcome']): number =>
    checks.filter((each) => each.outcome === outcome).length
  const mark = state === 'kept' ? '✅' : state === 'broken' ? '❌' : '⚠️'
  const failed = CHECK_NAMES.filter((name) =>
    checks.some(({ check, outcome }) => check === name && outcome === 'failed'),
  )
  const ratios = Object.entries(coverage.ratios).map(([name, { percent }]) => `${name} ${percent} %`)
  return [
    `## ${mark} ${plain(api)}: ${state}`,
    '',
    `${plain(target)}, seed ${seed}, ${count(exchanges, 'exchange')}`,
    '',
    '| passed | failed | skipped | findings |',
    '|---:|---:|---:|---:|',
    `| ${of('passed')} | ${of('failed')} | ${of('skipped')} | ${findings.length} |`,
    '',
    `Seen: ${ratios.join(', ')}`,
    '',
    ...(failed.length === 0 ? [] : [`Failed: ${failed.map((name) => `\`${name}\``).join(', ')}`, '']),
    ...[...shortfalls, ...(stopped === null ? [] : [stopped])].flatMap((note) => [`⚠️ ${plain(note)}`, '']),
  ].join('\n')
}

function findingOf(finding: ReportedFinding): string {
  const { check, method, path, status, message, document, exchanges, at, replay, frames } = finding
  const subject = `${method} ${path} → ${status === 0 ? 'no answer' : status}`
  const lines = [
    cutText(message, MESSAGE_LIMIT),
    ...(at === '' ? [] : [`at ${at} of the answer`]),
    ...(frames.body?.lines.map(({ text, marked }) => `${marked ? '>' : ' '} ${text}`) ?? []),
    ...exchanges.map(({ curl }) => cutText(curl, MESSAGE_LIMIT)),
    ...(replay === undefined ? [] : [cutText(replay, MESSAGE_LIMIT)]),
  ]
  return [
    `<details><summary>${MARKS[weightOf(finding)]} <code>${check}</code> ${markup(subject)}, ` +
      `<code>${markup(printPlace(document))}</code></summary>`,
    ...marksOf(finding).map((mark) => `<p>${markup(mark)}</p>`),
    `<pre>${lines.map(markup).join('&#10;')}</pre></details>`,
    '',
  ].join('\n')
}

/** Text inside a line of HTML: no character of it is markup, of HTML or of Markdown. */
function markup(text: string): string {
  return visible(text).replace(/[^A-Za-z0-9 ./-]/gu, (char) => `&#${char.codePointAt(0)};`)
}

function plain(text: string): string {
  return markup(visibleLine(cutText(text, MESSAGE_LIMIT)))
}
