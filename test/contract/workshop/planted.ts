/**
 * Faults planted in the workshop: what a table of them says of each, the parts they are made of, and how the
 * judge is seen to find one.
 *
 * @module
 */
import { expect } from 'vitest'
import type { CheckName } from '../../../src/contract/finding.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Asked, Fault } from './server.ts'
import { judgeWorkshop, lineOf } from './subject.ts'

/** A fault, and the finding that must come of it. */
export interface Planted {
  readonly name: string
  readonly check: CheckName
  readonly fault: Fault
  readonly message: RegExp
  readonly at: RegExp
  readonly line: string
  /** It takes two exchanges to see. */
  readonly two?: true
}

/** What a verdict tells: a line for each finding. */
export function told({ findings }: Verdict): readonly string[] {
  return findings.map(({ check, message }) => `${check}: ${message}`)
}

/** Judges a workshop with the fault, and expects the finding at its place and its line. */
export async function findsIt(each: Planted): Promise<void> {
  const verdict = await judgeWorkshop(each.fault)
  const found = verdict.findings.filter(
    ({ check, message }) => check === each.check && each.message.test(message),
  )
  const [first] = found.filter(({ at }) => each.at.test(at))
  expect(first, told(verdict).join('\n')).toBeDefined()
  expect(found.map(({ document }) => document.line)).toContain(lineOf(each.line))
  expect(first?.document.file).toBe('workshop/openapi.yaml')
  if (each.two === true) expect(first?.exchanges.length).toBe(2)
}

/** Is a job in one of these states, in the workshop's own words? */
export function isState(...words: readonly string[]): (job: JsonObject) => boolean {
  return ({ state }) => words.includes(String(state))
}

/** Was a job made by the judge, and not there before? */
export function isMade({ id }: JsonObject): boolean {
  return String(id) > '40000000-0000-4000-8000-000000000006'
}

/** A copy of a job's progress. */
export function progressOf(job: JsonObject): Record<string, number> {
  return { ...(job['progress'] as unknown as Record<string, number>) }
}

/** Does a request read one job? */
export function isRead({ method, path }: Asked): boolean {
  return method === 'GET' && /^\/jobs\/[^/]+$/.test(path)
}
