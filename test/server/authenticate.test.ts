import { describe, expect, it } from 'vitest'
import { createStandin } from '../../src/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { answering, apiOf, assembled } from '../assembled.ts'
import { named, read } from '../served.ts'

describe('the key of a bearer scheme', () => {
  it.each([
    ['Bearer standin', 200],
    ['bearer anything', 200],
    ['BEARER   spaced', 200],
    ['', 401],
    ['Bearer', 401],
    ['Bearer ', 401],
    ['Bearer    ', 401],
    ['Basic dXNlcjpwYXNz', 401],
    ['standin', 401],
    ['Bearerstandin', 401],
  ])('%j gets %i', async (authorization, status) => {
    const { url } = await named('deepset', 'one-row')
    const answer = await read(url, { authorization })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
      status,
      status === 401 ? 'Bearer' : null,
    ])
    if (status === 401) expect(JSON.parse(answer.text)).toEqual({ detail: expect.any(String) })
  })
})

describe('a key that must look like one', () => {
  it.each<[Record<string, string>, number]>([
    [{ authorization: 'Bearer sk-standin' }, 200],
    [{ authorization: 'Bearer sk_standin' }, 200],
    [{ 'x-api-key': 'sk-standin' }, 200],
    [{ 'X-API-Key': 'sk_1' }, 200],
    [{ authorization: 'Basic x', 'x-api-key': 'sk-1' }, 200],
    [{ authorization: 'Bearer sk-1', 'x-api-key': 'wrong' }, 200],
    [{}, 401],
    [{ 'x-api-key': '' }, 401],
    [{ 'x-api-key': 'sk-' }, 401],
    [{ 'x-api-key': 'pk-1' }, 401],
    [{ 'x-api-key': 'my sk-1' }, 401],
    [{ authorization: 'Bearer standin' }, 401],
    [{ authorization: 'sk-standin' }, 401],
  ])('is accepted in either place, and only so: %j', async (headers, status) => {
    const { url } = await named('skop', 'one-row')
    const answer = await read(url, headers)
    expect(answer.status).toBe(status)
    if (status !== 401) return
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(JSON.parse(answer.text)).toMatchObject({
      ...{ error: true, status_code: 401, timestamp: '2026-01-01T00:00:00.000Z' },
      message: 'Give the header Authorization with a bearer credential or the header X-API-Key',
    })
  })
})

describe('keys that are asked for together', () => {
  const both = 'Give the header x-api-key and the header x-selected-account-id'

  it.each<[Record<string, string>, number]>([
    [{ 'x-api-key': 'any', 'x-selected-account-id': 'acct' }, 200],
    [{ 'x-api-key': 'any' }, 401],
    [{ 'x-selected-account-id': 'acct' }, 401],
    [{ 'x-api-key': 'any', 'x-selected-account-id': '' }, 401],
    [{ authorization: 'Bearer any' }, 401],
    [{}, 401],
  ])('are accepted together only: %j', async (headers, status) => {
    const { url } = await named('scale-dex', 'parse')
    const answer = await read(url, headers)
    expect(answer.status).toBe(status)
    if (status === 401) expect(JSON.parse(answer.text)).toEqual({ detail: both })
  })
})

describe('credentials', () => {
  it('are checked before it is looked for the job or at the parameters', async () => {
    const { url } = await named('deepset', 'one-row')
    for (const path of [
      url.replace(/jobs\/[^/]+/, `jobs/${crypto.randomUUID()}`),
      `${url}?limit=x&field=x`,
    ]) {
      expect((await read(path)).status).toBe(401)
    }
    expect((await read('/skop/scrape/results/JOB!')).status).toBe(401)
  })

  it('are not asked for where that is switched off', async () => {
    const standin = await createStandin({ apis: ['skop'], auth: false })
    const [job] = standin.jobs('skop')
    expect((await standin.fetch(job?.url ?? '')).status).toBe(200)
    expect((await standin.fetch(job?.url ?? '', { headers: { 'x-api-key': 'nonsense' } })).status).toBe(200)
  })
})

describe('security as the document says it', () => {
  const securitySchemes = {
    inQuery: { type: 'apiKey', in: 'query', name: 'api key' },
    inCookie: { type: 'apiKey', in: 'cookie', name: 'session' },
    basic: { type: 'http', scheme: 'basic' },
    oauth: { type: 'oauth2', flows: {} },
  }
  const get = answering({ const: 1 })
  const paths: JsonObject = {
    '/one': { get: { ...get, security: [{ inQuery: [] }] } },
    '/two': { get: { ...get, security: [{ inQuery: [], inCookie: [] }] } },
    '/either': { get: { ...get, security: [{ basic: [] }, { oauth: ['read'] }] } },
    '/optional': { get: { ...get, security: [{}, { basic: [] }] } },
    '/open': { get: { ...get, security: [] } },
    '/whole': { get },
    '/unknown': { get: { ...get, security: [{ nowhere: [] }] } },
  }
  const api = apiOf('safe', { components: { securitySchemes }, security: [{ inCookie: [] }], paths })

  it.each<[string, Record<string, string>, number]>([
    ['/one?api%20key=k', {}, 200],
    ['/one?api+key=a&api+key=b', {}, 200],
    ['/one?api+key=', {}, 401],
    ['/one', { 'api-key': 'k' }, 401],
    ['/two?api+key=k', {}, 401],
    ['/two?api+key=k', { cookie: 'a=b; session=s=1; c' }, 200],
    ['/two', { cookie: 'session=s' }, 401],
    ['/either', { authorization: 'Basic eDp5' }, 200],
    ['/either', { authorization: 'Bearer t' }, 200],
    ['/either', { authorization: 'Digest t' }, 401],
    ['/optional', {}, 200],
    ['/open', {}, 200],
    ['/whole', {}, 401],
    ['/whole', { cookie: 'session=s' }, 200],
    ['/whole', { cookie: 'xsession=s' }, 401],
    ['/unknown', { authorization: 'Bearer t', cookie: 'session=s' }, 401],
  ])('%s with %j gets %i', async (path, headers, status) => {
    const { fetch } = await assembled([api])
    expect((await fetch(path, { headers })).status).toBe(status)
  })

  it('challenges by the first scheme that has a challenge', async () => {
    const { fetch } = await assembled([api])
    expect((await fetch('/either')).headers.get('www-authenticate')).toBe('Basic')
    expect((await fetch('/one')).headers.has('www-authenticate')).toBe(false)
  })
})
