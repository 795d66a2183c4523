/**
 * The invariants of jobs (J01 to J13, C01, C02) on a small server whose jobs live: nothing is found where it
 * is right, another tenant must be shown nothing, recorded jobs are judged in their order, and transitions
 * lead as far as the contract says. Planted faults are in `job-members`, `job-requests` and `job-rows`.
 */
import { describe, expect, it } from 'vitest'
import { exchangesFromHar } from '../../src/contract/har.ts'
import { reachableFrom } from '../../src/contract/job/state-law.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import { USUAL_TRANSITIONS } from '../../src/job-contract/job-words.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { told } from './workshop/planted.ts'
import type { Fault } from './workshop/server.ts'
import { judgeWorkshop, readSubject } from './workshop/subject.ts'

describe('a workshop that keeps its contract', () => {
  it('gives no finding, and every invariant of jobs has something to bite on', async () => {
    const verdict = await judgeWorkshop()
    expect(told(verdict)).toEqual([])
    const jobs = Array.from({ length: 13 }, (_, at) => `J${String(at + 1).padStart(2, '0')}`)
    const passed = new Set<string>(
      verdict.checks.flatMap(({ check, outcome }) => (outcome === 'passed' ? [check] : [])),
    )
    expect([...jobs, 'C01', 'C02'].filter((name) => !passed.has(name))).toEqual([])
  })
})

describe('another tenant', () => {
  const other = { otherCredentials: { authorization: 'Bearer other-key' } }
  const wrong = async (fault: Fault, options = other): Promise<readonly string[]> =>
    told(await judgeWorkshop(fault, { ...options, allowWrites: false }))

  it('is shown nothing by a server that keeps its contract, and is never told of', async () => {
    const verdict = await judgeWorkshop({}, other)
    expect(told(verdict)).toEqual([])
    expect(JSON.stringify(verdict)).not.toContain('other-key')
  })

  it('is found to be shown jobs', async () => {
    const messages = await wrong({ leaks: 'jobs' })
    expect(messages.join('\n')).toMatch(/^J10: job \S+ is of somebody else: must be 404 or 403, is 200/m)
    expect(messages.filter((message) => !message.startsWith('J10'))).toEqual([])
  })

  it('is found to be told that there are jobs', async () => {
    const messages = await wrong({ leaks: 'that there are jobs' })
    expect(messages.join('\n')).toMatch(/^J10: .* looks otherwise than that of an unknown id/m)
  })

  it('says nothing where its own key is refused', async () => {
    const options = { otherCredentials: { authorization: 'Bearer nobody' } }
    expect(await wrong({ leaks: 'jobs' }, options)).toEqual([])
  })
})

describe('recorded jobs', () => {
  const ID = '40000000-0000-4000-8000-000000000009'
  const START = Date.UTC(2026, 5, 1)
  const at = (ms: number): string => new Date(START + ms).toISOString()
  const jobOf = (state: string): JsonObject => ({
    id: ID,
    state,
    created_at: at(0),
    started_at: state === 'waiting' ? null : at(1_000),
    updated_at: at(1_000),
    ended_at: state === 'done' ? at(9_000) : null,
    progress: { total: 4, done: state === 'done' ? 4 : 0, failed: 0, percent: state === 'done' ? 100 : 0 },
    error: null,
    links: { self: `/jobs/${ID}` },
  })
  const entry = (state: string, startMs: number, time: number): Json => ({
    startedDateTime: at(startMs),
    time,
    request: { method: 'GET', url: `http://workshop.test/jobs/${ID}`, headers: [] },
    response: {
      status: 200,
      headers: [{ name: 'content-type', value: 'application/json' }],
      content: { text: JSON.stringify(jobOf(state)) },
    },
  })
  const judgeHar = async (...entries: Json[]): Promise<readonly string[]> =>
    told(await checkExchanges(readSubject(), exchangesFromHar(JSON.stringify({ log: { entries } }))))

  it('are judged in the order in which they were asked for', async () => {
    const [waiting, working, done] = [
      entry('waiting', 0, 5),
      entry('working', 2_000, 5),
      entry('done', 9_500, 5),
    ]
    expect(await judgeHar(done, waiting, working)).toEqual([])
    expect(await judgeHar(entry('done', 0, 5), working)).toEqual([
      `J01: job ${ID}: /state is "working", but it was "done" before, and nothing leads there`,
    ])
  })

  it('have no order where their exchanges overlap', async () => {
    expect(await judgeHar(entry('done', 0, 3_000), entry('working', 2_000, 5))).toEqual([])
  })
})

describe('transitions', () => {
  it('lead on by as many steps as a reader may have missed', () => {
    expect([...reachableFrom(USUAL_TRANSITIONS, ['queued'])].sort()).toEqual([...JOB_STATES].sort())
    expect([...reachableFrom(USUAL_TRANSITIONS, ['succeeded'])]).toEqual(['succeeded'])
  })

  it('let an ended job begin anew where the contract says so', async () => {
    const fault: Fault = {
      job: (job, { again, path }) => {
        if (!path.endsWith('000000000003') || again === 0) return job
        const progress = { total: 6, done: 0, failed: 0, percent: 0 }
        return { ...job, state: 'waiting', error: null, started_at: null, ended_at: null, progress }
      },
    }
    const found = async (subject = readSubject()): Promise<number> =>
      (await judgeWorkshop(fault, { allowWrites: false }, subject)).findings.filter(
        ({ check }) => check === 'J01',
      ).length
    expect(await found()).toBe(1)
    expect(await found(readSubject((data) => ({ ...data, transitions: { failed: ['queued'] } })))).toBe(0)
  })
})
