import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, Server } from 'node:http'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Passed, ProxyOptions } from '../../src/cli/proxy-server.ts'
import { createProxy } from '../../src/cli/proxy-server.ts'
import { readHar } from '../../src/contract/har.ts'
import type { Traffic } from '../../src/contract/live.ts'
import { createTraffic } from '../../src/contract/live.ts'
import { JOBS } from '../contract/acme/server.ts'
import { readSubject } from '../contract/acme/subject.ts'
import type { Program } from '../program.ts'
import { CLI, startProgram } from '../program.ts'
import type { Upstream } from './upstream.ts'
import { closed, listening, startUpstream } from './upstream.ts'

const JOB = `/v1/jobs/${JOBS[0].id}`
const SOUND = { id: JOBS[0].id, state: 'finished', done: 43, total: 43 }

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly raw: readonly string[]
  readonly bytes: Buffer
  readonly text: string
}

interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

/** As plain as can be, so that nothing is decoded or joined on the way. */
function ask(url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers, raw: response.rawHeaders },
          ...{ bytes, text: bytes.toString() },
        })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

const open: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

interface Between {
  readonly url: string
  readonly upstream: Upstream
  readonly passed: Passed[]
  readonly traffic: Traffic
}

/** A proxy before a service that answers like this. */
async function between(listener: RequestListener, options: Partial<ProxyOptions> = {}): Promise<Between> {
  const upstream = await startUpstream(listener)
  const traffic = createTraffic(readSubject(), { bases: ['/v1', ''], walks: 'at each page' })
  const passed: Passed[] = []
  const server: Server = createProxy({
    ...{ target: new URL(upstream.url), errors: false, limitBytes: 100_000, timeoutMs: 5_000, holdMs: 5_000 },
    ...{ verify: () => undefined, judge: traffic.judge, passed: (each: Passed) => passed.push(each) },
    ...options,
  })
  const url = await listening(server)
  open.push(upstream.close, () => closed(server))
  return { url, upstream, passed, traffic }
}

function json(value: unknown, headers: Readonly<Record<string, string>> = {}): RequestListener {
  return (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'X-Left': '7', ...headers })
    response.end(JSON.stringify(value))
  }
}

