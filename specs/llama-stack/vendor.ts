/**
 * Llama Stack's eval API: what a candidate answers to the questions of a benchmark, and how that is scored.
 * The request decides by which functions, and how their scores are brought together.
 *
 * @module
 */
import type { Slot, Template } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Draw } from '../../src/vendor/draw.ts'
import type { AnswerFacts, RefusalFacts, Vendor } from '../../src/vendor/vendor.ts'

/** The parameters of a scoring function. */
type Params = JsonObject & { readonly type: string; readonly aggregation_functions: readonly string[] }

/**
 * What a job was asked for, and what befalls it. Of a hundred: `skill` answers are right, `mute` verdicts of
 * judges have no score, and where it succeeds in part `losses` examples come to nothing, `lost` for certain.
 * A generation shows `columns`; `raw` is what a provider passes on that keeps generations to itself.
 */
interface Brief extends JsonObject, Readonly<Record<'skill' | 'mute' | 'lost', number>> {
  readonly eval_candidate?: JsonObject
  readonly scoring_params: Readonly<Record<string, Params>>
  readonly num_examples?: number
  readonly losses?: number
  readonly columns: 'answer' | 'example' | 'trace'
  readonly raw?: JsonObject
}

/** A question with four answers, the right one at a place. */
type Example = JsonObject & { readonly question: string; readonly choices: string[]; readonly at: number }

type Attempt = ReturnType<typeof attemptOf>

/** Questions, each with what it asks of and what is right there; wrong answers are right elsewhere. */
const FACTS = {
  'What is the capital of %?': 'Peru:Lima|Chile:Santiago|Kenya:Nairobi|Norway:Oslo|Egypt:Cairo|Canada:Ottawa',
  'What is the chemical symbol for %?': 'gold:Au|silver:Ag|iron:Fe|lead:Pb|tin:Sn|sodium:Na|copper:Cu',
  'Which planet is number % from the Sun?': '1:Mercury|2:Venus|3:Earth|4:Mars|5:Jupiter|6:Saturn|7:Uranus',
  'Who wrote “%”?': 'Emma:Jane Austen|Moby-Dick:Herman Melville|Hamlet:William Shakespeare|Faust:Goethe',
  'In which year did % begin?': 'World War I:1914|World War II:1939|the Cold War:1947|the Boer War:1899',
  'Which organ %?': 'pumps blood:Heart|filters blood:Kidney|makes bile:Liver|takes up oxygen:Lung',
  'What is the SI unit of %?': 'force:Newton|energy:Joule|power:Watt|pressure:Pascal|resistance:Ohm',
}
/** Right to left, an accent apart from its letter, an emoji of several code points. */
const UNICODE_FACTS = {
  '%の首都はどこですか。': '日本:東京|中国:北京|韓国:ソウル|タイ:バンコク|ベトナム:ハノイ',
  'ما هي عاصمة %؟': 'مصر:القاهرة|العراق:بغداد|الأردن:عمّان|لبنان:بيروت|قطر:الدوحة',
  'Où est % ?': 'la Citadelle:Que\u0301bec|le Biodôme:Montre\u0301al|la Tour Eiffel:Paris|le Dom:Köln',
  'Which emoji shows a %?': 'farmer:👩🏽‍🌾|astronaut:👩🏽‍🚀|family:👨‍👩‍👧|rainbow flag:🏳️‍🌈|technician:👩‍💻',
}
const SAYINGS = ['The answer is %.', 'It is %.', 'That would be %.', 'I think it is %.']
const REFUSALS = ['I am not sure about that.', 'I cannot tell from the question.', 'I do not know.']
const LETTERS = 'ABCD'

const use = (type: string, ...aggregates: string[]): Params => ({ type, aggregation_functions: aggregates })
const EQUALITY = { 'basic::equality': use('basic', 'accuracy') }
const SUBSET = { 'basic::subset_of': use('basic', 'accuracy') }
const CHOICE = { 'basic::regex_parser_multiple_choice_answer': use('regex_parser', 'accuracy') }
const JUDGE = { 'llm-as-judge::405b-simpleqa': use('llm_as_judge', 'categorical_count') }
const RATING = { 'llm-as-judge::base': use('llm_as_judge', 'average', 'median', 'weighted_average') }
const PART = { 'braintrust::answer-similarity': use('basic', 'average', 'median') }
const NESTED = { ...EQUALITY, ...SUBSET, ...JUDGE, ...RATING, ...PART }
/** How another provider nests what it found. */
const RAW = { tasks: { mmlu: { metrics: { accuracy: { value: 0.7125, count: 800, sum: 570 } } } } }

