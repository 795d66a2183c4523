/**
 * Whose jobs are judged must be told: what a target knows by ids that only it can give is not guessed at.
 */
import { describe, expect, it } from 'vitest'
import { inProcessTarget, subjectOf, targetBase } from '../../src/cli/judged.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import { discoverJobs } from '../../src/contract/plan/job-ref.ts'
import type { CheckOptions } from '../../src/contract/run.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'

const apis = await loadApis({ names: ['deepset', 'scale-dex'], specs: null, needFixtures: true })
const mock = await inProcessTarget(apis)

/** Judges an API as a service that lists no jobs of its own. */
async function judge(id: string, options: Partial<CheckOptions>): Promise<Verdict> {
  const api = apis.find((each) => each.id === id)
  if (api === undefined) throw new Error(`there is no API ${id}`)
  const baseUrl = await targetBase(api, null, mock, true)
  const silent = (request: Request): Promise<Response> =>
    request.url.includes('/_standin/') ? Promise.resolve(new Response('', { status: 404 })) : mock(request)
  return checkTarget(await subjectOf(api), silent, { baseUrl, allowWrites: true, ...options })
}

describe.each(['deepset', 'scale-dex'])('a service of %s', (id) => {
  it('is not blamed where nobody said whose jobs these are, and it is said how to', async () => {
    const [job] = (await discoverJobs(mock, 'http://standin', id)) ?? []
    for (const jobs of [[], [{ id: job?.id ?? '' }]]) {
      const verdict = await judge(id, { jobs })
      expect(verdict.findings.map(({ message }) => message)).toEqual([])
      const reasons = verdict.checks.map(({ reason }) => reason ?? '').join()
      expect(reasons).toMatch(/give --parameter (workspace_id|project_id)=…/)
    }
  })

  it('is judged as a whole where it is said', async () => {
    const [job] = (await discoverJobs(mock, 'http://standin', id)) ?? []
    const [, name, value = ''] = /(workspace|project)s\/([^/]+)/.exec(job?.url ?? '') ?? []
    const parameters = { [`${name}_id`]: value }
    const verdict = await judge(id, { jobs: [{ id: job?.id ?? '' }], parameters })
    expect(verdict.findings.map(({ message }) => message)).toEqual([])
    expect(verdict.successes).toBeGreaterThan(5)
  })
})
