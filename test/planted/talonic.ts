/**
 * Faults in what Talonic says of its jobs.
 *
 * @module
 */
import type { Body, Fault, Planted } from './fault.ts'
import { listAt, objectAt, undocumentedStatus, withBody, wrongContentType } from './fault.ts'

const isResults = ({ status, request }: Planted): boolean =>
  status === 200 && request.url.endsWith('/results')
const isJob = ({ status, request }: Planted): boolean =>
  status === 200 && /\/v1\/jobs\/[^/]+$/.test(request.url)
const isList = ({ status, request }: Planted): boolean =>
  status === 200 && /\/v1\/jobs(\?|$)/.test(request.url)

/** A fault in the first row that has what it takes. */
const inRow =
  (change: (row: Body) => void, accepts: (row: Body) => boolean = () => true) =>
  (answer: Planted): { body: Body } | null => {
    const row = isResults(answer) ? listAt(answer.body, 'data').find(accepts) : undefined
    if (row === undefined) return null
    change(row)
    return { body: answer.body }
  }

const flagsOf = (row: Body): string[] => (row['validation_flags'] ?? []) as string[]

/** Each must be found. */
export const faults: readonly Fault[] = [
  {
    name: 'a wrong type',
    check: 'response_schema_conformance',
    names: /\/data\/\d+\/confidence/,
    plant: inRow(
      (row) => {
        row['confidence'] = String(row['confidence'])
      },
      (row) => typeof row['confidence'] === 'number',
    ),
  },
  {
    name: 'a missing field',
    check: 'response_schema_conformance',
    names: /filename/,
    plant: inRow((row) => {
      delete row['filename']
    }),
  },
  {
    name: 'a wrong total',
    check: 'law',
    names: /\/total_rows/,
    plant: withBody(isResults, (body) => {
      body['total_rows'] = Number(body['total_rows']) + 1
    }),
  },
  {
    name: 'a row that stands there twice',
    check: 'law',
    names: /no row stands twice/,
    plant: withBody(isResults, (body) => {
      const rows = listAt(body, 'data')
      if (rows[0] !== undefined && rows.length > 1) rows[1] = rows[0]
    }),
  },
  {
    name: 'a null that is not flagged',
    check: 'law',
    names: /missing_required_field:/,
    plant: inRow(
      (row) => {
        row['validation_flags'] = flagsOf(row).filter((flag) => !flag.startsWith('missing_'))
      },
      (row) => flagsOf(row).some((flag) => flag.startsWith('missing_')),
    ),
  },
  {
    name: 'a flag on a value that is there',
    check: 'law',
    names: /flag|missing/,
    plant: inRow(
      (row) => {
        const [name] = Object.entries(objectAt(row, 'values')).find(([, value]) => value !== null) ?? ['']
        row['validation_flags'] = [...flagsOf(row), `missing_required_field:${name}`]
      },
      (row) => row['status'] === 'approved',
    ),
  },
  {
    name: 'links to another job',
    check: 'law',
    names: /\/links\/job must match/,
    plant: withBody(isResults, (body) => {
      objectAt(body, 'links')['job'] = '/v1/jobs/another'
    }),
  },
  undocumentedStatus(isJob, 203),
  wrongContentType(404),
  {
    name: 'a broken sum',
    check: 'law',
    names: /grid_stats/,
    plant: withBody(isJob, (body) => {
      const grid = objectAt(body, 'grid_stats')
      grid['filled'] = Number(grid['filled']) + 1
    }),
  },
  {
    name: 'a wrong echo',
    check: 'id_echo',
    names: /job_id/,
    plant: withBody(isResults, (body) => {
      body['job_id'] = '00000000-0000-4000-8000-000000000000'
    }),
  },
  {
    name: 'an error of a job that did not fail',
    check: 'law',
    names: /\/error/,
    plant: withBody(isJob, (body) => {
      if (body['status'] === 'complete') body['error'] = { code: 'job_failed', message: 'Lost' }
    }),
  },
  {
    name: 'a header that is no number',
    check: 'response_headers_conformance',
    names: /X-RateLimit/i,
    plant: ({ status, headers }) => {
      if (status === 200) headers.set('x-ratelimit-remaining', 'many')
      return null
    },
  },
  {
    name: 'a list with a total of its own',
    check: 'P01',
    names: /\/pagination\/total/,
    plant: withBody(isList, (body) => {
      const pagination = objectAt(body, 'pagination')
      pagination['total'] = Number(pagination['total']) + 1
    }),
  },
  {
    name: 'a list that filters nothing out',
    check: 'F01',
    names: /status=/,
    plant: withBody(isList, (body) => {
      for (const job of listAt(body, 'data').slice(0, 1)) {
        job['status'] = job['status'] === 'pending' ? 'complete' : 'pending'
      }
    }),
  },
  {
    name: 'a list that says otherwise than the detail',
    check: 'X02',
    names: /document_count/,
    plant: withBody(isList, (body) => {
      for (const job of listAt(body, 'data')) job['document_count'] = Number(job['document_count']) + 1
    }),
  },
]
