/**
 * Orders and entity tags (S01 to S03), filters (F01), selects (X01) and a law of a page: each bug planted in
 * the ledger is found by its own check, at its line.
 */
import { describe, it } from 'vitest'
import type { Planted } from './ledger/planted.ts'
import { findsIt, inRows, isList } from './ledger/planted.ts'

let tags = 1

const PLANTED: readonly Planted[] = [
  [
    'the other direction is not the other way round',
    {
      items: (items, { query }) =>
        query.get('sort') === 'serial' && query.get('order') === 'down' && !query.has('filter')
          ? [...items.slice(1, 2), ...items.slice(0, 1), ...items.slice(2)]
          : items,
    },
    'S02',
    /by serial down: row 1 is 2\S+; the other way round there is 2/,
    /name: sort/,
  ],
  [
    'the direction by place is ignored in its middle',
    {
      items: (items, { query }) =>
        query.get('sort') === 'place' && query.get('order') === 'down'
          ? [...items.slice(0, 12), ...items.slice(12, 15).reverse(), ...items.slice(15)]
          : items,
    },
    'S02',
    /by place down: row 13 is 2/,
    /name: sort/,
  ],
  [
    'jobs are listed by their creation in one direction alone',
    {
      items: (items, { path, query }) =>
        isList(path) && query.get('order') === 'up' ? [...items].reverse() : items,
    },
    'S01',
    /\/jobs\/1\/made_at is "2026-01-12\S+, behind "2026-01-13\S+: not rising by made_at/,
    /name: order/,
  ],
  [
    'jobs are not the other way round',
    {
      items: (items, { path, query }) =>
        isList(path) && query.get('order') === 'up'
          ? [...items.slice(0, 3), ...items.slice(3, 5).reverse(), ...items.slice(5)]
          : items,
    },
    'S02',
    /jobs by their creation up: job \d+ is 1\S+; the other way round there is 1/,
    /name: order/,
  ],
  [
    'the tag is another each time',
    {
      answer: (response, request) => {
        const headers = new Headers(response.headers)
        headers.set('etag', `"${Math.imul(tags++, 7919)}"`)
        return request.headers.has('if-none-match')
          ? response
          : new Response(response.body, { status: response.status, headers })
      },
    },
    'S03',
    /the entity tag is "\\"\d+\\"" for the bytes that had/,
    /operationId|get:/,
  ],
  [
    'one tag stands for bodies that differ',
    {
      body: (body, { path }) => (inRows(path) ? { ...body, reads: tags++ } : body),
      answer: (response) => {
        const headers = new Headers(response.headers)
        if (headers.has('etag')) headers.set('etag', '"same"')
        return new Response(response.body, { status: response.status, headers })
      },
    },
    'S03',
    /the entity tag "same" stands for two bodies that differ/,
    /operationId|get:/,
  ],
  [
    'the tag is not heard',
    {
      answer: (response) =>
        response.status === 304
          ? Response.json({ rows: [], total: 0, more: false, limit: 1, next: null })
          : response,
    },
    'S03',
    /asked with the entity tag .* must answer 304, answered 200/,
    /operationId|get:/,
  ],
  [
    'every condition is met',
    {
      answer: (response, request) =>
        request.headers.has('if-none-match')
          ? new Response(null, { status: 304, headers: response.headers })
          : response,
    },
    'S03',
    /asked with the entity tag "standin-none", which it never gave, answers 304/,
    /operationId|get:/,
  ],
  [
    'a job that stands still changes beside what is volatile',
    {
      body: (body, { path }) =>
        path.length === 42 && path.startsWith('/jobs/1') ? { ...body, owner: `ann ${tags++}` } : body,
    },
    'S03',
    /\/owner is "ann \d+", was "ann \d+"/,
    /owner: /,
  ],
  [
    'the filters of a list leave out some',
    {
      items: (items, { path, query }) =>
        isList(path) && query.get('state') === 'failed' ? items.slice(1) : items,
    },
    'F01',
    /jobs with state=failed: job 1\S+, whose \/state is "failed", is missing/,
    /name: state/,
  ],
  [
    'the totals of a filter do not add up',
    {
      body: (body, { path, query }) =>
        isList(path) && query.get('state') === 'failed' ? { ...body, total: 9 } : body,
    },
    'F01',
    /\/total of all state add up to \d+, but 13 jobs have one/,
    /name: state/,
  ],
  [
    'filters are not joined',
    {
      items: (items, { path, query }) =>
        isList(path) && query.has('state') && query.has('owner') ? items.slice(1) : items,
    },
    'F01',
    /jobs with state=\w+ and owner=\w+: job 1\S+, whose \/state is .* is missing/,
    /name: state/,
  ],
  [
    'a filter keeps rows that do not meet it',
    {
      items: (items, { query }) =>
        query.has('filter')
          ? [...items, { id: '20000000-0000-4000-8000-000000000003', group: 'zz', serial: 99 }]
          : items,
    },
    'F01',
    /which the filter `[^`]+` leaves out/,
    /name: filter/,
  ],
  [
    'a select changes the values',
    {
      items: (items, { query }) =>
        query.has('select')
          ? items.map((row) => ({ ...row, ...('serial' in row ? { serial: 0 } : {}) }))
          : items,
    },
    'X01',
    /select=\S*serial\S*: no whole row has the values of/,
    /name: select/,
  ],
  [
    'a name is selected that there is not',
    { anyName: true },
    'X01',
    /select=standin_unknown names no member of a row, yet the request was accepted/,
    /name: select/,
  ],
  [
    'a law that is an expression is broken',
    { items: (items, { path }) => (inRows(path) ? items.map((row) => ({ ...row, serial: -1 })) : items) },
    'law',
    /the serial numbers of a page add up to something: they add up to -\d+/,
    /type: object|schema:|get:|rows:/,
  ],
]

describe('a bug in orders, filters, selects or tags is found by its own check, with its line', () => {
  it.each(PLANTED)('%s', findsIt)
})
