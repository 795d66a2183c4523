import { describe, expect, it } from 'vitest'
import { REAL_CLOCK } from '../../src/world/clock.ts'
import type { SandboxEvent } from '../../src/world/event.ts'
import type { Sandboxes } from '../../src/world/sandboxes.ts'
import { createSandboxes } from '../../src/world/sandboxes.ts'

const counted: SandboxEvent = { type: 'counted', counts: { a: 1 } }

function sandboxes(): Sandboxes {
  const parts = { seed: 1, clock: REAL_CLOCK, epochMs: 0, faults: [], endpoints: [] }
  return createSandboxes(parts, () => 0)
}

function touch(of: Sandboxes, name: string, seed: number | null): unknown {
  return of.turn({ name, seed }, ({ sandbox }) => ({ result: sandbox.isUntouched(), events: [counted] }))
}

describe('the sandboxes of a process', () => {
  it('are not kept out by whoever asks for ever other seeds', () => {
    const of = sandboxes()
    for (let seed = 0; seed < 12_000; seed += 1) touch(of, 'seeds', seed)
    expect(touch(of, 'other', null)).toBe(true)
    expect(touch(of, 'seeds', 11_999)).toBe(false)
    expect(of.names()).toEqual(['other'])
    void of.remove('seeds')
    expect(touch(of, 'seeds', 11_999)).toBe(true)
  })

  it('are bounded, and the refusal says what helps', () => {
    const of = sandboxes()
    for (let count = 0; count < 10_000; count += 1) touch(of, `s${count}`, null)
    expect(() => touch(of, 'more', null)).toThrow('There are 10000 sandboxes; delete some')
    void of.remove('s7')
    expect(touch(of, 'more', null)).toBe(true)
  })
})
