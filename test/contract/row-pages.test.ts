/**
 * Pages of rows and of jobs (P01 to P09): each bug planted in the ledger is found by its own check,
 * at its line.
 */
import { describe, it } from 'vitest'
import type { Planted } from './ledger/planted.ts'
import { findsIt, inRows, isList } from './ledger/planted.ts'

const PLANTED: readonly Planted[] = [
  [
    'rows with equal keys are lost where a page ends',
    {
      items: (items, { query, start }) =>
        query.get('sort') === 'group' && start > 0 ? items.slice(1) : items,
    },
    'P03',
    /by group up: \d+ of the rows of job many-pages are never met/,
    /name: sort/,
  ],
  [
    'rows whose key is null cannot be reached',
    {
      items: (items, { query }) =>
        query.get('sort') === 'group' ? items.filter(({ group }) => group !== null) : items,
    },
    'P03',
    /by group up: \d+ of the rows of job many-pages are never met/,
    /name: sort/,
  ],
  [
    'rows stand otherwise in small pages',
    {
      items: (items, { limit, path }) =>
        inRows(path) && limit < 5 && items.length > 20 ? [...items.slice(1), ...items.slice(0, 1)] : items,
    },
    'P04',
    /rows a page: row 1 is 2\S+; job many-pages has 2\S+ there/,
    /name: limit/,
  ],
  [
    'jobs stand otherwise in small pages',
    { items: (items, { limit, path }) => (isList(path) && limit === 1 ? [...items].reverse() : items) },
    'P04',
    /all jobs, 1 a page: job 1 is 1\S+; in large pages it is 1/,
    /name: limit/,
  ],
  [
    'a token is there though no row follows',
    {
      body: (body, { path }) =>
        inRows(path) && body['next'] === null && Number(body['total']) > 20
          ? { ...body, next: btoa(JSON.stringify([99, `${path}?`])) }
          : body,
    },
    'P05',
    /\/next on page 4 leads to a page without rows/,
    /next: /,
  ],
  [
    'a token leads round in a circle',
    {
      body: (body, { path }) =>
        isList(path) && typeof body['next'] === 'string'
          ? { ...body, next: btoa('[5,"/jobs?"]').replaceAll('=', '') }
          : body,
    },
    'P05',
    /\/next of page 2 leads to a page that was read already/,
    /next: /,
  ],
  [
    'the token is missing though rows follow',
    { body: (body, { path, start }) => (inRows(path) && start > 8 ? { ...body, next: null } : body) },
    'P05',
    /\/next is missing on page \d+, yet rows follow/,
    /next: /,
  ],
  [
    'the limit is not repeated',
    { body: (body, { path }) => (inRows(path) ? { ...body, limit: 3 } : body) },
    'P06',
    /tells of the limit 3 in \/limit where 10 was asked for/,
    /limit: /,
  ],
  [
    'the total is that of the page',
    { body: (body, { path }) => (inRows(path) ? { ...body, total: (body['rows'] as []).length } : body) },
    'P01',
    /\/total is 10, but the walk met 30 rows/,
    /total: /,
  ],
  [
    'a row is met on two pages',
    {
      items: (items, { start, path }) =>
        inRows(path) && start === 10 ? items.toSpliced(10, 1, items[0] ?? {}) : items,
    },
    'P02',
    /on page 2 is 20000000\S+, which stood on page 1 already/,
    /id: \{ type: string, format: uuid \}/,
  ],
  [
    'a spoilt token gives the first page',
    { spoilt: () => 0 },
    'P07',
    /cursor=~no cursor~ is no cursor, yet the request was accepted/,
    /name: cursor/,
  ],
  [
    'half a token gives the first page',
    { spoilt: (text) => (text.startsWith('~') ? undefined : 0) },
    'P07',
    /is half a cursor, yet the request was accepted: 200/,
    /name: cursor/,
  ],
  [
    'a spoilt token breaks the server',
    {
      answer: (response, request) =>
        request.url.includes('~no') ? Response.json({ error: 'x' }, { status: 500 }) : response,
    },
    'P07',
    /cursor=~no cursor~ is no cursor, yet the request broke the server/,
    /name: cursor/,
  ],
  [
    'a token holds for every query',
    { anyQuery: true },
    'P08',
    /belongs to another query than (?:state|filter|order|sort)=/,
    /name: cursor/,
  ],
  [
    'a token holds for every job',
    { anyJob: true },
    'P08',
    /belongs to another query than the rows of job few-rows/,
    /name: cursor/,
  ],
  [
    'a limit of 0 is accepted',
    { limit: (text, path) => (text === '0' && inRows(path) ? 10 : undefined) },
    'P09',
    /limit=0 is no limit that the document allows, yet the request was accepted/,
    /name: limit/,
  ],
  [
    'a limit above the greatest is accepted',
    { limit: (text, path) => (text === '11' && inRows(path) ? 11 : undefined) },
    'P09',
    /limit=11 is no limit/,
    /name: limit/,
  ],
  [
    'a limit that is no number is accepted',
    { limit: (text, path) => (text === 'abc' && inRows(path) ? 10 : undefined) },
    'P09',
    /limit=abc is no limit/,
    /name: limit/,
  ],
  [
    'half a row is accepted as a limit',
    { limit: (text, path) => (text === '1.5' && inRows(path) ? 1 : undefined) },
    'P09',
    /limit=1\.5 is no limit/,
    /name: limit/,
  ],
  [
    'a limit is not brought back into its bounds',
    { limit: (text, path) => (text === '6' && isList(path) ? 6 : undefined) },
    'P09',
    /limit=6 is answered with \/limit 6, out of its bounds/,
    /name: limit/,
  ],
  [
    'a limit is refused that is to be brought back',
    {
      answer: (response, request) =>
        /\/jobs\?.*limit=0/.test(request.url) ? Response.json({ error: 'limit' }, { status: 422 }) : response,
    },
    'P09',
    /limit=0 must be answered within the bounds, was answered 422/,
    /name: limit/,
  ],
  [
    'an empty limit breaks the server',
    {
      answer: (response, request) =>
        /limit=(?:&|$)/.test(request.url) ? Response.json({ error: 'x' }, { status: 500 }) : response,
    },
    'P09',
    /limit= must be answered within the bounds, was answered 500/,
    /name: limit/,
  ],
]

describe('a bug in pages is found by its own check, with its line', () => {
  it.each(PLANTED)('%s', findsIt)
})
