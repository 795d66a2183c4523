/**
 * An API of runs, written for tests: a document, a job contract and a small vendor. It lists its jobs, has an
 * operation for some states only, links, and a sum over rows.
 *
 * @module
 */
import type { Subject } from '../../src/contract/subject.ts'
import { generateFixture } from '../../src/generator/generate-fixture.ts'
import { readJobContract } from '../../src/job-contract/read-job-contract.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createLocator } from '../../src/openapi/locate.ts'
import type { Vendor } from '../../src/vendor/vendor.ts'
import type { Assembled } from '../assembled.ts'
import { apiOf, assembled } from '../assembled.ts'

const body = (schema: Json): JsonObject => ({ description: 'd', content: { 'application/json': { schema } } })
const text = { type: 'string' }
const instant = { type: 'string', format: 'date-time' }
const Run = {
  type: 'object',
  required: ['id', 'phase', 'made'],
  properties: { id: text, phase: text, made: instant, ended: { type: ['string', 'null'] }, size: {} },
}
const Runs = {
  type: 'object',
  required: ['kind', 'runs', 'paging'],
  properties: {
    kind: { const: 'list' },
    runs: { type: 'array', items: { $ref: '#/components/schemas/Run' } },
    paging: { type: 'object', properties: { all: {}, more: {}, next: {}, back: {}, most: {} } },
  },
}
const query = (name: string, schema: Json): JsonObject => ({ name, in: 'query', schema })
const run = { name: 'run', in: 'path', required: true, schema: text }
const refused = { 400: body({}), 404: body({}), 409: { description: 'no' } }

const document: JsonObject = {
  components: { schemas: { Run, Runs } },
  paths: {
    '/runs': {
      get: {
        operationId: 'list',
        parameters: [
          query('phase', text),
          query('ids', { type: 'array', items: text }),
          query('since', instant),
          query('until', instant),
          query('most', { type: 'integer', minimum: 1, maximum: 100, default: 5 }),
          query('by', { enum: ['made', 'ended', 'size'] }),
          query('way', { enum: ['up', 'down'], default: 'down' }),
          query('token', text),
        ],
        responses: { 200: body({ $ref: '#/components/schemas/Runs' }), 422: body({}) },
      },
      post: { operationId: 'make', responses: { 200: body({ $ref: '#/components/schemas/Run' }) } },
    },
    '/runs/{run}': {
      parameters: [run],
      get: {
        operationId: 'look',
        responses: { 200: body({ $ref: '#/components/schemas/Run' }), ...refused },
      },
      delete: {
        operationId: 'stop',
        responses: {
          200: body({ $ref: '#/components/schemas/Run' }),
          202: body({ $ref: '#/components/schemas/Run' }),
          ...refused,
        },
      },
    },
    '/runs/{run}/result': {
      parameters: [run],
      get: { operationId: 'result', responses: { 200: body({ type: 'object' }), ...refused } },
    },
  },
}

const vendor: Vendor = {
  sources: [],
  errors: ({ code, issues }) => ({ code, at: issues.map(({ name, params }) => [name, params]) as Json }),
  answers: {
    make: ({ view }) => ({ id: view.job.id, phase: view.state, made: new Date(0).toISOString() }),
    look: ({ view, state, instant: at, each }) => ({
      id: view.job.id,
      phase: state,
      made: at(view.job.createdAtMs),
      ended: view.endedAtMs === null ? null : at(view.endedAtMs),
      size: each(({ weight }, { index }) => Number(weight) * (index + 1)).reduce((a, b) => a + b, 0),
    }),
    stop: ({ view, state }) => ({ id: view.job.id, phase: state, made: new Date(0).toISOString() }),
    result: ({ link }) => ({ self: link('result'), job: link('look') }),
  },
  rows: (brief) => Number(brief['rows']),
  brief: () => ({ rows: 1 }),
  fixture: {
    kinds: { ordinary: 8 },
    run: 1,
    mix: { ordinary: 1 },
    template: { weight: (draw) => draw.integer(1, 9) },
    brief: { colour: (draw) => draw.pick(['red', 'blue']), shade: (_, { colour }) => `${String(colour)}ish` },
    jobs: { huge: null, succeeded: { brief: { colour: 'green' } } },
  },
}

/** The job contract, its list as it is said to be beside what it says always. */
const dataWith = (list: JsonObject): JsonObject => ({
  api: 'own',
  states: {
    ...{ queued: 'waiting', running: 'running', succeeded: 'succeeded', failed: 'failed' },
    ...{ partially_succeeded: 'partially_succeeded', cancelled: 'stopped' },
  },
  refusals: { job_not_finished: 400 },
  laws: [{ law: 'no run is smaller than nothing', on: ['look'], within: { value: '/size', from: 0 } }],
  operations: {
    make: { role: 'create', id: '/id' },
    look: { role: 'status', job: 'run', id: '/id', state: '/phase' },
    stop: { role: 'cancel', job: 'run', allowedIn: ['queued', 'running', 'cancelled'] },
    result: { role: 'results', job: 'run', allowedIn: ['succeeded'] },
    list: {
      role: 'list',
      list: {
        of: 'look',
        at: '/runs',
        total: '/paging/all',
        more: '/paging/more',
        next: '/paging/next',
        previous: '/paging/back',
        echo: '/paging/most',
        limit: 'most',
        token: 'token',
        field: 'by',
        order: 'way',
        ascending: 'up',
        equal: { phase: '/phase', ids: '/id' },
        from: { since: '/made' },
        to: { until: '/made' },
        ...list,
      },
    },
  },
})

/** The API as the judge knows it. */
export function runsSubject(list: JsonObject = {}): Subject {
  const { document: whole } = apiOf('own', document)
  const contract = readJobContract(dataWith(list), whole, (pointer) => pointer)
  return { document: whole, contract, locate: createLocator(JSON.stringify(whole.json)), file: 'own.json' }
}

/** A server of this API alone; each call makes a new one. */
export async function ownRuns(list: JsonObject = {}): Promise<Assembled> {
  const bare = apiOf('own', document)
  const contract = readJobContract(dataWith(list), bare.document, (pointer) => pointer)
  const recipe = vendor.fixture
  if (recipe === undefined) throw new Error('there is no recipe')
  const fixture = generateFixture({ contract, recipe, seed: 1, source: 's', extraJobs: 0, manyRows: null })
  return assembled([{ ...bare, contract, vendor, fixture }])
}
