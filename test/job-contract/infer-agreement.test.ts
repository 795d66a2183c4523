import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { draftOf } from '../../src/cli/inferred.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import { inferJobContract } from '../../src/job-contract/infer/infer.ts'
import { renderDraft } from '../../src/job-contract/infer/render.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import { readJobContract } from '../../src/job-contract/read-job-contract.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import type { Document } from '../../src/openapi/document.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { faultOf, inferred } from './draft.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: false })

/** Documents of strangers; where they lie is for the machine to say. */
const corpus = process.env['STANDIN_CORPUS'] ?? ['', 'work', 'shared', 'corpus'].join('/')
const strangers = existsSync(corpus)
  ? readdirSync(corpus).filter((name) => /\.(ya?ml|json)$/.test(name) && name !== 'index.json')
  : []
if (strangers.length === 0) process.stdout.write(`no documents of strangers: ${corpus} is not there\n`)

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
        if (draft !== null) expect(faultOf(draft.data)).toBeNull()
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
