/**
 * Jobs of which the judge was told the id alone: what they are in is seen, and what has ended stands still.
 */
import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { pagedSubject, query } from './plain-jobs.ts'

const SUBJECT = pagedSubject(query('page', { type: 'integer', minimum: 1 }))

/** Serves one job whose rows differ from read to read. */
function flaky(status: string): Target {
  let reads = 0
  return async (request) => {
    const { pathname } = new URL(request.url)
    const job = { id: 'j1', status }
    if (pathname === '/jobs/j1') return Response.json(job)
    if (pathname === '/jobs') return Response.json({ data: [job], total: 1 })
    if (pathname !== '/jobs/j1/results') return Response.json({}, { status: 404 })
    reads += 1
    return Response.json({ data: [{ id: 'r1', name: `read ${reads}` }], total: 1, has_more: false })
  }
}

const judged = (status: string): Promise<Verdict> =>
  checkTarget(SUBJECT, flaky(status), { baseUrl: 'http://plain.test', jobs: [{ id: 'j1' }] })

describe('a job of which the id alone is known', () => {
  it('reads the same twice once it is seen to have ended', async () => {
    const { findings, checks } = await judged('completed')
    const unstill = findings.filter(({ check }) => check === 'S03')
    expect(unstill.map(({ operationId, message }) => `${operationId}: ${message}`)).toEqual([
      expect.stringMatching(/^getResults: job j1 stands still, yet reads differently .*: \/data\/0\/name is/),
    ])
    expect(checks).toContainEqual(
      expect.objectContaining({ operationId: 'getJob', check: 'S03', outcome: 'passed' }),
    )
  })

  it('may read differently while it runs', async () => {
    const { findings, checks } = await judged('running')
    expect(findings.filter(({ check }) => check === 'S03')).toEqual([])
    expect(checks).toContainEqual(
      expect.objectContaining({ operationId: 'getResults', check: 'S03', outcome: 'skipped' }),
    )
  })
})
