/**
 * The invariants of jobs (J01 to J13, C01, C02) on a small server whose jobs live: nothing is found where
 * it is right, and each planted fault by its own check, at its place and its line.
 */
import { describe, expect, it } from 'vitest'
import { waitMs } from '../../src/contract/check/retry-after.ts'
import type { CheckName } from '../../src/contract/finding.ts'
import { exchangesFromHar } from '../../src/contract/har.ts'
import { toMs } from '../../src/contract/job/instant-law.ts'
import { reachableFrom } from '../../src/contract/job/state-law.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { USUAL_TRANSITIONS } from '../../src/job-contract/job-words.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Asked, Fault } from './workshop/server.ts'
import { inJob } from './workshop/server.ts'
import { judgeWorkshop, lineOf, readSubject } from './workshop/subject.ts'

const told = ({ findings }: Verdict): readonly string[] =>
  findings.map(({ check, message }) => `${check}: ${message}`)

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

const isState =
  (...words: readonly string[]) =>
  ({ state }: JsonObject): boolean =>
    words.includes(String(state))
const isMade = ({ id }: JsonObject): boolean => String(id) > '40000000-0000-4000-8000-000000000006'
const progressOf = (job: JsonObject): Record<string, number> => ({
  ...(job['progress'] as unknown as Record<string, number>),
})
const later = (text: Json | undefined, ms: number): string =>
  new Date(Date.parse(String(text)) + ms).toISOString()
const isRows = ({ path }: Asked): boolean => path.endsWith('/rows')
const isRead = ({ method, path }: Asked): boolean => method === 'GET' && /^\/jobs\/[^/]+$/.test(path)

/** A job whose every later read after the end says something else. */
const afterTheEnd = (change: (job: JsonObject, asked: Asked) => JsonObject): Fault => ({
  job: (job, asked) =>
    isMade(job) && isState('done', 'stopped')(job) && isRead(asked) ? { ...job, ...change(job, asked) } : job,
})
const inRows = (change: (row: JsonObject, at: number, asked: Asked) => JsonObject): Fault => ({
  body: (body, asked) =>
    isRows(asked)
      ? { ...body, rows: (body['rows'] as JsonObject[]).map((row, at) => change(row, at, asked)) }
      : body,
})
const inAnswer = (fits: (asked: Asked) => boolean, change: (headers: Headers) => void): Fault => ({
  answer: (response, asked) => {
    if (response.ok && fits(asked)) change(response.headers)
    return response
  },
})

interface Planted {
  readonly name: string
  readonly check: CheckName
  readonly fault: Fault
  readonly message: RegExp
  readonly at: RegExp
  readonly line: string
  /** It takes two exchanges to see. */
  readonly two?: true
}

const STATE = 'state: { type: string }'

