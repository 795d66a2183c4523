/**
 * Schema issues made readable: one for each distinct problem, with how many rows have it, as a sentence with
 * expected and actual. What is right and wrong, and which branch of a union was meant, is the validator's
 * to say.
 *
 * @module
 */
import { distance } from 'fastest-levenshtein'
import type { Issue } from '../model/issue.ts'
import type { Json } from '../model/json.ts'
import { isObject, memberOf } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import type { Direction } from '../openapi/schema/node.ts'
import { typeOf } from '../openapi/schema-type.ts'
import { either, show } from './display.ts'
import { memberNames } from './schema-place.ts'
import type { Judge } from './subject.ts'

/** How many issues of one value are read before they are grouped. */
const READ_LIMIT = 5000
/** How many problems of one value are told of. */
const TOLD_LIMIT = 200

/** An issue that stands for all of its kind. */
export interface Problem extends Issue {
  /** How many rows have it; there may be more where so many were read that reading stopped. */
  readonly rows: number
  readonly more: boolean
}

/** The distinct problems of a value with a schema, each where it is first. */
export function explain(
  judge: Judge,
  schema: string,
  value: Json,
  direction: Direction = 'response',
): readonly Problem[] {
  const issues = judge.validator.explain(schema, value, READ_LIMIT, direction)
  if (issues.length === 0) return []
  const more = issues.length >= READ_LIMIT
  const groups = new Map<string, { readonly first: Issue; readonly rows: Set<string> }>()
  for (const issue of issues) {
    const key = `${issue.schema} ${issue.at.replace(/\/\d+(?=\/|$)/g, '/*')} ${JSON.stringify(issue.params)}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { first: issue, rows: new Set([rowOf(issue)]) })
    else known.rows.add(rowOf(issue))
  }
  return [...groups.values()]
    .slice(0, TOLD_LIMIT)
    .map(({ first, rows }) => ({ ...first, rows: rows.size, more: more && rows.size > 1 }))
}

/** The innermost item of a list that an issue is in. */
function rowOf({ at }: Issue): string {
  return /^.*\/\d+(?=\/|$)/.exec(at)?.[0] ?? at
}

/** An issue as a sentence that begins with the place in the answer. */
export function sentenceOf(judge: Judge, issue: Issue & Partial<Problem>, whole: Json): string {
  const value = readPointer(whole, issue.at)
  const { rows = 1, more = false } = issue
  const end = rows < 2 ? '' : ` (${rows} rows${more ? ' or more' : ''}, first ${rowOf(issue)})`
  return `${issue.at === '' ? 'the body' : issue.at} ${predicateOf(judge, issue, value)}${end}`
}

function predicateOf(judge: Judge, issue: Issue, value: Json | undefined): string {
  const { keyword, params } = issue
  const named = (name: string): string => String(params[name])
  switch (keyword) {
    case 'type': {
      return `must be ${either([params['type'] ?? null].flat().map(String))}, is ${kindOf(value)}`
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
    case 'discriminator':
      if (params['missingProperty'] !== undefined) {
        return `lacks the discriminator \`${named('missingProperty')}\``
      }
      return `must be ${either([params['allowedValues'] ?? null].flat().map(show))}, is ${show(value)}`
    case 'readOnly':
    case 'writeOnly':
      return issue.message
    case 'propertyNames':
      return `has the member \`${named('propertyName')}\`: ${issue.message}`
    case 'false schema':
      return 'must not be there'
    case 'format':
      return `must be a ${named('format')}, is ${show(value)}`
    case 'oneOf':
      return `must match exactly one of the schemas, matches several: ${show(value)}`
    default:
      return `${issue.message}, is ${show(value)}`
  }
}

/** A value after its type, where the type does not say it all. */
function kindOf(value: Json | undefined): string {
  if (value === undefined || value === null) return show(value)
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number too large to be read'
  return `${typeOf(value)} ${show(value)}`
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
