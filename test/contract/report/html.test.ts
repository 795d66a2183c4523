/**
 * The HTML report, as text and in a browser. The latter needs a Chromium; without one it is skipped, but
 * under CI that is a failure.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderHtml } from '../../../src/contract/report/html.ts'
import { SCRIPT, SCRIPT_HASH } from '../../../src/contract/report/html-style.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { judgeBroken, nastyVerdict, reported, reportOnBroken } from './reported.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = process.env['CHROMIUM_PATH'] ?? PLACES.find(existsSync)
const isCi = (process.env['CI'] ?? '') !== ''
const MISSING = `no Chromium: neither CHROMIUM_PATH is set nor is there ${PLACES.join(', ')}`

/** A verdict with a thousand findings, every one with its own message. */
async function thousand(): Promise<Verdict> {
  const [verdict] = await judgeBroken()
  const [first] = verdict.findings
  if (first === undefined) throw new Error('there is a finding')
  const findings = Array.from({ length: 1000 }, (_, at) => ({
    ...first,
    id: `f-${at}`,
    message: `number-${at}.`,
  }))
  return { ...verdict, findings }
}

describe('the page', () => {
  it('shows the grid, each finding and the lines of document and body', async () => {
    const page = renderHtml(await reportOnBroken())
    expect(page).toMatch(/<h2 id="api-0">acme <span class="bad">broken<\/span><\/h2>/)
    expect(page).toMatch(
      /<th scope="row" title="readRows">GET \/jobs\/\{job_id\}\/rows<\/th><td class="failed".*<td>200×\d+/,
    )
    expect(page).toMatch(/<td class="failed" title="failed: \d+ exchanges">✗<\/td>/)
    expect(page).toMatch(
      /<span class="place">\d+ +name: \{ type: \[string, &#39;null&#39;\]|<span class="place">\d+ +name: /,
    )
    expect(page).toMatch(/<span class="place">1 {2}&quot;name&quot;:7<\/span>/)
  })

  it('loads nothing, and runs no script but its own', async () => {
    const page = renderHtml(await reportOnBroken())
    expect(createHash('sha256').update(SCRIPT).digest('base64')).toBe(SCRIPT_HASH)
    expect(page).toContain(`script-src 'sha256-${SCRIPT_HASH}'`)
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/\ssrc=|<iframe|@import|url\(|<link (?!rel="icon" href="data:,")/)
  })

  it('holds foreign text only as text', async () => {
    const page = renderHtml(reported([await nastyVerdict()])).replace(SCRIPT, '')
    expect(page.match(/<script>/g)).toHaveLength(1)
    expect(/<img|<!--/.test(page)).toBe(false)
    expect(/[\p{Cc}\p{Cs}\u202e]/u.test(page.replaceAll('\n', ''))).toBe(false)
    expect(page.length).toBeLessThan(600_000)
  })
})

describe('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'standin-html-'))
  let browser: Browser | undefined
  let page: Page
  let complaints: string[]
  let requests: string[]

  beforeAll(async () => {
    if (executablePath !== undefined) {
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
      return
    }
    if (isCi) throw new Error(MISSING)
    console.warn(`skipped, ${MISSING}`)
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true })
  })

  beforeEach(({ skip }) => {
    if (browser === undefined) skip(MISSING)
  })

  async function open(verdicts: readonly Verdict[]): Promise<void> {
    if (browser === undefined) throw new Error(MISSING)
    const file = join(folder, 'report.html')
    writeFileSync(file, renderHtml(reported(verdicts)))
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    complaints = []
    requests = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(file).href)
  }

  it('opens offline, complains of nothing, and filters a thousand findings from the keyboard', async () => {
    await open([await thousand()])
    const shown = page.locator('details.finding:visible')
    expect(await shown.count()).toBe(1000)
    await page.keyboard.press('Tab')
    await page.keyboard.type('number-77.')
    expect(await shown.count()).toBe(1)
    expect(await page.locator('#told').textContent()).toBe('1 of 1000 findings')
    const summary = shown.locator('summary').first()
    await summary.focus()
    await page.keyboard.press('Enter')
    expect(await shown.locator('.frames').isVisible()).toBe(true)
    expect(complaints).toEqual([])
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([])
    await page.close()
  })

  it('shows hostile text as it is and runs none of it', async () => {
    await open([await nastyVerdict()])
    expect(await page.evaluate('typeof injected')).toBe('undefined')
    expect(await page.locator('body').textContent()).toContain('<script>injected()</script>')
    expect(await page.locator('details.finding script, img, [onmouseover], [onerror]').count()).toBe(0)
    expect(complaints).toEqual([])
    await page.close()
  })
})
