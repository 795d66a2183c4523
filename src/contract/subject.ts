/**
 * What is judged against: a document, the job contract beside it, and the way back to the document's lines.
 * Who is judged is a {@link Target}.
 *
 * @module
 */
import type { JobContract, OperationContract } from '../job-contract/job-contract.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Document } from '../openapi/document.ts'
import type { Locate } from '../openapi/locate.ts'
import type { Operation } from '../openapi/operation.ts'
import type { Validator } from '../openapi/validator.ts'
import { createValidator } from '../openapi/validator.ts'
import { dataSchemas } from './content-schema.ts'

/** One API as the judge knows it. */
export interface Subject {
  readonly document: Document
  /** Null where nothing is known of its jobs. */
  readonly contract: JobContract | null
  readonly locate: Locate
  /** The document's file as findings name it. */
  readonly file: string
  /** The job contract was read into the document: what rests on it says so. */
  readonly inferred?: boolean
  /** Pointers into an inferred contract to what was read without doubt; nothing where it is left out. */
  readonly sure?: ReadonlySet<string>
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

/** Schemas are made ready once, however often a subject is judged. */
const JUDGES = new WeakMap<Subject, Judge>()

/** Prepares a subject for judging; schemas are compiled when they are first needed. */
export function createJudge(subject: Subject): Judge {
  const known = JUDGES.get(subject)
  if (known !== undefined) return known
  const judge = {
    subject,
    validator: createValidator(subject.document),
    operations: new Map(subject.document.operations.map((operation) => [operation.id, operation])),
  }
  JUDGES.set(subject, judge)
  return judge
}

/**
 * Makes every schema of requests and answers ready, so that none is skipped in silence later.
 *
 * @throws {@link UsageError} that lists all that is wrong with them, each with file, line and column.
 */
export function verifySchemas({ subject, validator }: Judge): void {
  const lines = schemasOf(subject)
    .flatMap((schema) => validator.faults(schema))
    .map(({ pointer, message }) => {
      const { file, line, column } = placeOf(subject, pointer)
      return `${file}:${line}:${column}: ${message}`
    })
  if (lines.length > 0) throw new UsageError([...new Set(lines)].join('\n'))
}

/** Pointers to the schemas by which something may be judged. */
function schemasOf({ document, contract }: Subject): readonly string[] {
  const inOperations = document.operations.flatMap(({ parameters, body, responses }) => {
    const answers = [...responses.values()]
    const content = [...(body?.content ?? []), ...answers.flatMap((answer) => answer.content)]
    const headers = answers.flatMap((answer) => answer.headers)
    const items = content.flatMap(({ itemSchema }) => itemSchema ?? [])
    return [
      ...[...parameters, ...headers].map(({ schema }) => schema),
      ...content.map(({ schema }) => schema),
      ...items.flatMap((schema) => [schema, ...dataSchemas(document.json, schema, null, () => true)]),
    ]
  })
  const rows = Object.values(contract?.operations ?? {}).map((operation) => operation.rows?.schema)
  return [...new Set([...inOperations, ...rows])].filter((schema) => typeof schema === 'string')
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