const planted: readonly Planted[] = [
  {
    name: 'a job that runs, and waits again',
    check: 'J01',
    fault: {
      job: (job, { again }) =>
        isMade(job) && job['state'] === 'working' && again % 5 === 4 ? { ...job, state: 'waiting' } : job,
    },
    message: /\/state is "waiting", but it was "working" before/,
    at: /^(\/jobs\/\d+)?\/state$/,
    line: STATE,
    two: true,
  },
  {
    name: 'a failure that is overwritten by success',
    check: 'J01',
    fault: {
      job: (job, { again, path }) => {
        if (!path.endsWith('000000000003') || again === 0) return job
        return {
          ...job,
          state: 'done',
          error: null,
          progress: { total: 3, done: 3, failed: 0, percent: 100 },
        }
      },
    },
    message: /\/state is "done", but it was "broken" before/,
    at: /^\/state$/,
    line: STATE,
    two: true,
  },
  {
    name: 'a word that nobody knows',
    check: 'J01',
    fault: inJob(isState('working'), () => ({ state: 'busy' })),
    message: /\/state is "busy", which is no known state: waiting, working, .* or paused/,
    at: /\/state$/,
    line: STATE,
  },
  {
    name: 'a new job that has already ended',
    check: 'J01',
    fault: {
      job: (job, { method, path }) =>
        method === 'POST' && path === '/jobs' ? { ...job, state: 'ready' } : job,
    },
    message: /"ready"/,
    at: /^\/state$/,
    line: STATE,
  },
  {
    name: 'an ended job that is updated',
    check: 'J02',
    fault: afterTheEnd((job, { nowMs }) => ({
      updated_at: new Date(nowMs).toISOString(),
      id: job['id'] ?? null,
    })),
    message: /is "(done|stopped)", yet \/updated_at is "[^"]+", was "/,
    at: /^\/updated_at$/,
    line: 'updated_at: { type',
    two: true,
  },
  {
    name: 'an ended job that loses a link',
    check: 'J02',
    fault: afterTheEnd((job, { again }) =>
      again % 3 === 2 ? { links: {} } : { links: job['links'] ?? null },
    ),
    message: /yet \/links\/self is (nothing|"[^"]+"), was/,
    at: /^\/links\/self$/,
    line: 'self: { type: string }',
    two: true,
  },
  {
    name: 'progress that falls',
    check: 'J03',
    fault: inJob(
      (job) => isMade(job) && isState('working')(job) && Number(progressOf(job)['done']) > 2,
      (job) => ({ progress: { ...progressOf(job), done: 0 } }),
    ),
    message: /\/progress\/done fell to 0, was \d/,
    at: /\/progress\/done$/,
    line: 'done: { type: integer }',
    two: true,
  },
  {
    name: 'more done than there is',
    check: 'J03',
    fault: inJob(isState('working'), (job) => ({
      progress: { ...progressOf(job), done: Number(progressOf(job)['total']) + 1 },
    })),
    message: /\/progress\/done is \d+, above \/progress\/total, \d+/,
    at: /\/progress\/done$/,
    line: 'done: { type: integer }',
  },
  {
    name: 'more failed than done',
    check: 'J03',
    fault: inJob(isState('working'), (job) => ({ progress: { ...progressOf(job), failed: 99 } })),
    message: /\/progress\/failed is 99, above \/progress\/done/,
    at: /\/progress\/failed$/,
    line: 'failed: { type: integer }',
  },
  {
    name: 'a total that changes',
    check: 'J03',
    fault: {
      job: (job, { again }) =>
        isMade(job) ? { ...job, progress: { ...progressOf(job), total: 9 + (again % 2) } } : job,
    },
    message: /\/progress\/total is \d+, was \d+/,
    at: /\/progress\/total$/,
    line: 'total: { type: integer }\n            done',
    two: true,
  },
  {
    name: 'a percent beyond the whole',
    check: 'J03',
    fault: inJob(isState('partly'), (job) => ({ progress: { ...progressOf(job), percent: 101 } })),
    message: /\/progress\/percent is 101, above the whole, 100/,
    at: /\/progress\/percent$/,
    line: 'percent: { type: number }',
  },
  {
    name: 'success with a part undone',
    check: 'J04',
    fault: inJob(isState('done'), (job) => ({
      progress: { ...progressOf(job), done: Number(progressOf(job)['done']) - 1 },
    })),
    message: /is "done", yet \/progress\/done is \d+, and \/progress\/total \d+/,
    at: /\/progress\/done$/,
    line: 'done: { type: integer }',
  },
  {
    name: 'success at 99 percent',
    check: 'J04',
    fault: inJob(isState('done'), (job) => ({ progress: { ...progressOf(job), percent: 99 } })),
    message: /yet \/progress\/percent is 99, and the whole 100/,
    at: /\/progress\/percent$/,
    line: 'percent: { type: number }',
  },
  {
    name: 'an end without its time',
    check: 'J05',
    fault: inJob(isState('done'), () => ({ ended_at: null })),
    message: /is "done", yet \/ended_at is null/,
    at: /\/ended_at$/,
    line: 'ended_at: { type',
  },
  {
    name: 'a start before the creation',
    check: 'J05',
    fault: inJob(isState('working', 'done'), ({ created_at: created }) => ({
      started_at: later(created, -1),
    })),
    message: /started before it was created/,
    at: /\/started_at$/,
    line: 'started_at: { type',
  },
  {
    name: 'a job that waits and has started',
    check: 'J05',
    fault: inJob(isState('waiting'), ({ created_at: created }) => ({ started_at: created ?? null })),
    message: /is "waiting", yet \/started_at is "/,
    at: /\/started_at$/,
    line: 'started_at: { type',
  },
  {
    name: 'an end in the future',
    check: 'J05',
    fault: inJob(
      (job) => isMade(job) && isState('done', 'stopped')(job),
      ({ ended_at: ended }) => ({ ended_at: later(ended, 3_600_000) }),
    ),
    message: /ended at "[^"]+", but the answer is of /,
    at: /\/ended_at$/,
    line: 'ended_at: { type',
  },
  {
    name: 'an update that goes back',
    check: 'J05',
    fault: {
      job: (job, { again }) =>
        isMade(job) && job['state'] === 'working' && again % 3 === 2
          ? { ...job, updated_at: job['started_at'] ?? null }
          : job,
    },
    message: /\/updated_at is "[^"]+", was "/,
    at: /\/updated_at$/,
    line: 'updated_at: { type',
    two: true,
  },
  {
    name: 'a start that moves',
    check: 'J05',
    fault: {
      job: (job, { again }) =>
        isMade(job) && job['state'] === 'working'
          ? { ...job, started_at: later(job['created_at'], 4_000 + (again % 2)) }
          : job,
    },
    message: /\/started_at is "[^"]+", was "/,
    at: /\/started_at$/,
    line: 'started_at: { type',
    two: true,
  },
  {
    name: 'a failure without an error',
    check: 'J06',
    fault: inJob(isState('broken'), () => ({ error: null })),
    message: /is "broken", yet \/error is null/,
    at: /\/error$/,
    line: 'error:\n          type: [object',
  },
  {
    name: 'an error of a job that succeeded',
    check: 'J06',
    fault: inJob(isState('done'), () => ({ error: { code: 'x', message: 'y' } })),
    message: /is "done", yet \/error is \{/,
    at: /\/error$/,
    line: 'error:\n          type: [object',
  },
  {
    name: 'an error that says nothing',
    check: 'J06',
    fault: inJob(isState('broken'), () => ({ error: { code: 'jammed', message: ' ' } })),
    message: /the error says nothing at \/error\/message/,
    at: /\/error\/message$/,
    line: 'message: { type: string }',
  },
  {
    name: 'a Location that leads nowhere',
    check: 'J07',
    fault: inAnswer(
      ({ path, method }) => path === '/jobs' && method === 'POST',
      (headers) => headers.set('location', '/job/1'),
    ),
    message: /Location "\/job\/1" of job .* leads to no documented operation/,
    at: /^$/,
    line: 'Location: { required',
  },
  {
    name: 'a Location of another job',
    check: 'J07',
    fault: inAnswer(
      ({ path, method }) => path === '/jobs' && method === 'POST',
      (headers) => headers.set('location', '/jobs/40000000-0000-4000-8000-000000000001'),
    ),
    message: /leads to job 40000000-0000-4000-8000-000000000001/,
    at: /^$/,
    line: 'Location: { required',
  },
  {
    name: 'a link that is answered 404',
    check: 'J07',
    fault: {
      answer: (response, { path, again }) =>
        path.endsWith('/rows') && path > '/jobs/40000000-0000-4000-8000-000000000006' && again === 0
          ? Response.json({ error: 'gone' }, { status: 404 })
          : response,
    },
    message: /\/links\/rows ".*\/rows" of job .* is answered 404/,
    at: /^\/links\/rows$/,
    line: 'rows: { type: string }',
    two: true,
  },
  {
    name: 'a link to another kind of page',
    check: 'J07',
    fault: inJob(isMade, (job) => ({ links: { self: `/jobs/${job['id']}/rows` } })),
    message: /\/links\/self .* does not lead to \/jobs\/\{job_id\}/,
    at: /^\/links\/self$/,
    line: 'self: { type: string }',
  },
  {
    name: 'a key that is forgotten',
    check: 'J08',
    fault: { forgetful: true },
    message: /came again with its key and made job/,
    at: /^\/id$/,
    line: 'post:\n      operationId: makeJob',
    two: true,
  },
  {
    name: 'a key that takes any body',
    check: 'J08',
    fault: { credulous: true },
    message: /a key that came with another body before: must be 409, is 202/,
    at: /^$/,
    line: 'post:\n      operationId: makeJob',
    two: true,
  },
  {
    name: 'a second job behind the first answer',
    check: 'J08',
    fault: { twice: true },
    message: /came again with its key, and the list has job .* now/,
    at: /^\/jobs$/,
    line: 'get:\n      operationId: listJobs',
    two: true,
  },
  {
    name: 'a cancel of an ended job that is answered',
    check: 'J09',
    fault: { stops: 'answers' },
    message: /the job is "(done|stopped)", so cancelling it must be 409, is 200/,
    at: /^$/,
    line: 'post:\n      operationId: stopJob',
    two: true,
  },
  {
    name: 'a cancel of an ended job that is refused and works',
    check: 'J09',
    fault: { stops: 'refuses and changes' },
    message: /had ended, yet being cancelled changed \/state from "done" to "stopped"/,
    at: /^\/state$/,
    line: STATE,
    two: true,
  },
  {
    name: 'an unknown job that is answered',
    check: 'J10',
    fault: {
      answer: (response, { path }) =>
        isRead({ path, method: 'GET' } as Asked) && response.status === 404
          ? Response.json({ error: 'x' }, { status: 422 })
          : response,
    },
    message: /is of no job: must be 404, is 422/,
    at: /^$/,
    line: 'get:\n      operationId: readJob',
  },
  {
    name: 'a wait for a time that has gone',
    check: 'J11',
    fault: inAnswer(
      ({ path, method }) => path === '/jobs' && method === 'POST',
      (headers) => headers.set('retry-after', '0'),
    ),
    message: /Retry-After must lie ahead, is "0"/,
    at: /^$/,
    line: 'Retry-After: { required',
  },
  {
    name: 'a wait for a week',
    check: 'J11',
    fault: inAnswer(
      ({ path, method }) => path === '/jobs' && method === 'POST',
      (headers) => headers.set('retry-after', '604800'),
    ),
    message: /Retry-After must be a day at the most, is "604800"/,
    at: /^$/,
    line: 'Retry-After: { required',
  },
  {
    name: 'a wait in words',
    check: 'J11',
    fault: inAnswer(
      ({ path, method }) => path === '/jobs' && method === 'POST',
      (headers) => headers.set('retry-after', '2s'),
    ),
    message: /Retry-After must be a number of seconds or an HTTP date, is "2s"/,
    at: /^$/,
    line: 'Retry-After: { required',
  },
  {
    name: 'a limit that grows again within its window',
    check: 'J11',
    fault: {
      answer: (response, asked) => {
        if (isRead(asked)) response.headers.set('x-ratelimit-remaining', String(asked.again))
        return response
      },
    },
    message: /x-ratelimit-remaining is \d+, was \d+, though the window still ends at "2026-12-31T00:00:00Z"/,
    at: /^$/,
    line: 'X-RateLimit-Remaining: {',
    two: true,
  },
  {
    name: 'rows of a job that waits',
    check: 'J12',
    fault: {
      body: (body, asked) =>
        isRows(asked) && (body['rows'] as Json[]).length === 0 ? { ...body, total: 3 } : body,
    },
    message: /waits, so \/total must be 0, is 3/,
    at: /^\/total$/,
    line: 'total: { type: integer }\n                  more',
  },
  {
    name: 'a job that waits and promises more',
    check: 'J12',
    fault: {
      body: (body, asked) =>
        isRows(asked) && (body['rows'] as Json[]).length === 0 ? { ...body, next: 2 } : body,
    },
    message: /waits, so \/next must be null, is 2/,
    at: /^\/next$/,
    line: 'next: { type: [integer',
  },
  {
    name: 'rows that lag behind the progress',
    check: 'J13',
    fault: inJob(isState('working'), (job) => ({
      progress: { ...progressOf(job), done: Math.min(9, Number(progressOf(job)['done']) + 1) },
    })),
    message: /is "working" and has \d rows?, but done is \d/,
    at: /^\/total$/,
    line: 'total: { type: integer }\n                  more',
    two: true,
  },
  {
    name: 'a confidence beyond 1',
    check: 'C01',
    fault: inRows((row, at) => (at === 1 ? { ...row, confidence: 1.5 } : row)),
    message: /\/rows\/1\/confidence must be a number from 0 to 1, is 1.5/,
    at: /^\/rows\/1\/confidence$/,
    line: "confidence: { type: [number, 'null'] }\n        doubtful",
  },
  {
    name: 'confidence in a value that is not there',
    check: 'C01',
    fault: inRows((row) => (row['value'] === null ? { ...row, confidence: 0.4 } : row)),
    message: /confidence must be null or 0, since \/value is null; is 0.4/,
    at: /^\/rows\/\d\/confidence$/,
    line: "confidence: { type: [number, 'null'] }\n        doubtful",
  },
  {
    name: 'a flag on what is certain',
    check: 'C01',
    fault: inRows((row) => ({ ...row, doubtful: true })),
    message: /\/doubtful must not be set, since \/rows\/\d\/confidence, 0.75, is not below 0.5/,
    at: /^\/rows\/\d\/doubtful$/,
    line: 'doubtful: { type: boolean }',
  },
  {
    name: 'an overall beyond all confidences',
    check: 'C01',
    fault: {
      body: (body, asked) =>
        isRows(asked) && body['confidence'] !== null ? { ...body, confidence: 0.9 } : body,
    },
    message: /\/confidence must be from [\d.]+ to 0.75/,
    at: /^\/confidence$/,
    line: "confidence: { type: [number, 'null'] }\n        '401'",
  },
  {
    name: 'a counter of failures that is wrong',
    check: 'C02',
    fault: inJob(isState('done'), (job) => ({ progress: { ...progressOf(job), failed: 2 } })),
    message: /\/progress\/failed is 2, but 0 rows of its rows failed/,
    at: /^\/rows$/,
    line: 'rows: { type: array',
    two: true,
  },
  {
    name: 'a row that fails by one member alone',
    check: 'C02',
    fault: inRows((row) => (row['state'] === 'broken' ? { ...row, error: null } : row)),
    message: /row \d failed by state "broken", but not by error null/,
    at: /^\/rows\/\d\/error$/,
    line: "error: { type: [string, 'null'], enum",
  },
]

