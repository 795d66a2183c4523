/**
 * The phrases of which the control API's document is made: bodies, answers, parameters. What every operation
 * has in common is added in `document.ts`.
 *
 * @module
 */
import { DURATION_PATTERN } from '../model/duration.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { RefusalCode } from '../model/refusal.ts'
import { REFUSALS } from '../model/refusal.ts'

/** The media type of refusals. */
export const PROBLEM_TYPE = 'application/problem+json'

/** A reference to a schema of the document. */
export function schemaOf(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` }
}

/** An answer, or a request's body, of JSON. */
function jsonContent(schema: JsonObject, example: Json): JsonObject {
  return { 'application/json': { schema, example } }
}

/** An answer whose body is JSON. */
export function answer(description: string, schema: JsonObject, example: Json): JsonObject {
  return { description, content: jsonContent(schema, example) }
}

/** An answer to a request that made something: it says where that is. */
export function created(description: string, schema: JsonObject, example: Json): JsonObject {
  const headers = {
    Location: { description: 'Where it is.', required: true, schema: { type: 'string', minLength: 1 } },
  }
  return { ...answer(description, schema, example), headers }
}

/** A refusal. */
export function problem(description: string, code: RefusalCode, detail: string): JsonObject {
  const { status, title } = REFUSALS[code]
  const example = {
    ...{ type: `urn:standin:problem:${code}`, title, status, detail, instance: '/_standin/jobs' },
  }
  return { description, content: { [PROBLEM_TYPE]: { schema: schemaOf('Problem'), example } } }
}

/** The body of a request, which must be there. */
export function body(schema: JsonObject, example: Json): JsonObject {
  return { required: true, content: jsonContent(schema, example) }
}

/** A parameter of the path. */
export function inPath(name: string, description: string, example: string): JsonObject {
  return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 }, example }
}

/** A parameter of the query, which may be left out. */
export function inQuery(name: string, description: string, schema: JsonObject): JsonObject {
  return { name, in: 'query', description, schema }
}

/** The sandbox that is meant, for operations on one. */
export const SANDBOX: JsonObject = { $ref: '#/components/parameters/Sandbox' }

/** An object of these members and no others. */
export function members(
  properties: Readonly<Record<string, JsonObject>>,
  required: readonly string[] = Object.keys(properties),
): JsonObject {
  return { type: 'object', additionalProperties: false, required, properties }
}

/** A span of time. */
export function duration(description: string): JsonObject {
  return { type: 'string', pattern: DURATION_PATTERN, description, examples: ['PT30S'] }
}

/** An instant. */
export function instant(description: string): JsonObject {
  return { type: 'string', format: 'date-time', description }
}
