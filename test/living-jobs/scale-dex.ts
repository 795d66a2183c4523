/**
 * Dex's jobs as they are followed: one document, or many as the children of a batch.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Answers, Followed } from './followed.ts'
import { bodyOf, instantOf, untrue } from './followed.ts'
import type { Luck } from './luck.ts'

const list = (value: Json | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[]
const OVER = ['succeeded', 'partially_succeeded', 'failed', 'cancelled']

function jobOf(answers: Answers) {
  const job = bodyOf(answers, 'getJob')
  const progress = job['progress'] as JsonObject | null | undefined
  const children = list(progress?.['child_jobs'])
  const count = (status: string): number => children.filter((child) => child['status'] === status).length
  return { job, progress: progress ?? null, children, count }
}

function parameters(luck: Luck): JsonObject {
  return luck.chance(0.5) ? {} : { parameters: { engine: luck.pick(['reducto', 'other']), more: [1, null] } }
}

/** Dex's jobs. */
export const followed: Followed = {
  api: 'scale-dex',
  takesRows: true,
  bodies: {
    createParseJob: (luck) => ({
      body: { source_document_id: luck.uuid(), ...parameters(luck) },
      usual: true,
    }),
    createBatchParseJob: (luck) => {
      const size = luck.chance(0.03) ? luck.integer(20, 50) : luck.integer(0, 9)
      const source_document_ids = Array.from({ length: size }, () => luck.uuid())
      return { body: { source_document_ids, ...parameters(luck) }, usual: true }
    },
  },
  moves: {
    pending: ['running', ...OVER],
    running: OVER,
    succeeded: [],
    partially_succeeded: [],
    failed: [],
    cancelled: [],
  },
  cancel: { operationId: 'cancelJob', waiting: 200, running: 202, cancelled: 200, ended: 409 },
  unknown: { id: '00000000-0000-4000-8000-000000000000', malformed: 'job', statuses: [404] },
  keyed: null,
  look(answers) {
    const { job, progress, children, count } = jobOf(answers)
    const state = String(job['status'])
    const started = instantOf(job['started_at'])
    const history = list(job['history'])
    const number = (name: string): number => Number(progress?.[name])
    const counts = {
      succeeded: number('succeeded'),
      failed: number('failed'),
      cancelled: number('cancelled'),
    }
    return {
      state,
      ended: OVER.includes(state),
      ids: [String(job['id'])],
      growing: {
        steps: history.length,
        ...(progress === null ? {} : { ...counts, children: children.length, begun: -number('pending') }),
      },
      fixed: {
        created: job['created_at'],
        started: job['started_at'],
        completed: job['completed_at'],
        what: [job['operation'], job['source_id'], job['correlation_id'], job['project_id'], job['object']],
        result: job['result'],
        error: job['error'],
        total: progress?.['total'],
        ...Object.fromEntries(
          children.map((child, place) => {
            const { status, ...rest } = child
            return [`child ${place}`, status === 'running' ? null : { status, ...rest }]
          }),
        ),
        ...Object.fromEntries(
          history.map((step, place) => [`step ${place}`, step['duration_ms'] === null ? null : step]),
        ),
      },
      work:
        progress === null
          ? null
          : {
              done: counts.succeeded + counts.failed + counts.cancelled,
              failed: counts.failed,
              total: number('total'),
            },
      times: {
        created: instantOf(job['created_at']) ?? Number.NaN,
        started,
        ended: instantOf(job['completed_at']),
        unstarted: state === 'pending' || (state === 'cancelled' && started === null),
        between: history.slice(1).map((step) => Date.parse(String(step['timestamp']))),
      },
      blame: {
        failed: state === 'failed',
        told: job['error'] !== null,
        whole: job['error'] !== '',
      },
      links: [],
      rows:
        progress === null
          ? null
          : {
              ids: children.map((child) => String(child['job_id'])),
              totals: [number('total') - number('pending') - number('cancelled') + count('cancelled')],
              more: false,
            },
    }
  },
  unfinished(answers, { granted, body }) {
    const { job, progress, children, count } = jobOf(answers)
    const well = job['status'] === 'succeeded' || job['status'] === 'partially_succeeded'
    if (!well) return []
    const asked = body['source_document_ids'] as readonly string[] | undefined
    const lost = Number(progress?.['failed'] ?? 0)
    return untrue({
      'it has a result': job['result'] !== null,
      'every document is done':
        progress === null || Number(progress['succeeded']) + lost === Number(progress['total']),
      'a job that lost something says so': lost > 0 === (job['status'] === 'partially_succeeded'),
      'it lost something exactly where it was asked to':
        granted.outcome === undefined || granted.outcome === job['status'],
      'its children are the documents of the request, in their order':
        asked === undefined ||
        JSON.stringify(asked) === JSON.stringify(children.map((child) => child['source_document_id'])),
      'no child is at work or was given up': count('running') + count('cancelled') === 0,
    })
  },
  unempty(answers) {
    const { job, progress, children } = jobOf(answers)
    return untrue({
      'there is no child': children.length === 0,
      'every document waits':
        progress === null ||
        (progress['pending'] === progress['total'] &&
          ['succeeded', 'failed', 'cancelled'].every((name) => progress[name] === 0)),
      'it has no result and no error': job['result'] === null && job['error'] === null,
    })
  },
  disagreements(answers) {
    const { progress, children, count } = jobOf(answers)
    if (progress === null) return []
    const [total, pending] = [Number(progress['total']), Number(progress['pending'])]
    const givenUp = Number(progress['cancelled'])
    return untrue({
      'as many are counted as children have ended well': progress['succeeded'] === count('succeeded'),
      'as many are counted as children have failed': progress['failed'] === count('failed'),
      'what waits or was given up has no child':
        total - pending - givenUp + count('cancelled') === children.length,
      'at most four children are at work': count('running') <= 4 && count('cancelled') <= 4,
    })
  },
  silent: {
    J08: 'documents no header that names a request',
    J11: 'documents no Retry-After',
  },
}
