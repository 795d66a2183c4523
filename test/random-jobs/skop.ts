/**
 * What must hold of Skop's results and status of one job, written again by hand.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Seen } from './seen.ts'
import { falseOf } from './seen.ts'

const at = (value: Json | undefined): number => Date.parse(String(value))
const list = (value: Json | undefined): readonly JsonObject[] => value as readonly JsonObject[]

/** The laws that results and status break, and those on what both say. */
export function brokenLaws({ answers, nowMs }: Pick<Seen, 'answers' | 'nowMs'>): readonly string[] {
  const { getJobResults: results = {}, getJobStatus: status = {} } = answers
  const documents = list(results['documents'])
  const metadata = results['metadata'] as JsonObject
  const parameters = metadata['parameters'] as JsonObject
  const errors = list(results['errors'])
  const [found, state] = [Number(results['total_documents_found']), String(results['status'])]
  const ended = ['completed', 'failed', 'cancelled'].includes(state)
  const seconds = Number(results['total_runtime_seconds'])
  const untilMs = ended
    ? at(metadata['completed_at'])
    : state === 'pending'
      ? at(metadata['created_at'])
      : nowMs
  const times = [
    at(metadata['created_at']),
    ...(metadata['started_at'] === null ? [] : [at(metadata['started_at'])]),
    ...documents.map((document) => at(document['extracted_at'])),
    ...(ended ? [at(metadata['completed_at'])] : []),
  ]
  const pages = new Set(
    [...documents, ...errors].flatMap((item) => item['source_page'] ?? item['page_url'] ?? []),
  )
  const same = ['total_documents_found', 'total_pages_crawled', 'errors', 'warnings', 'job_id'] as const
  return falseOf({
    'documents are counted': documents.length === results['total_documents_downloaded'],
    'found is downloaded and lost':
      found === documents.length + errors.filter((e) => e['is_recoverable']).length,
    rate: results['success_rate'] === (found === 0 ? 0 : documents.length / found),
    cost: results['cost'] === Math.round(documents.length * 18) / 100,
    seconds: seconds === Math.floor((untilMs - at(metadata['created_at'])) / 1000),
    minutes: results['runtime_minutes'] === Math.round((seconds / 60) * 100) / 100,
    'errors flag': results['has_errors'] === errors.length > 0 && status['has_errors'] === errors.length > 0,
    'a failed job has errors':
      state !== 'failed' || errors.some((error) => error['is_recoverable'] === false),
    'message counts': new RegExp(`\\b${documents.length} documents?\\b`).test(String(results['message'])),
    confidence: documents.every(
      (d) => Number(d['confidence_score']) >= Number(parameters['confidence_threshold']),
    ),
    size: documents.every((d) => Number(d['file_size_mb']) <= Number(parameters['max_file_size_mb'])),
    'instants rise': times.every((ms, place) => place === 0 || ms >= (times[place - 1] ?? 0)),
    'nothing is of the future':
      times.every((ms) => ms <= nowMs) && errors.every((e) => at(e['timestamp']) <= nowMs),
    pages: Number(results['total_pages_crawled']) >= pages.size,
    metadata: same.every((name) => JSON.stringify(metadata[name]) === JSON.stringify(results[name])),
    'views agree': same.every((name) => JSON.stringify(status[name]) === JSON.stringify(results[name])),
    'states agree': status['status'] === state && status['is_active'] === !ended,
    completion:
      (status['completed_at'] !== null) === ended && status['completed_at'] === metadata['completed_at'],
    'final status': ended ? metadata['final_status'] === state : metadata['final_status'] === undefined,
    progress: state === 'completed' ? status['progress'] === 100 : Number(status['progress']) < 100,
  })
}
