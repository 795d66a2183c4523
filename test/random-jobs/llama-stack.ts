/**
 * What must hold of the status and the result of one job of Llama Stack, written again by hand.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Seen } from './seen.ts'
import { falseOf } from './seen.ts'

const WORDS: Readonly<Record<Seen['state'], string>> = {
  queued: 'scheduled',
  running: 'in_progress',
  succeeded: 'completed',
  partially_succeeded: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}
/** The metrics of the functions that jobs are drawn with. */
const METRICS: Readonly<Record<string, string>> = {
  'basic::equality': 'accuracy',
  'basic::subset_of': 'accuracy',
  'basic::regex_parser_multiple_choice_answer': 'accuracy',
  'llm-as-judge::405b-simpleqa': 'categorical_count',
  'llm-as-judge::base': 'average,median,weighted_average',
  'braintrust::answer-similarity': 'average,median',
}

type Rows = readonly JsonObject[]
type Laws = Readonly<Record<string, boolean>>

const rowsOf = (value: Json | undefined): Rows => value as Rows
const objectOf = (value: Json | undefined): JsonObject => value as JsonObject
const textOf = (value: Json | undefined): string => JSON.stringify(value)
const add = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
/** Numbers that were reckoned in another order may differ in their last digit. */
const near = (a: Json | undefined, b: number): boolean => typeof a === 'number' && Math.abs(a - b) < 1e-9

/** The middle of some numbers, found by leaving out the ends. */
function middleOf(values: readonly number[]): number | null {
  const left = [...values].sort((a, b) => a - b)
  while (left.length > 2) {
    left.pop()
    left.shift()
  }
  return left.length === 0 ? null : add(left) / left.length
}

/** Is an aggregate what the rows make it? Rows without a score take no part; of none at all there is none. */
function isAggregate(name: string, value: JsonObject, rows: Rows): boolean {
  const scored = rows.filter((row) => row['score'] !== null)
  const numbers = scored.map((row) => row['score'] as number)
  const inner = value[name]
  if (name === 'categorical_count') {
    const counts = Object.entries(objectOf(inner))
    const known = counts.every(([word, n]) => n === scored.filter((row) => `${row['score']}` === word).length)
    return known && add(counts.map(([, n]) => Number(n))) === scored.length
  }
  if (
    name === 'accuracy' &&
    (value['num_total'] !== scored.length || !near(value['num_correct'], add(numbers)))
  )
    return false
  if (scored.length === 0) return inner === null
  if (name === 'median') return near(inner, middleOf(numbers) ?? Number.NaN)
  if (name !== 'weighted_average') return near(inner, add(numbers) / scored.length)
  const weights = scored.map((row) => row['weight'] as number)
  const weighed = scored.flatMap((row, place) =>
    Array<number>(weights[place] ?? 0).fill(row['score'] as number),
  )
  return near(inner, add(weighed) / add(weights))
}

/** Where question and expected answer are shown, each score follows from them. */
function isScore(id: string, score: Json | undefined, generation: JsonObject): boolean {
  const { expected_answer: expected, generated_answer: generated } = generation
  const said = typeof generated === 'string' ? generated : null
  if (typeof expected !== 'string') return true
  const named = said?.includes(expected) === true
  if (id === 'basic::equality') return score === (said === expected ? 1 : 0)
  if (id === 'basic::subset_of') return score === (named ? 1 : 0)
  if (id.startsWith('basic::'))
    return score === (said !== null && /\S+$/.exec(said)?.[0] === expected ? 1 : 0)
  if (said === null) return score === null
  if (score === 'A' || (id === 'llm-as-judge::base' && Number(score) > 3)) return named
  return (
    score !== 'B' ||
    said.replace(/^(Answer: |The answer is |It is |That would be |I think it is )/, '') !== expected
  )
}

