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

type Members<Name extends string, Value> = Readonly<Record<Name, Value>>

type Evidence = Partial<Members<'x-evidence' | 'x-source', string>>

interface Schema extends Evidence {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly required?: readonly string[]
  readonly properties?: Members<string, Schema>
}

interface Response extends Evidence {
  readonly headers?: Members<string, unknown>
  readonly content: Members<'application/json', { readonly examples?: Members<string, { value: unknown }> }>
}

interface Operation extends Evidence {
  readonly operationId: string
  readonly requestBody?: unknown
  readonly responses: Members<string, Response>
}

interface Document {
  readonly paths: Members<string, Members<string, Operation>>
  readonly components: Members<'schemas', Members<string, Schema>>
}

interface Results
  extends Members<'job_id' | 'status' | 'message', string>,
    Members<'total_documents_found' | 'total_documents_downloaded' | 'total_pages_crawled', number>,
    Members<'success_rate' | 'cost' | 'total_runtime_seconds' | 'runtime_minutes', number>,
    Members<'errors' | 'warnings', readonly unknown[]> {
  readonly documents: readonly (Members<'confidence_score' | 'file_size_mb', number> &
    Members<'extracted_at', string>)[]
  readonly metadata: Members<'job_id' | 'created_at', string> &
    Partial<Members<(typeof REPEATED)[number] | 'final_status', unknown>> & {
      readonly completed_at: string | null
      readonly parameters: Partial<Members<'confidence_threshold' | 'max_file_size_mb', number>>
    }
  readonly has_errors: boolean
}

interface Golden {
  readonly source: string
  readonly note: string
  readonly request: { readonly method: string; readonly path: string; readonly body?: unknown }
  readonly response: {
    readonly status: number
    readonly headers: Members<string, string>
    readonly body: unknown
  }
}

/** The first table of the page, row by row. */
const RESULT_FIELDS = [
  ['job_id', 'string'],
  ['status', 'string'],
  ['message', 'string'],
  ['documents', 'array'],
  ['metadata', 'object'],
  ['total_documents_found', 'number'],
  ['total_documents_downloaded', 'number'],
  ['total_pages_crawled', 'number'],
  ['success_rate', 'number'],
  ['cost', 'number'],
  ['total_runtime_seconds', 'number'],
  ['runtime_minutes', 'number'],
  ['has_errors', 'boolean'],
  ['errors', 'array'],
  ['warnings', 'array'],
]

/** The second table of the page, row by row. */
const DOCUMENT_FIELDS = [
  ['name', 'string'],
  ['url', 'string'],
  ['source_page', 'string'],
  ['document_type', 'string'],
  ['confidence_score', 'number'],
  ['file_size_mb', 'number'],
  ['extracted_at', 'string'],
]

/** What the page calls a number and the vendor's OpenAPI file an integer. */
const COUNTS = ['total_documents_found', 'total_documents_downloaded', 'total_pages_crawled']

/** What a result says twice, at its top and in its metadata. */
const REPEATED = ['total_pages_crawled', 'total_documents_found', 'errors', 'warnings'] as const

const EVIDENCE = /^(seed|vendor-docs|inferred)$/
const RATE_LIMIT = ['X-Rate-Limit-Remaining', 'X-Rate-Limit-Reset']

const document = load(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8')) as Document
const { schemas } = document.components
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
)
const responses = operations.flatMap(({ path, method, operation }) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    name: `${operation.operationId} ${status}`,
    pointer: pointer('paths', path, method, 'responses', status),
    operation,
    status,
    response,
  })),
)

const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'skop', ...document })

