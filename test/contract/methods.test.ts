/**
 * Methods that a path does not document are refused by the names of those that it does; HEAD answers as GET.
 */
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import { judge, planOf, RESPONSES, subjectOf } from './planned.ts'

const RESPOND: JsonObject = { responses: RESPONSES }
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
const SUBJECT = subjectOf({ '/things': { get: RESPOND, post: RESPOND } })

/** Right unless a test says otherwise. */
function server(answer: (request: Request) => Response | null) {
  return (request: Request): Promise<Response> => {
    const own = answer(request)
    if (own !== null) return Promise.resolve(own)
    if (request.method === 'OPTIONS') return Promise.resolve(new Response(null, { status: 204 }))
    if (!['GET', 'POST', 'HEAD'].includes(request.method)) return Promise.resolve(refused('GET, HEAD, POST'))
    const body = request.method === 'HEAD' ? null : 'words'
    return Promise.resolve(
      new Response(body, { status: 200, headers: { etag: '"a"', 'content-type': 'text/plain' } }),
    )
  }
}

function refused(allow: string | null): Response {
  return new Response('', { status: 405, headers: allow === null ? {} : { allow } })
}

async function found(answer: (request: Request) => Response | null): Promise<readonly string[]> {
  const { findings } = await judge(SUBJECT, server(answer))
  return findings.filter(({ check }) => check === 'unsupported_method').map(({ message }) => message)
}

describe('methods', () => {
  it('that are not documented are asked for where writes are allowed, and safe ones always', () => {
    const asked = (allowWrites: boolean): readonly string[] =>
      planOf(SUBJECT, [], allowWrites)
        .cases.filter(({ stray }) => stray)
        .map(({ method }) => method)
    expect(asked(true)).toEqual(['PUT', 'DELETE', 'PATCH', 'STANDIN', 'OPTIONS'])
    expect(asked(false)).toEqual(['OPTIONS'])
  })

  it('are not asked for where it is not known that anything is there', () => {
    const subject = subjectOf({ '/things/{id}': { get: { ...RESPOND, parameters: [ID] } } })
    expect(planOf(subject).cases.filter(({ stray }) => stray)).toEqual([])
  })

  it('of another template of the same path count as documented', () => {
    const subject = subjectOf({
      '/things/{id}': { put: { ...RESPOND, parameters: [ID] } },
      '/things/new': { get: RESPOND },
    })
    const asked = planOf(subject).cases.filter(({ stray, url }) => stray && url.endsWith('/things/new'))
    expect(asked.map(({ method }) => method)).not.toContain('PUT')
  })
})

