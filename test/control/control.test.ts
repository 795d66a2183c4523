import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import { IN_PROCESS } from '../../src/control/access.ts'
import { createControl } from '../../src/control/control.ts'
import type { ListedCall } from '../../src/control/page.ts'
import type { ApiListing, JobListing } from '../../src/index.ts'
import { createStandin } from '../../src/index.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import { createDocument } from '../../src/openapi/document.ts'
import type { Api } from '../../src/server/api.ts'
import { createApp } from '../../src/server/app.ts'
import { assembled } from '../assembled.ts'
import { BUILT_IN } from '../built-in.ts'
import { served } from '../served.ts'
import { asking } from './ask.ts'

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
    const [status, { calls }] = await get<{ readonly calls: readonly ListedCall[] }>(path)
    expect(status).toBe(200)
    expect(calls).toContainEqual({ method: 'GET', path: '/_standin/health', summary: 'Is it ready?' })
    const { paths } = (
      await get<{ readonly paths: Readonly<Record<string, object>> }>('/_standin/openapi.json')
    )[1]
    expect([...new Set(calls.map((call) => call.path))]).toEqual(
      Object.keys(paths).map((each) => `/_standin${each}`),
    )
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
      const { living, ...rest } = job
      expect(Object.keys(rest)).toEqual(['api', 'id', 'name', 'state', 'rows', 'url', 'headers'])
      expect(living === true ? job.name : null).toBeNull()
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
    ['/_standin/job', 404, 'No operation has the path /_standin/job; the nearest is GET /_standin/jobs'],
    ['/_standin/nothing', 404, 'the nearest is GET /_standin/'],
    ['/_standin/constructor', 404, 'the nearest is'],
    ['/_standin/__proto__', 404, 'the nearest is'],
    ['/_standin//', 404, 'the nearest is GET /_standin/'],
    ['/_standin/_standin/health', 404, 'the nearest is'],
    ['/_standin/jobs//x', 404, 'the nearest is GET /_standin/jobs/{api}/{id}'],
    ['/_standin/jobs?apis=skop', 422, 'there is no parameter `apis`; did you mean `api`?'],
    ['/_standin/health?x', 422, 'there is no parameter `x`'],
    ['/_standinx', 404, 'No operation has the path'],
  ])('%s is a problem', async (path, status, detail) => {
    const [code, problem] = await get<{ readonly detail: string }>(path)
    expect([code, problem.detail]).toEqual([status, expect.stringContaining(detail)])
  })

  it.each([
    ['/_standin/', 'GET, HEAD, OPTIONS'],
    ['/_standin/health', 'GET, HEAD, OPTIONS'],
    ['/_standin/jobs', 'GET, POST, HEAD, OPTIONS'],
    ['/_standin/jobs/skop/x', 'GET, DELETE, PATCH, HEAD, OPTIONS'],
    ['/_standin/reset', 'POST, OPTIONS'],
  ])('%s takes %s and nothing else', async (path, allow) => {
    const { fetch } = await served()
    const told = await fetch(path, { method: 'OPTIONS' })
    expect([told.status, told.headers.get('allow'), await told.text()]).toEqual([204, allow, ''])
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'QUERY']) {
      if (allow.split(', ').includes(method)) continue
      const response = await fetch(path, { method })
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, allow])
    }
  })

  it('answers HEAD as GET, without the body', async () => {
    const { fetch } = await served()
    const [head, full] = [await fetch('/_standin/jobs', { method: 'HEAD' }), await fetch('/_standin/jobs')]
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('content-length')).toBe(String((await full.text()).length))
  })

  it.each([
    ['{"api":', {}, 400, 'request_bad'],
    [`${'['.repeat(300)}${']'.repeat(300)}`, {}, 400, 'request_bad'],
    ['{"api":"skop"}', { 'content-type': 'text/plain' }, 415, 'media_type_unsupported'],
    ['api=skop', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'media_type_unsupported'],
    ['{"api":"skop"}', { 'content-type': 'application/jsonx' }, 415, 'media_type_unsupported'],
    ['{"api":"skop"}', { 'content-type': '' }, 415, 'media_type_unsupported'],
    [JSON.stringify({ api: 'x'.repeat(1_100_000) }), {}, 413, 'body_too_large'],
    ['', {}, 422, 'request_invalid'],
    ['[]', {}, 422, 'request_invalid'],
    ['null', {}, 422, 'request_invalid'],
    ['"skop"', {}, 422, 'request_invalid'],
  ])('refuses the body %.40s, %j', async (body, headers, status, code) => {
    const { ask } = await asking()
    const { status: given, body: problem, headers: told } = await ask('POST', '/_standin/jobs', body, headers)
    expect([given, problem.type]).toEqual([status, `urn:standin:problem:${code}`])
    expect(told.get('content-type')).toBe('application/problem+json')
    expect((await ask('GET', '/_standin/sandboxes/default')).body.events).toEqual([])
  })

  it('refuses a body where none is taken, for it would say something in vain', async () => {
    const { ask } = await asking()
    const { status, body } = await ask('POST', '/_standin/reset', { sandbox: 'other' })
    expect([status, body.detail]).toEqual([422, 'resetSandbox takes no body'])
    expect((await ask('POST', '/_standin/reset', {})).status).toBe(204)
  })

  it('is bounded as the APIs are', async () => {
    const { fetch } = await served()
    expect((await fetch(`/_standin/jobs?api=${'x'.repeat(9_000)}`)).status).toBe(414)
    expect((await fetch('/_standin/health', { headers: { 'x-long': 'x'.repeat(17_000) } })).status).toBe(431)
  })

  it('loads no validator for what brings nothing along', async () => {
    const { server, ask } = await asking()
    const asked: string[] = []
    const spied = {
      ...server,
      validatorOf: (api: Api) => {
        asked.push(api.id)
        return server.validatorOf(api)
      },
    }
    const app = createApp(
      () => spied,
      createControl(() => spied, '1', IN_PROCESS),
    )
    for (const path of ['health', 'apis', 'jobs', 'clock', 'requests', '', 'openapi.json']) {
      expect((await app.request(`/_standin/${path}`)).status).toBe(200)
    }
    expect(asked).toEqual([])
    await app.request('/_standin/jobs?api=skop')
    expect(asked).toEqual(['_standin'])
    expect((await ask('GET', '/_standin/health')).status).toBe(200)
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
