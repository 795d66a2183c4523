import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { draftOf } from '../../src/cli/inferred.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Confidence } from '../../src/job-contract/infer/decision.ts'
import { inferJobContract } from '../../src/job-contract/infer/infer.ts'
import { renderDraft } from '../../src/job-contract/infer/render.ts'
import { stateOf } from '../../src/job-contract/infer/words.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import { readJobContract } from '../../src/job-contract/read-job-contract.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import type { Document } from '../../src/openapi/document.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { runCommand } from '../program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const schema = JSON.parse(
  readFileSync(join(root, 'contracts/job-contract.schema.json'), 'utf8'),
) as JsonObject
const isContract = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
const apis = await loadApis({ names: [], specs: null, needFixtures: false })

/** Documents of strangers; where they lie is for the machine to say. */
const corpus = process.env['STANDIN_CORPUS'] ?? ['', 'work', 'shared', 'corpus'].join('/')
const strangers = existsSync(corpus)
  ? readdirSync(corpus).filter((name) => /\.(ya?ml|json)$/.test(name) && name !== 'index.json')
  : []
if (strangers.length === 0) process.stdout.write(`no documents of strangers: ${corpus} is not there\n`)

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

function inferred(document: Document, least: Confidence = 'likely'): JobContract {
  const draft = draftOf(document, least)
  if (draft === null) throw new Error('nothing looks like a job')
  expect(isContract(draft.data), JSON.stringify(isContract.errors)).toBe(true)
  return draft.contract
}

/** Where the hand-written contract says what no document tells, beside what was read. */
const UNTOLD: Readonly<Record<string, readonly string[]>> = {
  'scale-dex': ['operations.getJob.role', 'operations.getJob.rows.at', 'operations.getJob.rows.id'],
  talonic: ['states.partially_succeeded', 'states.cancelled'],
  skop: ['states.partially_succeeded'],
  'llama-stack': ['states.partially_succeeded'],
}

/** What roles, states, ids and rows say, by their place. */
function factsOf({ states: words, operations }: JobContract): ReadonlyMap<string, string> {
  const facts = new Map<string, string>()
  const note = (place: string, value: string | null | undefined): void => {
    if (value != null) facts.set(place, value)
  }
  for (const [state, word] of Object.entries(words)) note(`states.${state}`, word)
  for (const [id, { role, job, id: at, state, rows, list }] of Object.entries(operations)) {
    const place = `operations.${id}`
    note(`${place}.role`, role)
    note(`${place}.job`, job)
    note(`${place}.id`, at)
    note(`${place}.state`, state)
    for (const name of [
      'at',
      'id',
      'total',
      'more',
      'next',
      'limit',
      'page',
      'after',
      'before',
      'token',
    ] as const) {
      note(`${place}.rows.${name}`, rows?.[name])
    }
    for (const name of [
      'of',
      'at',
      'total',
      'more',
      'next',
      'previous',
      'limit',
      'token',
      'field',
      'order',
    ] as const) {
      note(`${place}.list.${name}`, list?.[name])
    }
    for (const [name, pointer] of Object.entries(list?.equal ?? {}))
      note(`${place}.list.equal.${name}`, pointer)
  }
  return facts
}

describe('what is read into the built-in documents', () => {
  it.each(apis.map((api) => [api.id, api] as const))(
    'agrees with the contract of %s',
    (id, { document, contract }) => {
      if (contract === null) throw new Error(`${id} has a job contract`)
      const draft = inferred(document)
      const known = factsOf(contract)
      const found = factsOf(draft)
      const untold = UNTOLD[id] ?? []
      const synonym = (place: string): boolean => {
        const state = place.replace(/^states\./, '')
        const [ours, theirs] = [found.get(place) ?? '', known.get(place) ?? '']
        return contract.synonyms[ours] === state || draft.synonyms[theirs] === state
      }
      const differing = [...known].flatMap(([place, value]) =>
        found.get(place) === value || synonym(place) || untold.includes(place)
          ? []
          : [`${place}: ${found.get(place)}, not ${value}`],
      )
      process.stdout.write(
        `${id}: ${known.size - differing.length - untold.length} of ${known.size} facts inferred\n`,
      )
      expect(differing).toEqual([])
      for (const place of untold)
        expect(found.get(place), `${place} is inferred after all`).not.toBe(known.get(place))
    },
  )

  it.each(apis.map((api) => [api.id, api] as const))(
    'tells of each decision on %s its reason and its line',
    (_, { document }) => {
      for (const { why, pointer, confidence } of inferJobContract(document).decisions) {
        expect(why).toMatch(/^\S.{8,}[^.]$/)
        expect(pointer).toMatch(/^\//)
        expect(['sure', 'likely', 'guess']).toContain(confidence)
      }
    },
  )

  it.each(apis.map((api) => [api.id, api] as const))(
    'is YAML that reads as the same contract: %s',
    (_, { document }) => {
      const draft = draftOf(document, 'guess')
      if (draft === null) throw new Error('there are jobs')
      const yaml = renderDraft(draft.data, draft.decisions, (pointer) => `x.yaml${pointer}`)
      expect(load(yaml)).toEqual(draft.data)
      expect(readJobContract(load(yaml) as JsonObject, document, (pointer) => pointer)).toEqual(
        draft.contract,
      )
    },
  )
})

describe('documents of strangers', () => {
  it.skipIf(strangers.length === 0).each(strangers.map((name) => [name]))(
    'give drafts that can be read, or none: %s',
    (name) => {
      const json = load(readFileSync(join(corpus, name), 'utf8'), {
        maxAliases: 1_000,
        maxDepth: 400,
      }) as JsonObject
      let document: Document
      try {
        document = createDocument('x', name, json)
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
        return
      }
      for (const least of ['sure', 'likely', 'guess'] as const) {
        const draft = draftOf(document, least)
        if (draft !== null) expect(isContract(draft.data), JSON.stringify(isContract.errors)).toBe(true)
      }
      const found = draftOf(document, 'likely')
      const jobless = ['museum', 'petstore', 'tictactoe', 'tgi']
      if (jobless.some((word) => name.includes(word))) expect(found).toBeNull()
      if (/together|trigger|voucherify|influx/.test(name)) {
        expect(Object.values(found?.contract.operations ?? {}).map(({ role }) => role)).toContain('status')
      }
    },
  )
})

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
    expect(isContract(load(yaml.stdout))).toBe(true)
    const json = await runCommand(['infer', file, '--format', 'json', '--least', 'sure'], { cwd: root })
    const { contract, decisions } = JSON.parse(json.stdout) as {
      contract: JsonObject
      decisions: { confidence: string; place: string }[]
    }
    expect(isContract(contract)).toBe(true)
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
