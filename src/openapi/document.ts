/**
 * An OpenAPI document as the rest of the house sees it. Reading files and checking them against the
 * metaschema happen before, in `cli/`.
 *
 * @module
 */
import type { JsonObject } from '../model/json.ts'
import { memberOf, objectAt, textAt } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Operation } from './operation.ts'
import { operationsOf } from './operation.ts'
import { resolve, targetOf } from './reference.ts'
import { withPointers } from './schema/pointer-form.ts'
import { visitReferences } from './schema/positions.ts'
import type { SecurityScheme } from './security.ts'
import { securitySchemesOf } from './security.ts'
import { serverPaths } from './server-path.ts'

/** A document that was read, with its operations as plain values. */
export interface Document {
  /** The id of its API. */
  readonly id: string
  /** The file as findings name it. */
  readonly file: string
  readonly title: string
  readonly json: JsonObject
  readonly dialect: '3.0' | '3.1'
  readonly operations: readonly Operation[]
  readonly schemes: ReadonlyMap<string, SecurityScheme>
  /** Path prefixes of its `servers`, without a trailing slash; the empty one where none is given. */
  readonly basePaths: readonly string[]
}

/**
 * Reads a parsed document.
 *
 * @param placeOf - Names a place of the file where something is wrong.
 * @throws {@link UsageError} when it is no OpenAPI 3 document or a reference in it leads nowhere.
 */
export function createDocument(
  id: string,
  file: string,
  written: JsonObject,
  placeOf: (pointer: string) => string = (pointer) => file + pointer,
): Document {
  const strange = versionFault(written)
  if (strange !== null) throw new UsageError(`${file}: ${strange}`)
  const broken = brokenReference(written)
  if (broken !== null) throw new UsageError(`${file}: ${broken.message}`)
  const json = inPointers(written)
  const operations = operationsOf(json)
  const servers = serverPaths(json)
  verifyIds(operations, placeOf)
  return {
    id,
    file,
    title: textAt(objectAt(json, 'info'), 'title', id),
    json,
    dialect: textAt(json, 'openapi').startsWith('3.0') ? '3.0' : '3.1',
    operations,
    schemes: securitySchemesOf(json),
    basePaths: servers.length === 0 ? [''] : servers,
  }
}

/** Which versions are understood, where the document is of none of them. */
export function versionFault(written: JsonObject): string | null {
  const version = memberOf(written, 'openapi')
  if (typeof version === 'string' && /^3\.[012]\.\d+/.test(version)) return null
  const understood = '3.0, 3.1 and 3.2 are understood'
  if (version === undefined) return `\`openapi\` is missing; ${understood}`
  if (typeof version === 'string') return `\`openapi\` is ${version || 'empty'}; ${understood}`
  return `\`openapi\` must be a text such as "3.1.0", is ${JSON.stringify(version)}; ${understood}`
}

/**
 * What stands before the path of an operation where `base` stands before those of the document: other servers
 * than the document's are beside them.
 */
export function basesFor({ basePaths }: Document, operation: Operation, base: string): readonly string[] {
  const own = operation.basePaths
  if (own.length === 0) return [base]
  const ends = basePaths.filter((path) => base.endsWith(path)).sort((a, b) => b.length - a.length)
  const [end] = ends
  return end === undefined ? [base] : own.map((path) => base.slice(0, base.length - end.length) + path)
}

/** The operation of that id, or undefined. */
export function operationById(document: Document, id: string): Operation | undefined {
  return document.operations.find((operation) => operation.id === id)
}

function verifyIds(operations: readonly Operation[], placeOf: (pointer: string) => string): void {
  const seen = new Map<string, string>()
  for (const { id, pointer } of operations) {
    const other = seen.get(id)
    if (other !== undefined) {
      const places = `${placeOf(pointer)}: operationId ${id} stands twice`
      throw new UsageError(`${places}; first at ${placeOf(other)}`)
    }
    seen.set(id, pointer)
  }
}

/** A reference that cannot be followed, and where it stands. */
export interface BrokenReference {
  readonly pointer: string
  readonly message: string
}

/** The first reference that leads nowhere; what stands in `x-…` and examples is data. */
export function brokenReference(written: JsonObject): BrokenReference | null {
  const json = inPointers(written)
  let broken: BrokenReference | null = null
  visitReferences(json, (reference, pointer) => {
    if (broken !== null) return
    const message = faultOf(json, reference, pointer)
    if (message !== null) broken = { pointer, message }
  })
  return broken
}

function faultOf(json: JsonObject, reference: string, pointer: string): string | null {
  try {
    resolve(json, targetOf(reference, pointer))
    return null
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return /holds nothing/.test(error.message)
      ? `$ref ${reference} leads nowhere (at ${pointer})`
      : error.message
  }
}

/** Since 3.1 schemas may be referred to by the addresses and anchors they give themselves. */
function inPointers(json: JsonObject): JsonObject {
  return textAt(json, 'openapi').startsWith('3.0') ? json : withPointers(json)
}
