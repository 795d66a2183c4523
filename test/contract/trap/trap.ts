/**
 * Traps of response validation: a fragment of a document, raw answers that keep it and raw answers that break
 * it, each with the one check that must say so.
 *
 * @module
 */
import type { CheckName } from '../../../src/contract/finding.ts'
import type { Json, JsonObject } from '../../../src/model/json.ts'
import type { RawAnswer } from '../raw-answer.ts'

/** The check that speaks, in short. */
export type ShortName = 'status' | 'type' | 'header' | 'text' | 'schema'

/** The checks by their short names. */
export const CHECKS: Readonly<Record<ShortName, CheckName>> = {
  status: 'status_code_conformance',
  type: 'content_type_conformance',
  header: 'response_headers_conformance',
  text: 'json_text_conformance',
  schema: 'response_schema_conformance',
}

/** One trap. */
export interface Trap {
  readonly name: string
  readonly dialects: readonly string[]
  readonly responses: JsonObject
  readonly components?: Json
  readonly right?: readonly RawAnswer[]
  readonly wrong?: readonly (readonly [ShortName, RawAnswer])[]
}

export const ALL: readonly string[] = ['3.0', '3.1', '3.2']
export const OLD: readonly string[] = ['3.0']
export const NEW: readonly string[] = ['3.1', '3.2']

/** A documented answer of JSON. */
export function json(schema: Json, more: JsonObject = {}): JsonObject {
  return { description: 'a', content: { 'application/json': { schema } }, ...more }
}

/** A trap of a schema: JSON texts that keep it, and JSON texts that break it. */
export function schemaTrap(
  name: string,
  dialects: readonly string[],
  schema: Json,
  right: readonly string[],
  wrong: readonly string[],
  schemas: JsonObject = {},
): Trap {
  return {
    name,
    dialects,
    responses: { '200': json(schema) },
    components: { schemas },
    right: right.map((body) => ({ body })),
    wrong: wrong.map((body) => ['schema', { body }] as const),
  }
}
