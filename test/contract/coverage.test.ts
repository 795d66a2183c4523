import { describe, expect, it } from 'vitest'
import type { Dimension, Facet } from '../../src/contract/coverage/coverage.ts'
import { DIMENSIONS, ratioOf } from '../../src/contract/coverage/coverage.ts'
import { unseenOf } from '../../src/contract/coverage/summary.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { Json } from '../../src/model/json.ts'
import { judgeBody } from './acme/answer.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'
import { judgeAnswer } from './raw-answer.ts'

const TEXT = { type: 'string' }
const OPTIONS = { baseUrl: 'http://acme.test', allowWrites: true, seed: 7 }

/** The facets of one operation and dimension by name, as `seen of allowed`. */
function facets({ coverage }: Verdict, id: string, dimension: Exclude<Dimension, 'operations'>): object {
  const own = coverage.operations.find(({ operationId }) => operationId === id)?.[dimension] ?? []
  return Object.fromEntries(own.map(({ name, allowed, seen }: Facet) => [name, [seen, allowed]]))
}

const nodes = async (body: Json, schema: Json, schemas: Json = {}): Promise<object> =>
  facets(await judgeBody(body, schema, [], schemas), 'read', 'nodes')

const rows = (url: string, status = 200, body: Json = { error: 'x' }): Exchange => ({
  operationId: null,
  request: { method: 'GET', url, headers: {}, body: null },
  response: { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  purpose: 'test',
})

describe('coverage of schema nodes', () => {
  it('tells members that came from those that were left out, null or empty', async () => {
    const schema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: ['string', 'null'] },
        b: { type: 'array', items: { type: 'integer' } },
        c: { type: 'string' },
        d: { type: 'boolean', writeOnly: true },
      },
    }
    expect(await nodes({ a: null, b: [] }, schema)).toEqual({
      '200': [['present'], ['present']],
      '200 /a': [['null'], ['present', 'null']],
      '200 /b': [
        ['present', 'empty'],
        ['present', 'absent', 'empty'],
      ],
      '200 /b/[]': [[], ['present']],
      '200 /c': [['absent'], ['present', 'absent']],
    })
  })

  it('tells them of the items of a stream, too', async () => {
    const itemSchema = { type: 'object', required: ['data'], properties: { data: TEXT, event: TEXT } }
    const media: Json = { itemSchema }
    const content = { 'text/event-stream': media }
    const answers = { '200': { description: 'a', content } }
    const body = 'event: a\ndata: 1\n\ndata: 2\n\n'
    const verdict = judgeAnswer('3.2', answers, { type: 'text/event-stream', body })
    expect(facets(verdict, verdict.coverage.operations[0]?.operationId ?? '', 'nodes')).toEqual({
      '200 /[]': [['present'], ['present']],
      '200 /[]/data': [['present'], ['present']],
      '200 /[]/event': [
        ['present', 'absent'],
        ['present', 'absent'],
      ],
    })
  })

  it('tells values of enumerations and branches of unions', async () => {
    const schemas = {
      Cat: { type: 'object', required: ['paws'], properties: { paws: { type: 'integer' } } },
      Fish: { type: 'object', required: ['fins'], properties: { fins: { enum: [2, 4, '4'] } } },
    }
    const schema = {
      type: 'array',
      items: {
        oneOf: [
          { $ref: '#/components/schemas/Cat' },
          { $ref: '#/components/schemas/Fish' },
          { type: 'null' },
        ],
      },
    }
    const seen = await nodes([{ fins: 4 }, null, true], schema, schemas)
    expect(seen).toMatchObject({
      '200 /[]': [
        ['present', 'null', 'branch Fish'],
        ['present', 'null', 'branch Cat', 'branch Fish'],
      ],
      '200 /[]/paws': [['absent'], ['present', 'absent']],
      '200 /[]/fins': [
        ['present', '=4'],
        ['present', 'absent', '=2', '=4', '="4"'],
      ],
    })
  })

  it('ends on schemas that hold themselves, and on very large ones', async () => {
    const schemas = {
      Tree: {
        type: 'object',
        properties: { next: { $ref: '#/components/schemas/Tree' }, n: { type: 'integer' } },
      },
    }
    const tree = { next: { next: { n: 1 } } }
    expect(await nodes(tree, { $ref: '#/components/schemas/Tree' }, schemas)).toEqual({
      '200': [['present'], ['present']],
      '200 /next': [['present'], ['present', 'absent']],
      '200 /n': [['absent'], ['present', 'absent']],
    })
    const wide = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`m${at}`, { type: 'null' }]))
    expect(Object.keys(await nodes({}, { type: 'object', properties: wide })).length).toBeLessThanOrEqual(
      1_000,
    )
  })

  it('sees the last item of a long list', async () => {
    const items = Array.from({ length: 300 }, (_, at) => (at === 299 ? { last: true } : {}))
    const schema = { type: 'array', items: { type: 'object', properties: { last: { type: 'boolean' } } } }
    expect(await nodes(items, schema)).toMatchObject({
      '200 /[]/last': [
        ['present', 'absent', '=true'],
        ['present', 'absent', '=true', '=false'],
      ],
    })
  })
})

