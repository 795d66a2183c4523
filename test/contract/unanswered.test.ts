import type { RequestListener, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../src/contract/target.ts'
import { TargetUnreachable } from '../../src/contract/unreachable.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { judge, subjectOf } from './planned.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

/** Answers that a client of HTTP throws at. */
const BROKEN: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/cut': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': 100 })
    response.write('{"a":1')
    setTimeout(() => response.destroy(), 20)
  },
  '/reset': (response) => response.socket?.destroy(),
  '/garbage': (response) => response.socket?.end('HTTP/1.1 banana\r\n\r\n'),
  '/gzip': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end('no gzip')
  },
}

const listener: RequestListener = ({ method, url = '' }, response) => {
  const path = url.replace(/\?.*/, '')
  if (method !== 'GET') response.writeHead(405, { allow: 'GET' }).end()
  else if (BROKEN[path] !== undefined) BROKEN[path](response)
  else response.writeHead(200, JSON_TYPE).end('[]')
}

let server: Server

beforeAll(async () => {
  server = createServer(listener)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const target: Target = (request) => {
  const { port } = server.address() as AddressInfo
  return fetch(request.url.replace('http://small.test', `http://127.0.0.1:${port}`), {
    method: request.method,
    headers: request.headers,
  })
}

/** An operation that answers an object. */
function reads(operationId: string): JsonObject {
  const content = { 'application/json': { schema: { type: 'object' } } }
  return { get: { operationId, responses: { '200': { description: 'fine', content } } } }
}

describe('a server whose first answer is none', () => {
  it.each(Object.keys(BROKEN))('as at %s is judged by that and by all the rest', async (path) => {
    const verdict = await judge(subjectOf({ [path]: reads('broken'), '/list': reads('other') }), target)
    const found = verdict.findings.map(({ operationId, check }) => `${operationId} ${check}`)
    expect(found).toContain('broken no_server_error')
    expect(found).toContain('other response_schema_conformance')
  })

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'DEPTH_ZERO_SELF_SIGNED_CERT'])(
    'is not there by %s',
    async (code) => {
      const cause = Object.assign(new Error('no'), { code })
      const nobody: Target = () => Promise.reject(new TypeError('fetch failed', { cause }))
      const subject = subjectOf({ '/list': reads('list') })
      await expect(judge(subject, nobody)).rejects.toThrow(TargetUnreachable)
    },
  )

  it('is not there when many requests time out, and none was ever answered', async () => {
    let asked = 0
    const mute: Target = () => {
      asked += 1
      return Promise.reject(new DOMException('timed out', 'TimeoutError'))
    }
    const paths = Array.from({ length: 30 }, (_, at) => [`/p${at}`, reads(`p${at}`)])
    await expect(judge(subjectOf(Object.fromEntries(paths)), mute)).rejects.toThrow(TargetUnreachable)
    expect(asked).toBeLessThan(30)
  })
})
