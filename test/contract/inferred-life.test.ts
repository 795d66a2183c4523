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
