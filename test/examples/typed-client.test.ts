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
import type { JobListing } from '../../src/index.ts'
import type { Program } from '../program.ts'
import { startProgram } from '../program.ts'

const root = new URL('../../', import.meta.url)

describe.each(['deepset'])('the types of %s', (api) => {
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
})
