/**
 * What Llama Stack's eval API answers, for each scoring function, against the document and the laws of the
 * README. Views and slots are made by hand; no server runs here. What it refuses with is `refusal.test.ts`.
 *
 * @module
 */
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { createDraw } from '../../src/generator/draw.ts'
import type { Job, JobState, JobView, Slot, Template } from '../../src/model/job.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { drawInteger, drawNumber, hashText, keyOf } from '../../src/random/key.ts'
import { answerFacts } from '../../test/vendor/facts.ts'
import type { Result } from './coherent.ts'
import { expectCoherent } from './coherent.ts'
import { disagreements, readText } from './documents.ts'
import { vendor } from './vendor.ts'

const { states } = load(readText('../../contracts/llama-stack.yaml')) as {
  readonly states: Readonly<Record<JobState, string>>
}
const CREATED_MS = Date.UTC(2026, 0, 1)
const DRAWN = { columns: 'example', skill: 60, mute: 10, lost: 7 }
const of = (type: string, ...names: string[]): JsonObject => ({ type, aggregation_functions: names })
const ALL = ['average', 'weighted_average', 'median', 'categorical_count', 'accuracy']
const FUNCTIONS: Readonly<Record<string, JsonObject>> = {
  'basic::equality': of('basic', 'accuracy'),
  'basic::subset_of': of('basic', 'accuracy', 'categorical_count'),
  'llm-as-judge::405b-simpleqa': of('llm_as_judge', 'categorical_count'),
  'llm-as-judge::base': of('llm_as_judge', 'average', 'median', 'weighted_average', 'categorical_count'),
  'llm-as-judge::right-or-wrong': of('llm_as_judge', ...ALL),
  'braintrust::answer-similarity': of('basic', 'average', 'median', 'weighted_average'),
  'my-own': of('basic', ...ALL),
}

function viewOf(state: JobState, rows: number, brief: JsonObject): JobView {
  const times = { createdAtMs: CREATED_MS, queueMs: 1_000, runMs: 9_000, heldAtMs: null }
  const outcome = state === 'queued' || state === 'running' ? 'succeeded' : state
  const job: Job = { ...times, id: 'eval-5b1e7d90', name: null, outcome, rows, ties: 1, mix: {}, brief }
  return { job, state, nowMs: CREATED_MS, startedAtMs: null, endedAtMs: null, progress: 1, rows }
}

function templateOf(kind: string, run: number): Template {
  const own = keyOf('vendor.test', kind, run)
  const draw = createDraw({ kind, turn: 0, own, shared: own, epochMs: CREATED_MS })
  return { example: vendor.fixture?.template['example']?.(draw, {}) ?? null }
}

function slotOf(view: JobView, index: number): Slot {
  const key = keyOf('slot', view.job.rows)
  return {
    ...{ index, rank: index, id: String(index), atMs: CREATED_MS, brief: view.job.brief, view },
    integer: (lane, min, max) => drawInteger(key, index, hashText(lane), min, max),
    number: (lane, min, max, decimals) => drawNumber(key, index, hashText(lane), min, max, decimals),
  }
}

function answer(operation: string, view: JobView, kind = 'fact'): JsonObject {
  const render = vendor.answers?.[operation]
  if (render === undefined) throw new Error(`no answer of ${operation}`)
  const each = <Value>(read: (template: Template, slot: Slot) => Value): readonly Value[] =>
    Array.from({ length: view.rows }, (_, index) => read(templateOf(kind, index), slotOf(view, index)))
  const scope = { benchmark_id: 'open-benchmark::mmlu' }
  return render(answerFacts({ view, state: states[view.state], each, scope })) as JsonObject
}

function result(rows: number, brief: JsonObject, state: JobState = 'succeeded', kind = 'fact'): Result {
  const body = answer('getEvalJobResult', viewOf(state, rows, { ...DRAWN, ...brief }), kind)
  expect(disagreements(body, { $ref: '#/components/schemas/EvaluateResponse' })).toEqual([])
  expectCoherent(body as unknown as Result)
  return body as unknown as Result
}

const scoresOf = ({ scores }: Result, id: string): readonly unknown[] =>
  (scores[id]?.score_rows ?? []).map((row) => row['score'])
