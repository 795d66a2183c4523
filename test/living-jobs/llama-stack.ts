/**
 * Llama Stack's jobs as they are followed: a word for the state, and a result once that says `completed`.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Answers, Followed } from './followed.ts'
import { bodyOf, untrue } from './followed.ts'
import type { Luck } from './luck.ts'

const list = (value: Json | undefined): readonly JsonObject[] => (value ?? []) as readonly JsonObject[]
const OVER = ['completed', 'failed', 'cancelled']

const use = (type: string, aggregation_functions: readonly string[], rest: JsonObject = {}): JsonObject => ({
  ...{ type, aggregation_functions },
  ...rest,
})
const JUDGE = { judge_model: 'a-judge', judge_score_regexes: ['GRADE: (.)'] }
/** The functions whose metrics the laws beside the contract know, and others. */
const USUAL: Readonly<Record<string, JsonObject>> = {
  'basic::equality': use('basic', ['accuracy']),
  'basic::subset_of': use('basic', ['accuracy']),
  'llm-as-judge::405b-simpleqa': use('llm_as_judge', ['categorical_count'], JUDGE),
  'llm-as-judge::base': use('llm_as_judge', ['average', 'median', 'weighted_average'], JUDGE),
  'braintrust::answer-similarity': use('basic', ['average', 'median']),
}
const OTHERS: Readonly<Record<string, JsonObject>> = {
  'my/own~function': use('llm_as_judge', ['accuracy', 'categorical_count'], JUDGE),
  'basic::regex_parser_math_response': use('regex_parser', ['accuracy'], { parsing_regexes: ['(a+)+$'] }),
  'nothing is brought together': use('basic', []),
}

function run(luck: Luck): { readonly body: JsonObject; readonly usual: boolean } {
  const usual = luck.chance(0.8)
  const functions = Object.entries(usual ? USUAL : { ...USUAL, ...OTHERS })
  const chosen = functions.filter(() => luck.chance(0.4))
  const scoring_params = Object.fromEntries(chosen.length === 0 ? functions.slice(0, 1) : chosen)
  const strategy = luck.pick([
    { type: 'greedy' },
    { type: 'top_k', top_k: 5 },
    { type: 'top_p', temperature: 0.3 },
  ])
  const model = { type: 'model', model: 'a-model', sampling_params: { strategy } }
  const agent = { type: 'agent', config: { model: 'a-model', instructions: 'Look it up' } }
  const eval_candidate = luck.chance(0.7) ? model : agent
  const size = luck.chance(0.97) ? { num_examples: luck.integer(0, 8) } : {}
  return { body: { benchmark_config: { eval_candidate, scoring_params, ...size } }, usual }
}

function wordsOf(answers: Answers) {
  const status = bodyOf(answers, 'getEvalJobStatus')
  const result = answers['getEvalJobResult']
  return { status, result, state: String(status['status']), body: bodyOf(answers, 'getEvalJobResult') }
}

/** Llama Stack's jobs. */
export const followed: Followed = {
  api: 'llama-stack',
  takesRows: true,
  bodies: { runEval: run, runEvalV1: run },
  moves: {
    scheduled: ['in_progress', ...OVER],
    in_progress: OVER,
    completed: [],
    failed: [],
    cancelled: [],
  },
  sparse: { getEvalJobStatusV1: 8, getEvalJobResultV1: 8 },
  withTwins({ getEvalJobStatus: status, getEvalJobResult: result, ...others }) {
    const twins = {
      ...(status === undefined ? {} : { getEvalJobStatus: status, getEvalJobStatusV1: status }),
      ...(result === undefined ? {} : { getEvalJobResult: result, getEvalJobResultV1: result }),
    }
    return { ...twins, ...others }
  },
  cancel: { operationId: 'cancelEvalJob', waiting: 200, running: 200, cancelled: 400, ended: 400 },
  unknown: { id: 'eval-00000000', malformed: 'job', statuses: [400] },
  keyed: null,
  look(answers) {
    const { status, state } = wordsOf(answers)
    return {
      state,
      ended: OVER.includes(state),
      ids: [String(status['job_id'])],
      growing: {},
      fixed: {},
      work: null,
      times: null,
      blame: null,
      links: [],
      rows: null,
    }
  },
  unfinished(answers, { body: request, granted }) {
    const { state, body } = wordsOf(answers)
    if (state !== 'completed') return []
    const config = (request['benchmark_config'] ?? {}) as JsonObject
    const { num_examples: asked = granted.rows, scoring_params } = config
    const generations = list(body['generations'])
    const lost = generations.filter((each) => each['generated_answer'] === null).length
    return untrue({
      'it has as many generations as it was asked for': asked === undefined || generations.length === asked,
      'every function that was asked for has scored':
        scoring_params === undefined ||
        Object.keys((body['scores'] ?? {}) as JsonObject)
          .sort()
          .join() ===
          Object.keys(scoring_params as JsonObject)
            .sort()
            .join(),
      'an answer is missing exactly where it was asked to be':
        granted.outcome === undefined || (granted.outcome === 'partially_succeeded') === lost > 0,
    })
  },
  unempty: () => [],
  disagreements(answers) {
    const { state, result, body } = wordsOf(answers)
    const scores = Object.values((body['scores'] ?? {}) as Readonly<Record<string, JsonObject>>)
    const size = list(body['generations']).length
    return untrue({
      'there is a result exactly of a completed job': result?.status === (state === 'completed' ? 200 : 400),
      'each function has a score for each generation': scores.every(
        (score) => list(score['score_rows']).length === size,
      ),
    })
  },
  silent: {
    J03: 'shows neither progress nor rows before a job has ended',
    J05: 'tells no instant',
    J06: 'has no place for the error of a job',
    J08: 'documents no header that names a request',
    J12: 'refuses the result of a job that has not been completed',
  },
}
