/**
 * A canary: a secret of nasty characters is planted wherever a server could repeat it, and no artefact of any
 * reporter holds it, in whichever encoding.
 *
 * @module
 */
import { describe, expect, it } from 'vitest'
import { renderAnnotations } from '../../../src/contract/report/github.ts'
import { renderHar } from '../../../src/contract/report/har.ts'
import { renderHtml } from '../../../src/contract/report/html.ts'
import { renderJson } from '../../../src/contract/report/json.ts'
import { renderJunit } from '../../../src/contract/report/junit.ts'
import { reportOf } from '../../../src/contract/report/report.ts'
import { renderSarif } from '../../../src/contract/report/sarif.ts'
import { renderSummary } from '../../../src/contract/report/summary.ts'
import { renderTerminal } from '../../../src/contract/report/terminal.ts'
import { checkTarget } from '../../../src/contract/run.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { createServer } from '../acme/server.ts'
import { DOCUMENT_TEXT, readSubject } from '../acme/subject.ts'

/** Header values are bytes of ASCII here; what lies beyond is the masks' own test. */
const SECRET = `can4ry/+"key"&<'%\\=~0123`
const USER = `robot:${SECRET}`

/** Every piece of six characters that only the secret has, in each encoding. */
function piecesOf(text: string): readonly string[] {
  return Array.from({ length: Math.max(0, text.length - 9) }, (_, at) => text.slice(at, at + 10))
}

const utf8 = Buffer.from(SECRET)
const FORMS = [
  SECRET,
  JSON.stringify(SECRET).slice(1, -1),
  encodeURIComponent(SECRET),
  encodeURIComponent(SECRET).toLowerCase(),
  new URLSearchParams({ a: SECRET }).toString().slice(2),
  utf8.toString('hex'),
  utf8.toString('base64'),
  utf8.toString('base64url'),
  Buffer.from(`x${SECRET}`).toString('base64'),
  Buffer.from(USER).toString('base64'),
  SECRET.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
]

/** Repeats the credential in headers, rows, error texts and links. */
async function planted(): Promise<Verdict> {
  const text = `${FORMS.join(' ')} ${'filler '.repeat(3)}`
  const server = createServer({
    open: true,
    body: (body) =>
      Array.isArray(body['rows'])
        ? {
            ...body,
            rows: (body['rows'] as object[]).map((row) => ({ ...row, name: { [text]: text }, weight: text })),
          }
        : { ...body, state: text, [SECRET]: 1 },
    answer: async (response, { path }) => {
      const headers = new Headers(response.headers)
      headers.set('location', `/jobs/${encodeURIComponent(SECRET)}?token=${encodeURIComponent(SECRET)}`)
      headers.set('x-left', SECRET)
      headers.set('set-cookie', 'session=another-c00kie-value; Path=/')
      const body = await response.text()
      const echoed = response.status >= 400 ? JSON.stringify({ error: 7, seen: text }) : body
      return new Response(`${echoed}`, { status: path.endsWith('rows') ? response.status : 299, headers })
    },
  })
  return checkTarget(readSubject(), server, {
    baseUrl: 'http://acme.test',
    label: `http://robot:${encodeURIComponent(SECRET)}@acme.test`,
    seed: 7,
    credentials: { Authorization: `Bearer ${SECRET}`, 'X-Api-Key': SECRET },
  })
}

describe('a secret', () => {
  it('stands in no artefact of any reporter, in no encoding', async () => {
    const verdict = await planted()
    const report = reportOf([verdict], { version: '1.2.3', sources: { 'acme/openapi.yaml': DOCUMENT_TEXT } })
    const exchanges = verdict.findings.flatMap((finding) => finding.exchanges)
    const artefacts = {
      terminal: renderTerminal(report, { color: false }),
      json: renderJson(report),
      junit: renderJunit(report),
      sarif: renderSarif(report),
      html: renderHtml(report),
      annotations: renderAnnotations(report, { pathOf: (_, file) => file }),
      summary: renderSummary(report, 1024 * 1024),
      har: renderHar(exchanges, { version: '1.2.3' }),
    }
    expect(verdict.findings.length).toBeGreaterThan(3)
    for (const [name, text] of Object.entries(artefacts)) {
      const found = [...FORMS.flatMap(piecesOf), 'another-c00kie'].filter((piece) => text.includes(piece))
      expect([name, found]).toEqual([name, []])
      if (name !== 'annotations') expect(text).toMatch(/\*\*\*|(?:&#42;){3}/)
    }
  })
})
