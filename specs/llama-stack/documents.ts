/**
 * The document under both profiles, as the tests of this folder read it: references, operations, schemas.
 * No module of `src/` is imported, so the mock and these tests cannot err alike.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'

/** An object by the names of its members. */
export type Members<Value = unknown> = Readonly<Record<string, Value>>

/** A part of the document that may say where it comes from. */
export interface Part extends Members {
  readonly 'x-evidence'?: string
  readonly 'x-source'?: string
}

/** The bodies of a request or an answer. */
export interface Content {
  readonly content?: Members<{ readonly schema: Members; readonly examples: Members<{ value: unknown }> }>
}

/** A documented answer. */
export interface Response extends Part, Content {
  readonly headers?: Members
}

/** A documented operation. */
export interface Operation extends Part {
  readonly operationId: string
  readonly parameters: readonly unknown[]
  readonly requestBody?: unknown
  readonly responses: Members
}

/** An OpenAPI document, as far as it is read here. */
export interface Document extends Members {
  readonly paths: Members<Members<Operation>>
  readonly components: Members<Members<Part>>
}

/** The text of a file of this folder. */
export const readText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')
/** The document of the profile `spec`. */
export const spec: Document = load(readText('openapi.yaml')) as Document
const patch = load(readText('wire.yaml')) as { readonly document: Members }
/** The document of the profile `wire`: the same with `wire.yaml` merged in. */
export const wire: Document = merged(spec, patch.document) as Document

const ajv = new Ajv2020({ strict: false, inlineRefs: false, allErrors: true })
ajv.addSchema({ $id: 'spec', ...spec }).addSchema({ $id: 'wire', ...wire })

/** Is it an object, and no list? */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 7396, once more and by itself. */
function merged(value: unknown, change: unknown): unknown {
  if (!isObject(change)) return change
  const result: Record<string, unknown> = isObject(value) ? { ...value } : {}
  for (const [name, member] of Object.entries(change)) {
    if (member === null) delete result[name]
    else result[name] = merged(result[name], member)
  }
  return result
}

/** What a local reference names; any other value is itself. */
export function resolve(document: Document, value: unknown): unknown {
  if (!isObject(value) || typeof value['$ref'] !== 'string') return value
  let found: unknown = document
  for (const name of value['$ref'].split('/').slice(1)) found = isObject(found) ? found[name] : undefined
  if (found === undefined) throw new Error(`${value['$ref']} names nothing`)
  return resolve(document, found)
}

/** Every disagreement of a value with a schema that stands somewhere in a document, one line each. */
export function disagreements(
  value: unknown,
  schema: Members | undefined,
  profile: 'spec' | 'wire' = 'spec',
): string[] {
  if (schema === undefined) return ['no schema']
  const validate = ajv.compile({ $ref: `${profile}${schema['$ref']}` })
  if (validate(value) === true) return []
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`)
}

/** An operation and where it stands. */
export interface Place {
  readonly id: string
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

/** Every operation of a document, in its order. */
export function operationsOf({ paths }: Document): Place[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => {
      return { id: operation.operationId, path, method, operation }
    }),
  )
}

/** Every answer of every operation of a document. */
export function responsesOf(document: Document): { id: string; status: string; response: Response }[] {
  return operationsOf(document).flatMap(({ id, operation }) =>
    Object.keys(operation.responses).map((status) => {
      return { id, status, response: responseOf(document, operation, status) }
    }),
  )
}

/** The answer that a status has: its own, else the default one. */
export function responseOf(document: Document, operation: Operation, status: string): Response {
  return resolve(document, operation.responses[status] ?? operation.responses['default']) as Response
}

/** The operation that a request belongs to. */
export function findOperation(document: Document, method: string, path: string): Operation {
  const found = operationsOf(document).find(
    (candidate) =>
      candidate.method === method.toLowerCase() &&
      new RegExp(`^${candidate.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
  if (found === undefined) throw new Error(`no operation for ${method} ${path}`)
  return found.operation
}
