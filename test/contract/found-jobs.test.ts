/**
 * Recorded jobs that are told apart by more than their ids: by their kind, and by who asks for them.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { ID, JOB, pagedSubject, pageOf, plainSubject, read, toldOf } from './plain-jobs.ts'

const JOBS = pagedSubject()
const KINDS = plainSubject({
  '/v1/exports': read('listExports', pageOf(JOB)),
  '/v1/exports/{id}': read('getExport', JOB, [ID]),
  '/v2/exports/{id}': read('getExportAgain', JOB, [ID]),
  '/v1/renders': read('listRenders', pageOf(JOB)),
  '/v1/renders/{id}': read('getRender', JOB, [ID]),
} as JsonObject)

const [DONE, RUNNING] = ['completed', 'running'].map((status) => ({ id: '1', status }))
const backwards = [expect.stringMatching(/^J01: job 1: \/\S* ?is "running", but it was "completed" before/)]

describe('jobs of one id', () => {
  it('are two where they are of two kinds', async () => {
    const list = { data: [RUNNING ?? {}], next_page_token: null }
    expect(
      await toldOf(KINDS, [
        ['/v1/exports/1', DONE ?? {}],
        ['/v1/renders/1', RUNNING ?? {}],
        ['/v1/renders', list],
      ]),
    ).toEqual([])
  })

  it('are one where the paths say so', async () => {
    const list = { data: [RUNNING ?? {}], next_page_token: null }
    const first = ['/v1/exports/1', DONE ?? {}] as const
    expect(await toldOf(KINDS, [first, ['/v1/exports/1', RUNNING ?? {}]])).toEqual(backwards)
    expect(await toldOf(KINDS, [first, ['/v2/exports/1', RUNNING ?? {}]])).toEqual(backwards)
    expect((await toldOf(KINDS, [first, ['/v1/exports', list]])).join()).toMatch(/is "running", but it was/)
  })

  it.each(['x-tenant', 'x-org-id', 'authorization', 'x-api-key', 'x-auth-token', 'x-user'])(
    'are two where %s tells of two who ask',
    async (name) => {
      const told = (other: string): Promise<readonly string[]> =>
        toldOf(JOBS, [
          ['/jobs/1', DONE ?? {}, { [name]: 'a' }],
          ['/jobs/1', RUNNING ?? {}, { [name]: other }],
        ])
      expect(await told('b')).toEqual([])
      expect(await told('a')).toEqual(backwards)
    },
  )

  it('are one whatever else a request says', async () => {
    for (const name of ['x-request-id', 'user-agent', 'idempotency-key', 'traceparent']) {
      const entries = [DONE, RUNNING].map(
        (job, at) => ['/jobs/1', job ?? {}, { [name]: String(at) }] as const,
      )
      expect(await toldOf(JOBS, entries)).toEqual(backwards)
    }
  })
})
