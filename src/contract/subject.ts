/**
 * What is judged against: a document, the job contract beside it, and the way back to the document's lines.
 * Who is judged is a {@link Target}.
 *
 * @module
 */
import type { JobContract, OperationContract } from '../job-contract/job-contract.ts'
import type { Document } from '../openapi/document.ts'
import type { Locate } from '../openapi/locate.ts'
import type { Operation } from '../openapi/operation.ts'
import type { Validator } from '../openapi/validator.ts'
import { createValidator } from '../openapi/validator.ts'

/** One API as the judge knows it. */
export interface Subject {
  readonly document: Document
  /** Null where nothing is known of its jobs. */
  readonly contract: JobContract | null
  readonly locate: Locate
  /** The document's file as findings name it. */
  readonly file: string
}

/** A place in a document. */
export interface Place {
  readonly file: string
  readonly pointer: string
  /** Line and column count from 1. */
  readonly line: number
  readonly column: number
}

/** A subject with its schemas, compiled when first needed: what every check is handed. */
export interface Judge {
  readonly subject: Subject
  readonly validator: Validator
  readonly operations: ReadonlyMap<string, Operation>
}

/** Prepares a subject for judging; schemas are compiled when they are first needed. */
export function createJudge(subject: Subject): Judge {
  return {
    subject,
    validator: createValidator(subject.document),
    operations: new Map(subject.document.operations.map((operation) => [operation.id, operation])),
  }
}

/**
 * Compiles every schema of answers and parameters, so that none is skipped in silence later.
 *
 * @throws {@link UsageError} that names the schema which does not compile.
 */
export function verifySchemas({ subject, validator }: Judge): void {
  for (const { parameters, responses } of subject.document.operations) {
    const answers = [...responses.values()].flatMap(({ content, headers }) => [
      ...content,
      ...content.map(({ itemSchema }) => ({ schema: itemSchema })),
      ...headers,
    ])
    for (const { schema } of [...parameters, ...answers]) {
      if (schema !== null) validator.check(schema, null, 0)
    }
  }
  for (const { rows } of Object.values(subject.contract?.operations ?? {})) {
    if (rows?.schema != null) validator.check(rows.schema, null, 0)
  }
}

/** The place of a pointer; of its nearest ancestor where nothing stands at it. */
export function placeOf(subject: Subject, pointer: string): Place {
  return { file: subject.file, pointer, ...subject.locate(pointer) }
}

/** What the job contract says of an operation; null where it says nothing. */
export function contractOf(subject: Subject, operationId: string): OperationContract | null {
  const operations = subject.contract?.operations ?? {}
  return Object.hasOwn(operations, operationId) ? (operations[operationId] ?? null) : null
}
