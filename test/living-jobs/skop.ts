/**
 * Skop's jobs as they are followed: results and status are two views of one crawl.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Answers, Followed } from './followed.ts'
import { bodyOf, instantOf, untrue } from './followed.ts'

const list = (value: Json | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[]
const OVER = ['completed', 'failed', 'cancelled']

function viewsOf(answers: Answers) {
  const results = bodyOf(answers, 'getJobResults')
  const metadata = (results['metadata'] ?? {}) as JsonObject
  return { results, metadata, status: bodyOf(answers, 'getJobStatus') }
}

/** Skop's jobs. */
export const followed: Followed = {
  api: 'skop',
  takesRows: false,
  bodies: {
    createJob: (luck) => {
      const parameters = {
        single_page: luck.chance(0.2),
        confidence_threshold: luck.integer(0, 10) / 10,
        max_file_size_mb: luck.integer(1, 60),
        timeout: luck.integer(60, 3_600),
      }
      const website = `https://www.town-${luck.integer(1, 99)}.example/${luck.pick(['', 'start', 'a/b?c=d'])}`
      const prompt = luck.pick(['all the public documents', 'Pläne und Protokolle 👩🏽‍🌾', 'x'.repeat(500)])
      return { body: luck.chance(0.5) ? { website, prompt } : { website, prompt, parameters }, usual: true }
    },
  },
  moves: {
    pending: ['in_progress', ...OVER],
    in_progress: OVER,
    completed: [],
    failed: [],
    cancelled: [],
  },
  cancel: { operationId: 'cancelJob', waiting: 200, running: 200, cancelled: 400, ended: 400 },
  unknown: { id: 'job_000000000000', malformed: 'JOB-1', statuses: [404] },
  keyed: null,
  look(answers) {
    const { results, metadata, status } = viewsOf(answers)
    const documents = list(results['documents'])
    const errors = list(results['errors'])
    const lost = errors.filter((error) => error['is_recoverable'] === true).length
    const end = errors.find((error) => error['is_recoverable'] === false)
    const state = String(status['status'])
    const started = instantOf(status['started_at'])
    return {
      state,
      ended: OVER.includes(state),
      ids: [results['job_id'], metadata['job_id'], status['job_id']].map(String),
      growing: {
        downloaded: Number(results['total_documents_downloaded']),
        found: Number(status['total_documents_found']),
        pages: Number(status['total_pages_crawled']),
        cost: Number(results['cost']),
        seconds: Number(results['total_runtime_seconds']),
        progress: Number(status['progress'] ?? 0),
        errors: errors.length,
        warnings: list(status['warnings']).length,
        agents: list(status['agents_completed']).length,
      },
      fixed: {
        created: status['created_at'],
        started: status['started_at'],
        completed: status['completed_at'],
        estimated: status['estimated_completion'],
        request: [metadata['original_website'], metadata['original_prompt'], metadata['parameters']],
        ...Object.fromEntries(errors.map((error, place) => [`error ${place}`, error])),
        ...Object.fromEntries(documents.map((document, place) => [`document ${place}`, document])),
      },
      work: {
        done: documents.length + lost,
        failed: lost,
        total: Number(results['total_documents_found']),
      },
      times: {
        created: instantOf(status['created_at']) ?? Number.NaN,
        started,
        ended: instantOf(status['completed_at']),
        unstarted: state === 'pending' || (state === 'cancelled' && started === null),
        between: documents.map((document) => Date.parse(String(document['extracted_at']))),
      },
      blame: {
        failed: state === 'failed',
        told: end !== undefined,
        whole: end === undefined || (end['error_type'] !== '' && end['error_message'] !== ''),
      },
      links: [],
      rows: {
        ids: documents.map((document) => String(document['url'])),
        totals: [Number(results['total_documents_downloaded'])],
        more: false,
      },
    }
  },
  unfinished(answers, { granted }) {
    const { results, status } = viewsOf(answers)
    if (status['status'] !== 'completed') return []
    const [downloaded, errors] = [Number(results['total_documents_downloaded']), list(results['errors'])]
    const found = Number(results['total_documents_found'])
    return untrue({
      'its progress is 100': status['progress'] === 100,
      'what was found was downloaded or is told of as an error': found === downloaded + errors.length,
      'a job that lost something says so': downloaded < found === (results['has_errors'] === true),
      'it loses something exactly where it was asked to':
        granted.outcome === undefined ||
        (granted.outcome === 'partially_succeeded') === (results['has_errors'] === true),
      'it has as many documents as it was asked to have':
        granted.rows === undefined || granted.rows === downloaded,
      'its agents are done': list(status['agents_completed']).length === 3,
    })
  },
  unempty(answers) {
    const { results, status } = viewsOf(answers)
    const counts = ['total_documents_found', 'total_documents_downloaded', 'total_pages_crawled'] as const
    const sums = ['success_rate', 'cost', 'total_runtime_seconds', 'runtime_minutes'] as const
    return untrue({
      'there is no document': list(results['documents']).length === 0,
      'every count is 0': [...counts, ...sums].every((name) => results[name] === 0),
      'nothing went wrong': results['has_errors'] === false && list(results['warnings']).length === 0,
      'it is active and has not begun':
        status['is_active'] === true && status['progress'] === null && status['current_agent'] === null,
    })
  },
  disagreements(answers) {
    const { results, metadata, status } = viewsOf(answers)
    const both = ['status', 'total_documents_found', 'total_pages_crawled', 'has_errors'] as const
    return untrue({
      'results and status say the same': both.every((name) => results[name] === status[name]),
      'the metadata say the same as the status':
        metadata['started_at'] === status['started_at'] &&
        metadata['completed_at'] === status['completed_at'] &&
        metadata['current_agent'] === status['current_agent'],
      'the message counts the documents': new RegExp(`\\b${list(results['documents']).length} doc`).test(
        String(results['message']),
      ),
    })
  },
  silent: {
    J08: 'documents no header that names a request',
  },
}
