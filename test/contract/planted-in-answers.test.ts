import { describe, it } from 'vitest'
import type { Planted } from './acme/planted.ts'
import { expectFound, inRow, inRows, isRows } from './acme/planted.ts'

const PLANTED: Readonly<Record<string, Planted>> = {
  'a wrong type': {
    fault: inRow(3, (row) => ({ ...row, weight: '12' })),
    check: 'response_schema_conformance',
    message: /^\/rows\/3\/weight must be number, is string "12" \(\d+ times; this is the first\)$/,
    at: /^\/rows\/3\/weight$/,
    line: 'weight: { type: number',
  },
  'a missing member': {
    fault: inRow(0, ({ fine, ...row }) => ({ ...row, fien: fine ?? null })),
    check: 'response_schema_conformance',
    message: /^\/rows\/0 lacks `fine`; it has `fien`, is that meant\?/,
    line: 'required: [id, name, weight, fine',
  },
  'an instant without a zone': {
    fault: inRow(1, (row) => ({ ...row, made_at: '2026-01-01T00:00:00' })),
    check: 'response_schema_conformance',
    message: /made_at must be a date-time, is "2026-01-01T00:00:00"/,
    line: 'made_at: { type: string, format: date-time }',
  },
  'an undocumented status': {
    fault: {
      answer: (response, { path, method }) =>
        method === 'GET' && !path.endsWith('/rows') && response.status === 200
          ? new Response(null, { status: 206 })
          : response,
    },
    check: 'status_code_conformance',
    message: /^206 is not documented; documented: 200, 401, 404 and 422/,
    line: "responses:\n        '200':\n          description: the job",
  },
  'a wrong content type': {
    fault: {
      answer: async (response, asked) =>
        isRows(asked)
          ? new Response(await response.text(), {
              status: response.status,
              headers: { 'content-type': 'text/html' },
            })
          : response,
    },
    check: 'content_type_conformance',
    message: /^Content-Type is text\/html; documented: application\/json/,
    line: "'200':\n          description: a page",
  },
  'an empty body': {
    fault: {
      answer: (response, asked) =>
        isRows(asked) ? new Response('', { status: response.status, headers: response.headers }) : response,
    },
    check: 'content_type_conformance',
    message: /^the body is empty where application\/json is documented/,
    line: "'200':\n          description: a page",
  },
  'a body cut short': {
    fault: {
      answer: async (response, asked) =>
        isRows(asked) && response.status === 200
          ? new Response((await response.text()).slice(0, -5), { headers: response.headers })
          : response,
    },
    check: 'json_text_conformance',
    message: /^the body is no JSON, it ends where .* \(line 1, column \d+\): \{"job_id"/,
    line: "'200':\n          description: a page",
  },
  'a header that is missing': {
    fault: {
      answer: (response) => {
        response.headers.delete('x-left')
        return response
      },
    },
    check: 'response_headers_conformance',
    message: /^the required header X-Left is missing/,
    line: 'X-Left: { required: true',
  },
  'a header out of bounds': {
    fault: {
      answer: (response) => {
        response.headers.set('x-left', '-1')
        return response
      },
    },
    check: 'response_headers_conformance',
    message: /^the header X-Left: "-1" must be >= 0, is -1/,
    line: 'X-Left: { required: true',
  },
  'a broken law': {
    fault: {
      body: (body, { path }) => (path.endsWith('1') && body['done'] === 43 ? { ...body, done: 40 } : body),
    },
    check: 'law',
    message: /^a finished job did everything: \/done is 40, \/total is 43/,
    at: /^\/done$/,
    line: 'done: { type: integer }',
  },
  'a wrong echo': {
    fault: {
      body: (body, asked) =>
        isRows(asked) ? { ...body, job_id: '99999999-0000-4000-8000-000000000001' } : body,
    },
    check: 'id_echo',
    message: /^\/job_id must repeat the job_id of the request, "1000\S+", is "9999\S+"/,
    line: 'job_id: { type: string }',
  },
  'ignored credentials': {
    fault: { open: true },
    check: 'ignored_auth',
    message: /^no credentials were sent: must be 401, is 200/,
    line: 'get:\n      operationId: readJob',
  },
  'accepted nonsense': {
    fault: { lenient: ['limit'] },
    check: 'negative_data_rejection',
    message: /^the query parameter limit is "21", above 20, yet the request was accepted: 200/,
    line: 'schema: { type: integer, minimum: 1, maximum: 20',
  },
  'an accepted cursor of no row': {
    fault: { lenient: ['after'] },
    check: 'negative_data_rejection',
    message: /^after=\S+ is the id of no row, yet the request was accepted: 200/,
    line: '- name: after',
  },
  'a broken error body': {
    fault: {
      answer: (response) =>
        response.status === 422 ? Response.json({ error: { code: 1 } }, { status: 422 }) : response,
    },
    check: 'response_schema_conformance',
    message: /^\/error must be string, is object \{"code":1\}/,
    line: 'error: { type: string }',
  },
  'an unknown job that is answered': {
    fault: {
      answer: (response) =>
        response.status === 404 ? Response.json({ error: 'gone' }, { status: 400 }) : response,
    },
    check: 'J10',
    message: /^the id \S+ is of no job: must be 404, is 400/,
    line: 'get:\n      operationId: readJob',
  },
  'a job that stands still and reads differently': {
    fault: inRows((body, rows, { number, query }) =>
      query.size === 0 && number % 2 === 1
        ? { ...body, rows: rows.map((row) => ({ ...row, weight: Number(row['weight']) + number })) }
        : body,
    ),
    check: 'S03',
    message: /stands still, yet reads differently the second time: \/rows\/0\/weight is [\d.]+, was [\d.]+/,
    at: /^\/rows\/0\/weight$/,
    line: 'weight: { type: number',
  },
  'an entity tag that is not honoured': {
    fault: {
      answer: (response) => {
        response.headers.set('etag', '"same"')
        return response
      },
    },
    check: 'S03',
    message: /^asked with the entity tag "same", must answer 304, answered 200/,
    line: 'get:\n      operationId: readJob',
  },
  'a failure of the server': {
    fault: {
      answer: (response, { query }) =>
        query.get('sort') === 'weight' ? Response.json({ error: 'boom' }, { status: 500 }) : response,
    },
    check: 'no_server_error',
    message: /^answered 500, undocumented and not asked for: \{"error":"boom"\}/,
    line: 'get:\n      operationId: readRows',
  },
  'a documented value that is refused': {
    fault: {
      answer: (response, { query }) =>
        query.get('sort') === 'made_at' ? Response.json({ error: 'sort' }, { status: 422 }) : response,
    },
    check: 'positive_data_acceptance',
    message: /^answered 422 to what the document allows \(job many-pages: sort=made_at\)/,
    line: '- name: sort',
  },
}

describe('a fault in one answer, or in what is accepted, is found, with its place and its line', () => {
  it.each(Object.entries(PLANTED))('%s', async (_, planted) => {
    await expectFound(planted)
  })
})
