import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import { exitCode } from '../../src/contract/verdict.ts'
import { inRow } from './acme/planted.ts'
import type { Fault } from './acme/server.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'
import { subjectOf } from './planned.ts'

const OPTIONS = { baseUrl: 'http://acme.test', seed: 7, recheck: false } as const
const FAULT = inRow(1, (row) => ({ ...row, weight: -1 }))

const judge = (fault: Fault, options = {}): Promise<Verdict> =>
  checkTarget(readSubject(), createServer(fault), { ...OPTIONS, ...options })

const shards = (fault: Fault, count: number): Promise<Verdict[]> =>
  Promise.all(
    Array.from({ length: count }, (_, at) =>
      judge(fault, { selection: { shard: { index: at + 1, count } } }),
    ),
  )

/** How many exchanges each check of each operation had, and how often each finding was seen. */
function sum(verdicts: readonly Verdict[]): Record<string, number> {
  const sums: Record<string, number> = {}
  const add = (name: string, times: number): void => {
    if (times > 0) sums[name] = (sums[name] ?? 0) + times
  }
  for (const { checks, findings, witnesses } of verdicts) {
    for (const { check, operationId, exchanges } of checks) add(`${check} ${operationId}`, exchanges)
    for (const { id, count } of findings) add(id, count)
    for (const { operationId, statuses } of witnesses) {
      for (const [status, times] of Object.entries(statuses)) add(`${operationId} ${status}`, times)
    }
  }
  return sums
}

describe('runs that share the work', () => {
  it('do together exactly what one run does', async () => {
    const whole = sum([await judge(FAULT)])
    expect(sum(await shards(FAULT, 3))).toEqual(whole)
    expect(sum(await shards(FAULT, 1))).toEqual(whole)
  })

  it('each do a part of it', async () => {
    const whole = await judge({})
    const parts = await shards({}, 3)
    for (const { exchanges } of parts) expect(exchanges).toBeLessThan(whole.exchanges)
    expect(parts.reduce((total, { exchanges }) => total + exchanges, 0)).toBe(whole.exchanges)
  })

  it('pass where there is little or nothing for one of them to do, unless nothing answers', async () => {
    const parts = await shards({}, 40)
    expect(parts.map((verdict) => exitCode([verdict]))).toEqual(parts.map(() => 0))
    const reads = { get: { responses: { '200': { description: 'fine' } } } }
    const subject = subjectOf({ '/a': reads, '/b': reads })
    const target = (): Promise<Response> => Promise.resolve(new Response(''))
    const share = (index: number): Promise<Verdict> => {
      const options = { baseUrl: 'http://small.test', selection: { shard: { index, count: 40 } } }
      return checkTarget(subject, target, options)
    }
    const small = await Promise.all(Array.from({ length: 40 }, (_, at) => share(at + 1)))
    expect(small.map((verdict) => exitCode([verdict])).includes(4)).toBe(false)
    expect(small.some(({ exchanges }) => exchanges === 0)).toBe(true)
    const locked: Fault = { answer: () => Response.json({ error: 'key' }, { status: 401 }) }
    const [first] = await shards(locked, 2)
    expect(first?.reached).toBe(false)
  })
})
