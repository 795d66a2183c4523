/**
 * What a server has: its APIs, and its named jobs with the requests that read them.
 *
 * @module
 */
import type { JobState, JobView } from '../model/job.ts'
import { ApiError } from '../model/refusal.ts'
import type { Operation } from '../openapi/operation.ts'
import type { SecurityScheme } from '../openapi/security.ts'
import { credentialHeaders } from '../openapi/security.ts'
import type { Turn } from '../world/sandboxes.ts'
import type { Api } from './api.ts'
import type { ApiWorld } from './api-world.ts'
import { fillPath } from './fill-path.ts'
import type { Server } from './server.ts'

/** An API as it is listed. */
export interface ApiListing {
  readonly id: string
  readonly title: string
  /** What comes before the paths of its operations. */
  readonly mount: string
  readonly operations: readonly { readonly id: string; readonly method: string; readonly path: string }[]
}

/** A job as it is listed. */
export interface JobListing {
  readonly api: string
  readonly id: string
  readonly name: string | null
  readonly state: JobState
  /** Rows that can be read now. */
  readonly rows: number
  /** The path of its result operation, mount included, path parameters and keys of the query filled in. */
  readonly url: string
  /** Credentials that are accepted. */
  readonly headers: Readonly<Record<string, string>>
  /** Time moves it still; absent where it is held or has ended. */
  readonly living?: true
}

/** Lists the APIs. */
export function listApis(server: Server): readonly ApiListing[] {
  return server.apis.map(({ id, document }) => ({
    id,
    title: document.title,
    mount: `/${id}${document.basePaths[0] ?? ''}`,
    operations: document.operations.map((operation) => ({
      id: operation.id,
      method: operation.method,
      path: operation.path,
    })),
  }))
}

/**
 * Lists the jobs of one API, or of all: the named ones first, then those that were made.
 *
 * @throws {@link ApiError} `route_not_found` when there is no such API.
 */
export function listJobs(server: Server, turn: Turn, id: string | null): readonly JobListing[] {
  const apis = id === null ? server.apis : [findApi(server, id)]
  return apis.flatMap((api) => {
    const world = server.worlds.of(api, turn.sandbox)
    if (world === undefined) return []
    return world.jobs.all(turn.nowMs).flatMap((view) => jobListing(api, world, view) ?? [])
  })
}

/**
 * The API with this id.
 *
 * @throws {@link ApiError} `route_not_found` when there is none.
 */
export function findApi({ apis }: Server, id: string): Api {
  const found = apis.find((api) => api.id === id)
  if (found !== undefined) return found
  const known = apis.map((api) => api.id).join(', ')
  throw new ApiError('route_not_found', `There is no API ${id.slice(0, 100)}; there are ${known}`)
}

/** Every operation that is served, as `api/operation`: what fault plans may name. */
export function operationNames(apis: readonly Api[]): readonly string[] {
  return apis.flatMap(({ id, document }) => document.operations.map((operation) => `${id}/${operation.id}`))
}

/** A job as it is listed; null where no operation reads it. */
export function jobListing(api: Api, world: ApiWorld, view: JobView): JobListing | null {
  const operation = resultOperation(api, world)
  if (operation === undefined) return null
  const mount = `/${api.id}${api.document.basePaths[0] ?? ''}`
  const credentials = acceptedCredentials(api, operation)
  const pairs = credentials.filter(({ scheme }) => scheme.in === 'query')
  const query = pairs.map(({ scheme, text }) => `${scheme.key}=${encodeURIComponent(text)}`).join('&')
  const keys = query === '' ? '' : `?${query}`
  return {
    api: api.id,
    id: view.job.id,
    name: view.job.name,
    state: view.state,
    rows: view.rows,
    url: `${mount}${fillPath(operation, world, view.job.id)}${keys}`,
    headers: Object.assign({}, ...credentials.map(({ scheme, text }) => credentialHeaders(scheme, text))),
    ...(view.job.heldAtMs === null && view.endedAtMs === null ? { living: true } : {}),
  }
}

function resultOperation(api: Api, { contract }: ApiWorld): Operation | undefined {
  const byRole = (role: string): Operation | undefined =>
    api.document.operations.find(({ id }) => contract.operations[id]?.role === role)
  return byRole('results') ?? byRole('status')
}

/** The job contract's credentials for the operation's first alternative. */
function acceptedCredentials(
  { document, contract }: Api,
  operation: Operation,
): readonly { readonly scheme: SecurityScheme; readonly text: string }[] {
  const [requirement = {}] = operation.security
  return Object.keys(requirement).flatMap((name) => {
    const scheme = document.schemes.get(name)
    const text = contract?.credentials[name]?.example ?? 'standin'
    return scheme === undefined ? [] : [{ scheme, text }]
  })
}
