/**
 * What is asked of jobs (J07 to J11: links, keys, cancelling, unknown ids, waits and limits): each fault
 * planted in the workshop is found by its own check, at its place and its line.
 */
import { describe, expect, it } from 'vitest'
import type { Planted } from './workshop/planted.ts'
import { findsIt, isMade, isRead, told } from './workshop/planted.ts'
import type { Asked, Fault } from './workshop/server.ts'
import { inJob } from './workshop/server.ts'
import { judgeWorkshop } from './workshop/subject.ts'

const inAnswer = (fits: (asked: Asked) => boolean, change: (headers: Headers) => void): Fault => ({
  answer: (response, asked) => {
    if (response.ok && fits(asked)) change(response.headers)
    return response
  },
})

const STATE = 'state: { type: string }'

const PLANTED: readonly Planted[] = [
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
      (headers) => {
        headers.set('date', 'Sun, 06 Nov 1994 08:49:38 GMT')
        headers.set('retry-after', 'Sun, 06 Nov 1994 08:49:37 GMT')
      },
    ),
    message: /Retry-After must not lie behind, is "Sun, 06 Nov 1994 08:49:37 GMT"/,
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
]

describe('the judge', () => {
  it.each(PLANTED.map((each) => [each.name, each] as const))('finds %s', (_, each) => findsIt(each))

  it('lets nobody be told to wait: no seconds are a number of seconds', async () => {
    const fault = inAnswer(
      ({ path, method }) => path === '/jobs' && method === 'POST',
      (headers) => headers.set('retry-after', '0'),
    )
    expect(told(await judgeWorkshop(fault))).toEqual([])
  })
})
