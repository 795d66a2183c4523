import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Assembled } from '../assembled.ts'

import { makeJob, worldIn } from '../worlds.ts'
import { ownRuns } from './run-api.ts'

describe('an operation that is answered in some states only', () => {
  async function idOf(standin: Assembled, name: string): Promise<string> {
    const listing = await standin.fetch('/_standin/jobs?api=own')
    const { jobs } = (await listing.json()) as { readonly jobs: readonly { id: string; name: string }[] }
    return jobs.find((job) => job.name === name)?.id ?? ''
  }

  it('refuses the others and names the job and its state', async () => {
    const standin = await ownRuns()
    const id = await idOf(standin, 'running')
    const response = await standin.fetch(`/own/runs/${id}/result`)
    expect([response.status, await response.json()]).toEqual([
      400,
      { code: 'job_not_finished', at: [['run', { value: id, state: 'running' }]] },
    ])
  })

  it('has links under the prefix that was asked', async () => {
    const standin = await ownRuns()
    const id = await idOf(standin, 'succeeded')
    for (const prefix of ['/own', '']) {
      const links = (await (await standin.fetch(`${prefix}/runs/${id}/result`)).json()) as JsonObject
      expect(links).toEqual({ self: `${prefix}/runs/${id}/result`, job: `${prefix}/runs/${id}` })
      expect((await standin.fetch(String(links['job']))).status).toBe(200)
    }
  })

  it('accepts to cancel what runs, confirms it of what does not, and refuses what has ended', async () => {
    const standin = await ownRuns()
    const statuses: number[] = []
    for (const name of ['running', 'running', 'queued', 'cancelled', 'succeeded']) {
      const path = `/own/runs/${await idOf(standin, name)}`
      statuses.push((await standin.fetch(path, { method: 'DELETE' })).status)
    }
    expect(statuses).toEqual([202, 200, 200, 200, 409])
  })

  it('is refused without a body where none is documented', async () => {
    const standin = await ownRuns()
    const path = `/own/runs/${await idOf(standin, 'succeeded')}`
    const response = await standin.fetch(path, { method: 'DELETE' })
    expect([response.status, await response.text()]).toEqual([409, ''])
  })
})

describe('a job', () => {
  it('has the rows that its request asks for, and with fewer than two never succeeds in part', async () => {
    const standin = await ownRuns()
    const { jobs } = worldIn(standin.server)
    const making = { api: 'own', atMs: 0, operationId: 'make' }
    const views = Array.from({ length: 200 }, () => makeJob(jobs, making))
    expect(new Set(views.map((view) => view.job.rows))).toEqual(new Set([1]))
    expect(new Set(views.map((view) => view.job.outcome))).toEqual(new Set(['succeeded', 'failed']))
  })

  it('is asked what its recipe gives, and what is drawn after it follows', async () => {
    const standin = await ownRuns()
    const briefs = standin.server.apis[0]?.fixture?.jobs ?? []
    expect(briefs.find(({ name }) => name === 'succeeded')?.brief).toEqual({
      colour: 'green',
      shade: 'greenish',
    })
    expect(briefs.find(({ name }) => name === 'failed')?.brief['colour']).toMatch(/red|blue/)
  })
})