/** A grade-school problem; its answer is reckoned. */
function drawStory(draw: Draw, at: number): Example {
  const [a, b] = [draw.integer(13, 29), draw.integer(4, 12)]
  const [question, right] = draw.pick([
    [`A truck of ${draw.company()} carries ${a} crates of ${b} lamps each. How many lamps?`, a * b],
    [`${draw.person()} has ${a + b} dollars and spends ${b}. How many dollars are left?`, a],
    [`${draw.person()} drives ${a * b} km to ${draw.city()} in ${b} hours. How many km/h?`, a],
  ] as const)
  return { question, choices: [right + 1, right + b, right * 2].toSpliced(at, 0, right).map(String), at }
}

function drawExample(draw: Draw): Example {
  const at = draw.integer(0, 3)
  if (draw.kind === 'story') return drawStory(draw, at)
  const [form, list] = draw.pick(Object.entries(draw.kind === 'unicode' ? UNICODE_FACTS : FACTS))
  const pairs = draw.some(list.split('|'), 4).map((pair) => pair.split(':'))
  const passage = draw.kind === 'long' ? `${draw.paragraph(draw.integer(40, 80))}\n\n` : ''
  const question = passage + form.replace('%', pairs[at]?.[0] ?? '')
  return { question, choices: pairs.map(([, answer]) => answer ?? ''), at }
}

/** Where a job succeeds in part, one example is lost for certain, and one is not. */
function fateOf(slot: Slot): 'right' | 'wrong' | 'refused' | 'lost' {
  const { skill, losses = 12, lost } = slot.brief as Brief
  const { outcome, rows } = slot.view.job
  const safe = outcome !== 'partially_succeeded' || slot.index === (lost + 1) % rows
  if (!safe && (slot.index === lost % rows || slot.integer('loss', 1, 100) <= losses)) return 'lost'
  const drawn = slot.integer('fate', 1, 100)
  return drawn <= skill ? 'right' : drawn % 5 === 0 ? 'refused' : 'wrong'
}

/** Who is read by regular expressions answers with a letter; who is compared word for word only, tersely. */
function attemptOf(template: Template, slot: Slot) {
  const { question, choices, at } = template['example'] as Example
  const functions = Object.entries((slot.brief as Brief).scoring_params)
  const letters = functions.some(([id, { type }]) => `${type} ${id}`.includes('regex_parser'))
  const terse = functions.every(([id]) => id.endsWith('equality')) ? 95 : 35
  const fate = fateOf(slot)
  const words = letters ? [...LETTERS] : choices
  const said = words[fate === 'right' ? at : (at + slot.integer('wrong', 1, 3)) % 4] ?? ''
  const saying = letters ? 'Answer: %' : (SAYINGS[slot.integer('saying', 0, 3)] ?? '')
  const spoken = slot.integer('terse', 1, 100) <= terse ? said : saying.replace('%', () => said)
  const refusal = REFUSALS[slot.integer('saying', 0, 2)] ?? ''
  return {
    ...{ question, choices, fate, slot, answer: choices[at] ?? '', expected: words[at] ?? '' },
    query: letters ? question + choices.map((each, i) => `\n${LETTERS[i]}. ${each}`).join('') : question,
    generated: fate === 'lost' ? null : fate === 'refused' ? refusal : spoken,
  }
}

/** A generation in the columns of its job; an agent's has a context where it looked something up. */
function generationOf({ question, query, answer, expected, generated, choices, slot }: Attempt): JsonObject {
  const { columns, eval_candidate } = slot.brief as Brief
  const agent = eval_candidate?.['type'] === 'agent' && generated !== null
  const context = agent && slot.integer('search', 0, 2) > 0 ? { context: `${question} ${answer}.` } : {}
  if (columns === 'answer') return { generated_answer: generated, ...context }
  const shown = { input_query: query, expected_answer: expected, generated_answer: generated, ...context }
  if (columns === 'example') return shown
  const tokens = Math.ceil((generated ?? '').length / 4)
  return {
    ...{ context: null, ...shown, choices },
    truncated: generated === null,
    latency_seconds: slot.number('latency', 0.2, 4, 3),
    usage: { prompt_tokens: Math.ceil(query.length / 4) + 48, completion_tokens: tokens },
  }
}

/** What scores: a known prefix of its id says it, else the type of its parameters. */
const kindOf = (id: string, { type }: Params): string =>
  /^(basic|braintrust|llm-as-judge)::/.exec(id)?.[1]?.replaceAll('-', '_') ?? type

