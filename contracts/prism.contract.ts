/**
 * A second opinion: `prism proxy` stands before the running mock, and its verdict on every answer of the
 * suites is held against ours, on good answers and on planted bad ones. Where the two differ the reason
 * stands in `DIFFERENCES`; a difference without a reason, and a reason without a difference, both fail.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcessTarget, subjectOf } from '../src/cli/judged.ts'
import type { LoadedApi } from '../src/cli/load-apis.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import type { JobRef } from '../src/contract/plan/job-ref.ts'
import { discoverJobs, parametersOf } from '../src/contract/plan/job-ref.ts'
import { checkTarget } from '../src/contract/run.ts'
import type { Judge } from '../src/contract/subject.ts'
import { createJudge } from '../src/contract/subject.ts'
import type { Target } from '../src/contract/target.ts'
import type { Operation } from '../src/openapi/operation.ts'
import type { Prism } from '../test/prism.ts'
import { startPrism } from '../test/prism.ts'
import type { Opinions } from '../test/second-opinion.ts'
import { targetBehind } from '../test/second-opinion.ts'

/** An answer on its way, to be spoilt. */
interface Answer {
  readonly status: number
  readonly type: string
  readonly body: unknown
}

/** One way to spoil an answer; null leaves it as it is. */
type Plant = (answer: Answer) => Partial<Answer> | null

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Changes the first member of an object that a test accepts. */
function changeFirst(
  body: unknown,
  accepts: (value: unknown) => boolean,
  change: (value: unknown) => unknown,
): Partial<Answer> | null {
  if (!isObject(body)) return null
  const name = Object.keys(body).find((key) => accepts(body[key]))
  return name === undefined ? null : { body: { ...body, [name]: change(body[name]) } }
}

const PLANTS: Readonly<Record<string, Plant>> = {
  'an undocumented status': ({ status }) => (status === 200 ? { status: 207 } : null),
  'another media type': () => ({ type: 'text/html' }),
  'an empty object': ({ body }) => (isObject(body) ? { body: {} } : null),
  'a list for an object': ({ body }) => (isObject(body) ? { body: [body] } : null),
  'a missing first member': ({ body }) => {
    if (!isObject(body)) return null
    const { [Object.keys(body)[0] ?? '']: _, ...rest } = body
    return { body: rest }
  },
  'a text that is a number': ({ body }) =>
    changeFirst(
      body,
      (value) => typeof value === 'string',
      () => 7,
    ),
  'a number that is a text': ({ body }) => changeFirst(body, (value) => typeof value === 'number', String),
  'a flag that is a text': ({ body }) => changeFirst(body, (value) => typeof value === 'boolean', String),
  'a list that is an object': ({ body }) => changeFirst(body, Array.isArray, () => ({})),
  'a member that nobody knows': ({ body }) => (isObject(body) ? { body: { ...body, standin: 1 } } : null),
  'a first row that is empty': ({ body }) =>
    changeFirst(
      body,
      (value) => Array.isArray(value) && value.length > 0,
      (rows) => [{}, ...(rows as unknown[]).slice(1)],
    ),
  'a list that lost its first entry': ({ body }) =>
    changeFirst(
      body,
      (value) => Array.isArray(value) && value.length > 1,
      (rows) => (rows as unknown[]).slice(1),
    ),
  'text for JSON': () => ({ body: undefined }),
}

let plant: Plant | null = null
const apis = await loadApis({ names: [], specs: null, needFixtures: true })
const mock = await inProcessTarget(apis)

const server = createServer(
  getRequestListener(async (request) => {
    const response = await mock(request)
    if (plant === null || request.url.includes('/_standin/')) return response
    return spoilt(response, plant)
  }),
)

async function spoilt(response: Response, spoil: Plant): Promise<Response> {
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json')) return new Response(text === '' ? null : text, response)
  const answer = { status: response.status, type, body: JSON.parse(text) as unknown }
  const changed = { ...answer, ...spoil(answer) }
  const headers = new Headers(response.headers)
  headers.delete('etag')
  headers.set('content-type', changed.type)
  const body = changed.body === undefined ? '{"cut off' : JSON.stringify(changed.body)
  return new Response(body, { status: changed.status, headers })
}

let upstream = ''
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
})

/** The mock without Prism before it, under the mount that Prism stands for. */
function past(id: string): Target {
  return (request) => mock(new Request(`${upstream}/${id}${pathAndQuery(request.url)}`, request))
}

const pathAndQuery = (url: string): string => url.replace(/^http:\/\/[^/]*/, '')

/** Asks a few answers of every read: as it is, and every status that it documents. */
async function askAll(api: LoadedApi, judge: Judge, prism: Prism, seen: Opinions[]): Promise<void> {
  const target = targetBehind(prism, judge, past(api.id), seen)
  const jobs = (await discoverJobs(mock, 'http://standin', api.id)) ?? []
  for (const job of jobs.filter(({ name }) => name === 'succeeded' || name === 'running')) {
    const values = parametersOf(api.document, job)
    for (const operation of api.document.operations.filter(({ method }) => method === 'GET')) {
      const path = operation.path.replace(/\{([^}]*)\}/g, (_, name: string) => values[name] ?? job.id)
      for (const headers of headersOf(operation, job)) {
        await (await target(new Request(prism.url + path, { headers }))).text()
      }
    }
  }
}

