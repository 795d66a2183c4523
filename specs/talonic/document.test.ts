/**
 * Holds `openapi.yaml` to the vendor's page, and the examples and goldens to `openapi.yaml`.
 * It says nothing about the mock: no module of `src/` and not `vendor.ts` is imported here.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'

type Members<Value = unknown> = Readonly<Record<string, Value>>

type Numbers = Partial<Members<number>>

interface Schema extends Members {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly required?: readonly string[]
  readonly properties?: Members<Schema>
}

interface Part extends Members {
  readonly 'x-evidence'?: string
  readonly 'x-source'?: string
}

interface Response extends Part {
  readonly headers: Members
  readonly content: Members<{ readonly examples: Members<{ readonly value: Members }> }>
}

interface Operation extends Part {
  readonly operationId: string
  readonly requestBody?: { readonly content: Members<{ readonly examples: Members<{ value: unknown }> }> }
  readonly responses: Members<Response>
}

interface Document {
  readonly paths: Members<Members<Operation>>
  readonly components: { readonly schemas: Members<Schema>; readonly headers: Members<Part> }
}

interface Row {
  readonly status: string
  readonly values: Members
  readonly confidence: number | null
  readonly validation_flags: readonly string[]
}

interface Results {
  readonly job_id: string
  readonly job_status: string
  readonly total_rows: number
  readonly data: readonly Row[]
  readonly links: Members
}

type Job = Members & { readonly id: string; readonly status: string; readonly links: Members }

interface Golden {
  readonly source: string
  readonly note: string
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown }
  readonly response: { readonly status: number; readonly headers: Members<string>; readonly body: Members }
}

/** The table of the page, row by row: the answer, its rows, its links. */
const PAGE = {
  JobResults: `job_id string, job_status string, schema object | null, total_rows integer,
    data array, links object`,
  ResultRow: `id string, document_id string, filename string, status string, values object,
    confidence number | null, validation_flags array`,
  ResultLinks: 'self string, job string',
}

/** The refusals of the page: status and code. */
const REFUSALS = { 400: 'validation_error', 401: 'unauthorized', 404: 'not_found', 429: 'rate_limited' }

const EVIDENCE = /^(seed|vendor-docs|inferred)$/
const RATE_LIMIT = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']
const JSON_TYPE = 'application/json'

const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const readme = readText('README.md')
const document = load(readText('openapi.yaml')) as Document
const { schemas } = document.components
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ id: operation.operationId, path, method, operation })),
)
const responses = operations.flatMap(({ id, path, method, operation }) =>
  Object.entries(operation.responses).map(([status, response]) => {
    const at = pointer('paths', path, method, 'responses', status)
    return { name: `${id} ${status}`, at, operation, status, response }
  }),
)
const examples = responses.flatMap(({ name, at, status, response }) =>
  Object.entries(response.content[JSON_TYPE]?.examples ?? {}).map(([example, { value }]) => {
    return { name: `${name} ${example}`, schema: `${at}/content/application~1json/schema`, status, value }
  }),
)

const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'talonic', ...document })

