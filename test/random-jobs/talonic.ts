/**
 * What must hold of Talonic's rows, job and list of one job, written again by hand.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Seen } from './seen.ts'
import { falseOf } from './seen.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const PHASES = ['1_resolve', '2_strategy', '2_execute', '2_outliers', '3_validation', '4_reread']
const WORDS: Readonly<Record<Seen['state'], string>> = {
  queued: 'pending',
  running: 'processing',
  succeeded: 'complete',
  partially_succeeded: 'complete',
  failed: 'failed',
  cancelled: 'failed',
}

const at = (value: Json | undefined): number => Date.parse(String(value))
const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)
const different = (values: readonly Json[]): boolean => new Set(values.map(String)).size === values.length
const rowsOf = (results: JsonObject): readonly JsonObject[] => results['data'] as readonly JsonObject[]
const valuesOf = (row: JsonObject): JsonObject => row['values'] as JsonObject
const gapsOf = (row: JsonObject): string[] =>
  Object.keys(valuesOf(row)).filter((field) => valuesOf(row)[field] === null)

/** Flags name each gap once, and beside gaps exactly the dates that are not written as dates. */
function isFlagged(row: JsonObject): boolean {
  const flags = (row['validation_flags'] as readonly Json[]).map(String)
  const values = Object.entries(valuesOf(row))
  const odd = values.filter(([, value]) => /^\d\d\.\d\d\.\d{4}$/.test(String(value))).map(([field]) => field)
  const wanted = [
    ...gapsOf(row).map((field) => `missing_required_field:${field}`),
    ...odd.map((field) => `format_mismatch:${field}`),
  ]
  return same([...flags].sort(), wanted.sort())
}

/** The file is called after the number that was read in it, and days are days. */
function isRead({ filename, values }: JsonObject): boolean {
  const [number = null] = Object.values(values as JsonObject)
  const named = number === null || String(filename).includes(`-${String(number).replace(/^[A-Z]+-/, '')}.`)
  const days = Object.entries(values as JsonObject).filter(([field]) => /date|_on$/.test(field))
  return (
    named &&
    days.every(([, day]) => day === null || /^(\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4})$/.test(String(day)))
  )
}

/** What validation says of a row of a complete job. */
function isValidated(row: JsonObject): boolean {
  const { status, confidence } = row
  if (gapsOf(row).length === Object.keys(valuesOf(row)).length)
    return status === 'failed' && confidence === null
  if (typeof confidence !== 'number' || confidence < 0 || confidence > 1) return false
  const sound = confidence >= 0.8 && (row['validation_flags'] as readonly Json[]).length === 0
  return status === (sound ? 'approved' : 'review')
}

/** A row of a job that was not validated: nobody has judged it. */
function isUnjudged(row: JsonObject, status: string): boolean {
  return row['status'] === status && row['confidence'] === null && same(row['validation_flags'], [])
}

/** What an invoice adds up to, where all its parts are there. */
function addsUp({ line_items: items, net_amount: net, tax_amount: tax, total }: JsonObject): boolean {
  const lines = (Array.isArray(items) ? items : []) as readonly JsonObject[]
  const sum = lines.reduce((all, line) => all + Number(line['amount']), 0)
  const near = (a: number, b: Json | undefined): boolean => Math.abs(a - Number(b)) < 0.005
  const lined = lines.every((line) =>
    near(Number(line['quantity']) * Number(line['unit_price']), line['amount']),
  )
  const netted = items == null || net == null || near(sum, net)
  return (
    lined && netted && (net == null || tax == null || total == null || near(Number(net) + Number(tax), total))
  )
}

