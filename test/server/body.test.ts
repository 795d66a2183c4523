import { describe, expect, it } from 'vitest'
import type { Standin } from '../../src/index.ts'
import { createStandin } from '../../src/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { answering, apiOf, assembled } from '../assembled.ts'
import { named, read, served } from '../served.ts'

const SKOP = { 'x-api-key': 'sk-1', 'content-type': 'application/json' }
const DEEPSET = { authorization: 'Bearer standin', 'content-type': 'application/json' }
const MEBIBYTE = 1_048_576

const order = { website: 'https://a.example/', prompt: 'all public documents' }
const job = { name: 'a', pipeline_id: '7d3f0b1c-52a8-4e0e-9b7e-3c1f6a8d2e90', execution_mode: 'PER_FILE' }

interface Posted {
  readonly status: number
  readonly body: JsonObject
  readonly headers: Headers
}

async function post(
  path: string,
  headers: Record<string, string>,
  body: string,
  to?: Standin,
): Promise<Posted> {
  const standin = to ?? (await served())
  const response = await standin.fetch(path, { method: 'POST', headers, body })
  return { status: response.status, body: (await response.json()) as JsonObject, headers: response.headers }
}

async function jobsPath(): Promise<string> {
  return (await named('deepset', 'one-row')).url.replace(/\/[^/]+\/results$/, '')
}

describe('a body that cannot be read', () => {
  it.each([
    ['not JSON', '{"website":', 'application/json', 'body is not JSON'],
    ['nothing', '', 'application/json', 'body is required'],
    ['of another type', JSON.stringify(order), 'text/plain', 'documented: application/json'],
    [
      'a form',
      'website=https://a.example',
      'application/x-www-form-urlencoded',
      'documented: application/json',
    ],
    ['no object', '[]', 'application/json', 'body must be object'],
    ['null', 'null', 'application/json', 'body must be object'],
  ])('is refused where it is %s, as skop does', async (_, body, type, message) => {
    const answer = await post('/skop/scrape/', { ...SKOP, 'content-type': type }, body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ error: true, status_code: 400, details: { field: 'body' } })
    expect(answer.body['message']).toContain(message)
  })

  it.each([
    ['not JSON', '{', [{ loc: ['body'], msg: 'JSON decode error', type: 'json_invalid' }]],
    ['nothing', '', [{ loc: ['body'], msg: 'Field required', type: 'missing' }]],
    ['empty', '{}', ['name', 'pipeline_id', 'execution_mode'].map((name) => missing(name))],
  ])('is refused where it is %s, as FastAPI does', async (_, body, detail) => {
    const answer = await post(await jobsPath(), DEEPSET, body)
    expect([answer.status, answer.body]).toEqual([422, { detail }])
  })

  it('is read whatever the letter case and the parameters of its type', async () => {
    const type = 'Application/JSON; charset=utf-8'
    const dry = await post(
      `${await jobsPath()}?dry_run=true`,
      { ...DEEPSET, 'content-type': type },
      JSON.stringify(job),
    )
    expect([dry.status, dry.body]).toEqual([200, { valid: true, name: 'a' }])
  })
})

function missing(name: string): JsonObject {
  return { loc: ['body', name], msg: 'Field required', type: 'missing' }
}

describe('a body that breaks the document', () => {
  it.each([
    [{ ...order, prompt: 'short' }, 'prompt', /10/],
    [{ ...order, website: 'ftp://a.example' }, 'website', /pattern/],
    [{ ...order, parameters: { timeout: 59 } }, 'parameters.timeout', />= 60/],
    [{ ...order, parameters: { confidence_threshold: 1.01 } }, 'parameters.confidence_threshold', /<= 1/],
    [{ ...order, parameters: { max_file_size_mb: 1.5 } }, 'parameters.max_file_size_mb', /integer/],
    [{ ...order, parameters: { file_type: 'image' } }, 'parameters.file_type', /allowed/],
    [{ ...order, parameters: null }, 'parameters', /object/],
    [{ website: order.website }, 'prompt', /required/],
  ])('%j is refused for %s', async (body, field, reason) => {
    const answer = await post('/skop/scrape/', SKOP, JSON.stringify(body))
    expect([answer.status, answer.body['details']]).toEqual([
      400,
      { field, reason: expect.stringMatching(reason) },
    ])
  })

  it('is refused with a place for each issue, the path and the query before it', async () => {
    const path = (await jobsPath()).replace(/workspaces\/[^/]+/, 'workspaces/x')
    const body = { ...job, concurrency: 21, queries: [{ query: 1 }, { absolute_query_index: 'x' }] }
    const answer = await post(`${path}?dry_run=perhaps`, DEEPSET, JSON.stringify(body))
    const detail = answer.body['detail'] as readonly { readonly loc: readonly unknown[] }[]
    expect([answer.status, detail.map(({ loc }) => loc)]).toEqual([
      422,
      [
        ['path', 'workspace_id'],
        ['query', 'dry_run'],
        ['body', 'concurrency'],
        ['body', 'queries', 0, 'query'],
        ['body', 'queries', 1, 'absolute_query_index'],
      ],
    ])
  })

  it.each(['', '?dry_run=true'])(
    'is refused before the workspace is looked for; a right one finds none%s',
    async (query) => {
      const path = (await jobsPath()).replace(/workspaces\/[^/]+/, `workspaces/${crypto.randomUUID()}`)
      expect((await post(path + query, DEEPSET, '{}')).status).toBe(422)
      expect((await post(path + query, DEEPSET, JSON.stringify(job))).status).toBe(404)
    },
  )
})