function pointer(...segments: readonly string[]): string {
  return segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** Every disagreement of a value with the schema at a pointer, one line each. */
function disagreements(value: unknown, at: string): string[] {
  const validate = ajv.getSchema(`skop#${encodeURI(at)}`)
  if (validate === undefined) return [`no schema at ${at}`]
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

function schema(name: string): Schema {
  const found = schemas[name]
  if (found === undefined) throw new Error(`no schema ${name}`)
  return found
}

/** The members of a schema as the page's tables give them: name and type, counts as the page types them. */
function fields(of: Schema): (string | undefined)[][] {
  return Object.entries(of.properties ?? {}).map(([name, property]) => {
    const { type } = property.$ref === undefined ? property : schema(property.$ref.split('/').at(-1) ?? '')
    return [name, type === 'integer' && COUNTS.includes(name) ? 'number' : String(type)]
  })
}

function findOperation(request: Golden['request']): (typeof operations)[number] {
  const found = operations.find(
    ({ path, method }) =>
      method === request.method.toLowerCase() &&
      new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(request.path),
  )
  if (found === undefined) throw new Error(`no operation for ${request.method} ${request.path}`)
  return found
}

/** What a result must hold that no schema can say; see the laws in the README. */
function expectCoherent(results: Results): void {
  const { documents, metadata } = results
  const found = results.total_documents_found
  expect(documents).toHaveLength(results.total_documents_downloaded)
  expect(documents.length).toBeLessThanOrEqual(found)
  expect(results.message).toMatch(new RegExp(`\\b${documents.length} document`))
  expect(results.success_rate).toBeCloseTo(found === 0 ? 0 : documents.length / found, 9)
  expect(results.cost).toBe(Math.round(documents.length * 18) / 100)
  expect(results.runtime_minutes).toBe(Math.round((results.total_runtime_seconds / 60) * 100) / 100)
  expect(results.has_errors).toBe(results.errors.length > 0)
  if (results.status === 'failed') expect(results.has_errors).toBe(true)

  expect(metadata.job_id).toBe(results.job_id)
  expect(metadata.completed_at !== null).toBe(['completed', 'failed', 'cancelled'].includes(results.status))
  const createdMs = Date.parse(metadata.created_at)
  const latestMs = createdMs + results.total_runtime_seconds * 1000
  if (metadata.completed_at !== null) expect(Date.parse(metadata.completed_at)).toBe(latestMs)
  for (const name of REPEATED) expect(metadata[name] ?? results[name], name).toEqual(results[name])
  expect(metadata.final_status ?? results.status).toBe(results.status)

  const { confidence_threshold: threshold = 0.1, max_file_size_mb: maxMb = 100 } = metadata.parameters
  for (const { confidence_score, file_size_mb, extracted_at } of documents) {
    expect(confidence_score).toBeGreaterThanOrEqual(threshold)
    expect(file_size_mb).toBeLessThanOrEqual(maxMb)
    expect(Date.parse(extracted_at)).toBeGreaterThanOrEqual(createdMs)
    expect(Date.parse(extracted_at)).toBeLessThanOrEqual(latestMs)
  }
}

describe('the document', () => {
  it('describes four operations', () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'get /scrape/results/{job_id}',
      'get /scrape/status/{job_id}',
      'post /scrape/',
      'delete /scrape/{job_id}',
    ])
  })

  it.each(operations)('says where $operation.operationId comes from', ({ operation }) => {
    expect(operation['x-evidence']).toMatch(EVIDENCE)
    expect(operation['x-source']).toMatch(/^https:\/\//)
  })

  it.each(responses)('says where $name comes from', ({ operation, response }) => {
    expect(response['x-evidence'] ?? operation['x-evidence']).toMatch(EVIDENCE)
    if (response['x-evidence'] !== undefined) expect(response['x-source']).toMatch(/^https:\/\//)
  })

  it('has the fields of the page for a result, in its order', () => {
    expect(fields(schema('JobResultsResponse'))).toEqual(RESULT_FIELDS)
    expect(fields(schema('ExtractedDocument'))).toEqual(DOCUMENT_FIELDS)
  })

  it('knows the five statuses and the pattern of an id', () => {
    expect(schema('JobStatus').enum).toEqual(['pending', 'in_progress', 'completed', 'failed', 'cancelled'])
    expect(schema('JobId').pattern).toBe('^job_[a-z0-9]+$')
  })

  it('says where each schema comes from', () => {
    for (const [name, { 'x-evidence': evidence, 'x-source': source }] of Object.entries(schemas)) {
      expect(evidence, name).toMatch(EVIDENCE)
      expect(source, name).toMatch(/^https:\/\//)
    }
  })

  it('requires what the page lists, and only that', () => {
    const inFull = ['JobResultsResponse', 'ExtractedDocument', 'JobStatusResponse', 'JobError']
    for (const name of [...inFull, 'JobCreateResponse', 'JobCancelResponse']) {
      expect(schema(name).required, name).toEqual(Object.keys(schema(name).properties ?? {}))
    }
    expect(schema('ErrorResponse').required).toEqual(['error', 'message', 'status_code', 'path', 'timestamp'])
    expect(schema('JobMetadata').required?.join()).toBe(
      'job_id,created_at,completed_at,original_website,original_prompt,parameters',
    )
    expect(Object.keys(schema('JobMetadata').properties ?? {})).toHaveLength(15)
  })

  it('writes null as a type', () => {
    expect(JSON.stringify(document)).not.toContain('"nullable":')
  })

  it('announces the rate limit on every success and on every 429', () => {
    for (const { name, response } of responses.filter(({ status }) => /^2..$|^429$/.test(status))) {
      expect(Object.keys(response.headers ?? {}), name).toEqual(RATE_LIMIT)
    }
  })

  it.each(responses)('has an example of $name that it accepts', ({ pointer: at, response }) => {
    const examples = Object.values(response.content['application/json'].examples ?? {})
    expect(examples).not.toEqual([])
    for (const { value } of examples) {
      expect(disagreements(value, `${at}/content/application~1json/schema`)).toEqual([])
    }
  })

  it('has an example of a result that agrees with itself', () => {
    const results = responses.find(({ name }) => name === 'getJobResults 200')?.response
    const examples = Object.values(results?.content['application/json'].examples ?? {})
    expect(examples).not.toEqual([])
    for (const { value } of examples) expectCoherent(value as Results)
  })
})

describe('the goldens', () => {
  const folder = new URL('golden/', import.meta.url)
  const goldens = readdirSync(folder).map((file) => ({
    file,
    golden: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden,
  }))

  it('show a result in each of the five statuses', () => {
    const results = goldens.filter(({ golden }) => golden.request.path.startsWith('/scrape/results/'))
    const shown = results.map(({ golden }) => (golden.response.body as Results).status)
    expect(schema('JobStatus').enum?.filter((status) => !shown.includes(status))).toEqual([])
  })

  it.each(goldens)('$file is an exchange that the document allows', ({ golden }) => {
    const { request, response } = golden
    const { path, method, operation } = findOperation(request)
    const at = pointer('paths', path, method)
    const answer = `${at}/responses/${response.status}`
    expect(disagreements(response.body, `${answer}/content/application~1json/schema`)).toEqual([])

    const documented = Object.keys(operation.responses[response.status]?.headers ?? {})
    const sent = Object.keys(response.headers).filter((name) => name !== 'Content-Type')
    expect(sent.filter((name) => !documented.includes(name))).toEqual([])
    for (const name of RATE_LIMIT) expect(response.headers[name] ?? '0').toMatch(/^\d+$/)

    if (operation.requestBody !== undefined) {
      const objections = disagreements(request.body, `${at}/requestBody/content/application~1json/schema`)
      expect(objections.length > 0).toBe(response.status === 400)
    }
    if (path.startsWith('/scrape/results/') && response.status === 200) {
      expectCoherent(response.body as Results)
    }
  })
})