describe('a server', () => {
  it('that refuses them by name has no finding', async () => {
    expect(await found(() => null)).toEqual([])
  })

  it.each<[string, (request: Request) => Response | null, RegExp]>([
    [
      'answers PUT',
      ({ method }) => (method === 'PUT' ? new Response('', { status: 200 }) : null),
      /^PUT is not documented here: must be 405, is 200/,
    ],
    [
      'does not know of a path by another method',
      ({ method }) => (method === 'PATCH' ? new Response('', { status: 404 }) : null),
      /^PATCH is not documented here: must be 405, is 404/,
    ],
    [
      'breaks at DELETE',
      ({ method }) => (method === 'DELETE' ? new Response('', { status: 500 }) : null),
      /^DELETE at this path, yet it broke the server: 500/,
    ],
    [
      'breaks at OPTIONS',
      ({ method }) => (method === 'OPTIONS' ? new Response('', { status: 500 }) : null),
      /^OPTIONS at this path, yet it broke/,
    ],
    [
      'does not say what is allowed',
      ({ method }) => (method === 'PUT' ? refused(null) : null),
      /^the 405 lacks Allow/,
    ],
    [
      'leaves a method out of Allow',
      ({ method }) => (method === 'PUT' ? refused('GET') : null),
      /has Allow: GET, which lacks POST/,
    ],
    [
      'allows what is not documented',
      ({ method }) => (method === 'PUT' ? refused('GET, POST, PATCH') : null),
      /PATCH is not documented here/,
    ],
    [
      'allows what it refuses',
      ({ method }) => (method === 'PUT' ? refused('GET, POST, PUT') : null),
      /which names PUT/,
    ],
    [
      'answers HEAD otherwise',
      ({ method }) => (method === 'HEAD' ? new Response(null, { status: 404 }) : null),
      /^HEAD is answered 404, GET 200/,
    ],
    [
      'gives HEAD another tag',
      ({ method }) =>
        method === 'HEAD'
          ? new Response(null, { headers: { etag: '"b"', 'content-type': 'text/plain' } })
          : null,
      /^HEAD has ".*b.*" etag, GET ".*a.*"/,
    ],
    [
      'gives HEAD a body',
      ({ method }) =>
        method === 'HEAD'
          ? new Response('words', { headers: { etag: '"a"', 'content-type': 'text/plain' } })
          : null,
      /^the answer to HEAD has a body: words/,
    ],
  ])('that %s is found', async (_, answer, message) => {
    const messages = await found(answer)
    expect(
      messages.some((each) => message.test(each)),
      messages.join('\n'),
    ).toBe(true)
  })

  it('that knows paths only with their methods is only warned', async () => {
    const router = server(({ method }) => (method === 'PATCH' ? new Response('', { status: 404 }) : null))
    const { findings } = await judge(SUBJECT, router)
    const own = findings.filter(({ check }) => check === 'unsupported_method')
    expect([...new Set(own.map(({ level }) => level))]).toEqual(['warning'])
  })

  it('that leaves a header out of HEAD, which takes the content to know, is only warned', async () => {
    const bare = server(({ method }) =>
      method === 'HEAD' ? new Response(null, { headers: { 'content-type': 'text/plain' } }) : null,
    )
    const { findings } = await judge(SUBJECT, bare)
    const own = findings.filter(({ check }) => check === 'unsupported_method')
    expect(own.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      expect.stringMatching(/^warning: HEAD has no etag, GET/),
    ])
  })

  it.each([401, 403, 429])('that answers %s says nothing of methods', async (status) => {
    expect(
      await found(({ method }) =>
        ['GET', 'POST', 'HEAD'].includes(method) ? null : new Response('', { status }),
      ),
    ).toEqual([])
  })

  it('that has no HEAD, or does not know a made-up method at all, is not blamed', async () => {
    const answer = ({ method }: Request): Response | null =>
      method === 'HEAD'
        ? refused('GET, POST')
        : method === 'STANDIN'
          ? new Response('', { status: 501 })
          : null
    expect(await found(answer)).toEqual([])
  })

  it('whose HEAD differs only because things changed in between is not blamed', async () => {
    let tag = 0
    const answer = ({ method }: Request): Response | null => {
      if (method !== 'GET' && method !== 'HEAD') return null
      if (method === 'HEAD') tag += 1
      return new Response(method === 'HEAD' ? null : 'words', {
        headers: { etag: `"${tag}"`, 'content-type': 'text/plain' },
      })
    }
    expect(await found(answer)).toEqual([])
  })
})

describe('operations that no request can be made for', () => {
  const content = { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } }
  const whole = { name: 'q', in: 'querystring', required: true, content }
  const paths = { '/a': { trace: RESPOND, get: { ...RESPOND, parameters: [whole] } }, '/b': { get: RESPOND } }

  it('are left out with a reason', async () => {
    const { cases, heads, skipped } = planOf(subjectOf(paths as unknown as JsonObject), [], true)
    const asked = [...cases, ...heads.flat()].filter(({ stray }) => !stray)
    expect(new Set(asked.map(({ operationId }) => operationId))).toEqual(new Set(['GET /b']))
    const reasons = new Set(skipped.map(({ operationId, reason }) => `${operationId}: ${reason}`))
    expect([...reasons]).toEqual([
      'GET /a: it needs a query described as a whole, which is not written',
      'TRACE /a: TRACE is no method that can be sent',
    ])
  })
})
