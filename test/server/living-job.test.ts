/**
 * Jobs that requests make live on the clock that `now` gives: at every instant all views of them agree, and
 * nothing that has been seen is ever taken back.
 */
import { describe, expect, it } from 'vitest'
import type { Standin } from '../../src/index.ts'
import { createStandin } from '../../src/index.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { brokenLaws } from '../random-jobs/skop.ts'
import { named } from '../served.ts'

const START = Date.UTC(2026, 0, 2)
const JOBS = 200
const INSTANTS = 50
const KEY = { 'x-api-key': 'sk-1', 'content-type': 'application/json' }
const STATES = ['pending', 'in_progress', 'completed', 'failed', 'cancelled']

/** A standin whose clock a test moves. */
async function clocked(apis: readonly string[]): Promise<{ standin: Standin; clock: { nowMs: number } }> {
  const clock = { nowMs: START }
  return { clock, standin: await createStandin({ apis, now: () => clock.nowMs }) }
}

async function json(standin: Standin, path: string, init: RequestInit = {}): Promise<JsonObject> {
  const response = await standin.fetch(path, { headers: KEY, ...init })
  const body = (await response.json()) as JsonObject
  if (!response.ok) throw new Error(`${response.status} ${path}: ${JSON.stringify(body)}`)
  return body
}

function create(standin: Standin, parameters: JsonObject = {}): Promise<JsonObject> {
  const body = { website: 'https://www.town.example/start', prompt: 'all public documents', parameters }
  return json(standin, '/skop/scrape/', { method: 'POST', body: JSON.stringify(body) })
}

const at = (value: Json | undefined): number => Date.parse(String(value))
const list = (value: Json | undefined): readonly JsonObject[] => value as readonly JsonObject[]

/** What may only grow, as one list of numbers. */
function growth(results: JsonObject, status: JsonObject): readonly number[] {
  const terminal = Math.min(STATES.indexOf(String(results['status'])), 2)
  const counts = [
    'total_documents_downloaded',
    'total_documents_found',
    'total_pages_crawled',
    'cost',
  ] as const
  const lists = ['errors', 'warnings', 'documents'] as const
  return [
    terminal,
    ...counts.map((name) => Number(results[name])),
    ...lists.map((name) => list(results[name]).length),
    Number(status['progress'] ?? 0),
    list(status['agents_completed']).length,
    Number(results['total_runtime_seconds']),
  ]
}

