/**
 * Routing: from a method and a path to the operation that documents them.
 *
 * @module
 */
import { distance } from 'fastest-levenshtein'
import { ApiError } from '../model/refusal.ts'
import { basesFor } from '../openapi/document.ts'
import type { Operation } from '../openapi/operation.ts'
import { decodeSegment } from '../openapi/parameter.ts'
import type { Api } from './api.ts'

/** An operation at a place of this server. */
export interface Route {
  readonly api: Api
  readonly operation: Operation
  /** The prefix under which its API was asked. */
  readonly mount: string
  /** The full path template, mount and server base path included. */
  readonly template: string
  /** The names of its path parameters, in their order. */
  readonly names: readonly string[]
}

/** A route with the decoded values of its path parameters. */
export interface Match {
  readonly route: Route
  readonly path: Readonly<Record<string, string>>
}

/** Finds routes. */
export interface Router {
  readonly routes: readonly Route[]
  /**
   * HEAD is what GET is, where the document does not have it apart.
   *
   * @throws {@link ApiError} `route_not_found` or `method_not_allowed`.
   */
  match(method: string, path: string): Match
  /** The methods of a path; empty where no operation has it. */
  methodsOf(path: string): readonly string[]
}

interface Node {
  readonly literals: Map<string, Node>
  /** Segments with parameters, most literal text first. */
  readonly patterns: { readonly pattern: RegExp; readonly node: Node }[]
  readonly routes: Map<string, Route>
}

/** How many paths are remembered with what they led to. */
const KNOWN_PATHS = 2_000

/** Builds the router of some APIs: each under `/<id>`, one alone at the root too. */
export function createRouter(apis: readonly Api[], mountAtRoot: boolean): Router {
  const routes = apis.flatMap((api) => {
    const mounts = mountAtRoot && apis.length === 1 ? [`/${api.id}`, ''] : [`/${api.id}`]
    return mounts.flatMap((mount) => api.document.basePaths.flatMap((base) => routesUnder(api, mount, base)))
  })
  const root = createNode()
  for (const route of routes) insert(root, route)
  const known = new Map<string, Found>()

  /** Clients poll and page: the same paths come again and again. */
  function findPath(path: string): Found | null {
    const before = known.get(path)
    if (before !== undefined) return before
    const found = find(root, path)
    if (found === null) return null
    if (known.size >= KNOWN_PATHS) known.clear()
    known.set(path, found)
    return found
  }

  return {
    routes,
    methodsOf: (path) => [...(findPath(path)?.node.routes.keys() ?? [])],
    match(method, path) {
      const found = findPath(path)
      if (found === null) throw notFound(routes, method, path)
      const { routes: here } = found.node
      const route = here.get(method) ?? (method === 'HEAD' ? here.get('GET') : undefined)
      if (route === undefined) throw notAllowed(found.node, method)
      return { route, path: parametersOf(route, found.values) }
    },
  }
}

function routesUnder(api: Api, mount: string, base: string): readonly Route[] {
  return api.document.operations.flatMap((operation) =>
    [...new Set([base, ...basesFor(api.document, operation, base)])].map((each) => {
      const template = mount + each + operation.path
      const names = [...template.matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '')
      return { api, operation, mount, template, names }
    }),
  )
}

function createNode(): Node {
  return { literals: new Map(), patterns: [], routes: new Map() }
}

/** A slash at the end makes no difference. */
function segmentsOf(path: string): readonly string[] {
  const end = path.length > 1 && path.endsWith('/') ? path.length - 1 : path.length
  return path.slice(path.startsWith('/') ? 1 : 0, end).split('/')
}

function insert(root: Node, route: Route): void {
  let node = root
  for (const segment of segmentsOf(route.template)) {
    node = segment.includes('{') ? patternChild(node, segment) : literalChild(node, segment)
  }
  if (!node.routes.has(route.operation.method)) node.routes.set(route.operation.method, route)
}

function literalChild(node: Node, segment: string): Node {
  const known = node.literals.get(segment)
  if (known !== undefined) return known
  const child = createNode()
  node.literals.set(segment, child)
  return child
}

function patternChild(node: Node, segment: string): Node {
  const source = segment
    .split(/\{[^}]*\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(.+?)')
  const known = node.patterns.find(({ pattern }) => pattern.source === `^${source}$`)
  if (known !== undefined) return known.node
  const child = createNode()
  node.patterns.push({ pattern: new RegExp(`^${source}$`), node: child })
  node.patterns.sort((a, b) => b.pattern.source.length - a.pattern.source.length)
  return child
}

interface Found {
  readonly node: Node
  readonly values: readonly string[]
}

function find(root: Node, path: string): Found | null {
  return descend(root, segmentsOf(path), 0, [])
}

/** Literal segments win over parameters; where the rest does not fit, the next way is tried. */
function descend(
  node: Node,
  segments: readonly string[],
  at: number,
  values: readonly string[],
): Found | null {
  const segment = segments[at]
  if (segment === undefined) return node.routes.size > 0 ? { node, values } : null
  const literal = node.literals.get(segment) ?? node.literals.get(decodeSegment(segment))
  const direct = literal === undefined ? null : descend(literal, segments, at + 1, values)
  if (direct !== null) return direct
  for (const { pattern, node: child } of node.patterns) {
    const match = pattern.exec(segment)
    if (match === null) continue
    const found = descend(child, segments, at + 1, [...values, ...match.slice(1).map(decodeSegment)])
    if (found !== null) return found
  }
  return null
}

function parametersOf(route: Route, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(route.names.map((name, position) => [name, values[position] ?? '']))
}

function notAllowed(node: Node, method: string): ApiError {
  const allowed = allowOf([...node.routes.keys()])
  return new ApiError('method_not_allowed', `${method} is not documented here; allowed: ${allowed}`, [], {
    Allow: allowed,
  })
}

/** The value of an Allow header: what is documented, and what the server adds of itself. */
export function allowOf(methods: readonly string[]): string {
  const all = new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])
  return [...all].join(', ')
}

const NEAREST_LIMIT = 400

/** A route that was perhaps meant, and how many letters lie between. */
export interface NearMiss {
  readonly route: Route
  /** Half a letter more where the method is another. */
  readonly distance: number
}

/**
 * The routes that a path was perhaps meant for, the nearest first. Who has found an API looks for one of its
 * operations; who has not, for any.
 */
export function nearMisses(routes: readonly Route[], method: string, path: string): readonly NearMiss[] {
  const asked = path.slice(0, NEAREST_LIMIT)
  const same = routes.filter(({ mount }) => mount !== '' && `${asked}/`.startsWith(`${mount}/`))
  const misses = (same.length === 0 ? routes : same).map((route) => ({
    route,
    distance:
      distance(comparable(route.template, asked), asked) + (route.operation.method === method ? 0 : 0.5),
  }))
  return misses.sort((a, b) => a.distance - b.distance)
}

function notFound(routes: readonly Route[], method: string, path: string): ApiError {
  const asked = path.slice(0, NEAREST_LIMIT)
  const nearest = nearMisses(routes, method, path)[0]?.route
  const hint = nearest === undefined ? '' : `; the nearest is ${nearest.operation.method} ${nearest.template}`
  return new ApiError('route_not_found', `No operation has the path ${asked}${hint}`)
}

/** A template whose parameters are filled with what the asked path has at the same position. */
function comparable(template: string, asked: string): string {
  const given = asked.split('/')
  return template
    .split('/')
    .map((segment, position) => (segment.includes('{') ? (given[position] ?? segment) : segment))
    .join('/')
}
