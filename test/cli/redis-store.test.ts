/**
 * Logs in Redis: the scripts against a real one, and what is said when it gives no answer.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RedisStore } from '../../src/cli/redis-store.ts'
import { createRedisStore } from '../../src/cli/redis-store.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { Appending, LogSlice, Place } from '../../src/world/event-store.ts'
import { BEFORE_ALL } from '../../src/world/event-store.ts'
import type { RunningRedis } from '../redis.ts'
import { missingRedis, startRedis } from '../redis.ts'

const counted = (count: number): SandboxEvent => ({ type: 'counted', counts: { a: count } })

/** An instant that no clock has passed. */
const LATER = Date.UTC(2100, 0, 1)

function takenIn(appending: Appending): Place {
  if (!appending.isTaken) throw new Error('nothing was appended')
  return appending.place
}

function eventsIn({ entries }: LogSlice): readonly SandboxEvent[] {
  return entries.map(({ event }) => event)
}

describe.skipIf(missingRedis !== null)('a log in Redis', () => {
  let redis: RunningRedis
  let store: RedisStore
  const reports: string[] = []
  beforeAll(async () => {
    redis = await startRedis()
    store = await createRedisStore(redis.url, (text) => reports.push(text))
  })
  beforeEach(() => redis.client.flushall())
  afterAll(async () => {
    await store.close()
    await redis.stop()
  })

  it('gives back what was appended, in its order, each with its stamp', async () => {
    expect(await store.read('a', BEFORE_ALL)).toMatchObject({ isAnew: false, entries: [], length: 0 })
    const first = takenIn(await store.append('a', BEFORE_ALL, [counted(1), counted(2)], LATER))
    takenIn(await store.append('a', first, [counted(3)], LATER + 1))
    const whole = await store.read('a', BEFORE_ALL)
    expect(eventsIn(whole)).toEqual([1, 2, 3].map(counted))
    expect(whole.entries.map(({ stampMs }) => stampMs)).toEqual([LATER, LATER, LATER + 1])
    expect(whole).toMatchObject({ isAnew: false, hasMore: false, length: 3 })
    expect(eventsIn(await store.read('a', first))).toEqual([counted(3)])
    expect(eventsIn(await store.read('a', whole.place))).toEqual([])
  })

  it('shows for now its own clock, or the last stamp where that is ahead', async () => {
    const { clockMs, stampMs } = await store.read('a', BEFORE_ALL)
    expect(stampMs).toBe(clockMs)
    expect(Math.abs(clockMs - Date.now())).toBeLessThan(2_000)
    await store.append('a', BEFORE_ALL, [counted(1)], LATER)
    const ahead = await store.read('a', BEFORE_ALL)
    expect([ahead.stampMs, ahead.clockMs < LATER]).toEqual([LATER, true])
  })

  it('takes nothing where it has gone on meanwhile, and says what there is', async () => {
    const place = takenIn(await store.append('a', BEFORE_ALL, [counted(1)], LATER))
    takenIn(await store.append('a', place, [counted(2)], LATER))
    const late = await store.append('a', place, [counted(9)], LATER)
    expect(late).toMatchObject({ isTaken: false, slice: { isAnew: false } })
    expect(late.isTaken ? [] : eventsIn(late.slice)).toEqual([counted(2)])
    expect(eventsIn(await store.read('a', BEFORE_ALL))).toEqual([1, 2].map(counted))
  })

  it('takes nothing for an instant that its clock has passed, or before the last stamp', async () => {
    const { clockMs } = await store.read('a', BEFORE_ALL)
    expect(await store.append('a', BEFORE_ALL, [counted(1)], clockMs - 1)).toMatchObject({ isTaken: false })
    const place = takenIn(await store.append('a', BEFORE_ALL, [counted(1)], LATER))
    expect(await store.append('a', place, [counted(2)], LATER - 1)).toMatchObject({ isTaken: false })
    // What was decided there without a change holds for whoever comes later.
    takenIn(await store.append('a', place, [], LATER + 5))
    expect(await store.read('a', place)).toMatchObject({ stampMs: LATER + 5, entries: [], length: 1 })
    expect(await store.append('a', place, [counted(2)], LATER + 4)).toMatchObject({ isTaken: false })
  })

  it('is put together, and read from there by whoever is behind', async () => {
    const three = takenIn(await store.append('a', BEFORE_ALL, [1, 2, 3].map(counted), LATER))
    const four = takenIn(await store.append('a', three, [counted(4)], LATER))
    await store.compact('a', three, { stampMs: 7, event: counted(30) })
    const whole = await store.read('a', BEFORE_ALL)
    expect([whole.isAnew, eventsIn(whole), whole.place]).toEqual([true, [counted(30), counted(4)], four])
    expect(whole.entries[0]?.stampMs).toBe(7)
    expect(await store.read('a', three)).toMatchObject({ isAnew: false, entries: [{ event: counted(4) }] })
    const five = takenIn(await store.append('a', four, [counted(5)], LATER))
    await store.compact('a', three, { stampMs: 8, event: counted(31) }) // somebody who was slower
    expect(eventsIn(await store.read('a', BEFORE_ALL))).toEqual([30, 4, 5].map(counted))
    await store.compact('a', five, { stampMs: 9, event: counted(50) })
    expect(eventsIn(await store.read('a', BEFORE_ALL))).toEqual([counted(50)])
    expect(await store.read('a', five)).toMatchObject({ isAnew: false, entries: [], length: 1 })
    takenIn(await store.append('a', five, [counted(6)], LATER))
  })

  it('comes in pieces where it is long', async () => {
    const events = Array.from({ length: 12_000 }, (_, count) => counted(count))
    takenIn(await store.append('a', BEFORE_ALL, events, LATER))
    const read: SandboxEvent[] = []
    let [place, hasMore, pieces] = [BEFORE_ALL, true, 0]
    while (hasMore) {
      const slice = await store.read('a', place)
      read.push(...eventsIn(slice))
      place = slice.place
      hasMore = slice.hasMore
      pieces += 1
    }
    expect([read.length, pieces]).toEqual([12_000, 3])
    expect(read).toEqual(events)
  })

  it.each([
    ['flushed', async () => redis.client.flushall()],
    ['removed', async () => store.remove(['a'])],
    ['evicted', async () => redis.client.del('standin:{a}:log')],
  ])('is told from another one that has grown as long since it was %s', async (_, lose) => {
    const place = takenIn(await store.append('a', BEFORE_ALL, [1, 2].map(counted), LATER))
    await lose()
    const fresh = await store.read('a', BEFORE_ALL)
    let behind = fresh.place
    for (const count of [7, 8, 9]) behind = takenIn(await store.append('a', behind, [counted(count)], LATER))
    const slice = await store.read('a', place)
    expect(slice.isAnew).toBe(true)
    expect(eventsIn(slice).slice(-3)).toEqual([7, 8, 9].map(counted))
    expect(await store.append('a', place, [counted(10)], LATER)).toMatchObject({ isTaken: false })
  })

  it('goes on where what stands beside it was evicted', async () => {
    const place = takenIn(await store.append('a', BEFORE_ALL, [1, 2, 3].map(counted), LATER))
    await store.compact('a', place, { stampMs: 7, event: counted(30) })
    const four = takenIn(await store.append('a', place, [counted(4)], LATER))
    await redis.client.del('standin:{a}:head')
    const whole = await store.read('a', BEFORE_ALL)
    expect([whole.stampMs, eventsIn(whole)]).toEqual([LATER, [counted(30), counted(4)]])
    takenIn(await store.append('a', whole.place, [counted(5)], LATER))
    const slice = await store.read('a', four)
    expect([slice.isAnew, eventsIn(slice)]).toEqual([true, [30, 4, 5].map(counted)])
  })

  it('is listed and removed by its name, whatever else stands in Redis', async () => {
    await redis.client.set('somebody:else', '1')
    for (const key of ['default', 'a.b-c', 'a 7']) await store.append(key, BEFORE_ALL, [counted(1)], LATER)
    expect([...(await store.keys())].sort()).toEqual(['a 7', 'a.b-c', 'default'])
    await store.remove(['a.b-c', 'a 7'])
    await store.remove([])
    expect(await store.keys()).toEqual(['default'])
    expect(await redis.client.keys('*')).toHaveLength(3)
  })

  it('keeps what an event says, to the last character', async () => {
    const text = 'a "b"\n\u2028 \ud83d\ude00 \ud800 é \u0000'
    const event: SandboxEvent = {
      ...{ type: 'created', api: 'x', operationId: null, steering: {}, key: 'k' },
      body: JSON.parse(`{"__proto__": 1, "text": ${JSON.stringify(text)}, "n": 1.5e-9}`),
    }
    await store.append('a', BEFORE_ALL, [event], LATER)
    expect(JSON.stringify(eventsIn(await store.read('a', BEFORE_ALL)))).toBe(JSON.stringify([event]))
  })

  it('goes on where scripts and connections were dropped', async () => {
    const place = takenIn(await store.append('a', BEFORE_ALL, [counted(1)], LATER))
    await redis.client.script('FLUSH')
    expect((await store.read('a', place)).length).toBe(1)
    await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    const tries = Array.from({ length: 40 }, async (_, turn) => {
      await new Promise((resolve) => setTimeout(resolve, turn * 25))
      return store.read('a', place).then(
        ({ length }) => length,
        ({ code }: { code: string }) => code,
      )
    })
    const ends = await Promise.all(tries)
    expect(new Set(ends.filter((end) => end !== 1))).toEqual(new Set(['store_away']))
    expect(ends.at(-1)).toBe(1)
    expect(reports.length % 2).toBe(0)
  })

  it('takes nothing late that was sent to a Redis which did not answer in time', async () => {
    const { place, clockMs } = await store.read('a', BEFORE_ALL)
    redis.pause()
    const sent = store.append('a', place, [counted(1)], clockMs + 500)
    await expect(sent).rejects.toMatchObject({ code: 'store_away', headers: { 'Retry-After': '1' } })
    redis.resume()
    await expect.poll(() => store.read('a', place).catch(() => null)).toMatchObject({ length: 0 })
  })

  it('hears an answer that came while this process was busy', async () => {
    const reading = store.read('a', BEFORE_ALL)
    const began = performance.now()
    while (performance.now() - began < 1_500);
    expect(await reading).toMatchObject({ length: 0 })
  })

  it('tells of an error of Redis without where it is', async () => {
    await redis.client.set('standin:{a}:log', 'no list')
    const failed = store.read('a', BEFORE_ALL)
    await expect(failed).rejects.toMatchObject({ code: 'store_away' })
    await expect(failed).rejects.toThrow(/WRONGTYPE/)
    await expect(failed).rejects.not.toThrow(/127\.0\.0\.1/)
  })
})
