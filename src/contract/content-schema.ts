/**
 * What the data of an event must be once it is read: OpenAPI 3.2 describes an event as an object of texts,
 * and says of its data with `contentMediaType` and `contentSchema` what the text holds.
 *
 * @see https://spec.openapis.org/oas/v3.2.0.html#server-sent-event-streams
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { listAt, memberOf, objectAt, textAt } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import { mediaKindOf } from '../openapi/media-type.ts'
import { schemaAt } from './schema-place.ts'

/** Does a value keep a schema? */
export type Admits = (schema: string, value: Json) => boolean

const DEPTH_LIMIT = 8

/** The schemas that the data of an event must keep as JSON: of unions those of the branches that it is of. */
export function dataSchemas(
  document: JsonObject,
  schema: string,
  event: Json,
  admits: Admits,
): readonly string[] {
  const found: string[] = []
  walk(
    document,
    schema,
    0,
    (place, keyword) => keyword === 'allOf' || admits(place, event),
    (place) => {
      const data = memberOf(objectAt(schemaAt(document, place).value, 'properties'), 'data')
      if (data === undefined) return
      const { pointer } = schemaAt(document, place)
      walk(
        document,
        pointerTo(pointer, 'properties', 'data'),
        0,
        (_, keyword) => keyword === 'allOf',
        (inner) => {
          const content = contentSchemaAt(document, inner)
          if (content !== null) found.push(content)
        },
      )
    },
  )
  return [...new Set(found)]
}

function contentSchemaAt(document: JsonObject, place: string): string | null {
  const { pointer, value } = schemaAt(document, place)
  if (mediaKindOf(textAt(value, 'contentMediaType')) !== 'json') return null
  return memberOf(value, 'contentSchema') === undefined ? null : pointerTo(pointer, 'contentSchema')
}

/** Calls on a schema and on those it is put together from, as far as each is wanted. */
function walk(
  document: JsonObject,
  place: string,
  depth: number,
  isWanted: (place: string, keyword: string) => boolean,
  visit: (place: string) => void,
): void {
  if (depth > DEPTH_LIMIT) return
  visit(place)
  const { pointer, value } = schemaAt(document, place)
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    listAt(value, keyword).forEach((_, at) => {
      const branch = pointerTo(pointer, keyword, at)
      if (isWanted(branch, keyword)) walk(document, branch, depth + 1, isWanted, visit)
    })
  }
}
