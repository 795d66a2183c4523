import { beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import type { Asking } from './ask.ts'
import { asking } from './ask.ts'

let desk: Asking

beforeEach(async () => {
  desk = await asking()
})

const PLAN = [{ operation: 'skop/getJobStatus', requests: '1-2', status: 429, retryAfter: 'PT5S' }]

describe('the fault plan', () => {
  it('is set, strikes, is read and cleared', async () => {
    const { body: job } = await desk.ask('POST', '/_standin/jobs', { api: 'skop' })
    const status = async (): Promise<number> => {
      const { status: given } = await desk.ask('GET', `/skop/scrape/status/${job.id}`, undefined, job.headers)
      return given
    }
    expect((await desk.ask('GET', '/_standin/faults')).body).toEqual({ faults: [] })
    expect((await desk.ask('PUT', '/_standin/faults', { faults: PLAN })).body).toEqual({ faults: PLAN })
    expect([await status(), await status(), await status()]).toEqual([429, 429, 200])
    expect((await desk.ask('PUT', '/_standin/faults', PLAN)).status).toBe(200)
    expect(await status()).toBe(429)
    expect((await desk.ask('GET', '/_standin/faults')).body).toEqual({ faults: PLAN })
    expect((await desk.ask('DELETE', '/_standin/faults')).status).toBe(204)
    expect(await status()).toBe(200)
    expect((await desk.ask('GET', '/_standin/faults')).body).toEqual({ faults: [] })
  })

  it('is each sandbox’s own', async () => {
    await desk.ask('PUT', '/~a/_standin/faults', PLAN)
    expect((await desk.ask('GET', '/_standin/faults')).body).toEqual({ faults: [] })
    expect((await desk.ask('GET', '/~a/_standin/faults')).body).toEqual({ faults: PLAN })
  })

  it.each<[Json, string]>([
    [[{ operation: 'skop/getJobStatu', status: 429 }], 'faults[0].operation: there is no operation'],
    [{ faults: [{ operation: 'skop/*' }] }, 'faults[0]: does nothing'],
    [[{ statu: 429 }], 'did you mean `status`?'],
    [[{ status: 200 }], 'faults[0].status: must be a whole number from 400 to 599'],
    [[{ status: 500 }, { latency: '3' }], 'faults[1].latency: must be a duration'],
    [[{ status: 500, share: 0 }], 'faults[0].share: does nothing'],
    [[{ status: 500, requests: '2-1' }], 'faults[0].requests: ends before it begins'],
    [{ faults: {} }, 'faults: a fault plan is a list of rules'],
    [{ faults: [], more: 1 }, 'there is no member `more`'],
    [{}, 'faults: a fault plan is a list of rules, not nothing'],
    ['7', 'faults: a fault plan is a list of rules'],
  ])('refuses %j', async (body, detail) => {
    const { status, body: problem } = await desk.ask('PUT', '/_standin/faults', body)
    expect([status, problem.detail]).toEqual([422, expect.stringContaining(detail)])
    expect((await desk.ask('GET', '/_standin/faults')).body).toEqual({ faults: [] })
  })
})
