/**
 * What only a socket shows: heads that no client library sends, bodies that never end, connections that
 * break, and how the program ends in spite of them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Program } from '../program.ts'
import { startProgram } from '../program.ts'
import { named } from '../served.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-socket-'))
afterAll(() => rmSync(folder, { recursive: true }))

let program: Program
beforeAll(async () => {
  program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
})
afterAll(() => program.stop())

function open(to = program): Socket {
  return connect(Number(new URL(to.url).port), '127.0.0.1')
}

/** Sends a request as it is written and resolves to the answer as it comes. */
function exchange(start: string, headers: readonly string[] = []): Promise<string> {
  const socket = open()
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  socket.write(`${[start, 'Host: a', 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`)
  return new Promise((resolve) => {
    socket.on('close', () => resolve(text))
    socket.on('error', () => resolve(text))
  })
}

const KEY = ['X-API-Key: sk-1']

describe('a request on the wire', () => {
  it.each([
    ['/deepset/../skop/scrape/results/JOB', 200],
    ['/deepset/%2e%2E/skop/./scrape/results/JOB', 200],
    ['/../../skop/scrape/results/JOB', 200],
    ['http://anywhere.example/skop/scrape/results/JOB', 200],
    ['/skop/scrape/results/JOB/', 200],
    ['//skop/scrape/results/JOB', 404],
    ['/deepset/..%2fskop/scrape/results/JOB', 404],
    ['/skop/scrape/results/JOB%00', 404],
  ])('for %s gets %i', async (path, status) => {
    const { id } = await named('skop', 'one-row')
    const answer = await exchange(`GET ${path.replace('JOB', id)} HTTP/1.1`, KEY)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })

  it.each([
    ['a very long URL', `GET /${'a'.repeat(20_000)} HTTP/1.1`, [], 414],
    ['very long headers', 'GET /skop/scrape/results/job_1 HTTP/1.1', [`X: ${'a'.repeat(30_000)}`], 431],
    ['a method of nobody', 'TRACE /skop/scrape/results/job_1 HTTP/1.1', [], 405],
  ])('with %s is refused by the server itself', async (_, start, headers, status) => {
    const answer = await exchange(start, headers)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toMatch(/Content-Type: application\/problem\+json/i)
    expect(answer).toMatch(/Access-Control-Allow-Origin: \*/i)
  })

  it('has the same length in HEAD as in GET, refusals too', async () => {
    const { url } = await named('skop', 'one-row')
    for (const [path, headers] of [[url, KEY] as const, [url, []] as const, ['/nowhere', []] as const]) {
      const [get, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => exchange(`${method} ${path} HTTP/1.1`, headers)),
      )
      const lengths = [get, head].map((text) => /content-length: (\d+)/i.exec(text ?? '')?.[1])
      expect([path, lengths[1]]).toEqual([path, lengths[0]])
      expect(head?.endsWith('\r\n\r\n')).toBe(true)
    }
  })

  it('that breaks off in its body is no bug', async () => {
    const socket = open()
    const head = ['POST /skop/scrape/ HTTP/1.1', 'Host: a', ...KEY, 'Content-Type: application/json']
    socket.write(`${[...head, 'Content-Length: 1000'].join('\r\n')}\r\n\r\n{"a"`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await fetch(`${program.url}/_standin/health`)).status).toBe(200)
    expect(program.output()).not.toContain('bug')
  })
})

describe('the end of the program', () => {
  it('comes with 0, even where a body too large was never read to its end', async () => {
    const other = await startProgram(['serve', 'skop', '--port', '0', '--log', 'silent'])
    const headers = { 'x-api-key': 'sk-1', 'content-type': 'application/json' }
    const body = JSON.stringify('x'.repeat(8_000_000))
    const response = await fetch(`${other.url}/skop/scrape/`, { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toEqual([413, expect.objectContaining({ status: 413 })])
    const socket = open(other)
    socket.write(
      'POST /skop/scrape/ HTTP/1.1\r\nHost: a\r\nX-API-Key: sk-1\r\nContent-Length: 9000000\r\n\r\n{',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    const start = performance.now()
    expect(await other.stop()).toBe(0)
    expect(performance.now() - start).toBeLessThan(4_000)
    socket.destroy()
  })

  it('does not wait for connections that are only kept', async () => {
    const other = await startProgram(['serve', 'skop', '--port', '0', '--log', 'silent'])
    await (await fetch(`${other.url}/_standin/health`)).text()
    const start = performance.now()
    expect(await other.stop('SIGINT')).toBe(0)
    expect(performance.now() - start).toBeLessThan(1_500)
  })
})

describe('the log', () => {
  it('shows no key that travels in the query', async () => {
    const scheme = '{type: apiKey, in: query, name: api key}'
    writeFileSync(
      join(folder, 'keyed.yaml'),
      `openapi: 3.1.0\ninfo: {title: a, version: '1'}\ncomponents: {securitySchemes: {key: ${scheme}}}\n` +
        "security: [{key: []}]\npaths: {/a: {get: {responses: {'200': {description: ok}}}}}\n",
    )
    const other = await startProgram(['serve', 'keyed.yaml', '--port', '0', '--log', 'json'], { cwd: folder })
    const path = '/a?x=1&api%20key=hush-hush&api+key=whisper&y=2'
    expect((await fetch(other.url + path)).status).toBe(200)
    await other.stop()
    expect(other.output()).toContain('"path":"/a?x=1&api%20key=***&api+key=***&y=2"')
    expect(other.output()).not.toMatch(/hush|whisper/)
  })
})
