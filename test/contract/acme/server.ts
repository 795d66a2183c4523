/**
 * A small job server of the judge's tests, written apart from the mock: a function from a request to an
 * answer, right unless a fault is planted. It is no example of how a server should be built.
 *
 * @module
 */
import type { Json, JsonObject } from '../../../src/model/json.ts'

/** What a planted fault may change. */
export interface Fault {
  /** Changes an answer's body before it is sent. */
  readonly body?: (body: JsonObject, asked: Asked) => Json
  /** Changes the whole answer. */
  readonly answer?: (response: Response, asked: Asked) => Response | Promise<Response>
  /** Changes the rows after filter and sort, before the page is cut. */
  readonly rows?: (rows: JsonObject[], asked: Asked) => JsonObject[]
  /** What the filter lets through though it should not. */
  readonly leak?: (row: JsonObject) => boolean
  /** How many rows the job `many-pages` has. */
  readonly many?: number
  /** Ignores credentials. */
  readonly open?: boolean
  /** Accepts these parameters whatever they hold. */
  readonly lenient?: readonly string[]
}

/** A request as the server reads it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** How many requests came before it. */
  readonly number: number
}

/** The server's jobs. */
export const JOBS = [
  { id: '10000000-0000-4000-8000-000000000001', name: 'many-pages', state: 'finished', rows: 43 },
  { id: '10000000-0000-4000-8000-000000000002', name: 'one-row', state: 'finished', rows: 1 },
  { id: '10000000-0000-4000-8000-000000000003', name: 'empty', state: 'waiting', rows: 0 },
] as const