describe('the judge', () => {
  it.each(planted.map((each) => [each.name, each] as const))('finds %s', async (_, each) => {
    const verdict = await judgeWorkshop(each.fault)
    const found = verdict.findings.filter(
      ({ check, message }) => check === each.check && each.message.test(message),
    )
    const [first] = found.filter(({ at }) => each.at.test(at))
    expect(first, told(verdict).join('\n')).toBeDefined()
    expect(found.map(({ document }) => document.line)).toContain(lineOf(each.line))
    expect(first?.document.file).toBe('workshop/openapi.yaml')
    if (each.two === true) expect(first?.exchanges.length).toBe(2)
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

describe('instants', () => {
  it.each<readonly [Json, number | null]>([
    ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)],
    ['2026-01-01T01:00:00.5+01:00', Date.UTC(2026, 0, 1) + 500],
    ['2026-01-01T00:00:00', Date.UTC(2026, 0, 1)],
    ['2026-01-01 00:00:00.123456Z', Date.UTC(2026, 0, 1) + 123],
    [1_767_225_600, Date.UTC(2026, 0, 1)],
    [1_767_225_600_000, Date.UTC(2026, 0, 1)],
    ['soon', null],
    ['2026-13-01T00:00:00Z', null],
    [null, null],
    [{}, null],
  ])('are read from %j', (value, ms) => {
    expect(toMs(value)).toBe(ms)
  })
})

describe('a wait', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 30)
  it.each<readonly [string, number | null]>([
    ['7', 7_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 7_000],
    ['-7', null],
    ['7.5', null],
    ['1e3', null],
    ['', null],
    ['1994-11-06T08:49:37Z', null],
  ])('is read from %j', (text, ms) => {
    expect(waitMs(text, now)).toBe(ms)
  })
})
