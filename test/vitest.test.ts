import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createVitest } from 'vitest/node'
import type { LoadedContract } from '../src/vitest.ts'
import { contractOf, UsageError } from '../src/vitest.ts'
import { named, served } from './served.ts'
import { importsOf } from './tidy/source.ts'
import { readTree } from './tidy/tree.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let contract: LoadedContract
let answer: (path?: string) => Promise<Response>
let url: string

beforeAll(async () => {
  contract = await contractOf({ api: 'skop' })
  const job = await named('skop', 'one-row')
  url = `http://a.test${job.url}`
  answer = async (path = job.url) => (await served()).fetch(path, { headers: job.headers })
})

/** An answer with another body. */
async function changed(change: (body: Record<string, unknown>) => unknown): Promise<Response> {
  const response = await answer()
  const body = change((await response.json()) as Record<string, unknown>)
  return new Response(JSON.stringify(body), { status: response.status, headers: response.headers })
}

async function failure(promise: Promise<void>): Promise<string> {
  const error = await promise.then(
    () => new Error('it held'),
    (caught: unknown) => caught,
  )
  return error instanceof Error ? error.message : String(error)
}

describe('toKeepContract', () => {
  it('holds for a sound answer, by request, by operation and by the path of a document', async () => {
    const response = await answer()
    await expect(response).toKeepContract(contract, { request: { url } })
    await expect(response).toKeepContract(contract, { request: { url: new URL(url) } })
    await expect(response).toKeepContract({ api: 'skop' }, { operationId: 'getJobResults' })
    await expect(response).toKeepContract(
      { document: join(root, 'specs/skop/openapi.yaml') },
      { request: new Request(url) },
    )
    expect(response.bodyUsed).toBe(false)
    expect(await response.json()).toHaveProperty('job_id')
    expect(contract.operations).toContain('getJobResults')
  })

  it('says which promise is broken, where it stands and what came', async () => {
    const text = await failure(
      expect(await changed((body) => ({ ...body, status: 7 }))).toKeepContract(contract, {
        request: { url },
      }),
    )
    expect(text).toMatch(
      /^GET http:\/\/a\.test\/skop\/scrape\/results\/\S+ \(getJobResults\), answered 200, breaks \d+/m,
    )
    expect(text).toMatch(/^response_schema_conformance: .*\/status/m)
    expect(text).toMatch(/^ {2}specs\/skop\/openapi\.yaml:\d+:\d+$/m)
    expect(text).toMatch(/^ {2}- +\d+ \| /m)
    expect(text).toMatch(/^ {2}\+ +1 \| "status":7$/m)
  })

  it('judges by the job contract too', async () => {
    const other = await changed((body) => ({ ...body, job_id: 'job_other' }))
    expect(await failure(expect(other).toKeepContract(contract, { request: { url } }))).toContain('id_echo')
    await expect(other).toKeepContract(contract, { operationId: 'getJobResults' })
  })

  it('can be turned round', async () => {
    await expect(await changed(() => ({}))).not.toKeepContract(contract, { request: { url } })
    const sound = expect(await answer()).not.toKeepContract(contract, { request: { url } })
    expect(await failure(sound)).toContain('keeps its contract, and was expected to break it')
  })

  it('takes the operation from what a real fetch says it asked', async () => {
    const response = await answer()
    Object.defineProperty(response, 'url', { value: url })
    await expect(response).toKeepContract(contract)
  })

  it('does not take an answer to a conditional request for one that is not documented', async () => {
    const request = { url, headers: { 'if-none-match': '"a"' } }
    await expect(new Response(null, { status: 304 })).toKeepContract(contract, { request })
    await expect(new Response(null, { status: 304 })).not.toKeepContract(contract, { request: { url } })
  })

  it('shows foreign text without what steers a terminal', async () => {
    const text = await failure(
      expect(await changed((body) => ({ ...body, status: '\u001b[31m\u202e' }))).toKeepContract(contract, {
        request: { url },
      }),
    )
    for (const char of ['\u001b', '\u202e']) expect(text).not.toContain(char)
  })

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'an answer of which nothing is known',
      async () => expect(new Response('')).toKeepContract(contract),
      /does not tell what was asked/,
    ],
    [
      'a URL of no operation',
      async () => expect(new Response('')).toKeepContract(contract, { request: { url: 'http://a/b' } }),
      /is no operation of skop/,
    ],
    [
      'an operation that is not there',
      async () => expect(new Response('')).toKeepContract(contract, { operationId: 'getJobResult' }),
      /did you mean `getJobResults`/,
    ],
    ['what is no answer', async () => expect('x').toKeepContract(contract), /judges a Response/],
    [
      'an API that is not there',
      async () => expect(new Response('')).toKeepContract({ api: 'skopp' }),
      /did you mean `skop`/,
    ],
    [
      'two names',
      async () => expect(new Response('')).toKeepContract({ api: 'skop', document: 'a.yaml' }),
      /one of the two/,
    ],
    [
      'an answer that was read before',
      async () => {
        const response = await answer()
        await response.text()
        return expect(response).toKeepContract(contract, { request: { url } })
      },
      /was read before/,
    ],
  ])('refuses %s', async (_, held, message) => {
    expect(await failure(held())).toMatch(message)
  })

  it('throws the error of the house where a contract cannot be loaded', async () => {
    await expect(contractOf({ document: 'nothing.yaml' })).rejects.toBeInstanceOf(UsageError)
  })
})

