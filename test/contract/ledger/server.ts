/**
 * A ledger of jobs for the judge's tests: pages by tokens and by offsets, limits that are refused here and
 * clamped there, entity tags. Right unless a bug is planted. It is no example of how a server should be
 * built.
 *
 * @module
 */
import type { Json, JsonObject } from '../../../src/model/json.ts'

/** A request as the server reads it. */
export interface Asked {
  readonly path: string
  readonly query: URLSearchParams
  /** The row or job that the page begins with. */
  readonly start: number
  readonly limit: number
}

/** What a planted bug may change. */
export interface Bug {
  /** What is listed, after filter and order, before the page is cut. */
  readonly items?: (items: JsonObject[], asked: Asked) => JsonObject[]
  readonly body?: (body: JsonObject, asked: Asked) => JsonObject
  /** Where a page begins whose token is spoilt; null refuses it. */
  readonly spoilt?: (text: string) => number | undefined
  /** Tokens hold for every query. */
  readonly anyQuery?: true
  /** Tokens hold for every job. */
  readonly anyJob?: true
  /** The limit that a text stands for; undefined reads it rightly. */
  readonly limit?: (text: string, path: string) => number | undefined
  /** Names are selected that there are not. */
  readonly anyName?: true
  readonly answer?: (response: Response, request: Request) => Response | Promise<Response>
}

const id = (kind: number, at: number): string =>
  `${kind}0000000-0000-4000-8000-${String(at).padStart(12, '0')}`

const STATES = ['finished', 'waiting', 'failed'] as const

/** The jobs of the ledger, the newest last; the first two have rows. */
const JOBS: readonly JsonObject[] = Array.from({ length: 13 }, (_, at) => ({
  id: id(1, at),
  state: at < 2 ? 'finished' : (STATES[at % 3] ?? 'failed'),
  owner: ['ann', 'bob'][at % 2] ?? 'ann',
  made_at: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
}))

/** Rows with ties and nulls. */
function rowAt(at: number): JsonObject {
  return { id: id(2, at), group: ['b', 'a', null, 'c'][(at * 3) % 4] ?? null, serial: ((at * 7) % 31) + 1 }
}

const WORDS: Readonly<Record<string, string>> = { finished: 'succeeded', waiting: 'queued', failed: 'failed' }

/** Creates a ledger with one planted bug, or none. */
export function createLedger(bug: Bug = {}): (request: Request) => Promise<Response> {
  let reads = 0
  return async (request) => {
    const url = new URL(request.url)
    const [, first, job = '', last] = url.pathname.split('/')
    if (first === '_standin') return Response.json({ jobs: JOBS.map(toListed) })
    const known = JOBS.find((each) => each['id'] === job)
    reads += 1
    const answer =
      job === ''
        ? pageOf(bug, url, listed(url.searchParams), 'jobs')
        : !/^[0-9a-f-]{36}$/.test(job)
          ? 'job_id'
          : known === undefined
            ? null
            : last === 'rows'
              ? rowsOf(bug, url, known)
              : { ...known, read_at: reads }
    if (answer === null || typeof answer === 'string') {
      const status = answer === null ? 404 : 422
      const refusal = Response.json({ error: answer ?? 'no such job' }, { status })
      return (await bug.answer?.(refusal, request)) ?? refusal
    }
    // A job is read at another instant each time: it has no tag.
    const isDetail = job !== '' && last !== 'rows'
    const shown = isDetail ? (bug.body?.(answer, asked(url, 0, 0)) ?? answer) : answer
    const response = isDetail ? Response.json(shown) : tagged(JSON.stringify(shown), request)
    const changed = (await bug.answer?.(response, request)) ?? response
    if (request.method !== 'HEAD') return changed
    return new Response(null, { status: changed.status, headers: changed.headers })
  }
}

function asked(url: URL, start: number, limit: number): Asked {
  return { path: url.pathname, query: url.searchParams, start, limit }
}

