/**
 * The worlds that the server answers from: the jobs of each API in a sandbox, with what is compiled to query
 * and write their rows. Kept between requests; none of it changes an answer.
 *
 * @module
 */
import type { Fixture } from '../fixture/fixture.ts'
import type { JobContract, RowsContract } from '../job-contract/job-contract.ts'
import { rowSchemaOf } from '../job-contract/row-schema.ts'
import type { Job, JobView, Template } from '../model/job.ts'
import type { Column } from '../vendor/vendor.ts'
import type { Jobs } from '../world/jobs.ts'
import { createJobs } from '../world/jobs.ts'
import { templateAt } from '../world/rows.ts'
import type { Sandbox } from '../world/sandbox.ts'
import type { Api } from './api.ts'
import type { ByteCache } from './cache.ts'
import { createByteCache } from './cache.ts'
import type { MemberKind } from './query/member.ts'
import { membersOf } from './query/member.ts'
import type { RowList } from './query/row-list.ts'
import type { QuerySource } from './query/run-query.ts'
import type { RowWriter } from './row-text.ts'
import { createRowWriter } from './row-text.ts'

/** One API in one sandbox. */
export interface ApiWorld {
  readonly api: Api
  readonly contract: JobContract
  readonly jobs: Jobs
  readonly columns: Readonly<Record<string, Column>>
  readonly writer: RowWriter
  readonly template: (position: number) => Template
  /** What a request may ask of the rows that an operation answers. */
  members(operationId: string): ReadonlyMap<string, MemberKind>
  source(view: JobView, rows: RowsContract, operationId: string): QuerySource
}

/** Finds worlds. */
export interface Worlds {
  /** The world of an API as its events have made it; undefined where the API has no jobs. */
  of(api: Api, sandbox: Sandbox): ApiWorld | undefined
}

/** Room for one list of ten million rows, or for many of the usual size. */
const LIST_BYTES = 42 * 2 ** 20

/** Makes the worlds of a server. */
export function createWorlds(): Worlds {
  const ofSandboxes = new WeakMap<Sandbox, Kept>()
  const compiled = new Map<Api, CompiledApi | undefined>()
  const lists = createByteCache<RowList>(LIST_BYTES)

  function compiledOf(api: Api): CompiledApi | undefined {
    if (!compiled.has(api)) compiled.set(api, compileApi(api))
    return compiled.get(api)
  }

  function keptOf(sandbox: Sandbox): Kept {
    const known = ofSandboxes.get(sandbox)
    if (known?.generation === sandbox.generation) return known
    const made: Kept = { generation: sandbox.generation, worlds: new Map() }
    ofSandboxes.set(sandbox, made)
    return made
  }

  return {
    of(api, sandbox) {
      const { worlds } = keptOf(sandbox)
      const known = worlds.get(api)
      if (known !== undefined) return upToDate(known, sandbox)
      const parts = compiledOf(api)
      if (parts === undefined) return undefined
      const world = createWorld(parts, sandbox.seed, lists)
      worlds.set(api, world)
      return upToDate(world, sandbox)
    },
  }
}

/** What was made of a sandbox's events, until they are replaced. */
interface Kept {
  readonly generation: number
  readonly worlds: Map<Api, ApiWorld>
}

function upToDate(world: ApiWorld, sandbox: Sandbox): ApiWorld {
  const { jobs } = world
  const events = sandbox.jobEvents(world.api.id)
  for (let event = events[jobs.position]; event !== undefined; event = events[jobs.position])
    jobs.apply(event)
  return world
}

/** Tells jobs apart that have the same id in different sandboxes. */
const numbers = new WeakMap<Job, number>()
let numbered = 0

/** A name for a job as it stands, under which what was made of it may be kept. */
export function standOf({ seed }: Jobs, { job, state, rows, endedAtMs }: JobView): string {
  let number = numbers.get(job)
  if (number === undefined) {
    numbered += 1
    number = numbered
    numbers.set(job, number)
  }
  return `${number} ${seed} ${state} ${rows} ${endedAtMs ?? ''}`
}

/** What the worlds of an API share: nothing in it depends on a seed. */
interface CompiledApi extends Omit<ApiWorld, 'jobs' | 'source'> {
  readonly fixture: Fixture
}

function compileApi(api: Api): CompiledApi | undefined {
  const { contract, fixture, vendor, document } = api
  if (contract === null || fixture === null) return undefined
  const template = (position: number): Template => templateAt(fixture, position)
  const columns = vendor?.columns ?? inferColumns(contract, template(0))
  const members = new Map<string, ReadonlyMap<string, MemberKind>>()
  return {
    api,
    contract,
    fixture,
    template,
    columns,
    writer: createRowWriter(columns, template),
    members(operationId) {
      const known = members.get(operationId)
      if (known !== undefined) return known
      const schema = rowSchemaOf(document, contract, operationId)
      const found: ReadonlyMap<string, MemberKind> = schema === null ? new Map() : membersOf(document, schema)
      members.set(operationId, found)
      return found
    },
  }
}

function createWorld(parts: CompiledApi, seed: number, lists: ByteCache<RowList>): ApiWorld {
  const { api, contract, fixture, columns, template, writer, members } = parts
  const jobs = createJobs({ api: api.id, seed, fixture, contract, vendor: api.vendor })
  return {
    api,
    contract,
    jobs,
    columns,
    writer,
    template,
    members,
    source: (view, rows, operationId) => ({
      rows: jobs.rows(view),
      columns,
      template,
      members: members(operationId),
      idMember: rows.id,
      parameters: {
        filter: rows.filter?.parameter ?? '',
        select: rows.select?.parameter ?? '',
        field: rows.sort?.field ?? '',
      },
      lists: {
        get(key, create) {
          const full = `${standOf(jobs, view)} ${key}`
          const known = lists.get(full)
          if (known !== undefined) return known
          const list = create()
          lists.set(full, list, list.bytes)
          return list
        },
      },
    }),
  }
}

/** Without a vendor every member of a row is its template's, but for the row's id. */
function inferColumns(contract: JobContract, template: Template): Readonly<Record<string, Column>> {
  const ids = Object.values(contract.operations).flatMap(({ rows }) => rows?.id ?? [])
  return Object.fromEntries(
    Object.keys(template).map((name): [string, Column] =>
      ids.includes(name) ? [name, { rises: 'index', read: (_, slot) => slot.id }] : [name, 'template'],
    ),
  )
}
