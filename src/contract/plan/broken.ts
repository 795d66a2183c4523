/**
 * Values that a schema forbids: a right value with one thing broken, one for each keyword of each node.
 * Whether a request with such a value is provably wrong is for those to say who know how it is sent.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../../model/json.ts'
import { isObject, memberOf, objectAt, textAt } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Resolved } from '../../openapi/reference.ts'
import { typeOf } from '../../openapi/schema-type.ts'
import type { Judge } from '../subject.ts'
import type { Wrong } from './broken-scalar.ts'
import { brokenNumbers, brokenTexts, brokenWords } from './broken-scalar.ts'
import { facetsOf, membersIn, requiredIn, unionsOf } from './facet.ts'
import { isReadOnly, isValid, listOf, sampleOf, typesOf } from './sample.ts'

/** A value with one thing broken. */
export interface Broken {
  /** The whole value. */
  readonly value: Json
  /** The part that is broken; undefined where it was left out. */
  readonly part: Json | undefined
  /** Puts another part in its place; undefined leaves it out. */
  readonly put: (part: Json | undefined) => Json | undefined
  /** What is wrong with the part, such as `above 5`. */
  readonly fault: string
  /** Names on the way to the part, the outermost first. */
  readonly path: readonly (string | number)[]
  /** Pointer into the document to what is broken. */
  readonly pointer: string
}

/** A place in a value, the schema of it and the way to put something else there. */
interface Node {
  readonly schema: string
  readonly value: Json
  readonly path: readonly (string | number)[]
  readonly put: (part: Json | undefined) => Json | undefined
}

const DEPTH_LIMIT = 5
const NODES_LIMIT = 120

/** Every violation of a schema by a right value with one thing broken, the outermost first. */
export function brokenValues(judge: Judge, schema: string, right: Json): readonly Broken[] {
  const broken: Broken[] = []
  let nodes: readonly Node[] = [{ schema, value: right, path: [], put: (part) => part }]
  let seen = 0
  for (let depth = 0; depth <= DEPTH_LIMIT && nodes.length > 0; depth += 1) {
    nodes = nodes.flatMap((node) => {
      seen += 1
      if (seen > NODES_LIMIT) return []
      const facets = facetsAt(judge, node)
      broken.push(...brokenAt(judge, node, facets))
      return childrenOf(judge, node, facets)
    })
  }
  return broken.filter(({ value }) => !isValid(judge, schema, value))
}

/** The facets of a node: of each union the branch that its value keeps. */
function facetsAt(judge: Judge, { schema, value }: Node): readonly Resolved[] {
  const kept = (branches: readonly string[]): string | null =>
    branches.find((branch) => isValid(judge, branch, value)) ?? null
  return facetsOf(judge.subject.document.json, schema, kept)
}

function brokenAt(judge: Judge, node: Node, facets: readonly Resolved[]): readonly Broken[] {
  const { json } = judge.subject.document
  const types = typesOf(json, facets)
  const wrong: Wrong[] = []
  const stranger = strangerTo(types)
  const typed = facets.find(({ value }) => memberOf(value, 'type') !== undefined)
  if (stranger !== undefined) {
    const pointer = typed === undefined ? node.schema : pointerTo(typed.pointer, 'type')
    wrong.push({ value: stranger, fault: `of the type ${typeOf(stranger)}`, pointer })
  }
  wrong.push(...brokenWords(facets, node.value))
  if (typeof node.value === 'number') wrong.push(...brokenNumbers(facets, types))
  if (typeof node.value === 'string') wrong.push(...brokenTexts(judge, facets, node))
  if (Array.isArray(node.value)) wrong.push(...brokenLists(judge, facets, node.value as readonly Json[]))
  const replaced = wrong.flatMap(({ value, fault, pointer }) => toBroken(node, value, fault, pointer))
  return isObject(node.value) ? [...replaced, ...brokenMembers(judge, node, node.value, facets)] : replaced
}

function toBroken(
  { path, put }: Pick<Node, 'path' | 'put'>,
  part: Json | undefined,
  fault: string,
  pointer: string,
): readonly Broken[] {
  const value = put(part)
  return value === undefined ? [] : [{ value, part, put, fault, path, pointer }]
}

/** Of several violations of one keyword at one place the first that is proved. */
export function firstProved<Each extends Broken>(
  broken: readonly Each[],
  isProved: (each: Each) => boolean,
): readonly Each[] {
  const chosen = new Map<string, Each>()
  for (const each of broken) {
    const key = JSON.stringify([each.path, each.pointer, each.fault])
    if (!chosen.has(key) && isProved(each)) chosen.set(key, each)
  }
  return [...chosen.values()]
}

