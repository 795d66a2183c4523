/**
 * The judge on lists of jobs and on operations that only some states allow, with faults planted between it
 * and a server that keeps its contract.
 */
import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { ownRuns, runsSubject } from '../server/run-api.ts'

interface Page {
  runs: Record<string, unknown>[]
  paging: Record<string, unknown>
}

type Plant = (page: Page, url: URL) => void

/** Judges the server, its lists changed on the way. */
async function judgeLists(plant: Plant, subject = runsSubject(), list: JsonObject = {}): Promise<Verdict> {
  const { fetch } = await ownRuns(list)
  const target = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const response = await fetch(request.url, { method: request.method, headers: request.headers })
    const isPage = url.pathname === '/own/runs' && request.method === 'GET' && response.status === 200
    if (!isPage) return response
    const page = (await response.json()) as Page
    plant(page, url)
    return new Response(JSON.stringify(page), { headers: { 'content-type': 'application/json' } })
  }
  return checkTarget(subject, target, { baseUrl: 'http://standin/own' })
}

const outcomes = ({ checks }: Verdict, id: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    checks.filter((each) => each.operationId === id).map((each) => [each.check, each.outcome]),
  )

describe('the judge of lists', () => {
  it('finds nothing in one that keeps its contract, and has looked at all of it', async () => {
    const verdict = await judgeLists(() => undefined)
    expect(verdict.findings).toEqual([])
    expect(exitCode([verdict])).toBe(0)
    const passed = ['P01', 'P02', 'P05', 'P06', 'S01', 'F01', 'X02'].map((check) => [check, 'passed'])
    expect(outcomes(verdict, 'list')).toMatchObject(Object.fromEntries(passed))
    expect(outcomes(verdict, 'result')['job_state']).toBe('passed')
  })

  it.each<readonly [string, string, RegExp, Plant]>([
    [
      'a total that is wrong',
      'P01',
      /\/paging\/all is 16, but the walk met 15 jobs/,
      ({ paging }) => {
        paging['all'] = Number(paging['all']) + 1
      },
    ],
    [
      'a total of the page',
      'P01',
      /\/paging\/all is 3, but the walk met 15 jobs/,
      ({ runs, paging }) => {
        paging['all'] = runs.length
      },
    ],
    [
      'a job that stands twice',
      'P02',
      /job \S+ stands there twice/,
      ({ runs }) => {
        if (runs[0] !== undefined && runs.length > 1) runs[1] = runs[0]
      },
    ],
    [
      'a flag that lies',
      'P05',
      /\/paging\/more is false on page 1, yet a page follows/,
      ({ paging }) => {
        paging['more'] = false
      },
    ],
    [
      'a page that is too short',
      'P06',
      /page 1 must hold exactly 3 jobs, as a page follows, holds 2/,
      ({ runs, paging }) => {
        if (paging['next'] !== null) runs.pop()
      },
    ],
    [
      'another limit than was asked',
      'P06',
      /\/paging\/most is 7 where \d+ was asked for/,
      ({ paging }) => {
        paging['most'] = 7
      },
    ],
    [
      'a filter that lets all through',
      'F01',
      /\/runs\/0\/phase is "other", which phase=\w+ leaves out/,
      ({ runs }, url) => {
        if (url.searchParams.has('phase') && runs[0] !== undefined) runs[0]['phase'] = 'other'
      },
    ],
    [
      'a filter that loses a job',
      'F01',
      /jobs with until=.* is missing/,
      ({ runs, paging }, url) => {
        if (!url.searchParams.has('until')) return
        runs.shift()
        paging['all'] = Number(paging['all']) - 1
      },
    ],
    [
      'a sort that does not sort',
      'S01',
      /\/runs\/\d+\/size is \d+, behind \d+: not rising by size/,
      ({ runs }, url) => {
        if (url.searchParams.get('by') === 'size') runs.reverse()
      },
    ],
    [
      'a way back that leads elsewhere',
      'P05',
      /page \d+ does not lead back to page \d+/,
      ({ runs }, url) => {
        const token = atob((url.searchParams.get('token') ?? '').replaceAll('-', '+').replaceAll('_', '/'))
        if (token.includes('before')) runs.reverse()
      },
    ],
    [
      'a first page that has one before it',
      'P05',
      /the first page has one before it/,
      ({ paging }, url) => {
        if (!url.searchParams.has('token')) paging['back'] = 'abc'
      },
    ],
    [
      'an item that breaks a law of its detail',
      'law',
      /no run is smaller than nothing: \/size must be from 0, is -1/,
      ({ runs }) => {
        for (const run of runs) run['size'] = -1
      },
    ],
    [
      'a list that says otherwise than the detail',
      'X02',
      /\/size is -1 in the list, \d+ in its detail/,
      ({ runs }) => {
        for (const run of runs) run['size'] = -1
      },
    ],
  ])('finds %s', async (_, check, message, plant) => {
    const verdict = await judgeLists(plant)
    expect(exitCode([verdict])).toBe(1)
    const found = verdict.findings.filter((finding) => finding.check === check)
    expect(found.map((finding) => finding.message).join('\n')).toMatch(message)
    for (const { operationId } of found) expect(operationId).toBe('list')
  })

  it('finds nothing where limits are brought back into their bounds, as the contract says', async () => {
    const verdict = await judgeLists(() => undefined, runsSubject({ clamps: true }), { clamps: true })
    expect(verdict.findings).toEqual([])
    expect(outcomes(verdict, 'list')['P09']).toBe('passed')
    const strict = await judgeLists(() => undefined, runsSubject({ clamps: true }))
    expect(strict.findings.map(({ check }) => check)).toContain('P09')
  })

  it('blames no list for pages that it knows no way to', async () => {
    const subject = runsSubject()
    const { contract } = subject
    const own = contract?.operations['list']
    if (contract === null || own?.list == null) throw new Error('the runs are listed')
    const list = { ...own.list, token: null, limit: null }
    const operations = { ...contract.operations, list: { ...own, list } }
    const verdict = await judgeLists(() => undefined, { ...subject, contract: { ...contract, operations } })
    expect(verdict.findings).toEqual([])
  })

  it('finds in a list that changes all the while what one page shows', async () => {
    let count = 0
    const verdict = await judgeLists(({ runs, paging }, url) => {
      paging['all'] = count
      count += 1
      if (url.searchParams.has('phase') && runs[0] !== undefined) runs[0]['phase'] = 'other'
    })
    expect(verdict.findings.map(({ check }) => check)).toContain('F01')
    expect(verdict.findings.map(({ check }) => check)).not.toContain('P01')
  })

  it('judges no list that changes while it is read', async () => {
    let count = 0
    const verdict = await judgeLists(({ paging }) => {
      paging['all'] = count
      count += 1
    })
    expect(verdict.findings.filter(({ check }) => check === 'P01')).toEqual([])
    expect(outcomes(verdict, 'list')['P01']).toBe('skipped')
  })
})

describe('the judge of states', () => {
  it.each<readonly [string, RegExp, number]>([
    ['running', /job running is running: must be 400, is 200/, 200],
    ['succeeded', /answered 404 to a job whose state allows it \(job succeeded\)/, 404],
  ])('finds an operation that answers a %s job wrongly', async (name, message, status) => {
    const { fetch } = await ownRuns()
    const listing = await (await fetch('/_standin/jobs?api=own')).json()
    const { jobs } = listing as { readonly jobs: readonly { readonly id: string; readonly name: string }[] }
    const id = jobs.find((job) => job.name === name)?.id ?? ''
    const verdict = await checkTarget(
      runsSubject(),
      async (request) => {
        if (!request.url.endsWith(`/runs/${id}/result`))
          return fetch(request.url, { headers: request.headers })
        const body = status === 200 ? '{}' : null
        return new Response(body, { status, headers: { 'content-type': 'application/json' } })
      },
      { baseUrl: 'http://standin/own' },
    )
    const found = verdict.findings.filter((finding) => finding.check === 'job_state')
    expect(found.map((finding) => finding.message).join('\n')).toMatch(message)
  })
})
