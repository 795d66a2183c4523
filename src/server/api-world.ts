/**
 * The worlds that the server answers from: for each API and seed its sandbox, with what is compiled to query
 * and write its rows. Kept between requests; none of it changes an answer.
 *
 * @module
 */
import type { Fixture } from '../fixture/fixture.ts'
import type { JobContract, RowsContract } from '../job-contract/job-contract.ts'
import { rowSchemaOf } from '../job-contract/row-schema.ts'
import type { JobView, Template } from '../model/job.ts'
import type { Column } from '../vendor/vendor.ts'
import { templateAt } from '../world/rows.ts'
import type { Sandbox } from '../world/sandbox.ts'
import { createSandbox } from '../world/sandbox.ts'
import type { Api } from './api.ts'
import type { ByteCache } from './cache.ts'
import { createByteCache } from './cache.ts'
import type { MemberKind } from './query/member.ts'
import { membersOf } from './query/member.ts'
import type { RowList } from './query/row-list.ts'
import type { QuerySource } from './query/run-query.ts'
import type { RowWriter } from './row-text.ts'
import { createRowWriter } from './row-text.ts'

/** One API under one seed. */
export interface ApiWorld {
  readonly api: Api
  readonly contract: JobContract
  readonly sandbox: Sandbox
  readonly columns: Readonly<Record<string, Column>>
  readonly writer: RowWriter
  readonly template: (position: number) => Template
  /** What a request may ask of the rows that an operation answers. */
  members(operationId: string): ReadonlyMap<string, MemberKind>
  source(view: JobView, rows: RowsContract, operationId: string): QuerySource
}

/** Finds worlds. */
export interface Worlds {
  /** The world of an API; undefined where the API has no jobs. */
  of(api: Api, seed: number): ApiWorld | undefined
}

/** Room for one list of ten million rows, or for many of the usual size. */
const LIST_BYTES = 42 * 2 ** 20
/** Worlds of seeds that requests ask for and in which nothing has happened: these can be made again. */
const IDLE_LIMIT = 16

/** Makes the worlds of a server. */
export function createWorlds(): Worlds {
  const worlds = new Map<string, ApiWorld>()
  const compiled = new Map<Api, CompiledApi | undefined>()
  const lists = createByteCache<RowList>(LIST_BYTES)

  function compiledOf(api: Api): CompiledApi | undefined {
    if (!compiled.has(api)) compiled.set(api, compileApi(api))
    return compiled.get(api)
  }

  return {
    of(api, seed) {
      const key = `${api.id} ${seed}`
      const known = worlds.get(key)
      if (known !== undefined) return known
      const parts = compiledOf(api)
      if (parts === undefined) return undefined
      const world = createWorld(parts, seed, lists)
      const idle = [...worlds].filter(([, other]) => other.api === api && other.sandbox.isUntouched())
      const [oldest] = idle
      if (idle.length >= IDLE_LIMIT && oldest !== undefined) worlds.delete(oldest[0])
      worlds.set(key, world)
      return world
    },
  }
}

/** What the worlds of an API share: nothing in it depends on a seed. */
interface CompiledApi extends Omit<ApiWorld, 'sandbox' | 'source'> {
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
  const sandbox = createSandbox({ api: api.id, seed, fixture, contract, vendor: api.vendor })
  return {
    api,
    contract,
    sandbox,
    columns,
    writer,
    template,
    members,
    source: (view, rows, operationId) => ({
      rows: sandbox.rows(view),
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
          const full = `${api.id} ${seed} ${view.job.id} ${view.rows} ${key}`
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
