/**
 * Faults in what Llama Stack says of an evaluation.
 *
 * @module
 */
import type { Body, Fault, Planted } from './fault.ts'
import { listAt, objectAt, withBody, wrongContentType } from './fault.ts'

const isResult = ({ status, request }: Planted): boolean => status === 200 && request.url.endsWith('/result')
const isStatus = ({ status, request }: Planted): boolean =>
  status === 200 && /\/jobs\/[^/]+$/.test(request.url) && request.method === 'GET'

/** A fault in every scoring result. */
const inScores =
  (change: (score: Body) => void) =>
  (answer: Planted): { body: Body } | null => {
    if (!isResult(answer)) return null
    for (const score of Object.values(objectAt(answer.body, 'scores'))) change(score as Body)
    return { body: answer.body }
  }

const aggregates = (score: Body, name: string): Body => objectAt(objectAt(score, 'aggregated_results'), name)

/** Makes a number a part of what it was. */
function times(body: Body, name: string, factor: number): void {
  if (typeof body[name] === 'number') body[name] *= factor
}

/** Each must be found. */
export const faults: readonly Fault[] = [
  {
    name: 'a wrong type',
    check: 'response_schema_conformance',
    names: /score_rows/,
    plant: inScores((score) => {
      score['score_rows'] = {}
    }),
  },
  {
    name: 'a missing field',
    check: 'response_schema_conformance',
    names: /generations/,
    plant: withBody(isResult, (body) => {
      delete body['generations']
    }),
  },
  {
    name: 'a member too many in a closed object',
    check: 'response_schema_conformance',
    names: /standin/,
    plant: withBody(isStatus, (body) => {
      body['standin'] = true
    }),
  },
  {
    name: 'a generation without a score row',
    check: 'law',
    names: /row for (each|them)/,
    plant: inScores((score) => {
      score['score_rows'] = listAt(score, 'score_rows').slice(1)
    }),
  },
  {
    name: 'a broken sum',
    check: 'law',
    names: /num_correct/,
    plant: inScores((score) => {
      const accuracy = aggregates(score, 'accuracy')
      if ('num_correct' in accuracy) accuracy['num_correct'] = Number(accuracy['num_correct']) + 1
    }),
  },
  {
    name: 'an aggregate that is rounded',
    check: 'law',
    names: /accuracy/,
    plant: inScores((score) => {
      const accuracy = aggregates(score, 'accuracy')
      if ('accuracy' in accuracy) accuracy['accuracy'] = Number(Number(accuracy['accuracy']).toFixed(2))
    }),
  },
  {
    name: 'a median that is too low',
    check: 'law',
    names: /median of/,
    plant: inScores((score) => times(aggregates(score, 'median'), 'median', 0.9)),
  },
  {
    name: 'a weighted average that is too low',
    check: 'law',
    names: /weight.*mean of/,
    plant: inScores((score) => times(aggregates(score, 'weighted_average'), 'weighted_average', 0.95)),
  },
  {
    name: 'an average that takes no score for 0',
    check: 'law',
    names: /average.*mean of/,
    plant: inScores((score) => {
      const scores = listAt(score, 'score_rows').map((row) => (row as Body)['score'] ?? null)
      const scored = scores.filter((value) => value !== null)
      // Ratings are whole numbers: parts of one alone are wrong here.
      const parts = scored.some((value) => !Number.isInteger(value))
      if (parts) times(aggregates(score, 'average'), 'average', scored.length / scores.length)
    }),
  },
  {
    name: 'an aggregate without its name inside',
    check: 'law',
    names: /every aggregate repeats its name inside: the aggregate accuracy has no accuracy/,
    plant: inScores((score) => {
      const { accuracy, ...rest } = aggregates(score, 'accuracy')
      if (accuracy !== undefined) objectAt(score, 'aggregated_results')['accuracy'] = rest
    }),
  },
  {
    name: 'a category that no row has',
    check: 'law',
    names: /categor|counts/,
    plant: inScores((score) => {
      const counts = objectAt(aggregates(score, 'categorical_count'), 'categorical_count')
      if (Object.keys(counts).length > 0) counts['A'] = Number(counts['A'] ?? 0) + 1
    }),
  },
  {
    name: 'a status that nobody documents as a success',
    check: 'response_schema_conformance',
    names: /title|status/,
    plant: (answer) => (isStatus(answer) ? { status: 203 } : null),
  },
  wrongContentType(400),
  {
    name: 'a wrong echo',
    check: 'id_echo',
    names: /job_id/,
    plant: withBody(isStatus, (body) => {
      body['job_id'] = 'eval-00000000'
    }),
  },
  {
    name: 'a 404 for a job that is not there',
    check: 'J10',
    names: /must be 400, is 404/,
    plant: ({ status, request }) =>
      status === 400 && request.url.includes('/jobs/') ? { status: 404 } : null,
  },
  {
    name: 'a result of a job that has not ended',
    check: 'job_state',
    names: /job (queued|running|failed|cancelled) is \w+: must be 400, is 200/,
    plant: ({ status, request, body }) =>
      status === 400 && request.url.endsWith('/result') && /not completed/.test(String(body['detail']))
        ? { status: 200, body: { generations: [], scores: {} } }
        : null,
  },
]
