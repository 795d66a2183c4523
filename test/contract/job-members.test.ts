/**
 * What a job says of itself (J01 to J06: its state, progress, times and error), in one answer and from one to
 * the next: each fault planted in the workshop is found by its own check, at its place and its line.
 */
import { describe, it } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Planted } from './workshop/planted.ts'
import { findsIt, isMade, isRead, isState, progressOf } from './workshop/planted.ts'
import type { Asked, Fault } from './workshop/server.ts'
import { inJob } from './workshop/server.ts'

const later = (text: Json | undefined, ms: number): string =>
  new Date(Date.parse(String(text)) + ms).toISOString()

/** A job whose every later read after the end says something else. */
const afterTheEnd = (change: (job: JsonObject, asked: Asked) => JsonObject): Fault => ({
  job: (job, asked) =>
    isMade(job) && isState('done', 'stopped')(job) && isRead(asked) ? { ...job, ...change(job, asked) } : job,
})

const STATE = 'state: { type: string }'

const PLANTED: readonly Planted[] = [
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
]

describe('the judge', () => {
  it.each(PLANTED.map((each) => [each.name, each] as const))('finds %s', (_, each) => findsIt(each))
})
