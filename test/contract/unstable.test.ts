import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { inRow, inRows } from './acme/planted.ts'
import type { Fault } from './acme/server.ts'
import { createServer, JOBS } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'
import type { Fault as WorkshopFault } from './workshop/server.ts'
import { createWorkshop } from './workshop/server.ts'
import { judgeWorkshop, readSubject as readWorkshop } from './workshop/subject.ts'

const OPTIONS = { baseUrl: 'http://acme.test', seed: 7, concurrency: 1 } as const

const judge = (fault: Fault, options = {}): Promise<Verdict> =>
  checkTarget(readSubject(), createServer(fault), { ...OPTIONS, ...options })

/** A fault of the first so many answers that it would strike. */
function firstTimes(times: number, path: string, plant: (response: Response) => Response): Fault {
  let left = times
  return {
    answer: (response, asked) => {
      if (response.status !== 200 || !asked.path.endsWith(path) || left === 0) return response
      left -= 1
      return plant(response)
    },
  }
}

const broken = (): Response => Response.json({ error: 'sorry' }, { status: 500, headers: { 'x-left': '7' } })
const marks = ({ findings }: Verdict): object[] =>
  findings.map(({ check, unstable = false }) => [check, unstable])

describe('a fault that is gone when it is asked for again', () => {
  it('is told of as unstable, and does not break the run', async () => {
    const verdict = await judge(firstTimes(1, '0002/rows', broken))
    expect(marks(verdict)).toEqual(
      expect.arrayContaining([
        ['no_server_error', true],
        ['status_code_conformance', true],
      ]),
    )
    expect(verdict.findings.filter(({ unstable }) => unstable !== true)).toEqual([])
    expect(verdict.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(exitCode([verdict])).toBe(0)
  })

  it('breaks the run where nobody looks again', async () => {
    const verdict = await judge(firstTimes(1, '0002/rows', broken), { recheck: false })
    expect(verdict.findings.some(({ unstable }) => unstable === true)).toBe(false)
    expect(exitCode([verdict])).toBe(1)
  })

  it('that takes a walk to see is looked for by the whole walk again', async () => {
    let struck = false
    const fault = inRows((body, rows, { query, path }) => {
      if (struck || !path.includes('0001') || query.get('after') === null) return body
      struck = true
      return { ...body, total: Number(body['total']) + rows.length }
    })
    const verdict = await judge(fault)
    expect(verdict.findings.map(({ check, unstable }) => [check, unstable])).toContainEqual(['P01', true])
    expect(exitCode([verdict])).toBe(0)
  })
})

describe('a fault that stays', () => {
  it('is an error, whatever else flips', async () => {
    const flips = firstTimes(1, '0002/rows', broken)
    const stays = inRow(1, (row) => ({ ...row, weight: -1 }))
    const verdict = await judge({ ...flips, ...stays })
    expect(marks(verdict)).toContainEqual(['response_schema_conformance', false])
    expect(exitCode([verdict])).toBe(1)
  })

  it('is not taken for gone when the second answer says nothing about it', async () => {
    let asked = 0
    const fault: Fault = {
      answer: (response, { path }) => {
        if (!path.endsWith('0002/rows') || response.status !== 200) return response
        asked += 1
        return asked === 1 ? broken() : new Response('', { status: 503 })
      },
    }
    const verdict = await judge(fault)
    const first = verdict.findings.find(({ check, status }) => check === 'no_server_error' && status === 500)
    expect(first).toBeDefined()
    expect(first?.unstable).toBeUndefined()
    expect(exitCode([verdict])).toBe(1)
  })

  it('of a job that still runs is not asked again: it would not be the same question', async () => {
    const living = { id: JOBS[1].id, state: 'running', living: true } as const
    const verdict = await judge(firstTimes(1, '0002/rows', broken), {
      jobs: [living, { id: JOBS[0].id, state: 'succeeded' }],
    })
    const found = verdict.findings.filter(({ check }) => check === 'no_server_error')
    expect(found.length).toBeGreaterThan(0)
    expect(exitCode([verdict])).toBe(1)
  })
})

describe('a second look', () => {
  it('leaves no trace in the numbers of the verdict', async () => {
    const fault = inRow(1, (row) => ({ ...row, weight: -1 }))
    const [with_, without] = [await judge(fault), await judge(fault, { recheck: false })]
    expect(with_.exchanges).toBe(without.exchanges)
    expect(with_.findings.map(({ id, count }) => [id, count])).toEqual(
      without.findings.map(({ id, count }) => [id, count]),
    )
    expect(with_.coverage).toEqual(without.coverage)
  })

  it('never writes where writing is not allowed', async () => {
    const methods = new Set<string>()
    const fault: Fault = {
      answer: (response, { method }) => {
        methods.add(method)
        return response.status === 401 ? Response.json({}, { status: 401 }) : response
      },
    }
    await judge(fault)
    expect([...methods].sort()).toEqual(['GET', 'HEAD', 'OPTIONS'])
  })
})

describe('a fault in the lives of jobs', () => {
  const FAULTS: readonly (readonly [string, string, WorkshopFault])[] = [
    [
      'J07',
      'a Location of another job',
      {
        answer: (response, { path, method }) => {
          if (method !== 'POST' || path !== '/jobs' || !response.ok) return response
          response.headers.set('location', '/jobs/40000000-0000-4000-8000-000000000001')
          return response
        },
      },
    ],
    ['J09', 'an ended job that is changed by a cancel', { stops: 'changes' }],
    ['J08', 'a key that makes a second job', { forgetful: true }],
  ]

  it.each(FAULTS)('%s: %s stays one when it is looked at again', async (check, _, fault) => {
    const verdict = await judgeWorkshop(fault)
    const found = verdict.findings.filter((finding) => finding.check === check)
    expect(found.map(({ unstable = false }) => unstable)).toEqual(found.map(() => false))
    expect(found.length).toBeGreaterThan(0)
  })

  it('is found where the document has no example of what makes one', async () => {
    const subject = readWorkshop()
    const stripped = JSON.parse(JSON.stringify(subject.document.json), (name, value: unknown) =>
      name === 'example' || name === 'examples' ? undefined : value,
    ) as JsonObject
    const document = createDocument('workshop', 'workshop/openapi.yaml', stripped)
    const verdict = await judgeWorkshop({ forgetful: true }, {}, { ...subject, document })
    expect(verdict.findings.map(({ check }) => check)).toContain('J08')
  })

  it('is told apart from that of another run by the keys of its requests', async () => {
    const keys = async (nonce: string): Promise<readonly string[]> => {
      const sent = new Set<string>()
      const workshop = createWorkshop({ nowMs: Date.UTC(2026, 5, 1) }, {})
      const target: Target = (request) => {
        const key = request.headers.get('idempotency-key')
        if (key !== null) sent.add(key)
        return workshop(request)
      }
      const options = { baseUrl: 'http://workshop.test', allowWrites: true, seed: 3, nonce }
      await checkTarget(readWorkshop(), target, { ...options, selection: { only: ['J08'] } })
      return [...sent]
    }
    const [first, again, other] = [await keys('a'), await keys('a'), await keys('b')]
    expect(first.length).toBeGreaterThan(0)
    expect(again).toEqual(first)
    expect(other.filter((key) => first.includes(key))).toEqual([])
  })
})
