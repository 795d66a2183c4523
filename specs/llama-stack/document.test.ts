/**
 * Holds `openapi.yaml` to the reference page (`skeleton.json`), and its examples to it, under both profiles.
 * It says nothing about the mock: no module of `src/` and not `vendor.ts` is imported here.
 *
 * @module
 */
import { describe, expect, it } from 'vitest'
import type { Result } from './coherent.ts'
import { expectCoherent } from './coherent.ts'
import type { Content, Members, Response } from './documents.ts'
import {
  disagreements,
  findOperation,
  isObject,
  operationsOf,
  readText,
  resolve,
  responsesOf,
  spec,
  wire,
} from './documents.ts'

interface Skeleton {
  readonly method: string
  readonly path: string
  readonly parameters: readonly unknown[]
  readonly responses: Members<Content>
}

const EVIDENCE = /^(seed|vendor-docs|inferred)$/
const PROSE = /^(title|description|summary|examples?|x-.*)$/
const TITLES: Members<string> = { 400: 'Bad Request', 429: 'Too Many Requests', 500: 'Internal Server Error' }
const RUN = '/v1alpha/eval/benchmarks/open-benchmark::mmlu/jobs'

const readme = readText('README.md')
const skeleton = JSON.parse(readText('skeleton.json')) as Skeleton

/**
 * A value with references resolved, without prose and extensions. Keys of `properties` are names. Items of
 * which nothing is said are as good as none.
 */
function structureOf(value: unknown, keysAreNames = false): unknown {
  const target = keysAreNames ? value : resolve(spec, value)
  if (Array.isArray(target)) return target.map((item) => structureOf(item))
  if (!isObject(target)) return target
  return Object.fromEntries(
    Object.entries(target)
      .filter(([key]) => keysAreNames || !PROSE.test(key))
      .filter(([key, member]) => key !== 'items' || Object.keys(member as object).length > 0)
      .map(([key, member]) => [key, structureOf(member, !keysAreNames && key === 'properties')]),
  )
}

describe('the operation of the reference page', () => {
  const operation = findOperation(spec, skeleton.method, skeleton.path)

  it('has the parameters of the page and no other', () => {
    expect(operation.parameters.map((parameter) => structureOf(parameter))).toEqual(skeleton.parameters)
  })

  it.each(Object.entries(skeleton.responses))('answers %s as the page does', (status, published) => {
    const { headers = {}, ...rest } = structureOf(operation.responses[status]) as Response
    expect(rest).toEqual(published)
    // Ours, for the sake of clients that wait by it.
    const added = ['429', '500', 'default'].includes(status) ? ['Retry-After'] : []
    expect(Object.keys(headers)).toEqual(added)
  })

  it('has no answer that the page lacks', () => {
    expect(Object.keys(operation.responses)).toEqual(Object.keys(skeleton.responses))
  })
})

describe('the document', () => {
  it('has four operations, and each once more under the old prefix', () => {
    const listed = operationsOf(spec).map(({ id, method, path }) => `${id} ${method} ${path}`)
    const jobs = '/eval/benchmarks/{benchmark_id}/jobs'
    const current = [
      `getEvalJobResult get /v1alpha${jobs}/{job_id}/result`,
      `getEvalJobStatus get /v1alpha${jobs}/{job_id}`,
      `cancelEvalJob delete /v1alpha${jobs}/{job_id}`,
      `runEval post /v1alpha${jobs}`,
    ]
    const old = current.map((line) => line.replace(' ', 'V1 ').replace('/v1alpha', '/v1'))
    expect(listed).toEqual([...current, ...old])
    for (const { id, operation } of operationsOf(spec)) {
      const twin = operationsOf(spec).find((other) => other.id === id.replace('V1', ''))?.operation
      expect(operation['deprecated'] === true, id).toBe(id.endsWith('V1'))
      const { parameters, requestBody, responses } = operation
      expect(twin).toMatchObject({ parameters, responses, ...(requestBody ? { requestBody } : {}) })
    }
  })

  it.each(operationsOf(spec))('says where $id comes from', ({ operation }) => {
    expect(operation['x-evidence']).toMatch(EVIDENCE)
    expect(operation['x-source']).toMatch(/^https:\/\//)
  })

  it.each(['schemas', 'responses'])(
    'says of all %s where they come from, and the README lists it',
    (kind) => {
      for (const [name, part] of Object.entries(spec.components[kind] ?? {})) {
        expect(part['x-evidence'], name).toMatch(EVIDENCE)
        expect(readme, name).toContain(`(${part['x-source']})`)
      }
    },
  )

  it('closes every object that it describes but the configuration of an agent', () => {
    const open = Object.entries(spec.components['schemas'] ?? {})
      .filter(([, schema]) => schema['type'] === 'object' && schema['additionalProperties'] !== false)
      .map(([name]) => name)
    expect(open).toEqual(['Row', 'AgentConfig'])
  })

  it('knows the five statuses and the five aggregates', () => {
    const schemas = spec.components['schemas'] ?? {}
    const statuses = ['completed', 'in_progress', 'failed', 'scheduled', 'cancelled']
    expect(schemas['Job']).toMatchObject({ properties: { status: { enum: statuses } } })
    const aggregates = ['average', 'weighted_average', 'median', 'categorical_count', 'accuracy']
    expect(schemas['AggregationFunctions']).toMatchObject({ items: { enum: aggregates } })
  })

  it.each([
    ['spec', spec],
    ['wire', wire],
  ] as const)('shows answers that it accepts, under the profile %s', (profile, document) => {
    for (const { id, status, response } of responsesOf(document)) {
      const { schema, examples = {} } = response.content?.['application/json'] ?? {}
      if (response.content === undefined) expect(`${id} ${status}`).toMatch(/^cancelEvalJob(V1)? 20[04]$/)
      else expect(Object.keys(examples), `${id} ${status}`).not.toEqual([])
      for (const { value } of Object.values(examples)) {
        expect(disagreements(value, schema, profile), `${id} ${status}`).toEqual([])
        if (id === 'getEvalJobResult' && status === '200') expectCoherent(value as Result)
      }
    }
  })

  it('shows errors whose status and title are those of the answer', () => {
    for (const { status, response } of responsesOf(spec).filter((each) => each.status in TITLES)) {
      for (const { value } of Object.values(response.content?.['application/json']?.examples ?? {})) {
        expect(value).toMatchObject({ status: Number(status), title: TITLES[status] })
      }
    }
  })

  it('shows bodies of requests that it accepts', () => {
    const { content } = resolve(spec, findOperation(spec, 'post', RUN).requestBody) as Content
    const { schema, examples = {} } = content?.['application/json'] ?? {}
    expect(Object.keys(examples)).toEqual(['equality', 'judge', 'agent'])
    for (const { value } of Object.values(examples)) expect(disagreements(value, schema)).toEqual([])
  })
})
