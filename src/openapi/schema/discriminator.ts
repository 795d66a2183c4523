/**
 * OpenAPI's `discriminator`: the member that names the schema of its object, wherever the object stands. The
 * member must be one of the known names, and the object must keep the schema so named; the unions beside it
 * keep their own say.
 *
 * @see https://spec.openapis.org/oas/v3.1.1#discriminator-object
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt } from '../../model/json.ts'
import { applyHere } from './apply.ts'
import type { Check, Run, SchemaNode, Site } from './node.ts'
import { broken } from './run.ts'

/** What a discriminator needs to know of the document it stands in. */
export interface Names {
  /** The names of the components that take a schema into their `allOf`, directly or not, and its own. */
  heirsOf(pointer: string): readonly string[]
}

const COMPONENTS = '#/components/schemas/'

/** `discriminator`, with the mapping, the names of branches and those of heirs. */
export function discriminatorChecks(site: Site, names: Names): readonly Check[] {
  const { node, source, fault } = site
  const { discriminator } = source
  if (discriminator === undefined) return []
  const member = memberOf(discriminator, 'propertyName')
  if (typeof member !== 'string') {
    fault('discriminator', 'needs `propertyName`, the name of a member')
    return []
  }
  const known = schemasByName(site, discriminator as JsonObject, names)
  const fallback = memberOf(discriminator, 'defaultMapping')
  const other = typeof fallback === 'string' ? followName(site, fallback) : null
  const required = listAt(source, 'required').includes(member)
  const nameless = branchesOf(source).some((branch) => isNameless(branch, member))
  return [
    (value, run) => {
      if (!isObject(value)) return true
      const name = memberOf(value, member)
      if (name === undefined && (other === null || required)) {
        if (run.exempt.has(member) || (nameless && !required)) return true
        // `required` says so itself, where it does.
        return required ? false : tellMissing(run, node, member)
      }
      if (name !== undefined && typeof name !== 'string')
        return tellKind(run, node, member, [...known.keys()])
      const named = name === undefined ? undefined : known.get(name)
      const meant = named === undefined ? other : named
      if (meant !== null) return applyMeant(node, meant, value, run)
      return named === null || known.size === 0 || tellKind(run, node, member, [...known.keys()])
    },
  ]
}

/** The schemas by their names; null where a branch has no address, so that its union alone judges by it. */
function schemasByName(
  site: Site,
  discriminator: JsonObject,
  names: Names,
): ReadonlyMap<string, SchemaNode | null> {
  const { source, node } = site
  const known = new Map<string, SchemaNode | null>()
  const add = (name: string, reference: string): void => {
    const target = followName(site, reference)
    if (target !== null && !known.has(name)) known.set(name, target)
  }
  for (const [name, reference] of Object.entries(objectAt(discriminator, 'mapping'))) {
    if (typeof reference === 'string') add(name, reference)
  }
  const branches = branchesOf(source)
  const member = textAt(discriminator, 'propertyName')
  const said = new Map<string, SchemaNode | null>()
  for (const branch of branches) {
    const reference = memberOf(branch, '$ref')
    const target = typeof reference === 'string' ? followName(site, reference) : null
    // Where no mapping says it, the words that a branch has for the member are its names.
    const words = wordsOf(target?.source ?? branch, member)
    for (const word of words) if (!known.has(word)) said.set(word, said.has(word) ? null : target)
    if (typeof reference !== 'string' || words.length > 0) continue
    add(decodeURIComponent(reference.split('/').at(-1) ?? ''), reference)
  }
  const heirs = branches.length > 0 ? [] : names.heirsOf(node.pointer)
  for (const name of heirs) add(name, COMPONENTS + name.replaceAll('~', '~0').replaceAll('/', '~1'))
  return new Map([...known, ...said])
}

function branchesOf(source: JsonObject): readonly Json[] {
  return [...listAt(source, 'oneOf'), ...listAt(source, 'anyOf')]
}

/** The texts that a schema admits for a member, where it lists them. */
function wordsOf(schema: Json, member: string): readonly string[] {
  const own = memberOf(objectAt(schema, 'properties'), member) ?? null
  const words = [memberOf(own, 'const'), ...listAt(own, 'enum')]
  return words.filter((word) => typeof word === 'string')
}

/** A branch without an address has no name, so what keeps it may have none. */
function isNameless(branch: Json, member: string): boolean {
  return memberOf(branch, '$ref') === undefined && !listAt(branch, 'required').includes(member)
}

/** A mapping holds references or the plain names of components. */
function followName(site: Site, reference: string): SchemaNode | null {
  const plain = /^[\w.-]+$/.test(reference) && !/\.(?:json|ya?ml)$/i.test(reference)
  return site.follow('discriminator', plain ? COMPONENTS + reference : reference)
}

/** The schema that was named may take the discriminator's own into its `allOf`: that is not asked again. */
function applyMeant(node: SchemaNode, meant: SchemaNode, value: JsonObject, run: Run): boolean {
  const values = run.open.get(node) ?? new Set()
  run.open.set(node, values)
  if (meant === node || values.has(value)) return true
  const { marks } = run
  values.add(value)
  // What it evaluates is not evaluated for its owner: a discriminator applies no schema of its own.
  run.marks = null
  const right = applyHere(meant, value, run)
  run.marks = marks
  values.delete(value)
  return right
}

function tellMissing(run: Run, node: SchemaNode, member: string): false {
  const message = `must have the discriminator \`${member}\``
  return broken(run, node, 'discriminator', () => ({ message, params: { missingProperty: member } }))
}

/** Tells of the member at its own place. */
function tellKind(run: Run, node: SchemaNode, member: string, known: readonly Json[]): false {
  run.path.push(member)
  const message = 'must name one of the documented schemas'
  broken(run, node, 'discriminator', () => ({ message, params: { allowedValues: known } }))
  run.path.pop()
  return false
}
