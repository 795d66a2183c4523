/**
 * The operations of a document as plain values: what a request may hold and what an answer must be.
 * Nothing is compiled here; schemas are named by their pointers.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import type { Parameter } from './parameter.ts'
import { parameterAt } from './parameter.ts'
import type { Resolved } from './reference.ts'
import { resolve } from './reference.ts'
import { serverPaths } from './server-path.ts'

/** The methods a path item may document; the last one since 3.2. */
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const

/** A body or answer of one media type. */
export interface MediaType {
  readonly type: string
  /** Pointer to its schema; null where none is documented. */
  readonly schema: string | null
  /** Pointer to the schema of each item of a sequence; null where none is documented. */
  readonly itemSchema: string | null
  /** Named examples; the unnamed one is called `default`. */
  readonly examples: ReadonlyMap<string, Json>
}

/** A documented response header. */
export interface Header {
  readonly name: string
  readonly required: boolean
  readonly schema: string | null
  /** Set when the value is a serialised document of this media type. */
  readonly mediaType: string | null
  /** Are members of an object written as `name=value`? */
  readonly explode: boolean
  readonly pointer: string
}

/** A documented answer. */
export interface ResponseSpec {
  /** `200`, `2XX` or `default`. */
  readonly status: string
  readonly pointer: string
  readonly headers: readonly Header[]
  readonly content: readonly MediaType[]
}

/** A documented request body. */
export interface RequestBody {
  readonly required: boolean
  readonly content: readonly MediaType[]
}

/** Schemes that must all be satisfied; an operation lists alternatives. */
export type SecurityRequirement = Readonly<Record<string, readonly string[]>>

/** One operation of a document. */
export interface Operation {
  readonly id: string
  /** As it is sent: in capitals, unless the document has another method than HTTP's own. */
  readonly method: string
  readonly path: string
  /** Path prefixes of its own servers or its path's; empty where those of the document count. */
  readonly basePaths: readonly string[]
  readonly pointer: string
  readonly summary: string
  readonly parameters: readonly Parameter[]
  /** Its query is described as a whole (`in: querystring`) and must be there; nobody here writes one. */
  readonly needsQuerystring: boolean
  readonly body: RequestBody | null
  readonly responses: ReadonlyMap<string, ResponseSpec>
  /** Alternatives; an empty list means that no credentials are asked for. */
  readonly security: readonly SecurityRequirement[]
}

/** Reads every operation of a document, in its order. */
export function operationsOf(document: JsonObject): readonly Operation[] {
  return Object.keys(objectAt(document, 'paths')).flatMap((path) => {
    const item = resolve(document, pointerTo('/paths', path))
    return methodsOf(item.value).map(([method, ...steps]) =>
      operationAt(document, item, path, method, pointerTo(item.pointer, ...steps)),
    )
  })
}

/** The methods of a path item, each with the steps to its operation. */
function methodsOf(item: JsonObject): readonly (readonly [string, ...string[]])[] {
  const own = METHODS.filter((method) => isObject(memberOf(item, method)))
  const others = Object.keys(objectAt(item, 'additionalOperations'))
  return [
    ...own.map((method) => [method.toUpperCase(), method] as const),
    ...others.map((method) => [method, 'additionalOperations', method] as const),
  ]
}

function operationAt(
  document: JsonObject,
  item: Resolved,
  path: string,
  method: string,
  pointer: string,
): Operation {
  const operation = readPointer(document, pointer) as JsonObject
  const servers = serverPaths(operation)
  const security = memberOf(operation, 'security') ?? memberOf(document, 'security') ?? []
  const places = parameterPlaces(document, [item.pointer, pointer])
  return {
    id: textAt(operation, 'operationId', `${method} ${path}`),
    method,
    path,
    basePaths: servers.length === 0 ? serverPaths(item.value) : servers,
    pointer,
    summary: textAt(operation, 'summary'),
    parameters: parametersAt(document, places),
    needsQuerystring: places.some(({ value }) => isQuerystring(value) && value['required'] === true),
    body: bodyAt(document, pointer, operation),
    responses: responsesAt(document, pointerTo(pointer, 'responses'), objectAt(operation, 'responses')),
    security: security as readonly SecurityRequirement[],
  }
}

