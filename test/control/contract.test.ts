/**
 * The control API held to its own document by our own judge: as the judge plans it over a socket, and every
 * documented status of every operation brought about and judged.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { subjectOf } from '../../src/cli/judged.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { isBreach } from '../../src/contract/finding.ts'
import { checkExchanges } from '../../src/contract/recorded.ts'
import { checkTarget } from '../../src/contract/run.ts'
import type { Subject } from '../../src/contract/subject.ts'
import { isVacuous } from '../../src/contract/verdict.ts'
import type { Json } from '../../src/model/json.ts'
import type { Program } from '../program.ts'
import { runCommand, startProgram } from '../program.ts'

const folder = mkdtempSync(join(tmpdir(), 'standin-'))
let program: Program
let file: string
let subject: Subject
let job: { readonly id: string }

beforeAll(async () => {
  program = await startProgram(['serve', '--port', '0', '--log', 'json'])
  file = join(folder, 'control.json')
  writeFileSync(file, await (await fetch(`${program.url}/_standin/openapi.json`)).text())
  const [api] = await loadApis({ names: [file], specs: null, needFixtures: false })
  if (api === undefined) throw new Error('the document is one API')
  subject = await subjectOf(api)
  job = (await (await send('POST', '/jobs', { api: 'skop' })).json()) as typeof job
  await fetch(`${program.url}/skop/scrape/status/${job.id}`)
})

afterAll(async () => {
  await program.stop()
  rmSync(folder, { recursive: true })
})

type Headers = Readonly<Record<string, string>>

function send(method: string, path: string, body?: Json, headers: Headers = {}): Promise<Response> {
  const text = body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body)
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return fetch(`${program.url}/_standin${path}`, { method, body: text, headers: { ...type, ...headers } })
}

describe('as the judge plans it', () => {
  it('keeps its document, reads and writes, on what there is', async () => {
    const verdict = await checkTarget(subject, (request) => fetch(request), {
      baseUrl: `${program.url}/_standin`,
      allowWrites: true,
      parameters: { api: 'skop', id: job.id, name: 'default', request: '1' },
    })
    expect(verdict.findings.filter(isBreach)).toEqual([])
    // Which APIs are served, and what goes together in a body, no document says: a refusal may speak of that.
    expect(verdict.findings.filter(({ status }) => status !== 422)).toEqual([])
    expect(isVacuous(verdict)).toBe(false)
    const rejected = verdict.checks.filter(
      ({ check, outcome }) => check === 'negative_data_rejection' && outcome === 'passed',
    )
    expect(rejected.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining([
        'createJob',
        'moveJob',
        'setClock',
        'advanceClock',
        'createSandbox',
        'importSandbox',
      ]),
    )
  })

  it.each([[[]], [['--allow-writes']]])('is kept by `standin check` too: %j', async (flags) => {
    const target = ['--target', `${program.url}/_standin`]
    const { code, stdout } = await runCommand(['check', file, ...target, ...flags])
    expect([code, stdout]).toEqual([0, expect.stringContaining('control: kept')])
  })

  it('is broken where an answer is not as documented', async () => {
    const verdict = await checkTarget(
      subject,
      async (request) => {
        const response = await fetch(request)
        if (!request.url.endsWith('/clock') || request.method !== 'GET') return response
        const clock = (await response.json()) as object
        return Response.json({ ...clock, zone: 'UTC' }, { headers: response.headers })
      },
      { baseUrl: `${program.url}/_standin` },
    )
    expect(verdict.findings.map(({ check, operationId }) => [check, operationId])).toContainEqual([
      'response_schema_conformance',
      'getClock',
    ])
  })
})

const SANDBOX = { seed: 1, clock: { mode: 'frozen', now: '2026-01-01T00:00:00Z' }, events: [] }

/** Requests that succeed, in an order in which they do. */
const SUCCESSES: readonly (readonly [string, string, Json?])[] = [
  ['GET', '/'],
  ['GET', '/health'],
  ['GET', '/apis'],
  ['GET', '/openapi.json'],
  ['GET', '/jobs?api=skop'],
  ['POST', '/jobs', { api: 'deepset', name: 'walk', rows: 3, outcome: 'failed', after: 'PT1H' }],
  ['GET', '/jobs/skop/{job}'],
  ['PATCH', '/jobs/skop/{job}', { state: 'running' }],
  ['DELETE', '/jobs/skop/{job}'],
  ['GET', '/clock'],
  ['PUT', '/clock', { mode: 'step', step: 'PT1S' }],
  ['POST', '/clock/advance', { by: 'PT1S' }],
  ['GET', '/sandboxes'],
  ['POST', '/sandboxes', { name: 'walk-a', seed: 4 }],
  ['GET', '/sandboxes/walk-a'],
  ['PUT', '/sandboxes/walk-a', SANDBOX],
  ['PUT', '/sandboxes/walk-b', SANDBOX],
  ['POST', '/sandboxes/walk-a/fork', { name: 'walk-c' }],
  ['GET', '/faults'],
  ['PUT', '/faults', { faults: [{ operation: 'skop/*', status: 500, requests: '1-2' }] }],
  ['DELETE', '/faults'],
  ['GET', '/webhooks'],
  ['GET', '/webhooks/deliveries'],
  ['GET', '/webhooks/deliveries/{sent}'],
  ['POST', '/webhooks/deliveries/{sent}/redeliver'],
  ['PUT', '/webhooks', { endpoints: [] }],
  ['GET', '/requests?limit=5'],
  ['GET', '/explain/1'],
  ['DELETE', '/requests'],
  ['POST', '/reset'],
  ['DELETE', '/sandboxes/walk-a'],
]

