/**
 * Webhooks of the program: with the wall clock, over its end, and from several processes on one Redis of
 * which one is killed in the middle.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../src/model/json.ts'
import { KEY, ORDER, SECRET } from './hooked.ts'
import type { Program } from './program.ts'
import { runCommand, startProgram } from './program.ts'
import type { Receiver } from './receiver.ts'
import { isSigned, startReceiver, until } from './receiver.ts'
import { missingRedis, startRedis } from './redis.ts'

let receiver: Receiver
const programs: Program[] = []

beforeEach(async () => {
  receiver = await startReceiver()
})

afterEach(async () => {
  for (const { child, stop } of programs.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL')
  }
  await receiver.close()
})

async function serve(...flags: readonly string[]): Promise<Program> {
  const program = await startProgram(['serve', 'talonic', '--port', '0', '--log', 'silent', ...flags])
  programs.push(program)
  return program
}

async function ask(url: string, method: string, body: JsonObject, prefer = ''): Promise<JsonObject> {
  const headers = { ...KEY, prefer, 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text) as JsonObject
}

const listen = ({ url }: Program): Promise<JsonObject> =>
  ask(`${url}/_standin/webhooks`, 'PUT', {
    endpoints: [{ api: 'talonic', url: receiver.url, secret: SECRET }],
  })

const create = ({ url }: Program, after: string): Promise<JsonObject> =>
  ask(`${url}/talonic/v1/jobs`, 'POST', ORDER, `after=${after}, rows=2`)

async function deliveries({ url }: Program): Promise<readonly JsonObject[]> {
  const response = await fetch(`${url}/_standin/webhooks/deliveries?limit=1000`)
  return ((await response.json()) as { readonly deliveries: readonly JsonObject[] }).deliveries
}

const idsReceived = (): readonly unknown[] =>
  receiver.received.map(({ headers }) => headers['x-talonic-delivery-id'])

describe('the program', () => {
  it('sends webhooks when their time has come, on the wall clock', async () => {
    const program = await serve()
    await listen(program)
    const startMs = Date.now()
    const { id } = await create(program, 'PT0.4S')
    await until(() => receiver.received.length === 1)
    expect(Date.now() - startMs).toBeGreaterThanOrEqual(400)
    const [got] = receiver.received
    if (got === undefined) throw new Error('nothing was sent')
    expect([isSigned(got, SECRET), JSON.parse(got.body).data.id]).toEqual([true, id])
    expect(await program.stop()).toBe(0)
  })

  it('ends at once where a receiver hangs', async () => {
    const program = await serve()
    await listen(program)
    receiver.reply(() => undefined)
    await create(program, 'PT0S')
    await until(() => receiver.received.length === 1)
    const startMs = Date.now()
    expect(await program.stop()).toBe(0)
    expect(Date.now() - startMs).toBeLessThan(5_000)
  })

  it('takes hosts that are allowed, and refuses what is none', async () => {
    const program = await serve('--webhook-host', 'receiver.example', '--webhook-host', '[::2]')
    const put = async (url: string): Promise<number> => {
      const endpoints = [{ api: 'talonic', url, secret: SECRET }]
      const init = { method: 'PUT', headers: { 'content-type': 'application/json' } }
      const body = JSON.stringify({ endpoints })
      return (await fetch(`${program.url}/_standin/webhooks`, { ...init, body })).status
    }
    expect(await put('https://receiver.example:8443/hook')).toBe(200)
    expect(await put('http://[::2]/hook')).toBe(200)
    expect(await put('http://other.example/hook')).toBe(422)
    for (const host of ['http://a.example', 'a.example:80', 'a b', '']) {
      const { code, stderr } = await runCommand(['serve', '--port', '0', '--webhook-host', host])
      expect([host, code, stderr]).toEqual([
        host,
        2,
        expect.stringContaining('must be a host without a port'),
      ])
    }
  })
})

describe.skipIf(missingRedis !== null)('processes on one Redis', () => {
  it('send each webhook once, also when one of them is killed', async () => {
    const redis = await startRedis()
    const [one, other] = [await serve('--store', redis.url), await serve('--store', redis.url)]
    await listen(one)
    const jobs = 40
    for (let job = 0; job < jobs; job += 1) await create(job % 2 === 0 ? one : other, `PT${job % 4}.5S`)
    await until(() => receiver.received.length >= 10, 10_000)
    await one.stop('SIGKILL')
    await until(async () => {
      const all = await deliveries(other)
      return all.length === jobs && all.every(({ state }) => state === 'delivered' || state === 'sending')
    }, 15_000)
    const delivered = (await deliveries(other)).filter(({ state }) => state === 'delivered')
    const ids = idsReceived()
    for (const { id } of delivered) expect([id, ids.filter((each) => each === id).length]).toEqual([id, 1])
    expect(delivered.length).toBeGreaterThanOrEqual(jobs - 8)
    expect(await other.stop()).toBe(0)
    await redis.stop()
  })

  it('are taken over from by one that starts later', async () => {
    const redis = await startRedis()
    const one = await serve('--store', redis.url)
    await listen(one)
    await create(one, 'PT1S')
    await one.stop('SIGKILL')
    const other = await serve('--store', redis.url)
    await until(() => receiver.received.length === 1)
    expect(await other.stop()).toBe(0)
    await redis.stop()
  })
})
