/**
 * The built-in APIs judged without their job contracts, by what is read into their documents: nothing is
 * found on the clean mock, and what is planted is.
 */
import { describe, expect, it } from 'vitest'
import { draftOf, inferredSubject } from '../src/cli/inferred.ts'
import { inProcessTarget, targetBase } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { checkTarget } from '../src/contract/run.ts'
import type { SelectionOptions } from '../src/contract/select.ts'
import type { Target } from '../src/contract/target.ts'
import type { Verdict } from '../src/contract/verdict.ts'
import { exitCode } from '../src/contract/verdict.ts'

type Body = Record<string, unknown>

const apis = await loadApis({ names: [], specs: null, needFixtures: true })
const mock = await inProcessTarget(apis)

async function judge(id: string, target: Target, selection: SelectionOptions = {}): Promise<Verdict> {
  const api = apis.find((each) => each.id === id)
  const draft = api === undefined ? null : draftOf(api.document, 'likely')
  if (api === undefined || draft === null) throw new Error(`nothing of ${id} looks like a job`)
  const subject = await inferredSubject(api, draft)
  const baseUrl = await targetBase(api, null, target, true)
  const { jobs } = (await (await mock(new Request(`http://standin/_standin/jobs?api=${id}`))).json()) as {
    jobs: { headers: Record<string, string> }[]
  }
  const credentials = jobs[0]?.headers ?? {}
  const recheck = selection.only === undefined
  return checkTarget(subject, target, { baseUrl, label: 'mock', credentials, selection, recheck })
}

/** The mock with its JSON answers changed. */
function changing(
  fits: (path: string, request: Request) => boolean,
  change: (body: Body, count: number) => Body,
): Target {
  let count = 0
  return async (request) => {
    const response = await mock(request.clone())
    const { pathname } = new URL(request.url)
    const isOurs = request.method !== 'HEAD' && !pathname.startsWith('/_standin')
    if (response.status !== 200 || !isOurs || !fits(pathname, request)) return response
    count += 1
    const headers = new Headers(response.headers)
    headers.delete('etag')
    return new Response(JSON.stringify(change((await response.json()) as Body, count)), { headers })
  }
}

describe('by inferred contracts', () => {
  it.each(apis.map(({ id }) => id))('nothing is found on the clean mock of %s', async (id) => {
    const verdict = await judge(id, mock)
    expect(verdict.findings.map(({ check, message }) => `${check}: ${message}`)).toEqual([])
    expect(exitCode([verdict])).toBe(0)
    expect(
      verdict.checks.filter(({ check, outcome }) => check === 'id_echo' && outcome === 'passed').length,
    ).toBeGreaterThan(id === 'deepset' ? -1 : 0)
  })

  it.each<[string, string, 'warning' | 'error', string, Target]>([
    [
      'talonic',
      'J06',
      'warning',
      'an error on jobs that did not fail',
      changing(
        (path) => /jobs\/[^/]+$/.test(path),
        (body) => ({ ...body, error: { code: 'x', message: 'y' } }),
      ),
    ],
    [
      'talonic',
      'J02',
      'warning',
      'a job that changes though it has ended',
      changing(
        (path) => /jobs\/[^/]+$/.test(path),
        (body, count) => (body['status'] === 'complete' ? { ...body, name: `n${count}` } : body),
      ),
    ],
    [
      'scale-dex',
      'J05',
      'warning',
      'an end before the beginning',
      changing(
        (path) => /jobs\/[^/]+$/.test(path),
        (body) => (body['completed_at'] === null ? body : { ...body, completed_at: '2000-01-01T00:00:00Z' }),
      ),
    ],
    [
      'deepset',
      'P01',
      'error',
      'a total that counts one too many',
      changing(
        (path) => path.endsWith('/results'),
        (body) => ({ ...body, total: Number(body['total']) + 1 }),
      ),
    ],
    [
      'deepset',
      'P05',
      'error',
      'a promise of more where none follow',
      changing(
        (path) => path.endsWith('/results'),
        (body) => ({ ...body, has_more: true }),
      ),
    ],
    [
      'deepset',
      'S01',
      'error',
      'rows that are turned round',
      changing(
        (path, { url }) => path.endsWith('/results') && url.includes('field='),
        (body) => ({ ...body, data: [...(body['data'] as unknown[])].reverse() }),
      ),
    ],
    [
      'talonic',
      'F01',
      'error',
      'a filter that lets everything through',
      async (request) => {
        const url = new URL(request.url)
        if (/\/jobs$/.test(url.pathname) && request.method === 'GET') url.searchParams.delete('status')
        return mock(new Request(url, request))
      },
    ],
    [
      'skop',
      'id_echo',
      'warning',
      'an answer of another job',
      changing(
        (path) => path.includes('/status/'),
        (body) => ({ ...body, job_id: 'job_0123456789ab' }),
      ),
    ],
  ])(
    'finds in %s by %s, as one %s, %s, and says that it was inferred',
    async (id, check, level, _, target) => {
      const verdict = await judge(id, target, { only: [check] })
      const found = verdict.findings.filter((finding) => finding.check === check)
      expect(found.length).toBeGreaterThan(0)
      for (const { inferred, document } of found) {
        expect(inferred).toBe(true)
        expect(document.line).toBeGreaterThan(1)
      }
      expect(found.some((finding) => finding.level === 'error')).toBe(level === 'error')
      expect(exitCode([verdict])).toBe(level === 'error' ? 1 : 0)
    },
  )

  it('what they doubt breaks where it is asked to', async () => {
    const target = changing(
      (path) => path.includes('/status/'),
      (body) => ({ ...body, job_id: 'job_0123456789ab' }),
    )
    const verdict = await judge('skop', target, { severities: { id_echo: 'error' } })
    expect(verdict.findings.some(({ check, level }) => check === 'id_echo' && level === 'error')).toBe(true)
    expect(exitCode([verdict])).toBe(1)
  })
})
