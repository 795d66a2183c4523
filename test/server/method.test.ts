/**
 * HEAD, OPTIONS and what browsers need to cross origins: the same for every answer.
 */
import { describe, expect, it } from 'vitest'
import { answering, apiOf, assembled } from '../assembled.ts'
import { named, served } from '../served.ts'

const ORIGIN = { origin: 'http://localhost:5173' }

/** One answer of each sort: kept, drawn, refused by vendor and by the server, of the control API. */
async function requests(): Promise<readonly (readonly [number, string, Record<string, string>])[]> {
  const rows = await named('deepset', 'many-pages')
  const job = await named('skop', 'succeeded')
  return [
    [200, rows.url, { ...rows.headers }],
    [200, `${rows.url}?select=query&limit=3`, { ...rows.headers }],
    [200, job.url.replace('/results/', '/status/'), { ...job.headers }],
    [401, rows.url, {}],
    [404, '/skop/scrape/results/job_1', { ...job.headers }],
    [422, `${rows.url}?limit=x`, { ...rows.headers }],
    [404, '/nowhere', {}],
    [429, job.url, { prefer: 'code=429' }],
    [200, '/_standin/health', {}],
    [404, '/_standin/nothing', {}],
  ]
}

describe('HEAD', () => {
  it('has the status and headers of GET and the length of its body, and no body', async () => {
    const { fetch } = await served()
    for (const [status, path, headers] of await requests()) {
      const [get, head] = [await fetch(path, { headers }), await fetch(path, { headers, method: 'HEAD' })]
      expect([get.status, head.status], path).toEqual([status, status])
      const body = await get.arrayBuffer()
      const expected = { ...Object.fromEntries(get.headers), 'content-length': String(body.byteLength) }
      expect(Object.fromEntries(head.headers), path).toEqual(expected)
      expect((await head.arrayBuffer()).byteLength, path).toBe(0)
      expect(get.headers.has('etag'), path).toBe(status === 200)
    }
  })

  it('is 304 where GET is', async () => {
    const { fetch } = await served()
    const { url, headers } = await named('skop', 'succeeded')
    const tag = (await fetch(url, { headers })).headers.get('etag') ?? ''
    const head = await fetch(url, { method: 'HEAD', headers: { ...headers, 'if-none-match': tag } })
    expect(head.status).toBe(304)
  })

  it('has an answer of its own where the document has one', async () => {
    const head = { responses: { 204: { description: 'there' } } }
    const { fetch } = await assembled([
      apiOf('own', { paths: { '/a': { head }, '/b': { get: answering({}) } } }),
    ])
    expect((await fetch('/a', { method: 'HEAD' })).status).toBe(204)
    expect((await fetch('/b', { method: 'HEAD' })).status).toBe(200)
    expect((await fetch('/a')).headers.get('allow')).toBe('HEAD, OPTIONS')
  })
})

describe('OPTIONS', () => {
  it.each([
    ['/skop/scrape/', 'POST, OPTIONS'],
    ['/skop/scrape/job_1', 'DELETE, OPTIONS'],
    ['/skop/scrape/results/job_1', 'GET, HEAD, OPTIONS'],
    ['/_standin/jobs', 'GET, POST, HEAD, OPTIONS'],
    ['/_standin/', 'GET, HEAD, OPTIONS'],
  ])('says what %s allows, without credentials', async (path, allow) => {
    const response = await (await served()).fetch(path, { method: 'OPTIONS' })
    expect([response.status, response.headers.get('allow')]).toEqual([204, allow])
    expect(await response.text()).toBe('')
  })

  it.each(['/nowhere', '/_standin/nothing'])('is refused where there is nothing: %s', async (path) => {
    const response = await (await served()).fetch(path, { method: 'OPTIONS' })
    expect([response.status, await response.json()]).toEqual([
      404,
      expect.objectContaining({ type: 'urn:standin:problem:route_not_found' }),
    ])
  })

  it('has an answer of its own where the document has one', async () => {
    const options = answering({ const: 'own' })
    const { fetch } = await assembled([apiOf('own', { paths: { '/a': { options } } })])
    expect(await (await fetch('/a', { method: 'OPTIONS' })).json()).toBe('own')
    const asked = { ...ORIGIN, 'access-control-request-method': 'POST' }
    expect((await fetch('/a', { method: 'OPTIONS', headers: asked })).status).toBe(204)
  })
})

describe('a browser of another origin', () => {
  it('sees every answer and all its headers, refusals and 304 too', async () => {
    const { fetch } = await served()
    for (const [status, path, headers] of await requests()) {
      if (path.startsWith('/_standin')) continue // which origins may read it, it says itself
      const plain = await fetch(path, { headers: { ...headers, ...ORIGIN } })
      const tag = plain.headers.get('etag') ?? '"none"'
      const again = await fetch(path, { headers: { ...headers, ...ORIGIN, 'if-none-match': tag } })
      expect([plain.status, again.status], path).toEqual([status, status === 200 ? 304 : status])
      for (const response of [plain, again]) {
        expect(response.headers.get('access-control-allow-origin'), path).toBe('*')
        expect(response.headers.get('access-control-expose-headers'), path).toBe('*')
      }
    }
  })

  it.each([
    ['/skop/scrape/results/job_1', 'GET'],
    ['/skop/scrape/', 'POST'],
    ['/skop/scrape/job_1', 'DELETE'],
    ['/deepset/no/such/path', 'PATCH'],
    ['/skop/scrape/results/job_1', 'PUT'],
  ])('may ask %s with %s and any header, and then sees the answer itself', async (path, method) => {
    const response = await (await served()).fetch(path, {
      method: 'OPTIONS',
      headers: {
        ...ORIGIN,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization, prefer, x-own',
      },
    })
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-methods')?.split(', ')).toContain(method)
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization, prefer, x-own')
    expect(response.headers.get('vary')).toContain('Access-Control-Request-Headers')
  })

  it('sees nothing where it is told to stay out', async () => {
    const api = apiOf('shut', { paths: { '/a': { get: answering({ const: 1 }) } } })
    const { fetch } = await assembled([api], { cors: false })
    const asked = { ...ORIGIN, 'access-control-request-method': 'GET' }
    const answers = [
      await fetch('/a', { headers: ORIGIN }),
      await fetch('/nowhere', { headers: ORIGIN }),
      await fetch('/a', { method: 'OPTIONS', headers: asked }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 204])
    for (const { headers } of answers) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})
