/**
 * What several schemas together say of a value: references followed, `allOf` joined, of each union one branch
 * taken. `not`, `if` and their like stay with whoever checks the value.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../model/json.ts'
import { canonicalText, isObject, listAt, memberOf, objectAt, textAt } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import { targetOf } from '../openapi/reference.ts'
import { typeOf, typesAt } from '../openapi/schema-type.ts'

/** The schemas of one value. */
export interface Shape {
  readonly types: ReadonlySet<JsonType>
  /** The only values it may have; null where they are not listed. */
  readonly values: readonly Json[] | null
  /** Every schema by its pointer. */
  readonly schemas: ReadonlyMap<string, JsonObject>
  /** Pointers of the schemas that are the value's own, not parts of an `allOf`. */
  readonly heads: ReadonlySet<string>
}

/** What shapes are read from. */
export interface ShapeSource {
  readonly document: JsonObject
  /** Which of its usable branches a union stands for, counted from 0; the first unless given. */
  readonly turn?: number
}

/**
 * Reads the shape of a value.
 *
 * @param pointers - All these schemas hold at once.
 * @param within - Heads of the values around it: a union turns to another branch before it goes in circles.
 */
export function shapeOf(
  source: ShapeSource,
  pointers: readonly string[],
  within: ReadonlySet<string>,
): Shape {
  const { document } = source
  const schemas = new Map<string, JsonObject>()
  const heads = new Set<string>()
  const unions: (readonly string[])[] = []

  function add(at: string, head: boolean): void {
    if (head) heads.add(at)
    if (schemas.has(at)) return
    const schema = readPointer(document, at)
    if (!isObject(schema)) return
    schemas.set(at, schema)
    const reference = memberOf(schema, '$ref')
    if (typeof reference === 'string') {
      add(targetOf(reference, at), head)
      if (textAt(document, 'openapi').startsWith('3.0')) return
    }
    for (const part of branchesAt(schema, at, 'allOf')) add(part, false)
    for (const keyword of ['oneOf', 'anyOf'] as const) {
      const branches = branchesAt(schema, at, keyword)
      if (branches.length > 0) unions.push(branches)
    }
  }

  for (const pointer of pointers) add(pointer, true)
  for (const branches of unions) {
    add(chooseBranch(source, branches, commonTypes(document, schemas), within), true)
  }
  const types = commonTypes(document, schemas)
  return { types, values: valuesOf(schemas, types), schemas, heads }
}

function branchesAt(schema: JsonObject, at: string, keyword: string): readonly string[] {
  return listAt(schema, keyword).map((_, position) => pointerTo(at, keyword, position))
}

/** More than null is preferred, and what does not begin the whole again. */
function chooseBranch(
  { document, turn = 0 }: ShapeSource,
  branches: readonly string[],
  types: ReadonlySet<JsonType>,
  within: ReadonlySet<string>,
): string {
  const fitting = branches.filter((branch) => [...typesAt(document, branch)].some((type) => types.has(type)))
  const telling = fitting.filter((branch) =>
    [...typesAt(document, branch)].some((type) => type !== 'null' && types.has(type)),
  )
  const isFresh = (branch: string): boolean => !within.has(endOf(document, branch))
  const lists = [telling.filter(isFresh), fitting.filter(isFresh), telling, fitting, branches]
  const list = lists.find(({ length }) => length > 0) ?? branches
  return list[turn % list.length] ?? ''
}

const CHAIN_LIMIT = 64

/** Where the references that begin at a place end. */
function endOf(document: JsonObject, pointer: string): string {
  let at = pointer
  for (let step = 0; step < CHAIN_LIMIT; step += 1) {
    const reference = memberOf(readPointer(document, at), '$ref')
    if (typeof reference !== 'string') return at
    at = targetOf(reference, at)
  }
  return at
}

function commonTypes(document: JsonObject, schemas: ReadonlyMap<string, JsonObject>): ReadonlySet<JsonType> {
  const sets = [...schemas.keys()].map((at) => typesAt(document, at))
  const [first = new Set<JsonType>(), ...rest] = sets
  return new Set([...first].filter((type) => rest.every((types) => types.has(type))))
}

/** What `const` and `enum` of all schemas leave. */
function valuesOf(
  schemas: ReadonlyMap<string, JsonObject>,
  types: ReadonlySet<JsonType>,
): readonly Json[] | null {
  const lists = [...schemas.values()].flatMap((schema) => {
    const constant = memberOf(schema, 'const')
    const values = listAt(schema, 'enum')
    return [...(constant === undefined ? [] : [[constant]]), ...(values.length === 0 ? [] : [values])]
  })
  const [first, ...rest] = lists
  if (first === undefined) return null
  const known = rest.map((values) => new Set(values.map(canonicalText)))
  const common = first.filter((value) => known.every((texts) => texts.has(canonicalText(value))))
  const typed = common.filter((value) => types.has(typeOf(value)))
  return typed.length > 0 ? typed : common.length > 0 ? common : first
}

/** The values that a keyword has in the schemas that have it, of one type. */
export function keywordsOf<Type extends 'number' | 'string'>(
  { schemas }: Shape,
  keyword: string,
  type: Type,
): readonly (Type extends 'number' ? number : string)[] {
  const found = [...schemas.values()].map((schema) => memberOf(schema, keyword))
  return found.filter((value) => typeof value === type) as (Type extends 'number' ? number : string)[]
}

/** The names of the members that its schemas list or require, in their order. */
export function namesOf({ schemas }: Shape): readonly string[] {
  const names = [...schemas.values()].flatMap((schema) => Object.keys(objectAt(schema, 'properties')))
  return [...new Set([...names, ...requiredOf({ schemas })])]
}

/** The names of the members that it must have. */
export function requiredOf({ schemas }: Pick<Shape, 'schemas'>): ReadonlySet<string> {
  const names = [...schemas.values()].flatMap((schema) => listAt(schema, 'required'))
  return new Set(names.filter((name) => typeof name === 'string'))
}

/** Pointers to the schemas that a member of that name must satisfy; null where it must not be there. */
export function memberSchemas({ schemas }: Shape, name: string): readonly string[] | null {
  const found: string[] = []
  for (const [at, schema] of schemas) {
    const patterns = Object.keys(objectAt(schema, 'patternProperties')).filter((text) => matches(text, name))
    const own = memberOf(memberOf(schema, 'properties'), name) !== undefined
    if (own) found.push(pointerTo(at, 'properties', name))
    found.push(...patterns.map((pattern) => pointerTo(at, 'patternProperties', pattern)))
    const others = memberOf(schema, 'additionalProperties')
    if (own || patterns.length > 0 || others === undefined || others === true) continue
    if (others === false) return null
    found.push(pointerTo(at, 'additionalProperties'))
  }
  return found
}

/** Pointers to the schemas that the item at a place must satisfy. */
export function itemSchemas({ schemas }: Shape, place: number): readonly string[] {
  return [...schemas].flatMap(([at, schema]) => {
    const leading = listAt(schema, 'prefixItems').length
    if (place < leading) return [pointerTo(at, 'prefixItems', place)]
    return isObject(memberOf(schema, 'items')) ? [pointerTo(at, 'items')] : []
  })
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(name)
  } catch {
    return false
  }
}