/** A value of a type that is not admitted, and that no reader takes for one that is. */
function strangerTo(types: ReadonlySet<JsonType>): Json | undefined {
  if (types.has('string'))
    return (['object', 'array', 'boolean'] as const).map(exampleOf).find((value) => !types.has(typeOf(value)))
  return (['string', 'object', 'array', 'boolean'] as const)
    .map(exampleOf)
    .find((value) => !types.has(typeOf(value)))
}

function exampleOf(type: 'string' | 'object' | 'array' | 'boolean'): Json {
  return { string: 'standin', object: { standin: true }, array: [['standin']], boolean: true }[type]
}

function brokenLists(judge: Judge, facets: readonly Resolved[], value: readonly Json[]): readonly Wrong[] {
  const wrong: Wrong[] = []
  for (const { pointer, value: schema } of facets) {
    const [least, most] = [memberOf(schema, 'minItems'), memberOf(schema, 'maxItems')]
    const add = (length: number, keyword: string, fault: string): void => {
      const list = listOf(judge, facets, length, 'minimal')
      if (list !== undefined) wrong.push({ value: list, fault, pointer: pointerTo(pointer, keyword) })
    }
    if (typeof least === 'number' && least > 0) add(least - 1, 'minItems', `of fewer than ${least} items`)
    if (typeof most === 'number') add(most + 1, 'maxItems', `of more than ${most} items`)
    if (memberOf(schema, 'uniqueItems') === true) {
      const [first = listOf(judge, facets, 1, 'minimal')?.[0]] = value
      const twice =
        first === undefined ? [] : value.length < 2 ? [first, first] : [first, ...value.slice(0, -1)]
      wrong.push({
        value: twice,
        fault: 'a list with an item twice',
        pointer: pointerTo(pointer, 'uniqueItems'),
      })
    }
  }
  return wrong
}

function memberOfNode(node: Node, value: JsonObject, name: string): Pick<Node, 'path' | 'put'> {
  const put = (part: Json | undefined): Json | undefined => {
    const { [name]: _, ...rest } = value
    return node.put(part === undefined ? rest : { ...value, [name]: part })
  }
  return { path: [...node.path, name], put }
}

/** Members that are missing, too many, or choose no branch. */
function brokenMembers(
  judge: Judge,
  node: Node,
  value: JsonObject,
  facets: readonly Resolved[],
): readonly Broken[] {
  const { json } = judge.subject.document
  const members = membersIn(facets)
  const broken: Broken[] = []
  const at = (name: string): Pick<Node, 'path' | 'put'> => memberOfNode(node, value, name)
  for (const [name, pointer] of requiredIn(facets)) {
    const schema = members.get(name)
    if (schema !== undefined && isReadOnly(json, schema)) continue
    broken.push(...toBroken(at(name), undefined, 'missing', pointer))
  }
  const closed = facets.find(
    ({ value: schema }) =>
      memberOf(schema, 'additionalProperties') === false ||
      memberOf(schema, 'unevaluatedProperties') === false,
  )
  if (closed !== undefined) {
    const keyword =
      memberOf(closed.value, 'additionalProperties') === false
        ? 'additionalProperties'
        : 'unevaluatedProperties'
    const name = 'standin_unknown'
    const pointer = pointerTo(closed.pointer, keyword)
    broken.push(...toBroken(at(name), 'standin', 'not documented', pointer))
  }
  for (const facet of facets) {
    const property = textAt(objectAt(facet.value, 'discriminator'), 'propertyName')
    if (property === '' || unionsOf(facet).length === 0) continue
    const pointer = pointerTo(facet.pointer, 'discriminator')
    broken.push(...toBroken(at(property), 'standin-unknown', 'the name of no branch', pointer))
  }
  return broken
}

/** The members and the first item of a node; those that are not there are put there first. */
function childrenOf(judge: Judge, node: Node, facets: readonly Resolved[]): readonly Node[] {
  const { json } = judge.subject.document
  const { value } = node
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    const owner = facets.find(({ value: schema }) => isObject(memberOf(schema, 'items')))
    if (owner === undefined) return []
    const schema = pointerTo(owner.pointer, 'items')
    const first = items[0] ?? sampleOf(judge, schema, 'minimal')
    if (first === undefined) return []
    const put = (part: Json | undefined): Json | undefined =>
      part === undefined ? undefined : node.put([part, ...items.slice(1)])
    return [{ schema, value: first, path: [...node.path, 0], put }]
  }
  if (!isObject(value)) return []
  return [...membersIn(facets)].flatMap(([name, schema]) => {
    if (isReadOnly(json, schema)) return []
    const own = memberOf(value, name) ?? sampleOf(judge, schema, 'minimal')
    if (own === undefined) return []
    return [{ schema, value: own, ...memberOfNode(node, value, name) }]
  })
}
