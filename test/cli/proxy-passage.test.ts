import { once } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { JOBS } from '../contract/acme/server.ts'
import { ask, between, closeAfterEach, JOB, json, open, SOUND } from './between.ts'
import { startUpstream } from './upstream.ts'

closeAfterEach()

describe('the passage through the proxy', () => {
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

  it('lives on where the target answers what is no answer', async () => {
    const { url } = await between((request, response) => {
      const stream = request.url?.includes('events') === true
      const type = stream ? 'text/event-stream' : 'application/json'
      response.socket?.end(`HTTP/1.1 000 OK\r\nContent-Type: ${type}\r\nConnection: close\r\n\r\n{}`)
    })
    for (const path of ['/events', JOB, '/events']) {
      const got = await ask(`${url}${path}`)
      expect([got.status, JSON.parse(got.text)]).toMatchObject([502, { detail: 'its status is 0' }])
    }
  })

  it('tells of requests without the name by which it was asked itself', async () => {
    const { url, passed } = await between(json(SOUND))
    await ask(`${url}${JOB}`)
    expect(passed.map(({ exchange }) => Object.keys(exchange.request.headers))).not.toContainEqual(
      expect.arrayContaining(['host']),
    )
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
