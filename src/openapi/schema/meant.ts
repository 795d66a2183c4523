/**
 * Of a union that a value does not fit: what is told, which is what the branch that was meant has to say.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { issuesOf } from './apply.ts'
import type { Run, SchemaNode } from './node.ts'

interface Branch {
  readonly node: SchemaNode
  readonly issues: readonly Issue[]
}

/** The issues of the branch that has the value's own constant, else its type, else the fewest issues. */
export function meantIssues(
  union: SchemaNode,
  keyword: 'anyOf' | 'oneOf',
  nodes: readonly SchemaNode[],
  value: Json,
  run: Run,
): readonly Issue[] {
  const at = pointerTo('', ...run.path)
  const constants = nodes.map((node) => constantRank(node, value))
  const best = Math.min(...constants)
  const branches: Branch[] = []
  for (const [position, node] of nodes.entries()) {
    if (constants[position] !== best) continue
    if (run.budget < 0 && branches.length > 0) break
    branches.push({ node, issues: issuesOf(node, value, run) })
  }
  const typed = branches.filter(({ issues }) => wrongType(issues, at) === null)
  if (typed.length === 0 && branches.length > 1) return [typeIssue(union, keyword, branches, at)]
  const [first, ...others] = typed.length === 0 ? branches : typed
  if (first === undefined) return []
  return others.reduce((least, each) => (each.issues.length < least.issues.length ? each : least), first)
    .issues
}

/** The type that a branch asks for and the value has not, where that is what it has to say. */
function wrongType(issues: readonly Issue[], at: string): Json | null {
  const issue = issues.find((each) => each.at === at && each.keyword === 'type')
  return issue?.params['type'] ?? null
}

function typeIssue(union: SchemaNode, keyword: string, branches: readonly Branch[], at: string): Issue {
  const types = [...new Set(branches.flatMap(({ issues }) => wrongType(issues, at) ?? []))]
  return {
    at,
    keyword: 'type',
    message: `must be ${types.join(',')}`,
    params: { type: types.length === 1 ? (types[0] ?? null) : types },
    schema: pointerTo(union.pointer, keyword),
  }
}

/** 0 where the value has a constant of the branch, 1 where the branch has none, 2 where it has another. */
function constantRank(node: SchemaNode, value: Json): number {
  if (!isObject(value)) return 1
  let rank = 1
  for (const [name, allowed] of constantsOf(node, new Set())) {
    const member = memberOf(value, name)
    if (member === undefined) continue
    if (!allowed.includes(member)) return 2
    rank = 0
  }
  return rank
}

/** The members of a branch that have few values to choose from, whichever of its parts says so. */
function constantsOf(
  node: SchemaNode,
  seen: Set<SchemaNode>,
): readonly (readonly [string, readonly Json[]])[] {
  if (seen.has(node)) return []
  seen.add(node)
  const own = [...node.children].flatMap(([key, child]) => {
    const allowed = key.startsWith('properties/') ? valuesOf(child) : null
    return allowed === null ? [] : [[key.slice(11), allowed] as const]
  })
  const parts = node.inPlace.filter(({ always }) => always)
  return [...own, ...parts.flatMap((part) => constantsOf(part.node, seen))]
}

function valuesOf(node: SchemaNode): readonly Json[] | null {
  const sources = [node, ...node.inPlace.filter(({ always }) => always).map((part) => part.node)]
  for (const { source } of sources) {
    if (typeof source === 'boolean') continue
    const allowed = literals(source)
    if (allowed !== null) return allowed
  }
  return null
}

function literals(source: JsonObject): readonly Json[] | null {
  if (Object.hasOwn(source, 'const')) return [source['const'] as Json]
  const { enum: allowed } = source
  if (!Array.isArray(allowed) || typeof allowed[0] === 'boolean') return null
  return allowed as readonly Json[]
}