const REFUSALS: readonly (readonly [string, string, Json?])[] = [
  ['GET', '/jobs?api=none'],
  ['POST', '/jobs', { api: 'deepset', name: 'succeeded' }],
  ['GET', '/jobs/skop/none'],
  ['PATCH', '/jobs/skop/none', { state: 'failed' }],
  ['PATCH', '/jobs/skop/{ended}', { state: 'failed' }],
  ['DELETE', '/jobs/none/none'],
  ['POST', '/sandboxes', { name: 'walk-b' }],
  ['GET', '/sandboxes/none'],
  ['DELETE', '/sandboxes/none'],
  ['POST', '/sandboxes/none/fork', { name: 'x' }],
  ['POST', '/sandboxes/walk-b/fork', { name: 'walk-c' }],
  ['GET', '/webhooks/deliveries/none'],
  ['POST', '/webhooks/deliveries/none/redeliver'],
  ['GET', '/requests?api=none'],
  ['GET', '/explain/none'],
]

/** What any operation refuses, whatever it is. */
const ANYWHERE: readonly (readonly [string, Headers])[] = [
  ['', { 'standin-sandbox': 'no sandbox' }],
  ['?nothing=1', {}],
  ['', { origin: 'http://evil.example' }],
  [`?${'x'.repeat(9_000)}`, {}],
  ['', { 'x-long': 'x'.repeat(17_000) }],
]

/** The id of a webhook in a sandbox, where nobody wants it, or its receiver is away. */
async function tell(sandbox: string, state: 'unsent' | 'waiting'): Promise<string> {
  const headers = { 'standin-sandbox': sandbox }
  const endpoints = [{ api: 'talonic', url: 'http://127.0.0.1:1/', secret: 'secret' }]
  if (state === 'waiting') await send('PUT', '/webhooks', { endpoints }, headers)
  await send('POST', '/jobs', { api: 'talonic', after: 'PT0S' }, headers)
  const { deliveries } = (await (await send('GET', '/webhooks/deliveries', undefined, headers)).json()) as {
    readonly deliveries: readonly { readonly id: string; readonly state: string }[]
  }
  expect(deliveries.map((delivery) => delivery.state)).toEqual([state])
  return deliveries[0]?.id ?? ''
}

describe('every documented status of every operation', () => {
  it('is brought about, and each answer is as documented', async () => {
    const guarded = await startProgram(['serve', '--port', '0', '--log', 'json'], {
      env: { STANDIN_CONTROL_TOKEN: 'secret' },
    })
    const exchanges: Exchange[] = []
    const put = async (base: string, method: string, path: string, body?: Json, headers: Headers = {}) => {
      const text = body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body)
      const type: Headers = text === null ? {} : { 'content-type': 'application/json' }
      const sent = { ...type, ...headers }
      const url = `${base}/_standin${path}`
      const response = await fetch(url, { method, body: text, headers: sent })
      exchanges.push({
        ...{ operationId: null, purpose: 'every documented status' },
        request: { method, url, headers: sent, body: text },
        response: {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: await response.text(),
        },
      })
    }
    const { jobs } = (await (await send('GET', '/jobs?api=skop')).json()) as {
      jobs: { id: string; name: string }[]
    }
    const living = (await (await send('POST', '/jobs', { api: 'skop' })).json()) as { id: string }
    await fetch(`${program.url}/skop/scrape/status/${living.id}`, { headers: { 'standin-request-id': '1' } })
    const ended = jobs.find(({ name }) => name === 'succeeded')?.id ?? ''
    const ids: Headers = { job: living.id, ended, sent: await tell('default', 'waiting') }
    const fill = (path: string): string => path.replace(/\{(\w+)\}/, (_, name) => ids[name] ?? '')
    for (const [method, path, body] of [...SUCCESSES, ...REFUSALS])
      await put(program.url, method, fill(path), body)
    const unsent = `/webhooks/deliveries/${await tell('told', 'unsent')}/redeliver`
    await put(program.url, 'POST', unsent, undefined, { 'standin-sandbox': 'told' })
    for (const [method, path, body] of SUCCESSES) {
      for (const [query, headers] of ANYWHERE)
        await put(program.url, method, path.split('?')[0] + query, body, headers)
      await put(guarded.url, method, path, body)
      if (body === undefined) continue
      await put(program.url, method, path, '{"broken":')
      await put(program.url, method, path, JSON.stringify(body), { 'content-type': 'text/plain' })
      // No more than a byte beyond the bound: who is refused while it still sends may not see the answer.
      const limitBytes = (/sandboxes(?:\/walk-.)?$/.test(path) ? 64 : 1) * 2 ** 20
      await put(program.url, method, path, `"${'x'.repeat(limitBytes - 1)}"`)
    }
    await guarded.stop()
    const verdict = await checkExchanges(subject, exchanges, { basePaths: ['/_standin'] })
    expect([verdict.findings, verdict.unmatched]).toEqual([[], 0])
    // What takes a bug, or a store that is away, is shown elsewhere.
    const unseen = verdict.witnesses.map(({ operationId, unseen: never }) => [
      ...[operationId, never.filter((status) => status !== '5XX')],
    ])
    expect(unseen.filter(([, never]) => never?.length)).toEqual([])
    expect(verdict.witnesses).toHaveLength(subject.document.operations.length)
  })
})
