/**
 * Holds `openapi.yaml` to the vendor's page (`skeleton.json`), and examples and goldens to `openapi.yaml`.
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

interface Reference {
  readonly $ref: string
}

type Schema = Reference | Members

interface Part extends Members {
  readonly 'x-evidence'?: string
  readonly 'x-source'?: string
}

interface Content {
  readonly content: Members<{ readonly schema: Schema; readonly examples?: Members<{ value: unknown }> }>
}

interface Response extends Part, Content {
  readonly headers?: Members
}

interface Parameter extends Part {
  readonly name: string
  readonly schema: Schema
  readonly example?: unknown
}

interface Operation extends Part {
  readonly operationId: string
  readonly parameters: readonly (Parameter | Reference)[]
  readonly requestBody?: Content
  readonly responses: Members<Response | Reference>
}

interface Document {
  readonly paths: Members<Members<Operation>>
  readonly components: Members
}

interface Skeleton {
  readonly method: string
  readonly path: string
  readonly parameters: readonly { readonly name: string }[]
  readonly responses: Members
}

interface Golden {
  readonly source: string
  readonly note: string
  readonly request: { readonly method: string; readonly path: string; readonly query?: string }
  readonly response: { readonly status: number; readonly headers: Members<string>; readonly body: unknown }
}

const EVIDENCE = /^(seed|vendor-docs|inferred)$/
const PROSE = /^(title|description|summary|examples?|x-.*)$/
const ROW: Schema = { $ref: '#/components/schemas/JobResult' }

const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
const readme = readText('README.md')
const document = load(readText('openapi.yaml')) as Document
const skeleton = JSON.parse(readText('skeleton.json')) as Skeleton

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ id: operation.operationId, path, method, operation })),
)
const responses = operations.flatMap(({ id, operation }) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    id,
    status,
    operation,
    response: resolve(response) as Response,
  })),
)

const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema({ $id: 'deepset', ...document })

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a local reference names; any other value is itself. */
function resolve(value: unknown): unknown {
  if (!isObject(value) || typeof value['$ref'] !== 'string') return value
  let found: unknown = document
  for (const name of value['$ref'].split('/').slice(1)) found = isObject(found) ? found[name] : undefined
  if (found === undefined) throw new Error(`${value['$ref']} names nothing`)
  return resolve(found)
}

/** A value with references resolved, without prose and extensions. Keys of `properties` are names. */
function structureOf(value: unknown, keysAreNames = false): unknown {
  const target = keysAreNames ? value : resolve(value)
  if (Array.isArray(target)) return target.map((item) => structureOf(item))
  if (!isObject(target)) return target
  return Object.fromEntries(
    Object.entries(target)
      .filter(([key]) => keysAreNames || !PROSE.test(key))
      .map(([key, member]) => [key, structureOf(member, !keysAreNames && key === 'properties')]),
  )
}