function headersOf({ responses }: Operation, job: JobRef): readonly Record<string, string>[] {
  const statuses = [...responses.keys()].filter((status) => /^\d{3}$/.test(status))
  return [{ ...job.headers }, ...statuses.map((status) => ({ ...job.headers, prefer: `code=${status}` }))]
}

/** A difference that has a reason. */
interface Reason {
  readonly side: 'ours' | 'prism'
  /** What the one that complains says. */
  readonly says: RegExp
  readonly because: string
}

const DIFFERENCES: readonly Reason[] = [
  {
    side: 'prism',
    says: /^304 .*Unable to match the returned status code/,
    because: 'HTTP itself has 304 for whoever asks with an entity tag; Prism wants it in the document',
  },
  {
    side: 'prism',
    says: /^304 /,
    because: 'where `default` is documented Prism takes a 304 for it and misses its body; a 304 has none',
  },
  {
    side: 'ours',
    says: /FetchError|application\/problem\+json/,
    because: 'Prism takes in no body that is not JSON: it answers 500 in place of the server',
  },
  {
    side: 'ours',
    says: /^\d+ law: /,
    because: 'what must hold between members is in the job contract, which Prism does not read',
  },
  {
    side: 'ours',
    says: /^200 response_schema_conformance: \/data\/0 lacks/,
    because:
      'the document lets a row be any object; the job contract says what a row is where none is selected',
  },
]

interface Difference {
  readonly side: 'ours' | 'prism'
  readonly says: string
  readonly about: string
}

function differencesIn(seen: readonly Opinions[], api: string): readonly Difference[] {
  return seen.flatMap(({ exchange, ours, prism }) => {
    if (ours.length > 0 === prism.length > 0) return []
    const side = ours.length > 0 ? ('ours' as const) : ('prism' as const)
    const { method, url } = exchange.request
    const about = `${api} ${exchange.response.status} ${method} ${pathAndQuery(url)}`
    const says = `${exchange.response.status} ${(side === 'ours' ? ours : prism).join(' | ')}`
    return [{ side, says, about }]
  })
}

const met = new Set<Reason>()

function unexplained(differences: readonly Difference[]): readonly string[] {
  return differences.flatMap((difference) => {
    const reason = DIFFERENCES.find(
      ({ side, says }) => side === difference.side && says.test(difference.says),
    )
    if (reason === undefined) return [`${difference.side} only: ${difference.about}: ${difference.says}`]
    met.add(reason)
    return []
  })
}

function tell(api: string, what: string, seen: readonly Opinions[]): void {
  const broken = seen.filter(({ ours, prism }) => ours.length > 0 && prism.length > 0).length
  const differing = differencesIn(seen, api).length
  const line = `${seen.length} answers, ${broken} broken for both, ${differing} judged differently`
  process.stdout.write(`${api}, ${what}: ${line}\n`)
}

describe.each(apis.map((api) => [api.id, api] as const))('prism before the mock of %s', (id, api) => {
  let prism: Prism
  let judge: Judge
  beforeAll(async () => {
    judge = createJudge(await subjectOf(api))
    prism = await startPrism(join(api.files.root, api.files.file), `${upstream}/${id}`)
  })
  afterAll(async () => {
    plant = null
    await prism.stop()
  })

  it('agrees with our judge on every answer of the suite', async () => {
    plant = null
    const seen: Opinions[] = []
    const target = targetBehind(prism, judge, past(id), seen)
    const all = (await discoverJobs(mock, 'http://standin', id)) ?? []
    // More jobs of the same kinds tell nothing new of schemas, and Prism takes its time.
    const kinds = ['succeeded', 'running', 'failed', 'empty', 'null-heavy']
    const jobs = all.filter(({ name }) => kinds.includes(name ?? ''))
    // Prism stands for a mount, so links lead past it.
    const selection = { severities: { J07: 'off' } } as const
    const options = { baseUrl: prism.url, jobs, label: 'mock', allowWrites: true, selection }
    const verdict = await checkTarget(judge.subject, target, options)
    tell(id, 'good answers', seen)
    expect(verdict.findings.map(({ message }) => message)).toEqual([])
    expect(seen.length).toBeGreaterThan(20)
    expect(unexplained(differencesIn(seen, id))).toEqual([])
  })

  it('agrees with our judge on planted bad answers', async () => {
    const seen: Opinions[] = []
    const found: Difference[] = []
    for (const [name, spoil] of Object.entries(PLANTS)) {
      plant = spoil
      const own: Opinions[] = []
      await askAll(api, judge, prism, own)
      seen.push(...own)
      found.push(...differencesIn(own, `${name}: ${id}`))
    }
    plant = null
    tell(id, 'planted answers', seen)
    expect(seen.filter(({ ours, prism: other }) => ours.length > 0 && other.length > 0)).not.toEqual([])
    expect(unexplained(found)).toEqual([])
  })
})

describe('the list of differences', () => {
  it('has no reason that nothing needs', () => {
    expect(DIFFERENCES.filter((reason) => !met.has(reason)).map(({ because }) => because)).toEqual([])
  })
})
