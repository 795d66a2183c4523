/**
 * B13: what it costs to judge a page of a hundred rows, from its text to what every check of one answer says,
 * over `JSON.parse` and the bare compiled ajv call on the same text. In this process, in interleaved rounds.
 *
 * @module
 */
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { inProcessTarget, subjectOf } from '../src/cli/judged.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { judgeExchange } from '../src/contract/check/check.ts'
import { createSightings } from '../src/contract/coverage/sightings.ts'
import { createBook } from '../src/contract/evidence.ts'
import type { Exchange } from '../src/contract/exchange.ts'
import type { JobRef } from '../src/contract/plan/job-ref.ts'
import { parametersOf } from '../src/contract/plan/job-ref.ts'
import type { Subject } from '../src/contract/subject.ts'
import { createJudge } from '../src/contract/subject.ts'
import { createView } from '../src/contract/view.ts'
import type { Operation } from '../src/openapi/operation.ts'

const ROWS = 100
const TIMES = 30

/** A page, and what it is judged by. */
interface Judged {
  readonly subject: Subject
  readonly operation: Operation
  readonly exchange: Exchange
}

/** A page of a hundred rows of the first API that gives such pages. */
async function largePage(): Promise<Judged> {
  const apis = await loadApis({ names: [], specs: null, needFixtures: true, profile: 'spec' })
  const target = await inProcessTarget(apis)
  const listing = await target(new Request('http://standin/_standin/jobs'))
  const { jobs } = (await listing.json()) as {
    readonly jobs: readonly (JobRef & { readonly api: string })[]
  }
  for (const api of apis) {
    const job = jobs.find(({ api: id, name }) => id === api.id && name === 'many-pages')
    const subject = await subjectOf(api)
    const isKnown = job !== undefined && Object.keys(parametersOf(subject.document, job)).length > 0
    const operation = subject.document.operations.find(({ id }) => {
      return isKnown && subject.contract?.operations[id]?.rows?.limit != null
    })
    if (job === undefined || operation === undefined) continue
    const limit = subject.contract?.operations[operation.id]?.rows?.limit ?? ''
    const headers = { ...job.headers }
    const url = `http://standin${job.url}?${limit}=${ROWS}`
    const response = await target(new Request(url, { headers }))
    if (response.status !== 200) continue
    return {
      subject,
      operation,
      exchange: {
        operationId: operation.id,
        request: { method: 'GET', url, headers, body: null },
        response: { status: 200, headers: Object.fromEntries(response.headers), body: await response.text() },
        purpose: 'bench',
      },
    }
  }
  throw new Error('no API gives pages of a hundred rows')
}

/** The compiled call alone, on a document that needs no translation. */
function bareCall({ subject, operation }: Judged): (value: unknown) => unknown {
  const ajv = new Ajv2020.default({ strict: false, validateSchema: false, logger: false })
  addFormats.default(ajv)
  ajv.addSchema({ ...subject.document.json, $id: 'document' }, 'document')
  const schema = operation.responses.get('200')?.content[0]?.schema ?? ''
  const validate = ajv.getSchema(`document#${encodeURI(schema)}`)
  if (validate === undefined) throw new Error(`there is no schema at ${schema}`)
  return validate
}

function perCallUs(call: () => unknown): number {
  const start = process.cpuUsage()
  for (let time = 0; time < TIMES; time += 1) call()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / TIMES
}

/** What judging costs over the floor, round by round; what coverage adds is in it. */
export async function judgingRatios(rounds: number): Promise<readonly number[]> {
  const page = await largePage()
  const judge = createJudge(page.subject)
  const sightings = createSightings(judge)
  const bare = bareCall(page)
  const { body } = page.exchange.response
  const ours = (): void => {
    const view = createView(judge, page.operation, page.exchange)
    judgeExchange(view, createBook())
    sightings.observe(view)
  }
  const floor = (): unknown => bare(JSON.parse(body))
  for (let warm = 0; warm < 3; warm += 1) {
    perCallUs(ours)
    perCallUs(floor)
  }
  return Array.from({ length: rounds }, () => perCallUs(ours) / perCallUs(floor))
}
