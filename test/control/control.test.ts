import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { ApiListing, JobListing } from '../../src/index.ts'
import { createStandin } from '../../src/index.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import { createDocument } from '../../src/openapi/document.ts'
import { assembled } from '../assembled.ts'
import { BUILT_IN } from '../built-in.ts'
import { served } from '../served.ts'

async function get<Body>(path: string, init?: RequestInit): Promise<readonly [number, Body]> {
  const response = await (await served()).fetch(path, init)
  return [response.status, (await response.json()) as Body]
}

describe('/_standin/', () => {
  it('says that the server is ready, and which version it is', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
    expect(await get('/_standin/health')).toEqual([200, { status: 'ready', version }])
    expect(await get('/_standin/health/')).toEqual([200, { status: 'ready', version }])
  })

  it.each(['/_standin', '/_standin/'])('%s lists its calls', async (path) => {
    expect(await get(path)).toEqual([
      200,
      { calls: ['/_standin/health', '/_standin/apis', '/_standin/jobs'] },
    ])
  })

  it('lists the APIs with their operations', async () => {
    const [status, { apis }] = await get<{ readonly apis: readonly ApiListing[] }>('/_standin/apis')
    expect([status, apis]).toEqual([200, (await served()).apis])
    expect(apis.map(({ id, mount }) => [id, mount])).toEqual(BUILT_IN.map((id) => [id, `/${id}`]))
    expect(apis.find(({ id }) => id === 'skop')?.operations).toContainEqual({
      id: 'createJob',
      method: 'POST',
      path: '/scrape/',
    })
  })

  it('lists named jobs, each with a request that reads it', async () => {
    const [, { jobs }] = await get<{ readonly jobs: readonly JobListing[] }>('/_standin/jobs')
    expect(jobs).toEqual((await served()).jobs())
    for (const job of jobs) {
      expect(Object.keys(job)).toEqual(['api', 'id', 'name', 'state', 'rows', 'url', 'headers'])
      const [status] = await get(job.url, { headers: job.headers })
      // Where a result is given in some states only, a job in another is refused.
      expect(status === 200 || (status === 400 && !/succeeded/.test(job.state)), job.name ?? '').toBe(true)
      expect(job.url).toContain(job.id)
    }
    for (const query of ['?api=skop', '?api=deepset&api=', '?api=', '']) {
      const [status, { jobs: some }] = await get<{ readonly jobs: readonly JobListing[] }>(
        `/_standin/jobs${query}`,
      )
      expect([query, status]).toEqual([query, 200])
      expect(some.every(({ api }) => (query.startsWith('?api=s') ? api === 'skop' : true))).toBe(true)
    }
  })

  it.each([
    ['/_standin/jobs?api=skopp', 404, 'There is no API skopp; there are deepset, '],
    ['/_standin/nothing', 404, 'There is no /_standin/nothing; there are /_standin/health,'],
    ['/_standin/constructor', 404, 'There is no'],
    ['/_standin/__proto__', 404, 'There is no'],
    ['/_standin//', 404, 'There is no'],
    ['/_standinx', 404, 'No operation has the path'],
  ])('%s is a problem', async (path, status, detail) => {
    const [code, problem] = await get<{ readonly detail: string }>(path)
    expect([code, problem.detail]).toEqual([status, expect.stringContaining(detail)])
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is only read: %s', async (method) => {
    for (const path of ['/_standin/', '/_standin/jobs', '/_standin/health']) {
      const response = await (await served()).fetch(path, { method })
      expect([path, response.status, response.headers.get('allow')]).toEqual([
        path,
        405,
        'GET, HEAD, OPTIONS',
      ])
    }
  })

  it('is there when one API alone answers at the root', async () => {
    const standin = await createStandin({ apis: ['skop'] })
    expect((await standin.fetch('/_standin/jobs?api=deepset')).status).toBe(404)
    expect((await standin.fetch('/_standin/jobs')).status).toBe(200)
  })
})

describe('a key that travels in the query', () => {
  it('stands in the URL of a job', async () => {
    const [skop] = await loadApis({ names: ['skop'], specs: null, needFixtures: true })
    if (skop?.contract == null) throw new Error('skop has no job contract')
    const { components, ...rest } = skop.document.json
    const securitySchemes = { key: { type: 'apiKey', in: 'query', name: 'api_key' } }
    const json = {
      ...rest,
      components: { ...(components as object), securitySchemes },
      security: [{ key: [] }],
    }
    const document = createDocument('skop', 'skop.yaml', json)
    const credentials = { key: { example: 'a key & more', pattern: '^a key & more$' } }
    const contract: JobContract = { ...skop.contract, credentials }
    const { fetch } = await assembled([{ ...skop, document, contract }])
    const { jobs } = (await (await fetch('/_standin/jobs')).json()) as {
      readonly jobs: readonly JobListing[]
    }
    expect(jobs[0]?.url).toMatch(/\?api_key=a%20key%20%26%20more$/)
    expect([jobs[0]?.headers, (await fetch(jobs[0]?.url ?? '')).status]).toEqual([{}, 200])
  })
})
