/**
 * The rows of a job beside the job (J12, J13, C02) and how sure they are (C01): each fault planted in the
 * workshop is found by its own check, at its place and its line.
 */
import { describe, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Planted } from './workshop/planted.ts'
import { findsIt, isState, progressOf } from './workshop/planted.ts'
import type { Asked, Fault } from './workshop/server.ts'
import { inJob } from './workshop/server.ts'

const isRows = ({ path }: Asked): boolean => path.endsWith('/rows')
const inRows = (change: (row: JsonObject, at: number, asked: Asked) => JsonObject): Fault => ({
  body: (body, asked) =>
    isRows(asked)
      ? { ...body, rows: (body['rows'] as JsonObject[]).map((row, at) => change(row, at, asked)) }
      : body,
})

const PLANTED: readonly Planted[] = [
  {
    name: 'rows of a job that waits',
    check: 'J12',
    fault: {
      body: (body, asked) =>
        isRows(asked) && (body['rows'] as Json[]).length === 0 ? { ...body, total: 3 } : body,
    },
    message: /waits, so \/total must be 0, is 3/,
    at: /^\/total$/,
    line: 'total: { type: integer }\n                  more',
  },
  {
    name: 'a job that waits and promises more',
    check: 'J12',
    fault: {
      body: (body, asked) =>
        isRows(asked) && (body['rows'] as Json[]).length === 0 ? { ...body, next: 2 } : body,
    },
    message: /waits, so \/next must be null, is 2/,
    at: /^\/next$/,
    line: 'next: { type: [integer',
  },
  {
    name: 'rows that lag behind the progress',
    check: 'J13',
    fault: inJob(isState('working'), (job) => ({
      progress: { ...progressOf(job), done: Math.min(9, Number(progressOf(job)['done']) + 1) },
    })),
    message: /is "working" and has \d rows?, but done is \d/,
    at: /^\/total$/,
    line: 'total: { type: integer }\n                  more',
    two: true,
  },
  {
    name: 'a confidence beyond 1',
    check: 'C01',
    fault: inRows((row, at) => (at === 1 ? { ...row, confidence: 1.5 } : row)),
    message: /\/rows\/1\/confidence must be a number from 0 to 1, is 1.5/,
    at: /^\/rows\/1\/confidence$/,
    line: "confidence: { type: [number, 'null'] }\n        doubtful",
  },
  {
    name: 'confidence in a value that is not there',
    check: 'C01',
    fault: inRows((row) => (row['value'] === null ? { ...row, confidence: 0.4 } : row)),
    message: /confidence must be null or 0, since \/value is null; is 0.4/,
    at: /^\/rows\/\d\/confidence$/,
    line: "confidence: { type: [number, 'null'] }\n        doubtful",
  },
  {
    name: 'a flag on what is certain',
    check: 'C01',
    fault: inRows((row) => ({ ...row, doubtful: true })),
    message: /\/doubtful must not be set, since \/rows\/\d\/confidence, 0.75, is not below 0.5/,
    at: /^\/rows\/\d\/doubtful$/,
    line: 'doubtful: { type: boolean }',
  },
  {
    name: 'an overall beyond all confidences',
    check: 'C01',
    fault: {
      body: (body, asked) =>
        isRows(asked) && body['confidence'] !== null ? { ...body, confidence: 0.9 } : body,
    },
    message: /\/confidence must be from [\d.]+ to 0.75/,
    at: /^\/confidence$/,
    line: "confidence: { type: [number, 'null'] }\n        '401'",
  },
  {
    name: 'a counter of failures that is wrong',
    check: 'C02',
    fault: inJob(isState('done'), (job) => ({ progress: { ...progressOf(job), failed: 2 } })),
    message: /\/progress\/failed is 2, but 0 rows of its rows failed/,
    at: /^\/rows$/,
    line: 'rows: { type: array',
    two: true,
  },
  {
    name: 'a row that fails by one member alone',
    check: 'C02',
    fault: inRows((row) => (row['state'] === 'broken' ? { ...row, error: null } : row)),
    message: /row \d failed by state "broken", but not by error null/,
    at: /^\/rows\/\d\/error$/,
    line: "error: { type: [string, 'null'], enum",
  },
]

describe('the judge', () => {
  it.each(PLANTED.map((each) => [each.name, each] as const))('finds %s', (_, each) => findsIt(each))
})