describe('describeContract', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(root, 'test', '.described-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Runs a test file of its own and tells what came of each test. */
  async function run(fault: string): Promise<ReadonlyMap<string, string>> {
    const file = join(folder, 'described.test.ts')
    const example = join(root, 'examples', 'unit-tests')
    writeFileSync(
      file,
      `import { describeContract } from '${join(root, 'src/vitest.ts')}'
       import { createApp } from '${join(example, 'app.js')}'
       const id = '8f14e45f-ceea-467f-9a36-dedd4bea2543'
       const app = createApp(() => id)
       const headers = { 'Content-Type': 'application/json' }
       await app.request('/jobs', { method: 'POST', headers, body: '{"picture":"a"}' })
       const fetch = async (request) => { const response = await app.fetch(request); ${fault} }
       const document = '${join(example, 'openapi.yaml')}'
       await describeContract({ document, fetch, parameters: { job_id: id } })`,
    )
    const vitest = await createVitest('test', {
      ...{ root, config: false, include: [file], watch: false, reporters: [{}], pool: 'forks' },
    })
    await vitest.start()
    const outcomes = vitest.state.getTestModules().flatMap((module) =>
      [...module.children.allTests()].map((test) => {
        const { state, errors = [] } = test.result()
        return [test.name, [state, ...errors.map(({ message }) => message)].join(' ')] as const
      }),
    )
    await vitest.close()
    return new Map(outcomes)
  }

  it('registers a test for each operation and check, and skips what had nothing to bite on', async () => {
    const outcomes = await run('return response')
    expect(outcomes.get('getThumbnail response_schema_conformance')).toBe('passed')
    expect(outcomes.get('makeThumbnail response_schema_conformance')).toBe('skipped')
    expect(outcomes.get('was really looked at')).toBe('passed')
    expect([...outcomes.values()].filter((text) => text.startsWith('failed'))).toEqual([])
  })

  it('fails the test of what is broken, and no other', async () => {
    const outcomes = await run(
      `if (response.status !== 200 || request.method !== 'GET') return response
       return Response.json({ ...(await response.json()), status: 'gone' })`,
    )
    const failed = [...outcomes].filter(([, text]) => text.startsWith('failed'))
    // What the document tells of jobs is broken by the same answer.
    expect(failed.map(([name]) => name)).toContain('getThumbnail response_schema_conformance')
    expect(failed.filter(([name]) => !name.startsWith('getThumbnail '))).toEqual([])
    expect(failed[0]?.[1]).toMatch(/openapi\.yaml:\d+:\d+/)
  })
})

it('is the only part that imports vitest', () => {
  const importers = [...readTree(root)].flatMap(([path, text]) =>
    path.startsWith('src/') && importsOf(path, text).some(({ target }) => target === 'vitest') ? [path] : [],
  )
  expect(importers).toEqual(['src/vitest.ts'])
  expect(readFileSync(join(root, 'dist', 'index.js'), 'utf8')).not.toContain("from 'vitest'")
})
