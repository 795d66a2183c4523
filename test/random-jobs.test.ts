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
import { createBook } from '../src/contract/evidence.ts'
import { createJudge } from '../src/contract/subject.ts'
import { createView } from '../src/contract/view.ts'
import { generateFixture } from '../src/generator/generate-fixture.ts'
import type { JobView } from '../src/model/job.ts'
import type { JsonObject } from '../src/model/json.ts'
import { readPointer } from '../src/model/pointer.ts'
import type { Operation } from '../src/openapi/operation.ts'
import { fillPath } from '../src/server/fill-path.ts'
import { assembled } from './assembled.ts'
import type { BrokenLaws } from './random-jobs/seen.ts'

const JOBS = 1_000
const apis = await loadApis({ names: [], specs: null, needFixtures: true })

/** The API with as many jobs more, each of another size, state, brief and mix. */
function withRandomJobs(api: LoadedApi): LoadedApi {
  const { contract, vendor, files } = api
  const recipe = vendor?.fixture
  if (contract === null || recipe === undefined) throw new Error(`${api.id} has no recipe`)
  const request = { contract, recipe, seed: 7, source: files.source, extraJobs: JOBS, manyRows: null }
  const fixture = generateFixture({ ...request, rows: vendor?.rows })
  const jobs = fixture.jobs.filter(({ name }) => name.startsWith('extra-'))
  const kinds = Object.keys(recipe.kinds)
  const mixed = jobs.map((job, place) => ({
    ...job,
    mix: place % 3 === 0 ? { [kinds[place % kinds.length] ?? '']: 1, ...recipe.mix } : job.mix,
    ties: place % 5 === 0 ? 1 + (place % 4) : 1,
  }))
  return { ...api, fixture: { ...fixture, jobs: mixed } }
}

async function lawsOf(id: string): Promise<BrokenLaws> {
  const file = new URL(`random-jobs/${id}.ts`, import.meta.url)
  if (!existsSync(file)) throw new Error(`write the laws of ${id} by hand: test/random-jobs/${id}.ts`)
  return ((await import(file.href)) as { readonly brokenLaws: BrokenLaws }).brokenLaws
}

describe.each(apis.map((api) => [api.id, api] as const))(`${JOBS} random jobs of %s`, (id, api) => {
  it('keep their sums, orders, echoes, flags and links', async () => {
    const brokenLaws = await lawsOf(id)
    const own = withRandomJobs(api)
    const { fetch, server } = await assembled([own])
    const world = server.worlds.of(own, 1)
    if (world === undefined) throw new Error(`${id} has no world`)
    const judge = createJudge(await subjectOf(api))
    const book = createBook()
    const headers = credentialsOf(await listing(fetch, id))
    const contractOf = (operation: Operation) => world.contract.operations[operation.id]

    async function read(operation: Operation, path: string): Promise<JsonObject | null> {
      const url = `/${id}${path}`
      const response = await fetch(url, { headers })
      const text = await response.text()
      const received = { status: response.status, headers: Object.fromEntries(response.headers), body: text }
      const request = { method: 'GET', url, headers, body: null }
      const exchange = { operationId: operation.id, request, response: received, purpose: '' }
      judgeExchange(createView(judge, operation, exchange), book)
      return response.ok ? (JSON.parse(text) as JsonObject) : null
    }

    const reads = api.document.operations.filter(({ method }) => method === 'GET')
    const items = new Map<string, Record<string, JsonObject>>()
    for (const operation of reads) {
      const list = contractOf(operation)?.list
      if (list == null) continue
      const idAt = world.contract.operations[list.of]?.id ?? '/id'
      const base = `${fillPath(operation, world, '')}?${list.limit}=100`
      for (let token: string | null = ''; token !== null; ) {
        const page: JsonObject | null = await read(
          operation,
          `${base}${token === '' ? '' : `&${list.token}=${token}`}`,
        )
        for (const item of (readPointer(page ?? {}, list.at) ?? []) as readonly JsonObject[]) {
          const job = String(readPointer(item, idAt))
          items.set(job, { ...items.get(job), [operation.id]: item })
        }
        token = (readPointer(page ?? {}, list.next ?? '/') as string | null) ?? null
      }
    }

    async function answersOf({ job }: JobView): Promise<Record<string, JsonObject>> {
      const answers: Record<string, JsonObject> = { ...items.get(job.id) }
      for (const operation of reads) {
        const contract = contractOf(operation)
        if (contract?.job == null) continue
        const limit = contract.rows?.limit == null ? '' : `?${contract.rows.limit}=100`
        const body = await read(operation, `${fillPath(operation, world as never, job.id)}${limit}`)
        if (body !== null) answers[operation.id] = body
      }
      return answers
    }

    const broken: string[] = []
    const seen = { states: new Set<string>(), sizes: new Set<number>() }
    for (const view of world.sandbox.named(0)) {
      const { job, state, rows, nowMs } = view
      const answers = await answersOf(view)
      const laws = brokenLaws({
        id: job.id,
        outcome: job.outcome,
        state,
        rows,
        nowMs,
        answers,
        prefix: `/${id}`,
      })
      broken.push(...laws.map((law) => `${job.name} (${state}, ${rows} rows): ${law}`))
      seen.states.add(state)
      seen.sizes.add(rows)
    }
    const findings = [...book.entries.values()].flatMap((entry) => [...entry.findings.values()])
    const judged = [...book.statuses.values()]
      .flatMap((counts) => [...counts.values()])
      .reduce((a, b) => a + b, 0)
    process.stdout.write(
      `${id}: ${JOBS} jobs, ${judged} answers, ${broken.length + findings.length} broken laws\n`,
    )
    expect(broken.slice(0, 10)).toEqual([])
    expect(findings.map(({ message }) => message).slice(0, 10)).toEqual([])
    expect(seen.states.size).toBeGreaterThanOrEqual(5)
    expect(seen.sizes.size).toBeGreaterThan(50)
    expect(
      [...book.entries.values()].some(({ check, exchanges }) => check === 'law' && exchanges > 500),
    ).toBe(true)
  })
})

async function listing(fetch: (path: string) => Promise<Response>, id: string): Promise<JsonObject> {
  return (await (await fetch(`/_standin/jobs?api=${id}`)).json()) as JsonObject
}

function credentialsOf(listed: JsonObject): Record<string, string> {
  const [job] = listed['jobs'] as readonly JsonObject[]
  return (job?.['headers'] ?? {}) as Record<string, string>
}
