/**
 * What Skop answers, in each state of a job and to what it refuses, against the document and the laws of the
 * README. Views, slots and refusals are made by hand; no server runs here.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { createDraw } from '../../src/generator/draw.ts'
import type { Job, JobState, JobView, Slot, Template } from '../../src/model/job.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { drawInteger, drawNumber, keyOf } from '../../src/random/key.ts'
import type { Drawing, RefusalFacts } from '../../src/vendor/vendor.ts'
import { answerFacts, refusalFacts } from '../../test/vendor/facts.ts'
import { vendor } from './vendor.ts'

const read = (file: string): unknown => load(readFileSync(new URL(file, import.meta.url), 'utf8'))
const { states } = read('../../contracts/skop.yaml') as { states: Readonly<Record<JobState, string>> }
const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'skop', ...(read('openapi.yaml') as object) })

/** Every disagreement of a value with a schema of the document. */
function disagreements(value: unknown, schema: string): string[] {
  const validate = ajv.getSchema(`skop#/components/schemas/${schema}`)
  if (validate === undefined) return [`no schema ${schema}`]
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

const SITE = 'https://www.riverton.example'
const PARAMETERS = { single_page: false, timeout: 60, file_type: 'document', max_file_size_mb: 5 }
const BRIEF = {
  website: `${SITE}/council?lang=en#top`,
  prompt: "Minutes of the council's meetings",
  parameters: { ...PARAMETERS, confidence_threshold: 0.5 },
  pages: 11,
  paths: ['/council', '/finance', '/news'],
  losses: 2,
  errors: [3, 4, 5, 6].map((page) => ({ error_type: 'broken', error_message: 'It broke', page })),
  warnings: ['One', 'Two'],
}

const CREATED_MS = Date.UTC(2026, 0, 1)
const START_MS = CREATED_MS + 2_500
const RUN_MS = 70_000
const HELD = { name: null, ties: 1, mix: {}, heldAtMs: null, createdAtMs: CREATED_MS, queueMs: 2_500 }

/** A job so far into its run; it has ended there where the state says so. */
function viewOf(state: JobState, progress: number, rows: number, brief: JsonObject = BRIEF): JobView {
  const active = state === 'queued' || state === 'running'
  const outcome = active ? 'partially_succeeded' : state
  const job: Job = { ...HELD, id: 'job_5b1e7d90c2af', runMs: RUN_MS, outcome, rows: 8, brief }
  const atMs = state === 'queued' ? CREATED_MS + 1_700 : START_MS + RUN_MS * progress
  const startedAtMs = state === 'queued' ? null : START_MS
  const nowMs = active ? atMs : atMs + RUN_MS
  return { job, state, nowMs, startedAtMs, endedAtMs: active ? null : atMs, progress, rows }
}

/** In each state a moment, as progress and rows; then seconds, minutes, errors, agents done and percent. */
const MOMENTS: Readonly<Record<JobState, readonly [number, number, ...(number | null)[]]>> = {
  queued: [0, 0, 0, 0, 0, 0, null],
  running: [0.4, 3, 30, 0.5, 1, 2, 40],
  succeeded: [1, 8, 72, 1.2, 0, 3, 100],
  partially_succeeded: [1, 8, 72, 1.2, 2, 3, 100],
  failed: [1, 1, 72, 1.2, 3, 2, 99.9],
  cancelled: [0.7, 5, 51, 0.85, 2, 2, 70],
}

function momentOf(state: JobState): JobView {
  const [progress, rows] = MOMENTS[state]
  return viewOf(state, progress, rows)
}

function answer(operation: string, view: JobView, rows: Json = []): JsonObject {
  const render = vendor.answers?.[operation]
  if (render === undefined) throw new Error(`no answer of ${operation}`)
  return render(answerFacts({ view, state: states[view.state], rows })) as JsonObject
}

type Drawings = Readonly<Record<string, Drawing>> | undefined

/** Members as the generator draws them. */
function drawAll(drawings: Drawings, kind: string, run: number): Template {
  const members: Record<string, Json> = {}
  for (const [name, drawing] of Object.entries(drawings ?? {})) {
    const own = keyOf(kind, run, name)
    members[name] = drawing(createDraw({ kind, turn: 0, own, shared: own, epochMs: CREATED_MS }), members)
  }
  return members
}

/** A row as the columns give it. */
function rowOf(kind: string, index: number, brief: JsonObject): JsonObject {
  const template = drawAll(vendor.fixture?.template, kind, index)
  const key = keyOf('vendor.test')
  const slot: Slot = {
    ...{ index, rank: index, id: String(index), atMs: START_MS + index * 1_000, brief },
    view: viewOf('succeeded', 1, index + 1, brief),
    integer: (lane, min, max) => drawInteger(key, index, lane.length, min, max),
    number: (lane, min, max, decimals) => drawNumber(key, index, lane.length, min, max, decimals),
  }
  const read = Object.entries(vendor.columns ?? {}).map(([name, column]) => {
    return [name, column === 'template' ? (template[name] ?? null) : column.read(template, slot)] as const
  })
  return Object.fromEntries(read)
}

function results(view: JobView): JsonObject {
  const rows = Array.from({ length: view.rows }, (_, index) => rowOf('ordinary', index, view.job.brief))
  return answer('getJobResults', view, rows)
}

const status = (view: JobView): JsonObject => answer('getJobStatus', view)

/** What headers are told where no limit is set. */
const told = (status: number) => ({ status, nowMs: 0, limit: null, retryAfterMs: null })

describe.each(JOB_STATES)('a job that is %s', (state) => {
  const view = momentOf(state)
  const body = results(view)
  const told = status(view)
  const metadata = body['metadata'] as JsonObject
  const errors = body['errors'] as readonly JsonObject[]
  const found = Number(body['total_documents_found'])

  it('answers what the document describes', () => {
    expect(disagreements(body, 'JobResultsResponse')).toEqual([])
    expect(disagreements(told, 'JobStatusResponse')).toEqual([])
  })

  it('counts, rates and charges as its documents say', () => {
    expect(body['total_documents_downloaded']).toBe(view.rows)
    expect(found).toBe(view.rows + errors.filter((error) => error['is_recoverable']).length)
    expect(body['success_rate']).toBe(found === 0 ? 0 : view.rows / found)
    expect(body['cost']).toBe(Number((view.rows * 0.18).toFixed(2)))
    expect(body['message']).toMatch(new RegExp(`\\b${view.rows} documents?\\b`))
  })

  it('has the runtime, errors, agents and progress of its instant', () => {
    const { total_runtime_seconds: seconds, runtime_minutes: minutes } = body
    const agents = told['agents_completed'] as readonly Json[]
    const seen = [seconds, minutes, errors.length, agents.length, told['progress']]
    expect(seen).toEqual(MOMENTS[state].slice(2))
    expect(told['current_agent']).toBe(state === 'running' ? 'scraper' : null)
  })

  it('lists errors in the order in which they had happened, and last what ended it', () => {
    const untilMs = view.endedAtMs ?? view.nowMs
    const instants = errors.map((error) => Date.parse(String(error['timestamp'])))
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
    expect(instants.every((ms) => ms > START_MS && ms <= untilMs)).toBe(true)
    expect(new Set(errors.map((error) => error['error_id'])).size).toBe(errors.length)
    expect(errors.findIndex((error) => !error['is_recoverable'])).toBe(state === 'failed' ? 2 : -1)
  })

  it('says the same in results, metadata and status', () => {
    const { job_id, total_documents_found, total_pages_crawled, has_errors, warnings } = body
    const shared = { job_id, total_documents_found, total_pages_crawled, errors, warnings }
    expect(metadata).toMatchObject(shared)
    expect(told).toMatchObject({ ...shared, has_errors, status: states[state] })
    const times = 'created_at started_at completed_at estimated_completion agents_completed'
    for (const name of times.split(' ')) expect(told[name], name).toEqual(metadata[name])
    expect(has_errors).toBe(errors.length > 0)
    expect(metadata['final_status']).toBe(view.endedAtMs === null ? undefined : states[state])
    expect(told['is_active']).toBe(told['completed_at'] === null)
  })

  it('has read no fewer pages than its documents and errors name', () => {
    const rows = body['documents'] as readonly JsonObject[]
    const pages = [...rows.map((row) => row['source_page']), ...errors.map((error) => error['page_url'])]
    const named = new Set(pages.filter((page) => page !== null))
    expect(body['total_pages_crawled']).toBeGreaterThanOrEqual(named.size)
  })
})

describe('progress', () => {
  it('takes no counter back, and is whole at completion only', () => {
    const steps = Array.from({ length: 201 }, (_, step) => status(viewOf('running', step / 201, step >> 5)))
    const names = ['total_pages_crawled', 'total_documents_found', 'errors', 'warnings', 'agents_completed']
    const counts = names.map((name) => steps.map((body) => Number(Object(body[name]).length ?? body[name])))
    for (const series of counts) expect(series).toEqual([...series].sort((a, b) => a - b))
    expect(counts.map((series) => series.at(-1))).toEqual([11, 8, 2, 2, 2])
    expect(new Set(steps.map((body) => body['current_agent'])).size).toBe(3)
    expect(status(viewOf('running', 0.999_96, 8))['progress']).toBe(99.9)
  })

  it('has lost something where it ends in part or in failure, whatever was drawn', () => {
    const calm = { ...BRIEF, losses: 0 }
    const found = (state: JobState): unknown => status(viewOf(state, 1, 4, calm))['total_documents_found']
    expect(JOB_STATES.map(found)).toEqual([4, 5, 4, 5, 5, 4])
  })

  it('leaves nothing behind when a job is cancelled before it starts', () => {
    const view: JobView = { ...momentOf('queued'), state: 'cancelled', endedAtMs: CREATED_MS + 1_700 }
    expect(status(view)).toMatchObject({ progress: null, started_at: null, agents_completed: [] })
    expect(results(view)).toMatchObject({ total_runtime_seconds: 1, cost: 0, total_pages_crawled: 0 })
  })
})

describe('creation and cancellation', () => {
  it('answer a new job as pending and a cancelled one with its instant', () => {
    const created = answer('createJob', momentOf('queued'))
    expect(disagreements(created, 'JobCreateResponse')).toEqual([])
    expect(created['estimated_completion']).toBe(status(momentOf('queued'))['estimated_completion'])
    const cancelled = answer('cancelJob', momentOf('cancelled'))
    expect(disagreements(cancelled, 'JobCancelResponse')).toEqual([])
    expect(cancelled['cancelled_at']).toBe(status(momentOf('cancelled'))['completed_at'])
  })

  it('ask what the request asks, and take nothing else from it', () => {
    const asked = { website: 'http://a.example', prompt: 'Ten letters' }
    const brief = vendor.brief?.({ ...asked, parameters: { timeout: 90 }, pages: 'x' }, BRIEF, 'createJob')
    const parameters = { ...PARAMETERS, timeout: 90, confidence_threshold: 0.1, max_file_size_mb: 100 }
    expect(brief).toEqual({ ...BRIEF, ...asked, parameters })
  })
})

describe('documents', () => {
  it.each(Object.keys(vendor.fixture?.kinds ?? {}))('of kind %s keep the bounds of their job', (kind) => {
    for (const [place, confidence_threshold] of [0, 0.1, 0.7, 0.777_77, 0.999, 1].entries()) {
      const parameters = { ...PARAMETERS, confidence_threshold, max_file_size_mb: place + 1 }
      for (let index = 0; index < 60; index += 1) {
        const row = rowOf(kind, index, { ...BRIEF, parameters })
        expect(disagreements(row, 'ExtractedDocument')).toEqual([])
        expect(row['confidence_score']).toBeGreaterThanOrEqual(confidence_threshold)
        const limit = kind === 'unsure' ? confidence_threshold + 0.105 : 1
        expect(row['confidence_score']).toBeLessThanOrEqual(limit)
        expect(row['file_size_mb']).toBeLessThanOrEqual(place + 1)
        expect(row['url']).toMatch(new RegExp(`^${SITE}/files/\\d+/[^/]+\\.${row['document_type']}$`))
        expect(BRIEF.paths.map((path) => SITE + path)).toContain(row['source_page'])
      }
    }
  })

  it('stand on the page of the request where the job stays on it', () => {
    const brief = { ...BRIEF, parameters: { ...BRIEF.parameters, single_page: true } }
    expect(rowOf('ordinary', 1, brief)['source_page']).toBe(BRIEF.website)
    expect(results(viewOf('succeeded', 1, 8, brief))['total_pages_crawled']).toBe(1)
  })

  it('are sought by drawn jobs that could be asked for and have an error for each loss', () => {
    for (let run = 0; run < 100; run += 1) {
      const { website, prompt, parameters, ...fate } = drawAll(vendor.fixture?.brief, 'failed', run)
      expect(disagreements({ website, prompt, parameters }, 'ScrapeRequest')).toEqual([])
      expect((fate['errors'] as Json[]).length).toBeGreaterThanOrEqual(Number(fate['losses']))
      expect((fate['paths'] as Json[]).length).toBeLessThanOrEqual(Number(fate['pages']))
    }
  })
})

describe('refusals', () => {
  const base = { path: '/scrape/status/JOB-1', at: '2026-01-01T00:00:00.000Z' }
  const issue = { name: '', path: [], params: {}, message: 'is wrong' }

  function refuse(facts: Pick<RefusalFacts, 'code' | 'status'> & Partial<RefusalFacts>): Json {
    if (typeof vendor.errors !== 'function') throw new Error('errors is no function')
    return vendor.errors(refusalFacts({ ...base, ...facts }))
  }

  it.each([
    ['unauthenticated', 401],
    ['job_not_found', 404],
    ['rate_limited', 429],
    ['internal', 500],
  ] as const)('have the general body where the code is %s', (code, number) => {
    const body = refuse({ code, status: number })
    expect(disagreements(body, 'ErrorResponse')).toEqual([])
    expect(body).toMatchObject({ status_code: number, path: base.path, timestamp: base.at })
    expect(body).not.toHaveProperty('details')
    expect(vendor.headers?.(told(number))['X-Rate-Limit-Remaining']).toBe(number === 429 ? '0' : '99')
  })

  it('have a body of their own at 402', () => {
    const body = refuse({ code: 'payment_required', status: 402 })
    expect(disagreements(body, 'InsufficientCreditsResponse')).toEqual([])
    expect(body).toMatchObject({ estimated_cost: 3.6, current_credits: 2.5, shortfall: 1.1 })
  })

  it('do not tell a malformed id from an unknown one', () => {
    const issues = [{ ...issue, in: 'path', keyword: 'pattern' }] as const
    const malformed = refuse({ code: 'id_malformed', status: 404, issues })
    expect(malformed).toEqual(refuse({ code: 'job_not_found', status: 404 }))
    expect(malformed).toMatchObject({ message: 'No job JOB-1 is visible to this key' })
  })

  it('name the member of a body that was at fault', () => {
    const issues = [{ ...issue, in: 'body', path: ['parameters', 'timeout'], keyword: 'maximum' }] as const
    const body = refuse({ code: 'request_invalid', status: 400, issues })
    expect(disagreements(body, 'ErrorResponse')).toEqual([])
    expect(body).toMatchObject({ details: { field: 'parameters.timeout', reason: 'is wrong' } })
    const json = [{ ...issue, in: 'body', keyword: 'json' }] as const
    const broken = refuse({ code: 'request_bad', status: 400, issues: json })
    expect(broken).toMatchObject({ message: 'The request is not valid: body is not JSON' })
  })
})
