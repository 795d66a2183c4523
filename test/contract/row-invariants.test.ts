import { describe, expect, it } from 'vitest'
import type { CheckName } from '../../src/contract/finding.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Bug } from './ledger/server.ts'
import { createLedger } from './ledger/server.ts'
import { lineAt, readLedger } from './ledger/subject.ts'

const OPTIONS = { baseUrl: 'http://ledger.test', seed: 7, concurrency: 1, recheck: false } as const

function judge(bug: Bug, change: JsonObject = {}): Promise<Verdict> {
  return checkTarget(readLedger(change), createLedger(bug), OPTIONS)
}

const isList = (path: string): boolean => path === '/jobs'
const inRows = (path: string): boolean => path.endsWith('/rows')

it('finds nothing on a ledger that is right, and has looked at each check', async () => {
  const verdict = await judge({})
  expect(verdict.findings.map(({ check, message }) => `${check}: ${message}`)).toEqual([])
  const passed = (id: string): readonly string[] =>
    verdict.checks.flatMap((each) =>
      each.operationId === id && each.outcome === 'passed' ? [each.check] : [],
    )
  const paging = ['P01', 'P02', 'P04', 'P05', 'P06', 'P07', 'P08', 'P09']
  expect(passed('readRows')).toEqual(
    expect.arrayContaining([...paging, 'P03', 'S01', 'S02', 'S03', 'F01', 'X01']),
  )
  expect(passed('readRows')).toContain('law')
  expect(passed('listJobs')).toEqual(expect.arrayContaining([...paging, 'S01', 'S02', 'F01']))
  expect(passed('readJob')).toContain('S03')
  expect(verdict.exchanges).toBeLessThan(700)
})

it('lets a token of another query be ignored where the contract says so, and wants no refusal then', async () => {
  const verdict = await judge({ anyQuery: true }, { foreign: 'ignored' })
  expect(verdict.findings.filter(({ operationId }) => operationId === 'listJobs')).toEqual([])
  const refused = await judge({}, { foreign: 'ignored' })
  expect(refused.findings.map(({ check }) => check)).toEqual(['P08'])
})

/** What is planted, which check must find it, what it must say, and what the line it names begins with. */
type Planted = readonly [name: string, bug: Bug, check: CheckName, message: RegExp, line: RegExp]

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

let tags = 1

describe('a bug in pages, orders, filters, selects or tags is found by its own check, with its place and line', () => {
  it.each(PLANTED)('%s', async (_, bug, check, message, line) => {
    const { findings } = await judge(bug)
    const own = findings.filter((finding) => finding.check === check)
    const found = own.filter((finding) => message.test(finding.message))
    expect(found.length, findings.map((each) => `${each.check}: ${each.message}`).join('\n')).toBeGreaterThan(
      0,
    )
    expect(found.map(({ document }) => lineAt(document.line)).join('\n')).toMatch(line)
    for (const { document } of found) expect(document.file).toBe('ledger/openapi.yaml')
    for (const { exchanges } of found) expect([1, 2]).toContain(exchanges.length)
  })
})
