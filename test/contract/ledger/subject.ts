/**
 * The document and the job contract of the ledger, read as the program would.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { Subject } from '../../../src/contract/subject.ts'
import { readJobContract } from '../../../src/job-contract/read-job-contract.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { createDocument } from '../../../src/openapi/document.ts'
import { createLocator } from '../../../src/openapi/locate.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const TEXT = read('openapi.yaml')

/** Reads the subject; `change` is merged into the contract of the list. */
export function readLedger(change: JsonObject = {}): Subject {
  const file = 'ledger/openapi.yaml'
  const document = createDocument('ledger', file, load(TEXT) as JsonObject)
  const data = load(read('job-contract.yaml')) as { operations: { listJobs: { list: JsonObject } } }
  Object.assign(data.operations.listJobs.list, change)
  const contract = readJobContract(data as unknown as JsonObject, document, (pointer) => pointer)
  return { document, contract, locate: createLocator(TEXT), file }
}

/** The text of a line of the document, counted from 1. */
export function lineAt(number: number): string {
  return TEXT.split('\n')[number - 1]?.trim() ?? ''
}
