/**
 * A server that opens a store: it does not start where it could not answer truly, and says why.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runCommand, startProgram } from '../program.ts'
import type { RunningRedis } from '../redis.ts'
import { missingRedis, startRedis } from '../redis.ts'

describe('a store', () => {
  it.each([
    ['nonsense', /--store must be memory or a URL such as redis:/],
    [
      'redis://:s3cret@127.0.0.1:1/2',
      /--store redis:\/\/127\.0\.0\.1:1\/2 cannot be used: connect ECONNREFUSED/,
    ],
  ])('that cannot be used stops the program: %s', async (url, message) => {
    const began = performance.now()
    const { code, stderr } = await runCommand(['serve', 'skop', '--port', '0', '--store', url])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('s3cret')
    expect(performance.now() - began).toBeLessThan(9_000)
  })

  it.each([
    ['says nothing', () => undefined],
    [
      'is no Redis',
      (socket: { end: (text: string) => void }) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ],
  ])('stops the program soon where somebody %s', async (_, greet) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      greet(socket)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const began = performance.now()
    const store = `redis://127.0.0.1:${port}`
    const { code, stderr } = await runCommand(['serve', 'skop', '--port', '0', '--store', store])
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`standin: --store ${store} cannot be used: .+\n`))
    expect(performance.now() - began).toBeLessThan(9_000)
    server.close()
  })
})

describe.skipIf(missingRedis !== null)('a server on a Redis', () => {
  let redis: RunningRedis
  beforeAll(async () => {
    redis = await startRedis(['--requirepass', 's3cret'])
  })
  beforeEach(() => redis.client.flushall())
  afterAll(() => redis.stop())

  function serveOn(
    url: string,
    ...flags: readonly string[]
  ): Promise<{ code: number | null; stderr: string }> {
    return runCommand(['serve', 'skop', '--port', '0', '--log', 'silent', '--store', url, ...flags])
  }

  it('needs the right password, and shows none', async () => {
    for (const [url, message] of [
      [redis.url.replace(':s3cret@', ''), /NOAUTH|HELLO/],
      [redis.url.replace('s3cret', 'wr0ng'), /WRONGPASS/],
    ] as const) {
      const { code, stderr } = await serveOn(url)
      expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
      expect(stderr).not.toMatch(/s3cret|wr0ng/)
    }
  })

  it('is not started where sandboxes would begin otherwise than those of its replicas', async () => {
    const flags = ['serve', 'skop', '--port', '0', '--log', 'silent', '--store', redis.url]
    const first = await startProgram(flags)
    const other = await serveOn(redis.url, '--seed', '2')
    expect(other.code).toBe(2)
    expect(other.stderr).toMatch(
      /begin with seed 1, clock real, epoch .*, here they would with seed 2, clock/,
    )
    expect((await serveOn(redis.url, '--clock', 'auto')).stderr).toMatch(/clock auto/)
    expect(other.stderr).not.toContain('s3cret')
    const alike = await startProgram(flags)
    expect(alike.output()).not.toMatch(/another/)
    for (const program of [first, alike]) expect(await program.stop()).toBe(0)
  })

  it('is not started where Redis has no such database', async () => {
    const { code, stderr } = await serveOn(`${redis.url}/99`)
    expect([code, stderr]).toEqual([2, expect.stringMatching(/\/99 cannot be used: .*out of range/)])
  })

  it('is not started where Redis refuses what it needs', async () => {
    await redis.client.set('standin:served', 'no hash')
    const { code, stderr } = await serveOn(redis.url)
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--store redis:\S+ cannot be used: .*WRONGTYPE/),
    ])
  })

  it('says that a replica serves another document, and serves all the same', async () => {
    const flags = ['serve', 'skop', '--port', '0', '--log', 'silent', '--store', redis.url]
    const first = await startProgram(flags)
    const wire = await startProgram([...flags, '--profile', 'wire'])
    await expect
      .poll(() => wire.output())
      .toMatch(/the last replica that was started on redis:\S+ serves another skop/)
    for (const program of [first, wire]) expect(await program.stop()).toBe(0)
  })

  it('ends where its port is taken, and does not hang on the connection', async () => {
    const first = await startProgram(['serve', 'skop', '--port', '0', '--log', 'silent'])
    const { code, stderr } = await serveOn(redis.url, '--port', new URL(first.url).port)
    expect([code, stderr]).toEqual([2, expect.stringContaining('is in use')])
    expect(await first.stop()).toBe(0)
  })

  it('says once that Redis is away, and once that it is back', async () => {
    const program = await startProgram([
      'serve',
      'skop',
      '--port',
      '0',
      '--log',
      'silent',
      '--store',
      redis.url,
    ])
    await redis.kill()
    await expect.poll(() => program.output()).toMatch(/standin: the store redis:\S+ is away: /)
    await redis.restart()
    await expect.poll(() => program.output(), { timeout: 8_000 }).toMatch(/is back/)
    expect(program.output().match(/is away|is back/g)).toEqual(['is away', 'is back'])
    expect(program.output()).not.toContain('s3cret')
    expect(await program.stop()).toBe(0)
  })
})
