import { describe, expect, it } from 'vitest'
import type { Job, JobView } from '../../src/model/job.ts'
import { ApiError } from '../../src/model/refusal.ts'
import { keyOf } from '../../src/random/key.ts'
import type { Webhooks } from '../../src/vendor/vendor.ts'
import { REAL_CLOCK } from '../../src/world/clock.ts'
import type { Telling } from '../../src/world/delivery.ts'
import { deliveriesAbout, standingOf } from '../../src/world/delivery.ts'
import { createDeliveryLog, LOG_LIMIT } from '../../src/world/delivery-log.ts'
import type { Claimed, Dated, DeliveryEvent, SandboxEvent } from '../../src/world/event.ts'
import { viewAt } from '../../src/world/lifecycle.ts'
import { createSandbox } from '../../src/world/sandbox.ts'
import type { Endpoint } from '../../src/world/webhook.ts'

const T = Date.UTC(2026, 0, 1)

const webhooks: Webhooks = {
  events: { queued: 'made', running: 'begun', succeeded: 'done', failed: 'done', cancelled: 'stopped' },
  deliveryId: 'd_########',
  body: () => null,
  headers: () => ({}),
  signature: { hash: 'SHA-256', header: 'X-Signature', prefix: '' },
  retryDelaysMs: [10, 100],
  timeoutMs: 5,
}

const endpoint: Endpoint = { api: 'acme', url: 'http://localhost/', secret: 's', events: [], number: 1 }
const job: Job = {
  ...{ id: 'job_1', name: null, createdAtMs: T, queueMs: 100, runMs: 900, outcome: 'succeeded', rows: 3 },
  ...{ ties: 1, mix: {}, brief: {}, heldAtMs: null },
}

function at(ms: number, change: Partial<Job> = {}, stopAtMs: number | null = null): JobView {
  return viewAt({ ...job, ...change }, keyOf('k'), stopAtMs, T + ms)
}

function about(view: JobView, endpoints: readonly Endpoint[] = [endpoint], more: Partial<Telling> = {}) {
  return deliveriesAbout({ seed: 1, api: 'acme', webhooks, endpoints, ...more }, view)
}

const told = (view: JobView, endpoints?: readonly Endpoint[]) =>
  about(view, endpoints).map(({ event, state, dueMs }) => [event, state, dueMs - T])

describe('what is told of a job', () => {
  it('is what has happened to it so far, each at its instant', () => {
    expect(told(at(0))).toEqual([['made', 'queued', 0]])
    expect(told(at(99))).toEqual([['made', 'queued', 0]])
    expect(told(at(100))).toEqual([
      ['made', 'queued', 0],
      ['begun', 'running', 100],
    ])
    expect(told(at(50_000))).toEqual([
      ['made', 'queued', 0],
      ['begun', 'running', 100],
      ['done', 'succeeded', 1_000],
    ])
  })

  it('is only the states that the vendor names, and nothing of held jobs', () => {
    const partly = at(5_000, { outcome: 'partially_succeeded' })
    expect(told(partly).map(([event]) => event)).toEqual(['made', 'begun'])
    expect(told(at(5_000, { heldAtMs: T + 5_000 }))).toEqual([])
  })

  it('knows no beginning of a job that was cancelled before, and one end of any', () => {
    expect(told(at(5_000, {}, T + 50))).toEqual([
      ['made', 'queued', 0],
      ['stopped', 'cancelled', 50],
    ])
    expect(told(at(5_000, {}, T + 1_000)).at(-1)).toEqual(['done', 'succeeded', 1_000])
    expect(told(at(400, {}, T + 500)).map(([event]) => event)).toEqual(['made', 'begun'])
  })

  it('tells states of one name apart', () => {
    const same = { ...webhooks, events: { queued: 'x', running: 'x', failed: 'x' } } satisfies Webhooks
    const ids = about(at(5_000, { outcome: 'failed' }), [endpoint], { webhooks: same }).map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
  })

  it('has ids that follow from seed, API, job, state and endpoint, and not from its URL', () => {
    const idsOf = (...rest: Parameters<typeof about>) => about(...rest).map(({ id }) => id)
    const ids = idsOf(at(5_000))
    expect(ids).toEqual([expect.stringMatching(/^d_[0-9a-f]{8}$/), expect.anything(), expect.anything()])
    expect(idsOf(at(9_999), [{ ...endpoint, url: 'http://localhost:9/', secret: 't' }])).toEqual(ids)
    const others = [
      idsOf(at(5_000, { id: 'job_2' })),
      idsOf(at(5_000), [endpoint], { seed: 2 }),
      idsOf(at(5_000), [{ ...endpoint, api: 'other' }], { api: 'other' }),
      idsOf(at(5_000), [{ ...endpoint, number: 2 }]),
      idsOf(at(5_000), []),
    ]
    expect(new Set([ids, ...others].flat()).size).toBe(18)
  })
})

