/**
 * Talonic's jobs as they are followed: a job, its rows, and its item in the list.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Answers, Followed } from './followed.ts'
import { bodyOf, instantOf, untrue } from './followed.ts'

const list = (value: Json | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[]
const linksIn = (value: Json | undefined): JsonObject => (value ?? {}) as JsonObject
const SCHEMA = '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b58'
const PHASES = ['1_resolve', '2_strategy', '2_execute', '2_outliers', '3_validation', '4_reread']

function viewsOf(answers: Answers) {
  const results = bodyOf(answers, 'getJobResults')
  return { results, rows: list(results['data']), job: bodyOf(answers, 'getJob') }
}

/** What a row says for good: all of it once its job has ended, and before that each value that is there. */
function saidOf(row: JsonObject, place: number): readonly (readonly [string, unknown])[] {
  const values = Object.entries(row['values'] as JsonObject)
  return [
    [`row ${place}`, [row['id'], row['document_id'], row['filename']]],
    ...values.map(([field, value]) => [`${place} ${field}`, value] as const),
  ]
}

/** Talonic's jobs. */
export const followed: Followed = {
  api: 'talonic',
  takesRows: true,
  bodies: {
    createJob: (luck) => {
      const size = luck.chance(0.97) ? luck.integer(1, 6) : 0
      const document_ids = Array.from({ length: size }, () => luck.uuid())
      const name = luck.chance(0.5) ? { name: luck.pick(['', 'März 2025', '👩🏽‍🌾']) } : {}
      return { body: { schema_id: `${SCHEMA}${luck.integer(0, 9)}`, document_ids, ...name }, usual: true }
    },
  },
  moves: {
    pending: ['processing', 'complete', 'failed'],
    processing: ['complete', 'failed'],
    complete: [],
    failed: [],
  },
  cancel: { operationId: 'cancelJob', waiting: 200, running: 200, cancelled: 409, ended: 409 },
  unknown: { id: '00000000-0000-4000-8000-000000000000', malformed: 'job', statuses: [404, 400] },
  keyed: { header: 'idempotency-key', reused: 400 },
  look(answers, made) {
    const { results, rows, job } = viewsOf(answers)
    const state = String(job['status'])
    const grid = job['grid_stats'] as JsonObject | null
    const error = job['error'] as JsonObject | null
    const started = instantOf(job['started_at'])
    const phase = PHASES.findIndex((each) => job['current_phase'] === `phase_${each}`)
    const links = [linksIn(job['links'])['self'], ...Object.values(linksIn(results['links']))]
    return {
      state,
      ended: state === 'complete' || state === 'failed',
      ids: [String(results['job_id']), String(job['id'])],
      growing: {
        rows: rows.length,
        done: Number(job['completed_documents']),
        ...(grid === null ? {} : { filled: Number(grid['filled']) }),
        ...(job['progress'] === null ? {} : { progress: Number(job['progress']) }),
        ...(phase < 0 ? {} : { phase }),
      },
      fixed: {
        created: job['created_at'],
        started: job['started_at'],
        completed: job['completed_at'],
        what: [job['schema'], job['name'], results['schema']],
        documents: job['document_count'],
        error,
        ...(grid === null ? {} : { cells: grid['total_cells'] }),
        ...Object.fromEntries(rows.flatMap(saidOf)),
      },
      work: { done: Number(job['completed_documents']), failed: 0, total: Number(job['document_count']) },
      times: {
        created: instantOf(job['created_at']) ?? Number.NaN,
        started,
        ended: instantOf(job['completed_at']),
        unstarted: state === 'pending' || (state === 'failed' && started === null),
        between: [],
      },
      blame: {
        failed: state === 'failed',
        told: error !== null,
        whole: error === null || (error['code'] === 'job_failed' && error['message'] !== ''),
      },
      links: [...links, ...Object.values(linksIn((made.receipt.body as JsonObject)['links']))].map(String),
      rows: {
        ids: rows.map((row) => String(row['id'])),
        totals: [Number(results['total_rows']), Number(job['completed_documents'])],
        more: false,
      },
    }
  },
  unfinished(answers, { body, granted }) {
    const { results, rows, job } = viewsOf(answers)
    if (job['status'] !== 'complete') return []
    const failed = rows.filter((row) => row['status'] === 'failed').length
    const asked = (body['document_ids'] ?? []) as readonly string[]
    return untrue({
      'every document is done':
        job['completed_documents'] === job['document_count'] &&
        results['total_rows'] === job['document_count'],
      'every row was looked at': rows.every(
        (row) => row['status'] !== 'processing' && row['status'] !== 'partial',
      ),
      'a document is lost exactly where it was asked to be':
        granted.outcome === undefined || (granted.outcome === 'partially_succeeded') === failed > 0,
      'its rows are the documents of the request, in their order':
        asked.length === 0 || JSON.stringify(asked) === JSON.stringify(rows.map((row) => row['document_id'])),
    })
  },
  unempty(answers) {
    const { results, rows, job } = viewsOf(answers)
    return untrue({
      'there is no row': rows.length === 0 && results['total_rows'] === 0,
      'nothing is done':
        job['completed_documents'] === 0 && job['progress'] === null && job['grid_stats'] === null,
      'it is in no phase': job['current_phase'] === null,
    })
  },
  disagreements(answers) {
    const { results, rows, job } = viewsOf(answers)
    const grid = job['grid_stats'] as JsonObject | null
    const filled = rows
      .flatMap((row) => Object.values(row['values'] as JsonObject))
      .filter((value) => value !== null).length
    return untrue({
      'job and rows are in one state': results['job_status'] === job['status'],
      'as many documents are done as there are rows': job['completed_documents'] === rows.length,
      'as many cells are filled as there are values': grid === null || grid['filled'] === filled,
    })
  },
  silent: {},
}