const answersOf = ({ generations }: Result): readonly unknown[] =>
  generations.map((row) => row['generated_answer'])

describe.each(JOB_STATES)('a job that is %s', (state) => {
  it.each(['runEval', 'getEvalJobStatus', 'getEvalJobStatusV1'])('says so in %s', (operation) => {
    const body = answer(operation, viewOf(state, 3, DRAWN))
    expect(body).toEqual({ job_id: 'eval-5b1e7d90', status: states[state] })
    expect(disagreements(body, { $ref: '#/components/schemas/Job' })).toEqual([])
  })
})

describe('a result', () => {
  it.each(Object.keys(vendor.fixture?.kinds ?? {}))('of questions of kind %s is coherent', (kind) => {
    for (const columns of ['answer', 'example', 'trace']) {
      for (const rows of [0, 1, 2, 41])
        result(rows, { columns, scoring_params: FUNCTIONS }, 'succeeded', kind)
    }
  })

  it('has the functions and the aggregates that were asked for, in their order', () => {
    const { scores } = result(5, { scoring_params: FUNCTIONS })
    expect(Object.keys(scores)).toEqual(Object.keys(FUNCTIONS))
    for (const [id, { aggregated_results: aggregates }] of Object.entries(scores)) {
      expect(Object.keys(aggregates), id).toEqual(FUNCTIONS[id]?.['aggregation_functions'])
    }
    expect(result(5, { scoring_params: {} }).scores).toEqual({})
  })

  it('takes whatever text for the id of a function', () => {
    const ids = ['__proto__', 'constructor', '', 'a/b~c', '判']
    const scoring_params = Object.fromEntries(ids.map((id) => [id, of('llm_as_judge', ...ALL)]))
    expect(Object.keys(result(3, { scoring_params }).scores)).toEqual(ids)
  })

  it('scores by the scale of each function', () => {
    const seen = result(300, { scoring_params: FUNCTIONS })
    const kinds = (id: string): string => [...new Set(scoresOf(seen, id))].map(String).sort().join()
    expect(kinds('basic::equality')).toBe('0,1')
    expect(kinds('llm-as-judge::405b-simpleqa')).toBe('A,B,C,null')
    expect(kinds('llm-as-judge::base')).toBe('1,2,3,4,5,null')
    expect(kinds('llm-as-judge::right-or-wrong')).toBe('0,1,null')
    expect(kinds('my-own')).toBe('0,1')
    const parts = scoresOf(seen, 'braintrust::answer-similarity').filter((score) => score !== null)
    expect(parts.every((score) => Number(score) >= 0 && Number(score) <= 1)).toBe(true)
    expect(new Set(parts).size).toBeGreaterThan(100)
  })

  it('goes by the prefix of an id where it contradicts the type', () => {
    const scoring_params = { 'llm-as-judge::base': of('basic', 'average'), 'basic::x': of('llm_as_judge') }
    const { scores } = result(9, { scoring_params })
    expect(scores['llm-as-judge::base']?.score_rows.every((row) => 'judge_feedback' in row)).toBe(true)
    expect(scores['basic::x']?.score_rows.every((row) => Object.keys(row).join() === 'score')).toBe(true)
  })

  it('has feedback that names the score', () => {
    const { scores } = result(60, { scoring_params: FUNCTIONS })
    for (const [id, { score_rows: rows }] of Object.entries(scores).filter(([id]) => id.startsWith('llm'))) {
      for (const { score, judge_feedback: feedback } of rows) {
        expect(feedback, id).toMatch(
          score === null ? /verdict\.$/ : new RegExp(`\\.: |(GRADE|RATING): ${score}$`),
        )
      }
    }
  })

  it('has letters where a regular expression reads it, and words elsewhere', () => {
    const choice = { 'basic::regex_parser_multiple_choice_answer': of('regex_parser', 'accuracy') }
    const lettered = result(80, { scoring_params: choice, columns: 'trace' })
    for (const {
      generated_answer: said,
      expected_answer: letter,
      input_query: query,
    } of lettered.generations) {
      expect(said).toMatch(/^(Answer: )?[A-D]$|^I /)
      expect(letter).toMatch(/^[A-D]$/)
      expect(query).toMatch(/\nA\. .+\nB\. .+\nC\. .+\nD\. .+$/)
    }
    const right = lettered.generations.map(
      (row) => String(row['generated_answer']).at(-1) === row['expected_answer'],
    )
    expect(scoresOf(lettered, Object.keys(choice)[0] ?? '')).toEqual(right.map(Number))
    expect(
      answersOf(result(80, { scoring_params: FUNCTIONS })).some((said) => /^It is ../.test(String(said))),
    ).toBe(true)
  })

  it('has a context only where an agent looked something up', () => {
    const brief = { columns: 'answer', scoring_params: {} }
    const agent = result(30, { ...brief, eval_candidate: { type: 'agent' } })
    const count = agent.generations.filter((row) => 'context' in row).length
    expect([count > 5, count < 30]).toEqual([true, true])
    const model = result(30, { ...brief, eval_candidate: { type: 'model' } })
    expect(model.generations.every((row) => Object.keys(row).join() === 'generated_answer')).toBe(true)
  })

  it('is null throughout where no judge gives a score', () => {
    const { scores } = result(6, {
      scoring_params: { 'llm-as-judge::base': FUNCTIONS['llm-as-judge::base'] ?? {} },
      mute: 100,
    })
    expect(scores['llm-as-judge::base']?.aggregated_results).toEqual({
      average: { average: null },
      median: { median: null },
      weighted_average: { weighted_average: null },
      categorical_count: { categorical_count: {} },
    })
  })

  it('lacks some answers and not all where the job succeeds in part', () => {
    for (let rows = 2; rows < 60; rows += 1) {
      const brief = { scoring_params: FUNCTIONS, losses: rows % 2 === 0 ? 100 : 0, lost: rows * 31 }
      const seen = result(rows, brief, 'partially_succeeded')
      const lost = answersOf(seen).map((said) => said === null)
      expect(lost.filter(Boolean).length).toBe(rows % 2 === 0 ? rows - 1 : 1)
      lost.forEach((isLost, index) => {
        if (isLost)
          expect([
            scoresOf(seen, 'basic::equality')[index],
            scoresOf(seen, 'llm-as-judge::base')[index],
          ]).toEqual([0, null])
      })
      expect(answersOf(result(rows, brief))).not.toContain(null)
    }
  })

  it('is passed on as it is by a provider that keeps its generations', () => {
    const raw = { tasks: { mmlu: { value: 0.5 } } }
    const scores = { 'open-benchmark::mmlu': { score_rows: [], aggregated_results: raw } }
    expect(answer('getEvalJobResult', viewOf('succeeded', 0, { ...DRAWN, raw }))).toEqual({
      generations: [],
      scores,
    })
  })
})

