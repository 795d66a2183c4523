/**
 * Keywords that look at the members of an object.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import type { CompiledPattern } from '../pattern.ts'
import { compilePattern } from '../pattern.ts'
import { applyAfresh, applyChild } from './apply.ts'
import { barOf, isBarred } from './direction.ts'
import type { Check, Run, SchemaNode, Site } from './node.ts'
import { broken, goesOn } from './run.ts'

/** The schemas under `properties`, `patternProperties` or `$defs`, by name. */
function schemasUnder({ source, child, fault }: Site, keyword: string): ReadonlyMap<string, SchemaNode> {
  const schemas = source[keyword]
  if (schemas === undefined) return new Map()
  if (!isObject(schemas)) {
    fault(keyword, 'must be an object that holds schemas')
    return new Map()
  }
  return new Map(Object.keys(schemas).map((name) => [name, child(keyword, name)]))
}

interface PatternMember {
  readonly pattern: CompiledPattern
  readonly schema: SchemaNode
}

function patternMembers(site: Site): readonly PatternMember[] {
  return [...schemasUnder(site, 'patternProperties')].flatMap(([source, schema]) => {
    const pattern = compilePattern(source)
    if (!('fault' in pattern)) return [{ pattern, schema }]
    site.fault('patternProperties', pattern.fault)
    return []
  })
}

/** `properties`, `patternProperties` and `additionalProperties`: one walk over the members. */
export function memberChecks(site: Site): readonly Check[] {
  const { node, source, child } = site
  const named = schemasUnder(site, 'properties')
  const patterns = patternMembers(site)
  const rest = source['additionalProperties'] === undefined ? null : child('additionalProperties')
  if (named.size === 0 && patterns.length === 0 && rest === null) return []

  /** A member that `properties` does not name, or a pattern speaks of beside it. */
  const isStrangerRight = (name: string, value: Json, run: Run): boolean => {
    let right = true
    let spoken = named.has(name)
    for (const { pattern, schema } of patterns) {
      if (!pattern.test(name)) continue
      spoken = true
      if (!applyChild(schema, value, name, run)) right = false
      if (!right && !goesOn(run)) return false
    }
    if (!spoken && rest !== null) {
      if (rest.source === false) return unexpected(run, node, name)
      spoken = true
      right = applyChild(rest, value, name, run)
    }
    if (spoken) run.marks?.members.add(name)
    return right
  }

  return [
    (value, run) => {
      if (!isObject(value)) return true
      let right = true
      const names = rest === null && patterns.length === 0 ? [] : Object.keys(value)
      for (const name of names) {
        if (isStrangerRight(name, value[name] as Json, run)) continue
        right = false
        if (!goesOn(run)) return false
      }
      return areOwnRight(named, value, run) && right
    },
  ]
}

function unexpected(run: Run, node: SchemaNode, name: string): false {
  const message = 'must NOT have additional properties'
  return broken(run, node, 'additionalProperties', () => ({ message, params: { additionalProperty: name } }))
}

function areOwnRight(named: ReadonlyMap<string, SchemaNode>, value: JsonObject, run: Run): boolean {
  let right = true
  for (const name of named.keys()) {
    const schema = named.get(name)
    if (schema === undefined || !Object.hasOwn(value, name)) continue
    run.marks?.members.add(name)
    if (isOwnRight(schema, name, value[name] as Json, run)) continue
    right = false
    if (!goesOn(run)) return false
  }
  return right
}

/** A member that has no place in the direction is wrong whatever it holds. */
function isOwnRight(schema: SchemaNode, name: string, value: Json, run: Run): boolean {
  const { direction } = run
  if (direction === null || !isBarred(schema, direction)) return applyChild(schema, value, name, run)
  const bar = barOf(direction)
  const message = `must NOT be in ${direction === 'request' ? 'a request' : 'an answer'}, it is ${bar}`
  run.path.push(name)
  broken(run, schema, bar, () => ({ message }))
  run.path.pop()
  return false
}

