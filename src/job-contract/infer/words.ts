/**
 * The words by which documents speak of jobs: tables alone. Names are compared in snake case, words of states
 * in lower case without marks.
 *
 * @module
 */
import type { JobState } from '../../model/job.ts'

/** Words of states, the plainest first. */
const STATE_WORDS: Readonly<Record<JobState, readonly string[]>> = {
  queued: [
    ...['queued', 'pending', 'scheduled', 'submitted', 'waiting', 'created', 'accepted', 'initializing'],
    ...['not_started', 'enqueued', 'new', 'received', 'validating', 'delayed', 'ready', 'dequeued'],
    ...['pending_version', 'unknown_queue', 'todo', 'planned', 'starting'],
  ],
  running: [
    ...['running', 'in_progress', 'processing', 'executing', 'active', 'started', 'working', 'ongoing'],
    ...[
      'inprogress',
      'finalizing',
      'cancelling',
      'canceling',
      'cancel_requested',
      'uploading',
      'compressing',
    ],
    ...[
      'waiting_for_deploy',
      'reattempting',
      'retrying',
      'frozen',
      'interrupted',
      'paused',
      'stopping',
      'training',
    ],
  ],
  succeeded: [
    ...[
      'succeeded',
      'completed',
      'complete',
      'done',
      'success',
      'successful',
      'finished',
      'ok',
      'ended',
      'ready_for_download',
    ],
    ...['processed'],
  ],
  partially_succeeded: [
    ...['partially_succeeded', 'partially_completed', 'partial', 'completed_with_errors', 'partial_success'],
    ...['completed_with_warnings', 'partially_failed'],
  ],
  failed: [
    ...[
      'failed',
      'error',
      'failure',
      'errored',
      'crashed',
      'timed_out',
      'timeout',
      'expired',
      'system_failure',
    ],
    ...[
      'executor_error',
      'system_error',
      'user_error',
      'exception',
      'rejected',
      'denied',
      'aborted_with_error',
    ],
  ],
  cancelled: ['cancelled', 'canceled', 'aborted', 'stopped', 'terminated', 'killed', 'preempted', 'revoked'],
}

/** What jobs are called, in the singular. */
export const JOB_NOUNS: ReadonlySet<string> = new Set([
  ...['job', 'task', 'run', 'batch', 'execution', 'export', 'import', 'scrape', 'crawl', 'transcription'],
  ...['prediction', 'extraction', 'evaluation', 'async_action', 'fine_tune', 'fine_tuning', 'conversion'],
  ...['render', 'analysis', 'build', 'operation', 'process', 'workflow_run', 'query_job', 'payout'],
])

/** What is meant by a name. */
export type Meaning =
  | 'state'
  | 'rows'
  | 'noRows'
  | 'total'
  | 'more'
  | 'next'
  | 'previous'
  | 'limit'
  | 'offset'
  | 'token'
  | 'page'
  | 'after'
  | 'before'
  | 'field'
  | 'order'
  | 'select'
  | 'filter'
  | 'dryRun'
  | 'idempotency'
  | 'created'
  | 'started'
  | 'updated'
  | 'ended'
  | 'percent'
  | 'amount'
  | 'done'
  | 'lost'
  | 'error'
  | 'code'
  | 'message'
  | 'confidence'