describe('a request', () => {
  const config = { eval_candidate: { type: 'model' }, scoring_params: FUNCTIONS }
  const rowsOf = (asked: JsonObject): number | undefined =>
    vendor.rows?.(vendor.brief?.({ benchmark_config: { ...config, ...asked } }, DRAWN, 'runEval') ?? {}, 33)

  it('decides the functions, and nothing else that was drawn', () => {
    expect(vendor.brief?.({ benchmark_config: config }, DRAWN, 'runEval')).toEqual({ ...DRAWN, ...config })
  })

  it('decides how many examples there are, within what a benchmark has and an answer holds', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, of('basic')]))
    const asked = [
      {},
      { num_examples: 0 },
      { num_examples: 12 },
      { num_examples: 9e15 },
      { num_examples: -1 },
    ]
    expect(asked.map(rowsOf)).toEqual([33, 0, 12, 1000, 33])
    expect(rowsOf({ scoring_params: many, num_examples: 1000 })).toBe(40)
    expect(rowsOf({ scoring_params: many })).toBe(33)
  })

  it('meets questions with four different answers', () => {
    for (const kind of Object.keys(vendor.fixture?.kinds ?? {})) {
      for (let run = 0; run < 200; run += 1) {
        const { question, choices, at } = templateOf(kind, run)['example'] as JsonObject
        expect(new Set(choices as Json[]).size, String(question)).toBe(4)
        expect((choices as Json[])[Number(at)]).toBeTypeOf('string')
        expect(question).not.toContain('%')
      }
    }
  })
})
