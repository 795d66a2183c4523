/**
 * Faults in what Scale Dex says of its jobs.
 *
 * @module
 */
import type { Body, Fault, Planted } from './fault.ts'
import { listAt, objectAt, undocumentedStatus, withBody, wrongContentType } from './fault.ts'

const isJob = ({ status, request }: Planted): boolean => status === 200 && /\/jobs\/[^/?]+$/.test(request.url)
const isList = ({ status, request }: Planted): boolean => status === 200 && /\/jobs(\?|$)/.test(request.url)

/** A fault in the progress of every batch. */
const inProgress = (change: (progress: Body) => void) =>
  withBody(isJob, (body) => {
    const progress = objectAt(body, 'progress')
    if ('total' in progress) change(progress)
  })

/** Each must be found. */
export const faults: readonly Fault[] = [
  {
    name: 'a wrong type',
    check: 'response_schema_conformance',
    names: /\/progress\/total/,
    plant: inProgress((progress) => {
      progress['total'] = String(progress['total'])
    }),
  },
  {
    name: 'a missing field',
    check: 'response_schema_conformance',
    names: /operation/,
    plant: withBody(isJob, (body) => {
      delete body['operation']
    }),
  },
  {
    name: 'a wrong total',
    check: 'law',
    names: /the total is the four counts/,
    plant: inProgress((progress) => {
      progress['total'] = Number(progress['total']) + 1
    }),
  },
  {
    name: 'a child that stands there twice',
    check: 'law',
    names: /no child is listed twice/,
    plant: inProgress((progress) => {
      const children = listAt(progress, 'child_jobs')
      if (children[0] !== undefined && children.length > 1) children[1] = children[0]
    }),
  },
  {
    name: 'a history that is not in order',
    check: 'law',
    names: /the steps of a job are told in their order/,
    plant: withBody(isJob, (body) => {
      listAt(body, 'history').reverse()
    }),
  },
  {
    name: 'an end without its time',
    check: 'law',
    names: /completed_at/,
    plant: withBody(isJob, (body) => {
      body['completed_at'] = null
    }),
  },
  {
    name: 'an error of a job that has not failed',
    check: 'law',
    names: /a job that has not failed has no error/,
    plant: withBody(isJob, (body) => {
      if (body['status'] === 'succeeded') body['error'] = 'The file is damaged'
    }),
  },
  {
    name: 'a broken sum',
    check: 'law',
    names: /as many documents are parsed as children have succeeded/,
    plant: inProgress((progress) => {
      progress['succeeded'] = Number(progress['succeeded']) + 1
      progress['total'] = Number(progress['total']) + 1
    }),
  },
  undocumentedStatus(isJob, 203),
  wrongContentType(404),
  {
    name: 'a wrong echo',
    check: 'id_echo',
    names: /project_id/,
    plant: withBody(isJob, (body) => {
      body['project_id'] = '00000000-0000-4000-8000-000000000000'
    }),
  },
  {
    name: 'a page of the list that is lost',
    check: 'P01',
    names: /\/total_count is \d+, but the walk met \d+ jobs/,
    plant: withBody(isList, (body) => {
      body['next_token'] = null
    }),
  },
  {
    name: 'a filter that lets a job through',
    check: 'F01',
    names: /\/items\/0\/status is \S+, which status=\w+ leaves out/,
    plant: withBody(isList, (body) => {
      for (const job of listAt(body, 'items').slice(0, 1)) {
        job['status'] = job['status'] === 'pending' ? 'running' : 'pending'
      }
    }),
  },
  {
    name: 'a list that is not sorted',
    check: 'S01',
    names: /created_at is \S+, behind/,
    plant: withBody(isList, (body) => {
      listAt(body, 'items').reverse()
    }),
  },
]