/** Word for word, the one at the end of the other, or within it. */
function matches(id: string, kind: string, { generated, expected }: Attempt): boolean {
  if (`${kind} ${id}`.includes('regex_parser')) return ` ${generated}`.endsWith(` ${expected}`)
  return id.includes('subset') ? (generated ?? '').includes(expected) : generated === expected
}

/** Judges rate where numbers are wanted, else they grade. Draws go by position, since ids are any texts. */
function scoreOf(id: string, params: Params, position: number, attempt: Attempt): number | string | null {
  const [kind, wanted, { fate, slot }] = [kindOf(id, params), params.aggregation_functions, attempt]
  if (kind !== 'llm_as_judge' && kind !== 'braintrust') return matches(id, kind, attempt) ? 1 : 0
  const [lane, { mute }] = [position % 8, slot.brief as Brief]
  if (fate === 'lost' || slot.integer(`mute ${lane}`, 1, 100) <= mute) return null
  if (wanted.includes('accuracy')) return fate === 'right' ? 1 : 0
  const [from, to] = fate === 'right' ? [4, 5] : fate === 'wrong' ? [1, 3] : [1, 1]
  if (kind === 'braintrust') return slot.number(`score ${lane}`, from / 5, to / 5, 4)
  if (wanted.some((name) => name !== 'categorical_count')) return slot.integer(`score ${lane}`, from, to)
  return fate === 'right' ? 'A' : fate === 'wrong' ? 'B' : 'C'
}

