/**
 * One schema in a document of its own, and what the validator says by it.
 *
 * @module
 */
import type { Issue } from '../../src/model/issue.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { createDocument } from '../../src/openapi/document.ts'
import type { Direction } from '../../src/openapi/schema/node.ts'
import type { Validator } from '../../src/openapi/validator.ts'
import { createValidator } from '../../src/openapi/validator.ts'

/** Pointer to the schema that is judged by. */
export const SCHEMA = '/components/schemas/Judged'

/** A document that holds the schema as `Judged` beside others. */
export function documentWith(
  version: string,
  schema: Json,
  schemas: JsonObject = {},
  rest: JsonObject = {},
): JsonObject {
  return {
    openapi: version,
    info: { title: 'judged', version: '1' },
    paths: {},
    ...rest,
    components: { schemas: { ...schemas, Judged: schema } },
  }
}

/** The validator of such a document. */
export function validatorWith(
  version: string,
  schema: Json,
  schemas?: JsonObject,
  rest?: JsonObject,
): Validator {
  return createValidator(
    createDocument('judged', 'judged.yaml', documentWith(version, schema, schemas, rest)),
  )
}

/** What is told of a value, as `place keyword`. */
export function told(validator: Validator, value: Json, direction?: Direction): readonly string[] {
  return validator.explain(SCHEMA, value, 50, direction).map(inShort)
}

function inShort({ at, keyword }: Issue): string {
  return `${at} ${keyword}`
}
