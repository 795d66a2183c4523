import { describe, expect, it } from 'vitest'
import { renderJson } from '../../src/contract/report/json.ts'
import { checkTarget } from '../../src/contract/run.ts'
import { TargetUnreachable } from '../../src/contract/unreachable.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { inRow } from './acme/planted.ts'
import type { Asked } from './acme/server.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'
import { reported } from './report/reported.ts'

const OPTIONS = { baseUrl: 'http://acme.test', allowWrites: true, seed: 7 }

describe('a server that keeps its contract', () => {
  it('gets a verdict without findings, and no check is vacuous', async () => {
    const verdict = await checkTarget(readSubject(), createServer(), OPTIONS)
    expect(verdict.findings.map(({ check, message }) => `${check}: ${message}`)).toEqual([])
    expect(verdict.checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    expect(verdict.exchanges).toBeGreaterThan(150)
    expect(verdict.witnesses.flatMap(({ unseen }) => unseen)).toEqual([])
    expect(exitCode([verdict])).toBe(0)
  })
})

describe('a verdict', () => {
  it('is the same bytes however many requests are in flight', async () => {
    const fault = inRow(1, (row) => ({ ...row, weight: -1 }))
    const judge = async (concurrency: number): Promise<string> => {
      const server = createServer(fault)
      let number = 0
      const slow = async (request: Request): Promise<Response> => {
        number += 1
        for (let step = (number * 7) % 5; step > 0; step -= 1) await Promise.resolve()
        return server(request)
      }
      return renderJson(reported([await checkTarget(readSubject(), slow, { ...OPTIONS, concurrency })]))
    }
    expect(await judge(8)).toBe(await judge(1))
  })

  it('tells why a check was skipped when there are no jobs, and is no pass', async () => {
    const server = createServer()
    const silent = (request: Request): Promise<Response> =>
      request.url.includes('_standin') ? Promise.resolve(new Response('', { status: 404 })) : server(request)
    const verdict = await checkTarget(readSubject(), silent, { ...OPTIONS, allowWrites: false })
    expect(verdict.findings).toEqual([])
    const outcomes = new Map(verdict.checks.map((each) => [`${each.operationId} ${each.check}`, each]))
    expect(outcomes.get('readRows ignored_auth')?.outcome).toBe('passed')
    expect(outcomes.get('readRows J10')?.outcome).toBe('passed')
    expect(outcomes.get('readRows P01')?.reason).toBe('no job given (--job)')
    expect(exitCode([verdict])).toBe(4)
  })

  it('is given on jobs that are named in place of those that the target tells of', async () => {
    const jobs = [{ id: '10000000-0000-4000-8000-000000000001', state: 'succeeded' }] as const
    const asked: string[] = []
    const server = createServer()
    const verdict = await checkTarget(
      readSubject(),
      (request) => {
        asked.push(request.url)
        return server(request)
      },
      { ...OPTIONS, jobs },
    )
    expect(verdict.findings).toEqual([])
    expect(asked.filter((url) => url.includes('_standin'))).toEqual([])
    expect(exitCode([verdict])).toBe(0)
  })
})

describe('a job of many rows', () => {
  const pagesOf = async (many: number): Promise<readonly (string | null)[]> => {
    const pages: (string | null)[] = []
    const count = (response: Response, { query, path }: Asked): Response => {
      if (path.includes('0001/rows') && query.get('limit') === '20' && query.size < 3) {
        pages.push(query.get('page') ?? query.get('after'))
      }
      return response
    }
    const verdict = await checkTarget(readSubject(), createServer({ many, answer: count }), OPTIONS)
    expect(verdict.findings.map(({ message }) => message)).toEqual([])
    return pages
  }

  it('is read at its beginning, in the middle and at the end where there are very many', async () => {
    // The first stands there twice: once for the parameter's bound, once as the page itself.
    expect(await pagesOf(12_001)).toEqual([null, null, '301', '601'])
  })

  it('is walked for twenty pages where there are too many to walk to the end', async () => {
    expect((await pagesOf(1_500)).length).toBe(21)
  })

  it('is not believed when its last page promises more, or holds less', async () => {
    const fault = {
      many: 12_001,
      body: (body: JsonObject, { query }: Asked) => {
        return query.get('page') === '601' ? { ...body, rows: [], more: true } : body
      },
    }
    const verdict = await checkTarget(readSubject(), createServer(fault), OPTIONS)
    expect(verdict.findings.map(({ message }) => message)).toEqual([
      'job many-pages, far pages: the last page must hold 1 row by its total, holds 0',
      expect.stringMatching(/^job many-pages, far pages: \/more is true on /),
    ])
  })
})

describe('a run', () => {
  it('changes nothing unless writes are allowed', async () => {
    const methods = new Set<string>()
    const count = (response: Response, { method }: Asked): Response => {
      methods.add(method)
      return response
    }
    await checkTarget(readSubject(), createServer({ answer: count }), { baseUrl: 'http://acme.test' })
    expect([...methods].sort()).toEqual(['GET', 'HEAD', 'OPTIONS'])
  })

  it('sends every request below the base URL, with credentials unless it tests their lack', async () => {
    const seen: [string, string | null][] = []
    const server = createServer()
    await checkTarget(
      readSubject(),
      (request) => {
        const url = request.url.replace('/mount', '')
        if (!url.includes('_standin')) seen.push([request.url, request.headers.get('authorization')])
        return server(new Request(url, request))
      },
      { baseUrl: 'http://acme.test/mount/' },
    )
    expect(seen.filter(([url]) => !/^http:\/\/acme\.test\/mount\/jobs(?:\/|$)/.test(url))).toEqual([])
    const without = seen.filter(([, credential]) => credential !== 'Bearer acme-key')
    const each = ['Basic c3RhbmRpbjp3cm9uZw==', 'Bearer', 'standin', null]
    expect(without.map(([, credential]) => credential).sort()).toEqual([...each, ...each].sort())
  })

  it('tells its progress, never more done than planned', async () => {
    const steps: [number, number][] = []
    const onProgress = (done: number, planned: number): void => void steps.push([done, planned])
    const verdict = await checkTarget(readSubject(), createServer(), { ...OPTIONS, onProgress })
    expect(steps.map(([done]) => done)).toEqual(steps.map((_, position) => position + 1))
    expect(steps.every(([done, planned]) => done <= planned)).toBe(true)
    expect(steps.length).toBe(verdict.exchanges)
  })

  it('ends when it is told to, and tells what it saw till then and what it left undone', async () => {
    const controller = new AbortController()
    const onProgress = (done: number): void => {
      if (done === 20) controller.abort(new Error('enough'))
    }
    const options = { ...OPTIONS, onProgress, signal: controller.signal }
    const verdict = await checkTarget(readSubject(), createServer(), options)
    expect(verdict.stopped).toMatch(
      /^enough; not done: makeJob \(\d+\), readJob \(\d+\), readRows \(\d+\), stop/,
    )
    expect(verdict.exchanges).toBeGreaterThanOrEqual(20)
    expect(verdict.exchanges).toBeLessThan(30)
  })

  it('says so when the target cannot be reached at all', async () => {
    const nobody = (): Promise<Response> =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:1') }))
    const jobs = [{ id: '10000000-0000-4000-8000-000000000001' }]
    await expect(checkTarget(readSubject(), nobody, { ...OPTIONS, jobs })).rejects.toThrow(TargetUnreachable)
    await expect(checkTarget(readSubject(), nobody, { ...OPTIONS, jobs })).rejects.toThrow(/ECONNREFUSED/)
    await expect(checkTarget(readSubject(), nobody, OPTIONS)).rejects.toThrow(TargetUnreachable)
  })

  it('reports a connection that breaks later as a finding', async () => {
    const server = createServer()
    const flaky = (request: Request): Promise<Response> =>
      request.url.includes('sort=weight') ? Promise.reject(new Error('socket hang up')) : server(request)
    const verdict = await checkTarget(readSubject(), flaky, OPTIONS)
    expect(verdict.findings.map(({ check, message }) => [check, message])).toEqual([
      ['no_server_error', expect.stringMatching(/^no answer came: socket hang up \(\d+ times/)],
    ])
  })
})
