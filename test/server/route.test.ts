import { describe, expect, it } from 'vitest'
import { createStandin } from '../../src/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { answering, apiOf, assembled } from '../assembled.ts'
import { named, read, served } from '../served.ts'

async function problemAt(path: string, init?: RequestInit): Promise<[Response, JsonObject]> {
  const response = await (await served()).fetch(path, init)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return [response, (await response.json()) as JsonObject]
}

describe('a path that no operation has', () => {
  it('is a problem that names the nearest one', async () => {
    const job = await named('deepset', 'succeeded')
    const path = job.url.replace('/results', '/result')
    const [response, problem] = await problemAt(path)
    expect(response.status).toBe(404)
    expect(problem).toEqual({
      type: 'urn:standin:problem:route_not_found',
      title: 'No operation has this path',
      status: 404,
      detail:
        `No operation has the path ${path}; the nearest is ` +
        'GET /deepset/api/v2/workspaces/{workspace_id}/jobs/{job_id}/results',
      instance: path,
    })
  })

  it.each([
    ['/deepset/x', 'POST /deepset/api'],
    ['/deepset', 'POST /deepset/api'],
    ['/skop/scrap/results/a', 'GET /skop/scrape/results/{job_id}'],
    ['/skopp/scrape/status/a', 'GET /skop/scrape/status/{job_id}'],
    ['/', 'POST /skop/scrape/'],
  ])('%s looks for it in the API that was found, else in all', async (path, nearest) => {
    const [response, problem] = await problemAt(path)
    expect([response.status, String(problem['detail'])]).toEqual([404, expect.stringContaining(nearest)])
  })

  it('has no entity tag', async () => {
    const [response] = await problemAt('/nowhere')
    expect(response.headers.has('etag')).toBe(false)
  })

  it.each(['/deepset/%E0%A4%A', '/%', '/%zz/%', `/${'%'.repeat(3_000)}`, '/skop/scrape/results/'])(
    'is none of a bug: %.30s',
    async (path) => {
      const response = await (await served()).fetch(path)
      expect([404, 405]).toContain(response.status)
    },
  )

  it.each(['//skop/scrape/results/job_1', '/skop//scrape/results/job_1', '/skop/scrape//results/job_1'])(
    'is one with an empty segment: %s',
    async (path) => {
      const [response] = await problemAt(`http://standin${path}`)
      expect(response.status).toBe(404)
    },
  )
})

