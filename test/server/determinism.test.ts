import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadApis } from '../../src/cli/load-apis.ts'
import { parametersOf } from '../../src/contract/plan/job-ref.ts'
import type { JobListing } from '../../src/index.ts'
import type { Program } from '../program.ts'
import { startProgram } from '../program.ts'

interface Call {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

const COUNT = 1_000
const apis = await loadApis({ names: [], specs: null, needFixtures: false })

/** Every read of a job, and of what stands beside it: results, status, lists. */
function readsOf({ api: id, id: job, url }: JobListing): readonly string[] {
  const document = apis.find((api) => api.id === id)?.document
  if (document === undefined) throw new Error(`there is no API ${id}`)
  const values = parametersOf(document, { id: job, url })
  return document.operations
    .filter(({ method }) => method === 'GET')
    .map(({ path }) => `/${id}${path.replace(/\{([^}]*)\}/g, (_, name: string) => values[name] ?? job)}`)
}

/** The same mix in every run: reads, pages, sorts, filters, selects, refusals, preferences, unknown paths. */
function mixOf(jobs: readonly JobListing[]): readonly Call[] {
  const calls: Call[] = []
  for (let position = 0; calls.length < COUNT; position += 1) {
    const job = jobs[position % jobs.length]
    const round = Math.floor(position / jobs.length)
    if (job === undefined) break
    const { url, headers } = job
    const queries = [
      `?limit=${1 + round}`,
      `?limit=${(round % 30) - 2}&page_number=${round % 9}`,
      `?field=answer&order=DESC&limit=${1 + (round % 20)}`,
      `?filter=failed%20eq%20true&limit=${1 + (round % 10)}`,
      `?select=file,query_label&order=DESC&limit=${1 + (round % 10)}`,
      '?limit=1000',
    ]
    const small = job.rows > 100_000 ? queries.slice(0, 2) : queries
    const query = small[round % small.length] ?? ''
    if (position % 11 === 0) calls.push({ path: url, headers: {} })
    else if (position % 13 === 0) calls.push({ path: `${url}/nothing`, headers })
    else if (position % 17 === 0) calls.push({ path: url, headers: { ...headers, prefer: 'code=404' } })
    else if (position % 19 === 0) calls.push({ path: url + query, headers: { ...headers, prefer: 'seed=7' } })
    else if (position % 3 === 0) {
      const reads = readsOf(job)
      calls.push({ path: reads[round % reads.length] ?? url, headers })
    } else calls.push({ path: url + query, headers })
  }
  return calls
}

/** Status, body and all headers that do not tell the time or the connection, as one digest a call. */
async function answersOf(url: string, calls: readonly Call[], order: readonly number[], inFlight: number) {
  const digests: string[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = order[next++]; at !== undefined; at = order[next++]) {
      const call = calls[at]
      if (call === undefined) continue
      const response = await fetch(url + call.path, { headers: call.headers })
      const headers = [...response.headers].filter(
        ([name]) => !['date', 'connection', 'keep-alive'].includes(name),
      )
      const bytes = new Uint8Array(await response.arrayBuffer())
      const hash = createHash('sha256')
        .update(`${response.status} ${JSON.stringify(headers)}`)
        .update(bytes)
      digests[at] = hash.digest('hex')
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return digests
}

function shuffled(count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  let state = 42
  for (let index = count - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = state % (index + 1)
    const swapped = order[index] ?? 0
    order[index] = order[other] ?? 0
    order[other] = swapped
  }
  return order
}

async function serving<Result>(use: (program: Program) => Promise<Result>): Promise<Result> {
  const program = await startProgram(['serve', '--port', '0', '--log', 'silent'])
  try {
    return await use(program)
  } finally {
    await program.stop()
  }
}

describe('determinism', () => {
  it('gives 1,000 mixed requests the same bytes in any order, 1 or 32 in flight, and restarted', async () => {
    const straight = Array.from({ length: COUNT }, (_, index) => index)
    const first = await serving(async ({ url }) => {
      const listing = await fetch(`${url}/_standin/jobs`)
      const { jobs } = (await listing.json()) as { readonly jobs: readonly JobListing[] }
      const calls = mixOf(jobs)
      const one = await answersOf(url, calls, straight, 1)
      expect(new Set(one).size).toBeGreaterThan(200)
      expect(await answersOf(url, calls, shuffled(COUNT), 32)).toEqual(one)
      return { calls, one }
    })
    const again = await serving(({ url }) => answersOf(url, first.calls, shuffled(COUNT), 32))
    expect(again).toEqual(first.one)
  })
})
