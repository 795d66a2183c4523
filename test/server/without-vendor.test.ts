/**
 * Jobs of an API that is nothing but a document and a job contract: its answers are drawn for their schemas,
 * and say the same of a job wherever they say it.
 */
import { describe, expect, it } from 'vitest'
import { generateFixture } from '../../src/generator/generate-fixture.ts'
import { inferRecipe } from '../../src/generator/infer-recipe.ts'
import { readJobContract } from '../../src/job-contract/read-job-contract.ts'
import { rowSchemaOf } from '../../src/job-contract/row-schema.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { apiOf, assembled } from '../assembled.ts'
import { worldIn } from '../worlds.ts'

const body = (schema: Json): JsonObject => ({ description: 'd', content: { 'application/json': { schema } } })
const Batch = {
  type: 'object',
  required: ['id', 'phase', 'depot', 'asked'],
  properties: {
    id: { type: 'string', format: 'uuid' },
    phase: { enum: ['waiting', 'sorting', 'sorted', 'halted', 'broken'] },
    depot: { type: 'string', minLength: 2, maxLength: 40 },
    asked: { type: 'string' },
    priority: { type: 'integer', minimum: 1, maximum: 5 },
  },
}
const Row = {
  type: 'object',
  required: ['id', 'weight'],
  properties: { id: { type: 'string', format: 'uuid' }, weight: { type: 'number', minimum: 1, maximum: 9 } },
}
const batch = { $ref: '#/components/schemas/Batch' }
const id = { name: 'batch', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }
const limit = { name: 'limit', in: 'query', schema: { type: 'integer', default: 20 } }
const page = { name: 'page', in: 'query', schema: { type: 'integer', minimum: 1 } }
const note = { name: 'note', in: 'query', schema: { type: 'string', default: 'none' } }
const asked = { Link: { required: true, schema: { type: 'string', format: 'uri' } } }

const document: JsonObject = {
  components: { schemas: { Batch, Row } },
  paths: {
    '/batches': {
      post: {
        operationId: 'start',
        requestBody: {
          ...{ required: true },
          content: {
            'application/json': { schema: { type: 'object', properties: { depot: { type: 'string' } } } },
          },
        },
        responses: { 202: { ...body(batch), headers: asked } },
      },
    },
    '/batches/{batch}': {
      parameters: [id],
      get: {
        operationId: 'look',
        parameters: [note],
        responses: { '2XX': body(batch), 404: { description: 'no' } },
      },
      delete: {
        operationId: 'halt',
        responses: { 204: { description: 'halted' }, 409: { description: 'no' } },
      },
    },
    '/batches/{batch}/rows': {
      parameters: [id],
      get: {
        operationId: 'rows',
        parameters: [limit, page, note],
        responses: {
          200: body({
            type: 'object',
            required: ['list', 'total', 'more', 'asked'],
            properties: {
              list: { type: 'array', items: { $ref: '#/components/schemas/Row' } },
              total: { type: 'integer' },
              more: { type: 'boolean' },
              asked: { type: 'string' },
            },
          }),
        },
      },
    },
  },
}

const views = { job: 'batch', id: '/id', state: '/phase', echoes: { '/asked': 'note' } }
const contractData: JsonObject = {
  api: 'parcels',
  states: {
    queued: 'waiting',
    running: 'sorting',
    succeeded: 'sorted',
    failed: 'broken',
    cancelled: 'halted',
  },
  operations: {
    start: { role: 'create', id: '/id', state: '/phase' },
    look: { role: 'status', ...views },
    halt: { role: 'cancel', job: 'batch' },
    rows: {
      role: 'results',
      job: 'batch',
      echoes: { '/asked': 'note' },
      rows: { at: '/list', id: 'id', total: '/total', more: '/more', limit: 'limit', page: 'page' },
    },
  },
}