describe('a method that a path does not have', () => {
  it.each([
    ['PUT', 'GET, HEAD, OPTIONS'],
    ['DELETE', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', 'GET, HEAD, OPTIONS'],
  ])('%s is refused with what is allowed', async (method, allow) => {
    const job = await named('deepset', 'succeeded')
    const [response, problem] = await problemAt(job.url, { method, headers: job.headers })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    expect(problem['detail']).toBe(`${method} is not documented here; allowed: ${allow}`)
  })

  it('HEAD is refused where there is no GET', async () => {
    const response = await (await served()).fetch('/skop/scrape/', { method: 'HEAD' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })
})

describe('the spelling of a path', () => {
  it('may end in a slash or not, whatever the document says', async () => {
    const job = await named('skop', 'succeeded')
    const plain = await read(job.url, job.headers)
    expect(await read(`${job.url}/`, job.headers)).toMatchObject({ status: 200, text: plain.text })
    const bare = await (await served()).fetch('/skop/scrape', { method: 'POST', headers: job.headers })
    expect(bare.status).toBe(400)
  })

  it('may have any character escaped', async () => {
    const job = await named('skop', 'succeeded')
    const plain = await read(job.url, job.headers)
    const escaped = job.url.replace('/skop/', '/%73kop/').replace('job_', '%6Aob%5F')
    expect(await read(escaped, job.headers)).toMatchObject({ status: 200, text: plain.text })
  })

  it('keeps an escaped slash inside its segment', async () => {
    const job = await named('skop', 'succeeded')
    const { status, text } = await read('/skop/scrape%2Fresults/job_1', job.headers)
    expect([status, text]).toEqual([404, expect.stringContaining('route_not_found')])
    const id = await read('/skop/scrape/results/..%2Fjob_1', job.headers)
    expect([id.status, id.text]).toEqual([404, expect.stringContaining('..%2Fjob_1')])
  })

  it('has its dots resolved as every client does', async () => {
    const job = await named('skop', 'succeeded')
    const plain = await read(job.url, job.headers)
    expect(await read(`/deepset/../x/.${job.url.replace('/', '/../')}`, job.headers)).toMatchObject({
      text: plain.text,
    })
  })

  it('matters in its letter case', async () => {
    expect((await read('/Skop/scrape/results/job_1')).status).toBe(404)
  })
})

describe('where an API answers', () => {
  it('is the root too when it is alone', async () => {
    const alone = await createStandin({ apis: ['skop'] })
    const [job] = alone.jobs('skop')
    const { url = '', headers = {} } = job ?? {}
    const mounted = await alone.fetch(url, { headers })
    const atRoot = await alone.fetch(url.replace('/skop', ''), { headers })
    expect([mounted.status, atRoot.status]).toEqual([200, 200])
    expect(await atRoot.text()).toBe(await mounted.text())
    const refused = await Promise.all([alone.fetch(url), alone.fetch(url.replace('/skop', ''))])
    const [first, second] = await Promise.all(refused.map((response) => response.text()))
    expect(second).toBe(first)
  })

  it('is only its mount when it is not', async () => {
    const job = await named('skop', 'succeeded')
    expect((await read(job.url.replace('/skop', ''), job.headers)).status).toBe(404)
  })

  it('is behind the base paths of its servers, each of them', async () => {
    const servers = [
      { url: 'https://a.example/v1/' },
      { url: '/{stage}/v2', variables: { stage: { default: 'test' } } },
    ]
    const api = apiOf('base', { servers, paths: { '/things': { get: answering({ const: 'thing' }) } } })
    const { fetch } = await assembled([api])
    const paths = ['/base/v1/things', '/v1/things', '/base/test/v2/things', '/base/things']
    const statuses = await Promise.all(paths.map(async (path) => (await fetch(path)).status))
    expect(statuses).toEqual([200, 200, 200, 404])
  })
})

describe('templates', () => {
  const paths = {
    '/a/{x}': { get: answering({ const: 'parameter' }) },
    '/a/fixed': { get: answering({ const: 'literal' }) },
    '/a/fixed/deep': { get: answering({ const: 'deep' }) },
    '/a/{x}/end': { get: answering({ const: 'behind a parameter' }) },
    '/a/{x}/{y}': { get: answering({ const: 'two parameters' }) },
    '/f/{name}.json': { get: answering({ const: 'a file' }) },
    '/f/{from}-{to}': { get: answering({ const: 'a range' }) },
  }

  it.each([
    ['/a/other', 'parameter'],
    ['/a/fixed', 'literal'],
    ['/a/fix%65d', 'literal'],
    ['/a/fixed/deep', 'deep'],
    ['/a/fixed/end', 'behind a parameter'],
    ['/a/fixed/more', 'two parameters'],
    ['/f/report.json', 'a file'],
    ['/f/1-2', 'a range'],
    ['/f/1-2.json', 'a file'],
  ])(
    '%s finds %s: literals win, and where the rest does not fit another way is tried',
    async (path, body) => {
      const { fetch } = await assembled([apiOf('tree', { paths })])
      expect(await (await fetch(path)).json()).toBe(body)
    },
  )

  it('have no empty parameters', async () => {
    const { fetch } = await assembled([apiOf('tree', { paths })])
    expect((await fetch('/f/.json')).status).toBe(404)
    expect((await fetch('/a//end')).status).toBe(404)
  })
})
