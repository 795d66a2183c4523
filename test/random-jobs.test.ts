/**
 * A thousand jobs of random size and state of each API, drawn from its own recipe: every read of each is kept
 * by the document and the job contract, and by the laws that `test/random-jobs/<api>.ts` writes by hand.
 */
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { subjectOf } from '../src/cli/judged.ts'
import type { LoadedApi } from '../src/cli/load-apis.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { judgeExchange } from '../src/contract/check/check.ts'
import type { Book } from '../src/contract/evidence.ts'
import { createBook } from '../src/contract/evidence.ts'
import { createJudge } from '../src/contract/subject.ts'
import { createView } from '../src/contract/view.ts'
import { generateFixture } from '../src/generator/generate-fixture.ts'
import type { ListContract } from '../src/job-contract/job-contract.ts'
import type { Json, JsonObject } from '../src/model/json.ts'
import { readPointer } from '../src/model/pointer.ts'
import type { Operation } from '../src/openapi/operation.ts'
import type { ApiWorld } from '../src/server/api-world.ts'
import { fillPath } from '../src/server/fill-path.ts'
import { assembled } from './assembled.ts'
import type { BrokenLaws } from './random-jobs/seen.ts'
import { jobsIn, worldIn } from './worlds.ts'

const JOBS = 1_000
const apis = await loadApis({ names: [], specs: null, needFixtures: true })

/** The API with so many jobs in place of its own, each of another size, state, brief and mix. */
function withRandomJobs(api: LoadedApi): LoadedApi {
  const { contract, vendor, files } = api
  const recipe = vendor?.fixture
  if (contract === null || recipe === undefined) throw new Error(`${api.id} has no recipe`)
  const request = { contract, recipe, seed: 7, source: files.source, extraJobs: JOBS, manyRows: null }
  const fixture = generateFixture({ ...request, rows: vendor?.rows })
  const kinds = Object.keys(recipe.kinds)
  const jobs = fixture.jobs
    .filter(({ name }) => name.startsWith('extra-'))
    .map((job, place) => ({
      ...job,
      mix: place % 3 === 0 ? { [kinds[place % kinds.length] ?? '']: 1, ...recipe.mix } : job.mix,
      ties: place % 5 === 0 ? 1 + (place % 4) : 1,
    }))
  return { ...api, fixture: { ...fixture, jobs } }
}

async function lawsOf(id: string): Promise<BrokenLaws> {
  const file = new URL(`random-jobs/${id}.ts`, import.meta.url)
  if (!existsSync(file)) throw new Error(`write the laws of ${id} by hand: test/random-jobs/${id}.ts`)
  return ((await import(file.href)) as { readonly brokenLaws: BrokenLaws }).brokenLaws
}

/** Reads the API, judging each answer on the way. */
interface Reader {
  readonly world: ApiWorld
  readonly book: Book
  readonly read: (operation: Operation, path: string) => Promise<JsonObject | null>
}

async function readerOf(api: LoadedApi): Promise<Reader> {
  const { fetch, server } = await assembled([api])
  const world = worldIn(server)
  const judge = createJudge(await subjectOf(api))
  const book = createBook()
  const headers = jobsIn(server, api.id)[0]?.headers ?? {}
  return {
    world,
    book,
    async read(operation, path) {
      const url = `/${api.id}${path}`
      const response = await fetch(url, { headers })
      const text = await response.text()
      const received = { status: response.status, headers: Object.fromEntries(response.headers), body: text }
      const request = { method: 'GET', url, headers, body: null }
      const exchange = { operationId: operation.id, request, response: received, purpose: '' }
      judgeExchange(createView(judge, operation, exchange), book)
      return response.ok ? (JSON.parse(text) as JsonObject) : null
    },
  }
}

/** Every item of a list, by the id of its job. */
async function itemsOf(
  { world, read }: Reader,
  operation: Operation,
  list: ListContract,
): Promise<ReadonlyMap<string, JsonObject>> {
  const items = new Map<string, JsonObject>()
  const idAt = world.contract.operations[list.of]?.id ?? '/id'
  const first = `${fillPath(operation, world, '')}?${list.limit}=100`
  let token: Json = ''
  while (typeof token === 'string') {
    const page: Json = await read(operation, token === '' ? first : `${first}&${list.token}=${token}`)
    for (const item of (readPointer(page, list.at) ?? []) as readonly JsonObject[]) {
      items.set(String(readPointer(item, idAt)), item)
    }
    token = readPointer(page, list.next ?? '') ?? null
  }
  return items
}

type Answers = (id: string) => Promise<Record<string, JsonObject>>

/** What every read says of a job; a list says its item. */
async function answersBy(api: LoadedApi, reader: Reader): Promise<Answers> {
  const { world, read } = reader
  const reads = api.document.operations.flatMap((operation) => {
    const contract = world.contract.operations[operation.id]
    return operation.method === 'GET' && contract !== undefined ? [{ operation, contract }] : []
  })
  const lists = new Map<string, ReadonlyMap<string, JsonObject>>()
  for (const { operation, contract } of reads) {
    if (contract.list !== null) lists.set(operation.id, await itemsOf(reader, operation, contract.list))
  }
  return async (id) => {
    const answers: Record<string, JsonObject> = {}
    for (const { operation, contract } of reads) {
      const limit = contract.rows?.limit == null ? '' : `?${contract.rows.limit}=100`
      const body =
        contract.job === null
          ? lists.get(operation.id)?.get(id)
          : await read(operation, fillPath(operation, world, id) + limit)
      if (body != null) answers[operation.id] = body
    }
    return answers
  }
}

describe.each(apis.map((api) => [api.id, api] as const))(`${JOBS} random jobs of %s`, (id, api) => {
  it('keep their sums, orders, echoes, flags and links', async () => {
    const own = withRandomJobs(api)
    const [brokenLaws, reader] = [await lawsOf(id), await readerOf(own)]
    const { book, world } = reader
    const answersOf = await answersBy(own, reader)
    const broken: string[] = []
    const seen = { states: new Set<string>(), sizes: new Set<number>() }
    for (const { job, state, rows, nowMs } of world.jobs.named(0)) {
      const answers = await answersOf(job.id)
      const { outcome } = job
      const laws = brokenLaws({ id: job.id, outcome, state, rows, nowMs, answers, prefix: `/${id}` })
      broken.push(...laws.map((law) => `${job.name} (${state}, ${rows} rows): ${law}`))
      seen.states.add(state)
      seen.sizes.add(rows)
    }
    const entries = [...book.entries.values()]
    const findings = entries.flatMap((entry) => [...entry.findings.values()])
    const counts = [...book.statuses.values()].flatMap((statuses) => [...statuses.values()])
    const judged = counts.reduce((a, b) => a + b, 0)
    const wrong = `${broken.length + findings.length} broken laws`
    process.stdout.write(`${id}: ${JOBS} jobs, ${judged} answers, ${wrong}\n`)
    expect(broken.slice(0, 10)).toEqual([])
    expect(findings.map(({ message }) => message).slice(0, 10)).toEqual([])
    expect(seen.states.size).toBe(6)
    expect(seen.sizes.size).toBeGreaterThan(50)
    expect(entries.some(({ check, exchanges }) => check === 'law' && exchanges > 300)).toBe(true)
  })
})
