/**
 * What a metaschema says of a document, less what its unions say of branches that nobody meant.
 *
 * @module
 */
import type { ErrorObject } from 'ajv/dist/2020.js'
import { either, show } from '../contract/display.ts'
import type { Json } from '../model/json.ts'
import { readPointer } from '../model/pointer.ts'

/** A fault of a document, and where it stands. */
export interface PlacedFault {
  readonly pointer: string
  readonly message: string
}

/** These only say that something else is wrong. */
const UNIONS = new Set(['oneOf', 'anyOf', 'if'])

/** More faults than this nobody mends at once; each is compared with all others. */
const READ = 2_000

/** The faults of a document, the deepest first; each is told of once. */
export function faultsIn(document: Json, errors: readonly ErrorObject[]): readonly PlacedFault[] {
  const groups = new Map<string, ErrorObject[]>()
  for (const error of meant(errors.slice(0, READ))) {
    const key = `${error.instancePath} ${GROUPED.has(error.keyword) ? error.keyword : error.message}`
    groups.set(key, [...(groups.get(key) ?? []), error])
  }
  return [...groups.values()]
    .map((group) => ({ pointer: group[0]?.instancePath ?? '', message: sentenceOf(document, group) }))
    .sort((a, b) => b.pointer.length - a.pointer.length)
}

/** Of each union what the branch that was meant says: not that a value tells of another branch. */
function meant(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  let left = errors.filter(({ keyword }) => !UNIONS.has(keyword))
  const unions = errors.filter(({ keyword }) => UNIONS.has(keyword))
  for (const union of unions.sort((a, b) => b.instancePath.length - a.instancePath.length)) {
    const at = union.instancePath
    const inside = left.filter(({ instancePath }) => `${instancePath}/`.startsWith(`${at}/`))
    const own = inside.filter((error) => !isOfReferences(error, at))
    if (own.length === 0) continue
    const direct = own.filter(({ instancePath }) => instancePath === at || parentOf(instancePath) === at)
    const told = new Set([...own.filter((error) => !direct.includes(error)), ...ofBranch(direct, union)])
    left = left.filter((error) => !inside.includes(error) || told.has(error))
  }
  const isAlone = ({ instancePath }: ErrorObject): boolean =>
    !left.some((other) => !isUnevaluated(other) && `${other.instancePath}/`.startsWith(`${instancePath}/`))
  left = left.filter((error) => !isUnevaluated(error) || isAlone(error))
  return left.length === 0 ? errors : left
}

/** What is wrong may keep the rest of an object from being evaluated. */
function isUnevaluated({ keyword }: ErrorObject): boolean {
  return keyword === 'unevaluatedProperties'
}

/** What branches say that no value tells apart from others; else the choice that fewest complain of. */
function ofBranch(errors: readonly ErrorObject[], union: ErrorObject): readonly ErrorObject[] {
  const branches = new Map<string, ErrorObject[]>()
  for (const error of errors) {
    const branch = branchOf(error.schemaPath, union.schemaPath)
    branches.set(branch, [...(branches.get(branch) ?? []), error])
  }
  const isChoice = (error: ErrorObject): boolean => isOfChoice(error, union.instancePath)
  const others = [...branches.values()].filter((each) => !each.some(isChoice))
  if (others.length > 0 || branches.size < 2) return branches.size < 2 ? errors : others.flat()
  const counts = new Map<string, number>()
  const choices = errors.filter(isChoice)
  for (const { instancePath } of choices) counts.set(instancePath, (counts.get(instancePath) ?? 0) + 1)
  const least = Math.min(...counts.values())
  return choices.filter(({ instancePath }) => counts.get(instancePath) === least)
}

/** A branch stands in its union or is a definition of its own. */
function branchOf(schemaPath: string, union: string): string {
  const inner = schemaPath.startsWith(`${union}/`) ? schemaPath.slice(union.length + 1) : null
  return inner === null ? schemaPath.split('/').slice(0, 3).join('/') : (inner.split('/')[0] ?? '')
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}

/** Nearly everything may be a reference instead; that it is none says nothing. */
function isOfReferences({ instancePath, params }: ErrorObject, union: string): boolean {
  const facts = params as Readonly<Record<string, unknown>>
  return instancePath === union && (facts['missingProperty'] ?? facts['additionalProperty']) === '$ref'
}

/** A member of which each branch has its own value. */
function isOfChoice({ keyword, instancePath }: ErrorObject, union: string): boolean {
  return (keyword === 'enum' || keyword === 'const') && parentOf(instancePath) === union
}

/** Of these several branches speak of one place. */
const GROUPED = new Set(['enum', 'required'])

function sentenceOf(document: Json, group: readonly ErrorObject[]): string {
  const [first] = group
  if (first === undefined) return ''
  const at = first.instancePath || 'the document'
  const facts = group.map(({ params }) => params as Readonly<Record<string, unknown>>)
  const name = facts[0]?.['additionalProperty'] ?? facts[0]?.['unevaluatedProperty']
  if (first.keyword === 'required') {
    const names = facts.map((each) => `\`${String(each['missingProperty'])}\``)
    return `${at} must have ${either([...new Set(names)])}`
  }
  if (first.keyword === 'enum') {
    const allowed = [...new Set(facts.flatMap((each) => [each['allowedValues'] ?? []].flat()))]
    const value = readPointer(document, first.instancePath)
    return `${at} must be ${either(allowed.map(show))}, is ${show(value)}`
  }
  return `${at} ${first.message ?? 'is wrong'}${name === undefined ? '' : `: ${String(name)}`}`
}
