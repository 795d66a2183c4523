/**
 * What a fault plan does on the wire: bodies that are cut or broken, connections that are reset. Over real
 * sockets, as `standin serve` listens on them, and in process.
 */
import type { AddressInfo, Socket } from 'node:net'
import { connect } from 'node:net'
import type { ServerType } from '@hono/node-server'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import type { Json } from '../../src/model/json.ts'
import { answering, apiOf } from '../assembled.ts'
import type { Faulty } from '../faulty.ts'
import { faulty } from '../faulty.ts'

/** The adapter puts its own in their place, as in the program; other tests have those of the platform. */
const { Request: OwnRequest, Response: OwnResponse } = globalThis
afterAll(() => {
  Object.assign(globalThis, { Request: OwnRequest, Response: OwnResponse })
})

const servers: ServerType[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  vi.restoreAllMocks()
})

/** A server that listens, with whatever it has printed by itself. */
interface Listening extends Faulty {
  readonly port: number
  readonly printed: readonly unknown[]
}

async function listening(plan: Json, apis?: Parameters<typeof faulty>[2]): Promise<Listening> {
  const printed: unknown[] = []
  for (const level of ['log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...told) => printed.push(told))
  }
  const made = await faulty(plan, undefined, apis)
  const server = createAdaptorServer({ fetch: made.app.fetch })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { ...made, port: (server.address() as AddressInfo).port, printed }
}

/** What came over the wire until the connection ended, and how it ended. */
interface Exchange {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
  /** The code of the error that ended it; null where it ended in order. */
  readonly end: string | null
}

/** Sends one request as it is written. */
function exchange(
  port: number,
  start: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  const socket: Socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  let end: string | null = null
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end = error.code ?? 'unknown'
  })
  const lines = Object.entries({ host: 'a', connection: 'close', ...headers }).map((pair) => pair.join(': '))
  socket.write(`${[`${start} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`)
  return new Promise((resolve) => {
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1')
      const [head = '', ...rest] = text.split('\r\n\r\n')
      const [first = '', ...fields] = head.split('\r\n')
      const pairs = fields.map((field): [string, string] => {
        const at = field.indexOf(':')
        return [field.slice(0, at).toLowerCase(), field.slice(at + 1).trim()]
      })
      resolve({
        status: Number(first.split(' ')[1]),
        headers: new Map(pairs),
        body: rest.join('\r\n\r\n'),
        end,
      })
    })
  })
}

/** Every kind of answer: of JSON, to HEAD, without a body, and a refusal. */
const KINDS = ['a page of rows', 'HEAD', '204', '304', 'a refusal', 'a large answer'] as const
type Kind = (typeof KINDS)[number]

/** A small API beside the built-in ones: its DELETE answers 204. */
const bare = apiOf('bare', {
  paths: {
    '/a': { delete: { responses: { 204: { description: 'gone' } } }, get: answering({ type: 'object' }) },
  },
})
const ALL = [...(await faulty([])).server.apis, bare]

function ask(server: Listening, kind: Kind): Promise<Exchange> {
  const { port, job } = server
  const { url, headers } = job('skop')
  switch (kind) {
    case 'a page of rows':
      return exchange(port, `GET ${url}`, headers)
    case 'HEAD':
      return exchange(port, `HEAD ${url}`, headers)
    case '204':
      return exchange(port, 'DELETE /bare/a')
    case '304':
      return exchange(port, `GET ${url}`, { ...headers, 'if-none-match': '*' })
    case 'a refusal':
      return exchange(port, `GET ${url}`)
    case 'a large answer': {
      const large = job('deepset', 'many-pages')
      return exchange(port, `GET ${large.url}?limit=100`, large.headers)
    }
  }
}

const BODILESS: ReadonlySet<Kind> = new Set(['HEAD', '204', '304'])

describe('over a socket', () => {
  it.each(KINDS)('a cut ends the connection of %s in the middle of its body', async (kind) => {
    const [plain, cut] = [await listening([], ALL), await listening([{ requests: 1, body: 'cut' }], ALL)]
    const [whole, part, next] = [await ask(plain, kind), await ask(cut, kind), await ask(cut, kind)]
    expect([part.status, part.end]).toEqual([whole.status, null])
    expect(part.headers.get('content-length')).toBe(whole.headers.get('content-length'))
    expect(part.headers.has('transfer-encoding')).toBe(false)
    expect(part.body.length).toBe(Math.floor(whole.body.length / 2))
    expect(whole.body.startsWith(part.body)).toBe(true)
    expect(whole.body === '').toBe(BODILESS.has(kind))
    expect([next.status, next.body === whole.body]).toEqual([whole.status, true])
    expect([cut.printed, cut.reports]).toEqual([[], []])
  })

  it.each(KINDS)('a broken body of %s is whole, and no JSON', async (kind) => {
    const [plain, broken] = [
      await listening([], ALL),
      await listening([{ requests: 1, body: 'malformed' }], ALL),
    ]
    const [whole, bad, next] = [await ask(plain, kind), await ask(broken, kind), await ask(broken, kind)]
    expect([bad.status, bad.end]).toEqual([whole.status, null])
    expect(bad.headers.get('content-type')).toBe(whole.headers.get('content-type'))
    if (BODILESS.has(kind)) expect(bad.body).toBe('')
    else {
      expect(Number(bad.headers.get('content-length'))).toBe(bad.body.length)
      expect(() => JSON.parse(bad.body)).toThrow(SyntaxError)
      expect(() => JSON.parse(whole.body)).not.toThrow()
    }
    expect(bad.headers.has('etag')).toBe(kind === '304')
    expect([next.status, next.body === whole.body]).toEqual([whole.status, true])
    expect([broken.printed, broken.reports]).toEqual([[], []])
  })

  it('tells HEAD of the broken body that GET would get', async () => {
    const server = await listening([{ body: 'malformed' }], ALL)
    const [get, head] = [await ask(server, 'a page of rows'), await ask(server, 'HEAD')]
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'))
  })

  it.each(KINDS)('a reset in place of %s sends nothing, and the server goes on', async (kind) => {
    const server = await listening([{ requests: 1, connection: 'reset' }], ALL)
    const [none, next] = [await ask(server, kind), await ask(server, kind)]
    expect([none.end, none.headers.size, none.body]).toEqual(['ECONNRESET', 0, ''])
    expect(next.status).toBeGreaterThanOrEqual(200)
    expect([server.printed, server.reports]).toEqual([[], []])
  })

  it('a request with a body is reset, and its connection is not used again', async () => {
    const server = await listening([{ operation: 'skop/createJob', requests: 1, connection: 'reset' }])
    const body = '{"website":"https://a.example/","prompt":"all public documents","parameters":{}}'
    const headers = { 'x-api-key': 'sk-1', 'content-type': 'application/json' }
    const post = () =>
      fetch(`http://127.0.0.1:${server.port}/skop/scrape/`, { method: 'POST', headers, body })
    await expect(post()).rejects.toMatchObject({ name: 'TypeError', cause: { code: 'ECONNRESET' } })
    // The client has asked once and no more: a request that changes something is not sent again by itself.
    expect((await post()).status).toBe(201)
    expect(server.printed).toEqual([])
  })

  it('fails a client as a broken network does', async () => {
    const server = await listening([
      { requests: 1, body: 'cut' },
      { requests: 2, body: 'malformed' },
    ])
    const { url, headers } = server.job('skop')
    const get = () => fetch(`http://127.0.0.1:${server.port}${url}`, { headers: { ...headers } })
    await expect((await get()).json()).rejects.toMatchObject({ name: 'TypeError', message: 'terminated' })
    await expect((await get()).json()).rejects.toThrow(SyntaxError)
    expect(await (await get()).json()).toMatchObject({ status: 'completed' })
  })

  it('waits before it cuts, breaks or resets', async () => {
    const server = await listening([{ latency: 'PT0.2S', connection: 'reset' }])
    await ask(server, 'a page of rows')
    expect(server.waits).toEqual([200])
  })

  it('goes on after hundreds of each at once', async () => {
    const plan = [
      { requests: '1-100', connection: 'reset' },
      { requests: '101-200', body: 'cut' },
      { requests: '201-300', body: 'malformed' },
    ]
    const server = await listening(plan)
    const { url, headers } = server.job('skop')
    const all = await Promise.all(
      Array.from({ length: 301 }, () => exchange(server.port, `GET ${url}`, headers)),
    )
    const ends = all.map(({ end, status, headers: own, body }) => {
      if (end !== null) return end
      const isWhole = Number(own.get('content-length')) === body.length
      return `${status} ${isWhole ? 'whole' : 'cut'}`
    })
    const count = (what: string): number => ends.filter((end) => end === what).length
    expect([count('ECONNRESET'), count('200 cut'), count('200 whole')]).toEqual([100, 100, 101])
    expect([server.printed, server.reports]).toEqual([[], []])
  })
})

