/**
 * The report for a browser: one file that loads nothing, with a grid of what was checked and seen, and each
 * finding with its lines of document and body. What is foreign in it is only text.
 *
 * @module
 */
import { count } from '../display.ts'
import { CHECKS } from '../finding.ts'
import type { Place } from '../subject.ts'
import type { CheckOutcome, Witness } from '../verdict.ts'
import type { Frame } from './frame.ts'
import { gridOf } from './html-grid.ts'
import { SCRIPT, SCRIPT_HASH, STYLE } from './html-style.ts'
import { markup } from './markup.ts'
import type { Report, ReportedExchange, ReportedFinding, ReportedVerdict, Weight } from './report.ts'
import { marksOf, weightOf } from './report.ts'

const POLICY =
  `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_HASH}'; img-src data:; ` +
  "base-uri 'none'; form-action 'none'"

/** A page of a megabyte opens at once; beyond so many findings the JSON has them. */
const SHOWN_LIMIT = 2000

const CLASSES: Readonly<Record<Weight, string>> = { error: 'bad', warning: 'warn', note: 'dim' }

/** Renders a report as a page. */
export function renderHtml(report: Report): string {
  const { verdicts, madeAt, tool } = report
  const states = verdicts.map(({ api, state }) => `${api}: ${state}`)
  const total = verdicts.reduce((sum, { findings }) => sum + findings.length, 0)
  const made = madeAt === undefined ? '' : `, ${madeAt}`
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">',
    `<title>${markup(states.join(', ')) || 'nothing judged'}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<header><h1>Contract report</h1><p class="dim">standin ${markup(tool.version + made)}</p></header>`,
    '<div class="filter" role="search" hidden><label for="filter">Filter findings</label>',
    '<input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="check, path…">',
    `<span id="told" class="dim" role="status">${count(total, 'finding')}</span></div>`,
    `<main>${verdicts.map(sectionOf).join('\n')}</main>`,
    `<script>${SCRIPT}</script></body></html>`,
    '',
  ].join('\n')
}

function sectionOf(verdict: ReportedVerdict, at: number): string {
  const { api, title, target, seed, exchanges, state, findings, checks } = verdict
  const of = (outcome: CheckOutcome['outcome']): number =>
    checks.filter((each) => each.outcome === outcome).length
  const tone = state === 'kept' ? 'good' : state === 'broken' ? 'bad' : 'warn'
  const left = findings.length - SHOWN_LIMIT
  return [
    `<section aria-labelledby="api-${at}">`,
    `<h2 id="api-${at}">${markup(api)} <span class="${tone}">${state}</span></h2>`,
    `<p>${markup(title)}</p>`,
    `<p class="dim">${markup(target)}, seed ${seed}, ${count(exchanges, 'exchange')}; ` +
      `${of('passed')} checks passed, ${of('failed')} failed, ${of('skipped')} skipped</p>`,
    ...noticesOf(verdict).map((notice) => `<p class="bad">${markup(notice)}</p>`),
    gridOf(verdict),
    ...verdict.witnesses.flatMap((witness) => findingsOf(verdict, witness)),
    ...(left > 0 ? [`<p>${count(left, 'more finding')}: see the JSON report</p>`] : []),
    skippedOf(verdict),
    '</section>',
  ].join('\n')
}

function noticesOf({ shortfalls, stopped }: ReportedVerdict): readonly string[] {
  return [...shortfalls, ...(stopped === null ? [] : [`stopped: ${stopped}`])]
}

function findingsOf({ findings }: ReportedVerdict, witness: Witness): readonly string[] {
  const own = findings.slice(0, SHOWN_LIMIT).filter(({ operationId }) => operationId === witness.operationId)
  if (own.length === 0) return []
  return [`<h3>${markup(`${witness.method} ${witness.path}`)}</h3>`, ...own.map(findingOf)]
}

function findingOf(finding: ReportedFinding): string {
  const { check, status, message, at, document, frames, law, replay, exchanges, id } = finding
  const weight = weightOf(finding)
  const [first = ''] = message.split('\n')
  const place = at === '' ? 'the answer' : `the answer at ${at}`
  return [
    `<details class="finding" id="${markup(id)}">`,
    `<summary><strong class="${CLASSES[weight]}">${check}</strong> `,
    `→ ${status === 0 ? 'no answer' : status}: ${markup(first)}</summary>`,
    ...(message === first ? [] : [`<p class="message">${markup(message)}</p>`]),
    `<p class="dim">${markup(law ?? CHECKS[check])}</p>`,
    ...marksOf(finding).map((mark) => `<p class="warn">${markup(mark)}</p>`),
    '<div class="frames">',
    frameOf(`the document, ${document.file}`, frames.document, document),
    frameOf(place, frames.body, null),
    '</div>',
    ...exchanges.map(exchangeOf),
    ...(replay === undefined ? [] : [`<p>Again: <code>${markup(replay)}</code></p>`]),
    '</details>',
  ].join('')
}

function frameOf(heading: string, frame: Frame | null, place: Place | null): string {
  const at = frame ?? place
  const title = markup(at === null ? heading : `${heading} (${at.line}:${at.column})`)
  if (frame === null) return `<div><p class="dim">${title}</p></div>`
  const width = Math.max(...frame.lines.map(({ line }) => String(line).length), 1)
  const lines = frame.lines.map(({ line, text, marked }) => {
    const shown = markup(`${String(line).padStart(width)}  ${text}`)
    return marked ? `<span class="place">${shown}</span>` : `<span>${shown}</span>`
  })
  return `<div><p class="dim">${title}</p><pre tabindex="0">${lines.join('\n')}</pre></div>`
}

function exchangeOf({ curl, response, purpose, cut }: ReportedExchange): string {
  const headers = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`)
  const note = cut === undefined ? [] : [`… ${cut} more characters`]
  const text = [`${response.status}`, ...headers, '', response.body, ...note].join('\n')
  return (
    `<details><summary>${markup(purpose)}</summary><pre tabindex="0">${markup(curl)}</pre>` +
    `<pre tabindex="0">${markup(text)}</pre></details>`
  )
}

function skippedOf({ checks }: ReportedVerdict): string {
  const reasons = new Map<string, string[]>()
  for (const { outcome, reason, check, operationId } of checks) {
    if (outcome !== 'skipped' || reason === undefined) continue
    reasons.set(reason, [...(reasons.get(reason) ?? []), `${operationId} ${check}`])
  }
  if (reasons.size === 0) return ''
  const rows = [...reasons].map(
    ([reason, names]) => `<p>${markup(reason)}: <span class="dim">${markup(names.join(', '))}</span></p>`,
  )
  return `<details><summary>Not checked, and why</summary>${rows.join('')}</details>`
}
