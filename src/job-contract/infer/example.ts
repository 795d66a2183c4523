/**
 * What a document shows as an example of a parameter.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { resolve } from '../../openapi/reference.ts'
import { keywordOf } from './shape.ts'

/** The text of an example; null where none is shown. */
export function parameterExample(json: JsonObject, { pointer, schema }: Parameter): string | null {
  const own = resolve(json, pointer).value
  const named = memberOf(own, 'examples')
  const [first] = isObject(named) ? Object.values(named) : []
  const shown = [memberOf(own, 'example'), isObject(first) ? memberOf(first, 'value') : undefined]
  const described =
    schema === null ? [] : [keywordOf(json, schema, 'example'), listed(keywordOf(json, schema, 'examples'))]
  const text = [...shown, ...described].find((value) => typeof value === 'string' && value !== '')
  return typeof text === 'string' ? text : null
}

function listed(value: Json | undefined): Json | undefined {
  return Array.isArray(value) ? (value[0] as Json) : undefined
}
