/**
 * The quirks of deepset's vendor: its columns and answers as plain functions, and what its recipe has made
 * of the committed fixture. How rows are paged, sorted and filtered is tested with the server.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseFixture } from '../../src/fixture/fixture.ts'
import type { JobView, Slot, Template } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { AnswerFacts } from '../../src/vendor/vendor.ts'
import { answerFacts } from '../../test/vendor/facts.ts'
import { vendor } from './vendor.ts'

const { columns = {}, answers = {}, fixture: recipe } = vendor

const slot: Slot = {
  index: 9,
  rank: 2,
  id: '019b76da-a809-7000-8000-000000000009',
  atMs: Date.UTC(2025, 11, 31, 23, 59, 58, 7),
  brief: {},
  view: viewOf({}),
  integer: (_lane, min) => min,
  number: (_lane, _min, max) => max,
}

function rowOf(template: Template): JsonObject {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [
      name,
      column === 'template' ? (template[name] ?? null) : column.read(template, slot),
    ]),
  )
}

function viewOf(brief: JsonObject): JobView {
  return {
    job: {
      id: 'c2a4e6f8-1b3d-4f5a-8c7e-9d0b2f4a6c81',
      name: null,
      createdAtMs: 0,
      queueMs: 0,
      runMs: 0,
      outcome: 'succeeded',
      rows: 5,
      ties: 1,
      mix: {},
      brief,
      heldAtMs: null,
    },
    state: 'queued',
    nowMs: 0,
    startedAtMs: null,
    endedAtMs: null,
    progress: 0,
    rows: 0,
  }
}

function factsOf(brief: JsonObject, dryRun = false): AnswerFacts {
  const page = { rows: 'ROWS', total: 5, more: true }
  return answerFacts({ view: viewOf(brief), state: 'queued', ...page, body: brief, dryRun })
}

describe('a row', () => {
  it('has its members in the order of the document', () => {
    const text = readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8')
    const schema = text.slice(text.indexOf('\n    JobResult:'), text.indexOf('\n    JobResultSelectResult:'))
    const documented = [...schema.matchAll(/^ {8}(\w+):$/gm)].map(([, name]) => name)
    expect(Object.keys(columns)).toEqual(documented)
    expect(Object.keys(rowOf({ topic: 'notice', facts: {}, indexed: true }))).toEqual(documented)
  })

  it('takes identity, indexes and instant from its slot', () => {
    expect(rowOf({ query: 'Who?', failed: false })).toMatchObject({
      job_result_id: slot.id,
      query_index: 2,
      absolute_query_index: 9,
      created_at: '2025-12-31T23:59:58.007Z',
      duration: 9.9,
      query: 'Who?',
    })
  })

  it('has no index where its template is not indexed', () => {
    expect(rowOf({ indexed: false })).toMatchObject({ query_index: null, absolute_query_index: null })
  })

  it('took less than a second where its query failed', () => {
    expect(rowOf({ failed: true })['duration']).toBe(0.9)
  })
})

describe('an answer', () => {
  const brief = {
    name: 'Spring review',
    pipeline_id: '7d3f0b1c-52a8-4e0e-9b7e-3c1f6a8d2e90',
    execution_mode: 'PER_FILE',
    queries: [],
  }

  it('of results is one page with the total of all', () => {
    expect(answers['getJobResults']?.(factsOf({}))).toEqual({ data: 'ROWS', has_more: true, total: 5 })
  })

  it('to a job that was made repeats what was asked for, without its queries', () => {
    expect(vendor.brief?.(brief, { name: 'drawn' }, 'createJob')).toBe(brief)
    const { queries: _, ...asked } = brief
    expect(answers['createJob']?.(factsOf(brief))).toEqual({
      job_id: 'c2a4e6f8-1b3d-4f5a-8c7e-9d0b2f4a6c81',
      ...asked,
      description: null,
    })
    expect(answers['createJob']?.(factsOf({ ...brief, description: 'Why' }))).toMatchObject({
      description: 'Why',
    })
  })

  it('to a dry run names no job', () => {
    expect(answers['createJob']?.(factsOf(brief, true))).toEqual({ valid: true, name: 'Spring review' })
  })
})

describe('the committed fixture', () => {
  const file = '../../fixtures/deepset.json'
  const { pool, jobs } = parseFixture(file, readFileSync(new URL(file, import.meta.url), 'utf8'))

  function templates(kind: string): readonly Template[] {
    const found = pool.filter((entry) => entry.kind === kind).map(({ template }) => template)
    expect(found, `templates of kind ${kind}`).not.toEqual([])
    return found
  }

  function distinct(found: readonly Template[], member: string): ReadonlySet<string> {
    return new Set(found.map((template) => JSON.stringify(template[member])))
  }

  function answersOf({ response }: Template): readonly JsonObject[] {
    return (response as JsonObject)['answers'] as readonly JsonObject[]
  }

  it('asks many queries in several groups', () => {
    expect(pool.length).toBeGreaterThanOrEqual(64)
    const ordinary = templates('ordinary')
    expect(distinct(ordinary, 'query').size).toBeGreaterThan(20)
    expect(distinct(ordinary, 'group_name').size).toBeGreaterThan(3)
    expect(distinct(ordinary, 'query_label').size).toBeGreaterThan(2)
  })

  it('asks each query of four files, and says the same of it each time', () => {
    const run = recipe?.run ?? 0
    expect([run, pool.length % run]).toEqual([4, 0])
    for (let start = 0; start < pool.length; start += run) {
      const found = pool.slice(start, start + run).map(({ template }) => template)
      for (const member of ['query', 'query_label', 'group_name', 'prompt', 'prompts', 'params', 'filters']) {
        expect(distinct(found, member).size, `${member} of run ${start}`).toBe(1)
      }
      const files = found.flatMap(({ file }) => (typeof file === 'string' ? [file] : []))
      expect(new Set(files).size).toBe(files.length)
    }
  })

  it('fills every pattern, in rows of an ordinary size', () => {
    expect(JSON.stringify(pool)).not.toMatch(/\{(?:[a-z]+)\}|undefined/)
    for (const template of templates('ordinary')) {
      const bytes = Buffer.byteLength(JSON.stringify(rowOf(template)))
      expect(bytes).toBeGreaterThan(1_200)
      expect(bytes).toBeLessThan(2_000)
    }
  })

  it('answers from the passage and says so in the response', () => {
    for (const template of templates('ordinary')) {
      const { answer, context, file } = template
      expect(context).toContain(answer)
      expect(answersOf(template)).toMatchObject([{ answer, context, files: [{ name: file }] }])
      expect([false, null]).toContain(template['no_answer'])
    }
  })

  it('has queries that were not answered', () => {
    for (const template of templates('unanswered')) {
      expect(template).toMatchObject({ answer: '', no_answer: true, failed: false, context: null })
      expect(answersOf(template)).toEqual([])
    }
  })

  it('has queries that failed', () => {
    const nothing = { answer: '', no_answer: null, failed: true, context: null, prompt: null, prompts: null }
    for (const template of templates('failed')) {
      expect(template).toMatchObject(nothing)
      expect(template['response']).toEqual({})
    }
  })

  it('has rows in which all is null that may be', () => {
    const required = ['answer', 'created_at', 'duration', 'failed', 'job_result_id', 'query', 'response']
    for (const template of templates('sparse')) {
      const row = Object.entries(rowOf(template))
      const present = row.filter(([, value]) => value !== null).map(([name]) => name)
      expect(present.sort()).toEqual(required)
      expect(template['answer']).not.toBe('')
    }
  })

  it('has texts in which every sort of character stands', () => {
    const sorts = [
      /\u{1F468}\u200D\u{1F469}/u, // emoji joined by ZWJ
      /[\u{10000}-\u{1F000}]/u,
      /\p{Script=Han}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Hebrew}/u,
      /\p{M}/u,
      /[\u2028]/,
      /["]/,
      /\\/,
      /\t/,
      /O'Neil/,
    ]
    for (const template of templates('unicode')) {
      for (const member of ['query', 'answer'])
        for (const sort of sorts) expect(template[member]).toMatch(sort)
      for (const member of ['file', 'group_name'])
        expect(template[member]).toMatch(/O'Neil.*\p{Script=Hebrew}/u)
      expect(JSON.stringify(template), 'half a character').not.toMatch(/\\ud[89a-f]/)
    }
  })

  it('has very long texts', () => {
    for (const { answer, context } of templates('long')) {
      expect(String(answer).length).toBeGreaterThanOrEqual(20_000)
      expect(String(context).length).toBeGreaterThanOrEqual(60_000)
    }
  })

  it('has answers that nobody should rely on', () => {
    const score = (template: Template): Json | undefined => answersOf(template)[0]?.['score']
    for (const template of templates('unsure')) expect(score(template)).toBeLessThan(0.35)
    for (const template of templates('ordinary')) expect(score(template)).toBeGreaterThan(0.5)
  })

  it('has a huge job whose usual order needs no sorting', () => {
    const huge = jobs.find(({ name }) => name === 'huge')
    expect(huge?.rows).toBe(10_000_000)
    const kinds = Object.keys(huge?.mix ?? {})
    expect(kinds).not.toEqual([])
    for (const template of kinds.flatMap(templates)) expect(template['indexed']).toBe(true)
  })
})