describe('names that JavaScript knows', () => {
  it('are nothing special in a body', async () => {
    const body =
      '{"website":"https://a.example/","prompt":"all public documents","__proto__":{"polluted":1},' +
      '"constructor":{"prototype":{"polluted":1}},"parameters":{"__proto__":{"timeout":5},"toString":1}}'
    const standin = await createStandin({ apis: ['skop'], now: () => Date.UTC(2026, 0, 2) })
    const created = await post('/skop/scrape/', SKOP, body, standin)
    expect(created.status).toBe(201)
    const results = await standin.fetch(`/skop/scrape/results/${String(created.body['job_id'])}`, {
      headers: SKOP,
    })
    const { metadata } = (await results.json()) as { readonly metadata: JsonObject }
    expect(metadata['parameters']).toMatchObject({ timeout: 1800, confidence_threshold: 0.1 })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('do not stand in for members that are missing', async () => {
    const answer = await post(await jobsPath(), DEEPSET, '{"__proto__":{"name":"a"},"constructor":"x"}')
    expect(answer.status).toBe(422)
    expect(answer.body['detail']).toHaveLength(3)
  })

  it('and marks of our own are only text', async () => {
    const standin = await createStandin({ apis: ['deepset'] })
    const name = '\u{F0000}rows\u{F0000}'
    const answer = await post(await jobsPath(), DEEPSET, JSON.stringify({ ...job, name }), standin)
    expect([answer.status, answer.body['name']]).toEqual([201, name])
  })
})

describe('the size of a body', () => {
  it.each([
    [MEBIBYTE, 400],
    [MEBIBYTE + 1, 413],
    [MEBIBYTE * 4, 413],
  ])('of %i bytes gets %i', async (bytes, status) => {
    const answer = await post('/skop/scrape/', SKOP, `"${'x'.repeat(bytes - 2)}"`)
    expect(answer.status).toBe(status)
    if (status === 413) {
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(answer.body).toMatchObject({ type: 'urn:standin:problem:body_too_large', status: 413 })
    }
  })

  it('does not matter where the operation has none', async () => {
    const { url, headers } = await named('skop', 'one-row')
    const body = 'x'.repeat(MEBIBYTE * 2)
    const response = await (await served()).fetch('/skop/scrape/job_1', { method: 'DELETE', headers, body })
    expect([response.status, (await read(url, headers)).status]).toEqual([404, 200])
  })

  it('is counted as it comes, and a body that breaks off is no bug', async () => {
    const { fetch, reports } = await assembled([apiOf('sink', { paths: { '/a': { post: sink } } })])
    const pulled: number[] = []
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled.push(controller.enqueue(new Uint8Array(100_000)) ?? 0)
      },
    })
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('the client has gone'))
      },
    })
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' }, duplex: 'half' }
    expect((await fetch('/a', { ...init, body: endless } as RequestInit)).status).toBe(413)
    expect(pulled.length).toBeLessThan(15)
    expect((await fetch('/a', { ...init, body: broken } as RequestInit)).status).toBe(400)
    expect(reports).toEqual([])
  })
})

const FORM = 'application/x-www-form-urlencoded'
const fields = {
  type: 'object',
  required: ['count', 'tags'],
  properties: { count: { type: 'integer' }, tags: { type: 'array', items: { type: 'string' } } },
}
const sink = answering(
  { const: 1 },
  {
    requestBody: {
      content: {
        'text/plain': { schema: { type: 'string', maxLength: 5 } },
        [FORM]: { schema: fields },
        'application/merge-patch+json': { schema: { type: 'object' } },
        'multipart/form-data': { schema: fields },
      },
    },
  },
)

describe('bodies that are not JSON', () => {
  it.each([
    ['text/plain', 'short', 200],
    ['text/plain', 'too long', 422],
    [FORM, 'count=3&tags=a&tags=b', 200],
    [FORM, 'count=three&tags=a', 422],
    [FORM, 'tags=a', 422],
    ['application/merge-patch+json', '{}', 200],
    ['application/merge-patch+json', '[]', 422],
    ['multipart/form-data; boundary=x', '--x--', 200],
    ['application/json', '{}', 422],
  ])('%s: %s gets %i', async (type, body, status) => {
    const { fetch } = await assembled([apiOf('sink', { paths: { '/a': { post: sink } } })])
    const response = await fetch('/a', { method: 'POST', headers: { 'content-type': type }, body })
    expect(response.status).toBe(status)
  })

  it('may be left out where they are not required', async () => {
    const { fetch } = await assembled([apiOf('sink', { paths: { '/a': { post: sink } } })])
    expect((await fetch('/a', { method: 'POST' })).status).toBe(200)
  })
})
