/**
 * Answers that are spoiled on their way, each so that one law of a job's life is broken: they show that the
 * laws bite.
 *
 * @module
 */
import type { Json } from '../../src/model/json.ts'
import { Reply } from './door.ts'
import type { LifeLaw } from './followed.ts'
import type { Life, Spoil, Tracked } from './life.ts'

/** A fault, and the law that must see it. */
export interface Spoiled {
  readonly law: LifeLaw
  readonly api: string
  readonly what: string
  readonly spoil: Spoil
}

type Body = { [name: string]: Json | undefined }

/** Spoils the bodies of an operation that succeeded, where a condition holds. */
function inBody(
  operation: string,
  holds: (body: Body, tracked: Tracked | undefined, life: Life) => boolean,
  change: (body: Body) => void,
): Spoil {
  return (reply, operationId, jobId, life) => {
    if (operationId !== operation || reply.status >= 300 || reply.text === '') return reply
    const body = JSON.parse(reply.text) as Body
    if (!holds(body, trackedIn(life, jobId), life)) return reply
    change(body)
    return withText(reply, JSON.stringify(body))
  }
}

function withText({ method, url, status, headers }: Reply, text: string): Reply {
  return new Reply(method, url, status, headers, text)
}

function withStatus({ method, url, headers, text }: Reply, status: number): Reply {
  return new Reply(method, url, status, headers, text)
}

function withHeader({ method, url, status, headers, text }: Reply, name: string, value: string): Reply {
  const others = new Headers(headers)
  others.set(name, value)
  return new Reply(method, url, status, others, text)
}

function trackedIn({ jobs }: Life, jobId: string): Tracked | undefined {
  return jobs.find(({ made }) => made.id === jobId)
}

const always = (): boolean => true
const is =
  (...states: readonly string[]) =>
  (body: Body) =>
    states.includes(String(body['status']))
/** It was seen to be over some time ago. */
const longOver = (_: Body, tracked: Tracked | undefined, { instant }: Life): boolean =>
  tracked !== undefined && tracked.overAt >= 0 && instant > tracked.overAt
const atTimes = (_: Body, __: Tracked | undefined, { instant }: Life): boolean => instant % 3 === 2
const list = (value: Json | undefined): Json[] => (value ?? []) as Json[]
const part = (value: Json | undefined): Body => (value ?? {}) as Body
const later = (value: Json | undefined, ms: number): string =>
  new Date(Date.parse(String(value)) + ms).toISOString()

