/**
 * Decisions: what was read into a document, how sure it is and why. A draft of a job contract is decisions
 * put together, each at its path.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'

/** How sure a decision is. */
export const CONFIDENCES = ['sure', 'likely', 'guess'] as const

/** One of {@link CONFIDENCES}. */
export type Confidence = (typeof CONFIDENCES)[number]

/** The less sure of two. */
export function weaker(one: Confidence, other: Confidence): Confidence {
  return CONFIDENCES.indexOf(one) < CONFIDENCES.indexOf(other) ? other : one
}

/** One decision. */
export interface Decision {
  /** Where in the job contract it stands. */
  readonly path: readonly string[]
  readonly value: Json
  readonly confidence: Confidence
  /** One sentence. */
  readonly why: string
  /** Pointer into the document to what it rests on. */
  readonly pointer: string
}

/** Writes decisions down. */
export type Decide = (
  path: readonly string[],
  value: Json,
  confidence: Confidence,
  why: string,
  pointer: string,
) => void

/** Members without which what holds them means nothing. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  rows: ['at'],
  list: ['of', 'at'],
  sort: ['field', 'order'],
  error: ['at'],
}

/** The job contract that decisions make which are at least so sure; null where nothing is left of it. */
export function contractFrom(
  api: string,
  decisions: readonly Decision[],
  least: Confidence,
): JsonObject | null {
  const draft: Tree = new Map()
  for (const { path, value, confidence } of decisions) {
    if (CONFIDENCES.indexOf(confidence) <= CONFIDENCES.indexOf(least)) put(draft, path, value)
  }
  const operations = draft.get('operations')
  if (!(operations instanceof Map)) return null
  for (const [id, operation] of operations) {
    if (!(operation instanceof Map) || !operation.has('role')) operations.delete(id)
    else prune(operation)
  }
  for (const [id, operation] of operations) {
    if (!(operation instanceof Map) || operation.get('role') !== 'list') continue
    const list = operation.get('list')
    const of = list instanceof Map ? operations.get(String(list.get('of'))) : undefined
    if (!(of instanceof Map) || !of.has('job')) operations.delete(id)
  }
  if (operations.size === 0) return null
  return { api, ...(toJson(draft) as JsonObject) }
}

type Tree = Map<string, Json | Tree>

function put(tree: Tree, [first, ...rest]: readonly string[], value: Json): void {
  if (first === undefined) return
  if (rest.length === 0) {
    tree.set(first, value)
    return
  }
  const inner = tree.get(first)
  const next: Tree = inner instanceof Map ? inner : new Map()
  tree.set(first, next)
  put(next, rest, value)
}

function prune(tree: Tree): void {
  for (const [name, inner] of tree) {
    if (!(inner instanceof Map)) continue
    if ((NEEDED[name] ?? []).some((needed) => !inner.has(needed))) tree.delete(name)
    else prune(inner)
  }
}

function toJson(tree: Json | Tree): Json {
  if (!(tree instanceof Map)) return tree
  return Object.fromEntries([...tree].map(([name, inner]) => [name, toJson(inner)]))
}

/** A decision is in a draft where something stands at its path. */
export function stands(draft: JsonObject, path: readonly string[]): boolean {
  let node: Json | undefined = draft
  for (const name of path) {
    if (!isObject(node) || !Object.hasOwn(node, name)) return false
    node = node[name]
  }
  return true
}

/** Pointers into the draft to what is decided without doubt. */
export function sureAmong(decisions: readonly Decision[]): ReadonlySet<string> {
  const sure = decisions.filter(({ confidence }) => confidence === 'sure')
  return new Set(sure.map(({ path }) => pointerTo('', ...path)))
}
