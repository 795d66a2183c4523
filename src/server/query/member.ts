/**
 * The members of rows that a request may name: what the document says of their values.
 *
 * @module
 */
import type { JsonObject, JsonType } from '../../model/json.ts'
import { listAt, memberOf, objectAt, textAt } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Document } from '../../openapi/document.ts'
import { resolve } from '../../openapi/reference.ts'
import { typesAt } from '../../openapi/schema-type.ts'

/** How the values of a member compare. */
export type MemberKind = 'instant' | 'guid' | 'scalar' | 'composite'

/** The members that the schema of a row documents, with the way their values compare. */
export function membersOf(document: Document, schema: string): ReadonlyMap<string, MemberKind> {
  const row = resolve(document.json, schema)
  const names = Object.keys(objectAt(row.value, 'properties'))
  return new Map(
    names.map((name) => {
      const at = pointerTo(row.pointer, 'properties', name)
      return [name, kindOf(formatAt(document.json, at), typesAt(document.json, at))]
    }),
  )
}

function kindOf(format: string, types: ReadonlySet<JsonType>): MemberKind {
  if (format === 'date-time') return 'instant'
  if (format === 'uuid') return 'guid'
  return types.has('object') || types.has('array') ? 'composite' : 'scalar'
}

/** The format of a schema or of the branch of a union that has one. */
function formatAt(document: JsonObject, pointer: string): string {
  const { pointer: at, value } = resolve(document, pointer)
  if (memberOf(value, 'format') !== undefined) return textAt(value, 'format')
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = listAt(value, keyword).map((_, position) =>
      formatAt(document, pointerTo(at, keyword, position)),
    )
    const format = branches.find((branch) => branch !== '')
    if (format !== undefined) return format
  }
  return ''
}