describe('coverage of parameters, statuses and media types', () => {
  const id = '10000000-0000-4000-8000-000000000001'
  const judge = (...exchanges: Exchange[]): Promise<Verdict> => checkExchanges(readSubject(), exchanges)

  it('tells defaults, bounds, enumerations and what is forbidden apart', async () => {
    const verdict = await judge(
      rows(`/jobs/${id}/rows?limit=20&sort=name`, 422),
      rows(`/jobs/${id}/rows?limit=21&page=3`, 422),
      rows(`/jobs/${id}/rows?order=up&sort=nothing`, 422),
    )
    expect(facets(verdict, 'readRows', 'parameters')).toMatchObject({
      'path job_id': [['given'], ['given', 'invalid']],
      'query limit': [
        ['default', 'maximum', 'given', 'invalid'],
        ['default', 'minimum', 'maximum', 'given', 'invalid'],
      ],
      'query page': [
        ['omitted', 'given'],
        ['omitted', 'minimum', 'given', 'invalid'],
      ],
      'query sort': [
        ['default', '=name', 'given', 'invalid'],
        ['default', '=position', '=name', '=weight', '=made_at', 'given', 'invalid'],
      ],
      'query order': [
        ['default', '=up', 'given'],
        ['default', '=up', '=down', 'given', 'invalid'],
      ],
    })
    expect(facets(verdict, 'readRows', 'statuses')).toEqual({
      '200': [[], ['200']],
      '401': [[], ['401']],
      '404': [[], ['404']],
      '422': [['422'], ['422']],
    })
    expect(facets(verdict, 'readRows', 'mediaTypes')).toMatchObject({
      '200': [[], ['application/json']],
      '422': [['application/json'], ['application/json']],
    })
  })

  it('learns nothing of parameters from answers to who may not ask', async () => {
    const verdict = await judge(
      rows(`/jobs/${id}/rows?limit=20`, 401),
      rows(`/jobs/${id}/rows?limit=20`, 429),
    )
    expect(facets(verdict, 'readRows', 'parameters')).toMatchObject({
      'query limit': [[], expect.anything()],
    })
  })
})

describe('the coverage of a run', () => {
  it('is measured in every dimension, and says what is documented and was never seen', async () => {
    const { coverage } = await checkTarget(readSubject(), createServer(), OPTIONS)
    expect(Object.keys(coverage.ratios)).toEqual(DIMENSIONS)
    expect(coverage.ratios.operations).toEqual({ allowed: 4, seen: 4, percent: 100 })
    expect(coverage.ratios.statuses.percent).toBe(100)
    expect(coverage.ratios.parameters.percent).toBeGreaterThan(90)
    expect(coverage.ratios.nodes.percent).toBeLessThan(100)
    expect(unseenOf(coverage)).toContain('readJob 200 /state: =working')
  })

  it('breaks the run where it is below what is asked for, and says by how much', async () => {
    const asked = { operations: 100, nodes: 99.5 }
    const verdict = await checkTarget(readSubject(), createServer(), { ...OPTIONS, thresholds: asked })
    const { seen, allowed, percent } = verdict.coverage.ratios.nodes
    expect(verdict.findings).toEqual([])
    expect(verdict.shortfalls).toEqual([
      `witnesses of nodes: ${percent} % were seen (${seen} of ${allowed}), 99.5 % are asked for`,
    ])
    expect(exitCode([verdict])).toBe(1)
  })

  it('never rounds up to what it is not', async () => {
    expect(ratioOf(1_999, 2_000).percent).toBe(99.9)
    expect(ratioOf(0, 0).percent).toBe(100)
  })
})
