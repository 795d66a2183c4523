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

type Part = Members & Partial<Readonly<Record<'x-evidence' | 'x-source', string>>>

interface Schema extends Part {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly required?: readonly string[]
  readonly properties?: Members<Schema>
}

interface Content {
  readonly content: Members<{ readonly schema: Schema; readonly examples?: Members<{ value: unknown }> }>
}

type Response = Part & Content & { readonly headers?: Members }

interface Operation extends Part {
  readonly operationId: string
  readonly parameters: readonly (Part & { readonly name?: string; readonly schema?: Schema })[]
  readonly requestBody?: Content
  readonly responses: Members<Response>
}

interface Document {
  readonly paths: Members<Members<Operation>>
  readonly security: readonly Members[]
  readonly components: { readonly schemas: Members<Schema>; readonly securitySchemes: Members<Members> }
}

interface Job extends Members {
  readonly status: string
}

interface Golden extends Readonly<Record<'source' | 'note', string>> {
  readonly request: Readonly<Record<'method' | 'path', string>> &
    Partial<Readonly<Record<'query', string>>> & {
      readonly headers: Members<string>
      readonly body?: unknown
    }
  readonly response: { readonly status: number; readonly headers: Members<string>; readonly body: unknown }
}

/** What the page requires, and what it only lists, in its order; null is ours for `result` and `progress`. */
const REQUIRED =
  'id: string, project_id: string, operation: JobOperation, status: JobStatus, created_at: date-time'
const LISTED =
  'object: string, source_id: string or null, correlation_id: string or null, ' +
  'started_at: date-time or null, completed_at: date-time or null, result: object or null, ' +
  'progress: BatchParseProgress or null, error: string or null, history: array or null'
const STATUSES = 'pending running succeeded partially_succeeded failed cancelled'.split(' ')
const ENDED = STATUSES.slice(2)
const OPERATIONS =
  'parse batch_parse extract research vector_store chunk summarization create_index update_index'.split(' ')

/** What the page's example holds below `progress`, one of `child_jobs` and one of `history`. */
const NESTED: Members<string> = {
  BatchParseProgress: 'total succeeded failed cancelled pending child_jobs',
  BatchParseChildJob: 'source_document_id job_id status parse_result_id error',
  JobHistoryEvent: 'step timestamp duration_ms status details',
}

const COUNTED = ['succeeded', 'failed', 'cancelled', 'pending'] as const
const EVIDENCE = /^(seed|vendor-docs|inferred)$/
const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const readme = readText('README.md')
const document = load(readText('openapi.yaml')) as Document
const { schemas, securitySchemes } = document.components

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ id: operation.operationId, path, method, operation })),
)
const responses = operations.flatMap(({ id, operation }) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    ...{ id, status, operation },
    response: resolve(response) as Response,
  })),
)

const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'scale-dex', ...document })

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a local reference names; any other value is itself. */
function resolve(value: unknown): unknown {
  if (!isObject(value) || typeof value['$ref'] !== 'string') return value
  let found: unknown = document
  for (const name of value['$ref'].split('/').slice(1)) found = isObject(found) ? found[name] : undefined
  if (found === undefined) throw new Error(`${value['$ref']} names nothing`)
  return found
}

