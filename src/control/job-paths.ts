/**
 * What the control API's document says of jobs. What answers is `job-part.ts`.
 *
 * @module
 */
import { JOB_STATES, TERMINAL_STATES } from '../model/job.ts'
import type { JsonObject } from '../model/json.ts'
import { ROWS_LIMIT } from '../server/preference.ts'
import { NAME_PATTERN } from '../world/sandboxes.ts'
import {
  answer,
  body,
  created,
  duration,
  inPath,
  inQuery,
  members,
  problem,
  SANDBOX,
  schemaOf,
} from './describe.ts'

const JOB = {
  ...{ api: 'acme', id: 'job_68d96b515027', name: null, state: 'queued', rows: 0 },
  url: '/acme/jobs/job_68d96b515027/results',
  headers: { Authorization: 'Bearer standin' },
  living: true,
}

const NO_JOB = problem('There is no such API, or no such job.', 'job_not_found', 'There is no job job_0')
const OF_JOB = [
  SANDBOX,
  inPath('api', 'The id of an API.', 'acme'),
  inPath('id', 'The id of a job.', 'job_68d96b515027'),
]

/** By path. */
export const JOB_PATHS: JsonObject = {
  '/jobs': {
    get: {
      operationId: 'listJobs',
      tags: ['Jobs'],
      summary: 'List the jobs',
      description:
        'Every job of the sandbox, of one API or of all: the named ones first, then those that were made.',
      parameters: [
        SANDBOX,
        inQuery('api', 'The id of an API; all where it is left out or blank.', { type: 'string' }),
      ],
      responses: {
        200: answer('The jobs as they stand.', schemaOf('Jobs'), { jobs: [JOB] }),
        404: problem('There is no such API.', 'route_not_found', 'There is no API acmee'),
      },
    },
    post: {
      operationId: 'createJob',
      tags: ['Jobs'],
      summary: 'Make a job',
      description:
        'Makes a job of an API, whether or not its document has an operation that does. What is left ' +
        'out is drawn. A wish that the API cannot fulfil is refused, and nothing is made.',
      parameters: [SANDBOX],
      requestBody: body(schemaOf('NewJob'), { api: 'acme', outcome: 'failed', after: 'PT30S', rows: 250 }),
      responses: {
        201: created('The job.', schemaOf('Job'), JOB),
        409: problem(
          'A job of the API has this name.',
          'name_taken',
          'A job of acme is called nightly already',
        ),
      },
    },
  },
  '/jobs/{api}/{id}': {
    get: {
      operationId: 'getJob',
      tags: ['Jobs'],
      summary: 'Read a job',
      description: 'One job as it stands. The clock does not move by it.',
      parameters: OF_JOB,
      responses: { 200: answer('The job.', schemaOf('Job'), JOB), 404: NO_JOB },
    },
    patch: {
      operationId: 'moveJob',
      tags: ['Jobs'],
      summary: 'Move a job',
      description:
        'Moves a job to a state at once, or gives it another outcome. Named jobs, which stand still ' +
        'otherwise, can be moved too. No job goes back, and none that has ended goes on.',
      parameters: OF_JOB,
      requestBody: body(schemaOf('Move'), { state: 'failed' }),
      responses: {
        200: answer('The job as it stands now.', schemaOf('Job'), JOB),
        404: NO_JOB,
        409: problem(
          'The job has ended, or would go back.',
          'job_ended',
          'The job has ended: it is succeeded',
        ),
      },
    },
    delete: {
      operationId: 'removeJob',
      tags: ['Jobs'],
      summary: 'Remove a job',
      description: 'The job is gone from every view.',
      parameters: OF_JOB,
      responses: { 204: { description: 'It is gone.' }, 404: NO_JOB },
    },
  },
}

const TEXT = { type: 'string' }
const OUTCOME = { type: 'string', enum: [...TERMINAL_STATES], description: 'How it ends.' }
const STATE = { type: 'string', enum: [...JOB_STATES] }

/** What a job may be called by hand. */
export const JOB_NAME: JsonObject = {
  ...{ type: 'string', pattern: NAME_PATTERN },
  description: 'Unlike that of any other job of the API.',
}
/** How many rows a job may be wished to have. */
export const ROW_COUNT: JsonObject = {
  ...{ type: 'integer', minimum: 0, maximum: ROWS_LIMIT },
  description: 'How many rows it has in the end.',
}

/** By name. */
export const JOB_SCHEMAS: JsonObject = {
  Jobs: members({ jobs: { type: 'array', items: schemaOf('Job') } }),
  Job: members(
    {
      api: TEXT,
      id: TEXT,
      name: { type: ['string', 'null'], description: 'Null for jobs that requests made.' },
      state: STATE,
      rows: { type: 'integer', minimum: 0, description: 'Rows that can be read now.' },
      url: { ...TEXT, description: 'The path of its results, every parameter filled in.' },
      headers: {
        type: 'object',
        description:
          'Headers with which it can be read there: credentials, and the sandbox where it needs one.',
        additionalProperties: TEXT,
      },
      living: { const: true, description: 'Time moves it still; absent where it is held or has ended.' },
    },
    ['api', 'id', 'name', 'state', 'rows', 'url', 'headers'],
  ),
  NewJob: members(
    {
      api: { ...TEXT, description: 'The id of an API.' },
      rows: ROW_COUNT,
      outcome: OUTCOME,
      after: duration('From its making to its end, queueing included; 366 days at the most.'),
      name: JOB_NAME,
    },
    ['api'],
  ),
  Move: {
    ...members({ state: STATE, outcome: OUTCOME }, []),
    minProperties: 1,
  },
}
