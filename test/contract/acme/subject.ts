/**
 * The document and the job contract of the small job server, read as the program would.
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

/** The text of the document. */
export const DOCUMENT_TEXT: string = readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8')

/** The job contract as data. */
export const CONTRACT_DATA: JsonObject = load(
  readFileSync(new URL('job-contract.yaml', import.meta.url), 'utf8'),
) as JsonObject

/** Reads the subject; each call reads it anew. */
export function readSubject(): Subject {
  const file = 'acme/openapi.yaml'
  const document = createDocument('acme', file, load(DOCUMENT_TEXT) as JsonObject)
  const contract = readJobContract(CONTRACT_DATA, document, (pointer) => `acme/job-contract.yaml${pointer}`)
  return { document, contract, locate: createLocator(DOCUMENT_TEXT), file }
}

/** The line on which a text first stands in the document, counted from 1. */
export function lineOf(text: string): number {
  return DOCUMENT_TEXT.slice(0, DOCUMENT_TEXT.indexOf(text)).split('\n').length
}
