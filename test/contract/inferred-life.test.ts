/**
 * Usual lives of jobs, by words that documents have: an inferred contract is silent where it knows no better.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { answerOf, documentOf, inferred, inPath, jobDocument, judgeAnswers } from '../job-contract/draft.ts'

const text = { type: 'string' }

async function findingsOf(
  words: readonly string[],
  seen: readonly string[],
  paths: JsonObject = {},
): Promise<readonly string[]> {
  const members = { id: text, status: { type: 'string', enum: words } }
  const { json } = jobDocument(members)
  const document = documentOf({ ...(json['paths'] as JsonObject), ...paths })
  const verdict = await judgeAnswers(
    document,
    seen.map((status) => ['/jobs/j1', { id: 'j1', status }] as const),
  )
  return verdict.findings.map(({ check, message }) => `${check}: ${message}`)
}

describe('by an inferred contract nothing is found', () => {
  it.each([
    [
      'queued in_progress requires_action cancelling cancelled failed completed incomplete expired',
      'queued in_progress requires_action in_progress completed',
    ],
    ['running ready failed', 'running ready'],
    ['queued processing ready error', 'queued processing ready'],
    ['pending processing completed failed expired', 'pending processing completed expired'],
    ['queued running succeeded failed', 'queued running queued running succeeded'],
    ['queued running succeeded failed', 'queued running failed queued running succeeded'],
    ['pending running completed failed skipped', 'pending skipped'],
    ['running stopped failed completed', 'running stopped running completed'],
    ['PENDING RUNNING PREEMPTED SUCCEEDED FAILED', 'PENDING RUNNING PREEMPTED PENDING RUNNING SUCCEEDED'],
  ])('where the words are %s and a job is %s', async (words, seen) => {
    expect(await findingsOf(words.split(' '), seen.split(' '))).toEqual([])
  })

  it('where a job that succeeded is run again, and an operation does that', async () => {
    const words = ['queued', 'running', 'succeeded', 'failed']
    const seen = ['succeeded', 'queued']
    const rerun = { post: { parameters: [inPath('id')], responses: answerOf({ id: text }, '202') } }
    expect(await findingsOf(words, seen, { '/jobs/{id}/rerun': rerun })).toEqual([])
    expect(await findingsOf(words, seen)).toEqual([expect.stringMatching(/^J01: .*"queued".*"succeeded"/)])
  })

  it('where two kinds of jobs mean two things by one word', () => {
    const read = (words: readonly string[]): JsonObject => ({
      get: {
        parameters: [inPath('id')],
        responses: answerOf({ id: text, status: { enum: words, ...text } }),
      },
    })
    const { states, synonyms } = inferred(
      documentOf({
        '/renders/{id}': read(['ready', 'running', 'completed', 'failed']),
        '/exports/{id}': read(['pending', 'processing', 'ready', 'failed']),
      }),
    )
    expect([...Object.values(states), ...Object.keys(synonyms)]).not.toContain('ready')
  })
})

describe('by an inferred contract names alone promise little: nothing is found', () => {
  const words = ['queued', 'running', 'completed', 'failed', 'cancelled']
  const whole = { type: 'integer' }
  const instant = { type: ['string', 'null'], format: 'date-time' }
  const [nine, later] = ['2026-03-01T09:00:00Z', '2026-03-01T09:05:00Z']

  it.each<[string, JsonObject, readonly JsonObject[]]>([
    [
      'where the end of a failed job has a name of its own',
      { created_at: whole, completed_at: { type: ['integer', 'null'] }, failed_at: whole },
      [{ status: 'failed', created_at: 1772355600, completed_at: null, failed_at: 1772355700 }],
    ],
    [
      'where the end of a cancelled job has a name of its own',
      { created_at: instant, completed_at: instant, cancelled_at: instant },
      [{ status: 'cancelled', created_at: nine, completed_at: null, cancelled_at: later }],
    ],
    [
      'where more is found to do',
      { total_pages: whole, completed_pages: whole },
      [
        { status: 'running', total_pages: 10, completed_pages: 3 },
        { status: 'running', total_pages: 25, completed_pages: 11 },
      ],
    ],
    [
      'where a link is signed anew',
      { download_url: text, files: { type: 'array', items: { type: 'object', properties: { href: text } } } },
      [
        { status: 'completed', download_url: 'https://s/x?sig=1', files: [{ href: 'https://s/y?sig=1' }] },
        { status: 'completed', download_url: 'https://s/x?sig=2', files: [{ href: 'https://s/y?sig=2' }] },
      ],
    ],
    [
      'where a time that is left goes down',
      { expires_in: whole, ttl: whole },
      [
        { status: 'completed', expires_in: 100, ttl: 9 },
        { status: 'completed', expires_in: 90, ttl: 8 },
      ],
    ],
    [
      'where what is completed leaves out what failed',
      { progress: { type: 'object', properties: { total: whole, completed: whole, failed: whole } } },
      [
        { status: 'running', progress: { total: 10, completed: 0, failed: 2 } },
        { status: 'completed', progress: { total: 10, completed: 8, failed: 2 } },
      ],
    ],
    [
      'where a cancelled job says why',
      { error: { type: ['string', 'null'] } },
      [{ status: 'cancelled', error: 'cancelled by user' }],
    ],
    [
      'where a job is tried again',
      { started_at: instant, progress: { type: 'number', minimum: 0, maximum: 100 } },
      [
        { status: 'running', started_at: nine, progress: 90 },
        { status: 'running', started_at: later, progress: 95 },
        { status: 'queued', started_at: null, progress: 0 },
      ],
    ],
    [
      'where a failure takes the progress back',
      { progress: { type: 'number', minimum: 0, maximum: 100 } },
      [
        { status: 'running', progress: 90 },
        { status: 'failed', progress: 0 },
      ],
    ],
    [
      'where a time has no zone',
      { created_at: text, completed_at: text },
      [{ status: 'completed', created_at: '2026-03-01 18:00:00', completed_at: '2026-03-01 18:30:00' }],
    ],
  ])('%s', async (_, members, bodies) => {
    const document = jobDocument({ id: text, status: { type: 'string', enum: words }, ...members })
    const answers = bodies.map((body) => ['/jobs/j1', { id: 'j1', ...body }] as const)
    const { findings } = await judgeAnswers(document, answers)
    expect(findings.map(({ check, message }) => `${check}: ${message}`)).toEqual([])
  })

  it.each([
    ['8F14E45F-CEEA-467F-9A36-DEDD4BEA2543', '8f14e45f-ceea-467f-9a36-dedd4bea2543', []],
    ['latest', 'j9', []],
    ['j8', 'j9', ['id_echo']],
    ['J9', 'j9', ['id_echo']],
  ])('an answer to %s of %s', async (asked, id, checks) => {
    const document = jobDocument({ id: text, status: { type: 'string', enum: words } })
    const { findings } = await judgeAnswers(document, [[`/jobs/${asked}`, { id, status: 'running' }]])
    expect(findings.map(({ check }) => check)).toEqual(checks)
  })
})