/** What a judge says ends with its score, where it gives one. */
function scoreRow(id: string, params: Params, position: number, attempt: Attempt): JsonObject {
  const { fate, answer, slot } = attempt
  const score = scoreOf(id, params, position, attempt)
  const weighted = params.aggregation_functions.includes('weighted_average')
  const row = { score, ...(weighted ? { weight: slot.integer('weight', 1, 3) } : {}) }
  if (kindOf(id, params) === 'braintrust') return { ...row, metadata: {} }
  if (kindOf(id, params) !== 'llm_as_judge') return row
  if (fate === 'lost') return { ...row, judge_feedback: 'There is no answer to judge.' }
  if (score === null) return { ...row, judge_feedback: 'Answer and reference do not allow a verdict.' }
  const reason = fate === 'right' ? `The answer gives ${answer}, as expected.` : `Expected was ${answer}.`
  return { ...row, judge_feedback: `${reason} ${typeof score === 'string' ? 'GRADE' : 'RATING'}: ${score}` }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
/** A part of nothing is null. */
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** Each aggregate stands under its name, twice; rows without a score take no part in it. */
function aggregate(name: string, rows: readonly JsonObject[]): JsonObject {
  const scored = rows.filter(({ score }) => score !== null)
  const scores = scored.map(({ score }) => Number(score))
  const weights = scored.map(({ weight }) => Number(weight))
  const products = scored.map(({ score, weight }) => Number(score) * Number(weight))
  const middle = scores.toSorted((a, b) => a - b).slice((scores.length - 1) >> 1, (scores.length >> 1) + 1)
  const average = ratio(total(scores), scores.length)
  if (name === 'accuracy') return { accuracy: average, num_correct: total(scores), num_total: scores.length }
  if (name === 'average') return { average }
  if (name === 'median') return { median: ratio(total(middle), middle.length) }
  if (name === 'weighted_average') return { weighted_average: ratio(total(products), total(weights)) }
  const counts: Record<string, number> = {}
  const words = scored.map(({ score }) => String(score)).sort()
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return { categorical_count: counts }
}

function renderResult({ view, each, scope: { benchmark_id = '' } }: AnswerFacts): Json {
  const { scoring_params, raw } = view.job.brief as Brief
  if (raw !== undefined) {
    return { generations: [], scores: { [benchmark_id]: { score_rows: [], aggregated_results: raw } } }
  }
  const attempts = each(attemptOf)
  const scores = Object.entries(scoring_params).map(([id, params], position) => {
    const rows = attempts.map((attempt) => scoreRow(id, params, position, attempt))
    const aggregates = params.aggregation_functions.map((name) => [name, aggregate(name, rows)] as const)
    return [id, { score_rows: rows, aggregated_results: Object.fromEntries(aggregates) }] as const
  })
  return { generations: attempts.map(generationOf), scores: Object.fromEntries(scores) }
}

const renderJob = ({ view, state }: AnswerFacts): Json => ({ job_id: view.job.id, status: state })

const SERVE = 'Make sure there is an Eval provider serving this benchmark.'

/** In the words of the project's code where they are known, since clients compare with them. */
function detailOf({ code, message, issues: [issue], flaws }: RefusalFacts): string {
  const { value, state } = issue?.params ?? {}
  if (code === 'internal') return 'Internal server error: An unexpected error occurred.'
  if (issue === undefined) return message
  if (code === 'job_not_finished') return `Invalid value: Job is not completed, Status: ${state}`
  if (code === 'job_ended') return `Invalid value: Job ${value} has already ended, Status: ${state}`
  if (code !== 'job_not_found') {
    const told = flaws().map(({ loc, msg }) => `${loc.join('.')}: ${msg}`)
    return `Invalid value: ${told.join('; ')}`
  }
  if (issue.name !== 'benchmark_id') return `Invalid value: Job ${value} not found`
  return `Invalid value: Benchmark \`${value}\` not served by provider: \`meta-reference\`. ${SERVE}`
}

function renderError(facts: RefusalFacts): Json {
  const { code, status, issues, flaws, profile } = facts
  const detail = detailOf(facts)
  const titles = { 400: 'Bad Request', 429: 'Too Many Requests', 500: 'Internal Server Error' }
  if (profile === 'spec') return { status, title: titles[status as keyof typeof titles] ?? 'Error', detail }
  if (code === 'rate_limited') return { error: { message: 'Quota exceeded' } }
  const told = issues.length === 0 || code.startsWith('job_')
  return told ? { detail } : { error: { detail: { errors: flaws() } } }
}

/** Llama Stack's eval API, as its reference page and its code tell of it. */
export const vendor: Vendor = {
  sources: [{ url: 'https://github.com/llamastack/llama-stack/tree/2d9163529a', read: '2026-11-23' }],
  errors: renderError,
  headers: ({ retryAfterMs }) => ({ 'Retry-After': String(Math.ceil((retryAfterMs ?? 1_000) / 1_000)) }),
  answers: {
    ...{ getEvalJobResult: renderResult, getEvalJobResultV1: renderResult },
    ...{ getEvalJobStatus: renderJob, getEvalJobStatusV1: renderJob },
    ...{ runEval: renderJob, runEvalV1: renderJob },
  },
  brief: ({ benchmark_config: asked }, drawn) => ({ ...drawn, ...(asked as JsonObject) }),
  // A benchmark has a thousand examples; one request gets no more scores than one answer can hold.
  rows: (brief, drawn) => {
    const { scoring_params, num_examples: asked } = brief as Brief
    const most = Math.min(1000, Math.floor(20_000 / Math.max(1, Object.keys(scoring_params).length)))
    return Math.min(most, typeof asked === 'number' && asked >= 0 ? asked : drawn)
  },
  fixture: {
    run: 1,
    kinds: { fact: 40, story: 40, unicode: 12, long: 4 },
    mix: { fact: 1, story: 1 },
    template: { example: drawExample },
    brief: {
      eval_candidate: (draw) => ({ type: draw.pick(['model', 'model', 'agent']) }),
      scoring_params: (draw) => draw.pick([EQUALITY, SUBSET, CHOICE, JUDGE, RATING, PART, NESTED]),
      columns: (draw) => draw.pick(['answer', 'example', 'trace']),
      skill: (draw) => draw.integer(55, 92),
      mute: (draw) => draw.integer(2, 9),
      lost: (draw) => draw.integer(0, 999),
    },
    jobs: {
      'many-pages': { brief: { scoring_params: NESTED, columns: 'trace' } },
      'null-heavy': { rows: 40, brief: { scoring_params: { ...JUDGE, ...RATING, ...PART }, mute: 75 } },
      unicode: { rows: 24, mix: { unicode: 3, long: 1 }, brief: { columns: 'example' } },
      'failed-rows': {
        rows: 40,
        outcome: 'partially_succeeded',
        brief: { losses: 40, scoring_params: NESTED },
      },
      'low-confidence': { brief: { scoring_params: { ...RATING, ...PART }, skill: 12 } },
      huge: null,
      equality: { rows: 12, brief: { scoring_params: EQUALITY, columns: 'answer' } },
      subset: { rows: 12, brief: { scoring_params: { ...EQUALITY, ...SUBSET }, columns: 'example' } },
      'llm-judge': { rows: 12, brief: { scoring_params: JUDGE, columns: 'example' } },
      averages: { rows: 13, brief: { scoring_params: { ...RATING, ...PART }, columns: 'example' } },
      'all-null': { rows: 6, brief: { scoring_params: { ...JUDGE, ...RATING, ...PART }, mute: 100 } },
      nested: { rows: 16, brief: { scoring_params: NESTED, columns: 'trace' } },
      agent: { rows: 10, brief: { eval_candidate: { type: 'agent' }, scoring_params: CHOICE } },
      'no-generations': { rows: 0, brief: { raw: RAW } },
    },
  },
}
