/**
 * Which components inherit from which: those that take another into their `allOf`.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { listAt, memberOf, objectAt } from '../../model/json.ts'
import { segmentsOf } from '../../model/pointer.ts'
import type { Names } from './discriminator.ts'

/** Reads the heirs off a document, when they are first asked for. */
export function namesIn(document: Json): Names {
  let heirs: ReadonlyMap<string, ReadonlySet<string>> | null = null
  return {
    heirsOf(pointer) {
      const [first, second, name, ...rest] = segmentsOf(pointer)
      if (first !== 'components' || second !== 'schemas' || name === undefined || rest.length > 0) return []
      heirs ??= directHeirs(document)
      const all = new Set([name])
      for (const each of all) for (const heir of heirs.get(each) ?? []) all.add(heir)
      // One that nobody inherits from has no family to name.
      return all.size === 1 ? [] : [...all]
    },
  }
}

function directHeirs(document: Json): ReadonlyMap<string, ReadonlySet<string>> {
  const heirs = new Map<string, Set<string>>()
  const schemas = objectAt(objectAt(document, 'components'), 'schemas')
  for (const [name, schema] of Object.entries(schemas)) {
    for (const part of listAt(schema, 'allOf')) {
      const reference = memberOf(part, '$ref')
      const parent =
        typeof reference === 'string' ? segmentsOf(reference.replace(/^#/, '')).at(-1) : undefined
      if (parent === undefined) continue
      const known = heirs.get(parent) ?? new Set()
      heirs.set(parent, known.add(name))
    }
  }
  return heirs
}
