import { describe, expect, it } from 'vitest'
import { createStandin } from '../../src/index.ts'
import { BUILT_IN } from '../built-in.ts'
import { named, page, read, served } from '../served.ts'

const deepset = await named('deepset', 'many-pages')
const skop = await named('skop', 'one-row')

describe('routing', () => {
  it('answers an unknown path with a problem that names the nearest', async () => {
    const { status, headers, text } = await read(deepset.url.replace('/results', '/result'), deepset.headers)
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(text)).toMatchObject({
      type: 'urn:standin:problem:route_not_found',
      status: 404,
      detail: expect.stringContaining('GET /deepset/api/v2/workspaces/{workspace_id}/jobs/{job_id}/results'),
    })
  })

  it.each(['PUT', 'DELETE', 'PATCH', 'POST'])(
    'refuses %s where only GET is documented, with Allow',
    async (method) => {
      const response = await (await served()).fetch(deepset.url, { method, headers: deepset.headers })
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    },
  )

  it('answers HEAD as GET without the body, and OPTIONS with Allow', async () => {
    const standin = await served()
    const [get, head, options] = await Promise.all(
      ['GET', 'HEAD', 'OPTIONS'].map((method) =>
        standin.fetch(deepset.url, { method, headers: deepset.headers }),
      ),
    )
    const body = (await get?.text()) ?? ''
    expect(await head?.text()).toBe('')
    expect(head?.headers.get('etag')).toBe(get?.headers.get('etag'))
    expect(head?.headers.get('content-length')).toBe(String(new TextEncoder().encode(body).byteLength))
    expect([options?.status, options?.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })

  it('lets browsers of any origin ask, before and after', async () => {
    const standin = await served()
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization, x-a',
    }
    const preflight = await standin.fetch('/skop/scrape/', {
      method: 'OPTIONS',
      headers: { ...asked, origin: 'http://a' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization, x-a')
    for (const path of [skop.url, '/nothing']) {
      expect((await read(path)).headers.get('access-control-allow-origin'), path).toBe('*')
    }
  })

  it('answers one API alone at the root too, and each API under its mount', async () => {
    const alone = await createStandin({ apis: ['skop'] })
    const root = await alone.fetch(skop.url.replace('/skop', ''), { headers: skop.headers })
    expect(root.status).toBe(200)
    expect((await read(skop.url.replace('/skop', ''), skop.headers)).status).toBe(404)
  })
})

describe('entity tags', () => {
  it('answers 304 without a body while nothing has changed', async () => {
    const tag = (await read(deepset.url, deepset.headers)).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[0-9a-f]{16}"$/)
    for (const condition of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const { status, text, headers } = await read(deepset.url, {
        ...deepset.headers,
        'if-none-match': condition,
      })
      expect([status, text, headers.get('etag')], condition).toEqual([304, '', tag])
    }
    expect((await read(deepset.url, { ...deepset.headers, 'if-none-match': '"x"' })).status).toBe(200)
  })

  it('differ between different bodies, and are absent from refusals', async () => {
    const tags = new Set<string | null>()
    for (let number = 1; number <= 30; number += 1) {
      tags.add((await read(`${deepset.url}?page_number=${number}`, deepset.headers)).headers.get('etag'))
    }
    expect(tags.size).toBe(30)
    expect((await read(deepset.url)).headers.get('etag')).toBeNull()
  })
})

describe('preferences', () => {
  it.each([
    ['prefer: code=429', skop.url, { prefer: 'code=429' }, 429],
    ['?__code=429', `${skop.url}?__code=429`, {}, 429],
    ['x-mock-response-code', skop.url, { 'x-mock-response-code': '429' }, 429],
    ['before credentials', deepset.url, { prefer: 'code=404' }, 404],
    ['before look-up', '/skop/scrape/results/job_none1', { prefer: 'code=200' }, 200],
    ['quoted, with others', skop.url, { prefer: 'respond-async, code="500"; x=1, wait=2' }, 500],
  ])('give the documented answer that is asked for: %s', async (_, path, headers, status) => {
    const answer = await read(path, headers as Record<string, string>)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('preference-applied')).toBe(`code=${status}`)
  })

  it("send the vendor's headers with 429", async () => {
    const { headers } = await read(skop.url, { prefer: 'code=429' })
    expect(headers.get('x-rate-limit-remaining')).toBe('0')
    expect(headers.get('x-rate-limit-reset')).toMatch(/^\d+$/)
  })

  it.each(['code=abc', 'code=99', 'seed=-1', 'dynamic=maybe', 'delay=PT', 'delay=PT2H'])(
    'refuse %s with a problem that says what is allowed',
    async (prefer) => {
      const { status, text } = await read(skop.url, { ...skop.headers, prefer })
      expect(status).toBe(400)
      expect(JSON.parse(text)).toMatchObject({ type: 'urn:standin:problem:preference_invalid' })
    },
  )

  it('give a named example, and list the names where there is none', async () => {
    const none = await read(deepset.url, { prefer: 'example=nothing' })
    expect(none.status).toBe(404)
    const name = /it has ([\w-]+)/.exec(none.text)?.[1] ?? ''
    const example = await read(deepset.url, { prefer: `example=${name}` })
    expect([example.status, example.headers.get('preference-applied')]).toEqual([200, `example=${name}`])
    expect((await read(deepset.url, { prefer: 'dynamic=false' })).text).toBe(example.text)
  })

  it('draw other rows of the same jobs from another seed, always the same', async () => {
    const plain = await read(deepset.url, deepset.headers)
    const [seven, again, eight] = await Promise.all(
      [7, 7, 8].map((seed) => read(deepset.url, { ...deepset.headers, prefer: `seed=${seed}` })),
    )
    expect(seven?.text).toBe(again?.text)
    expect(new Set([plain.text, seven?.text, eight?.text]).size).toBe(3)
    expect((await read(deepset.url, deepset.headers)).text).toBe(plain.text)
  })

  it('wait as long as they ask', async () => {
    const started = performance.now()
    const { headers } = await read(skop.url, { ...skop.headers, prefer: 'delay=PT0.2S' })
    expect(performance.now() - started).toBeGreaterThan(180)
    expect(headers.get('preference-applied')).toBe('delay=PT0.2S')
  })
})

describe('credentials', () => {
  it.each([
    [{}, 401],
    [{ authorization: 'Basic c3RhbmRpbg==' }, 401],
    [{ authorization: 'Bearer ' }, 401],
    [{ authorization: 'Bearer anything' }, 401],
    [{ authorization: 'bearer sk_1' }, 200],
    [{ 'x-api-key': 'sk-1' }, 200],
  ])('of skop: %j is %i', async (headers, status) => {
    const answer = await read(skop.url, headers as Record<string, string>)
    expect(answer.status).toBe(status)
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it('are checked before the input and the job, and not at all when they are switched off', async () => {
    expect((await read(`${deepset.url}?limit=1000`)).status).toBe(401)
    const open = await createStandin({ auth: false })
    expect((await open.fetch(deepset.url)).status).toBe(200)
  })
})

describe('bounds', () => {
  it.each([
    [`${deepset.url}?filter=${'a'.repeat(9_000)}`, 414],
    [`${deepset.url}?${'a&'.repeat(300)}`, 414],
  ])('on the URL', async (path, status) => {
    expect((await read(path, deepset.headers)).status).toBe(status)
  })

  it('on headers and bodies, and bodies that are no JSON', async () => {
    expect((await read(deepset.url, { 'x-long': 'a'.repeat(20_000) })).status).toBe(431)
    const post = async (body: string): Promise<Response> =>
      (await served()).fetch('/skop/scrape/', {
        method: 'POST',
        headers: { ...skop.headers, 'content-type': 'application/json' },
        body,
      })
    expect((await post(`"${'a'.repeat(1_048_600)}"`)).status).toBe(413)
    expect((await post('{"website": ')).status).toBe(400)
    const odd = await post(
      '{"website":"https://a.example","prompt":"all minutes","__proto__":{"x":1},"parameters":{"x":1}}',
    )
    expect(odd.status).toBe(201)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('the parameters of deepset', () => {
  const id = '019b0000-0000-7000-8000-000000000000'
  it.each([
    ['limit=101', 'limit'],
    ['limit=abc', 'limit'],
    ['limit=1.0', 'limit'],
    ['limit=1e1', 'limit'],
    ['limit=%2B5', 'limit'],
    ['page_number=0', 'page_number'],
    ['page_number=null', 'page_number'],
    ['before=zz', 'before'],
    ['field=nope', 'field'],
    ['field=', 'field'],
    ['order=asc', 'order'],
    [`page_number=1&after=${id}`, 'page_number'],
    [`page_number=1&before=${id}`, 'page_number'],
    ['page_number=1&filter=failed%20eq%20true', 'page_number'],
    [`before=${id}&after=${id}`, 'before'],
    [`after=${id}`, 'after'],
    [`before=${id}`, 'before'],
    ['limit=5&limit=500', 'limit'],
  ])('refuse %s and name %s', async (query, name) => {
    const { status, text } = await read(`${deepset.url}?${query}`, deepset.headers)
    expect(status).toBe(422)
    const { detail } = JSON.parse(text) as {
      detail: readonly { loc: readonly string[]; msg: string; type: string }[]
    }
    expect(detail.map(({ loc }) => loc)).toEqual([['query', name]])
  })

  it.each([
    ['limit=', { limit: 10 }],
    ['page_number=&after=&before=&select=&filter=', { limit: 10 }],
    ['unknown=1&limit=3', { limit: 3 }],
    ['limit=500&limit=5', { limit: 5 }],
    ['page_number=2&limit=7', { page_number: 2, limit: 7 }],
  ])('take %s', async (query, same) => {
    const { status, text } = await read(`${deepset.url}?${query}`, deepset.headers)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual(await page(deepset, same as Record<string, number>))
  })

  it('refuse all that is wrong at once, the path first', async () => {
    const url = deepset.url.replace(deepset.id, 'nothing')
    const { text } = await read(`${url}?limit=101&order=up`, deepset.headers)
    const { detail } = JSON.parse(text) as { detail: readonly { loc: readonly string[] }[] }
    expect(detail.map(({ loc }) => loc.join('.'))).toEqual(['path.job_id', 'query.limit', 'query.order'])
  })

  it('know no other job and no other workspace, and no cursor of another job', async () => {
    const other = await named('deepset', 'tied')
    for (const path of [
      deepset.url.replace(deepset.id, id),
      deepset.url.replace(/workspaces\/[^/]+/, `workspaces/${id}`),
    ]) {
      const { status, text } = await read(path, deepset.headers)
      expect([status, JSON.parse(text)]).toEqual([404, { detail: expect.any(String) }])
    }
    const foreign = String((await page(other, { limit: 1 })).data[0]?.['job_result_id'])
    expect((await read(`${deepset.url}?after=${foreign}`, deepset.headers)).status).toBe(422)
    expect(
      (
        await read(
          deepset.url
            .toUpperCase()
            .replace('/DEEPSET/API/V2/WORKSPACES', '/deepset/api/v2/workspaces')
            .replace('/JOBS/', '/jobs/')
            .replace('/RESULTS', '/results'),
          deepset.headers,
        )
      ).status,
    ).toBe(200)
  })
})

describe('the control API', () => {
  it('says that it is ready, which APIs there are and which jobs they have', async () => {
    expect(JSON.parse((await read('/_standin/health')).text)).toMatchObject({ status: 'ready' })
    const { apis } = JSON.parse((await read('/_standin/apis')).text) as { apis: readonly { id: string }[] }
    expect(apis.map((api) => api.id)).toEqual(BUILT_IN)
    const { jobs } = JSON.parse((await read('/_standin/jobs?api=skop')).text) as { jobs: readonly unknown[] }
    expect(jobs[0]).toEqual({
      api: 'skop',
      id: expect.stringMatching(/^job_[0-9a-f]{12}$/),
      name: 'queued',
      state: 'queued',
      rows: 0,
      url: expect.stringMatching(/^\/skop\/scrape\/results\/job_/),
      headers: { Authorization: 'Bearer sk-standin' },
    })
    expect((await read('/_standin/jobs?api=none')).status).toBe(404)
    expect((await read('/_standin/nothing')).status).toBe(404)
  })
})
