/**
 * What Dex answers, in each state and for each operation, against the document and the laws of the README.
 * Views and slots are made by hand; no server runs here.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { createDraw } from '../../src/generator/draw.ts'
import type { Job, JobState, JobView, Slot, TerminalState } from '../../src/model/job.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { drawInteger, drawNumber, keyOf } from '../../src/random/key.ts'
import type { AnswerFacts, Drawing } from '../../src/vendor/vendor.ts'
import { answerFacts } from '../../test/vendor/facts.ts'
import { vendor } from './vendor.ts'

const read = (file: string): unknown => load(readFileSync(new URL(file, import.meta.url), 'utf8'))
const { states } = read('../../contracts/scale-dex.yaml') as { states: Readonly<Record<JobState, string>> }
const document = read('openapi.yaml') as {
  components: { schemas: { JobOperation: { enum: readonly string[] } } }
}
const OPERATIONS = document.components.schemas.JobOperation.enum
const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'scale-dex', ...document })

/** Every disagreement of a job with the document. */
function disagreements(value: unknown): string[] {
  const validate = ajv.getSchema('scale-dex#/components/schemas/Job')
  if (validate === undefined) return ['no schema']
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

type Drawings = Readonly<Record<string, Drawing>> | undefined

/** Members as the generator draws them, after those that are given. */
function drawAll(drawings: Drawings, kind: string, run: number, given: JsonObject = {}): JsonObject {
  const members: Record<string, Json> = { ...given }
  for (const [name, drawing] of Object.entries(drawings ?? {})) {
    if (Object.hasOwn(given, name)) continue
    const own = keyOf(kind, run, name)
    members[name] = drawing(createDraw({ kind, turn: 0, own, shared: own, epochMs: CREATED_MS }), members)
  }
  return members
}

const briefOf = (kind: string, run: number, given: JsonObject): JsonObject =>
  drawAll(vendor.fixture?.brief, kind, run, given)

const CREATED_MS = Date.UTC(2026, 0, 1)
const START_MS = CREATED_MS + 2_500
const RUN_MS = 70_000
const ID = '5b1e7d90-c2af-4a3b-8c1d-0e9f8a7b6c5d'
const HELD = { name: null, ties: 1, mix: {}, heldAtMs: null, createdAtMs: CREATED_MS, queueMs: 2_500 }
const BATCH = { operation: 'batch_parse' }

interface Sketch {
  readonly outcome?: TerminalState
  readonly of?: number
  readonly brief?: JsonObject
  readonly run?: number
}

/** A job so far into its run, with so many rows of eight or so; it has ended where the state says so. */
function viewOf(state: JobState, progress: number, rows: number, sketch: Sketch = {}): JobView {
  const active = state === 'queued' || state === 'running'
  const { outcome = active ? 'succeeded' : state, of = 8, run = 0 } = sketch
  const brief = briefOf(outcome, run, sketch.brief ?? BATCH)
  const job: Job = { ...HELD, id: ID, runMs: RUN_MS, outcome, rows: of, brief }
  const atMs = state === 'queued' ? CREATED_MS + 1_700 : START_MS + Math.round(RUN_MS * progress)
  const startedAtMs = state === 'queued' ? null : START_MS
  return { job, state, nowMs: atMs, startedAtMs, endedAtMs: active ? null : atMs, progress, rows }
}

function slotOf(view: JobView, index: number): Slot {
  const key = keyOf('vendor.test', view.job.id)
  return {
    ...{ index, rank: index, id: `row-${index}`, atMs: START_MS + index, brief: view.job.brief, view },
    integer: (lane, min, max) =>
      drawInteger(key, index, lane.length * 31 + lane.charCodeAt(lane.length - 1), min, max),
    number: (lane, min, max, decimals) => drawNumber(key, index, lane.length, min, max, decimals),
  }
}

/** What an operation answers; its rows are those that the columns give. */
function answer(view: JobView, operation = 'getJob', kind = 'ordinary'): JsonObject {
  const each: AnswerFacts['each'] = (look) =>
    Array.from({ length: view.rows }, (_, index) =>
      look(drawAll(vendor.fixture?.template, kind, index), slotOf(view, index)),
    )
  const rows = each((template, slot) => {
    const members = Object.entries(vendor.columns ?? {}).map(([name, column]) => {
      return [name, column === 'template' ? (template[name] ?? null) : column.read(template, slot)] as const
    })
    return Object.fromEntries(members)
  })
  const render = vendor.answers?.[operation]
  if (render === undefined) throw new Error(`no answer of ${operation}`)
  const scope = { project_id: 'p-1' }
  return render(answerFacts({ view, state: states[view.state], rows, each, scope })) as JsonObject
}

function childrenOf(job: JsonObject): readonly JsonObject[] {
  return (job['progress'] as JsonObject)['child_jobs'] as readonly JsonObject[]
}

/** Progress in one line: total; succeeded, failed, cancelled, pending; the first letters of the children. */
function line(job: JsonObject): string {
  const { total, succeeded, failed, cancelled, pending } = job['progress'] as JsonObject
  const letters = childrenOf(job).map((child) => String(child['status']).charAt(0))
  return `${total}: ${[succeeded, failed, cancelled, pending].join(' ')} ${letters.join('')}`
}

describe.each(JOB_STATES)('a job that is %s', (state) => {
  const moment = { queued: 0, running: 0.5 } as Readonly<Partial<Record<JobState, number>>>

  it.each(OPERATIONS)(
    'and does %s is what the document describes, with the members of its state',
    (operation) => {
      const isBatch = operation === 'batch_parse'
      const sketch = { brief: { operation }, of: isBatch ? 8 : 0 }
      const job = answer(viewOf(state, moment[state] ?? 1, isBatch && state !== 'queued' ? 8 : 0, sketch))
      expect(disagreements(job)).toEqual([])
      expect(job).toMatchObject({
        id: ID,
        project_id: 'p-1',
        operation,
        status: states[state],
        object: 'job',
      })
      const set = Object.keys(job).filter((name) => job[name] !== null)
      const has = (name: string): boolean => set.includes(name)
      expect(has('started_at')).toBe(state !== 'queued')
      expect(has('completed_at')).toBe(state !== 'queued' && state !== 'running')
      expect(has('result')).toBe(state === 'succeeded' || state === 'partially_succeeded')
      expect(has('error')).toBe(state === 'failed')
      expect(has('progress')).toBe(isBatch)
    },
  )

  it('tells of steps without gaps, of which the last is in its state', () => {
    for (const operation of OPERATIONS) {
      const view = viewOf(state, moment[state] ?? 1, 0, { brief: { operation } })
      const steps = answer(view)['history'] as readonly JsonObject[]
      expect(steps[0]).toMatchObject({ step: 'queued', timestamp: new Date(CREATED_MS).toISOString() })
      let untilMs = CREATED_MS
      for (const [position, step] of steps.entries()) {
        const isLast = position === steps.length - 1
        expect(Date.parse(String(step['timestamp']))).toBe(untilMs)
        expect(step['status']).toBe(isLast ? states[state] : 'succeeded')
        expect(step['duration_ms'] === null).toBe(isLast && view.endedAtMs === null)
        untilMs += Number(step['duration_ms'])
      }
      if (view.endedAtMs !== null) expect(untilMs).toBe(view.endedAtMs)
    }
  })
})

describe('a batch', () => {
  it('has its last four children at work while it runs, and none else', () => {
    const lines = [0, 1, 4, 5, 8].map((rows) => line(answer(viewOf('running', 0.5, rows))))
    expect(lines).toEqual([
      '8: 0 0 0 8 ',
      '8: 0 0 0 7 r',
      '8: 0 0 0 4 rrrr',
      '8: 1 0 0 3 srrrr',
      '8: 4 0 0 0 ssssrrrr',
    ])
  })

  it('gives up what is at work and what was never begun', () => {
    const succeeded = { outcome: 'succeeded' } as const
    expect(line(answer(viewOf('cancelled', 0.5, 5, succeeded)))).toBe('8: 1 0 7 0 scccc')
    expect(line(answer(viewOf('cancelled', 0, 0, succeeded)))).toBe('8: 0 0 8 0 ')
    const drawn = viewOf('cancelled', 1, 8)
    const unbegun = Number(drawn.job.brief['unbegun'])
    expect(unbegun).toBeGreaterThan(1)
    expect(line(answer(drawn))).toMatch(new RegExp(`^${8 + unbegun}: \\d \\d ${4 + unbegun} 0 [sf]{4}cccc$`))
  })

  it('ends as its outcome says, whatever is drawn', () => {
    expect(line(answer(viewOf('succeeded', 1, 8)))).toBe('8: 8 0 0 0 ssssssss')
    expect(line(answer(viewOf('failed', 1, 8)))).toBe('8: 0 8 0 0 ffffffff')
    expect(line(answer(viewOf('succeeded', 1, 0, { of: 0 })))).toBe('0: 0 0 0 0 ')
    expect(answer(viewOf('failed', 1, 8))['error']).toBe('0 of 8 documents could be parsed')
    for (let run = 0; run < 50; run += 1) {
      for (const of of [2, 3, 8]) {
        const ended = line(answer(viewOf('partially_succeeded', 1, of, { of, run })))
        expect(ended).toMatch(/ (?=\w*s)(?=\w*f)[sf]+$/)
      }
    }
  })

  it('takes nothing back while it runs', () => {
    for (const outcome of ['succeeded', 'partially_succeeded', 'failed'] as const) {
      const steps = Array.from({ length: 9 }, (_, rows) => {
        return childrenOf(answer(viewOf('running', 0.5, rows, { outcome })))
      })
      const last = childrenOf(answer(viewOf(outcome, 1, 8)))
      for (const children of steps) {
        const ended = children.filter((child) => child['status'] !== 'running')
        expect(ended).toEqual(last.slice(0, ended.length))
      }
    }
  })

  it('has a parse result for each child that succeeded, and an error for each that failed', () => {
    for (const kind of Object.keys(vendor.fixture?.kinds ?? {})) {
      const job = answer(viewOf('partially_succeeded', 1, 40, { of: 40 }), 'getJob', kind)
      expect(disagreements(job)).toEqual([])
      const results = childrenOf(job).flatMap((child) => child['parse_result_id'] ?? [])
      expect(job['result']).toEqual({ parse_result_ids: results })
      expect(new Set(results).size).toBe(results.length)
      for (const { status, parse_result_id, error } of childrenOf(job)) {
        expect([parse_result_id !== null, error !== null]).toEqual([
          status === 'succeeded',
          status === 'failed',
        ])
        if (kind === 'long' && error !== null) expect(String(error).length).toBeGreaterThan(500)
      }
    }
  })

  it('is told in the same words by every operation', () => {
    const view = viewOf('running', 0.5, 6)
    for (const operation of ['cancelJob', 'createParseJob', 'createBatchParseJob']) {
      expect(answer(view, operation)).toEqual(answer(view))
    }
  })
})

describe('what a request asks', () => {
  const drawn = briefOf('succeeded', 1, { operation: 'chunk' })
  const asked = (body: JsonObject): JsonObject => {
    const operationId = 'source_document_id' in body ? 'createParseJob' : 'createBatchParseJob'
    return vendor.brief?.(body, drawn, operationId) ?? {}
  }
  const rowsFor = (body: JsonObject): number | undefined => vendor.rows?.(asked(body), 23)

  it('is one document, and no rows', () => {
    const body = { source_document_id: 'doc-1', parameters: { engine: 'iris' } }
    expect(asked(body)).toMatchObject({ operation: 'parse', source_id: 'doc-1', engine: 'iris' })
    expect(rowsFor(body)).toBe(0)
    const { source_id, result } = answer(viewOf('succeeded', 1, 0, { of: 0, brief: asked(body) }))
    const { engine, parse_result_id: id } = result as JsonObject
    expect([source_id, engine, id === ID]).toEqual(['doc-1', 'iris', false])
  })

  it('is what the operation says, whatever else the body holds', () => {
    const body = { source_document_id: 'doc-1', source_document_ids: ['a', 'b'] }
    const brief = vendor.brief?.(body, drawn, 'createBatchParseJob') ?? {}
    expect(brief).toMatchObject({ operation: 'batch_parse', source_id: null })
    expect(vendor.rows?.(brief, 23)).toBe(2)
  })

  it('is many documents, each of them a row', () => {
    const body = { source_document_ids: ['a', 'b', 'a'] }
    expect(rowsFor(body)).toBe(3)
    expect(rowsFor({ source_document_ids: [] })).toBe(0)
    const job = answer(viewOf('succeeded', 1, 3, { of: 3, brief: asked(body) }))
    expect(childrenOf(job).map((child) => child['source_document_id'])).toEqual(['a', 'b', 'a'])
  })

  it('is a batch of drawn documents where it says nothing', () => {
    expect(asked({})).toMatchObject({ operation: 'batch_parse', source_id: null })
    expect(rowsFor({})).toBe(23)
  })
})

describe('drawn jobs', () => {
  it('bring an invoice that is the sum of its lines', () => {
    for (let run = 0; run < 100; run += 1) {
      const { fields } = briefOf('succeeded', run, { operation: 'extract' })['payload'] as JsonObject
      const { lines, total } = fields as { lines: readonly Record<string, number>[]; total: number }
      const amounts = lines.map((line) => Number(line['quantity']) * Number(line['unit_price']))
      const sum = amounts.reduce((soFar, amount) => soFar + amount, 0)
      expect(total).toBeCloseTo(sum, 6)
    }
  })

  it('are named after every operation, and one of them leaves out what it is', () => {
    const jobs = vendor.fixture?.jobs ?? {}
    const shown = OPERATIONS.map((name) => jobs[name.replace('_', '-')]?.brief?.['operation'])
    expect(shown).toEqual(OPERATIONS)
    const brief = jobs['without-object']?.brief ?? {}
    expect(answer(viewOf('succeeded', 1, 0, { of: 0, brief }))).not.toHaveProperty('object')
  })

  it('can have null wherever the document allows it', () => {
    const brief = { ...BATCH, bare: true, traced: true, source_id: 'x' }
    const job = answer(viewOf('queued', 0, 0, { brief }))
    const nulls = Object.keys(job).filter((name) => job[name] === null)
    expect(nulls.join(' ')).toBe('source_id correlation_id started_at completed_at result error history')
  })
})
