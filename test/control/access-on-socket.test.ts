import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realEnvironment } from '../../src/cli/environment.ts'
import { assemble, DEFAULT_OPTIONS } from '../../src/cli/standin.ts'
import type { Access } from '../../src/control/access.ts'
import { IN_PROCESS, readAccess } from '../../src/control/access.ts'
import { askThrough, builtIn } from './ask.ts'

/** A server on a socket, in this process. */
interface Listening {
  readonly port: number
  readonly close: () => void
}

async function listen(access: Partial<Access>): Promise<Listening> {
  const whole = readAccess({ ...IN_PROCESS, listensOn: '127.0.0.1', ...access })
  const { app } = await assemble(await builtIn(), DEFAULT_OPTIONS, realEnvironment, { access: whole })
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

describe('on a socket', () => {
  let open: Listening
  let guarded: Listening

  beforeAll(async () => {
    open = await listen({ allowOrigins: ['http://localhost:3000'] })
    guarded = await listen({ token: 'secret', allowOrigins: ['http://localhost:3000'] })
  })

  afterAll(() => {
    open.close()
    guarded.close()
  })

  function send(
    { port }: Listening,
    [method, path]: readonly [string, string],
    headers: Readonly<Record<string, string>> = {},
    body = '',
  ): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += String(chunk)
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }

  /** What a request that no client would send is answered with. */
  function sendRaw({ port }: Listening, text: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text))
      let answered = ''
      socket.on('data', (chunk) => {
        answered += String(chunk)
      })
      socket.on('end', () => resolve(Number(/^HTTP\/1\.\d (\d+)/.exec(answered)?.[1])))
      socket.on('error', reject)
    })
  }

  const eventsOf = async (server: Listening): Promise<unknown> => {
    const headers = { authorization: 'Bearer secret' }
    return JSON.parse((await send(server, ['GET', '/_standin/sandboxes/default'], headers)).text).events
  }

  it('refuses a name that leads here by DNS, and leaves the mocked APIs alone', async () => {
    for (const path of ['/_standin', '/_standin/jobs', '/_standin/health', '/~a/_standin/jobs']) {
      const { status, text } = await send(open, ['GET', path], { host: 'evil.example' })
      expect([path, status, JSON.parse(text).type]).toEqual([path, 403, 'urn:standin:problem:caller_refused'])
    }
    const reset = await send(open, ['POST', '/_standin/reset'], { host: '127.0.0.1.evil.example' })
    expect(reset.status).toBe(403)
    expect((await send(open, ['GET', '/skop/scrape/results/x'], { host: 'evil.example' })).status).toBe(401)
  })

  it('refuses what no browser sends', async () => {
    const end = 'Connection: close\r\n\r\n'
    const statuses = [
      `GET /_standin/jobs HTTP/1.0\r\n${end}`,
      `GET /_standin/jobs HTTP/1.1\r\n${end}`,
      `GET /_standin/jobs HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n${end}`,
      `GET /_standin/jobs HTTP/1.1\r\nHost: localhost@evil.example\r\n${end}`,
      `GET http://evil.example/_standin/jobs HTTP/1.1\r\nHost: localhost\r\n${end}`,
      `GET http://localhost/_standin/jobs HTTP/1.1\r\nHost: evil.example\r\n${end}`,
      `GET /_standin/jobs HTTP/1.1\r\nHost: \r\n${end}`,
    ]
    for (const text of statuses)
      expect([text, await sendRaw(open, text)]).toEqual([text, expect.toSatisfy(isRefusal)])
    expect(await sendRaw(open, `GET /_standin/jobs HTTP/1.1\r\nHost: LOCALHOST:80\r\n${end}`)).toBe(200)
    expect(await sendRaw(open, `GET /_standin/jobs HTTP/1.1\r\nHost: [::1]:4010\r\n${end}`)).toBe(200)
  })

  it('lets no form of another site change anything', async () => {
    const job = '{"api":"skop"}'
    const forms: readonly (readonly [string, Record<string, string>, string])[] = [
      ['/_standin/jobs', { 'content-type': 'text/plain', origin: 'http://evil.example' }, job],
      ['/_standin/jobs', { 'content-type': 'text/plain', origin: 'null' }, job],
      ['/_standin/jobs', { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' }, job],
      // Where a browser says nothing of itself, the media type that forms have is not read.
      ['/_standin/jobs', { 'content-type': 'text/plain' }, job],
      ['/_standin/jobs', { 'content-type': 'application/x-www-form-urlencoded' }, 'api=skop'],
      ['/_standin/jobs', { 'content-type': 'multipart/form-data; boundary=x' }, job],
      ['/_standin/jobs', {}, job],
      ['/_standin/jobs', { 'content-type': 'text/plain; application/json' }, job],
      ['/_standin/reset', { origin: 'http://evil.example' }, ''],
      ['/_standin/reset', { 'sec-fetch-site': 'same-site' }, ''],
      ['/~x/_standin/reset', { origin: 'http://evil.example' }, ''],
      ['/_standin/clock/advance', { 'content-type': 'text/plain' }, '{"by":"PT1S"}'],
    ]
    const before = await send(open, ['GET', '/_standin/sandboxes'])
    for (const [path, headers, body] of forms) {
      const { status, headers: told } = await send(open, ['POST', path], headers, body)
      expect([path, headers, status]).toEqual([
        path,
        headers,
        expect.toSatisfy((it) => it === 403 || it === 415),
      ])
      expect(told['access-control-allow-origin']).toBeUndefined()
    }
    expect(await eventsOf(open)).toEqual([])
    expect((await send(open, ['GET', '/_standin/sandboxes'])).text).toBe(before.text)
  })

  it('answers no page of another site, before it asks and when it does', async () => {
    const asks = {
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'authorization',
    }
    const strange = await send(open, ['OPTIONS', '/_standin/requests'], {
      origin: 'http://evil.example',
      ...asks,
    })
    expect([strange.status, strange.headers['access-control-allow-origin']]).toEqual([403, undefined])
    expect(strange.headers['access-control-allow-methods']).toBeUndefined()
    const read = await send(open, ['GET', '/_standin/jobs'], { origin: 'http://evil.example' })
    expect([read.status, read.headers['access-control-allow-origin'], read.headers.vary]).toEqual([
      ...[403, undefined],
      'Origin',
    ])
  })

  it('answers pages of allowed origins', async () => {
    const origin = 'http://localhost:3000'
    const asks = {
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'authorization, x-a',
    }
    for (const server of [open, guarded]) {
      const { status, headers } = await send(server, ['OPTIONS', '/_standin/clock'], { origin, ...asks })
      expect([status, headers]).toEqual([
        204,
        expect.objectContaining({
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET, PUT, HEAD, OPTIONS',
          'access-control-allow-headers': 'authorization, x-a',
          vary: 'Access-Control-Request-Method, Access-Control-Request-Headers, Origin',
        }),
      ])
    }
    const made = await send(
      open,
      ['POST', '/~cors/_standin/jobs'],
      { origin, 'sec-fetch-site': 'same-site', 'content-type': 'application/json' },
      '{"api":"skop"}',
    )
    expect([made.status, made.headers['access-control-allow-origin']]).toEqual([201, origin])
    const refused = await send(open, ['GET', '/_standin/jobs?api=none'], { origin })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([404, origin])
  })

  it('asks for the token, but not for health', async () => {
    expect((await send(guarded, ['GET', '/_standin/health'])).status).toBe(200)
    expect((await send(guarded, ['HEAD', '/_standin/health'])).status).toBe(200)
    for (const target of [
      ['POST', '/_standin/health'],
      ['GET', '/_standin/'],
      ['GET', '/_standin/nothing'],
    ] as const) {
      const { status, headers } = await send(guarded, target)
      expect([target, status, headers['www-authenticate']]).toEqual([
        target,
        401,
        'Bearer realm="standin control"',
      ])
    }
    const authorization = 'Bearer secret'
    expect((await send(guarded, ['GET', '/_standin/'], { authorization })).status).toBe(200)
    const document = await send(guarded, ['GET', '/_standin/openapi.json'], { authorization })
    expect(JSON.parse(document.text).security).toEqual([{ controlToken: [] }])
    // The token is no key of a mocked API, and says nothing there.
    expect((await send(guarded, ['GET', '/talonic/v1/jobs'], { authorization })).status).toBe(401)
  })

  it('says nothing of what is there to who is not let in', async () => {
    const unknown = await send(guarded, ['GET', '/_standin/jobs/skop/none'])
    const known = await send(guarded, ['GET', '/_standin/jobs'])
    expect([unknown.status, known.status]).toEqual([401, 401])
  })
})

function isRefusal(status: unknown): boolean {
  return status === 400 || status === 403
}

describe('in process', () => {
  it('needs no Host', async () => {
    const { app } = await assemble(await builtIn(), DEFAULT_OPTIONS, realEnvironment)
    const ask = askThrough(async (path, init) =>
      app.fetch(new Request(new URL(path, 'http://standin'), init)),
    )
    expect((await ask('GET', '/_standin/jobs')).status).toBe(200)
    expect((await ask('GET', '/_standin/jobs', undefined, { host: 'evil.example' })).status).toBe(403)
    expect((await ask('GET', '/_standin/jobs', undefined, { origin: 'http://evil.example' })).status).toBe(
      403,
    )
    expect((await ask('GET', '/_standin/jobs', undefined, { origin: 'http://standin' })).status).toBe(200)
  })
})
