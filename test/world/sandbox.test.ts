import { describe, expect, it } from 'vitest'
import { ApiError } from '../../src/model/refusal.ts'
import type { ClockMode } from '../../src/world/clock.ts'
import { instantOf, parseClock, REAL_CLOCK } from '../../src/world/clock.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { Sandbox } from '../../src/world/sandbox.ts'
import { createSandbox } from '../../src/world/sandbox.ts'

const EPOCH = Date.UTC(2026, 0, 1)
const WALL = Date.UTC(2026, 10, 25)
const HOUR = 3_600_000

function sandbox(mode: ClockMode = 'real'): Sandbox {
  const clock = { ...REAL_CLOCK, mode, stepMs: mode === 'step' ? 1_000 : 0 }
  return createSandbox({ seed: 1, clock, epochMs: EPOCH, faults: [], endpoints: [] })
}

function created(body = {}): SandboxEvent {
  return { type: 'created', api: 'skop', operationId: 'createJob', body, steering: {}, key: null }
}

const clockSet = (mode: ClockMode, toMs: number | null = null): SandboxEvent => ({
  ...{ type: 'clock_set', mode, toMs },
  stepMs: mode === 'step' ? 1_000 : 0,
})

describe('a sandbox', () => {
  it('is bounded in what happens, and refuses what is beyond', () => {
    const world = sandbox()
    for (let count = 0; count < 100_000; count += 1) world.apply({ stampMs: WALL, event: created() })
    expect(() => world.verifyRoom([created()])).toThrow(ApiError)
    expect(() => world.verifyRoom([clockSet('frozen')])).not.toThrow()
  })

  it('forgets the counts first that have stood longest, and none that goes on', () => {
    const world = sandbox()
    for (let path = 0; path < 30_000; path += 1) {
      const used = world.counts.get('limit 0 used') ?? 0
      const counts = { [`skop/getJob /${path}`]: 1, 'limit 0 used': used + 1 }
      world.apply({ stampMs: WALL, event: { type: 'counted', counts } })
    }
    expect([world.counts.get('limit 0 used'), world.counts.size]).toEqual([30_000, 10_000])
    expect([world.counts.has('skop/getJob /20000'), world.counts.has('skop/getJob /20001')]).toEqual([
      false,
      true,
    ])
  })

  it('is bounded in what its jobs were asked to do, too', () => {
    const world = sandbox()
    const event = created({ prompt: 'x'.repeat(1_000_000) })
    expect(() => {
      for (let count = 0; count < 20; count += 1) {
        world.verifyRoom([event])
        world.apply({ stampMs: WALL, event })
      }
    }).toThrow(ApiError)
  })

  it('is the same again wherever its document is restored, and its time goes on from there', () => {
    const world = sandbox()
    world.apply({ stampMs: WALL, event: created({ prompt: 'a' }) })
    world.apply({ stampMs: WALL + 5, event: created({ prompt: 'b' }) })
    const document = world.toDocument(WALL + HOUR)
    const other = sandbox('frozen')
    other.apply({ stampMs: WALL + 9 * HOUR, event: { type: 'restored', sandbox: document } })
    expect(other.toDocument(WALL + 9 * HOUR)).toEqual(document)
    expect(other.nowMs(WALL + 10 * HOUR)).toBe(WALL + 2 * HOUR)
    expect(other.jobEvents('skop')).toEqual(world.jobEvents('skop'))
    expect(other.generation).toBe(1)
  })
})

describe('the clock of a sandbox', () => {
  it('goes on from what has happened where the wall clock is behind that', () => {
    const world = sandbox()
    world.apply({ stampMs: WALL, event: clockSet('frozen', WALL + HOUR) })
    world.apply({ stampMs: WALL, event: created() })
    world.apply({ stampMs: WALL, event: clockSet('real') })
    expect([world.nowMs(WALL), world.nowMs(WALL + 5)]).toEqual([WALL + HOUR, WALL + HOUR + 5])
  })

  it('shows after a restoring what it would have shown, also where it was put back', () => {
    const world = sandbox()
    world.apply({ stampMs: WALL, event: created() })
    world.apply({ stampMs: WALL + 5, event: clockSet('real', EPOCH) })
    const other = sandbox()
    other.apply({ stampMs: WALL + 9, event: { type: 'restored', sandbox: world.toDocument(WALL + 9) } })
    expect([other.nowMs(WALL + 9), other.nowMs(WALL + HOUR)]).toEqual([EPOCH + 4, world.nowMs(WALL + HOUR)])
  })

  it('begins at the epoch where it is virtual, and follows the wall where it is real', () => {
    expect(sandbox('frozen').nowMs(WALL)).toBe(EPOCH)
    expect(sandbox('auto').nowMs(WALL)).toBe(EPOCH)
    expect(sandbox().nowMs(WALL)).toBe(WALL)
  })

  it('stops at the epoch while no job was made, and where it stands once one was', () => {
    const [untouched, used] = [sandbox(), sandbox()]
    used.apply({ stampMs: WALL, event: created() })
    for (const world of [untouched, used]) world.apply({ stampMs: WALL + 7, event: clockSet('frozen') })
    expect([untouched.nowMs(WALL + HOUR), used.nowMs(WALL + HOUR)]).toEqual([EPOCH, WALL + 7])
  })

  it('goes on from where it stood when it is real again, unless the wall clock is ahead of that', () => {
    for (const [toMs, expected] of [
      [WALL + 9 * HOUR, WALL + 10 * HOUR],
      [EPOCH, WALL],
    ] as const) {
      const world = sandbox()
      world.apply({ stampMs: WALL, event: clockSet('frozen', toMs) })
      world.apply({ stampMs: WALL, event: created() })
      world.apply({ stampMs: WALL, event: { type: 'clock_moved', toMs: toMs + HOUR } })
      world.apply({ stampMs: WALL, event: clockSet('real') })
      expect(world.nowMs(WALL)).toBe(expected)
    }
  })

  it('stops at the last instant that can be written', () => {
    const world = sandbox('step')
    world.apply({ stampMs: WALL, event: { type: 'clock_moved', toMs: 1e30 } })
    expect(new Date(world.nowMs(WALL)).toISOString()).toBe('9999-12-31T23:59:59.999Z')
    expect(parseClock('step:P366D')).not.toBeNull()
    expect(parseClock('step:P367D')).toBeNull()
  })

  it('can be set and moved on in each mode, and never falls behind what has happened', () => {
    const world = sandbox()
    world.apply({ stampMs: WALL, event: { type: 'clock_moved', toMs: WALL + HOUR } })
    expect(world.nowMs(WALL + 1)).toBe(WALL + HOUR + 1)
    world.apply({ stampMs: WALL + 1, event: created() })
    expect(world.nowMs(WALL - HOUR)).toBe(WALL + HOUR + 1)
    world.apply({ stampMs: WALL, event: clockSet('step', EPOCH + 5) })
    world.apply({ stampMs: WALL, event: { type: 'clock_moved', toMs: EPOCH + 9 } })
    expect(world.nowMs(WALL)).toBe(EPOCH + 9)
    world.apply({ stampMs: WALL, event: { type: 'clock_moved', toMs: EPOCH } })
    expect(world.nowMs(WALL)).toBe(EPOCH + 9)
    world.apply({ stampMs: WALL, event: clockSet('real') })
    expect(instantOf(world.clock, WALL)).toBe(WALL)
  })
})
