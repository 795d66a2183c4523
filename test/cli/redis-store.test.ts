/**
 * The store in Redis: its scripts against a real one, and what it says where there is none.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRedisStore } from '../../src/cli/redis-store.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { EventStore } from '../../src/world/event-store.ts'
import { runCommand } from '../program.ts'
import type { RunningRedis } from '../redis.ts'
import { missingRedis, startRedis } from '../redis.ts'

const counted = (count: number): SandboxEvent => ({ type: 'counted', counts: { a: count } })

describe('a URL of a store', () => {
  it.each([
    ['nonsense', /--store must be memory or a URL such as redis:/],
    ['http://127.0.0.1:1', /--store must be memory or a URL/],
    [
      'redis://:s3cret@127.0.0.1:1/2',
      /--store redis:\/\/127\.0\.0\.1:1\/2 cannot be used: connect ECONNREFUSED/,
    ],
  ])('that cannot be used stops the program: %s', async (url, message) => {
    const { code, stderr } = await runCommand(['serve', 'skop', '--port', '0', '--store', url])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('s3cret')
  })
})

describe.skipIf(missingRedis !== null)('a log in Redis', () => {
  let redis: RunningRedis
  let store: EventStore
  beforeAll(async () => {
    redis = await startRedis()
    store = await createRedisStore(redis.url)
  })
  beforeEach(() => redis.client.flushall())
  afterAll(async () => {
    await store.close()
    await redis.stop()
  })

  it('gives back what was appended, in its order, with stamps that never go back', async () => {
    expect(await store.read('a', 0)).toMatchObject({ from: 0, entries: [] })
    const first = await store.append('a', 0, [counted(1), counted(2)])
    const second = await store.append('a', 2, [counted(3)])
    const { stampMs, entries } = await store.read('a', 0)
    expect(entries.map(({ event }) => event)).toEqual([1, 2, 3].map(counted))
    const stamps = [first, second].map((appended) => appended?.stampMs ?? 0)
    expect(entries.map((entry) => entry.stampMs)).toEqual([stamps[0], stamps[0], stamps[1]])
    expect(stampMs).toBeGreaterThanOrEqual(stamps[1] ?? Number.NaN)
    await redis.client.hset('standin:{a}:head', 'stamp', String(stampMs + 60_000))
    expect((await store.read('a', 3)).stampMs).toBe(stampMs + 60_000)
    expect((await store.append('a', 3, [counted(4)]))?.stampMs).toBe(stampMs + 60_000)
  })

  it('appends nothing where it has gone on meanwhile', async () => {
    await store.append('a', 0, [counted(1)])
    expect(await store.append('a', 0, [counted(9)])).toBeNull()
    expect(await store.append('a', 5, [counted(9)])).toBeNull()
    expect((await store.read('a', 0)).entries).toHaveLength(1)
  })

  it('is put together, and read from there by whoever is behind', async () => {
    await store.append('a', 0, [1, 2, 3, 4].map(counted))
    const entry = { stampMs: 7, event: counted(30) }
    await store.compact('a', 3, entry)
    const whole = await store.read('a', 0)
    expect([whole.from, whole.entries.map(({ event }) => event)]).toEqual([2, [counted(30), counted(4)]])
    expect(whole.entries[0]?.stampMs).toBe(7)
    expect(await store.read('a', 3)).toMatchObject({ from: 3, entries: [{ event: counted(4) }] })
    expect(await store.append('a', 4, [counted(5)])).not.toBeNull()
    await store.compact('a', 2, entry) // somebody who was slower
    expect((await store.read('a', 0)).entries).toHaveLength(3)
  })

  it('is begun anew where it was flushed', async () => {
    await store.append('a', 0, [1, 2].map(counted))
    await redis.client.flushall()
    expect(await store.read('a', 2)).toMatchObject({ from: 0, entries: [] })
  })

  it('is listed and removed by its name, whatever stands in it', async () => {
    for (const key of ['default', 'a.b-c', 'a 7']) await store.append(key, 0, [counted(1)])
    expect([...(await store.keys())].sort()).toEqual(['a 7', 'a.b-c', 'default'])
    await store.remove(['a.b-c', 'a 7'])
    expect(await store.keys()).toEqual(['default'])
  })
})