describe('the proxy', () => {
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

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('passes an answer without a body: %s %i', async (method, status) => {
    const { url } = await between((_, response) => {
      const head =
        status === 200 ? { 'Content-Type': 'application/json', 'Content-Length': '9', 'X-Left': '7' } : {}
      response.writeHead(status, { ...head, ETag: '"a"' }).end()
    })
    const got = await ask(`${url}${JOB}`, { method, headers: { 'If-None-Match': '"a"' } })
    expect([got.status, got.text, got.headers.etag]).toEqual([status, '', '"a"'])
    if (status === 200) expect(got.headers['content-length']).toBe('9')
    if (status === 304) expect(got.headers['standin-verdict']).toBe('unjudged')
  })

  it('leaves the headers of a hop out, in both directions, and the others as they are', async () => {
    const { url, upstream } = await between((_, response) => {
      response.writeHead(200, [
        ...[
          'Content-Type',
          'application/json',
          'Connection',
          'close, X-Hop',
          'X-Hop',
          '1',
          'Keep-Alive',
          'timeout=9',
        ],
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'X-Left', '7', 'Proxy-Authenticate', 'Basic'],
      ])
      response.end('{}')
    })
    const got = await ask(`${url}${JOB}?a=%2F&b`, {
      headers: {
        ...{ Connection: 'X-Own, close', 'X-Own': '1', TE: 'trailers', 'Proxy-Authorization': 'Basic eA==' },
        ...{
          'X-Forwarded-For': '192.0.2.1',
          Accept: ['a/b', 'c/d'],
          Host: 'api.acme.test',
          Via: '1.0 other',
        },
      },
    })
    const [request] = upstream.seen
    expect(request?.url).toBe(`${JOB}?a=%2F&b`)
    expect(request?.headers).toMatchObject({
      ...{ host: new URL(upstream.url).host, 'x-forwarded-for': '192.0.2.1', accept: 'a/b, c/d' },
      via: '1.0 other, 1.1 standin',
    })
    for (const name of ['x-own', 'te', 'proxy-authorization'])
      expect(request?.headers).not.toHaveProperty(name)
    for (const name of ['x-hop', 'proxy-authenticate']) expect(got.headers).not.toHaveProperty(name)
    expect(got.headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(got.raw).toContain('X-Left')
    expect(got.headers.via).toBe('1.1 standin')
  })

  it('passes request bodies, whole, chunked or none', async () => {
    const { url, passed } = await between((request, response) => {
      let text = ''
      request.on('data', (chunk) => {
        text += String(chunk)
      })
      request.on('end', () => {
        const told = request.headers['content-length'] ?? request.headers['transfer-encoding']
        response.writeHead(201, { 'Content-Type': 'application/json' }).end(JSON.stringify([text, told]))
      })
    })
    const method = 'POST'
    const whole = await ask(`${url}/v1/jobs`, { method, headers: { 'Content-Length': '2' }, body: '{}' })
    const chunked = await ask(`${url}/v1/jobs`, {
      method,
      headers: { 'Transfer-Encoding': 'chunked' },
      body: '[]',
    })
    const none = await ask(`${url}/v1/jobs`, { method, headers: { 'Content-Length': '0' } })
    expect([whole, chunked, none].map(({ text }) => JSON.parse(text))).toEqual([
      ['{}', '2'],
      ['[]', 'chunked'],
      ['', '0'],
    ])
    expect(passed.map(({ exchange }) => exchange.request.body)).toEqual(['{}', '[]', null])
  })

  it('says 502 where the target is not there, and 504 where it does not answer', async () => {
    const gone = await startUpstream(json(SOUND))
    await gone.close()
    const { url } = await between(json(SOUND), { target: new URL(gone.url) })
    const refused = await ask(`${url}${JOB}`)
    expect([refused.status, refused.headers['content-type']]).toEqual([502, 'application/problem+json'])
    expect(JSON.parse(refused.text)).toMatchObject({ status: 502, title: 'The target cannot be reached' })
    const silent = await between(() => undefined, { timeoutMs: 50 })
    const late = await ask(`${silent.url}${JOB}`)
    expect([late.status, JSON.parse(late.text)]).toMatchObject([504, { detail: 'no answer within 50 ms' }])
  })

  it('says 502 of an answer that is cut off, and cuts off one that it had begun to pass on', async () => {
    const cut: RequestListener = (request, response) => {
      const type = request.url?.includes('events') ? 'text/event-stream' : 'application/json'
      response.writeHead(200, { 'Content-Type': type, 'Content-Length': '100' }).write('{"a":')
      setTimeout(() => response.destroy(), 50)
    }
    const { url } = await between(cut)
    expect((await ask(`${url}${JOB}`)).status).toBe(502)
    await expect(ask(`${url}/events`)).rejects.toThrow(/aborted|hang up|reset/i)
    expect((await ask(`${url}${JOB}`)).status).toBe(502)
  })

  it('lets go of the target when the client has gone', async () => {
    const gone = new Promise<void>((resolve) => {
      void between((_, response) => {
        response.on('close', () => resolve())
      }).then(({ url, upstream }) => {
        const request = httpRequest(`${url}${JOB}`, { agent: false }).on('error', () => undefined)
        request.end()
        upstream.server.once('request', () => request.destroy())
      })
    })
    await gone
  })

  it('asks again where a kept connection turns out to be closed', async () => {
    const { url, upstream } = await between(json(SOUND))
    expect((await ask(`${url}${JOB}`)).status).toBe(200)
    upstream.server.on('connection', () => undefined)
    upstream.server.closeIdleConnections()
    for (let round = 0; round < 5; round += 1) expect((await ask(`${url}${JOB}`)).status).toBe(200)
  })

  it('refuses WebSockets and tunnels, and takes no other upgrade', async () => {
    const { url, upstream } = await between(json(SOUND))
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
    const got = await ask(`${url}${JOB}`, { headers })
    expect([got.status, got.headers['content-type']]).toEqual([501, 'application/problem+json'])
    expect((await ask(`${url}${JOB}`, { headers: { ...headers, Upgrade: 'h2c' } })).status).toBe(200)
    expect(upstream.seen[0]?.headers).not.toHaveProperty('upgrade')
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.end('CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n')
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 501 /)
  })

  it('takes requests that name the whole URL, and puts the path of the target in front', async () => {
    const upstream = await startUpstream(json(SOUND))
    open.push(upstream.close)
    const { url } = await between(json(SOUND), { target: new URL(`${upstream.url}/v1/`) })
    const port = Number(new URL(url).port)
    const path = `http://api.acme.test/jobs/${JOBS[0].id}?x=1`
    const [answer] = (await once(httpRequest({ port, path, agent: false }).end(), 'response')) as [
      IncomingMessage,
    ]
    answer.resume()
    expect(answer.headers['standin-verdict']).toBe('kept')
    expect(upstream.seen[0]?.url).toBe(`${JOB}?x=1`)
  })
})

