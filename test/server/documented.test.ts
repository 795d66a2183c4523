import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import type { JobListing } from '../../src/index.ts'
import type { Json } from '../../src/model/json.ts'
import type { Operation } from '../../src/openapi/operation.ts'
import { responseFor } from '../../src/openapi/response.ts'
import type { Validator } from '../../src/openapi/validator.ts'
import { createValidator } from '../../src/openapi/validator.ts'
import { served } from '../served.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: true })

/** The path of an operation with what a job's URL has for its parameters. */
function pathFor(operation: Operation, job: JobListing, jobParameter: string): string {
  const scope = /\/workspaces\/([^/]+)\//.exec(job.url)?.[1] ?? ''
  return operation.path.replace(/\{([^}]*)\}/g, (_, name: string) => (name === jobParameter ? job.id : scope))
}

function exampleBody(operation: Operation): string | undefined {
  const [example] = operation.body?.content[0]?.examples.values() ?? []
  return example === undefined ? undefined : JSON.stringify(example)
}

interface Verdict {
  readonly documented: boolean
  readonly issues: readonly string[]
}

function judge(
  operation: Operation,
  status: number,
  text: string,
  validator: Validator,
  row: string | null,
): Verdict {
  const spec = responseFor(operation, status)
  const schema = spec?.content[0]?.schema
  if (spec === undefined) return { documented: false, issues: [] }
  if (schema == null)
    return { documented: true, issues: text === '' ? [] : ['a body where none is documented'] }
  const body = JSON.parse(text) as Json
  const rows = row !== null && status === 200 ? ((body as { data?: readonly Json[] }).data ?? []) : []
  const found = [
    ...validator.check(schema, body),
    ...rows.flatMap((item) => validator.check(row ?? '', item)),
  ]
  return { documented: true, issues: found.map(({ at, message }) => `${at} ${message}`) }
}

describe.each(apis.map((api) => [api.id, api] as const))('every documented answer of %s', (id, api) => {
  const validator = createValidator(api.document)

  it('is accepted by its own document, for each operation, status and named job', async () => {
    const standin = await served()
    const jobs = standin.jobs(id)
    let counted = 0
    const wrong: string[] = []
    for (const operation of api.document.operations) {
      const contract = api.contract?.operations[operation.id]
      for (const status of [...operation.responses.keys()].map(Number)) {
        for (const job of jobs) {
          const path = pathFor(operation, job, contract?.job ?? '')
          const body = exampleBody(operation)
          const response = await standin.fetch(`/${id}${path}`, {
            method: operation.method,
            headers: { ...job.headers, prefer: `code=${status}`, 'content-type': 'application/json' },
            ...(body === undefined ? {} : { body }),
          })
          const text = await response.text()
          const { documented, issues } = judge(
            operation,
            status,
            text,
            validator,
            contract?.rows?.schema ?? null,
          )
          counted += 1
          const said = response.headers.get('preference-applied') === `code=${status}`
          if (response.status !== status || !documented || !said || issues.length > 0) {
            wrong.push(`${operation.id} ${status} ${job.name}: got ${response.status} ${issues[0] ?? ''}`)
          }
        }
      }
    }
    process.stdout.write(`${id}: ${counted} documented answers, ${wrong.length} exceptions\n`)
    expect(wrong).toEqual([])
    expect(counted).toBeGreaterThanOrEqual(api.document.operations.length * jobs.length)
  })

  it('answers every named job without being asked for a status', async () => {
    const standin = await served()
    for (const job of standin.jobs(id)) {
      const response = await standin.fetch(job.url, { headers: job.headers })
      const operation = api.document.operations.find(
        ({ id: name }) => api.contract?.operations[name]?.role === 'results',
      )
      if (operation === undefined) throw new Error(`${id} has no result operation`)
      const row = api.contract?.operations[operation.id]?.rows?.schema ?? null
      const verdict = judge(operation, response.status, await response.text(), validator, row)
      expect([response.status, verdict], job.name ?? '').toEqual([200, { documented: true, issues: [] }])
    }
  })

  it('refuses a status that is not documented with a problem that lists those that are', async () => {
    const standin = await served()
    const [job] = standin.jobs(id)
    const response = await standin.fetch(job?.url ?? '', { headers: { prefer: 'code=418' } })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.text()).toMatch(/documents no 418; it documents 200, 401, 404/)
  })
})
