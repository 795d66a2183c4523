/**
 * Schema issues made readable: of an `anyOf` or `oneOf` only the branch that was meant is told of, and each
 * issue becomes a sentence with expected and actual. What is right and wrong is the validator's to say.
 *
 * @module
 */
import { distance } from 'fastest-levenshtein'
import type { Issue } from '../model/issue.ts'
import type { Json } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import { typeOf } from '../openapi/schema-type.ts'
import { either, show } from './display.ts'
import { memberNames, schemaAt } from './schema-place.ts'
import type { Judge } from './subject.ts'

/** How many issues of one value are read before the meant branches are chosen. */
const READ_LIMIT = 5000
/** How many issues of one value are told of. */
const TOLD_LIMIT = 200
const UNIONS = new Set(['anyOf', 'oneOf'])

/** The disagreements of a value with a schema, those of branches nobody meant left out. */
export function explain(judge: Judge, schema: string, value: Json): readonly Issue[] {
  const issues = judge.validator.check(schema, value, READ_LIMIT)
  return narrow(judge, issues, value).slice(0, TOLD_LIMIT)
}

/** An outer union's issue comes after those of its branches, so unions are resolved from the end. */
function narrow(judge: Judge, issues: readonly Issue[], value: Json): readonly Issue[] {
  let rest = issues.filter(({ keyword }) => keyword !== 'if')
  for (const union of [...rest].reverse()) {
    if (!UNIONS.has(union.keyword) || !rest.includes(union) || matchesSeveral(union)) continue
    const part = readPointer(value, union.at)
    if (part === undefined) continue
    const branches = branchIssues(judge, union, part)
    if (branches.length === 0) continue
    const theirs = new Set(
      branches.flatMap(({ issues: own }) => own.map((issue) => keyOf(below(union, issue)))),
    )
    const meant = wrongType(union, branches) ?? chooseBranch(judge, branches, part)
    const put = narrow(judge, meant, part).map((issue) => below(union, issue))
    rest = rest.flatMap((issue) => (issue === union ? put : theirs.has(keyOf(issue)) ? [] : [issue]))
  }
  return rest
}

interface Branch {
  readonly schema: string
  readonly issues: readonly Issue[]
}

function matchesSeveral({ keyword, params }: Issue): boolean {
  return keyword === 'oneOf' && Array.isArray(params['passingSchemas'])
}

function branchIssues({ subject, validator }: Judge, union: Issue, part: Json): readonly Branch[] {
  const branches = readPointer(subject.document.json, union.schema)
  if (!Array.isArray(branches)) return []
  return branches.map((_, position) => {
    const schema = pointerTo(union.schema, position)
    return { schema, issues: validator.check(schema, part, READ_LIMIT) }
  })
}

function below(union: Issue, issue: Issue): Issue {
  return union.at === '' ? issue : { ...issue, at: union.at + issue.at }
}

function keyOf({ at, schema, params }: Issue): string {
  return `${at} ${schema} ${JSON.stringify(params)}`
}

/** Where no branch admits the value's type, the types of all branches are told of together. */
function wrongType(union: Issue, branches: readonly Branch[]): readonly Issue[] | null {
  const types = branches.flatMap(({ issues }) => {
    const [first] = issues
    return first?.keyword === 'type' && first.at === '' ? [first.params['type'] ?? null] : []
  })
  if (types.length < branches.length) return null
  const message = `must be ${either([...new Set(types.flat().map(String))])}`
  return [{ at: '', keyword: 'type', message, params: { type: types.flat() }, schema: union.schema }]
}

/** The branch with the value's own constant, else of its type, else of the fewest issues. */
function chooseBranch(judge: Judge, branches: readonly Branch[], part: Json): readonly Issue[] {
  const ranked = branches.map(({ schema, issues }, position) => {
    const wrong = issues.some(({ at, keyword }) => at === '' && keyword === 'type')
    return { issues, rank: [constantRank(judge, schema, part), wrong ? 1 : 0, issues.length, position] }
  })
  ranked.sort((a, b) => a.rank.map((rank, at) => rank - (b.rank[at] ?? 0)).find((order) => order !== 0) ?? 0)
  return ranked[0]?.issues ?? []
}

