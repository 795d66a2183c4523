/**
 * A plain index of the control API for people: one page of HTML, with no script and nothing from elsewhere.
 *
 * @module
 */
import type { ApiListing } from '../server/listing.ts'

/** A call as it is listed. */
export interface ListedCall {
  readonly method: string
  readonly path: string
  readonly summary: string
}

/** What the page shows. */
export interface PageFacts {
  readonly version: string
  readonly apis: readonly ApiListing[]
  readonly calls: readonly ListedCall[]
  /** What links begin with: the sandbox, where the path names one. */
  readonly prefix: string
}

/** Nothing may be loaded by the page, and nobody may put it into a frame. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
td { border-top: 1px solid; padding: 0.25rem 1rem 0.25rem 0; vertical-align: top }
code { font: 0.9rem ui-monospace, monospace }
`

/** Writes the page. */
export function renderPage({ version, apis, calls, prefix }: PageFacts): string {
  const served = apis.map(
    ({ id, title, mount, operations }) =>
      `<tr><td><code>${escaped(mount)}</code><td>${escaped(title)}<td>${operations.length} operations` +
      `<td><a href="${escaped(prefix)}/_standin/jobs?api=${escaped(encodeURIComponent(id))}">jobs</a>`,
  )
  return [
    '<!doctype html>',
    '<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>standin</title><style>${STYLE}</style>`,
    `<h1>standin ${escaped(version)}</h1>`,
    `<h2>APIs</h2><table>${served.join('\n')}</table>`,
    `<h2>Control API</h2><table>${calls.map(rowOf).join('\n')}</table>`,
    '</html>\n',
  ].join('\n')
}

/** What is read without further input can be opened. */
function rowOf({ method, path, summary }: ListedCall): string {
  const shown = escaped(path)
  const opens = method === 'GET' && !path.includes('{')
  const name = opens ? `<a href="${shown}">${shown}</a>` : shown
  return `<tr><td><code>${escaped(method)}</code><td><code>${name}</code><td>${escaped(summary)}`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)
}
