/**
 * `npm run bench`: the budgets, each as a ratio to bare Hono sending the same bytes, in interleaved rounds.
 * Processor time per request, since wall time swings with the neighbours.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judgingRatios } from './judge.ts'
import type { Shot, Subject } from './process.ts'
import { cpuMs, perRequestUs, residentMb, send, start, stop } from './process.ts'
import { proxyRow } from './proxy.ts'
import type { Row } from './statistic.ts'
import { median, spread, table } from './statistic.ts'

const cli = fileURLToPath(new URL('../cli.js', import.meta.url))
const bare = fileURLToPath(new URL('bare.js', import.meta.url))
const bareProxy = fileURLToPath(new URL('bare-proxy.js', import.meta.url))
const SERVE = [cli, 'serve', '--port', '0', '--log', 'silent']

const quick = process.argv.includes('--quick')
const ROUNDS = quick ? 3 : 7
const REQUESTS = quick ? 1_000 : 4_000
const CONNECTIONS = 10

interface Job {
  readonly api: string
  readonly id: string
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

async function serving(scratch: string): Promise<readonly Row[]> {
  const standin = await start([...SERVE])
  try {
    return await servingRows(standin, scratch)
  } finally {
    await stop(standin)
  }
}

async function servingRows(standin: Subject, scratch: string): Promise<readonly Row[]> {
  const listing = await fetch(`${standin.url}/_standin/jobs`)
  const { jobs } = (await listing.json()) as { readonly jobs: readonly Job[] }
  const pageJob = jobs.find(({ name, url }) => name === 'huge' && url.includes('results'))
  const oneJobs = jobs.filter(({ name, api }) => name === 'one-row' && api !== pageJob?.api)
  if (pageJob === undefined || oneJobs.length === 0) throw new Error('there is no job to measure with')
  const readyMb = residentMb(standin)
  const page: Shot = { path: pageJob.url, headers: pageJob.headers }
  const ones = oneJobs.map(({ url, headers }): Shot => ({ path: url, headers }))
  const files = await Promise.all(
    [page, ...ones].map((shot, position) => save(standin, shot, join(scratch, `${position}`))),
  )
  const floor = await start([bare, ...files])
  try {
    const same = (shot: Shot): readonly Shot[] => Array.from({ length: REQUESTS }, () => shot)
    const different = pagesOf(jobs, pageJob)
    const b1 = await ratio(standin, () => same(page), floor, 0)
    const b2 = await ratio(standin, different, floor, 0)
    const b4: Row[] = []
    for (const [position, shot] of ones.entries()) {
      const figures = await ratio(standin, () => same(shot), floor, position + 1)
      b4.push(row('B4', `one job of ${oneJobs[position]?.api} / bare Hono`, figures, 2))
    }
    const b7 = await deepRatio(standin, pageJob)
    const b15 = await proxyRow(
      { cli, bareProxy },
      { url: standin.url, api: pageJob.api, page },
      ROUNDS,
      REQUESTS,
    )
    const usedMb = await memoryAfter(standin, different, same(page))
    return [
      row('B1', 'page of 10 rows, asked before / bare Hono', b1, 1.3),
      row('B2', 'page of 10 rows, pages in random order / bare Hono', b2, 3),
      ...b4,
      row('B7', 'last page of 10,000,000 rows / first page', b7, 1.1),
      b15,
      memoryRow('memory when ready', [readyMb], 90),
      memoryRow(
        `memory after ${quick ? '10,000' : '100,000'} mixed requests (start → half → end)`,
        usedMb,
        160,
      ),
    ]
  } finally {
    await stop(floor)
  }
}

async function save({ url }: Subject, { path, headers }: Shot, file: string): Promise<string> {
  const response = await fetch(url + path, { headers })
  writeFileSync(file, new Uint8Array(await response.arrayBuffer()))
  return file
}

/** A generator that never gives the same number twice in a row; the same numbers in every run. */
function numbers(): () => number {
  let state = 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state
  }
}

const FIELDS = ['query', 'answer', 'context', 'file', 'group_name', 'created_at', 'absolute_query_index']

/**
 * Three in five are pages of the huge job that were never asked before; the others are sorted, or sorted and
 * filtered pages of smaller jobs, which come again from round to round.
 */
