import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/contract/exchange.ts'
import { exchangesFromHar, readHar } from '../../src/contract/har.ts'
import { createMatch, placesOf } from '../../src/contract/matching.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import type { Json } from '../../src/model/json.ts'
import { UsageError } from '../../src/model/usage-error.ts'
import type { Fault } from './acme/server.ts'
import { createServer, JOBS } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'

const BASE = `https://api.acme.test/v1/jobs/${JOBS[0].id}`

/** Records what a server answers to a list of URLs, as a browser would. */
async function record(urls: readonly string[], fault: Fault = {}): Promise<string> {
  const server = createServer(fault)
  const entries = await Promise.all(
    urls.map(async (url) => {
      const headers = { Authorization: 'Bearer acme-key' }
      const response = await server(new Request(url.replace('/v1', ''), { headers }))
      const text = await response.text()
      return {
        request: { method: 'GET', url, headers: [{ name: 'Authorization', value: 'Bearer acme-key' }] },
        response: {
          status: response.status,
          headers: [...response.headers].map(([name, value]) => ({ name, value })),
          content: {
            mimeType: 'application/json',
            encoding: 'base64',
            text: btoa(unescape(encodeURIComponent(text))),
          },
        },
      }
    }),
  )
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } })
}

function har(entry: Json): string {
  return JSON.stringify({
    log: {
      entries: [{ request: { method: 'GET', url: '/' }, response: { status: 200, content: {} } }, entry],
    },
  })
}

describe('a HAR file', () => {
  it('becomes exchanges: lower-case header names, decoded bodies, no pseudo headers', () => {
    const entry = {
      request: {
        method: 'post',
        url: 'https://a.test/b?c=d',
        headers: [
          { name: ':authority', value: 'a.test' },
          { name: 'X-A', value: '1' },
          { name: 'x-a', value: '2' },
        ],
        postData: { mimeType: 'application/json', text: '{}' },
      },
      response: {
        status: 201,
        headers: [{ name: 'Content-Encoding', value: 'gzip' }],
        content: { encoding: 'base64', text: btoa('{"a":1}') },
      },
    }
    expect(exchangesFromHar(har(entry))[1]).toEqual({
      operationId: null,
      request: { method: 'POST', url: 'https://a.test/b?c=d', headers: { 'x-a': '1, 2' }, body: '{}' },
      response: { status: 201, headers: {}, body: '{"a":1}' },
      purpose: 'recorded, entry 1',
    } satisfies Exchange)
  })

  it.each([
    ['{', 'the HAR file is no JSON'],
    ['{}', 'the HAR file has no list at /log/entries'],
    [har({ request: { method: 'GET', url: '/' } }), '/log/entries/1/response must be an object'],
    [
      har({ request: { method: 'GET' }, response: { status: 1 } }),
      '/log/entries/1/request/url must be a string',
    ],
    [
      har({
        request: { method: 'GET', url: '/' },
        response: { status: 200, content: { encoding: 'base64', text: '?' } },
      }),
      '/log/entries/1/response/content/text is no base64',
    ],
  ])('that is broken is refused with the place of the entry', (text, message) => {
    expect(() => exchangesFromHar(text)).toThrow(UsageError)
    expect(() => exchangesFromHar(text)).toThrow(message)
  })

  it('leaves out requests that were never answered', () => {
    expect(
      exchangesFromHar(har({ request: { method: 'GET', url: '/' }, response: { status: 0 } })),
    ).toHaveLength(1)
  })
})

const WALK = [1, 2, 3].map((page) => `${BASE}/rows?limit=20&page=${page}`)
const OTHERS = [
  BASE,
  `${BASE}/rows?filter=fine eq true&limit=20`,
  `${BASE}/rows?select=name,fine&sort=weight`,
]
const STRANGE = 'https://cdn.acme.test/logo.png'

describe('recorded exchanges', () => {
  it('are judged as live ones are; what belongs to no operation is counted', async () => {
    const exchanges = exchangesFromHar(await record([...WALK, ...OTHERS, STRANGE]))
    const verdict = await checkExchanges(readSubject(), exchanges, { basePaths: ['/v1'] })
    expect(verdict.findings.map(({ message }) => message)).toEqual([])
    expect(verdict.unmatched).toBe(1)
    expect(exitCode([verdict])).toBe(0)
    const passed = verdict.checks.filter(({ outcome }) => outcome === 'passed').map(({ check }) => check)
    expect(passed).toEqual(
      expect.arrayContaining(['P01', 'P02', 'P05', 'P06', 'F01', 'X01', 'law', 'id_echo']),
    )
    const skipped = verdict.checks.find(({ check }) => check === 'ignored_auth')
    expect(skipped).toMatchObject({ outcome: 'skipped', reason: 'recorded exchanges are not asked again' })
  })

  it.each([
    ['P01', { body: (body) => ('total' in body ? { ...body, total: 50 } : body) }],
    ['P02', { rows: (rows) => [...rows.slice(0, 20), ...rows.slice(19, -1)] }],
    ['F01', { leak: (row) => row['fine'] === false }],
    ['id_echo', { body: (body) => ('more' in body ? { ...body, job_id: 'x' } : body) }],
  ] as const satisfies readonly (readonly [string, Fault])[])('show a fault of %s', async (check, fault) => {
    const exchanges = exchangesFromHar(await record([...WALK, ...OTHERS], fault))
    const verdict = await checkExchanges(readSubject(), exchanges, { basePaths: ['/v1'] })
    expect(verdict.findings.map((finding) => finding.check)).toContain(check)
    expect(JSON.stringify(verdict)).not.toContain('acme-key')
  })

  it('are no pass when none belongs to an operation', async () => {
    const verdict = await checkExchanges(readSubject(), exchangesFromHar(await record([STRANGE])))
    expect(exitCode([verdict])).toBe(4)
  })
})

