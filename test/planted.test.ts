/**
 * The judge on the built-in APIs with faults planted between it and the mock, one at a time.
 */
import { describe, expect, it } from 'vitest'
import { inProcessTarget, subjectOf, targetBase } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { checkTarget } from '../src/contract/run.ts'
import type { Target } from '../src/contract/target.ts'
import type { Verdict } from '../src/contract/verdict.ts'
import { exitCode } from '../src/contract/verdict.ts'
import { createStandin } from '../src/index.ts'

type Body = { [name: string]: unknown }

interface Planted {
  readonly request: Request
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** A fault: what it is, where it shows, the check that must see it, and what its message must name. */
interface Fault {
  readonly name: string
  readonly api: string
  readonly check: string
  readonly names: RegExp
  readonly plant: (answer: Planted) => { status?: number; type?: string; body?: Body } | null
}

const apis = await loadApis({ names: [], specs: null, needFixtures: true })
const mock = await inProcessTarget(apis)

function rowsOf(body: Body): Body[] {
  return Array.isArray(body['data']) ? (body['data'] as Body[]) : []
}

function isPlain({ request, status }: Planted): boolean {
  return status === 200 && request.url.includes('/results') && !request.url.includes('select=')
}

let lastRow: Body | undefined

const FAULTS: readonly Fault[] = [
  {
    name: 'a wrong type',
    api: 'deepset',
    check: 'response_schema_conformance',
    names: /\/data\/\d+\/duration.*(number|string)/s,
    plant: (answer) => {
      for (const row of isPlain(answer) ? rowsOf(answer.body) : []) row['duration'] = String(row['duration'])
      return { body: answer.body }
    },
  },
  {
    name: 'a missing field',
    api: 'deepset',
    check: 'response_schema_conformance',
    names: /failed/,
    plant: (answer) => {
      for (const row of isPlain(answer) ? rowsOf(answer.body).slice(0, 1) : []) delete row['failed']
      return { body: answer.body }
    },
  },
  {
    name: 'a wrong total',
    api: 'deepset',
    check: 'P01',
    names: /total/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      if (isPlain(answer) && rows.length > 0) answer.body['total'] = Number(answer.body['total']) + 1
      return { body: answer.body }
    },
  },
  {
    name: 'a row that stands on two pages',
    api: 'deepset',
    check: 'P02',
    names: /[0-9a-f]{8}-/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      if (!isPlain(answer) || rows.length < 2) return null
      if (/page_number=[2-9]/.test(answer.request.url) && lastRow !== undefined) rows[0] = lastRow
      lastRow = rows.at(-1)
      return { body: answer.body }
    },
  },
  {
    name: 'an unsorted page',
    api: 'deepset',
    check: 'S01',
    names: /created_at|query_index|order|sort/i,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      if (isPlain(answer) && answer.request.url.includes('order=DESC')) rows.reverse()
      return { body: answer.body }
    },
  },
  {
    name: 'a row that the filter should have left out',
    api: 'deepset',
    check: 'F01',
    names: /filter|eq/,
    plant: (answer) => {
      const rows = rowsOf(answer.body)
      const [first] = rows
      if (!answer.request.url.includes('filter=') || first === undefined || answer.status !== 200) return null
      rows[0] = {
        ...first,
        failed: first['failed'] !== true,
        query: 'another query',
        group_name: 'another group',
        file: 'another.pdf',
        answer: 'another answer',
        query_index: 987_654,
        query_label: 'another label',
        duration: 98.7,
        created_at: '2020-01-01T00:00:00Z',
      }
      return { body: answer.body }
    },
  },
  {
    name: 'an undocumented status',
    api: 'skop',
    check: 'status_code_conformance',
    names: /203/,
    plant: (answer) =>
      answer.status === 200 && answer.request.url.includes('/status/') ? { status: 203 } : null,
  },
  {
    name: 'a wrong content type',
    api: 'skop',
    check: 'content_type_conformance',
    names: /text\/html/,
    plant: (answer) => (answer.status === 404 ? { type: 'text/html' } : null),
  },
  {
    name: 'a broken sum',
    api: 'skop',
    check: 'law',
    names: /total_documents_downloaded/,
    plant: (answer) => {
      if (answer.status !== 200 || !answer.request.url.includes('/results/')) return null
      const downloaded = Number(answer.body['total_documents_downloaded'])
      if (downloaded === 0) return null
      return { body: { ...answer.body, total_documents_downloaded: downloaded - 1 } }
    },
  },
  {
    name: 'a wrong echo',
    api: 'skop',
    check: 'id_echo',
    names: /job_id/,
    plant: (answer) =>
      answer.status === 200 && answer.request.method === 'GET'
        ? { body: { ...answer.body, job_id: 'job_other' } }
        : null,
  },
]

/** The mock with a fault between it and whoever asks. */
function faulty(plant: Fault['plant']): Target {
  return async (request) => {
    const response = await mock(request.clone())
    const text = await response.text()
    const type = response.headers.get('content-type') ?? ''
    const { status, headers } = response
    if (text === '' || request.url.includes('/_standin/') || !type.includes('json')) {
      return new Response([204, 304].includes(status) ? null : text, { status, headers })
    }
    const planted = plant({ request, status, headers, body: JSON.parse(text) as Body })
    const changed = new Headers(headers)
    if (planted?.body !== undefined || planted?.type !== undefined) changed.delete('etag')
    if (planted?.type !== undefined) changed.set('content-type', planted.type)
    const body = planted?.body === undefined ? text : JSON.stringify(planted.body)
    return new Response(body, { status: planted?.status ?? status, headers: changed })
  }
}

async function judge(id: string, target: Target): Promise<Verdict> {
  const api = apis.find((each) => each.id === id)
  if (api === undefined) throw new Error(`there is no API ${id}`)
  const baseUrl = await targetBase(api, null, target, true)
  return checkTarget(await subjectOf(api), target, { baseUrl, label: 'planted', concurrency: 1 })
}

describe('the judge', () => {
  it('leaves the jobs of a target alone, though it may write and the target asks for no key', async () => {
    const open = createStandin({ apis: ['skop'], auth: false })
    const target: Target = async (request) => (await open).fetch(request)
    const before = (await open).jobs()
    const api = apis.find(({ id }) => id === 'skop')
    if (api === undefined) throw new Error('there is no API skop')
    const baseUrl = await targetBase(api, null, target, true)
    const verdict = await checkTarget(await subjectOf(api), target, { baseUrl, allowWrites: true })
    expect(verdict.findings.map(({ check }) => check)).toContain('ignored_auth')
    expect((await open).jobs()).toEqual(before)
  })

  it.each(['deepset', 'skop'])('finds nothing on the clean mock of %s', async (id) => {
    const verdict = await judge(
      id,
      faulty(() => null),
    )
    expect(verdict.findings).toEqual([])
    expect(exitCode([verdict])).toBe(0)
  })

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    'finds %s and names the place',
    async (_, { api, check, names, plant }) => {
      lastRow = undefined
      const verdict = await judge(api, faulty(plant))
      expect(exitCode([verdict])).toBe(1)
      const found = verdict.findings.filter((finding) => finding.check === check)
      expect(found.map(({ message }) => message).join('\n')).toMatch(names)
      for (const { document } of found) {
        expect(document.file).toBe(`specs/${api}/openapi.yaml`)
        expect(document.line).toBeGreaterThan(1)
      }
    },
  )
})
