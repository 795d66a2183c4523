import { describe, expect, it } from 'vitest'
import { createPace, delayAfter } from '../../src/contract/pace.ts'
import type { Case } from '../../src/contract/plan/case.ts'
import { checkTarget } from '../../src/contract/run.ts'
import { openSession } from '../../src/contract/target.ts'
import type { Time } from '../../src/contract/time.ts'
import { createIdleTime } from '../../src/contract/time.ts'
import type { Fault } from './acme/server.ts'
import { createServer } from './acme/server.ts'
import { readSubject } from './acme/subject.ts'

const OPTIONS = { baseUrl: 'http://acme.test', seed: 7 } as const

const planned = (method = 'GET'): Case => ({
  operationId: 'readJob',
  purpose: 'test',
  method,
  url: 'http://acme.test/jobs',
  headers: {},
  body: null,
  expects: { kind: 'documented' },
})

/** A clock that goes on to the next thing that is waited for once nothing else is to be done. */
function createTimeline(): Time {
  let now = 0
  const waiting: { until: number; go: () => void }[] = []
  const goOn = (): void => {
    waiting.sort((a, b) => a.until - b.until)
    const next = waiting.shift()
    if (next === undefined) return
    now = next.until
    next.go()
    setTimeout(goOn)
  }
  return {
    now: () => now,
    wait: (ms) =>
      new Promise((go) => {
        if (waiting.length === 0) setTimeout(goOn)
        waiting.push({ until: now + ms, go })
      }),
  }
}

/** A clock that tells how long was waited. */
function watched(): Time & { readonly waits: number[] } {
  const time = createIdleTime()
  const waits: number[] = []
  return {
    waits,
    now: () => time.now(),
    wait: (ms, signal) => {
      waits.push(ms)
      return time.wait(ms, signal)
    },
  }
}

const answer = (status: number, headers: Record<string, string> = {}, method = 'GET') => ({
  operationId: null,
  request: { method, url: '/', headers: {}, body: null },
  response: { status, headers, body: '' },
  purpose: '',
})

describe('a rate', () => {
  it('is kept over all requests, however many are in flight', async () => {
    const time = createTimeline()
    const sent: number[] = []
    const session = openSession(
      () => {
        sent.push(time.now())
        return Promise.resolve(new Response('{}'))
      },
      { time, rate: 4 },
    )
    await Promise.all(Array.from({ length: 9 }, () => session.send(planned())))
    const gaps = sent.slice(1).map((at, before) => at - (sent[before] ?? 0))
    expect(gaps).toEqual(Array.from({ length: 8 }, () => 250))
  })

  it('begins anew after a wait that the target asked for', async () => {
    const time = createTimeline()
    const pace = createPace(time, 10)
    const sent: number[] = []
    const send = async (): Promise<void> => {
      await pace.next()
      sent.push(time.now())
    }
    const early = [send(), send(), send()]
    expect(pace.hold(5_000)).toBe(true)
    await Promise.all([...early, send()])
    expect(sent[0]).toBe(0)
    expect(sent.slice(1).map((at) => at >= 5_000)).toEqual([true, true, true])
    expect(new Set(sent).size).toBe(4)
  })
})

