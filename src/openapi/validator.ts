/**
 * Values against the schemas of one document: ajv, configured to be exact and to skip nothing in silence.
 * Each schema is compiled when it is first asked for.
 *
 * @module
 */

import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Issue } from '../model/issue.ts'
import type { Json } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { UsageError } from '../model/usage-error.ts'
import { translate } from './dialect.ts'
import type { Document } from './document.ts'
import { NUMBER_FORMATS, STRING_FORMATS } from './format.ts'
import { isMultipleOf } from './multiple-of.ts'

/** Judges values by the schemas of one document. */
export interface Validator {
  /**
   * @param schema - Pointer to a schema of the document.
   * @param limit - How many disagreements are told of; {@link ISSUE_LIMIT} unless given.
   * @returns The disagreements, none when the value is right.
   * @throws {@link UsageError} when that schema does not compile.
   */
  check(schema: string, value: unknown, limit?: number): readonly Issue[]
}

/** How many issues one value may have before the rest is left out. */
const ISSUE_LIMIT = 50

const ID = 'document'

/** Creates the validator of a document; nothing is compiled yet. */
export function createValidator(document: Document): Validator {
  const { json, origins } = translate(document.json, document.dialect)
  const ajv = createAjv()
  ajv.addSchema({ ...json, $id: ID }, ID)
  const compiled = new Map<string, ValidateFunction>()

  function compile(schema: string): ValidateFunction {
    const known = compiled.get(schema)
    if (known !== undefined) return known
    try {
      const validate = ajv.getSchema(`${ID}#${encodeURI(schema).replaceAll('#', '%23')}`)
      if (validate === undefined) throw new Error('there is no schema')
      compiled.set(schema, validate)
      return validate
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new UsageError(`${document.file}: the schema at ${schema} does not compile: ${reason}`)
    }
  }

  return {
    check(schema, value, limit = ISSUE_LIMIT) {
      const validate = compile(schema)
      if (validate(value)) return []
      return (validate.errors ?? []).slice(0, limit).map((error) => toIssue(error, schema, origins))
    },
  }
}

function createAjv(): Ajv2020.default {
  const ajv = new Ajv2020.default({
    strict: false,
    strictNumbers: true,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    inlineRefs: false,
    code: { optimize: false },
    validateSchema: false,
    discriminator: false,
    logger: false,
  })
  addFormats.default(ajv, { mode: 'full' })
  for (const [name, validate] of Object.entries(STRING_FORMATS)) ajv.addFormat(name, validate)
  for (const [name, validate] of Object.entries(NUMBER_FORMATS)) {
    ajv.addFormat(name, { type: 'number', validate })
  }
  ajv.removeKeyword('multipleOf')
  ajv.addKeyword({
    keyword: 'multipleOf',
    type: 'number',
    schemaType: 'number',
    compile: (divisor: number) => (value: number) => isMultipleOf(value, divisor),
    error: { message: 'must be a multiple of the documented number' },
  })
  return ajv
}

/** `schemaPath` starts again behind each reference; the way back leads through the schema object. */
function toIssue(error: ErrorObject, schema: string, origins: WeakMap<object, string>): Issue {
  const parent: unknown = error.parentSchema
  const owner = (isObject(parent) ? origins.get(parent) : undefined) ?? schema
  return {
    at: error.instancePath,
    keyword: error.keyword,
    message: error.message ?? `breaks ${error.keyword}`,
    params: error.params as Readonly<Record<string, Json>>,
    schema: pointerTo(owner, error.keyword),
  }
}
