/**
 * The front end of `examples/front-end/` in a real browser: served from one origin, answered by the compiled
 * program on another. Needs a Chromium; without one it is skipped, but under CI that is a failure.
 *
 * @module
 */
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Program } from '../program.ts'
import { startProgram } from '../program.ts'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const named = process.env['CHROMIUM_PATH']
const executablePath = named ?? PLACES.find(existsSync)
const isCi = (process.env['CI'] ?? '') !== ''
const MISSING = `no Chromium: neither CHROMIUM_PATH is set nor is there ${PLACES.join(', ')}`

let program: Program
let files: ChildProcess
let origin: string
let browser: Browser
let page: Page

/** What the browser complained of in this test, and what it was expected to. */
let complaints: string[]
let expected: string[]

/** Serves the folder as its README says, on a free port. */
async function serveFiles(): Promise<void> {
  const script = fileURLToPath(new URL('../../examples/front-end/serve.mjs', import.meta.url))
  files = spawn(process.execPath, [script, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  if (files.stdout === null) throw new Error('the server of the page has no output')
  const [line] = (await once(files.stdout, 'data')) as [Buffer]
  origin = /http:\S+/.exec(line.toString())?.[0] ?? ''
}

beforeAll(async () => {
  if (executablePath === undefined) {
    if (isCi) throw new Error(MISSING)
    console.warn(`skipped, ${MISSING}`)
    return
  }
  await serveFiles()
  program = await startProgram(['serve', '--port', '0', '--log', 'json', '--allow-origin', origin])
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
})

afterAll(async () => {
  await browser?.close()
  files?.kill()
  await program?.stop()
})

beforeEach(async ({ skip }) => {
  if (executablePath === undefined) skip(MISSING)
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  page.setDefaultTimeout(20_000)
  complaints = []
  expected = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
})

afterEach(async () => {
  if (executablePath === undefined) return
  await page.close()
  expect(complaints).toEqual(expected)
})

async function open(job: string): Promise<void> {
  await page.goto(`${origin}/?base=${encodeURIComponent(program.url)}`)
  await page.locator(`#jobs-list a[href="#${job}"]`).click()
}

const range = (): Promise<string | null> => page.locator('#deepset-range').textContent()
const rowIds = (): Promise<string[]> =>
  page.evaluate("[...document.querySelectorAll('#deepset-rows > li')].map((row) => row.dataset.id)")

/** Waits until the line above the rows says something else, and rows of another page are there. */
async function settled(before: string | null): Promise<void> {
  await page.waitForFunction(
    `document.querySelector('#deepset-range').textContent !== ${JSON.stringify(before)}`,
  )
}

async function press(name: string): Promise<void> {
  const before = await range()
  await page.getByRole('button', { name, exact: true }).click()
  await settled(before)
}

/** Presses a button until it is out of use; gives the ids of each page, the present one first. */
async function walk(name: string): Promise<string[][]> {
  const pages = [await rowIds()]
  while (await page.getByRole('button', { name, exact: true }).isEnabled()) {
    await press(name)
    pages.push(await rowIds())
  }
  return pages
}

/** What the API itself answers for a named job. */
async function ask(job: string, query: string): Promise<{ status: number; body: unknown }> {
  const [api, name] = job.split('/')
  const listing = await fetch(`${program.url}/_standin/jobs?api=${api}`)
  const { jobs } = (await listing.json()) as {
    jobs: { name: string; url: string; headers: Record<string, string> }[]
  }
  const found = jobs.find((one) => one.name === name)
  const response = await fetch(`${program.url}${found?.url}${query}`, { headers: found?.headers ?? {} })
  return { status: response.status, body: await response.json() }
}

describe('the front end, on deepset', () => {
  it('pages to the end by cursors and back, and shows each row once', async () => {
    await open('deepset/many-pages')
    await settled('')
    const { total } = (await ask('deepset/many-pages', '')).body as { total: number }
    const before = await range()
    await page.getByLabel('Rows a page').selectOption('25')
    await settled(before)
    expect(await range()).toBe(`Rows 1–25 of ${total}`)

    const there = await walk('Next')
    expect(there.flat()).toHaveLength(total)
    expect(new Set(there.flat()).size).toBe(total)
    expect(await range()).toMatch(new RegExp(`–${total} of ${total}$`))

    const back = await walk('Previous')
    expect(back.reverse()).toEqual(there)
    expect(await range()).toBe(`Rows 1–25 of ${total}`)
  })

  it('sorts in the order that is chosen', async () => {
    await open('deepset/many-pages')
    await settled('')
    await press('Next')
    const before = await range()
    await page.getByLabel('Order').selectOption('DESC')
    await settled(before)
    await page.getByLabel('Sort by').selectOption('created_at')
    const { data } = (await ask('deepset/many-pages', '?field=created_at&order=DESC')).body as {
      data: { job_result_id: string }[]
    }
    const ids = data.map(({ job_result_id: id }) => id)
    const last = JSON.stringify(ids.at(-1))
    await page.waitForFunction(
      `document.querySelector('#deepset-rows > li:last-child').dataset.id === ${last}`,
    )
    expect(await rowIds()).toEqual(ids)
  })

  it('shows the rows that a filter lets through, and their number', async () => {
    await open('deepset/many-pages')
    await settled('')
    await press('Failed')
    const { total } = (await ask('deepset/many-pages', '?filter=failed%20eq%20true')).body as {
      total: number
    }
    expect(total).toBeGreaterThan(10)
    expect(await page.getByLabel('Filter', { exact: true }).inputValue()).toBe('failed eq true')
    const shown = (await walk('Next')).flat()
    expect(new Set(shown).size).toBe(total)
    expect(await page.locator('#deepset-rows > li').count()).toBe(
      await page.locator('#deepset-rows .state', { hasText: 'failed' }).count(),
    )
  })

  it('says what a refusal says', async () => {
    expected = ['Failed to load resource: the server responded with a status of 422 (Unprocessable Entity)']
    await open('deepset/many-pages')
    await settled('')
    await page.getByLabel('Filter', { exact: true }).fill('failed is true')
    await page.getByRole('button', { name: 'Apply' }).click()

    const refusal = await ask('deepset/many-pages', '?filter=failed%20is%20true')
    const { detail } = refusal.body as { detail: { msg: string }[] }
    expect(refusal.status).toBe(422)
    const alert = await page.getByRole('alert').innerText()
    expect(alert).toContain('422')
    expect(alert).toContain(detail[0]?.msg)
    expect(await page.locator('#deepset-rows > li').count()).toBe(0)
  })
})

describe('the front end, on skop', () => {
  it('creates a job from another origin, polls it to its end and lists its documents', async () => {
    await open('skop/new')
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await page.getByLabel('Website').fill('https://www.lindow.example/')
    await page.getByLabel('Documents to look for').fill('Every annual report since 2020')
    await page.getByRole('button', { name: 'Create job' }).click()

    await page.locator('#skop-state', { hasText: 'in progress' }).waitFor()
    const progress = Number(await page.locator('#skop-progress').getAttribute('value'))
    expect(progress).toBeLessThan(100)
    await page.locator('#skop-state', { hasText: /completed|failed/ }).waitFor({ timeout: 50_000 })
    await page.locator('#skop-documents-title').waitFor()

    const [, downloaded] = /^(\d+) of \d+/.exec(await page.locator('#skop-documents-title').innerText()) ?? []
    expect(await page.locator('#skop-documents > li').count()).toBe(Number(downloaded))
    // What only the server sees: the browser asked first whether it may.
    expect(program.output()).toContain('"method":"OPTIONS","path":"/skop/scrape/","status":204')
    expect(asked.filter((line) => line === 'POST /skop/scrape/')).toHaveLength(1)
    expect(asked.filter((line) => line.includes('/scrape/status/')).length).toBeGreaterThan(2)
    expect(asked.filter((line) => line.includes('/scrape/results/'))).toHaveLength(1)
    expect(asked.at(-1)).toContain('/scrape/results/')
  })

  it('says which member a refused job has wrong', async () => {
    expected = ['Failed to load resource: the server responded with a status of 400 (Bad Request)']
    await open('skop/new')
    await page.getByLabel('Documents to look for').fill('maps')
    await page.getByRole('button', { name: 'Create job' }).click()
    expect(await page.getByRole('alert').innerText()).toMatch(/400[\s\S]*prompt/)
    expect(await page.locator('#skop-status').isVisible()).toBe(false)
  })

  it.each([
    ['running', 'in progress'],
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
  ])('shows the named job %s as it is held, with its documents', async (name, word) => {
    await open(`skop/${name}`)
    await page.locator('#skop-documents > li').first().waitFor()
    const { body } = await ask(`skop/${name}`, '')
    const { documents } = body as { documents: unknown[] }
    expect(await page.locator('#skop-state').innerText()).toBe(word)
    expect(await page.locator('#skop-documents > li').count()).toBe(documents.length)
    expect((await page.locator('#skop-troubles > li').count()) > 0).toBe(name !== 'running')
  })
})

describe('the front end, on a telephone', () => {
  it.each(['deepset/unicode', 'deepset/null-heavy', 'skop/failed', 'skop/new'])(
    'fits %s into 390 pixels',
    async (job) => {
      await page.setViewportSize({ width: 390, height: 844 })
      await open(job)
      await page
        .locator(job.startsWith('deepset') ? '#deepset-rows > li' : '#skop')
        .first()
        .waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
      expect(await page.locator('#jobs-list').isVisible()).toBe(false)
    },
  )
})
