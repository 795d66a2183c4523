/**
 * What Talonic answers, in each state of a job, against the document and the laws of the README. Views and
 * slots are made by hand; no server runs here. Refusals are in `error.test.ts`.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { createDraw } from '../../src/generator/draw.ts'
import type { Job, JobState, JobView, Slot, Template, TerminalState } from '../../src/model/job.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { rowIdOf } from '../../src/random/id.ts'
import { drawInteger, drawNumber, hashText, keyOf } from '../../src/random/key.ts'
import type { Drawing } from '../../src/vendor/vendor.ts'
import { answerFacts } from '../../test/vendor/facts.ts'
import { vendor } from './vendor.ts'

const read = (file: string): JsonObject =>
  load(readFileSync(new URL(file, import.meta.url), 'utf8')) as JsonObject
const { states } = read('../../contracts/talonic.yaml') as { states: Readonly<Record<JobState, string>> }
const document = read('openapi.yaml')
const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'talonic', ...document })

/** Every disagreement of a value with a schema of the document. */
function disagreements(value: unknown, schema: string): string[] {
  const validate = ajv.getSchema(`talonic#/components/schemas/${schema}`)
  if (validate === undefined) return [`no schema ${schema}`]
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

const ID = '3f0c2a4e-9d1b-4c57-8a6e-1b2d3c4e5f60'
const SCHEMA_ID = '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b580'
const CREATED_MS = Date.UTC(2026, 0, 1)
const START_MS = CREATED_MS + 2_500
const RUN_MS = 60_000
const HELD = { name: null, ties: 1, mix: {}, heldAtMs: null, createdAtMs: CREATED_MS, queueMs: 2_500 }
const BRIEF = {
  ...{ topic: 0, schema: { id: SCHEMA_ID, name: 'Invoice' }, name: null, document_ids: [] },
  ...{ unread: 3, stuckIn: 2, reason: 'It broke', unreadable: 0.5 },
}

/** A job of ten rows so far into its run; it has ended there where the state says so. */
function viewOf(state: JobState, progress: number, brief: JsonObject = BRIEF, end?: TerminalState): JobView {
  const active = state === 'queued' || state === 'running'
  const outcome = end ?? (active ? 'succeeded' : state)
  const job: Job = { ...HELD, id: ID, runMs: RUN_MS, outcome, rows: 10, brief }
  const atMs = state === 'queued' ? CREATED_MS + 1_700 : START_MS + RUN_MS * progress
  const startedAtMs = state === 'queued' ? null : START_MS
  const rows = Math.floor(10 * progress)
  return { job, state, nowMs: atMs, startedAtMs, endedAtMs: active ? null : atMs, progress, rows }
}

const MOMENTS: Readonly<Record<JobState, JobView>> = {
  queued: viewOf('queued', 0),
  running: viewOf('running', 0.6),
  succeeded: viewOf('succeeded', 1),
  partially_succeeded: viewOf('partially_succeeded', 1),
  failed: viewOf('failed', 1),
  cancelled: viewOf('cancelled', 0.6, BRIEF, 'succeeded'),
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

const KINDS = Object.keys(vendor.fixture?.kinds ?? {})
const templatesOf = (kind: string): Template[] =>
  Array.from({ length: 40 }, (_, run) => drawAll(vendor.fixture?.template, kind, run))
const templates = new Map(KINDS.map((kind) => [kind, templatesOf(kind)]))
const key = keyOf('vendor.test')

function slotOf(view: JobView, index: number): Slot {
  const place = { index, rank: index, atMs: START_MS, brief: view.job.brief, view }
  return {
    ...place,
    id: rowIdOf(key, CREATED_MS, index),
    integer: (lane, min, max) => drawInteger(key, index, hashText(lane), min, max),
    number: (lane, min, max, decimals) => drawNumber(key, index, hashText(lane), min, max, decimals),
  }
}

/** What a function gives for the rows of a job that can be read, all of one kind. */
function eachOf(view: JobView, kind = 'ordinary') {
  return <Value>(value: (template: Template, slot: Slot) => Value): readonly Value[] =>
    Array.from({ length: view.rows }, (_, index) => {
      return value(templates.get(kind)?.[index % 40] ?? {}, slotOf(view, index))
    })
}

function rowsOf(view: JobView, kind?: string): readonly JsonObject[] {
  const columns = Object.entries(vendor.columns ?? {})
  const each = eachOf(view, kind)
  return each((template, slot) => {
    const read = columns.map(([name, column]) => [name, column !== 'template' && column.read(template, slot)])
    return Object.fromEntries(read) as JsonObject
  })
}

function answer(operation: string, view: JobView): JsonObject {
  const render = vendor.answers?.[operation]
  if (render === undefined) throw new Error(`no answer of ${operation}`)
  const facts = { view, state: states[view.state], rows: rowsOf(view) as Json, each: eachOf(view) }
  return render(answerFacts(facts)) as JsonObject
}

const valuesOf = (row: JsonObject): JsonObject => row['values'] as JsonObject
const gapsOf = (row: JsonObject): string[] =>
  Object.keys(valuesOf(row)).filter((name) => valuesOf(row)[name] === null)
const filledIn = (rows: readonly JsonObject[]): number =>
  rows.flatMap((row) => Object.values(valuesOf(row))).filter((value) => value !== null).length

describe.each(JOB_STATES)('a job that is %s', (state) => {
  const view = MOMENTS[state]
  const [job, results] = [answer('getJob', view), answer('getJobResults', view)]
  const rows = results['data'] as readonly JsonObject[]
  const grid = job['grid_stats'] as Readonly<Record<string, number>> | null
  const complete = state === 'succeeded' || state === 'partially_succeeded'

  it('answers what the document describes', () => {
    expect(disagreements(job, 'Job')).toEqual([])
    expect(disagreements(results, 'JobResults')).toEqual([])
    expect(Object.keys(results)).toEqual(['job_id', 'job_status', 'schema', 'total_rows', 'data', 'links'])
  })

  it('says the same of itself in its rows and beside them', () => {
    const { id, status, schema } = job
    expect(results).toMatchObject({ job_id: id, job_status: status, schema, total_rows: view.rows })
    expect(job['completed_documents']).toBe(view.rows)
    expect(job['document_count']).toBe(state === 'failed' ? 13 : 10)
    expect(results['links']).toEqual({ self: `/getJobResults/${ID}`, job: `/getJob/${ID}` })
    const open = state === 'queued' || state === 'running'
    const cancel = open ? { cancel: `/cancelJob/${ID}` } : {}
    const dashboard = `https://app.talonic.com/jobs/${ID}`
    expect(job['links']).toEqual({ self: `/getJob/${ID}`, ...cancel, dashboard })
  })

  it('counts the cells that its rows have filled', () => {
    expect(grid === null).toBe(state === 'queued' || state === 'cancelled')
    if (grid === null) return
    const cells = Number(job['document_count']) * 8
    const filled = filledIn(rows)
    const fill_rate = Math.round((filled / cells) * 100) / 100
    expect(grid).toEqual({ total_cells: cells, filled, empty: cells - filled, fill_rate })
    expect(job['progress']).toBe(state === 'running' ? Math.round(fill_rate * 100) : null)
  })

  it('flags, doubts and approves rows when it is complete, and not before', () => {
    const unjudged = state === 'running' ? 'processing' : 'partial'
    for (const { status, confidence, validation_flags: flags, ...row } of rows) {
      if (!complete) {
        expect([status, confidence, flags]).toEqual([unjudged, null, []])
        continue
      }
      const missing = gapsOf(row).map((name) => `missing_required_field:${name}`)
      expect((flags as string[]).filter((flag) => !flag.startsWith('format_mismatch:'))).toEqual(missing)
      const sound = (flags as string[]).length === 0 && Number(confidence) >= 0.8
      expect(status).toBe(missing.length === 8 ? 'failed' : sound ? 'approved' : 'review')
      expect(confidence === null).toBe(status === 'failed')
    }
  })
})

describe('a job', () => {
  it('tells failure from cancellation by its error, its grid and its phase', () => {
    const [failed, cancelled] = [answer('getJob', MOMENTS.failed), answer('getJob', MOMENTS.cancelled)]
    expect(failed).toMatchObject({ status: 'failed', current_phase: 'error', error: { message: 'It broke' } })
    expect(disagreements(failed, 'CancelledJob')).not.toEqual([])
    expect(disagreements(answer('cancelJob', MOMENTS.cancelled), 'CancelledJob')).toEqual([])
    expect(cancelled).toMatchObject({ error: { code: 'job_failed', message: 'Cancelled via API' } })
    const withError = JOB_STATES.filter((state) => answer('getJob', MOMENTS[state])['error'] !== null)
    expect(withError).toEqual(['failed', 'cancelled'])
  })

  it('passes through the phases in turn, and through none twice', () => {
    const steps = Array.from({ length: 60 }, (_, step) => answer('getJob', viewOf('running', step / 60)))
    const phases = [...new Set(steps.map((body) => body['current_phase']))]
    const { properties } = (document['components'] as { schemas: { Job: JsonObject } }).schemas.Job
    const { enum: words } = (properties as Record<string, JsonObject>)['current_phase'] ?? {}
    expect(phases).toEqual((words as Json[]).slice(0, 6))
    const lost = Array.from({ length: 60 }, (_, step) => viewOf('running', step / 60, BRIEF, 'failed'))
    expect(new Set(lost.map((view) => answer('getJob', view)['current_phase'])).size).toBe(3)
  })

  it('takes no value back, and has them all in the end', () => {
    let before: readonly JsonObject[] = []
    for (let step = 0; step <= 60; step += 1) {
      const rows = rowsOf(viewOf(step < 60 ? 'running' : 'succeeded', step / 60))
      before.forEach((row, index) => {
        const there = Object.entries(valuesOf(row)).filter(([, value]) => value !== null)
        expect(valuesOf(rows[index] ?? {})).toMatchObject(Object.fromEntries(there))
      })
      before = rows
    }
    const waiting = rowsOf({ ...viewOf('running', 0.01), rows: 10 })
    expect(filledIn(waiting)).toBeLessThan(filledIn(before) * 0.8)
    expect(filledIn(waiting)).toBeGreaterThan(filledIn(before) * 0.5)
  })

  it('that succeeds in part reads its first document and fails at its second, however few they are', () => {
    const brief = { ...BRIEF, unreadable: 0 }
    const statuses = (rows: number): Json[] =>
      rowsOf({ ...viewOf('partially_succeeded', 1, brief), rows }).map((row) => row['status'] ?? null)
    expect(statuses(2)[1]).toBe('failed')
    expect(statuses(10).filter((status) => status === 'failed')).toHaveLength(1)
    const half = rowsOf(viewOf('partially_succeeded', 1)).filter(({ status }) => status === 'failed')
    expect(half.length).toBeGreaterThan(2)
  })
})

describe('a new job', () => {
  const document_ids = [ID, ID.toUpperCase(), SCHEMA_ID]
  const asked = { schema_id: SCHEMA_ID.toUpperCase(), document_ids, name: 'Mine' }
  const drawn = drawAll(vendor.fixture?.brief, 'succeeded', 1)
  const briefFor = (body: JsonObject): JsonObject => vendor.brief?.(body, drawn, 'createJob') ?? {}
  const brief = briefFor(asked)

  it('has a row for each document that is named, once, and a drawn number where none is', () => {
    expect(vendor.rows?.(brief, 33)).toBe(2)
    const rows = rowsOf({ ...viewOf('succeeded', 1, brief), rows: 2 })
    expect(rows.map((row) => row['document_id'])).toEqual([ID, SCHEMA_ID])
    for (const none of [{}, { document_ids: [] }]) {
      expect(vendor.rows?.(briefFor({ schema_id: ID, ...none }), 33)).toBe(33)
    }
  })

  it('is pending, is called as it was asked, and loses no document that was named', () => {
    const view = viewOf('queued', 0, brief, 'failed')
    expect(disagreements(answer('createJob', view), 'CreatedJob')).toEqual([])
    expect(answer('getJob', view)).toMatchObject({ name: 'Mine', document_count: 10 })
    expect(answer('getJob', viewOf('queued', 0, BRIEF, 'failed'))['document_count']).toBe(13)
  })

  it('has the same schema whenever it is asked for the same', () => {
    const names = [...'0123456789abcdef'].map((digit) => {
      const { schema } = briefFor({ schema_id: `${ID.slice(0, -1)}${digit}` })
      return (schema as JsonObject)['name']
    })
    expect(names.slice(0, 4)).toEqual(['Invoice', 'Service contract', 'Delivery note', 'Invoice'])
    expect(new Set(names).size).toBe(3)
    const { id = '' } = drawn['schema'] as JsonObject
    expect(briefFor({ schema_id: id })['schema']).toEqual(drawn['schema'])
  })
})

describe.each(KINDS)('documents of kind %s', (kind) => {
  const views = [0, 1, 2].map((topic) => viewOf('succeeded', 1, { ...BRIEF, topic }))
  const rows = views.map((view) => rowsOf({ ...view, rows: 40 }, kind))

  it('are rows that the document accepts, each with an id, a document and a file of its own', () => {
    for (const row of rows.flat()) expect(disagreements(row, 'ResultRow')).toEqual([])
    for (const ofTopic of rows) {
      expect(new Set(ofTopic.map((row) => Object.keys(valuesOf(row)).join())).size).toBe(1)
      for (const member of ['id', 'document_id', 'filename']) {
        expect(new Set(ofTopic.map((row) => row[member])).size).toBe(40)
      }
    }
  })

  it('have eight fields, of which some are always there', () => {
    for (const row of rows.flat()) {
      expect(Object.keys(valuesOf(row))).toHaveLength(8)
      expect(gapsOf(row).length).toBeLessThan(8)
      expect(kind === 'sparse').toBe(gapsOf(row).length > 3)
    }
    const statuses = new Set(rows.flat().map((row) => row['status']))
    expect(statuses.has('approved')).toBe(kind !== 'unsure' && kind !== 'sparse')
  })

  it('flag dates that are written in an odd way', () => {
    const odd = rows.flat().flatMap((row) => {
      const flags = (row['validation_flags'] as string[]).map((flag) => flag.split('format_mismatch:'))
      return flags.flatMap(([, field]) => (field === undefined ? [] : [valuesOf(row)[field]]))
    })
    for (const value of odd) expect(value).toMatch(/^\d\d\.\d\d\.\d{4}$/)
    if (kind === 'ordinary') expect(odd.length).toBeGreaterThan(3)
  })
})
