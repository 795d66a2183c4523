/**
 * What is found by an inferred contract warns; what paging says in sure words breaks.
 */
import { describe, expect, it } from 'vitest'
import { exitCode } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { answerOf, documentOf, inPath, jobDocument, judgeAnswers } from '../job-contract/draft.ts'

const text = { type: 'string' }
const status = { type: 'string', enum: ['queued', 'running', 'completed', 'failed'] }
const job = { id: text, status }

/** A document whose rows are paged by these parameters. */
function rowsBy(...names: readonly string[]) {
  const query = names.map((name): JsonObject => ({ name, in: 'query', schema: {} }))
  const rows = { type: 'array', items: { type: 'object', properties: { id: text } } }
  const page = { data: rows, total: { type: 'integer' }, has_more: { type: 'boolean' } }
  const read = (parameters: readonly JsonObject[], properties: JsonObject): JsonObject => ({
    get: { parameters: [inPath('id'), ...parameters], responses: answerOf(properties) },
  })
  return documentOf({ '/jobs/{id}': read([], job), '/jobs/{id}/results': read(query, page) })
}

const rows = (...ids: readonly string[]): JsonObject[] => ids.map((id) => ({ id }))

describe('by an inferred contract', () => {
  it('what jobs do is told of, and breaks nothing', async () => {
    const verdict = await judgeAnswers(jobDocument({ ...job, name: text }), [
      ['/jobs/a', { id: 'a', status: 'completed', name: 'x' }],
      ['/jobs/a', { id: 'a', status: 'completed', name: 'y' }],
      ['/jobs/b', { id: 'a', status: 'completed', name: 'y' }],
    ])
    expect(verdict.findings.map(({ check, level }) => [check, level])).toEqual([
      ['id_echo', 'warning'],
      ['J02', 'warning'],
    ])
    expect(exitCode([verdict])).toBe(0)
  })

  it.each([
    ['limit', 'offset', 'error', ['?limit=2&offset=0', '?limit=2&offset=2']],
    ['limit', 'page_number', 'error', ['?limit=2&page_number=1', '?limit=2&page_number=2']],
    ['size', 'offset', 'warning', ['?size=2&offset=0', '?size=2&offset=2']],
    ['limit', 'page', 'warning', ['?limit=2&page=1', '?limit=2&page=2']],
  ])('a row on two pages by %s and %s is one %s', async (limit, way, level, [first, second]) => {
    const verdict = await judgeAnswers(rowsBy(limit, way), [
      [`/jobs/a/results${first}`, { data: rows('1', '2'), total: 3, has_more: true }],
      [`/jobs/a/results${second}`, { data: rows('2'), total: 3, has_more: false }],
    ])
    expect(verdict.findings.map((each) => each.level)).toEqual([level])
    expect(exitCode([verdict])).toBe(level === 'error' ? 1 : 0)
  })
})