/** 0 where the value has a constant of the branch, 1 where the branch has none, 2 where it has another. */
function constantRank({ subject }: Judge, schema: string, part: Json): number {
  const { json } = subject.document
  const branch = schemaAt(json, schema)
  let rank = 1
  for (const name of Object.keys(objectAt(branch.value, 'properties'))) {
    const member = memberOf(part, name)
    const property = schemaAt(json, pointerTo(branch.pointer, 'properties', name)).value
    const constant = memberOf(property, 'const')
    const values = constant === undefined ? listAt(property, 'enum') : [constant]
    if (values.length === 0 || typeof values[0] === 'boolean') continue
    if (member === undefined || !values.includes(member)) return 2
    rank = 0
  }
  return rank
}

/** An issue as a sentence that begins with the place in the answer. */
export function sentenceOf(judge: Judge, issue: Issue, whole: Json): string {
  const value = readPointer(whole, issue.at)
  return `${issue.at === '' ? 'the body' : issue.at} ${predicateOf(judge, issue, value)}`
}

function predicateOf(judge: Judge, issue: Issue, value: Json | undefined): string {
  const { keyword, params } = issue
  const named = (name: string): string => String(params[name])
  switch (keyword) {
    case 'type': {
      const actual = value === undefined ? 'nothing' : `${typeOf(value)} ${show(value)}`
      return `must be ${either([params['type'] ?? null].flat().map(String))}, is ${actual}`
    }
    case 'required':
      return `lacks \`${named('missingProperty')}\`${hintFor(judge, issue, value, named('missingProperty'))}`
    case 'additionalProperties':
      return unexpected(judge, issue, value, named('additionalProperty'))
    case 'unevaluatedProperties':
      return unexpected(judge, issue, value, named('unevaluatedProperty'))
    case 'const':
      return `must be ${show(params['allowedValue'])}, is ${show(value)}`
    case 'enum':
      return `must be ${either([params['allowedValues'] ?? null].flat().map(show))}, is ${show(value)}`
    case 'format':
      return `must be a ${named('format')}, is ${show(value)}`
    case 'oneOf':
      return `must match exactly one of the schemas, matches several: ${show(value)}`
    default:
      return `${issue.message}, is ${show(value)}`
  }
}

function unexpected(judge: Judge, issue: Issue, value: Json | undefined, name: string): string {
  const missing = knownNames(judge, issue).filter((known) => memberOf(value, known) === undefined)
  const near = nearest(name, missing)
  return `has the undocumented member \`${name}\`${near === null ? '' : `; is \`${near}\` meant?`}`
}

function hintFor(judge: Judge, issue: Issue, value: Json | undefined, name: string): string {
  const known = new Set(knownNames(judge, issue))
  const strange = isObject(value) ? Object.keys(value).filter((member) => !known.has(member)) : []
  const near = nearest(name, strange)
  return near === null ? '' : `; it has \`${near}\`, is that meant?`
}

function knownNames({ subject }: Judge, { schema }: Issue): readonly string[] {
  return memberNames(subject.document.json, schema.replace(/\/[^/]*$/, ''))
}

function nearest(name: string, candidates: readonly string[]): string | null {
  const plain = (text: string): string => text.replace(/[-_]/g, '').toLowerCase()
  const [best] = candidates
    .map((candidate) => ({ candidate, steps: distance(plain(candidate), plain(name)) }))
    .sort((a, b) => a.steps - b.steps)
  return best !== undefined && best.steps <= (name.length < 3 ? 0 : Math.ceil(name.length / 3))
    ? best.candidate
    : null
}

/** The place of an issue in the document; for a missing member, its name in the list of required ones. */
export function schemaPointerOf({ subject }: Judge, { keyword, schema, params }: Issue): string {
  if (keyword !== 'required') return schema
  const names = readPointer(subject.document.json, schema)
  const position = Array.isArray(names) ? names.indexOf(params['missingProperty']) : -1
  return position < 0 ? schema : pointerTo(schema, position)
}
