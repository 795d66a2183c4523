import { describe, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Planted } from './acme/planted.ts'
import { expectFound, inRows } from './acme/planted.ts'

const PLANTED: Readonly<Record<string, Planted>> = {
  'a wrong total': {
    fault: inRows((body) => ({ ...body, total: Number(body['total']) + 1 })),
    check: 'P01',
    message: /\/total is \d+, but the walk met \d+ rows/,
    at: /^\/total$/,
    line: 'total: { type: integer }\n                  more',
  },
  'a total that changes from page to page': {
    fault: inRows((body, _, { query }) => (query.has('after') ? { ...body, total: 42 } : body)),
    check: 'P01',
    message: /\/total is 42 on page 2, 43 on the first/,
    line: 'total: { type: integer }\n                  more',
  },
  'a row that stands on two pages': {
    fault: {
      rows: (rows, { query }) =>
        query.has('page') && rows.length > 20 ? [...rows.slice(0, 20), ...rows.slice(19, -1)] : rows,
    },
    check: 'P02',
    message: /on page 11 is 20000000-\S+, which stood on page 10 already/,
    line: 'id: { type: string, format: uuid }\n        name:',
  },
  'an unsorted page': {
    fault: {
      rows: (rows, { query }) =>
        query.get('sort') === 'weight' ? [...rows.slice(1, 5), ...rows.slice(0, 1), ...rows.slice(5)] : rows,
    },
    check: 'S01',
    message: /^\/rows\/\d+\/weight is [\d.]+, behind [\d.]+: not (?:ascending|descending) by weight/,
    line: '- name: sort',
  },
  'nulls on the wrong side': {
    fault: {
      rows: (rows, { query }) =>
        query.get('sort') === 'name' && query.get('order') === 'up'
          ? [...rows.filter(({ name }) => name === null), ...rows.filter(({ name }) => name !== null)]
          : rows,
    },
    check: 'S01',
    message: /\/name is "\S+", behind null: not ascending by name/,
    line: '- name: sort',
  },
  'ties that move': {
    fault: {
      rows: (rows, { query }) => {
        if (query.get('sort') !== 'weight') return rows
        const at = rows.findIndex((row, position) => rows[position + 1]?.['weight'] === row['weight'])
        return [...rows.slice(0, at), ...rows.slice(at, at + 2).reverse(), ...rows.slice(at + 2)]
      },
    },
    check: 'S01',
    message: /have equal keys and must stand by position, stand at positions \d+ and \d+/,
    line: '- name: sort',
  },
  'a filter that leaks': {
    fault: { leak: (row) => row['id'] === '20000000-0000-4000-8000-000000000004' },
    check: 'F01',
    message: /, which the filter `[^`]+` leaves out/,
    line: '- name: filter',
  },
  'a filter that loses a row': {
    fault: { rows: (rows, { query }) => (query.has('filter') ? rows.slice(1) : rows) },
    check: 'F01',
    message: /the filter `[^`]+`: lacks 1 row \(20000000-\S+\); \/total is \d+, but \d+ rows? of all meet it/,
    line: '- name: filter',
  },
  'a select that leaks a member': {
    fault: inRows((body, rows, { query }) =>
      query.has('select') ? { ...body, rows: rows.map((row) => ({ ...row, secret: 1 })) } : body,
    ),
    check: 'X01',
    message: /^\/rows\/0 has secret, not selected; selected: /,
    line: '- name: select',
  },
  'a select whose rows are not distinct': {
    fault: {
      rows: (rows, { query }) => (query.has('select') ? [...rows.slice(0, 1), ...rows.slice(0, -1)] : rows),
    },
    check: 'X01',
    message: /the row \{.*\} is given twice; the row \{.*\} is missing/,
    line: '- name: select',
  },
  'a lie about more rows': {
    fault: inRows((body, rows) => ({ ...body, more: rows.length > 0 })),
    check: 'P05',
    message: /\/more is true on page \d+, yet no row follows/,
    at: /^\/more$/,
    line: 'more: { type: boolean }',
  },
  'more rows than are promised': {
    fault: inRows((body) => ({ ...body, more: false })),
    check: 'P05',
    message: /\/more is false on page 1, yet \d+ rows? follow/,
    line: 'more: { type: boolean }',
  },
  'a cursor that is ignored': {
    fault: {
      answer: async (response, asked) => {
        if (!asked.query.has('after') || response.status !== 200) return response
        const body = (await response.json()) as JsonObject
        const rows = body['rows'] as readonly Json[]
        const first = (rows[0] as JsonObject | undefined)?.['id'] === '20000000-0000-4000-8000-000000000020'
        return Response.json(first ? { ...body, rows: [{ ...(rows[0] as JsonObject) }, ...rows] } : body)
      },
    },
    check: 'P06',
    message: /must hold at most 20 rows, holds 21/,
    line: '- name: limit',
  },
}

describe('a fault in paging, sorting, filtering or selecting is found, with its place and its line', () => {
  it.each(Object.entries(PLANTED))('%s', async (_, planted) => {
    await expectFound(planted)
  })
})
