/**
 * Faults in deepset's pages.
 *
 * @module
 */
import type { Body, Fault, Planted } from './fault.ts'
import { listAt, undocumentedStatus, withBody, wrongContentType } from './fault.ts'

const rowsOf = (body: Body): Body[] => listAt(body, 'data')

function isPlain({ request, status }: Planted): boolean {
  return status === 200 && request.url.includes('/results') && !request.url.includes('select=')
}

let lastRow: Body | undefined

/** Each must be found. */
export const faults: readonly Fault[] = [
  {
    name: 'a wrong type',
    check: 'response_schema_conformance',
    names: /\/data\/\d+\/duration.*(number|string)/s,
    plant: (answer) => {
      for (const row of isPlain(answer) ? rowsOf(answer.body) : []) row['duration'] = String(row['duration'])
      return { body: answer.body }
    },
  },
  {
    name: 'a missing field',
    check: 'response_schema_conformance',
    names: /failed/,
    plant: (answer) => {
      for (const row of isPlain(answer) ? rowsOf(answer.body).slice(0, 1) : []) delete row['failed']
      return { body: answer.body }
    },
  },
  {
    name: 'a wrong total',
    check: 'P01',
    names: /total/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      if (isPlain(answer) && rows.length > 0) answer.body['total'] = Number(answer.body['total']) + 1
      return { body: answer.body }
    },
  },
  {
    name: 'a row that stands on two pages',
    check: 'P02',
    names: /[0-9a-f]{8}-/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      if (!isPlain(answer) || rows.length < 2) return null
      if (/page_number=[2-9]/.test(answer.request.url) && lastRow !== undefined) rows[0] = lastRow
      lastRow = rows.at(-1)
      return { body: answer.body }
    },
  },
  {
    name: 'an unsorted page',
    check: 'S01',
    names: /not (?:a|de)scending by/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      if (isPlain(answer) && answer.request.url.includes('order=DESC')) rows.reverse()
      return { body: answer.body }
    },
  },
  {
    name: 'a row that the filter should have left out',
    check: 'F01',
    names: /filter|eq/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      const [first] = rows
      if (!answer.request.url.includes('filter=') || first === undefined || answer.status !== 200) return null
      rows[0] = {
        ...first,
        failed: first['failed'] !== true,
        query: 'another query',
        group_name: 'another group',
        file: 'another.pdf',
        answer: 'another answer',
        query_index: 987_654,
        query_label: 'another label',
        duration: 98.7,
        created_at: '2020-01-01T00:00:00Z',
      }
      return { body: answer.body }
    },
  },
  {
    name: 'a flag that promises rows that do not come',
    check: 'P05',
    names: /\/has_more is true/,
    plant: withBody(isPlain, (body) => {
      body['has_more'] = true
    }),
  },
  {
    name: 'a member that was not selected',
    check: 'X01',
    names: /has standin, not selected/,
    plant: withBody(
      ({ request, status }) => status === 200 && request.url.includes('select='),
      (body) => {
        for (const row of rowsOf(body).slice(0, 1)) row['standin'] = 1
      },
    ),
  },
  {
    name: 'an answer of a query that failed',
    check: 'law',
    names: /a failed row has no answer/,
    plant: withBody(isPlain, (body) => {
      for (const row of rowsOf(body)) if (row['failed'] === true) row['answer'] = 'Yes.'
    }),
  },
  undocumentedStatus(isPlain, 206),
  wrongContentType(404),
]
