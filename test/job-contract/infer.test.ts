import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { draftOf } from '../../src/cli/inferred.ts'
import { renderDraft } from '../../src/job-contract/infer/render.ts'
import { stateOf } from '../../src/job-contract/infer/words.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Document } from '../../src/openapi/document.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { runCommand } from '../program.ts'
import { faultOf, inferred } from './draft.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A document of one or more paths. */
function documentOf(paths: JsonObject, schemas: JsonObject = {}): Document {
  return createDocument('x', 'x.yaml', {
    ...{ openapi: '3.1.0', info: { title: 'X', version: '1' }, paths },
    components: { schemas },
  })
}

function answer(properties: JsonObject, status = '200'): JsonObject {
  const body = { 'application/json': { schema: { type: 'object', properties } } }
  return { [status]: { description: 'it', content: body } }
}

const text = { type: 'string' }
const states = { type: 'string', enum: ['ENQUEUED', 'IN_PROGRESS', 'DONE', 'ERROR'] }
const idParameter = (name: string): JsonObject => ({ name, in: 'path', required: true, schema: text })

describe('roles', () => {
  it('follow from paths, methods and states, whatever jobs are called', () => {
    const id = idParameter('predictionId')
    const draft = inferred(
      documentOf({
        '/predictions': {
          post: { operationId: 'make', responses: answer({ id: text, status: states }, '202') },
          get: {
            operationId: 'all',
            responses: answer({
              items: { type: 'array', items: { type: 'object', properties: { id: text, status: states } } },
            }),
          },
        },
        '/predictions/{predictionId}': {
          get: { operationId: 'one', parameters: [id], responses: answer({ id: text, status: states }) },
        },
        '/predictions/{predictionId}/abort': {
          post: { operationId: 'stop', parameters: [id], responses: answer({ id: text, status: states }) },
        },
        '/predictions/{predictionId}/outputs': {
          get: {
            operationId: 'rows',
            parameters: [id],
            responses: answer({ outputs: { type: 'array', items: { type: 'object' } } }),
          },
        },
      }),
    )
    const roles = Object.entries(draft.operations).map(([name, { role, job }]) => [name, role, job])
    expect(roles.sort()).toEqual([
      ['all', 'list', null],
      ['make', 'create', null],
      ['one', 'status', 'predictionId'],
      ['rows', 'results', 'predictionId'],
      ['stop', 'cancel', 'predictionId'],
    ])
    expect(draft.states).toEqual({
      queued: 'ENQUEUED',
      running: 'IN_PROGRESS',
      succeeded: 'DONE',
      failed: 'ERROR',
    })
    expect(draft.operations['rows']?.rows?.at).toBe('/outputs')
    expect(draft.operations['all']?.list?.of).toBe('one')
  })

  it.each<[string, JsonObject]>([
    ['a shop', { type: 'string', enum: ['available', 'pending', 'sold'] }],
    ['an order', { type: 'string', enum: ['placed', 'approved', 'delivered'] }],
    ['a switch', { type: 'string', enum: ['active', 'inactive'] }],
    ['no words', text],
  ])('are not read into the states of %s', (_, status) => {
    const document = documentOf({
      '/things/{id}': { get: { parameters: [idParameter('id')], responses: answer({ id: text, status }) } },
    })
    expect(draftOf(document, 'guess')).toBeNull()
  })

  it.each([
    ['users', '', ['pending', 'active', 'terminated'], 'guess'],
    ['tickets', '', ['new', 'in_progress', 'done', 'rejected'], 'guess'],
    ['orders', '/cancel', ['pending', 'active', 'cancelled', 'completed'], 'likely'],
    ['things', '/results', ['pending', 'active', 'cancelled', 'completed'], 'sure'],
    ['jobs', '', ['pending', 'active', 'cancelled', 'completed'], 'sure'],
  ] as const)('of %s with %s%s are %s', (things, act, words, least) => {
    const responses = answer({
      id: text,
      status: { ...text, enum: words },
      data: { type: 'array', items: {} },
    })
    const parameters = [idParameter('id')]
    const made = answer({ id: text }, '201')
    const document = documentOf({
      [`/${things}`]: { post: { operationId: 'make', responses: made } },
      [`/${things}/{id}`]: { get: { operationId: 'one', parameters, responses } },
      ...(act === '' ? {} : { [`/${things}/{id}${act}`]: { post: { parameters, responses } } }),
    })
    const surest = (['sure', 'likely', 'guess'] as const).find((each) => draftOf(document, each) !== null)
    expect(surest).toBe(least)
    expect(inferred(document, least).operations['one']?.role).toBe('status')
  })

  it('take a deletion that does not speak of cancelling for a guess', () => {
    const document = documentOf({
      '/jobs/{id}': {
        get: {
          operationId: 'one',
          parameters: [idParameter('id')],
          responses: answer({ id: text, status: states }),
        },
        delete: {
          operationId: 'remove',
          parameters: [idParameter('id')],
          responses: { 204: { description: 'gone' } },
        },
      },
    })
    expect(inferred(document, 'likely').operations['remove']).toBeUndefined()
    expect(inferred(document, 'guess').operations['remove']?.role).toBe('cancel')
  })
})