function lawsOfFunction(id: string, result: JsonObject, generations: Rows): Laws {
  const rows = rowsOf(result['score_rows'])
  const aggregates = objectOf(result['aggregated_results'])
  const scores = rows.map((row) => row['score'] ?? null)
  const judged = id.startsWith('llm-as-judge::')
  const allowed = id.startsWith('basic::')
    ? [0, 1]
    : id === 'llm-as-judge::base'
      ? [null, 1, 2, 3, 4, 5]
      : null
  const feedback = rows.map((row) => String(row['judge_feedback'] ?? ''))
  const wanted = Object.keys(aggregates).sort().join()
  return {
    [`${id}: a row for each generation`]: rows.length === generations.length,
    [`${id}: its own metrics`]: wanted === METRICS[id],
    [`${id}: each metric nests`]: Object.entries(aggregates).every(
      ([name, value]) => name in objectOf(value),
    ),
    [`${id}: aggregates`]: Object.entries(aggregates).every(([name, value]) =>
      isAggregate(name, objectOf(value), rows),
    ),
    [`${id}: its scale`]:
      allowed === null || scores.every((score) => allowed.includes(score as number | null)),
    [`${id}: its grades`]:
      id !== 'llm-as-judge::405b-simpleqa' || scores.every((s) => s === null || /^[ABC]$/.test(`${s}`)),
    [`${id}: parts of one`]:
      !id.startsWith('braintrust::') || scores.every((s) => s === null || (Number(s) >= 0 && Number(s) <= 1)),
    [`${id}: scores follow from answers`]: generations.every((each, place) =>
      isScore(id, scores[place], each),
    ),
    [`${id}: feedback`]: rows.every(
      (row, place) => 'judge_feedback' in row === judged && (!judged || feedback[place] !== ''),
    ),
    [`${id}: feedback names the score`]:
      !judged ||
      scores.every((score, place) => {
        return score === null
          ? !/(GRADE|RATING)/.test(feedback[place] ?? '')
          : feedback[place]?.endsWith(`: ${score}`) === true
      }),
    [`${id}: weights`]: rows.every((row) => 'weight' in row === wanted.includes('weighted')),
  }
}

function lawsOfResult({ generations: list, scores }: JsonObject, { outcome, rows }: Seen): Laws {
  const generations = rowsOf(list)
  const lost = generations.filter((each) => each['generated_answer'] === null)
  const results = Object.entries(objectOf(scores))
  const traced = generations.filter((each) => 'usage' in each)
  const columns = new Set(
    generations.map((each) =>
      Object.keys(each)
        .filter((name) => name !== 'context')
        .join(),
    ),
  )
  return {
    'a generation for each row': generations.length === rows,
    'something was scored': results.length > 0,
    'answers are texts': generations.every(
      (each) => each['generated_answer'] === null || each['generated_answer'] !== '',
    ),
    'answers are missing exactly where a job succeeds in part':
      lost.length > 0 === (outcome === 'partially_succeeded'),
    'not all answers are missing': rows === 0 || lost.length < rows,
    'all generations have the same columns': columns.size < 2,
    'what is expected can be chosen': traced.every((each) => {
      const choices = each['choices'] as readonly string[]
      const letters = choices.map((_, place) => 'ABCD'[place])
      return new Set(choices).size === 4 && [...choices, ...letters].includes(String(each['expected_answer']))
    }),
    'truncated is without an answer': traced.every(
      (each) => each['truncated'] === (each['generated_answer'] === null),
    ),
    'nothing comes of no answer': lost.every((each) => each['context'] == null),
    ...Object.assign({}, ...results.map(([id, result]) => lawsOfFunction(id, objectOf(result), generations))),
  }
}

/** The laws that status and result break, under both prefixes, and those on what they say together. */
export function brokenLaws(seen: Seen): readonly string[] {
  const { getEvalJobStatus: status, getEvalJobResult: result } = seen.answers
  const completed = status?.['status'] === 'completed'
  return falseOf({
    status: textOf(status) === textOf({ job_id: seen.id, status: WORDS[seen.state] }),
    'the old prefix says the same status': textOf(seen.answers['getEvalJobStatusV1']) === textOf(status),
    'the old prefix says the same result': textOf(seen.answers['getEvalJobResultV1']) === textOf(result),
    'there is a result exactly of a completed job': (result !== undefined) === completed,
    ...(result === undefined ? {} : lawsOfResult(result, seen)),
  })
}
