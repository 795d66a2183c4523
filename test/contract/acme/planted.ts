/**
 * Planted faults: what is planted in the small job server, and which finding must name it.
 *
 * @module
 */
import { expect } from 'vitest'
import type { CheckName } from '../../../src/contract/finding.ts'
import { checkTarget } from '../../../src/contract/run.ts'
import { exitCode } from '../../../src/contract/verdict.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { Asked, Fault } from './server.ts'
import { createServer } from './server.ts'
import { lineOf, readSubject } from './subject.ts'

/** How the small job server is judged. */
const OPTIONS = { baseUrl: 'http://acme.test', allowWrites: true, seed: 7, concurrency: 1 } as const

/** A fault and the finding that it must lead to. */
export interface Planted {
  readonly fault: Fault
  readonly check: CheckName
  readonly message: RegExp
  readonly at?: RegExp
  /** A text of the document's line that the finding must name. */
  readonly line: string
}

/** Does a request ask for rows? */
export function isRows({ path }: Asked): boolean {
  return path.endsWith('/rows')
}

/** Changes the bodies that hold rows. */
export function inRows(change: (body: JsonObject, rows: readonly JsonObject[], asked: Asked) => Json): Fault {
  return {
    body: (body, asked) =>
      isRows(asked) ? change(body, body['rows'] as unknown as JsonObject[], asked) : body,
  }
}

/** Changes the row of that position on every page of whole rows. */
export function inRow(position: number, change: (row: JsonObject) => JsonObject): Fault {
  return inRows((body, rows, { query }) =>
    query.has('select')
      ? body
      : { ...body, rows: rows.map((row, at) => (at === position ? change(row) : row)) },
  )
}

/** A header that breaks its schema, on every read of a job: one finding and no other. */
export const BAD_HEADER: Fault = {
  answer: (response, { method, path }) => {
    if (method !== 'GET' || response.status !== 200 || !/^\/jobs\/[^/]+$/.test(path)) return response
    const headers = new Headers(response.headers)
    headers.set('x-left', '-1')
    return new Response(response.body, { status: 200, headers })
  },
}

/** Judges a server with the fault, and expects the finding with its place and the document's line. */
export async function expectFound({ fault, check, message, at, line }: Planted): Promise<void> {
  const verdict = await checkTarget(readSubject(), createServer(fault), OPTIONS)
  const matching = verdict.findings.filter((each) => each.check === check && message.test(each.message))
  const found = matching.find(({ document }) => document.line === lineOf(line)) ?? matching[0]
  const messages = verdict.findings.map((finding) => `${finding.check}: ${finding.message}`)
  expect(found, messages.join('\n')).toBeDefined()
  expect(found?.document.file).toBe('acme/openapi.yaml')
  expect(found?.document.line).toBe(lineOf(line))
  if (at !== undefined) expect(found?.at).toMatch(at)
  expect([1, 2]).toContain(found?.exchanges.length)
  expect(exitCode([verdict])).toBe(1)
}