describe('jobs that were made', () => {
  it(`keep every law at ${INSTANTS} instants, for ${JOBS} of them`, async () => {
    const { standin, clock } = await clocked(['skop'])
    const made: JsonObject[] = []
    for (let index = 0; index < JOBS; index += 1) {
      const strict = { confidence_threshold: (index % 11) / 10, max_file_size_mb: 1 + (index % 5) }
      made.push(await create(standin, index % 3 === 0 ? {} : { ...strict, single_page: index % 2 === 0 }))
    }
    const seen = new Map<string, { growth: readonly number[]; documents: string }>()
    const states = new Set<string>()
    let partial = 0
    for (let instant = 0; instant < INSTANTS; instant += 1) {
      clock.nowMs = START + instant * 400 + (instant % 7)
      for (const job of made) {
        const id = String(job['job_id'])
        const results = await json(standin, `/skop/scrape/results/${id}`)
        const status = await json(standin, `/skop/scrape/status/${id}`)
        const answers = { getJobResults: results, getJobStatus: status }
        const broken = brokenLaws({ answers, nowMs: clock.nowMs })
        if (broken.length > 0) expect([id, instant, broken, results]).toEqual([])
        const now = growth(results, status)
        const documents = JSON.stringify(results['documents']).slice(0, -1)
        const before = seen.get(id)
        if (before !== undefined) {
          if (!now.every((value, place) => value >= (before.growth[place] ?? 0)))
            expect([id, before, now]).toEqual([])
          if (!documents.startsWith(before.documents))
            expect([id, instant, documents]).toEqual([before.documents])
        }
        seen.set(id, { growth: now, documents })
        states.add(String(results['status']))
        if (results['status'] === 'in_progress' && list(results['documents']).length > 0) partial += 1
      }
    }
    expect([...states].sort()).toEqual(['completed', 'failed', 'in_progress', 'pending'])
    expect(partial).toBeGreaterThan(JOBS)
    expect([...seen.values()].every(({ growth: [state] }) => state === 2)).toBe(true)
  })

  it('show what they were asked for, and their receipt keeps its word', async () => {
    const { standin, clock } = await clocked(['skop'])
    const receipt = await create(standin, { timeout: 60, confidence_threshold: 0.9 })
    expect(receipt).toMatchObject({ status: 'pending', created_at: new Date(START).toISOString() })
    clock.nowMs = at(receipt['estimated_completion'])
    const { metadata, status } = await json(standin, `/skop/scrape/results/${String(receipt['job_id'])}`)
    expect(STATES.indexOf(String(status))).toBeGreaterThan(1)
    expect(metadata).toMatchObject({
      ...{ original_website: 'https://www.town.example/start', original_prompt: 'all public documents' },
      ...{
        completed_at: receipt['estimated_completion'],
        estimated_completion: receipt['estimated_completion'],
      },
      parameters: { timeout: 60, confidence_threshold: 0.9, single_page: false },
    })
  })

  it('are the same whatever is read in between, and in another process of the same seed', async () => {
    const [quiet, busy] = [await clocked(['skop']), await clocked(['skop'])]
    for (const { standin } of [quiet, busy]) await create(standin)
    const { job_id: id } = await create(quiet.standin)
    for (let index = 0; index < 20; index += 1) {
      busy.clock.nowMs = START + index * 100
      await json(busy.standin, (await named('skop', 'running')).url)
    }
    busy.clock.nowMs = START
    expect((await create(busy.standin))['job_id']).toBe(id)
    quiet.clock.nowMs = busy.clock.nowMs = START + 6_000
    const path = `/skop/scrape/results/${String(id)}`
    expect(await json(busy.standin, path)).toEqual(await json(quiet.standin, path))
  })

  it('bear a clock that is put back', async () => {
    const { standin, clock } = await clocked(['skop'])
    const { job_id: id } = await create(standin)
    clock.nowMs = START - 86_400_000
    const results = await json(standin, `/skop/scrape/results/${String(id)}`)
    expect(results).toMatchObject({ status: 'pending', documents: [], total_runtime_seconds: 0 })
  })
})

describe('a job of many rows', () => {
  it('grows while it is paged through, and no row moves', async () => {
    const { standin, clock } = await clocked(['deepset'])
    const headers = { authorization: 'Bearer k', 'content-type': 'application/json' }
    const path = (await named('deepset', 'one-row')).url.replace(/\/[^/]+\/results$/, '')
    const body = JSON.stringify({ name: 'a', pipeline_id: crypto.randomUUID(), execution_mode: 'PER_FILE' })
    const { job_id: id } = await json(standin, path, { method: 'POST', headers, body })
    const totals: number[] = []
    let before: readonly Json[] = []
    for (let instant = 0; instant < INSTANTS; instant += 1) {
      clock.nowMs = START + instant * 400
      const { data, total } = await json(standin, `${path}/${String(id)}/results?limit=100&field=name`, {
        headers,
      })
      const rows = data as readonly Json[]
      expect([rows.length, rows.slice(0, before.length)]).toEqual([total, before])
      totals.push(Number(total))
      before = rows
    }
    expect(totals).toEqual([...totals].sort((a, b) => a - b))
    expect(new Set(totals).size).toBeGreaterThan(3)
    const last = (before.at(-1) as JsonObject)['job_result_id']
    const after = await json(standin, `${path}/${String(id)}/results?field=name&after=${String(last)}`, {
      headers,
    })
    expect(after).toEqual({ data: [], has_more: false, total: totals.at(-1) })
  })
})
