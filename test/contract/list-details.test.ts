/**
 * Jobs of a list that are held beside their details, of services that have no job contract.
 */
import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Subject } from '../../src/contract/subject.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { ID, JOB, pageOf, plainSubject, read } from './plain-jobs.ts'

interface Served {
  readonly item: JsonObject
  readonly detail: Json
  readonly status?: number
}

/** Lists one job and shows it; null is answered without a body. */
async function judged(subject: Subject, { item, detail, status = 200 }: Served): Promise<readonly string[]> {
  const { findings } = await checkTarget(
    subject,
    async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === '/jobs') return Response.json({ data: [item], total: 1 })
      if (pathname !== `/jobs/${String(item['id'])}`) return Response.json({}, { status: 404 })
      const headers = { location: '/elsewhere' }
      return detail === null
        ? new Response(null, { status, headers })
        : Response.json(detail, { status, headers })
    },
    { baseUrl: 'http://plain.test', jobs: [{ id: 'j1' }] },
  )
  return findings.flatMap(({ check, message }) =>
    check === 'X02' || check === 'job_state' ? [`${check}: ${message}`] : [],
  )
}

const documented = (item: JsonObject, answers: JsonObject = {}): Subject => {
  const paths: JsonObject = {
    '/jobs': read('listJobs', pageOf(item, false)),
    '/jobs/{id}': read('getJob', JOB, [ID]),
  }
  const { responses } = (paths['/jobs/{id}'] as { get: { responses: JsonObject } }).get
  Object.assign(responses, answers)
  return plainSubject(paths)
}

const ENDED = { id: 'j1', status: 'completed' }
const SUMMARY: JsonObject = { ...JOB, additionalProperties: false }

describe('the detail of a listed job', () => {
  it('may be a redirection where one is documented', async () => {
    const leads = { 303: { description: 'it has ended' } }
    const served: Served = { item: ENDED, detail: null, status: 303 }
    expect(await judged(documented(JOB, leads), served)).toEqual([])
    expect((await judged(documented(JOB), served)).join()).toMatch(
      /^job_state: answered 303 to a job whose state/,
    )
  })

  it('may show more than the list does', async () => {
    const detail = { ...ENDED, rows: 3, input: { file: 'a', size: 1 } }
    expect(await judged(documented(SUMMARY), { item: ENDED, detail })).toEqual([])
    const inner = { ...ENDED, input: { file: 'a' } }
    expect(await judged(documented(JOB), { item: inner, detail })).toEqual([])
  })

  it('shows the same where both show a member', async () => {
    const item = { ...ENDED, input: { file: 'b' }, steps: [1, 2] }
    const detail = { ...ENDED, input: { file: 'a', size: 1 }, steps: [1, 2] }
    expect(await judged(documented(JOB), { item, detail })).toEqual([
      'X02: all jobs: job j1: /input/file is "b" in the list, "a" in its detail',
    ])
    const shorter = { ...detail, input: item.input, steps: [1] }
    expect(await judged(documented(JOB), { item, detail: shorter })).toEqual([
      'X02: all jobs: job j1: /steps is [1,2] in the list, [1] in its detail',
    ])
  })

  it('has what the list must show', async () => {
    const item: JsonObject = {
      ...JOB,
      required: ['id', 'status', 'rows'],
      properties: { ...(JOB['properties'] as JsonObject), rows: { type: 'integer' } },
    }
    expect(await judged(documented(item), { item: ENDED, detail: { ...ENDED, rows: 3 } })).toEqual([
      'X02: all jobs: job j1: /rows is nothing in the list, 3 in its detail',
    ])
  })
})
