/**
 * The built-in APIs in process, for tests that go through the front door.
 *
 * @module
 */
import type { JobListing, Standin } from '../src/index.ts'
import { createStandin } from '../src/index.ts'
import type { JsonObject } from '../src/model/json.ts'

let made: Promise<Standin> | null = null

/** One standin for all tests that change nothing; its clock stands still. */
export function served(): Promise<Standin> {
  made ??= createStandin({ now: () => Date.UTC(2026, 0, 2) })
  return made
}

/** The named job of an API. */
export async function named(api: string, name: string): Promise<JobListing> {
  const job = (await served()).jobs(api).find((candidate) => candidate.name === name)
  if (job === undefined) throw new Error(`${api} has no job ${name}`)
  return job
}

/** An answer, read. */
export interface Read {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Reads a path with a job's credentials. */
export async function read(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Read> {
  const response = await (await served()).fetch(path, { headers })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** A page of rows as deepset answers it. */
export interface Page {
  readonly data: readonly JsonObject[]
  readonly has_more: boolean
  readonly total: number
}

/** Reads a page of a job's rows; anything but 200 throws. */
export async function page(job: JobListing, query: Readonly<Record<string, string | number>>): Promise<Page> {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const { status, text } = await read(`${job.url}?${parameters.join('&')}`, job.headers)
  if (status !== 200) throw new Error(`${status} ${parameters.join('&')}: ${text.slice(0, 300)}`)
  return JSON.parse(text) as Page
}

/** Every row of a job, in its default order. */
export async function allRows(job: JobListing): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = []
  for (let number = 1; ; number += 1) {
    const { data, has_more: more } = await page(job, { limit: 100, page_number: number, field: 'name' })
    rows.push(...data)
    if (!more) return rows
  }
}
