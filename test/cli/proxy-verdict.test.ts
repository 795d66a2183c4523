import { request as httpRequest } from 'node:http'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createTraffic } from '../../src/contract/live.ts'
import { JOBS } from '../contract/acme/server.ts'
import { readSubject } from '../contract/acme/subject.ts'
import { ask, between, closeAfterEach, JOB, json, SOUND } from './between.ts'

closeAfterEach()

describe('the verdict of the proxy', () => {
  it('passes an answer on as it is and says that it keeps its contract', async () => {
    const { url, passed } = await between(json(SOUND))
    const got = await ask(`${url}${JOB}`)
    expect(JSON.parse(got.text)).toEqual(SOUND)
    expect(got.headers['standin-verdict']).toBe('kept')
    expect(got.headers['standin-findings']).toBe('0')
    expect(passed.map(({ judged }) => judged?.operationId)).toEqual(['readJob'])
  })

  it('says of a broken answer how many promises it breaks, and which, and passes it on', async () => {
    const { url, passed } = await between(json({ ...SOUND, done: 'all' }))
    const got = await ask(`${url}${JOB}`)
    expect(got.status).toBe(200)
    expect(JSON.parse(got.text)).toEqual({ ...SOUND, done: 'all' })
    expect(got.headers['standin-verdict']).toBe('broken')
    const ids = passed.flatMap(({ judged }) => judged?.findings.map(({ id }) => id) ?? [])
    expect(Number(got.headers['standin-findings'])).toBe(ids.length)
    expect(got.headers['standin-finding-ids']).toBe([...new Set(ids)].join(', '))
  })

  it('answers 502 with the findings in place of a broken answer when it is asked to', async () => {
    const { url } = await between(json({ ...SOUND, done: 'all' }), { errors: true })
    const got = await ask(`${url}${JOB}`)
    expect(got.status).toBe(502)
    expect(got.headers['content-type']).toBe('application/problem+json')
    const { findings } = JSON.parse(got.text) as {
      findings: { check: string; at: string; document: string }[]
    }
    const found = findings.find(({ check }) => check === 'response_schema_conformance')
    expect(found?.at).toBe('/done')
    expect(found?.document).toMatch(/^acme\/openapi\.yaml:\d+:\d+$/)
  })

  it('finds what only two answers show: a row that stands on two pages', async () => {
    const row = (n: number) => ({
      ...{ id: `20000000-0000-4000-8000-00000000000${n}`, name: null, weight: 1, fine: true, size: null },
      made_at: '2026-01-01T00:00:00Z',
    })
    const { url, passed, traffic } = await between((request, response) => {
      const second = request.url?.includes('page=2')
      const rows = second ? [row(1), row(2)] : [row(0), row(1)]
      json({ job_id: JOBS[0].id, rows, total: 4, more: !second })(request, response)
    })
    const first = await ask(`${url}${JOB}/rows?limit=2&page=1`)
    const next = await ask(`${url}${JOB}/rows?limit=2&page=2`)
    const again = await ask(`${url}${JOB}/rows?limit=2&page=2`)
    expect([first, next, again].map(({ headers }) => headers['standin-verdict'])).toEqual([
      'kept',
      'broken',
      'kept',
    ])
    expect(passed[1]?.judged?.findings.map(({ check }) => check)).toContain('P02')
    expect(traffic.verdict('x', 1).findings.find(({ check }) => check === 'P02')?.count).toBe(1)
  })

  it('does not take the pages of a job that still runs for one walk', async () => {
    let total = 0
    const subject = readSubject()
    const { contract } = subject
    if (contract === null) throw new Error('acme has a job contract')
    const traffic = createTraffic(subject, { bases: ['/v1'], walks: 'at each page' })
    const read = (path: string, body: unknown) =>
      traffic.judge({
        ...{ operationId: null, purpose: 'test' },
        request: { method: 'GET', url: `http://a.test${JOB}${path}`, headers: {}, body: null },
        response: {
          ...{ status: 200, headers: { 'content-type': 'application/json', 'x-left': '1' } },
          body: JSON.stringify(body),
        },
      })
    await read('', { ...SOUND, state: 'working', done: 1 })
    for (const page of [1, 2]) {
      total += 1
      const rows = { job_id: JOBS[0].id, rows: [], total, more: false }
      expect((await read(`/rows?page=${page}`, rows)).findings).toEqual([])
    }
    await read('', SOUND)
    await read('/rows?page=1&limit=1', { job_id: JOBS[0].id, rows: [], total: 1, more: false })
    expect(traffic.verdict('x', 1).findings.map(({ check }) => check)).toContain('P01')
  })

  it('says unmatched where no operation is meant, and passes it', async () => {
    const { url } = await between((_, response) => response.writeHead(404).end('no'))
    const got = await ask(`${url}/logo.png`)
    expect([got.status, got.text, got.headers['standin-verdict']]).toEqual([404, 'no', 'unmatched'])
    expect(got.headers['standin-findings']).toBeUndefined()
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('judges what is packed with %s and passes the very bytes', async (coding, pack) => {
    const bytes = pack(Buffer.from(JSON.stringify({ ...SOUND, total: '43' })))
    const { url, passed } = await between((_, response) => {
      response.writeHead(200, {
        'Content-Type': 'application/json',
        'X-Left': '7',
        'Content-Encoding': coding,
      })
      response.end(bytes)
    })
    const got = await ask(`${url}${JOB}`)
    expect(got.bytes.equals(bytes)).toBe(true)
    expect(got.headers['content-encoding']).toBe(coding)
    expect(got.headers['standin-verdict']).toBe('broken')
    expect(passed[0]?.exchange.response.headers['content-encoding']).toBeUndefined()
  })

  it.each([
    ['no gzip', 'gzip', Buffer.from('{}')],
    ['a bomb', 'gzip', gzipSync(Buffer.alloc(1_000_000))],
    ['an unknown coding', 'zstd', Buffer.from('{}')],
  ])('passes %s unjudged and says why', async (_, coding, bytes) => {
    const { url, passed } = await between((__, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': coding }).end(bytes)
    })
    const got = await ask(`${url}${JOB}`)
    expect(got.bytes.equals(bytes)).toBe(true)
    expect(got.headers['standin-verdict']).toBe('unjudged')
    expect(passed[0]?.reason).toMatch(/gzip, though it says so|more than is judged|zstd is not known/)
  })

  it.each([true, false])('passes a body beyond its bound as it comes (length told: %s)', async (told) => {
    const bytes = Buffer.alloc(500_000, 'a')
    const { url, passed } = await between((_, response) => {
      const length = told ? { 'Content-Length': String(bytes.byteLength) } : {}
      response.writeHead(200, { 'Content-Type': 'application/json', ...length }).end(bytes)
    })
    const got = await ask(`${url}${JOB}`)
    expect(got.bytes.equals(bytes)).toBe(true)
    expect(got.headers['standin-verdict']).toBe('unjudged')
    expect(passed[0]?.reason).toMatch(/larger than 100000 bytes/)
  })

  it('passes events as they come, and judges them when they end', async () => {
    let end: () => void = () => undefined
    const { url, passed } = await between((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: 1\n\n')
      end = () => response.end('data: 2\n\n')
    })
    const text = await new Promise<string>((resolve, reject) => {
      httpRequest(`${url}${JOB}`, { agent: false }, (response) => {
        expect(response.headers['standin-verdict']).toBe('streamed')
        let soFar = ''
        response.on('data', (chunk) => {
          soFar += String(chunk)
          if (soFar === 'data: 1\n\n') end()
        })
        response.on('end', () => resolve(soFar))
        response.on('error', reject)
      })
        .on('error', reject)
        .end()
    })
    expect(text).toBe('data: 1\n\ndata: 2\n\n')
    expect(passed[0]?.judged?.findings.map(({ check }) => check)).toContain('content_type_conformance')
  })

  it('gives a body that takes too long to the client as it comes', async () => {
    const { url } = await between(
      (_, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'X-Left': '7' }).write('{"id":')
        setTimeout(() => response.end('1}'), 200)
      },
      { holdMs: 20 },
    )
    const got = await ask(`${url}${JOB}`)
    expect([got.text, got.headers['standin-verdict']]).toEqual(['{"id":1}', 'streamed'])
  })
})