describe('recorders of all kinds', () => {
  const request = { method: 'GET', url: 'https://a.test/b' }
  const entries = (...list: readonly Json[]): string => JSON.stringify({ log: { entries: list } })
  const json = (text: string): Json => ({ mimeType: 'application/json', text })

  it('give their exchanges in the order of time, whatever the order of the file', () => {
    const at = (second: number, url: string): Json => ({
      ...{ startedDateTime: `2026-01-01T00:00:0${second}.000Z`, time: 10 },
      request: { method: 'GET', url },
      response: { status: 200, content: json('1') },
    })
    const { exchanges } = readHar(entries(at(3, '/c'), at(1, '/a'), at(2, '/b')))
    expect(exchanges.map(({ request: { url }, purpose }) => [url, purpose])).toEqual([
      ['/a', 'recorded, entry 1'],
      ['/b', 'recorded, entry 2'],
      ['/c', 'recorded, entry 0'],
    ])
    const startMs = Date.UTC(2026, 0, 1, 0, 0, 1)
    expect(exchanges[0]?.span).toEqual({ startMs, endMs: startMs + 10 })
  })

  it('leave members out, and that is no fault', () => {
    const { exchanges } = readHar(
      entries({ request, response: { status: 200, headers: null, bodySize: 0, content: null } }),
    )
    expect(exchanges).toMatchObject([
      { request: { headers: {}, body: null }, response: { headers: {}, body: '' } },
    ])
  })

  it.each<[string, Json, string]>([
    ['an aborted request', { request, response: { status: -1 } }, 'it was never answered'],
    ['no answer', { request, response: { status: 0 } }, 'it was never answered'],
    ['a WebSocket', { request, response: { status: 101 } }, 'the connection went on to another protocol'],
    [
      'a tunnel',
      { request: { method: 'CONNECT', url: 'a.test:443' }, response: { status: 200 } },
      'it only opened a tunnel',
    ],
    [
      'a picture in a page',
      { request: { method: 'GET', url: 'data:image/png;base64,xx/jobs' }, response: { status: 200 } },
      'it did not travel over HTTP',
    ],
    [
      'a body left out',
      { request, response: { status: 200, content: { size: 9 } } },
      'its body was not recorded',
    ],
    [
      'a body that is null',
      { request, response: { status: 200, bodySize: -1, content: null } },
      'its body was not recorded',
    ],
    [
      'a body left out, told beside',
      { request, response: { status: 200, bodySize: 9 } },
      'its body was not recorded',
    ],
    [
      'a body cut off',
      { request, response: { status: 200, content: { size: 900, text: '{"a":[1,' } } },
      'its body was not recorded whole',
    ],
  ])('name what cannot be judged: %s', (_, entry, reason) => {
    expect(readHar(entries(entry))).toEqual({ exchanges: [], left: [{ entry: 0, reason }] })
  })

  it('tell queries, cookies, forms and targets apart from where they stood', () => {
    const [exchange] = readHar(
      entries({
        request: {
          ...{ method: 'POST', url: 'https://a.test/b#part' },
          queryString: [{ name: 'q', value: 'a b&c' }],
          cookies: [
            { name: 'one', value: '1' },
            { name: 'two', value: '2' },
          ],
          postData: { mimeType: 'application/x-www-form-urlencoded', params: [{ name: 'x', value: 'ä' }] },
        },
        response: { status: 303, redirectURL: '/c', content: { size: 0, mimeType: 'x-unknown' } },
      }),
    ).exchanges
    expect(exchange?.request).toMatchObject({
      url: 'https://a.test/b?q=a+b%26c',
      headers: { cookie: 'one=1; two=2' },
      body: 'x=%C3%A4',
    })
    expect(exchange?.response.headers).toMatchObject({ location: '/c' })
  })

  it('show of an answer without a body what they had in their cache, which is passed over', () => {
    const conditional = { ...request, headers: [{ name: 'If-None-Match', value: '"a"' }] }
    const { exchanges } = readHar(
      entries(
        { request: conditional, response: { status: 304, content: { size: 2, text: '{}' } } },
        { request: { ...request, method: 'HEAD' }, response: { status: 200, content: { size: 2 } } },
      ),
    )
    expect(exchanges.map(({ response }) => response.body)).toEqual(['', ''])
  })
})

describe('requests of no plan', () => {
  const subject = readSubject()
  const url = (text: string): { method: string; url: string } => ({ method: 'GET', url: text })
  const job = `/jobs/${JOBS[0].id}`

  it('belong to an operation by path alone, unless a base says more', () => {
    const any = createMatch(subject, ['', '/v1'])
    expect(any(url(`https://b.test/v1${job}`))?.id).toBe('readJob')
    expect(any({ method: 'HEAD', url: job })?.id).toBe('readJob')
    expect(any(url(`https://b.test/v2${job}`))).toBeNull()
    expect(any(url(`https://b.test${job}/`))).toBeNull()
    const one = createMatch(subject, ['https://a.test/v1/'])
    expect(one(url(`https://a.test/v1${job}?x`))?.id).toBe('readJob')
    expect(one(url(`https://A.test:443/v1${job}`))?.id).toBe('readJob')
    expect(one(url(`https://b.test/v1${job}`))).toBeNull()
    expect(one(url(`https://a.test${job}`))).toBeNull()
  })

  it('are told by host and path, the most frequent first', () => {
    const strange = ['https://b.test/x?secret=1', 'https://a.test/y', 'https://b.test/x'].map(url)
    expect(placesOf(strange)).toEqual([
      { place: 'GET b.test/x', count: 2 },
      { place: 'GET a.test/y', count: 1 },
    ])
  })
})