const ref = { id: 'd_1', api: 'acme', job: 'job_1', event: 'done', dueMs: T, url: 'http://localhost/' }

function claimed(attempt: number, atMs: number, untilMs = T + atMs + 50): Dated<Claimed> {
  return { type: 'claimed', ...ref, attempt, untilMs, atMs: T + atMs }
}

function attempted(attempt: number, atMs: number, status: number | null): Dated<DeliveryEvent> {
  const error = status === null ? 'It broke' : null
  return { type: 'attempted', ...ref, attempt, status, error, atMs: T + atMs }
}

const again = (atMs: number): Dated<DeliveryEvent> => ({ type: 'redelivered', id: 'd_1', atMs: T + atMs })

function stands(history: readonly Dated<DeliveryEvent>[], stampMs = 0) {
  const { state, nextMs, attempts } = standingOf({ dueMs: T }, webhooks, history, T + stampMs)
  return [state, nextMs === null ? null : nextMs - T, attempts.length]
}

describe('how a delivery stands', () => {
  it.each<[string, readonly Dated<DeliveryEvent>[], readonly unknown[]]>([
    ['before its first attempt', [], ['waiting', 0, 0]],
    ['during it', [claimed(1, 3)], ['sending', null, 1]],
    ['after success', [attempted(1, 3, 200)], ['delivered', null, 1]],
    ['after another success', [attempted(1, 3, 299)], ['delivered', null, 1]],
    ['after a redirect', [attempted(1, 3, 300)], ['waiting', 13, 1]],
    ['after no answer', [attempted(1, 3, null)], ['waiting', 13, 1]],
    ['after two failures', [attempted(1, 3, 500), attempted(2, 20, 404)], ['waiting', 120, 2]],
    [
      'when the delays are used up',
      [attempted(1, 3, 500), attempted(2, 20, 500), attempted(3, 130, 500)],
      ['failed', null, 3],
    ],
    ['once more', [attempted(1, 3, 200), again(70)], ['waiting', 70, 1]],
    ['twice more at once', [attempted(1, 3, 200), again(70), again(71)], ['waiting', 71, 1]],
    ['once more, and failed', [attempted(1, 3, 200), again(70), attempted(2, 72, 500)], ['waiting', 82, 2]],
    ['once more while it is sent', [claimed(1, 3), again(4)], ['sending', null, 1]],
  ])('%s', (_, history, standing) => {
    expect(stands(history)).toEqual(standing)
  })

  it('takes an attempt for failed when its time is over, and counts it in the delays', () => {
    expect(stands([claimed(1, 3)], 52)).toEqual(['sending', null, 1])
    expect(stands([claimed(1, 3)], 53)).toEqual(['waiting', 13, 1])
    expect(stands([claimed(1, 3), claimed(2, 60)], 100)).toEqual(['sending', null, 2])
    expect(stands([claimed(1, 3), attempted(2, 60, 500)], 100)).toEqual(['waiting', 160, 2])
  })

  it('believes what is told late', () => {
    const log = createDeliveryLog([claimed(1, 3), claimed(2, 60)])
    log.apply(attempted(1, 70, 200))
    expect(log.entries.map(({ type, atMs }) => [type, atMs - T])).toEqual([
      ['attempted', 3],
      ['claimed', 60],
    ])
    expect(stands(log.of('d_1'), 500)).toEqual(['delivered', null, 2])
  })
})

describe('the log', () => {
  it('keeps everything, and takes in no more than it may hold', () => {
    const sandbox = createSandbox({ seed: 1, clock: REAL_CLOCK, epochMs: T, faults: [], endpoints: [] })
    for (let count = 0; count < LOG_LIMIT; count += 1) {
      const { atMs: _, ...event } = claimed(1, 0)
      sandbox.apply({ stampMs: T, event: { ...event, id: `d_${count}` } })
    }
    const { atMs: _, ...claim } = claimed(1, 0)
    const ended: SandboxEvent = { ...ref, id: 'd_0', type: 'attempted', attempt: 1, status: 200, error: null }
    expect(() => sandbox.verifyRoom([claim])).toThrow(ApiError)
    expect(() => sandbox.verifyRoom([{ type: 'redelivered', id: 'd_0' }])).toThrow(ApiError)
    expect(() => sandbox.verifyRoom([ended])).not.toThrow()
    sandbox.apply({ stampMs: T, event: ended })
    expect(sandbox.deliveries.entries).toHaveLength(LOG_LIMIT)
    expect(sandbox.deliveries.of('d_0')).toMatchObject([{ type: 'attempted', status: 200 }])
  })

  it('is the same again after a restore', () => {
    const events = [claimed(1, 3), attempted(1, 9, 500), again(20), claimed(2, 21)]
    const log = createDeliveryLog(events)
    expect(createDeliveryLog(log.entries).entries).toEqual(log.entries)
    expect(log.entries.map(({ type }) => type)).toEqual(['attempted', 'redelivered', 'claimed'])
  })
})
