/**
 * Looking into the worlds of a server, for tests of what no answer shows.
 *
 * @module
 */
import type { JobView } from '../src/model/job.ts'
import type { JsonObject } from '../src/model/json.ts'
import type { ApiWorld } from '../src/server/api-world.ts'
import type { JobListing } from '../src/server/listing.ts'
import { listJobs } from '../src/server/listing.ts'
import type { Server } from '../src/server/server.ts'
import type { Created } from '../src/world/event.ts'
import type { Jobs } from '../src/world/jobs.ts'
import type { Turn } from '../src/world/sandboxes.ts'
import { DEFAULT, look } from '../src/world/sandboxes.ts'

/** What a function sees in the default sandbox, which is in memory. */
export function seenIn<Value>(server: Server, read: (turn: Turn) => Value): Value {
  const value = look(server.sandboxes, DEFAULT, read)
  if (value instanceof Promise) throw new Error('the sandboxes are not in memory')
  return value
}

/** The world of an API in the default sandbox; of the first API where none is named. */
export function worldIn(server: Server, id?: string): ApiWorld {
  const api = server.apis.find((each) => id === undefined || each.id === id)
  const world = api && seenIn(server, ({ sandbox }) => server.worlds.of(api, sandbox))
  if (world === undefined) throw new Error(`${id} has no world`)
  return world
}

/** The jobs of an API in the default sandbox, as they are listed. */
export function jobsIn(server: Server, id: string | null): readonly JobListing[] {
  return seenIn(server, (turn) => listJobs(server, turn, id))
}

/** Makes a job as a request without wishes does. */
export function makeJob(jobs: Jobs, { api, body = {}, atMs, operationId = 'createJob' }: Making): JobView {
  const event: Created = { type: 'created', api, operationId, body, steering: {}, key: null }
  const draft = jobs.draft(event, atMs)
  jobs.apply({ ...event, atMs })
  return draft
}

/** A job that a test makes. */
export interface Making {
  readonly api: string
  readonly body?: JsonObject
  readonly atMs: number
  readonly operationId?: string
}
