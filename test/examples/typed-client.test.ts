/**
 * Clients whose types openapi-typescript made of our documents, and which openapi-fetch sends: they compile,
 * their types are those of the documents as they stand, and they read a running server.
 * `UPDATE_TYPES=1 npx vitest run test/examples/typed-client.test.ts` writes the types anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JobPlace } from '../../examples/typed-client/page-through.ts'
import { readAllResults } from '../../examples/typed-client/page-through.ts'
import { pollJob } from '../../examples/typed-client/poll-job.ts'
import type { JobListing } from '../../src/index.ts'
import type { Program } from '../program.ts'
import { startProgram } from '../program.ts'

const root = new URL('../../', import.meta.url)

describe.each(['deepset', 'scale-dex'])('the types of %s', (api) => {
  it('are those of its document', async () => {
    const made = await openapiTS(new URL(`specs/${api}/openapi.yaml`, root))
    const file = new URL(`examples/typed-client/${api}.d.ts`, root)
    const text = `${COMMENT_HEADER}${astToString(made)}`
    if (process.env['UPDATE_TYPES'] !== undefined) writeFileSync(file, text)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

describe('a typed client', () => {
  let program: Program
  beforeAll(async () => {
    program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
  })
  afterAll(() => program.stop())

  async function jobOf(api: string, name: string): Promise<JobListing> {
    const listing = await fetch(`${program.url}/_standin/jobs?api=${api}`)
    const { jobs } = (await listing.json()) as { readonly jobs: readonly JobListing[] }
    const job = jobs.find((each) => each.name === name)
    if (job === undefined) throw new Error(`${api} has no job ${name}`)
    return job
  }

  async function placeOf(name: string): Promise<JobPlace> {
    const { id, url } = await jobOf('deepset', name)
    const workspace = /workspaces\/([^/]+)/.exec(url)?.[1] ?? ''
    return { baseUrl: `${program.url}/deepset`, workspace, job: id, key: 'any' }
  }

  it.each([
    ['empty', 0],
    ['one-page', 10],
    ['many-pages', 321],
    ['tied', 160],
  ])('reads every result of deepset’s %s once, in the order of creation', async (name, count) => {
    const results = await readAllResults(await placeOf(name), 37)
    expect(results).toHaveLength(count)
    expect(new Set(results.map(({ job_result_id: id }) => id)).size).toBe(count)
    const created = results.map(({ created_at: at }) => at)
    expect(created).toEqual([...created].sort())
  })

  it('is told what is wrong in the types of the document', async () => {
    const place = await placeOf('one-page')
    await expect(readAllResults({ ...place, job: 'no-uuid' })).rejects.toThrow(/"loc":\["path","job_id"\]/)
    await expect(readAllResults({ ...place, key: '' })).rejects.toThrow(/Authorization/)
  })

  it('polls a Scale job to its end, its progress adding up on the way', async () => {
    const { id, url } = await jobOf('scale-dex', 'batch-parse')
    const baseUrl = `${program.url}/scale-dex`
    const project = /projects\/([^/]+)/.exec(url)?.[1] ?? ''
    const place = { baseUrl, project, job: id, key: 'any', account: 'acct' }
    const told: string[] = []
    const job = await pollJob(place, {
      everyMs: 10,
      onProgress: (done, total) => told.push(`${done}/${total}`),
    })
    expect([job.status, job.operation, job.error]).toEqual(['succeeded', 'batch_parse', null])
    const total = job.progress?.total ?? 0
    expect(told).toEqual([`${total}/${total}`])
    const missing = pollJob({ ...place, job: 'none' }, { everyMs: 10 })
    await expect(missing).rejects.toThrow(/none/)
    await expect(pollJob({ ...place, account: '' }, { everyMs: 10 })).rejects.toThrow(/x-selected-account-id/)
  })

  it('polls a job that it made until it is cancelled', async () => {
    const { url, headers } = await jobOf('scale-dex', 'batch-parse')
    const jobs = url.replace(/\/jobs\/.*$/, '')
    const baseUrl = `${program.url}/scale-dex`
    const project = /projects\/([^/]+)/.exec(url)?.[1] ?? ''
    const init = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } }
    const body = JSON.stringify({ source_document_ids: ['a', 'b', 'c'], parameters: { engine: 'reducto' } })
    const made = await fetch(`${program.url}${jobs}/parse/batch`, { ...init, body })
    const { id } = (await made.json()) as { readonly id: string }
    let polls = 0
    const job = await pollJob(
      { baseUrl, project, job: id, key: 'any', account: 'acct' },
      {
        everyMs: 20,
        onProgress: () => {
          polls += 1
          if (polls === 2) void fetch(`${program.url}${jobs}/jobs/${id}/cancel`, init)
        },
      },
    )
    expect([job.status, job.progress?.total, job.completed_at !== null]).toEqual(['cancelled', 3, true])
    expect(polls).toBeGreaterThan(2)
  })
})