function pagesOf(jobs: readonly Job[], huge: Job): () => readonly Shot[] {
  const next = numbers()
  const others = jobs.filter(
    ({ api, name }) => api === huge.api && ['many-pages', 'tied', 'null-heavy'].includes(name),
  )
  return () =>
    Array.from({ length: REQUESTS }, (_, position): Shot => {
      const other = others[position % others.length]
      if (position % 5 < 3 || other === undefined) {
        return { path: `${huge.url}?page_number=${1 + (next() % 1_000_000)}`, headers: huge.headers }
      }
      const field = FIELDS[next() % FIELDS.length]
      const order = next() % 2 === 0 ? 'ASC' : 'DESC'
      const rest = position % 5 === 3 ? `page_number=${1 + (next() % 12)}` : 'filter=failed%20eq%20false'
      return { path: `${other.url}?field=${field}&order=${order}&${rest}`, headers: other.headers }
    })
}

async function ratio(
  standin: Subject,
  shots: () => readonly Shot[],
  floor: Subject,
  file: number,
): Promise<readonly number[]> {
  const ready = Array.from({ length: REQUESTS }, (): Shot => ({ path: `/${file}`, headers: {} }))
  await perRequestUs(standin, shots(), CONNECTIONS)
  await perRequestUs(floor, ready, CONNECTIONS)
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await perRequestUs(standin, shots(), CONNECTIONS)
    const theirs = await perRequestUs(floor, ready, CONNECTIONS)
    ratios.push(ours / theirs)
  }
  return ratios
}

async function deepRatio(standin: Subject, { url, headers }: Job): Promise<readonly number[]> {
  let offset = 0
  const pages = (first: number): readonly Shot[] =>
    Array.from({ length: REQUESTS }, (_, position) => ({
      path: `${url}?page_number=${first + offset + position}`,
      headers,
    }))
  const ratios: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const deep = await perRequestUs(standin, pages(1_000_000 - REQUESTS * (ROUNDS + 1)), CONNECTIONS)
    const shallow = await perRequestUs(standin, pages(1), CONNECTIONS)
    ratios.push(deep / shallow)
    offset += REQUESTS
  }
  return ratios
}

async function memoryAfter(
  standin: Subject,
  different: () => readonly Shot[],
  same: readonly Shot[],
): Promise<readonly number[]> {
  const rounds = Math.ceil((quick ? 10_000 : 100_000) / (REQUESTS * 2))
  const readings = [residentMb(standin)]
  for (let round = 0; round < rounds; round += 1) {
    await perRequestUs(standin, different(), CONNECTIONS)
    await perRequestUs(standin, same, CONNECTIONS)
    if (round === rounds >> 1) readings.push(residentMb(standin))
  }
  return [...readings, residentMb(standin)]
}

/** Processor time from the start of a process to its first 200, against one that only listens with Hono. */
async function readiness(): Promise<Row> {
  const ratios: number[] = []
  const figures: number[] = []
  for (let round = 0; round < ROUNDS + 2; round += 1) {
    const ours = await readyMs(SERVE)
    const theirs = await readyMs([bare])
    figures.push(ours)
    ratios.push(ours / theirs)
  }
  const base = row('B9', 'processor time until ready / bare Hono', ratios, 2)
  return { ...base, figure: `${base.figure}, ${median(figures).toFixed(0)} ms` }
}

async function readyMs(args: readonly string[]): Promise<number> {
  const subject = await start(args)
  try {
    await send(subject.url, { path: '/_standin/health', headers: {} })
    return cpuMs(subject)
  } finally {
    await stop(subject)
  }
}

function row(id: string, what: string, ratios: readonly number[], budget: number): Row {
  return {
    id,
    what,
    figure: `${spread(ratios, 2)}×`,
    budget: `≤ ${budget}×`,
    holds: median(ratios) <= budget,
  }
}

function memoryRow(what: string, readings: readonly number[], budget: number): Row {
  const last = readings.at(-1) ?? 0
  const figure = `${readings.map((reading) => reading.toFixed(0)).join(' → ')} MB`
  return { id: 'B10', what, figure, budget: `≤ ${budget} MB`, holds: last <= budget }
}

const folder = mkdtempSync(join(tmpdir(), 'standin-bench-'))
try {
  const judging = row(
    'B13',
    'judging a page of 100 rows / JSON.parse + bare ajv',
    await judgingRatios(ROUNDS),
    2,
  )
  const rows = [...(await serving(folder)), await readiness(), judging]
  process.stdout.write(`${table(rows)}\n`)
} finally {
  rmSync(folder, { recursive: true })
}