/** Every disagreement of a value with a schema of the document, one line each. */
function disagreements(value: unknown, schema: Schema | undefined): string[] {
  if (schema === undefined) return ['no schema']
  const validate = ajv.compile('$ref' in schema ? { $ref: `deepset${schema.$ref}` } : schema)
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

function findOperation(method: string, path: string): Operation {
  const found = operations.find(
    (candidate) =>
      candidate.method === method.toLowerCase() &&
      new RegExp(`^${candidate.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  if (found === undefined) throw new Error(`no operation for ${method} ${path}`)
  return found.operation
}

function findResponse(operation: Operation, status: string): Response {
  return resolve(operation.responses[status]) as Response
}

/** Every part of a value that says where it comes from. */
function attributedParts(value: unknown): Part[] {
  if (Array.isArray(value)) return value.flatMap(attributedParts)
  if (!isObject(value)) return []
  const own = 'x-evidence' in value || 'x-source' in value ? [value as Part] : []
  return [...own, ...Object.values(value).flatMap(attributedParts)]
}

/** The document's list accepts any object; a page without `select` is held to the row itself. */
function expectRows(page: unknown): void {
  const { data } = page as { data: readonly unknown[] }
  for (const row of data) {
    expect(disagreements(row, ROW)).toEqual([])
  }
}

describe('the operation of the vendor page', () => {
  const operation = findOperation(skeleton.method, skeleton.path)
  const described = new Map(
    operation.parameters.map((parameter) => {
      const structure = structureOf(parameter) as Parameter
      return [structure.name, structure]
    }),
  )

  it('has the parameters of the page and no other', () => {
    expect([...described.keys()].sort()).toEqual(skeleton.parameters.map(({ name }) => name).sort())
    expect(described.size).toBe(10)
  })

  it.each(skeleton.parameters)('describes $name as the page does', (parameter) => {
    expect(described.get(parameter.name)).toEqual(parameter)
  })

  it.each(Object.entries(skeleton.responses))(
    'describes its answer %s as the page does',
    (status, published) => {
      expect(structureOf(operation.responses[status])).toEqual(published)
    },
  )

  it('calls only published answers published', () => {
    const byPage = Object.keys(operation.responses).filter(
      (status) => (findResponse(operation, status)['x-evidence'] ?? operation['x-evidence']) === 'seed',
    )
    expect(byPage).toEqual(Object.keys(skeleton.responses))
  })
})

describe('the document', () => {
  it.each(operations)('says where $id comes from', ({ operation }) => {
    expect(operation['x-evidence']).toMatch(EVIDENCE)
    expect(operation['x-source']).toMatch(/^https:\/\//)
  })

  it.each(responses)('says where the answer $status of $id comes from', ({ operation, response }) => {
    expect(response['x-evidence'] ?? operation['x-evidence']).toMatch(EVIDENCE)
  })

  it('has one vocabulary of evidence and a README that lists every source', () => {
    const parts = attributedParts(document)
    expect(parts.filter((part) => !EVIDENCE.test(part['x-evidence'] ?? ''))).toEqual([])
    const sources = new Set(parts.flatMap((part) => part['x-source'] ?? []))
    expect([...sources].filter((source) => !readme.includes(`(${source})`))).toEqual([])
  })

  it.each(responses)('shows an answer $status of $id that it accepts', ({ response }) => {
    const { schema, examples = {} } = response.content['application/json'] ?? {}
    expect(Object.keys(examples)).not.toEqual([])
    for (const { value } of Object.values(examples)) expect(disagreements(value, schema)).toEqual([])
  })

  it.each(operations)('shows parameters and bodies of $id that it accepts', ({ operation }) => {
    for (const parameter of operation.parameters) {
      const { name, schema, example } = resolve(parameter) as Parameter
      if (example !== undefined) expect(disagreements(example, schema), name).toEqual([])
    }
    const { schema, examples = {} } = operation.requestBody?.content['application/json'] ?? {}
    for (const { value } of Object.values(examples)) expect(disagreements(value, schema)).toEqual([])
  })

  it('shows rows that the schema of a row accepts', () => {
    const page = findResponse(findOperation(skeleton.method, skeleton.path), '200')
    expectRows(page.content['application/json']?.examples?.['page']?.value)
  })
})

describe('the goldens', () => {
  const folder = new URL('golden/', import.meta.url)
  const goldens = readdirSync(folder).map((file) => ({
    file,
    golden: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden,
  }))

  it.each(goldens)('$file is an exchange that the document allows', ({ golden: { request, response } }) => {
    const documented = findResponse(findOperation(request.method, request.path), String(response.status))
    const { 'Content-Type': mediaType = '', ...others } = response.headers
    expect(disagreements(response.body, documented.content[mediaType]?.schema)).toEqual([])
    expect(Object.keys(others)).toEqual(Object.keys(documented.headers ?? {}))

    const selects = new URLSearchParams(request.query).has('select')
    if (response.status === 200 && !selects) expectRows(response.body)
  })

  it.each(goldens)('$file names its source', ({ golden: { source, note } }) => {
    expect(readme).toContain(`(${source})`)
    expect(note).not.toBe('')
  })

  it('show every answer that the results operation has', () => {
    const shown = new Set(goldens.map(({ golden }) => String(golden.response.status)))
    expect([...shown].sort()).toEqual(
      Object.keys(findOperation(skeleton.method, skeleton.path).responses).sort(),
    )
  })

  it('would not pass with a member missing or of another type', () => {
    const page = goldens.find(({ file }) => file === 'first-page.json')?.golden.response.body
    const [row] = (page as { data: readonly Members[] }).data
    const { answer: _, ...unanswered } = row ?? {}
    expect(disagreements(unanswered, ROW)).toEqual([" must have required property 'answer'"])
    expect(disagreements({ ...row, query_index: '0' }, ROW)).toContain('/query_index must be integer')
    expect(disagreements({ ...row, job_result_id: 'zz' }, ROW)).toEqual([
      '/job_result_id must match format "uuid"',
    ])
  })
})
