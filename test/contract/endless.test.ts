import { describe, expect, it } from 'vitest'
import { receive } from '../../src/contract/receive.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Target } from '../../src/contract/target.ts'
import type { Time } from '../../src/contract/time.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { subjectOf } from './planned.ts'

const time: Time = {
  now: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason)
      })
    }),
}

/** An answer that begins with these parts and never ends. */
function endless(type: string, parts: readonly string[], onCancel: () => void = () => undefined): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part))
    },
    cancel: onCancel,
  })
  return new Response(body, { headers: { 'content-type': type } })
}

const ROW = { type: 'object', required: ['a'] }

/** Judges a stream that never ends, and an operation after it. */
async function judgeStream(type: string, media: JsonObject, parts: readonly string[]): Promise<Verdict> {
  const responses = { '200': { description: 'a stream', content: { [type]: media } } }
  const subject = subjectOf({ '/stream': { get: { operationId: 'read', responses } } }, { openapi: '3.2.0' })
  const target: Target = ({ method, url }) => {
    if (!url.includes('/stream')) return Promise.resolve(new Response('', { status: 404 }))
    if (method === 'GET') return Promise.resolve(endless(type, parts))
    const headers = { allow: 'GET, HEAD', ...(method === 'HEAD' ? { 'content-type': type } : {}) }
    return Promise.resolve(new Response(null, { status: method === 'HEAD' ? 200 : 405, headers }))
  }
  return checkTarget(subject, target, { baseUrl: 'http://small.test', time, streamMs: 30 })
}

describe('a stream that never ends', () => {
  it.each<readonly [string, JsonObject, readonly string[]]>([
    ['text/event-stream', { itemSchema: ROW }, ['data: {"a":1}\n\n', 'data: {"a":2}\r\n\r\nda', 'ta: {"b']],
    ['application/x-ndjson', { itemSchema: ROW }, ['{"a":1}\n{"a":2}\n{"b"']],
    ['application/json-seq', { itemSchema: ROW }, ['\u{1E}{"a":1}\n\u{1E}{"a":2}\n\u{1E}{"b"']],
    ['application/json-seq', { itemSchema: ROW }, ['\u{1E}{"a":1}\n']],
    ['application/x-ndjson', { schema: { type: 'array', items: ROW, minItems: 9 } }, ['{"a":1}\n']],
    ['text/event-stream', { itemSchema: ROW }, []],
  ])('of %s as %j is judged by the whole items that came', async (type, media, parts) => {
    const verdict = await judgeStream(type, media, parts)
    expect(verdict.findings.map(({ message }) => message)).toEqual([])
    expect(verdict.successes).toBeGreaterThan(0)
  })

  it('is faulted for a whole item that breaks its schema', async () => {
    const verdict = await judgeStream('text/event-stream', { itemSchema: ROW }, ['data: {"b":1}\n\ndata: {'])
    expect(verdict.findings.map(({ check }) => check)).toEqual(['response_schema_conformance'])
  })

  it('is cancelled, and where no time is handed in cut by its size', async () => {
    let cancelled = 0
    const line = `{"a":"${'x'.repeat(1_000_000)}"}\n`
    const response = endless('application/jsonl', Array(12).fill(line), () => {
      cancelled += 1
    })
    const received = await receive(response)
    expect(received.isCut).toBe(true)
    expect(received.body.length % line.length).toBe(0)
    expect(cancelled).toBe(1)
  })
})

describe('a stream that ends', () => {
  it('is read to its end, what it broke off too', async () => {
    const headers = { 'content-type': 'application/jsonl' }
    const received = await receive(new Response('{"a":1}\n{"b', { headers }), { time, streamMs: 1_000 })
    expect(received).toEqual({ status: 200, headers, body: '{"a":1}\n{"b' })
  })
})