describe('who is told to wait', () => {
  const told = (status: number, header: Record<string, string>, times: number): Fault => {
    let left = times
    return {
      answer: (response, { path }) => {
        if (!path.endsWith('0002/rows') || left === 0 || response.status !== 200) return response
        left -= 1
        return Response.json({ error: 'wait' }, { status, headers: header })
      },
    }
  }

  it('waits as long as it is told, and asks again', async () => {
    const time = watched()
    const server = createServer(told(429, { 'retry-after': '7' }, 1))
    const verdict = await checkTarget(readSubject(), server, { ...OPTIONS, time, recheck: false })
    expect(time.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(7_000)
    const failed = verdict.checks.filter(({ outcome }) => outcome === 'failed').map(({ check }) => check)
    expect(failed).toEqual(['status_code_conformance'])
    expect(verdict.findings[0]?.message).toMatch(/^429 is not documented/)
  })

  it('asks three times at the most', async () => {
    const asked: string[] = []
    const session = createServer({
      answer: (response, { path, query }) => {
        if (!path.endsWith('0002/rows')) return response
        asked.push(query.toString())
        return Response.json({ error: 'wait' }, { status: 429, headers: { 'retry-after': '1' } })
      },
    })
    const time = watched()
    await checkTarget(readSubject(), session, {
      ...OPTIONS,
      time,
      recheck: false,
      selection: { only: ['S03'] },
    })
    expect(
      Math.max(...[...new Set(asked)].map((query) => asked.filter((each) => each === query).length)),
    ).toBe(6)
  })

  it('reads seconds and dates, and believes no wait that is too long', () => {
    const date = 'Mon, 30 Nov 2026 12:00:00 GMT'
    expect(delayAfter(answer(429, { 'retry-after': '5' }), 1)).toBe(5_000)
    expect(delayAfter(answer(503, { 'retry-after': 'Mon, 30 Nov 2026 12:00:09 GMT', date }), 1)).toBe(9_000)
    expect(delayAfter(answer(429, { 'retry-after': '61' }), 1)).toBeNull()
    expect(delayAfter(answer(429, { 'retry-after': '-3' }), 1)).toBeNull()
    expect(delayAfter(answer(429, { 'retry-after': 'soon' }), 1)).toBeNull()
    expect([1, 2].map((tries) => delayAfter(answer(429), tries))).toEqual([1_000, 2_000])
    expect(delayAfter(answer(503), 1)).toBeNull()
    expect(delayAfter(answer(503, { 'retry-after': '1' }, 'POST'), 1)).toBeNull()
    expect(delayAfter(answer(200, { 'retry-after': '1' }), 1)).toBeNull()
  })

  it('does not wait for ever on a target that always says so', async () => {
    const time = createIdleTime()
    const server = createServer({
      answer: () => Response.json({ error: 'wait' }, { status: 429, headers: { 'retry-after': '60' } }),
    })
    await checkTarget(readSubject(), server, { ...OPTIONS, time, recheck: false })
    expect(time.now()).toBeLessThanOrEqual(660_000)
  })
})

describe('a connection that breaks', () => {
  const flaky = (times: number): { target: () => Promise<Response>; asked: () => number } => {
    let asked = 0
    const target = (): Promise<Response> => {
      asked += 1
      return asked > 1 && asked <= 1 + times
        ? Promise.reject(new TypeError('fetch failed'))
        : Promise.resolve(new Response('{}'))
    }
    return { target, asked: () => asked }
  }

  it('is tried once more where that does no harm', async () => {
    for (const [times, method, status, asked] of [
      [1, 'GET', 200, 3],
      [2, 'GET', 0, 3],
      [1, 'DELETE', 200, 3],
      [1, 'POST', 0, 2],
    ] as const) {
      const line = flaky(times)
      const session = openSession(line.target)
      await session.send(planned())
      const { response } = await session.send(planned(method))
      expect([method, response.status, line.asked()]).toEqual([method, status, asked])
    }
  })
})

describe('a run that is told to stop', () => {
  it('breaks off its waits too, and says why and what was left undone', async () => {
    const controller = new AbortController()
    const time: Time = {
      now: () => 0,
      wait: (_, signal) => {
        controller.abort(new Error('the deadline of 1 s has passed'))
        return Promise.reject(signal?.reason)
      },
    }
    const server = createServer({
      answer: (response, { path }) =>
        path.endsWith('0002/rows')
          ? Response.json({ error: 'wait' }, { status: 429, headers: { 'retry-after': '9' } })
          : response,
    })
    const options = { ...OPTIONS, time, signal: controller.signal }
    const verdict = await checkTarget(readSubject(), server, options)
    expect(verdict.stopped).toMatch(/^the deadline of 1 s has passed; not done: /)
  })

  it('before it began gives a verdict on nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'))
    const verdict = await checkTarget(readSubject(), createServer(), { ...OPTIONS, signal })
    expect(verdict.exchanges).toBe(0)
    expect(verdict.stopped).toMatch(/^too late; not done: /)
  })
})