async function served() {
  const plain = apiOf('parcels', document)
  const contract = readJobContract(contractData, plain.document, (pointer) => pointer)
  const recipe = inferRecipe(plain.document.json, rowSchemaOf(plain.document, contract, 'rows'), true, [
    'anchor',
  ])
  const request = { contract, recipe, seed: 1, source: 's', extraJobs: 0, manyRows: null }
  const { fetch, server, reports } = await assembled([
    { ...plain, contract, fixture: generateFixture(request) },
  ])
  const json = async (path: string, init?: RequestInit): Promise<JsonObject> => {
    const response = await fetch(path, init)
    if (!response.ok)
      throw new Error(`${response.status} ${path}: ${await response.text()} ${reports[0]?.[1]}`)
    return (await response.json()) as JsonObject
  }
  const named = worldIn(server).jobs.named(0)
  const idOf = (name: string): string => named.find(({ job }) => job.name === name)?.job.id ?? ''
  return { fetch, json, idOf }
}

describe('an API without a vendor', () => {
  it('tells what a job was asked to do, and says the same of it in each operation', async () => {
    const { fetch, json } = await served()
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"depot":"North"}',
    }
    const response = await fetch('/batches', init)
    expect([response.status, response.headers.get('link')]).toEqual([202, expect.stringMatching(/^https:/)])
    const made = (await response.json()) as JsonObject
    expect(made).toMatchObject({ phase: 'waiting', depot: 'North', priority: expect.any(Number) })
    expect(await json(`/batches/${String(made['id'])}`)).toEqual({ ...made, asked: 'none' })
  })

  it('tells nothing that its document would refuse', async () => {
    const { json } = await served()
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const { depot } = await json('/batches', { ...init, body: JSON.stringify({ depot: 'x' }) })
    expect(String(depot).length).toBeGreaterThan(1)
  })

  it('repeats what each request asked, never what another did', async () => {
    const { json, idOf } = await served()
    const path = `/batches/${idOf('succeeded')}/rows`
    const first = await json(`${path}?note=first`)
    for (let turn = 0; turn < 3; turn += 1) {
      for (const text of ['first', 'second', '\u{F0000}rows\u{F0000}']) {
        expect(await json(`${path}?note=${encodeURIComponent(text)}`)).toEqual({ ...first, asked: text })
      }
      expect(await json(path)).toEqual({ ...first, asked: 'none' })
    }
  })

  it('pages through rows that its document describes, with a true total', async () => {
    const { json, idOf } = await served()
    const path = `/batches/${idOf('many-pages')}/rows`
    const ids: Json[] = []
    for (let number = 1; ; number += 1) {
      const { list, total, more } = await json(`${path}?limit=50&page=${number}`)
      expect(total).toBe(321)
      for (const row of list as readonly JsonObject[]) {
        expect(Number(row['weight']) >= 1 && Number(row['weight']) <= 9).toBe(true)
        ids.push(row['id'] ?? null)
      }
      if (more !== true) break
    }
    expect([ids.length, new Set(ids).size]).toEqual([321, 321])
  })

  it('never puts more rows on a page than memory bears, and says that more follow', async () => {
    const { json, idOf } = await served()
    const path = `/batches/${idOf('huge')}/rows`
    const { list, total, more } = await json(`${path}?limit=9000000`)
    expect([(list as Json[]).length, total, more]).toEqual([10_000, 10_000_000, true])
    const next = await json(`${path}?limit=9000000&page=2`)
    expect((next['list'] as JsonObject[])[0]).not.toEqual((list as JsonObject[])[0])
  })

  it('sends nothing where nothing is documented', async () => {
    const { fetch, json, idOf } = await served()
    const path = `/batches/${idOf('running')}`
    const response = await fetch(path, { method: 'DELETE' })
    expect([response.status, await response.text(), response.headers.has('content-type')]).toEqual([
      204,
      '',
      false,
    ])
    expect(await json(path)).toMatchObject({ phase: 'halted' })
    expect((await fetch(path, { method: 'DELETE' })).status).toBe(409)
  })
})
