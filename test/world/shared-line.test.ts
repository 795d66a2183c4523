/**
 * The line before a shared sandbox where its store fails: it is away, forgets, loses, says nonsense, or
 * others are always faster.
 */
import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/model/refusal.ts'
import type { Turn } from '../../src/world/sandboxes.ts'
import { DEFAULT, look } from '../../src/world/sandboxes.ts'
import { createSharedSandboxes } from '../../src/world/shared-sandboxes.ts'
import { BEGINNING, counted, countUp, created, EPOCH, SlowStore, sharing } from '../slow-store.ts'

describe('a store that fails', () => {
  it('fails each request for itself, and all goes on when it is back', async () => {
    const { store, shared } = sharing()
    await shared.turn(DEFAULT, countUp)
    store.isAway = true
    const failed = await Promise.allSettled([shared.turn(DEFAULT, countUp), counted(shared)])
    for (const { status } of failed) expect(status).toBe('rejected')
    store.isAway = false
    expect(await counted(shared)).toBe(1)
  })

  it('is asked once by all who would write in the same batch, and readers are answered', async () => {
    const { store, shared } = sharing()
    await counted(shared)
    // The later ones come while the first one is answered, and are a batch of their own.
    const [first, ...others] = [counted(shared), shared.turn(DEFAULT, countUp)]
    const asked = [first, ...others, shared.turn(DEFAULT, countUp), counted(shared)]
    const append = store.append.bind(store)
    let calls = 0
    store.append = async () => {
      calls += 1
      throw new ApiError('store_away')
    }
    const settled = await Promise.allSettled(asked)
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(calls).toBe(1)
    store.append = append
    expect(await shared.turn(DEFAULT, countUp)).toBe(0)
  })

  it('is begun anew where it has forgotten', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (const of of [one, two, one]) await of.turn(DEFAULT, countUp)
    expect(await one.names()).toEqual(['default'])
    await one.remove('default')
    expect([await counted(two), await counted(one), await one.names()]).toEqual([0, 0, []])
    expect(await two.turn(DEFAULT, countUp)).toBe(0)
  })

  it('is begun anew where another log has grown as long meanwhile', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (let count = 0; count < 3; count += 1) await one.turn(DEFAULT, countUp)
    store.logs.clear()
    for (let count = 0; count < 5; count += 1) {
      await two.turn(DEFAULT, () => ({ result: null, events: [created] }))
    }
    expect(await counted(one)).toBe(0)
    expect(await look(one, DEFAULT, ({ sandbox }) => sandbox.jobEvents('skop').length)).toBe(5)
  })

  it('is read anew where its last entries were lost and others are in their place', async () => {
    const store = new SlowStore(EPOCH)
    const [one, two] = [createSharedSandboxes(BEGINNING, store), createSharedSandboxes(BEGINNING, store)]
    for (let count = 0; count < 3; count += 1) await one.turn(DEFAULT, countUp)
    store.logs.get('default')?.entries.splice(2)
    await two.turn(DEFAULT, () => ({ result: null, events: [created] }))
    const seen = ({ sandbox }: Turn): unknown => [sandbox.counts.get('a'), sandbox.jobEvents('skop').length]
    expect(await look(one, DEFAULT, seen)).toEqual([2, 1])
  })

  it('leaves no half of what it said', async () => {
    const { store, shared } = sharing()
    for (let count = 0; count < 3; count += 1) {
      await shared.turn(DEFAULT, () => ({ result: null, events: [created] }))
    }
    const late = createSharedSandboxes(BEGINNING, store)
    const entries = store.logs.get('default')?.entries ?? []
    const broken = entries[2] as (typeof entries)[number]
    entries[2] = { ...broken, text: '{"stampMs":1,"event":{"type":"restored","sandbox":{}}}' }
    const made = ({ sandbox }: Turn): number => sandbox.jobEvents('skop').length
    await expect(look(late, DEFAULT, made)).rejects.toThrow(TypeError)
    entries[2] = broken
    expect(await look(late, DEFAULT, made)).toBe(3)
  })

  it('passes on what a decision throws, and answers the next one', async () => {
    const { shared } = sharing()
    const refused = shared.turn(DEFAULT, () => {
      throw new ApiError('job_not_found')
    })
    const next = shared.turn(DEFAULT, countUp)
    await expect(refused).rejects.toMatchObject({ code: 'job_not_found' })
    expect(await next).toBe(0)
  })

  it('is asked so often and no more where others are always faster', async () => {
    const { store, shared } = sharing()
    const append = store.append.bind(store)
    store.append = async (key, place, events, stampMs) => {
      await append(key, (await store.read(key, place)).place, [created], stampMs + 1_000)
      return append(key, place, events, stampMs)
    }
    await expect(shared.turn(DEFAULT, countUp)).rejects.toMatchObject({
      code: 'unavailable',
      headers: { 'Retry-After': '1' },
    })
  })
})
