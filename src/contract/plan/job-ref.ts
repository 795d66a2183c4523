/**
 * Jobs that a target is known to have, and asking a target which those are.
 *
 * @module
 */

import type { JobState } from '../../model/job.ts'
import { JOB_STATES } from '../../model/job.ts'
import type { Json } from '../../model/json.ts'
import { isObject, memberOf, objectAt, textAt } from '../../model/json.ts'
import type { Document } from '../../openapi/document.ts'
import { parseBody, pathOf } from '../exchange.ts'
import type { Target } from '../target.ts'
import { isUnreachable, reasonOf, TargetUnreachable } from '../unreachable.ts'
import { matchTemplate } from '../view.ts'

/** A job of the target. */
export interface JobRef {
  readonly id: string
  /** The result operation with every path parameter filled in; a path or a whole URL. */
  readonly url?: string
  readonly name?: string
  /** Time moves it still, though it has a name. */
  readonly living?: boolean
  readonly rows?: number
  readonly state?: JobState
  /** Credentials that are accepted for it. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Rows from which on only a few pages of a job are read. */
export const HUGE_ROWS = 10_000

/** How findings and purposes call a job. */
export function callJob({ name, id }: JobRef): string {
  return `job ${name ?? id}`
}

/** Does time not move it? Named jobs are held unless they are said to live; what has ended stays as it is. */
export function standsStill({ name, living, state }: JobRef): boolean {
  if (living === true) return false
  return name !== undefined || (state !== undefined && state !== 'queued' && state !== 'running')
}

/** The job whose operations are asked with what is forbidden: one that has ended well, where there is one. */
export function mainJob(jobs: readonly JobRef[]): JobRef | null {
  const named = jobs.find(({ name }) => name === 'many-pages')
  return named ?? jobs.find(({ state }) => state === 'succeeded') ?? jobs[0] ?? null
}

/** The path parameters that a job's URL fills in; empty where it matches no operation. */
export function parametersOf(document: Document, { url }: JobRef): Readonly<Record<string, string>> {
  if (url === undefined) return {}
  const reads = document.operations.filter(({ method }) => method === 'GET')
  for (const { path } of [...reads].sort((a, b) => b.path.length - a.path.length)) {
    const values = matchTemplate(path, pathOf(url))
    if (values !== null && Object.keys(values).length > 0) return values
  }
  return {}
}

/**
 * Asks a target for its jobs.
 *
 * @returns Null where it does not tell.
 * @throws {@link TargetUnreachable} when it cannot be asked.
 */
export async function discoverJobs(
  target: Target,
  origin: string,
  api: string,
  signal?: AbortSignal,
): Promise<readonly JobRef[] | null> {
  const url = `${origin}/_standin/jobs?api=${encodeURIComponent(api)}`
  const request = new Request(url, { headers: { accept: 'application/json' }, signal: signal ?? null })
  let text: string
  try {
    const response = await target(request)
    text = await response.text()
    if (response.status !== 200) return null
  } catch (error) {
    signal?.throwIfAborted()
    if (!isUnreachable(error)) return null
    throw new TargetUnreachable(`GET ${url}: ${reasonOf(error)}`)
  }
  const jobs = memberOf(parseBody(text) ?? null, 'jobs')
  if (!Array.isArray(jobs)) return null
  return (jobs as readonly Json[])
    .filter((job) => isObject(job) && textAt(job, 'api', api) === api)
    .map(toJobRef)
}

function toJobRef(data: Json): JobRef {
  const [url, name, state] = ['url', 'name', 'state'].map((member) => textAt(data, member))
  const [rows, living] = ['rows', 'living'].map((member) => memberOf(data, member))
  const headers = Object.entries(objectAt(data, 'headers')).filter(([, value]) => typeof value === 'string')
  return {
    id: textAt(data, 'id'),
    ...(url === '' || url === undefined ? {} : { url }),
    ...(name === '' || name === undefined ? {} : { name }),
    ...(living === true ? { living } : {}),
    ...(isState(state) ? { state } : {}),
    ...(typeof rows === 'number' ? { rows } : {}),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) as Record<string, string> }),
  }
}

function isState(text: string | undefined): text is JobState {
  return (JOB_STATES as readonly string[]).includes(text ?? '')
}