/** Each must be seen by its law. */
export const spoiled: readonly Spoiled[] = [
  {
    ...{ law: 'J01', api: 'skop', what: 'a job goes back to work' },
    spoil: inBody('getJobStatus', longOver, (body) => {
      body['status'] = 'in_progress'
    }),
  },
  {
    ...{ law: 'J01', api: 'llama-stack', what: 'a job that failed has been completed' },
    spoil: inBody(
      'getEvalJobStatus',
      (body, ...rest) => is('failed')(body) && longOver(body, ...rest),
      (body) => {
        body['status'] = 'completed'
      },
    ),
  },
  {
    ...{ law: 'J01', api: 'talonic', what: 'a word that no job has' },
    spoil: inBody('getJob', is('processing'), (body) => {
      body['status'] = 'busy'
    }),
  },
  {
    ...{ law: 'J02', api: 'talonic', what: 'the end of a job moves' },
    spoil: inBody('getJob', longOver, (body) => {
      body['completed_at'] = later(body['completed_at'], 1)
    }),
  },
  {
    ...{ law: 'J02', api: 'deepset', what: 'a row of a job that is over changes' },
    spoil: inBody('getJobResults', longOver, (body) => {
      for (const row of list(body['data'])) part(row)['duration'] = 99
    }),
  },
  {
    ...{ law: 'J02', api: 'scale-dex', what: 'an entity tag changes while the body stays' },
    spoil: (reply, _, jobId, life) =>
      longOver({}, trackedIn(life, jobId), life) ? withHeader(reply, 'etag', `"${life.instant}"`) : reply,
  },
  {
    ...{ law: 'J03', api: 'skop', what: 'progress falls now and then' },
    spoil: inBody('getJobStatus', atTimes, (body) => {
      body['progress'] = Number(body['progress']) / 2
    }),
  },
  {
    ...{ law: 'J03', api: 'deepset', what: 'the first row is gone now and then' },
    spoil: inBody('getJobResults', atTimes, (body) => {
      body['data'] = list(body['data']).slice(1)
    }),
  },
  {
    ...{ law: 'J03', api: 'scale-dex', what: 'a child that was parsed has failed' },
    spoil: inBody('getJob', atTimes, (body) => {
      for (const child of list(part(body['progress'])['child_jobs'])) {
        if (part(child)['status'] === 'succeeded') part(child)['status'] = 'failed'
      }
    }),
  },
  {
    ...{ law: 'J03', api: 'talonic', what: 'the number of documents changes' },
    spoil: inBody('getJob', atTimes, (body) => {
      body['document_count'] = Number(body['document_count']) + 1
    }),
  },
  {
    ...{ law: 'J04', api: 'talonic', what: 'a complete job has a document left' },
    spoil: inBody('getJob', is('complete'), (body) => {
      body['document_count'] = Number(body['document_count']) + 1
    }),
  },
  {
    ...{ law: 'J04', api: 'llama-stack', what: 'a result lacks a generation' },
    spoil: inBody('getEvalJobResult', always, (body) => {
      body['generations'] = list(body['generations']).slice(1)
    }),
  },
  {
    ...{ law: 'J04', api: 'skop', what: 'a job that lost something does not say so' },
    spoil: inBody('getJobResults', is('completed'), (body) => {
      body['errors'] = []
      body['has_errors'] = false
    }),
  },
  {
    ...{ law: 'J05', api: 'scale-dex', what: 'a job ends before it has started' },
    spoil: inBody('getJob', is('succeeded', 'failed'), (body) => {
      body['completed_at'] = later(body['created_at'], -1)
    }),
  },
  {
    ...{ law: 'J05', api: 'talonic', what: 'a job that runs has not started' },
    spoil: inBody('getJob', is('processing'), (body) => {
      body['started_at'] = null
    }),
  },
  {
    ...{ law: 'J05', api: 'skop', what: 'an answer is dated by the wall' },
    spoil: (reply) => withHeader(reply, 'date', 'Wed, 25 Nov 2026 06:00:00 GMT'),
  },
  {
    ...{ law: 'J06', api: 'talonic', what: 'a job that failed does not say why' },
    spoil: inBody('getJob', is('failed'), (body) => {
      body['error'] = null
    }),
  },
  {
    ...{ law: 'J06', api: 'scale-dex', what: 'a job that was cancelled has an error' },
    spoil: inBody('getJob', is('cancelled'), (body) => {
      body['error'] = 'cancelled'
    }),
  },
  {
    ...{ law: 'J07', api: 'talonic', what: 'a job links to nothing' },
    spoil: inBody('getJob', always, (body) => {
      part(body['links'])['self'] = '/talonic/v1/jobs/00000000-0000-4000-8000-000000000000'
    }),
  },
  {
    ...{ law: 'J07', api: 'skop', what: 'results are of another job' },
    spoil: inBody('getJobResults', always, (body) => {
      body['job_id'] = 'job_1'
    }),
  },
  {
    ...{ law: 'J08', api: 'talonic', what: 'a request that comes again makes another job' },
    spoil: inBody(
      'createJob',
      (body, _, { jobs }) => jobs.some(({ made }) => made.id === body['id']),
      (body) => {
        body['id'] = '00000000-0000-4000-8000-000000000000'
      },
    ),
  },
  {
    ...{ law: 'J08', api: 'talonic', what: 'a key may come with another request' },
    spoil: (reply, operation) =>
      operation === 'createJob' && reply.status === 400 ? withStatus(reply, 201) : reply,
  },
  {
    ...{ law: 'J09', api: 'skop', what: 'what has ended can be cancelled' },
    spoil: (reply, operation) =>
      operation === 'cancelJob' && reply.status === 400 ? withStatus(reply, 200) : reply,
  },
  {
    ...{ law: 'J09', api: 'scale-dex', what: 'what is cancelled goes on' },
    spoil: inBody('getJob', is('cancelled'), (body) => {
      body['status'] = 'pending'
      body['completed_at'] = null
    }),
  },
  {
    ...{ law: 'J10', api: 'deepset', what: 'an unknown job has no rows' },
    spoil: (reply, _, jobId) =>
      jobId.startsWith('00000000') && reply.status === 404 ? withStatus(reply, 200) : reply,
  },
  {
    ...{
      law: 'J10',
      api: 'talonic',
      what: 'a job of somebody else is forbidden, and so is known to be there',
    },
    spoil: (reply, _, jobId, life) => {
      const isForeign = reply.status === 404 && !jobId.startsWith('00000000')
      return isForeign && trackedIn(life, jobId) === undefined ? withStatus(reply, 403) : reply
    },
  },
  {
    ...{ law: 'J11', api: 'talonic', what: 'who waits as told comes too early' },
    spoil: (reply) => (reply.status === 429 ? withHeader(reply, 'retry-after', '1') : reply),
  },
  {
    ...{ law: 'J11', api: 'llama-stack', what: 'who is refused is told to wait for no time' },
    spoil: (reply) => (reply.status === 429 ? withHeader(reply, 'retry-after', '0') : reply),
  },
  {
    ...{ law: 'J12', api: 'talonic', what: 'a job that waits has a row' },
    spoil: inBody(
      'getJobResults',
      (body) => body['job_status'] === 'pending',
      (body) => {
        body['total_rows'] = 1
      },
    ),
  },
  {
    ...{ law: 'J12', api: 'deepset', what: 'rows are promised where there are none' },
    spoil: inBody(
      'getJobResults',
      (body) => list(body['data']).length === 0,
      (body) => {
        body['has_more'] = true
      },
    ),
  },
  {
    ...{ law: 'J13', api: 'talonic', what: 'a document more is done than there are rows' },
    spoil: inBody('getJob', is('processing'), (body) => {
      body['completed_documents'] = Number(body['completed_documents']) + 1
    }),
  },
  {
    ...{ law: 'J13', api: 'scale-dex', what: 'a child that was parsed is counted as lost' },
    spoil: inBody(
      'getJob',
      (body) => Number(part(body['progress'])['succeeded'] ?? 0) > 0,
      (body) => {
        const progress = part(body['progress'])
        progress['succeeded'] = Number(progress['succeeded']) - 1
        progress['failed'] = Number(progress['failed']) + 1
      },
    ),
  },
  {
    ...{ law: 'J13', api: 'llama-stack', what: 'a result is there before the job is completed' },
    spoil: (reply, operation) =>
      operation === 'getEvalJobResult' && reply.status === 400 && /in_progress/.test(reply.text)
        ? withText(withStatus(reply, 200), '{"generations":[],"scores":{}}')
        : reply,
  },
]
