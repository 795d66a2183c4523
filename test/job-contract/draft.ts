/**
 * Drafts of job contracts for tests, held against the published schema.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { draftOf } from '../../src/cli/inferred.ts'
import type { Confidence } from '../../src/job-contract/infer/decision.ts'
import type { JobContract } from '../../src/job-contract/job-contract.ts'
import type { Document } from '../../src/openapi/document.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../contracts/job-contract.schema.json', import.meta.url), 'utf8'),
) as object
const check = new Ajv2020({ strict: false, validateFormats: false }).compile(schema)

/** What is wrong with the data of a job contract; null where nothing is. */
export function faultOf(data: unknown): string | null {
  return check(data) ? null : JSON.stringify(check.errors)
}

/** The contract that is read into a document; it keeps the schema. */
export function inferred(document: Document, least: Confidence = 'likely'): JobContract {
  const draft = draftOf(document, least)
  if (draft === null) throw new Error('nothing looks like a job')
  const fault = faultOf(draft.data)
  if (fault !== null) throw new Error(fault)
  return draft.contract
}
