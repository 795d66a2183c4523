/**
 * Refusals by an inferred contract: whatever the document allows will do, and what it does not speak of is
 * not asked for.
 */
import { describe, expect, it } from 'vitest'
import { checkTarget } from '../../src/contract/run.ts'
import type { Verdict } from '../../src/contract/verdict.ts'
import type { JsonObject } from '../../src/model/json.ts'
import { answerOf, documentOf, inferredSubject, inPath } from '../job-contract/draft.ts'

const text = { type: 'string' }
const job = { id: text, status: { type: 'string', enum: ['queued', 'running', 'completed', 'cancelled'] } }
const inQuery = (name: string): JsonObject => ({ name, in: 'query', schema: text })
const inHeader = { name: 'Idempotency-Key', in: 'header', schema: text }

/** What a document says of its refusals, and what its server does. */
interface Service {
  readonly unknown: string
  readonly unknownStatus?: number
  readonly create?: string
  readonly cancel?: string
}

function refusalsOf(...statuses: readonly (string | undefined)[]): JsonObject {
  const known = statuses.filter((status) => status !== undefined && status !== '')
  return Object.fromEntries(known.map((status) => [status, answerOf({ error: text }, status)[status ?? '']]))
}

function documentWith({ unknown, create, cancel }: Service) {
  const rows = { type: 'array', items: { type: 'object', properties: { id: text } } }
  const page = { data: rows, next_page_token: { type: ['string', 'null'] } }
  const body = {
    required: true,
    content: {
      'application/json': {
        example: { rows: 20 },
        schema: { type: 'object', required: ['rows'], properties: { rows: { type: 'integer', minimum: 1 } } },
      },
    },
  }
  const parameters = [inPath('id')]
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 50 } }
  const token = inQuery('page_token')
  return documentOf({
    '/jobs': {
      post: {
        operationId: 'make',
        parameters: [inHeader],
        requestBody: body,
        responses: { ...answerOf(job, '201'), ...refusalsOf('400', create) },
      },
    },
    '/jobs/{id}': {
      get: { operationId: 'one', parameters, responses: { ...answerOf(job), ...refusalsOf(unknown) } },
    },
    '/jobs/{id}/cancel': {
      post: {
        operationId: 'stop',
        parameters,
        responses: { ...answerOf(job), ...refusalsOf(unknown, cancel) },
      },
    },
    '/jobs/{id}/results': {
      get: {
        operationId: 'rows',
        parameters: [...parameters, limit, token],
        responses: { ...answerOf(page), ...refusalsOf('400', unknown) },
      },
    },
  })
}

/** Ends jobs at once, takes a key for the job it made, and gives short pages by tokens that are positions. */
function serverOf({ unknownStatus = 404 }: Service) {
  const keys = new Map<string, string>()
  const known = new Set(['a', 'b'])
  const refuse = (status: number): Response => Response.json({ error: 'no' }, { status })
  return async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const [, id = '', act = ''] = url.pathname.split('/').filter((each) => each !== '')
    if (id === '') {
      const sent = (await request.json().catch(() => null)) as { rows?: unknown } | null
      if (!Number.isInteger(sent?.rows) || Number(sent?.rows) < 1) return refuse(400)
      const key = request.headers.get('idempotency-key') ?? ''
      const made = keys.get(key) ?? `made-${known.size}`
      known.add(made)
      if (key !== '') keys.set(key, made)
      return Response.json({ id: made, status: 'completed' }, { status: 201 })
    }
    if (!known.has(id)) return refuse(unknownStatus)
    if (act !== 'results') return Response.json({ id, status: 'completed' })
    const { searchParams } = url
    const limit = Number(searchParams.get('limit') ?? 10)
    const start = Number(searchParams.get('page_token') ?? 0)
    if (!(limit >= 1 && limit <= 50) || !(start >= 0 && start < 9)) return refuse(400)
    const end = Math.min(9, start + Math.max(1, limit - 1))
    const data = Array.from({ length: end - start }, (_, at) => ({ id: `r${start + at}` }))
    return Response.json({ data, next_page_token: end < 9 ? String(end) : null })
  }
}

async function judge(service: Service): Promise<Verdict> {
  return checkTarget(inferredSubject(documentWith(service)), serverOf(service), {
    ...{ baseUrl: 'http://x.test', jobs: [{ id: 'a' }, { id: 'b' }], allowWrites: true },
  })
}

const told = ({ findings }: Verdict): readonly string[] =>
  findings
    .filter(({ inferred }) => inferred === true)
    .map(({ check, operationId, message }) => `${check} ${operationId}: ${message}`)

describe('by an inferred contract nothing is asked for', () => {
  it('that no document says: of other bodies, other queries, full pages and late cancellations', async () => {
    expect(told(await judge({ unknown: '404' }))).toEqual([])
  })

  it('but some documented refusal of an unknown job', async () => {
    expect(told(await judge({ unknown: '410', unknownStatus: 410 }))).toEqual([])
    expect(told(await judge({ unknown: '4XX', unknownStatus: 403 }))).toEqual([])
    expect(told(await judge({ unknown: '410', unknownStatus: 200 }))).toContainEqual(
      expect.stringMatching(/^J10 one: the id .* is of no job: must be 410, is 200/),
    )
  })

  it('where a document has a refusal for it, that', async () => {
    const found = told(await judge({ unknown: '404', create: '409', cancel: '409' }))
    expect(found).toContainEqual(expect.stringMatching(/^J08 make: a key that came with another body before/))
    expect(found).toContainEqual(expect.stringMatching(/^J09 stop: the job is "completed"/))
  })
})