function pointer(...segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Every disagreement of a value with the schema at a pointer, one line each. */
function disagreements(value: unknown, at: string): string[] {
  const validate = ajv.getSchema(`talonic#${encodeURI(at)}`)
  if (validate === undefined) return [`no schema at ${at}`]
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

function resolve(schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {})
}

/** The type of a schema in the words of the page. */
function typeOf(schema: Schema): string {
  const { type, anyOf = [] } = resolve(schema)
  return type === undefined ? anyOf.map(typeOf).join(' | ') : [type].flat().join(' | ')
}

/** What a result must hold that no schema can say; see the laws in the README. */
function expectCoherentResults({ job_id, job_status, total_rows, data, links }: Results): void {
  expect(total_rows).toBe(data.length)
  expect(links).toEqual({ self: `/v1/jobs/${job_id}/results`, job: `/v1/jobs/${job_id}` })
  if (job_status === 'pending') expect(data).toEqual([])
  const [first] = data
  for (const { status, values, confidence, validation_flags: flags } of data) {
    expect(Object.keys(values)).toEqual(Object.keys(first?.values ?? {}))
    const empty = Object.keys(values).filter((name) => values[name] === null)
    if (job_status !== 'complete') {
      expect([status, confidence, flags]).toEqual([
        job_status === 'failed' ? 'partial' : job_status,
        null,
        [],
      ])
      continue
    }
    expect(flags.filter((flag) => flag.startsWith('missing_required_field:'))).toEqual(
      empty.map((name) => `missing_required_field:${name}`),
    )
    for (const flag of flags) expect(Object.keys(values)).toContain(flag.replace(/^[a-z_]+:/, ''))
    const unread = empty.length === Object.keys(values).length
    const sound = flags.length === 0 && (confidence ?? 0) >= 0.8
    expect(status).toBe(unread ? 'failed' : sound ? 'approved' : 'review')
    expect(confidence === null).toBe(unread)
  }
}

/** What a job must hold that no schema can say. */
function expectCoherentJob(job: Job): void {
  const { id, status, links, grid_stats: grid, error = null } = job
  const open = status === 'pending' || status === 'processing'
  expect(links['self']).toBe(`/v1/jobs/${id}`)
  expect(links['cancel']).toBe(open ? `/v1/jobs/${id}/cancel` : undefined)
  expect(links['dashboard']).toMatch(new RegExp(`/jobs/${id}$`))
  expect(error !== null).toBe(status === 'failed')
  expect(job['completed_at'] === null).toBe(open)
  expect(job['completed_documents']).toBeLessThanOrEqual(job['document_count'] as number)
  const { total_cells: cells = 0, filled = 0, empty = 0, fill_rate: rate = 0 } = (grid ?? {}) as Numbers
  expect(filled + empty).toBe(cells)
  expect(rate).toBe(cells === 0 ? 0 : Math.round((filled / cells) * 100) / 100)
  expect(job['progress']).toBe(status === 'processing' ? Math.round(rate * 100) : null)
}

/** What a body must hold, whatever it is the body of. */
function expectCoherent(body: Members): void {
  if ('job_status' in body) expectCoherentResults(body as unknown as Results)
  if ('document_count' in body) expectCoherentJob(body as Job)
  for (const job of 'pagination' in body ? (body['data'] as readonly Job[]) : []) expectCoherentJob(job)
}

describe('the document', () => {
  it('describes five operations', () => {
    expect(operations.map(({ id, method, path }) => `${id}: ${method} ${path}`)).toEqual([
      'getJobResults: get /v1/jobs/{id}/results',
      'getJob: get /v1/jobs/{id}',
      'cancelJob: post /v1/jobs/{id}/cancel',
      'createJob: post /v1/jobs',
      'listJobs: get /v1/jobs',
    ])
  })

  it.each(Object.entries(PAGE))('has the members of the page for %s, and requires them', (name, table) => {
    const { properties = {}, required } = schemas[name] ?? {}
    const described = Object.entries(properties).map(([member, schema]) => `${member} ${typeOf(schema)}`)
    expect(described).toEqual(table.split(/,\s+/))
    expect(required).toEqual(Object.keys(properties))
  })

  it('has the refusals of the page, and only them, from the page', () => {
    const seeded = examples.filter(({ name }) => /^getJobResults [45]/.test(name))
    expect(Object.fromEntries(seeded.map(({ status, value }) => [status, value['code']]))).toEqual(REFUSALS)
  })

  it('says where each operation, answer, schema and header comes from', () => {
    const named = [...Object.values(schemas), ...Object.values(document.components.headers)] as Part[]
    for (const part of [...operations.map(({ operation }) => operation), ...named]) {
      expect(part['x-evidence']).toMatch(EVIDENCE)
      expect(readme).toContain(`(${part['x-source']})`)
    }
    for (const { name, operation, response } of responses) {
      expect(response['x-evidence'] ?? operation['x-evidence'], name).toMatch(EVIDENCE)
      expect(readme, name).toContain(`(${response['x-source'] ?? operation['x-source']})`)
    }
  })

  it('announces the rate limit on every answer, and when to come back on every 429', () => {
    for (const { name, status, response } of responses) {
      const own = { 401: ['WWW-Authenticate'], 429: ['Retry-After'] }[status] ?? []
      expect(Object.keys(response.headers), name).toEqual([...own, ...RATE_LIMIT])
    }
  })

  it.each(examples)('accepts its example of $name, which agrees with itself', ({ schema, status, value }) => {
    expect(disagreements(value, schema)).toEqual([])
    if (status >= '400') expect(value['statusCode']).toBe(Number(status))
    expectCoherent(value)
  })

  it('has an example of every answer and of every request with a body', () => {
    const shown = examples.map(({ name }) => name.replace(/ \w+$/, ''))
    expect(responses.filter(({ name }) => !shown.includes(name))).toEqual([])
    const bodies = operations.flatMap(({ operation }) => operation.requestBody?.content[JSON_TYPE] ?? [])
    const values = bodies.flatMap((body) => Object.values(body.examples))
    expect(values).toHaveLength(2)
    for (const { value } of values) expect(disagreements(value, '/components/schemas/JobRequest')).toEqual([])
  })

  it('objects to the ids that stand in the example of the page, and to nothing else there', () => {
    const { value } = examples.find(({ name }) => name === 'getJobResults 200 complete') ?? { value: {} }
    const { data, ...rest } = value as unknown as Results
    const rows = data.map((row, position) => ({
      ...row,
      id: `res_uuid_${position}`,
      document_id: 'doc_uuid',
    }))
    const asOnThePage = { ...rest, schema: { id: 'sch_uuid_1', name: 'Invoice' }, data: rows }
    const found = disagreements(asOnThePage, '/components/schemas/JobResults')
    expect(found.filter((line) => !line.includes('anyOf') && !line.includes('must be null'))).toEqual([
      '/schema/id must match format "uuid"',
      ...[0, 1].flatMap((row) =>
        ['id', 'document_id'].map((id) => `/data/${row}/${id} must match format "uuid"`),
      ),
    ])
  })
})

describe('the goldens', () => {
  const folder = new URL('golden/', import.meta.url)
  const goldens = readdirSync(folder).map((file) => ({
    file,
    golden: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden,
  }))
  const exchanges = goldens.map(({ file, golden }) => {
    const { method, path } = golden.request
    const found = operations.find(
      (one) =>
        one.method === method.toLowerCase() &&
        new RegExp(`^${one.path.replace('{id}', '[^/]+')}$`).test(path),
    )
    return { file, golden, found, name: `${found?.id} ${golden.response.status}` }
  })

  it.each(exchanges)('$file is an exchange that the document allows', ({ golden, found }) => {
    const { source, note, request, response } = golden
    const at = pointer('paths', found?.path ?? '', found?.method ?? '')
    expect(readme).toContain(`(${source})`)
    expect(note).not.toBe('')
    expect(
      disagreements(response.body, `${at}/responses/${response.status}/content/application~1json/schema`),
    ).toEqual([])
    const documented = Object.keys(found?.operation.responses[response.status]?.headers ?? {})
    expect(Object.keys(response.headers)).toEqual(['Content-Type', ...documented])
    if (response.status >= 400) expect(response.body['path']).toBe(request.path)
    expectCoherent(response.body)
    if (request.body !== undefined) {
      const objections = disagreements(request.body, '/components/schemas/JobRequest')
      expect(objections.length > 0).toBe(response.status === 400)
    }
  })

  it('show every success, each refusal of the page, and rows in each status', () => {
    const shown = exchanges.map(({ name }) => name)
    const wanted = responses.map(({ name }) => name).filter((name) => /^getJobResults| 2..$| 409$/.test(name))
    expect(wanted.filter((name) => !shown.includes(name))).toEqual([])
    const results = goldens.flatMap(({ golden }) => golden.response.body['job_status'] ?? [])
    expect(new Set(results)).toEqual(new Set(['pending', 'processing', 'complete', 'failed']))
  })
})