/** Where the parameters of a path and its operation stand, those of the operation last. */
function parameterPlaces(document: JsonObject, owners: readonly string[]): readonly Resolved[] {
  return owners.flatMap((owner) =>
    listAt(resolve(document, owner).value, 'parameters').map((_, position) =>
      resolve(document, pointerTo(owner, 'parameters', position)),
    ),
  )
}

function isQuerystring(parameter: JsonObject): boolean {
  return memberOf(parameter, 'in') === 'querystring'
}

/** An operation's own parameters replace those of its path, by place and name. */
function parametersAt(document: JsonObject, places: readonly Resolved[]): readonly Parameter[] {
  const parameters = new Map<string, Parameter>()
  for (const { pointer, value } of places) {
    if (isQuerystring(value)) continue
    const parameter = parameterAt(document, pointer)
    parameters.set(`${parameter.in} ${parameter.name}`, parameter)
  }
  return [...parameters.values()]
}

function bodyAt(document: JsonObject, pointer: string, operation: JsonObject): RequestBody | null {
  if (!isObject(memberOf(operation, 'requestBody'))) return null
  const body = resolve(document, pointerTo(pointer, 'requestBody'))
  return { required: body.value['required'] === true, content: contentAt(document, body.pointer, body.value) }
}

function responsesAt(
  document: JsonObject,
  pointer: string,
  responses: JsonObject,
): ReadonlyMap<string, ResponseSpec> {
  const statuses = Object.keys(responses).filter((status) => !status.startsWith('x-'))
  return new Map(
    statuses.map((status) => {
      const response = resolve(document, pointerTo(pointer, status))
      return [
        status.toUpperCase() === 'DEFAULT' ? 'default' : status.toUpperCase(),
        {
          status,
          pointer: pointerTo(pointer, status),
          headers: headersAt(document, response.pointer, response.value),
          content: contentAt(document, response.pointer, response.value),
        },
      ]
    }),
  )
}

/** A header named Content-Type is ignored, as the specification asks. */
function headersAt(document: JsonObject, pointer: string, response: JsonObject): readonly Header[] {
  const names = Object.keys(objectAt(response, 'headers'))
  return names
    .filter((name) => name.toLowerCase() !== 'content-type')
    .map((name) => {
      const header = resolve(document, pointerTo(pointer, 'headers', name))
      const [mediaType = null] = Object.keys(objectAt(header.value, 'content'))
      const owner =
        mediaType === null ? header : resolve(document, pointerTo(header.pointer, 'content', mediaType))
      return {
        name,
        required: header.value['required'] === true,
        schema: schemaAt(owner, 'schema'),
        mediaType,
        explode: header.value['explode'] === true,
        pointer: header.pointer,
      }
    })
}

function contentAt(document: JsonObject, pointer: string, owner: JsonObject): readonly MediaType[] {
  return Object.keys(objectAt(owner, 'content')).map((type) => {
    const media = resolve(document, pointerTo(pointer, 'content', type))
    return {
      type,
      schema: schemaAt(media, 'schema'),
      itemSchema: schemaAt(media, 'itemSchema'),
      examples: examplesAt(document, media.pointer, media.value),
    }
  })
}

function schemaAt({ pointer, value }: Resolved, name: string): string | null {
  return memberOf(value, name) === undefined ? null : pointerTo(pointer, name)
}

function examplesAt(document: JsonObject, pointer: string, media: JsonObject): ReadonlyMap<string, Json> {
  const examples = new Map<string, Json>()
  const single = memberOf(media, 'example')
  if (single !== undefined) examples.set('default', single)
  for (const name of Object.keys(objectAt(media, 'examples'))) {
    const value = memberOf(resolve(document, pointerTo(pointer, 'examples', name)).value, 'value')
    if (value !== undefined) examples.set(name, value)
  }
  return examples
}
