import { describe, expect, it } from 'vitest'
import { faultsOf } from '../../src/job-contract/contract-fault.ts'
import { statusOf } from '../../src/job-contract/job-contract.ts'
import { readJobContract } from '../../src/job-contract/read-job-contract.ts'
import { JOB_STATES } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import { CONTRACT_DATA, readSubject } from '../contract/acme/subject.ts'

const { document } = readSubject()
const place = (pointer: string): string => `contract.yaml:${pointer}`

function read(change: JsonObject): ReturnType<typeof readJobContract> {
  return readJobContract({ ...CONTRACT_DATA, ...change }, document, place)
}

describe('a job contract', () => {
  it('fills its defaults in', () => {
    const contract = readJobContract(
      { api: 'acme', operations: { readJob: { role: 'status' } } },
      document,
      place,
    )
    expect(contract).toMatchObject({ jobId: 'uuid', states: {}, scope: {}, refusals: {}, laws: [] })
    expect(contract.operations['readJob']).toEqual({
      role: 'status',
      job: null,
      id: null,
      state: null,
      echoes: {},
      blank: [],
      dryRun: null,
      idempotency: null,
      allowedIn: JOB_STATES,
      times: null,
      progress: null,
      error: null,
      links: {},
      volatile: [],
      confidences: [],
      rows: null,
      list: null,
    })
  })

  it('replaces what is usual of a state by what it says', () => {
    const { transitions, synonyms } = read({
      synonyms: { waiting: 'queued' },
      transitions: { failed: ['queued'] },
    })
    expect(transitions.failed).toEqual(['queued'])
    expect(transitions.running).toEqual(['succeeded', 'partially_succeeded', 'failed', 'cancelled'])
    expect(synonyms).toEqual({ waiting: 'queued' })
  })

  it('keeps what it says of a job beyond its state', () => {
    const words = { times: { created: '/at' }, progress: { done: '/done' }, error: { at: '/error' } }
    const operation = { role: 'status', links: { '/url': 'readJob' }, confidences: [{ confidence: '/c' }] }
    const { operations } = read({ operations: { readJob: { ...operation, ...words } } })
    expect(operations['readJob']).toMatchObject({
      times: { created: '/at', ended: null },
      progress: { done: '/done', total: null, whole: 100 },
      error: { at: '/error', code: null },
      links: { '/url': 'readJob' },
      confidences: [{ confidence: '/c', each: null, threshold: null }],
    })
  })

  it('keeps what it says of rows', () => {
    const rows = read({}).operations['readRows']?.rows
    expect(rows?.sort).toEqual({
      field: 'sort',
      order: 'order',
      descending: 'down',
      positional: ['position'],
    })
    expect(rows?.filter).toEqual({ parameter: 'filter', language: 'odata-equality', parents: ['size'] })
  })

  it('chooses the status of a refusal, or leaves the usual one', () => {
    expect(statusOf(read({}), 'job_ended', 400)).toBe(409)
    expect(statusOf(read({}), 'forbidden', 403)).toBe(403)
  })

  it.each([
    [
      'operations',
      { readJob: { role: 'status', links: { '/url': 'redJob' } } },
      '/operations/readJob/links/~1url',
      'operation `redJob`',
    ],
    [
      'operations',
      { redJob: { role: 'status' } },
      '/operations/redJob',
      'operation `redJob`; did you mean `readJob`?',
    ],
    [
      'operations',
      { readJob: { role: 'status', job: 'jobid' } },
      '/operations/readJob/job',
      'parameter of readJob `jobid`; did you mean `job_id`?',
    ],
    [
      'operations',
      { readRows: { role: 'results', rows: { at: '/rows', limit: 'limt' } } },
      '/operations/readRows/rows/limit',
      'parameter of readRows `limt`; did you mean `limit`?',
    ],
    [
      'credentials',
      { kee: { example: 'a' } },
      '/credentials/kee',
      'security scheme `kee`; did you mean `key`?',
    ],
    [
      'laws',
      [{ law: 'it holds', on: ['readJobs'], equals: [1, 1] }],
      '/laws/0/on',
      'operation `readJobs`; did you mean `readJob`?',
    ],
  ] as const)(
    'names a misspelt name of %s, its place and what was meant',
    (member, value, pointer, message) => {
      const change = { [member]: value } as unknown as JsonObject
      expect(() => read(change)).toThrow(UsageError)
      expect(() => read(change)).toThrow(`${place(pointer)}: the document has no ${message}`)
    },
  )

  it('lists every fault at once', () => {
    const contract = read({})
    const operations = { a: contract.operations['readJob'], b: contract.operations['readJob'] }
    expect(faultsOf({ ...contract, operations, laws: [] } as typeof contract, document)).toHaveLength(2)
  })
})