function resultLaws({ id, state, outcome, rows: count, answers, prefix }: Seen) {
  const { getJobResults: results = {} } = answers
  const rows = rowsOf(results)
  const complete = state === 'succeeded' || state === 'partially_succeeded'
  const failed = rows.filter((row) => row['status'] === 'failed').length
  const path = `${prefix}/v1/jobs/${id}`
  return {
    'rows are counted': results['total_rows'] === rows.length && rows.length === count,
    'the status of rows and job': results['job_status'] === WORDS[state] && results['job_id'] === id,
    'rows link to themselves and their job': same(results['links'], { self: `${path}/results`, job: path }),
    'a job that waits has no rows': state !== 'queued' || rows.length === 0,
    'ids are UUIDs': rows.every(
      (row) => UUID.test(String(row['id'])) && UUID.test(String(row['document_id'])),
    ),
    'ids, documents and files differ':
      different(rows.map((row) => row['id'] ?? '')) &&
      different(rows.map((row) => row['document_id'] ?? '')) &&
      different(rows.map((row) => row['filename'] ?? '')),
    'rows are in the order of their ids': rows.every(
      (row, place) => place === 0 || String(row['id']) > String(rows[place - 1]?.['id']),
    ),
    'rows have the same fields': rows.every((row) =>
      same(Object.keys(valuesOf(row)), Object.keys(valuesOf(rows[0] ?? {}))),
    ),
    'files and days are sound': rows.every(isRead),
    'amounts add up': rows.every((row) => addsUp(valuesOf(row))),
    'rows are judged when the job is complete': rows.every((row) =>
      complete
        ? isValidated(row) && isFlagged(row)
        : isUnjudged(row, state === 'running' ? 'processing' : 'partial'),
    ),
    'rows fail in jobs that succeed in part': !complete
      ? failed === 0
      : outcome === 'partially_succeeded' && rows.length > 1
        ? failed > 0 && failed < rows.length
        : failed === 0,
  }
}

function jobLaws({ id, state, rows: count, nowMs, answers, prefix }: Seen) {
  const { getJobResults: results = {}, getJob: job = {}, listJobs: item = {} } = answers
  const rows = rowsOf(results)
  const grid = job['grid_stats'] as JsonObject | null
  const [cells, filled, empty, rate] = ['total_cells', 'filled', 'empty', 'fill_rate'].map(
    (name) => grid?.[name],
  )
  const documents = Number(job['document_count'])
  const [open, ended] = [state === 'queued' || state === 'running', job['completed_at'] !== null]
  const complete = state === 'succeeded' || state === 'partially_succeeded'
  const path = `${prefix}/v1/jobs/${id}`
  const phases: readonly (Json | undefined)[] =
    state === 'running' ? PHASES.map((name) => `phase_${name}`) : [state === 'failed' ? 'error' : null]
  const times = ['created_at', 'started_at', 'completed_at'].flatMap((name) => job[name] ?? []).map(at)
  const error = job['error'] as JsonObject | null
  return {
    'the list shows the job': same(item, job),
    'job and rows agree': ['status', 'schema', 'id'].every((name) =>
      same(job[name], results[name === 'schema' ? name : `job_${name}`]),
    ),
    'documents done are rows': job['completed_documents'] === count && count <= documents,
    'a complete job is done': !complete || count === documents,
    'a grid is there unless the job waits or was cancelled':
      (grid === null) === (state === 'queued' || state === 'cancelled'),
    'cells are documents times fields':
      grid === null || rows.length === 0 || cells === documents * Object.keys(valuesOf(rows[0] ?? {})).length,
    'filled cells are values':
      grid === null ||
      filled === rows.flatMap((row) => Object.values(valuesOf(row))).filter((v) => v !== null).length,
    'filled and empty are all': grid === null || Number(filled) + Number(empty) === cells,
    'fill rate':
      grid === null || rate === (cells === 0 ? 0 : Math.round((Number(filled) / Number(cells)) * 100) / 100),
    progress: job['progress'] === (state === 'running' ? Math.round(Number(rate) * 100) : null),
    'nobody estimates': job['estimated_seconds_remaining'] === null,
    phase: phases.includes(job['current_phase']),
    'a job that failed says why': (error !== null) === (state === 'failed' || state === 'cancelled'),
    'a cancelled job says so': (error?.['message'] === 'Cancelled via API') === (state === 'cancelled'),
    'errors are named': error === null || (error['code'] === 'job_failed' && error['message'] !== ''),
    'times rise and have passed': times.every((ms, place) => ms >= (times[place - 1] ?? 0) && ms <= nowMs),
    'a job that runs has started, unless it was cancelled before':
      (job['started_at'] !== null) === (state !== 'queued') || (state === 'cancelled' && count === 0),
    'a job that has ended has an end': ended === !open,
    links: same(job['links'], {
      self: path,
      ...(open ? { cancel: `${path}/cancel` } : {}),
      dashboard: `https://app.talonic.com/jobs/${id}`,
    }),
  }
}

/** The laws that rows, job and list break. */
export function brokenLaws(seen: Seen): readonly string[] {
  return [...falseOf(resultLaws(seen)), ...falseOf(jobLaws(seen))]
}
