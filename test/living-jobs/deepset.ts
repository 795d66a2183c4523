/**
 * deepset's jobs as they are followed: no operation shows a job, only the rows that it has so far.
 *
 * @module
 */
import type { JsonObject } from '../../src/model/json.ts'
import type { Followed } from './followed.ts'
import { bodyOf, untrue } from './followed.ts'

const rowsOf = (page: JsonObject): readonly JsonObject[] => (page['data'] ?? []) as readonly JsonObject[]
const NO_STATE = 'no operation shows the state of a job'

/** deepset's jobs. */
export const followed: Followed = {
  api: 'deepset',
  takesRows: false,
  bodies: {
    createJob: (luck) => ({
      usual: true,
      body: {
        name: luck.pick(['a', 'Größen', '']),
        pipeline_id: luck.uuid(),
        execution_mode: luck.pick(['PER_FILE', 'ACROSS_FILES']),
        ...(luck.chance(0.5) ? { description: null, concurrency: luck.integer(1, 20) } : {}),
        ...(luck.chance(0.3) ? { queries: [{ absolute_query_index: 0, query: 'Who signed?' }] } : {}),
      },
    }),
  },
  moves: null,
  queries: { getJobResults: '?limit=100&field=name' },
  handQueries: { getJobResults: '?limit=100' },
  cancel: null,
  unknown: { id: '00000000-0000-4000-8000-000000000000', malformed: 'job', statuses: [404, 422] },
  keyed: null,
  look(answers, made) {
    const page = bodyOf(answers, 'getJobResults')
    const rows = rowsOf(page)
    const instants = rows.map((row) => Date.parse(String(row['created_at'])))
    return {
      state: null,
      ended: null,
      ids: [],
      growing: { total: Number(page['total']) },
      fixed: Object.fromEntries(rows.map((row, place) => [`row ${place}`, row])),
      work: null,
      times: {
        created: made.atMs,
        started: instants[0] ?? null,
        ended: null,
        unstarted: rows.length === 0,
        between: instants,
      },
      blame: null,
      links: [],
      rows: {
        ids: rows.map((row) => String(row['job_result_id'])),
        totals: [Number(page['total'])],
        more: page['has_more'] === true,
      },
    }
  },
  unfinished: (answers, { granted }) =>
    untrue({
      'it has as many rows as it was asked to have':
        granted.rows === undefined || bodyOf(answers, 'getJobResults')['total'] === granted.rows,
    }),
  unempty(answers) {
    const page = bodyOf(answers, 'getJobResults')
    return untrue({
      'there is no row': rowsOf(page).length === 0 && page['total'] === 0,
      'no row follows': page['has_more'] === false,
    })
  },
  disagreements: () => [],
  silent: {
    J01: NO_STATE,
    J06: 'no operation shows the error of a job',
    J08: 'documents no header that names a request',
    J09: 'documents no operation that cancels a job',
    J11: 'documents no Retry-After',
    J13: 'no operation shows the progress of a job',
  },
}
