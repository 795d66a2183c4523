/**
 * Keywords that apply other schemas to the same value.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { applyHere, isRight } from './apply.ts'
import { meantIssues } from './meant.ts'
import type { Check, Run, SchemaNode, Site } from './node.ts'
import { broken, goesOn } from './run.ts'

/** A schema under a keyword that is applied to the same value. */
function inPlace(site: Site, always: boolean, ...segments: readonly (string | number)[]): SchemaNode {
  const node = site.child(...segments)
  site.node.inPlace.push({ node, always, fixed: true })
  return node
}

function branchesOf(site: Site, keyword: string): readonly SchemaNode[] {
  const branches = site.source[keyword]
  if (branches === undefined) return []
  if (!Array.isArray(branches) || branches.length === 0) {
    site.fault(keyword, 'must be a list of at least one schema')
    return []
  }
  return branches.map((_, position) => inPlace(site, keyword === 'allOf', keyword, position))
}

/** `$ref`. */
export function referenceChecks({ node, source, follow, fault }: Site): readonly Check[] {
  const reference = source['$ref']
  if (reference === undefined) return []
  if (typeof reference !== 'string') {
    fault('$ref', `must be a text, is ${JSON.stringify(reference)}`)
    return []
  }
  const target = follow('$ref', reference)
  if (target === null) return []
  node.inPlace.push({ node: target, always: true, fixed: true })
  return [(value, run) => applyHere(target, value, run)]
}

/** `allOf`. */
export function allOfChecks(site: Site): readonly Check[] {
  return branchesOf(site, 'allOf').map((branch) => (value, run) => applyHere(branch, value, run))
}

/** `anyOf`; while marks are kept every branch counts, else the first that fits is enough. */
export function anyOfChecks(site: Site): readonly Check[] {
  const branches = branchesOf(site, 'anyOf')
  if (branches.length === 0) return []
  return [
    (value, run) => {
      let right = false
      for (const branch of branches) {
        if (!isRight(branch, value, run)) continue
        if (run.marks === null) return true
        right = true
      }
      if (right) return true
      return tellUnion(site.node, 'anyOf', branches, value, run)
    },
  ]
}

/** `oneOf`. */
export function oneOfChecks(site: Site): readonly Check[] {
  const branches = branchesOf(site, 'oneOf')
  if (branches.length === 0) return []
  const message = 'must match exactly one schema in oneOf'
  return [
    (value, run) => {
      const passing: number[] = []
      for (const [position, branch] of branches.entries()) {
        if (!isRight(branch, value, run)) continue
        passing.push(position)
        if (passing.length === 2) {
          const params = { passingSchemas: passing }
          return broken(run, site.node, 'oneOf', () => ({ message, params }))
        }
      }
      return passing.length === 1 || tellUnion(site.node, 'oneOf', branches, value, run)
    },
  ]
}

/** No branch fits: what each of them, or the one that was meant, has to say; then the union itself. */
function tellUnion(
  node: SchemaNode,
  keyword: 'anyOf' | 'oneOf',
  branches: readonly SchemaNode[],
  value: Json,
  run: Run,
): false {
  if (run.issues === null) return false
  if (run.meant) {
    const room = run.limit - run.issues.length
    run.issues.push(...meantIssues(node, keyword, branches, value, run).slice(0, room))
    return false
  }
  for (const branch of branches) if (goesOn(run)) applyHere(branch, value, run)
  return broken(run, node, keyword, () =>
    keyword === 'anyOf'
      ? { message: 'must match a schema in anyOf' }
      : { message: 'must match exactly one schema in oneOf', params: { passingSchemas: null } },
  )
}

/** `not`. */
export function notChecks(site: Site): readonly Check[] {
  if (site.source['not'] === undefined) return []
  const schema = site.child('not')
  return [
    (value, run) => {
      const { marks } = run
      run.marks = null
      const right = isRight(schema, value, run)
      run.marks = marks
      return !right || broken(run, site.node, 'not', () => ({ message: 'must NOT be valid' }))
    },
  ]
}

/** `if`, `then` and `else`. */
export function conditionChecks(site: Site): readonly Check[] {
  const { node, source } = site
  const [condition, yes, no] = ['if', 'then', 'else'].map((keyword) =>
    source[keyword] === undefined ? null : inPlace(site, false, keyword),
  )
  if (condition == null) return []
  return [
    (value, run) => {
      const holds = isRight(condition, value, run)
      const next = holds ? yes : no
      if (next == null || applyHere(next, value, run)) return true
      const failingKeyword = holds ? 'then' : 'else'
      const message = `must match "${failingKeyword}" schema`
      if (!run.meant) broken(run, node, 'if', () => ({ message, params: { failingKeyword } }))
      return false
    },
  ]
}

/** `dependentSchemas`. */
export function dependentSchemaChecks(site: Site): readonly Check[] {
  const dependents = site.source['dependentSchemas']
  if (dependents === undefined) return []
  if (!isObject(dependents)) {
    site.fault('dependentSchemas', 'must be an object that holds schemas')
    return []
  }
  return Object.keys(dependents).map((name): Check => {
    const schema = inPlace(site, false, 'dependentSchemas', name)
    return (value, run) => !isObject(value) || !Object.hasOwn(value, name) || applyHere(schema, value, run)
  })
}
