import { describe, expect, it } from 'vitest'
import type { LoadedApi } from '../../src/cli/load-apis.ts'
import { loadApis } from '../../src/cli/load-apis.ts'
import { parametersOf } from '../../src/contract/plan/job-ref.ts'
import type { JobListing } from '../../src/index.ts'
import type { JobContract, OperationContract } from '../../src/job-contract/job-contract.ts'
import { statusOf } from '../../src/job-contract/job-contract.ts'
import type { Json } from '../../src/model/json.ts'
import { readPointer } from '../../src/model/pointer.ts'
import type { Operation } from '../../src/openapi/operation.ts'
import { responseFor } from '../../src/openapi/response.ts'
import type { Validator } from '../../src/openapi/validator.ts'
import { createValidator } from '../../src/openapi/validator.ts'
import { served } from '../served.ts'

const apis = await loadApis({ names: [], specs: null, needFixtures: true })

/** The path of an operation with what a job's URL has for its parameters. */
function pathFor({ document }: LoadedApi, operation: Operation, job: JobListing): string {
  const values = parametersOf(document, { id: job.id, url: job.url })
  return operation.path.replace(/\{([^}]*)\}/g, (_, name: string) => values[name] ?? job.id)
}

/** The statuses that can be asked for; `default` stands for all that are not named. */
function statusesOf({ responses }: Operation): readonly number[] {
  return [...responses.keys()].map((status) => (status === 'default' ? 503 : Number(status)))
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
  contract: OperationContract | undefined,
): Verdict {
  const spec = responseFor(operation, status)
  const schema = spec?.content[0]?.schema
  if (spec === undefined) return { documented: false, issues: [] }
  if (schema == null)
    return { documented: true, issues: text === '' ? [] : ['a body where none is documented'] }
  const body = JSON.parse(text) as Json
  const row = status === 200 ? (contract?.rows?.schema ?? null) : null
  const rows = row === null ? [] : ((readPointer(body, contract?.rows?.at ?? '') ?? []) as readonly Json[])
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
      for (const status of statusesOf(operation)) {
        for (const job of jobs) {
          const path = pathFor(api, operation, job)
          const body = exampleBody(operation)
          const response = await standin.fetch(`/${id}${path}`, {
            method: operation.method,
            headers: { ...job.headers, prefer: `code=${status}`, 'content-type': 'application/json' },
            ...(body === undefined ? {} : { body }),
          })
          const text = await response.text()
          const { documented, issues } = judge(operation, status, text, validator, contract)
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
      const contract = operation === undefined ? undefined : api.contract?.operations[operation.id]
      if (operation === undefined || contract === undefined) throw new Error(`${id} has no result operation`)
      const allowed = contract.allowedIn.includes(job.state)
      const status = allowed ? 200 : statusOf(api.contract as JobContract, 'job_not_finished', 409)
      const verdict = judge(operation, response.status, await response.text(), validator, contract)
      expect([response.status, verdict], job.name ?? '').toEqual([status, { documented: true, issues: [] }])
    }
  })

  it('refuses a status that is not documented with a problem that lists those that are', async () => {
    const standin = await served()
    const [job] = standin.jobs(id)
    const [operation] = api.document.operations.filter(
      ({ id: name }) => api.contract?.operations[name]?.role === 'results',
    )
    const response = await standin.fetch(job?.url ?? '', { headers: { prefer: 'code=418' } })
    const documented = [...(operation?.responses.keys() ?? [])]
    if (documented.includes('default')) return expect(response.status).toBe(418)
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.text()).toContain(`documents no 418; it documents ${documented.join(', ')}`)
  })
})
