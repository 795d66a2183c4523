/**
 * Nodes: the places of a schema that answers can fill, each with the ways in which it may. Built once for
 * each documented answer; what was seen is noted at the node itself.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../../model/json.ts'
import { canonicalText, isObject, isScalar, listAt, memberOf, objectAt } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import { schemaAt } from '../schema-place.ts'

/** One of several schemas that a value may follow. */
export interface Branch {
  readonly label: string
  readonly pointer: string
  readonly types: ReadonlySet<JsonType>
}

/** A place of a schema. */
export interface Node {
  /** Where it lies, such as `200 /rows/[]/size`. */
  readonly name: string
  readonly pointer: string
  readonly allowed: readonly string[]
  readonly seen: Set<string>
  /** Labels of the values of an enumeration, by canonical text. */
  readonly values: ReadonlyMap<string, string>
  readonly branches: readonly Branch[]
  readonly members: ReadonlyMap<string, Node>
  readonly item: Node | null
}

/** Nodes of one answer, at the most; schemas that are larger are covered by their first. */
const NODE_LIMIT = 1_000
const VALUE_LIMIT = 50
const DEPTH_LIMIT = 16

interface Growth {
  readonly json: JsonObject
  left: number
}

/** The tree of a schema. */
export function nodeOf(json: JsonObject, name: string, schema: string): Node {
  return grow({ json, left: NODE_LIMIT }, name, schema, [], true)
}

function grow(growth: Growth, name: string, schema: string, above: readonly string[], isSure: boolean): Node {
  growth.left -= 1
  const { json } = growth
  const { pointer } = schemaAt(json, schema)
  const types = typesAt(json, schema)
  const parts = partsOf(json, schema, 0)
  const values = new Map(parts.flatMap(({ value }) => valuesOf(value, types)).slice(0, VALUE_LIMIT))
  const branches = parts.flatMap((part) => branchesOf(json, part.pointer, part.value))
  const mayEmpty = types.has('array') && parts.every(({ value }) => (memberOf(value, 'minItems') ?? 0) === 0)
  const isCycle = above.includes(pointer) || above.length > DEPTH_LIMIT
  const path = [...above, pointer]
  const allowed = [
    'present',
    ...(isSure ? [] : ['absent']),
    ...(types.has('null') && types.size > 1 ? ['null'] : []),
    ...(mayEmpty ? ['empty'] : []),
    ...values.values(),
    ...(branches.length > 1 ? branches.map(({ label }) => label) : []),
  ]
  return {
    name,
    pointer,
    allowed: [...new Set(allowed)],
    seen: new Set(),
    values,
    branches: branches.length > 1 ? branches : [],
    members: isCycle ? new Map() : membersOf(growth, name, parts, path),
    item: isCycle ? null : itemOf(growth, name, parts, path),
  }
}

interface Part {
  readonly pointer: string
  readonly value: JsonObject
  /** Every value follows it: it stands in no union. */
  readonly isSure: boolean
}

/** A schema and all that it is put together from, references followed. */
function partsOf(json: JsonObject, schema: string, depth: number, isSure = true): readonly Part[] {
  const { pointer, value } = schemaAt(json, schema)
  const own = { pointer, value, isSure }
  if (depth > DEPTH_LIMIT / 2) return [own]
  const inner = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((keyword) =>
    listAt(value, keyword).flatMap((_, at) =>
      partsOf(json, pointerTo(pointer, keyword, at), depth + 1, isSure && keyword === 'allOf'),
    ),
  )
  return [own, ...inner]
}

function valuesOf(schema: JsonObject, types: ReadonlySet<JsonType>): readonly (readonly [string, string])[] {
  const listed = listAt(schema, 'enum').filter((value) => value !== null)
  const isFlag = memberOf(schema, 'type') === 'boolean' && types.has('boolean')
  const all: readonly Json[] = listed.length > 0 ? listed : isFlag ? [true, false] : []
  return all.filter(isScalar).map((value) => [canonicalText(value), labelOf(value)])
}

/** A text stands as it is, unless it could be taken for a number or the like. */
export function labelOf(value: Json): string {
  const text = String(value)
  return typeof value === 'string' && !/^(?:-?\d|true$|false$|null$|$)/.test(text)
    ? `=${text}`
    : `=${JSON.stringify(value)}`
}

function branchesOf(json: JsonObject, pointer: string, schema: JsonObject): readonly Branch[] {
  return (['anyOf', 'oneOf'] as const).flatMap((keyword) =>
    listAt(schema, keyword).flatMap((branch, at) => {
      const place = pointerTo(pointer, keyword, at)
      const types = typesAt(json, place)
      if (types.size === 1 && types.has('null')) return []
      const reference = memberOf(branch, '$ref')
      const label =
        typeof reference === 'string' ? (reference.split('/').at(-1) ?? '') : `${keyword} ${at + 1}`
      return [{ label: `branch ${label}`, pointer: place, types }]
    }),
  )
}

function membersOf(
  growth: Growth,
  name: string,
  parts: readonly Part[],
  above: readonly string[],
): ReadonlyMap<string, Node> {
  const required = new Set(
    parts.filter(({ isSure }) => isSure).flatMap(({ value }) => listAt(value, 'required')),
  )
  const members = new Map<string, Node>()
  for (const { pointer, value } of parts) {
    for (const [member, schema] of Object.entries(objectAt(value, 'properties'))) {
      if (members.has(member) || growth.left <= 0 || isHidden(schema as Json)) continue
      const place = pointerTo(pointer, 'properties', member)
      members.set(member, grow(growth, `${name}/${member}`, place, above, required.has(member)))
    }
  }
  return members
}

/** Members that only requests hold are missing from every answer. */
function isHidden(schema: Json): boolean {
  return schema === false || memberOf(schema, 'writeOnly') === true
}

function itemOf(growth: Growth, name: string, parts: readonly Part[], above: readonly string[]): Node | null {
  const part = parts.find(({ value }) => isObject(memberOf(value, 'items')))
  if (part === undefined || growth.left <= 0) return null
  return grow(growth, `${name}/[]`, pointerTo(part.pointer, 'items'), above, true)
}

/** A node and all below it, in the order of the document. */
export function nodesBelow(node: Node): readonly Node[] {
  const inner = [...node.members.values(), ...(node.item === null ? [] : [node.item])]
  return [node, ...inner.flatMap(nodesBelow)]
}