describe('hostile documents', () => {
  it('that go round in circles end', () => {
    const node = {
      allOf: [{ $ref: '#/components/schemas/Node' }],
      properties: {
        id: text,
        status: states,
        data: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
      },
    }
    const document = documentOf(
      {
        '/jobs/{id}': {
          get: {
            operationId: 'one',
            parameters: [idParameter('id')],
            responses: {
              200: {
                description: 'x',
                content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } },
              },
            },
          },
        },
      },
      { Node: node },
    )
    expect(inferred(document).operations['one']?.role).toBe('status')
  })

  it('may call things as they like', () => {
    const document = documentOf({
      '/jobs/{__proto__}': {
        get: {
          operationId: 'constructor',
          parameters: [idParameter('__proto__')],
          responses: answer({ id: text, status: states, 'a/b~c': text }),
        },
      },
    })
    const draft = draftOf(document, 'guess')
    if (draft === null) throw new Error('it is a job')
    const yaml = renderDraft(draft.data, draft.decisions, (pointer) =>
      `${pointer}\n::error::`.replace(/\n/g, ' '),
    )
    expect(load(yaml)).toEqual(draft.data)
  })

  it('may have no paths, no schemas and answers of any kind', () => {
    expect(draftOf(documentOf({}), 'guess')).toBeNull()
    const responses = { 200: { description: 'x', content: { 'application/json': { schema: true } } } }
    expect(draftOf(documentOf({ '/jobs/{id}': { get: { responses } } }), 'guess')).toBeNull()
  })
})

describe('words of states', () => {
  it.each([
    ['in-progress', 'running'],
    ['InProgress', 'running'],
    ['COMPLETED_WITH_ERRORS', 'partially_succeeded'],
    ['canceled', 'cancelled'],
    ['Timed Out', 'failed'],
    ['pending', 'queued'],
    ['sold', null],
    ['', null],
    ['constructor', null],
  ])('%s is %s', (word, state) => {
    expect(stateOf(word)).toBe(state)
  })
})

describe('standin infer', () => {
  it('prints a draft with a comment for each decision, and the decisions as data', async () => {
    const file = 'specs/talonic/openapi.yaml'
    const yaml = await runCommand(['infer', file], { cwd: root })
    expect(yaml.code).toBe(0)
    expect(yaml.stdout).toMatch(
      /^# Drafted from specs\/talonic\/openapi\.yaml: \d+ sure, \d+ likely, \d+ guess\./,
    )
    expect(yaml.stdout).toMatch(
      /# sure: `id` has the format uuid \(specs\/talonic\/openapi\.yaml:\d+\)\njobId: uuid/,
    )
    expect(faultOf(load(yaml.stdout))).toBeNull()
    const json = await runCommand(['infer', file, '--format', 'json', '--least', 'sure'], { cwd: root })
    const { contract, decisions } = JSON.parse(json.stdout) as {
      contract: JsonObject
      decisions: { confidence: string; place: string }[]
    }
    expect(faultOf(contract)).toBeNull()
    expect(new Set(decisions.map(({ confidence }) => confidence))).toEqual(new Set(['sure']))
    expect(decisions.every(({ place }) => /:\d+$/.test(place))).toBe(true)
  })

  it('says so where nothing looks like a job, and where nothing can be read', async () => {
    const file = join(root, 'test/job-contract/.jobless.json')
    const { mkdtempSync, writeFileSync, rmSync } = await import('node:fs')
    const folder = mkdtempSync(join(root, 'test', '.infer-'))
    writeFileSync(
      join(folder, 'shop.json'),
      JSON.stringify({ openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: {} }),
    )
    const nothing = await runCommand(['infer', join(folder, 'shop.json')])
    rmSync(folder, { recursive: true })
    expect([nothing.code, nothing.stderr]).toEqual([4, expect.stringContaining('nothing in')])
    expect((await runCommand(['infer', file])).code).toBe(2)
    expect((await runCommand(['infer'])).code).toBe(2)
  })
})