/** The row of a position: with ties, nulls, quotes and text beyond ASCII. */
function rowAt(position: number): JsonObject {
  const names = ['pot', "O'Brien", null, 'Ångström', 'cup', 'ab', 'aB']
  return {
    id: `20000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
    name: names[(position * 5) % names.length] ?? null,
    weight: ((position * 7) % 11) + 0.5,
    fine: position % 3 === 0,
    made_at: new Date(Date.UTC(2026, 0, 1 + ((position * 17) % 40))).toISOString(),
    size: position % 4 === 0 ? null : { width: position % 5, height: position % 2 },
  }
}

/** Creates a server with one planted fault, or none. */
export function createServer(fault: Fault = {}): (request: Request) => Promise<Response> {
  const made = new Map<string, string>()
  let number = 0

  function reply(body: JsonObject, asked: Asked, status = 200): Response {
    return Response.json(fault.body?.(body, asked) ?? body, { status, headers: { 'x-left': '7' } })
  }

  function route(request: Request, asked: Asked, body: string): Response {
    const { method, path } = asked
    const [, first, id = '', last] = path.split('/')
    if (first === '_standin') return Response.json({ jobs: JOBS.map(toListed) })
    const methods = id === '' ? ['POST'] : last === undefined ? ['GET', 'DELETE'] : ['GET']
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ')
    if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
    if (!allow.includes(method)) return refuse(405, 'method', { allow })
    if (request.headers.get('authorization') !== 'Bearer acme-key' && fault.open !== true) {
      return refuse(401, 'key', { 'www-authenticate': 'Bearer' })
    }
    if (method === 'POST') return make(body, asked)
    if (!/^[0-9a-f-]{36}$/.test(id) && fault.lenient?.includes('job_id') !== true)
      return refuse(422, 'job_id')
    const known = JOBS.find((job) => job.id === id)
    const state = made.get(id) ?? known?.state
    if (state === undefined) return refuse(404, 'no such job')
    if (method === 'DELETE') {
      if (state !== 'waiting') return refuse(409, 'ended')
      made.set(id, 'stopped')
      return reply({ id, state: 'stopped', done: 0, total: 2 }, asked)
    }
    const count = known?.name === 'many-pages' ? (fault.many ?? known.rows) : (known?.rows ?? 0)
    const page = last === 'rows' ? pageFor(id, count, asked, fault) : null
    if (typeof page === 'string') return refuse(422, page)
    if (page !== null) return reply(page, asked)
    return reply({ id, state, done: count, total: count }, asked)
  }

  function make(body: string, asked: Asked): Response {
    const order = parse(body)
    const copies = order?.['copies'] ?? 1
    const subject = order?.['subject']
    if (typeof subject !== 'string' || subject.length < 2) return refuse(400, 'subject')
    if (!Number.isInteger(copies) || Number(copies) < 1 || Number(copies) > 5) return refuse(400, 'copies')
    const id = `30000000-0000-4000-8000-${String(made.size).padStart(12, '0')}`
    made.set(id, 'waiting')
    return reply({ id, state: 'waiting', done: 0, total: 2 }, asked, 201)
  }

  return async (request) => {
    const url = new URL(request.url)
    const asked = { method: request.method, path: url.pathname, query: url.searchParams, number }
    number += 1
    const full = route(request, asked, await request.text())
    const response = request.method === 'HEAD' ? new Response(null, full) : full
    return fault.answer?.(response, asked) ?? response
  }
}

/** One page, or the name of the parameter that is wrong. */
function pageFor(id: string, count: number, asked: Asked, fault: Fault): JsonObject | string {
  const query = asked.query
  const lenient = (name: string): boolean => fault.lenient?.includes(name) === true
  const text = (name: string): string | null => query.get(name)
  const limitText = text('limit') ?? '10'
  const limit = Number(limitText)
  if (!lenient('limit') && !(/^\d+$/.test(limitText) && limit >= 1 && limit <= 20)) return 'limit'
  if (!lenient('page') && !/^[1-9]\d*$/.test(text('page') ?? '1')) return 'page'
  const sort = text('sort') ?? 'position'
  const order = text('order') ?? 'up'
  if (!['position', 'name', 'weight', 'made_at'].includes(sort)) return 'sort'
  if (order !== 'up' && order !== 'down') return 'order'
  const cursors = ['after', 'before'].filter((name) => query.has(name))
  if (query.has('page') && (cursors.length > 0 || query.has('filter'))) return 'page'
  if (cursors.length > 1) return 'before'

  const all = Array.from({ length: count }, (_, position) => rowAt(position))
  const test = filterOf(text('filter'))
  if (test === null) return 'filter'
  let rows = all.filter((row) => test(row) || fault.leak?.(row) === true)
  const leaves = text('select')?.split(',') ?? null
  if (leaves?.some((leaf) => leaf.split('/').length > 2)) return 'select'
  const [any] = all
  if (any !== undefined && leaves?.some((leaf) => !Object.hasOwn(any, leaf.split('/')[0] ?? '')))
    return 'select'
  if (leaves !== null) rows = selected(rows, leaves)
  const key = leaves === null ? (sort === 'position' ? null : sort) : (leaves[0]?.split('/').at(-1) ?? null)
  if (key !== null) rows = sorted(rows, key, order === 'down')
  else if (order === 'down') rows.reverse()
  rows = fault.rows?.(rows, asked) ?? rows

  let start = (Number(text('page') ?? '1') - 1) * limit
  let end = start + limit
  let ids = rows.map((row) => row['id'])
  if (cursors.length > 0 && !all.some((row) => row['id'] === text(cursors[0] ?? ''))) {
    if (!lenient('after')) return cursors[0] ?? ''
    ids = [text(cursors[0] ?? '') ?? '']
  }
  if (text('after') !== null) {
    start = ids.indexOf(text('after') ?? '') + 1
    end = start + limit
  } else if (text('before') !== null) {
    end = ids.indexOf(text('before') ?? '')
    start = Math.max(0, end - limit)
  }
  const more = text('before') === null ? end < rows.length : start > 0
  return { job_id: id, rows: rows.slice(start, end), total: rows.length, more }
}

function toListed({ id, name, state, rows }: (typeof JOBS)[number]): JsonObject {
  const words = { finished: 'succeeded', waiting: 'queued' }
  return { api: 'acme', id, name, state: words[state], rows, url: `/jobs/${id}/rows`, headers: {} }
}

function parse(text: string): JsonObject | null {
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return null
  }
}

function refuse(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ error }, { status, headers })
}

function read(row: JsonObject, path: string): Json {
  const [member = '', child] = path.split('/')
  const value = row[member] ?? null
  return child === undefined ? value : ((value as JsonObject | null)?.[child] ?? null)
}

function filterOf(text: string | null): ((row: JsonObject) => boolean) | null {
  if (text === null) return () => true
  const parts = text.match(/[\w/]+ eq (?:'(?:[^']|'')*'|\S+)/g) ?? []
  if (parts.join(' and ') !== text) return null
  return (row) =>
    parts.every((part) => {
      const [path = '', literal = ''] = part.split(/ eq (.*)/s)
      const value = read(row, path)
      if (literal.startsWith("'")) return value === literal.slice(1, -1).replaceAll("''", "'")
      return String(value) === literal
    })
}

function selected(rows: readonly JsonObject[], leaves: readonly string[]): JsonObject[] {
  const reduced = rows.map((row) =>
    Object.fromEntries(leaves.map((leaf) => [leaf.split('/').at(-1) ?? '', read(row, leaf)])),
  )
  return [...new Map(reduced.map((row) => [JSON.stringify(row), row])).values()]
}

function sorted(rows: readonly JsonObject[], key: string, down: boolean): JsonObject[] {
  const rank = (a: Json, b: Json): number => {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    return a < b ? -1 : a > b ? 1 : 0
  }
  return [...rows].sort((a, b) => rank(a[key] ?? null, b[key] ?? null) * (down ? -1 : 1))
}
