/**
 * Pages that are numbered from 0, where the document or the job contract says so: walked, recorded and
 * served.
 */
import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Target } from '../../src/contract/target.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { assembled } from '../assembled.ts'
import { pagedSubject, query, toldOf } from './plain-jobs.ts'

const numbered = (schema: JsonObject) => pagedSubject(query('page', { type: 'integer', ...schema }))
const ROWS = Array.from({ length: 35 }, (_, at) => ({ id: `r${at}` }))

/** Serves one job that has ended, its pages numbered from the first one. */
function serving(first: number): Target {
  const answer = (body: unknown, status = 200): Response => Response.json(body, { status })
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const [size = 0, number = 0] = [searchParams.get('limit') ?? '10', searchParams.get('page') ?? first].map(
      Number,
    )
    if (!(Number.isInteger(size) && size >= 1 && number >= first)) return answer({}, 400)
    const job = { id: 'j1', status: 'completed' }
    if (pathname === '/jobs/j1') return answer(job)
    if (pathname === '/jobs') return answer({ data: [job], total: 1, has_more: false, next_page_token: null })
    if (pathname !== '/jobs/j1/results') return answer({}, 404)
    const start = (number - first) * size
    const more = start + size < ROWS.length
    return answer({ data: ROWS.slice(start, start + size), total: ROWS.length, has_more: more })
  }
}

describe('the first page', () => {
  it.each<[string, JsonObject, 0 | 1]>([
    ['is 0 where numbers may be 0', { minimum: 0 }, 0],
    ['is 0 where that is the default', { default: 0 }, 0],
    ['is 1 where that is the default, though numbers may be 0', { minimum: 0, default: 1 }, 1],
    ['is 1 where nothing is said', {}, 1],
  ])('%s', async (_, schema, first) => {
    const subject = numbered(schema)
    expect(subject.contract?.operations['getResults']?.rows?.firstPage).toBe(first)
    const options = { baseUrl: 'http://plain.test', jobs: [{ id: 'j1' }] }
    const { findings, checks } = await checkTarget(subject, serving(first), options)
    const ofRows = findings.filter(({ check }) => /^[PSX]\d/.test(check))
    expect(ofRows.map(({ check, message }) => `${check}: ${message}`)).toEqual([])
    expect(checks).toContainEqual(
      expect.objectContaining({ operationId: 'getResults', check: 'P01', outcome: 'passed' }),
    )
  })

  it('of recorded pages is the one of that number', async () => {
    const page = (number: number, ids: readonly string[], more: boolean) =>
      [
        `/jobs/j1/results?limit=2&page=${number}`,
        { data: ids.map((id) => ({ id })), total: 3, has_more: more },
      ] as const
    const subject = numbered({ minimum: 0 })
    expect(await toldOf(subject, [page(0, ['a', 'b'], true), page(1, ['c'], false)])).toEqual([])
    expect(await toldOf(subject, [page(1, ['c'], false)])).toEqual([])
    const lost = await toldOf(subject, [page(0, ['a'], true), page(1, ['c'], false)])
    expect(lost.map((line) => line.slice(0, 3))).toEqual(['P01', 'P06'])
  })

  it('of the mock is the one that the job contract names', async () => {
    const [api] = await loadApis({ names: ['deepset'], specs: null, needFixtures: true })
    const { contract } = api ?? {}
    const operation = contract?.operations['getJobResults']
    if (api === undefined || contract == null || operation?.rows == null) throw new Error('it has rows')
    const idsFrom = async (firstPage: 0 | 1, number: number): Promise<readonly unknown[]> => {
      const rows = { ...operation.rows, firstPage } as typeof operation.rows
      const operations = { ...contract.operations, getJobResults: { ...operation, rows } }
      const { fetch } = await assembled([{ ...api, contract: { ...contract, operations } }])
      const listed = await fetch('/_standin/jobs?api=deepset')
      const { jobs } = (await listed.json()) as {
        jobs: { name: string; url: string; headers: Record<string, string> }[]
      }
      const job = jobs.find(({ name }) => name === 'many-pages')
      const answer = await fetch(`${job?.url}?limit=5&page_number=${number}`, { headers: job?.headers ?? {} })
      const { data } = (await answer.json()) as { data: { job_result_id: string }[] }
      return data.map((row) => row.job_result_id)
    }
    expect(await idsFrom(0, 1)).toEqual(await idsFrom(1, 2))
  })
})
