/**
 * Where a document describes the rows that an operation answers.
 *
 * @module
 */
import { segmentsOf } from '../model/pointer.ts'
import type { Document } from '../openapi/document.ts'
import { operationById } from '../openapi/document.ts'
import { descend } from '../openapi/reference.ts'
import { successStatus } from '../openapi/response.ts'
import type { JobContract } from './job-contract.ts'

/** Pointer to the schema of a row: as the job contract says, else the items of the list of rows. */
export function rowSchemaOf(document: Document, contract: JobContract, operationId: string): string | null {
  const rows = contract.operations[operationId]?.rows
  if (rows == null) return null
  if (rows.schema !== null) return rows.schema
  const operation = operationById(document, operationId)
  if (operation === undefined) return null
  const success = operation.responses.get(String(successStatus(operation)))
  const body = success?.content.find(({ schema }) => schema !== null)?.schema
  if (body == null) return null
  return descend(document.json, body, [
    ...segmentsOf(rows.at).flatMap((name) => ['properties', name]),
    'items',
  ])
}
