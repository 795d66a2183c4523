/**
 * Ten faults, one at a time between the running mock and `standin check --target`, with `prism proxy` on the
 * way: what each of the two sees of the same answers stands in the README's table, and is held against it
 * here.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProcessTarget } from '../src/cli/judged.ts'
import type { LoadedApi } from '../src/cli/load-apis.ts'
import { loadApis } from '../src/cli/load-apis.ts'
import { discoverJobs } from '../src/contract/plan/job-ref.ts'
import type { Target } from '../src/contract/target.ts'
import { plantBetween } from './planted/between.ts'
import { faults as deepsetFaults } from './planted/deepset.ts'
import type { Fault } from './planted/fault.ts'
import { faults as skopFaults } from './planted/skop.ts'
import type { Prism } from './prism.ts'
import { startPrism, violationsOf } from './prism.ts'
import { runCommand } from './program.ts'

/** The ten, as the README tells of them, each with the API and the planted fault. */
const TEN: readonly (readonly [string, 'deepset' | 'skop', string])[] = [
  ['a number that is a text', 'skop', 'a wrong type'],
  ['a required member that is missing', 'skop', 'a missing field'],
  ['a status that is not documented', 'skop', 'an undocumented status'],
  ['a media type that is not documented', 'deepset', 'a wrong content type'],
  ['a total that is one too high', 'deepset', 'a wrong total'],
  ['a row on two pages', 'deepset', 'a row that stands on two pages'],
  ['a page that is not sorted', 'deepset', 'an unsorted page'],
  ['a row that the filter should have left out', 'deepset', 'a row that the filter should have left out'],
  ['a sum that is not the sum', 'skop', 'a broken sum'],
  ["another job's id", 'skop', 'a wrong echo'],
]

const FAULTS = { deepset: deepsetFaults, skop: skopFaults }
const JOBS: readonly string[] = ['null-heavy', 'succeeded']

/** What was seen of one fault by each of the two. */
interface Seen {
  readonly ours: readonly string[]
  readonly prism: readonly string[]
}

const apis = await loadApis({ names: Object.keys(FAULTS), specs: null, needFixtures: true })
const mock = await inProcessTarget(apis)
const folder = mkdtempSync(join(tmpdir(), 'standin-beside-prism-'))
let plant: Fault['plant'] = () => null

async function serve(answer: Target): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(getRequestListener((request) => answer(request)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** One API behind Prism, the way the program reaches it, and what Prism says meanwhile. */
interface Way {
  readonly url: string
  readonly says: Set<string>
  readonly stop: () => Promise<void>
}

async function openWay({ id, files }: LoadedApi): Promise<Way> {
  const planted = await serve((request) => plantBetween(mock, plant)(request))
  const prism = await startPrism(join(files.root, files.file), `${planted.url}/${id}`)
  const says = new Set<string>()
  // Prism answers HEAD, OPTIONS and methods that nobody documents by itself.
  const front = await serve(async (request) => {
    const { pathname, search } = new URL(request.url)
    const within = pathname.startsWith(`/${id}/`) ? pathname.slice(id.length + 1) : null
    if (within === null || request.method !== 'GET') {
      return plantBetween(mock, plant)(new Request(`${planted.url}${pathname}${search}`, request))
    }
    return throughPrism(prism, new Request(`${prism.url}${within}${search}`, request), says)
  })
  const stop = async (): Promise<void> => {
    front.server.close()
    planted.server.close()
    await prism.stop()
  }
  return { url: front.url, says, stop }
}

/** A `304` and other answers that the document cannot list are no news: only what follows from a fault is. */
async function throughPrism(prism: Prism, request: Request, says: Set<string>): Promise<Response> {
  const response = await prism.ask(request)
  for (const { location, code, message } of violationsOf(response)) {
    says.add(`${response.status} ${location.join('.').replace(/\d+/g, '*')} ${code} ${message}`)
  }
  const headers = new Headers(response.headers)
  for (const name of ['sl-violations', 'content-length', 'transfer-encoding']) headers.delete(name)
  const bodiless = [204, 304].includes(response.status) || request.method === 'HEAD'
  return new Response(bodiless ? null : await response.arrayBuffer(), { status: response.status, headers })
}

async function checkBehindPrism(api: LoadedApi, way: Way, only: readonly string[] = []): Promise<Seen> {
  way.says.clear()
  const jobs = ((await discoverJobs(mock, 'http://standin', api.id)) ?? [])
    .filter(({ name }) => JOBS.includes(name ?? ''))
    .flatMap(({ id, url }) => ['--job', url ?? id])
  const headers = api.id === 'skop' ? 'x-api-key: sk-standin' : 'authorization: Bearer standin'
  const report = join(folder, `${api.id}.json`)
  const words = [
    '--target',
    `${way.url}/${api.id}`,
    '--header',
    headers,
    ...jobs,
    '--concurrency',
    '1',
    ...only,
  ]
  await runCommand(['check', api.id, ...words, '--reporter', `json=${report}`])
  const { verdicts } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly verdicts: readonly { readonly findings: readonly { readonly check: string }[] }[]
  }
  return {
    ours: verdicts.flatMap(({ findings }) => findings.map(({ check }) => check)),
    prism: [...way.says],
  }
}

describe.each(apis.map((api) => [api.id, api] as const))('%s behind prism', (id, api) => {
  let way: Way
  let clean: Seen
  beforeAll(async () => {
    way = await openWay(api)
    clean = await checkBehindPrism(api, way)
  })
  afterAll(async () => {
    plant = () => null
    await way.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('has no fault for us while none is planted', () => {
    expect(clean.ours).toEqual([])
  })

  it.each(TEN.filter(([, of]) => of === id))('shows %s as the README says', async (told, _, name) => {
    const fault = FAULTS[id as keyof typeof FAULTS].find((each) => each.name === name)
    if (fault === undefined) throw new Error(`nothing of ${id} is called ${name}`)
    plant = fault.plant
    const { ours, prism } = await checkBehindPrism(api, way, ['--only', fault.check])
    plant = () => null
    expect(ours).toContain(fault.check)
    const news = prism.filter((text) => !clean.prism.includes(text))
    const row = `| ${told} | ${fault.check} | ${news.length > 0 ? 'seen' : 'passes'} |`
    expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(row)
  })
})