/** `required`; a member that has no place in the direction need not be there. */
export function requiredChecks({ node, source, fault }: Site): readonly Check[] {
  const { required } = source
  if (required === undefined) return []
  if (!Array.isArray(required) || required.some((name) => typeof name !== 'string')) {
    fault('required', `must be a list of names, is ${JSON.stringify(required)}`)
    return []
  }
  const names = required as readonly string[]
  return [
    (value, run) => {
      if (!isObject(value)) return true
      let right = true
      for (const name of names) {
        if (Object.hasOwn(value, name) || run.exempt.has(name)) continue
        const message = `must have required property '${name}'`
        right = broken(run, node, 'required', () => ({ message, params: { missingProperty: name } }))
        if (!goesOn(run)) return false
      }
      return right
    },
  ]
}

/** `dependentRequired`. */
export function dependentRequiredChecks({ node, source, fault }: Site): readonly Check[] {
  const dependents = source['dependentRequired']
  if (dependents === undefined) return []
  const entries = isObject(dependents) ? Object.entries(dependents) : null
  if (entries === null || entries.some(([, names]) => !Array.isArray(names))) {
    fault('dependentRequired', 'must be an object that holds lists of names')
    return []
  }
  return [
    (value, run) => {
      if (!isObject(value)) return true
      let right = true
      for (const [property, deps] of entries as readonly (readonly [string, readonly string[]])[]) {
        if (!Object.hasOwn(value, property)) continue
        for (const name of deps) {
          if (Object.hasOwn(value, name) || run.exempt.has(name)) continue
          const message = `must have property ${name} when property ${property} is present`
          const params = { property, missingProperty: name, depsCount: deps.length, deps: deps.join(', ') }
          right = broken(run, node, 'dependentRequired', () => ({ message, params }))
          if (!goesOn(run)) return false
        }
      }
      return right
    },
  ]
}

/** `propertyNames`. */
export function nameChecks({ node, source, child }: Site): readonly Check[] {
  if (source['propertyNames'] === undefined) return []
  const schema = child('propertyNames')
  return [
    (value, run) => {
      if (!isObject(value)) return true
      let right = true
      for (const name of Object.keys(value)) {
        const issues = nameIssues(schema, name, run)
        if (issues === null) continue
        right = false
        const reason = run.meant && issues[0] !== undefined ? `: ${issues[0].message}` : ''
        const message = `property name must be valid${reason}`
        broken(run, node, 'propertyNames', () => ({ message, params: { propertyName: name } }))
        if (!goesOn(run)) return false
      }
      return right
    },
  ]
}

/** What is wrong with a name, told of by itself unless one sentence is to say all; null where nothing is. */
function nameIssues(schema: SchemaNode, name: string, run: Run): readonly Issue[] | null {
  const { issues } = run
  const own = run.meant && issues !== null ? [] : issues
  run.issues = own
  const right = applyAfresh(schema, name, run)
  run.issues = issues
  return right ? null : (own ?? [])
}

/** `unevaluatedProperties`; comes after all that evaluates members. */
export function unevaluatedMemberChecks({ node, source, child }: Site): readonly Check[] {
  if (source['unevaluatedProperties'] === undefined) return []
  const schema = child('unevaluatedProperties')
  node.marks = true
  return [
    (value, run) => {
      const { marks } = run
      if (!isObject(value) || marks === null) return true
      let right = true
      for (const name of Object.keys(value)) {
        if (marks.hasMember(name)) continue
        if (schema.source === false) {
          const params = { unevaluatedProperty: name }
          const message = 'must NOT have unevaluated properties'
          right = broken(run, node, 'unevaluatedProperties', () => ({ message, params }))
        } else if (!applyChild(schema, value[name] as Json, name, run)) right = false
        if (!right && !goesOn(run)) return false
      }
      marks.allMembers = true
      return right
    },
  ]
}