describe('in process', () => {
  it('a reset rejects as fetch does, and is no bug', async () => {
    const { fetch, job, reports } = await faulty([{ requests: 1, connection: 'reset' }])
    const { url, headers } = job('skop')
    const error = vi.spyOn(console, 'error')
    const asked = fetch(url, { headers: { ...headers } })
    await expect(asked).rejects.toThrow(TypeError)
    await expect(asked).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
    expect((await fetch(url, { headers: { ...headers } })).status).toBe(200)
    expect([reports, error.mock.calls]).toEqual([[], []])
  })

  it('a cut body fails when it is read, a broken one is no JSON', async () => {
    const { fetch, job } = await faulty([
      { requests: 1, body: 'cut' },
      { requests: 2, body: 'malformed' },
    ])
    const { url, headers } = job('skop')
    const ask = () => fetch(url, { headers: { ...headers } })
    const [cut, broken, whole] = [await ask(), await ask(), await ask()]
    const reader = cut.body?.getReader()
    const first = await reader?.read()
    const length = Number(cut.headers.get('content-length'))
    expect(first?.value?.byteLength).toBe(Math.floor(length / 2))
    await expect(reader?.read()).rejects.toThrow(new TypeError('terminated'))
    await expect(broken.json()).rejects.toThrow(SyntaxError)
    expect((await whole.arrayBuffer()).byteLength).toBe(length)
  })

  it.each(['0', '12', '{}', '[]', '""', 'null', '"é€🙂"', '{"a":{}}', '[1,2]', '1e5', ' {} ', '{"a":[]}'])(
    'the body %s is cut and broken too',
    async (text) => {
      const example = JSON.parse(text) as Json
      const content = { 'application/json': { example } }
      const small = apiOf('small', { paths: { '/a': { get: { responses: { 200: { content } } } } } })
      const { fetch } = await faulty(
        [
          { requests: 1, body: 'cut' },
          { requests: 2, body: 'malformed' },
        ],
        undefined,
        [small],
      )
      await expect((await fetch('/a')).text()).rejects.toThrow(TypeError)
      const broken = await (await fetch('/a')).text()
      expect(() => JSON.parse(broken)).toThrow(SyntaxError)
      expect(await (await fetch('/a')).json()).toEqual(example)
    },
  )
})
