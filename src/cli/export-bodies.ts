/**
 * What a server answers, as files: the same engine, so the same bytes.
 *
 * @module
 */

import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Json } from '../model/json.ts'
import { readPointer } from '../model/pointer.ts'
import { suggestion } from '../model/suggestion.ts'
import { UsageError } from '../model/usage-error.ts'
import type { ApiWorld } from '../server/api-world.ts'
import { createByteWriter } from '../server/byte-writer.ts'
import type { JobListing } from '../server/listing.ts'
import { listJobs } from '../server/listing.ts'
import type { Rows } from '../world/rows.ts'
import { DEFAULT, look } from '../world/sandboxes.ts'
import type { Flags, Terminal } from './command.ts'
import { realEnvironment } from './environment.ts'
import { loadApis } from './load-apis.ts'
import type { Assembly } from './standin.ts'
import { assemble, DEFAULT_OPTIONS, DEFAULT_SEED, withSeed } from './standin.ts'

const DEFAULT_ROWS = 100_000
const BATCH = 500

/** Writes the answers of named jobs, a file each. */
export async function exportBodies(
  names: readonly string[],
  flags: Flags,
  format: string,
  terminal: Terminal,
): Promise<number> {
  const apis = await loadApis({ names, specs: flags.text('specs'), needFixtures: true })
  const seed = flags.integer('seed', 0, Number.MAX_SAFE_INTEGER) ?? DEFAULT_SEED
  const assembly = await assemble(apis, withSeed(DEFAULT_OPTIONS, seed), realEnvironment)
  const jobs = chooseJobs(await jobsOf(assembly), flags.texts('job'))
  const limit = flags.integer('rows', 0, Number.MAX_SAFE_INTEGER) ?? DEFAULT_ROWS
  for (const job of jobs) {
    const path = join(flags.text('out') ?? 'bodies', job.api, `${job.name ?? job.id}.${format}`)
    await mkdir(dirname(path), { recursive: true })
    const facts =
      format === 'json' ? await writeBody(assembly, job, path) : await writeRows(assembly, job, limit, path)
    terminal.print(`wrote ${relative(process.cwd(), path)} (${facts})`)
  }
  return 0
}

async function jobsOf({ server }: Assembly): Promise<readonly JobListing[]> {
  return look(server.sandboxes, DEFAULT, (turn) => listJobs(server, turn, null))
}

/** What would write nothing is a mistake, and says so. */
function chooseJobs(jobs: readonly JobListing[], chosen: readonly string[]): readonly JobListing[] {
  const known = [...new Set(jobs.flatMap(({ name }) => name ?? []))]
  if (known.length === 0) throw new UsageError('these APIs have no named jobs, so there is nothing to write')
  const unknown = chosen.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`no job is called \`${unknown}\`${suggestion(unknown, known)}`)
  return jobs.filter(({ name }) => chosen.length === 0 || (name !== null && chosen.includes(name)))
}

/** The answer as it is: where results are given in some states only, a job in another is refused. */
async function writeBody({ app }: Assembly, { url, headers }: JobListing, path: string): Promise<string> {
  const response = await app.request(url, { headers })
  const bytes = new Uint8Array(await response.arrayBuffer())
  await writeWhole(path, bytes)
  return `${bytes.byteLength} bytes${response.ok ? '' : `, refused with ${response.status}`}`
}

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.tmp`, content)
  await rename(`${path}.tmp`, path)
}

async function writeRows(
  { app, server }: Assembly,
  job: JobListing,
  limit: number,
  path: string,
): Promise<string> {
  const api = server.apis.find(({ id }) => id === job.api)
  const { world, view } = await look(server.sandboxes, DEFAULT, ({ sandbox, nowMs }) => {
    const found = api === undefined ? undefined : server.worlds.of(api, sandbox)
    return { world: found, view: found?.jobs.find(job.id, nowMs) }
  })
  if (world === undefined || view === undefined) return 'no rows'
  if (world.api.vendor !== null && world.api.vendor.columns === undefined) {
    const response = await app.request(job.url, { headers: job.headers })
    return writeRendered(world, (await response.json()) as Json, limit, path)
  }
  return writeDrawn(world, world.jobs.rows(view), limit, path)
}

/** Rows that only the whole answer has, since its vendor renders them there. */
async function writeRendered(
  { contract }: ApiWorld,
  body: Json,
  limit: number,
  path: string,
): Promise<string> {
  const at = Object.values(contract.operations).find(({ role }) => role === 'results')?.rows?.at
  const found = at === undefined ? undefined : readPointer(body, at)
  const rows = Array.isArray(found) ? (found as readonly Json[]) : []
  const lines = rows.slice(0, limit).map((row) => `${JSON.stringify(row)}\n`)
  await writeWhole(path, lines.join(''))
  return factsOf(lines.length, rows.length)
}

function factsOf(written: number, all: number): string {
  return written < all ? `${written} of ${all} rows` : `${written} rows`
}

/** Rows go out in batches, so that memory does not grow with their number. */
async function writeDrawn(world: ApiWorld, rows: Rows, limit: number, path: string): Promise<string> {
  const count = Math.min(rows.count, limit)
  const stream = createWriteStream(`${path}.tmp`)
  const out = createByteWriter()
  for (let index = 0; index < count; ) {
    for (const end = Math.min(count, index + BATCH); index < end; index += 1) {
      world.writer.write(out, rows, [index])
      out.text('\n')
    }
    if (!stream.write(out.take())) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
  await rename(`${path}.tmp`, path)
  return factsOf(count, rows.count)
}
