/**
 * Live services: for every API whose base URL stands in `STANDIN_<API>_URL`, a read-only verdict on what
 * answers there. `STANDIN_<API>_HEADER` holds its credentials as `name: value`, `STANDIN_<API>_JOB` a job's
 * id or result path.
 */
import { describe, expect, it } from 'vitest'
import { subjectOf, targetBase } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { reportOf } from '../src/contract/report/report.ts'
import { renderTerminal } from '../src/contract/report/terminal.ts'
import { checkTarget } from '../src/contract/run.ts'
import { exitCode } from '../src/contract/verdict.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: false })

function variable(id: string, name: string): string | undefined {
  return process.env[`STANDIN_${id.toUpperCase().replaceAll('-', '_')}_${name}`]
}

describe.each(apis.map((api) => [api.id, api] as const))('the live service of %s', (id, api) => {
  const url = variable(id, 'URL')

  it.runIf(url !== undefined)('keeps its contract', async () => {
    const target = (request: Request): Promise<Response> => fetch(request)
    const [name, ...value] = (variable(id, 'HEADER') ?? '').split(':')
    const job = variable(id, 'JOB')
    const verdict = await checkTarget(await subjectOf(api), target, {
      baseUrl: await targetBase(api, url ?? null, target, false),
      ...(name === undefined || name === ''
        ? {}
        : { credentials: { [name.trim()]: value.join(':').trim() } }),
      ...(job === undefined ? {} : { jobs: [job.includes('/') ? { id: job, url: job } : { id: job }] }),
    })
    expect(
      exitCode([verdict]),
      renderTerminal(reportOf([verdict], { version: 'live' }), { color: false }),
    ).toBe(0)
  })
})