/** Members and parameters by what they mean; the surest name first. */
export const NAMES: Readonly<Record<Meaning, readonly string[]>> = {
  state: ['status', 'state', 'job_status', 'job_state', 'task_status', 'run_status', 'batch_status', 'phase'],
  rows: [
    ...[
      'data',
      'results',
      'rows',
      'items',
      'records',
      'documents',
      'generations',
      'outputs',
      'output',
      'entries',
    ],
    ...['values', 'hits', 'predictions', 'events', 'segments', 'elements', 'content'],
  ],
  noRows: [
    'errors',
    'warnings',
    'links',
    'messages',
    'logs',
    'history',
    'steps',
    'tags',
    'inputs',
    'agents_completed',
  ],
  total: [
    'total',
    'total_count',
    'total_rows',
    'total_items',
    'total_results',
    'total_size',
    'total_records',
    'count',
  ],
  more: ['has_more', 'more', 'has_next', 'has_next_page', 'is_truncated'],
  next: ['next_cursor', 'next_token', 'next_page_token', 'continuation_token', 'next', 'cursor', 'after'],
  previous: [
    'previous_cursor',
    'prev_cursor',
    'prev_token',
    'previous_token',
    'previous_page_token',
    'prev',
    'previous',
  ],
  limit: ['limit', 'page_size', 'per_page', 'max_results', 'top', 'size', 'take', 'page_limit'],
  offset: ['offset', 'skip', 'start_index'],
  token: [
    'cursor',
    'continuation_token',
    'page_token',
    'next_token',
    'next_page_token',
    'next_cursor',
    'starting_after',
  ],
  page: ['page', 'page_number', 'page_no', 'page_index'],
  after: ['after', 'starting_after', 'after_id'],
  before: ['before', 'ending_before', 'before_id'],
  field: ['sort_by', 'order_by', 'sort', 'field', 'sort_field'],
  order: ['order', 'sort_order', 'direction', 'sort_direction', 'sort_dir', 'order_direction'],
  select: ['select', 'fields'],
  filter: ['filter'],
  dryRun: ['dry_run', 'validate_only', 'dryrun'],
  idempotency: ['idempotency_key', 'x_idempotency_key', 'idempotent_key', 'pay_pal_request_id'],
  created: [
    'created_at',
    'created',
    'create_time',
    'creation_time',
    'submitted_at',
    'time_created',
    'created_time',
  ],
  started: ['started_at', 'start_time', 'started', 'in_progress_at', 'began_at'],
  updated: ['updated_at', 'last_updated', 'modified_at', 'update_time', 'last_modified'],
  ended: [
    'completed_at',
    'finished_at',
    'ended_at',
    'end_time',
    'completion_time',
    'finished',
    'time_completed',
  ],
  percent: [
    'progress',
    'percent',
    'progress_percent',
    'progress_percentage',
    'percent_complete',
    'percentage',
  ],
  amount: ['total', 'total_count', 'total_items', 'total_rows', 'total_documents'],
  done: ['done', 'completed', 'processed', 'completed_count', 'processed_count', 'completed_items'],
  lost: ['failed', 'failed_count', 'error_count', 'failures'],
  error: ['error', 'failure', 'error_message', 'failure_reason'],
  code: ['code', 'type', 'error_code'],
  message: ['message', 'detail', 'description', 'reason'],
  confidence: ['confidence', 'confidence_score', 'overall_confidence'],
}

/** Words of paths and operation ids that tell what an operation does. */
export const ACTS: Readonly<Record<'cancel' | 'results' | 'status' | 'again', readonly string[]>> = {
  cancel: ['cancel', 'stop', 'abort', 'terminate', 'kill'],
  results: [
    'result',
    'results',
    'output',
    'outputs',
    'rows',
    'records',
    'data',
    'documents',
    'generations',
    'content',
  ],
  status: ['status', 'state', 'progress'],
  again: ['retry', 'rerun', 'restart', 'resume', 'requeue', 'replay', 'redrive'],
}

/** `pageSize`, `Page-Size` and `page_size` are one name. */
export function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase()
}

/** `batches`, `queries` and `jobs` in the singular. */
export function singular(word: string): string {
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y')
  if (/(ch|sh|x|ss)es$/.test(word)) return word.replace(/es$/, '')
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word
}

const BY_WORD: ReadonlyMap<string, JobState> = new Map(
  Object.entries(STATE_WORDS).flatMap(([state, words]) =>
    words.map((word) => [word, state as JobState] as const),
  ),
)

/** The state that a word stands for; null where it is no word of a state. */
export function stateOf(word: string): JobState | null {
  return BY_WORD.get(snake(word)) ?? null
}

/** How plain a word is for its state: the lower, the plainer. */
export function rankOf(state: JobState, word: string): number {
  return STATE_WORDS[state].indexOf(snake(word))
}
