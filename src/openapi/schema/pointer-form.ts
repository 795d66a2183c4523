/**
 * References by address or anchor, said as pointers into the one document: what reads documents without
 * judging by them need not know the rest.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { visitSchemas } from './positions.ts'
import { Library } from './resource.ts'

/** Stands for the address of a document that has none. */
const NAMELESS = 'https://standin.invalid/document'

/** The schemas of a whole document, with the addresses they give themselves. */
export function libraryOf(json: JsonObject, old: boolean): Library {
  return new Library({ address: NAMELESS, json, kind: 'other', dialect: old ? '3.0' : '2020-12' })
}

/** The same document where every such reference that leads somewhere is a pointer; itself where none is. */
export function withPointers(json: JsonObject): JsonObject {
  const references = new Map<string, string>()
  let isPlain = true
  visitSchemas(json, 'other', (schema, pointer) => {
    const reference = memberOf(schema, '$ref')
    if (typeof reference === 'string') references.set(pointer, reference)
    const hasAddress = memberOf(schema, '$id') !== undefined
    if (hasAddress || (typeof reference === 'string' && !reference.startsWith('#/'))) isPlain = false
  })
  if (isPlain) return json
  const library = libraryOf(json, false)
  const found = new Map<string, string>()
  for (const [pointer, reference] of references) {
    const place = library.resolve(reference, library.resourceAt({ source: library.main, pointer }))
    if (typeof place === 'string') continue
    const plain = `#${encodeURI(place.pointer).replaceAll('#', '%23')}`
    if (decodeURIComponent(plain) !== reference) found.set(pointer, plain)
  }
  return found.size === 0 ? json : (rewritten(json, '', found) as JsonObject)
}

function rewritten(node: Json, pointer: string, found: ReadonlyMap<string, string>): Json {
  if (Array.isArray(node)) {
    return (node as readonly Json[]).map((item, position) =>
      rewritten(item, pointerTo(pointer, position), found),
    )
  }
  if (!isObject(node)) return node
  const copy = Object.entries(node).map(([name, member]): [string, Json] => [
    name,
    rewritten(member, pointerTo(pointer, name), found),
  ])
  const reference = found.get(pointer)
  return Object.fromEntries(reference === undefined ? copy : [...copy, ['$ref', reference]])
}