/** Every disagreement of a value with a schema of the document, one line each. */
function disagreements(value: unknown, schema: Schema | undefined): string[] {
  if (schema === undefined) return ['no schema']
  const text = JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"scale-dex#')
  const validate = ajv.compile(JSON.parse(text) as object)
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

/** A schema as the page names it. */
function typeName(of: Schema): string {
  if (of.$ref !== undefined) return of.$ref.split('/').at(-1) ?? ''
  const alternatives = of['anyOf'] as readonly Schema[] | undefined
  if (alternatives !== undefined) return alternatives.map(typeName).join(' or ')
  const types = [of.type ?? []].flat()
  return types.map((type) => (type === 'string' ? String(of['format'] ?? type) : type)).join(' or ')
}

function findOperation({ method, path }: Golden['request']): Operation {
  const found = operations.find(
    (candidate) =>
      candidate.method === method.toLowerCase() &&
      new RegExp(`^${candidate.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  if (found === undefined) throw new Error(`no operation for ${method} ${path}`)
  return found.operation
}

/** Every part of a value that says where it comes from. */
function attributedParts(value: unknown): Part[] {
  if (Array.isArray(value)) return value.flatMap(attributedParts)
  if (!isObject(value)) return []
  const own = 'x-evidence' in value || 'x-source' in value ? [value as Part] : []
  return [...own, ...Object.values(value).flatMap(attributedParts)]
}

/** Every job in an answer: the answer itself or the items of its list. */
function jobsIn(body: unknown): readonly Job[] {
  const { items, detail } = body as { readonly items?: readonly Job[]; readonly detail?: unknown }
  return items ?? (detail === undefined ? [body as Job] : [])
}

/** What a job must hold that no schema can say; see the laws in the README. */
function expectCoherent(job: Job): void {
  const { status, progress } = job
  const has = (name: string): boolean => (job[name] ?? null) !== null
  if ('completed_at' in job) expect(has('completed_at')).toBe(ENDED.includes(status))
  if (status === 'pending') expect(has('started_at')).toBe(false)
  expect(has('error')).toBe(status === 'failed')
  if ('result' in job) expect(has('result')).toBe(/succeeded$/.test(status))
  const steps = (job['history'] ?? []) as readonly Members[]
  const stamps = steps.map(({ timestamp }) => timestamp)
  const { created_at: created, started_at: started, completed_at: completed } = job
  for (const series of [
    [created, started, completed],
    [created, ...stamps, completed],
  ]) {
    const times = series.filter(Boolean).map((text) => Date.parse(String(text)))
    expect(times).toEqual([...times].sort((a, b) => a - b))
  }
  if (steps.length > 0) expect(steps.at(-1)?.['status']).toBe(status)
  if (progress != null) expectCounted(progress as Members)
}

function expectCounted(progress: Members): void {
  const children = progress['child_jobs'] as readonly Members[]
  const running = children.filter((child) => child['status'] === 'running').length
  const sum = COUNTED.reduce((soFar, name) => soFar + Number(progress[name]), running)
  expect(sum).toBe(progress['total'])
  expect(children.length).toBeLessThanOrEqual(sum)
  expect(new Set(children.map((child) => child['job_id'])).size).toBe(children.length)
  for (const { status, parse_result_id, error } of children) {
    expect([parse_result_id !== null, error !== null]).toEqual([status === 'succeeded', status === 'failed'])
  }
}

describe('the document', () => {
  it('describes five operations', () => {
    const base = '/v1/projects/{project_id}'
    expect(operations.map(({ method, path }) => `${method} ${path.replace(base, '')}`).join(', ')).toBe(
      'get /jobs/{job_id}, get /jobs, post /jobs/{job_id}/cancel, post /parse, post /parse/batch',
    )
  })

  it('has the members of the page for a job, in its order', () => {
    const { properties = {}, required } = schemas['Job'] ?? {}
    const members = Object.entries(properties).map(([name, schema]) => `${name}: ${typeName(schema)}`)
    expect(members).toEqual(`${REQUIRED}, ${LISTED}`.split(', '))
    expect(required).toEqual(REQUIRED.split(', ').map((member) => member.split(':')[0]))
    expect(properties['object']).toMatchObject({ const: 'job', default: 'job' })
  })

  it('knows the six states and nine operations of the page', () => {
    expect(schemas['JobStatus']?.enum).toEqual(STATUSES)
    expect(schemas['JobOperation']?.enum).toEqual(OPERATIONS)
  })

  it.each(Object.entries(NESTED))('has the members of the page for a %s', (name, members) => {
    expect(Object.keys(schemas[name]?.properties ?? {}).join(' ')).toBe(members)
  })

  it('wants both headers of the page at once', () => {
    expect(document.security).toEqual([{ ApiKey: [], AccountId: [] }])
    const headers = Object.values(securitySchemes).map(({ in: place, name }) => `${place} ${name}`)
    expect(headers).toEqual(['header x-api-key', 'header x-selected-account-id'])
  })

  it('has the query of the list that the vendor documents', () => {
    const names = operations[1]?.operation.parameters.flatMap(({ name }) => name ?? [])
    expect(names?.join(' ')).toBe(
      'ids created_at_start created_at_end completed_at_start completed_at_end status operation ' +
        'page_size sort_by sort_order continuation_token',
    )
  })

  it('gives no form to ids, since the page gives none', () => {
    expect(JSON.stringify(document)).not.toMatch(/"(nullable|pattern)":|"format":"uuid"/)
  })

  it('has one vocabulary of evidence, a source for each part and a README that lists it', () => {
    const parts = attributedParts(document)
    expect(parts.filter((part) => !EVIDENCE.test(part['x-evidence'] ?? ''))).toEqual([])
    for (const name of Object.keys(schemas)) expect(parts, name).toContain(schemas[name])
    for (const { operation, response } of responses) {
      expect(parts).toContain(operation)
      expect(response['x-evidence'] ?? operation['x-evidence']).toMatch(EVIDENCE)
    }
    const sources = new Set(parts.flatMap((part) => part['x-source'] ?? []))
    expect([...sources].filter((source) => !readme.includes(`(${source})`))).toEqual([])
  })

  it('refuses by the same three answers everywhere, and an ended job at cancelling', () => {
    for (const { id, operation } of operations) {
      const refusals = Object.keys(operation.responses).filter((status) => status >= '400')
      expect(refusals.join(' '), id).toBe(id === 'cancelJob' ? '401 404 409 422' : '401 404 422')
    }
  })

  it.each(responses)('shows an answer $status of $id that it accepts', ({ response, operation }) => {
    const { schema, examples = {} } = response.content['application/json'] ?? {}
    expect(Object.keys(examples)).not.toEqual([])
    for (const { value } of Object.values(examples)) {
      expect(disagreements(value, schema)).toEqual([])
      for (const job of jobsIn(value)) expectCoherent(job)
    }
    const asked = operation.requestBody?.content['application/json']
    const bodies = Object.values(asked?.examples ?? {}).map(({ value }) => value)
    expect(bodies.flatMap((body) => disagreements(body, asked?.schema))).toEqual([])
  })
})

describe('the goldens', () => {
  const folder = new URL('golden/', import.meta.url)
  const goldens = readdirSync(folder).map((file) => ({
    file,
    golden: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden,
  }))

  it('show a job in each state and of each operation, and every documented refusal', () => {
    const jobs = goldens.flatMap(({ golden }) => jobsIn(golden.response.body))
    expect(STATUSES.filter((status) => jobs.every((job) => job.status !== status))).toEqual([])
    expect(OPERATIONS.filter((name) => jobs.every((job) => job['operation'] !== name))).toEqual([])
    const shown = new Set(goldens.map(({ golden }) => `${golden.response.status}`))
    expect(
      [...new Set(responses.map(({ status }) => status))].filter((status) => !shown.has(status)),
    ).toEqual([])
  })

  it.each(goldens)('$file is an exchange that the document allows', ({ golden }) => {
    const { request, response, source, note } = golden
    const operation = findOperation(request)
    const documented = resolve(operation.responses[response.status]) as Response
    const { 'Content-Type': mediaType = '', ...others } = response.headers
    expect(disagreements(response.body, documented.content[mediaType]?.schema)).toEqual([])
    expect(Object.keys(others)).toEqual(Object.keys(documented.headers ?? {}))
    for (const job of jobsIn(response.body)) {
      expectCoherent(job)
      expect(request.path).toContain(String(job['project_id']))
    }
    const known = operation.parameters.map((parameter) => (resolve(parameter) as { name: string }).name)
    const asked = [...new URLSearchParams(request.query).keys()]
    expect(asked.filter((name) => !known.includes(name))).toEqual([])
    if (operation.requestBody !== undefined) {
      const { schema } = operation.requestBody.content['application/json'] ?? {}
      expect(disagreements(request.body, schema).length > 0).toBe(response.status === 422)
    }
    expect(Object.keys(request.headers).length >= 2).toBe(response.status !== 401)
    expect(readme).toContain(`(${source})`)
    expect(note).not.toBe('')
  })
})