function tagged(body: string, request: Request): Response {
  let hash = 7
  for (const char of body) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 1_000_000_007
  const etag = `"${hash}"`
  const sent = (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim())
  if (sent.some((tag) => tag.replace(/^W\//, '') === etag)) {
    return new Response(null, { status: 304, headers: { etag } })
  }
  return new Response(body, { headers: { etag, 'content-type': 'application/json' } })
}

function toListed(job: JsonObject): JsonObject {
  const at = JOBS.indexOf(job)
  const rows = at < 2 ? 1 : 0
  return {
    api: 'ledger',
    id: job['id'] ?? null,
    name: rows === 0 ? `job-${at}` : (['many-pages', 'few-rows'][at] ?? ''),
    rows,
    ...stateOf(job),
  }
}

function stateOf(job: JsonObject): JsonObject {
  return { state: WORDS[String(job['state'])] ?? 'failed', url: `/jobs/${job['id']}/rows`, headers: {} }
}

function listed(query: URLSearchParams): JsonObject[] | string {
  const order = query.get('order') ?? 'down'
  if (!['up', 'down'].includes(order)) return 'order'
  const state = query.get('state')
  if (state !== null && !(STATES as readonly string[]).includes(state)) return 'state'
  const owner = query.get('owner')
  const fits = JOBS.filter(
    (job) => (state === null || job['state'] === state) && (owner === null || job['owner'] === owner),
  ).map((job) => ({ ...job, read_at: 0 }))
  return order === 'up' ? fits : fits.reverse()
}

function rowsOf(bug: Bug, url: URL, job: JsonObject): JsonObject | string {
  const query = url.searchParams
  const count = [37, 9][JOBS.findIndex((each) => each['id'] === job['id'])] ?? 0
  const [sort, order] = [query.get('sort') ?? 'place', query.get('order') ?? 'up']
  if (!['place', 'group', 'serial'].includes(sort)) return 'sort'
  if (!['up', 'down'].includes(order)) return 'order'
  let rows = Array.from({ length: count }, (_, at) => rowAt(at))
  const filter = query.get('filter')
  if (filter !== null) {
    const parts = filter.split(' and ').map((part) => /^(\w+) eq ('(?:[^']|'')*'|[\w-]+)$/.exec(part))
    if (parts.some((part) => part === null || !['id', 'group', 'serial'].includes(part[1] ?? '')))
      return 'filter'
    const text = (value: Json | undefined): string => (typeof value === 'string' ? value : String(value))
    rows = rows.filter((row) =>
      parts.every((part) => text(row[part?.[1] ?? '']) === part?.[2]?.replaceAll("'", '')),
    )
  }
  const names = query.get('select')?.split(',') ?? null
  if (names?.some((name) => !['id', 'group', 'serial'].includes(name) && bug.anyName !== true))
    return 'select'
  if (names !== null) {
    const reduced = rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])))
    rows = [...new Map(reduced.map((row) => [JSON.stringify(row), row])).values()]
  }
  const key = names === null ? sort : (names[0] ?? '')
  if (key !== 'place')
    rows.sort((a, b) => compare(a[key] ?? null, b[key] ?? null) * (order === 'up' ? 1 : -1))
  else if (order === 'down') rows.reverse()
  return pageOf(bug, url, rows, 'rows')
}

function compare(a: Json, b: Json): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return a < b ? -1 : a > b ? 1 : 0
}

/** One page, or the name of the parameter that is wrong. */
function pageOf(
  bug: Bug,
  url: URL,
  found: JsonObject[] | string,
  kind: 'rows' | 'jobs',
): JsonObject | string {
  if (typeof found === 'string') return found
  const query = url.searchParams
  const most = kind === 'jobs' ? 5 : 10
  const text = query.get('limit') ?? String(most)
  let limit = bug.limit?.(text, url.pathname)
  if (limit === undefined) {
    if (!/^-?\d+$/.test(text)) return 'limit'
    limit = kind === 'jobs' ? Math.min(most, Math.max(1, Number(text))) : Number(text)
    if (limit < 1 || limit > most) return 'limit'
  }
  const own = new URLSearchParams(
    [...query].filter(([name]) => !['limit', 'cursor', 'offset'].includes(name)),
  )
  own.sort()
  const mark = bug.anyQuery === true ? '' : `${bug.anyJob === true ? '' : url.pathname}?${own}`
  const start = startOf(query, mark, bug)
  if (typeof start === 'string') return start
  const place = asked(url, start, limit)
  const items = bug.items?.(found, place) ?? found
  const more = start + limit < items.length
  const next = more ? btoa(JSON.stringify([start + limit, mark])).replaceAll('=', '') : null
  const page = { [kind]: items.slice(start, start + limit), total: items.length, limit }
  const body: JsonObject =
    kind === 'rows' ? { ...page, more, next } : { ...page, ...(next === null ? {} : { next }) }
  return bug.body?.(body, place) ?? body
}

function startOf(query: URLSearchParams, mark: string, bug: Bug): number | string {
  const [token, offset] = [query.get('cursor'), query.get('offset')]
  if (offset !== null && !/^\d+$/.test(offset)) return 'offset'
  if (token === null) return Number(offset ?? '0')
  if (offset !== null) return 'offset'
  try {
    const [at, own] = JSON.parse(atob(token)) as [number, string]
    if (Number.isInteger(at) && own === mark) return at
  } catch {
    // It is none.
  }
  return bug.spoilt?.(token) ?? 'cursor'
}