describe('standin proxy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'standin-proxy-'))
  let standin: Program
  let job: { readonly url: string; readonly headers: Readonly<Record<string, string>> }

  beforeAll(async () => {
    standin = await startProgram(['serve', 'skop', '--port', '0', '--log', 'silent'])
    const { jobs } = (await (await fetch(`${standin.url}/_standin/jobs`)).json()) as {
      jobs: { name: string; url: string; headers: Readonly<Record<string, string>> }[]
    }
    const found = jobs.find(({ name }) => name === 'one-page') ?? jobs[0]
    if (found === undefined) throw new Error('skop has jobs')
    job = found
  })
  afterAll(async () => {
    await standin.stop()
    rmSync(folder, { recursive: true })
  })

  it('judges, records without credentials, ends with a verdict, and its recording is judged alike', async () => {
    const file = join(folder, 'deep', 'traffic.har')
    const report = join(folder, 'verdict.json')
    const proxy = await startProgram([
      ...['proxy', 'skop', '--target', standin.url, '--port', '0', '--record', file],
      ...['--reporter', `json=${report}`, '--reporter', 'terminal'],
    ])
    expect(proxy.output()).toMatch(/^standin proxy listening on http:\/\/127\.0\.0\.1:\d+$/m)
    const secret = 'skop_live_canary_5f2c'
    for (const path of [job.url, `${job.url.replace('/results/', '/status/')}`, '/unknown']) {
      const response = await fetch(proxy.url + path, { headers: { ...job.headers, 'X-Api-Key': secret } })
      await response.text()
    }
    const broken = await fetch(proxy.url + job.url, { headers: { ...job.headers, Host: 'evil.example' } })
    expect(broken.status).toBeLessThan(500)
    expect(await proxy.stop('SIGINT')).toBe(0)
    expect(proxy.output()).toContain('skop: kept')
    expect(JSON.parse(readFileSync(report, 'utf8'))).toBeTypeOf('object')
    const text = readFileSync(file, 'utf8')
    expect(text).not.toContain(secret)
    for (const value of Object.values(job.headers)) expect(text).not.toContain(value.replace(/^Bearer /, ''))
    expect(readHar(text).exchanges.length).toBeGreaterThanOrEqual(3)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['traffic.har'])
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'check', 'skop', '--har', file])
    expect(stdout).toContain('skop: kept')
  })

  it('prints a line for each finding and ends with 1', async () => {
    const upstream = await startUpstream((_, response) => {
      const body = JSON.stringify({ job_id: '\u001b[31mx\n::error::y', status: 7 })
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(body)
    })
    const proxy = await startProgram(['proxy', 'skop', '--target', upstream.url, '--port', '0'])
    await (
      await fetch(`${proxy.url}/scrape/status/job_1`, { headers: { Authorization: 'Bearer abcdef' } })
    ).text()
    expect(await proxy.stop('SIGTERM')).toBe(1)
    await upstream.close()
    const lines = proxy
      .output()
      .split('\n')
      .filter((line) => line.startsWith('broken 200 GET /scrape/status/job_1 '))
    expect(lines.join('\n')).toMatch(
      /response_schema_conformance: .*\/status.*\(specs\/skop\/openapi\.yaml:\d+:\d+\)/,
    )
    expect(proxy.output()).not.toMatch(/^::error/m)
    expect(lines.join('')).not.toContain('\u001b')
  })

  it('does not answer under a name that is not its own', async () => {
    const proxy = await startProgram([
      'proxy',
      'skop',
      '--target',
      standin.url,
      '--port',
      '0',
      '--allow-host',
      'me.test',
    ])
    const got = await ask(`${proxy.url}${job.url}`, { headers: { Host: 'evil.example' } })
    expect([got.status, got.headers['content-type']]).toEqual([403, 'application/problem+json'])
    expect((await ask(`${proxy.url}/x`, { headers: { Host: 'me.test' } })).status).toBe(404)
    expect(await proxy.stop('SIGINT')).toBe(4)
  })

  it.each([
    [['proxy'], /name the one API/],
    [['proxy', 'skop'], /--target is missing/],
    [['proxy', 'skop', '--target', 'ftp://a'], /--target must be an http or https URL/],
    [['proxy', 'skop', '--target', 'http://u:p@a.test'], /without credentials/],
    [['proxy', 'skop', '--target', 'http://a.test', '--port', '70000'], /port/],
    [['proxy', 'skop', '--tarket', 'http://a.test'], /did you mean `--target`/],
  ])('refuses %j', async (args, message) => {
    const ended = promisify(execFile)(process.execPath, [CLI, ...args])
    await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
  })
})
