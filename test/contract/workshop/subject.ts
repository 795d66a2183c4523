/**
 * The document and the job contract of the workshop, read as the program would, and how it is judged.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { CheckOptions } from '../../../src/contract/run.ts'
import { checkTarget } from '../../../src/contract/run.ts'
import type { Subject } from '../../../src/contract/subject.ts'
import type { Verdict } from '../../../src/contract/verdict.ts'
import { readJobContract } from '../../../src/job-contract/read-job-contract.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { createDocument } from '../../../src/openapi/document.ts'
import { createLocator } from '../../../src/openapi/locate.ts'
import type { Fault } from './server.ts'
import { createWorkshop } from './server.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const DOCUMENT_TEXT = read('openapi.yaml')

/** Reads the subject, the words of its job contract changed where some are given. */
export function readSubject(change: (contract: JsonObject) => JsonObject = (contract) => contract): Subject {
  const file = 'workshop/openapi.yaml'
  const document = createDocument('workshop', file, load(DOCUMENT_TEXT) as JsonObject)
  const data = change(load(read('job-contract.yaml')) as JsonObject)
  const contract = readJobContract(data, document, (pointer) => `workshop/job-contract.yaml${pointer}`)
  return { document, contract, locate: createLocator(DOCUMENT_TEXT), file }
}

/** The line on which a text first stands in the document, counted from 1. */
export function lineOf(text: string): number {
  return DOCUMENT_TEXT.slice(0, DOCUMENT_TEXT.indexOf(text)).split('\n').length
}

const JOBS = (['succeeded', 'partially_succeeded', 'failed', 'cancelled', 'queued', 'running'] as const).map(
  (state, at) => ({ id: `40000000-0000-4000-8000-${String(at + 1).padStart(12, '0')}`, state }),
)

/** Judges a workshop with one planted fault, or none; its clock goes when the judge waits. */
export function judgeWorkshop(
  fault: Fault = {},
  options: Partial<CheckOptions> = {},
  subject: Subject = readSubject(),
): Promise<Verdict> {
  const clock = { nowMs: Date.UTC(2026, 5, 1) }
  const time = {
    now: () => clock.nowMs,
    wait: async (ms: number) => {
      clock.nowMs += ms
    },
  }
  return checkTarget(subject, createWorkshop(clock, fault), {
    baseUrl: 'http://workshop.test',
    allowWrites: true,
    jobs: JOBS,
    seed: 3,
    concurrency: 1,
    time,
    patienceMs: 60_000,
    ...options,
  })
}
