/**
 * From a request to its input: every documented parameter and the body, read and judged by the document.
 *
 * @module
 */
import type { InputIssue, InputPlace, Issue } from '../model/issue.ts'
import type { Json } from '../model/json.ts'
import { segmentsOf } from '../model/pointer.ts'
import { ApiError } from '../model/refusal.ts'
import type { Document } from '../openapi/document.ts'
import { essenceOf, isJsonType, matchMediaType } from '../openapi/media-type.ts'
import type { Operation } from '../openapi/operation.ts'
import type { Parameter } from '../openapi/parameter.ts'
import { coerce, memberTypesAt, parseQuery, readParameter } from '../openapi/parameter.ts'
import { cookieOf } from '../openapi/security.ts'
import type { Validator } from '../openapi/validator.ts'
import type { Api } from './api.ts'

/** What a request says, before anything is judged. */
export interface RawInput {
  readonly path: Readonly<Record<string, string>>
  readonly query: ReadonlyMap<string, readonly string[]>
  readonly header: (name: string) => string | null
  /** The text of the body; null where there is none. */
  readonly body: string | null
}

/** The judged values of a request's parameters, and its body. Parameters that were not given are absent. */
export interface Input {
  readonly parameters: ReadonlyMap<string, Json>
  /** The parameters that the request itself gives; the others have their defaults. */
  readonly given: ReadonlySet<string>
  readonly body: Json
}

/**
 * Reads the input of an operation. Parameters of which the job contract says so count as omitted when blank,
 * and a limit that it says is clamped is brought back into its bounds.
 *
 * @throws {@link ApiError} `id_malformed` when only path parameters are at fault, `request_bad` when the body
 * is no JSON, else `request_invalid`; all issues at once, in the document's order.
 */
export function readInput(
  raw: RawInput,
  operation: Operation,
  { contract, document }: Api,
  validator: Validator,
): Input {
  const own = contract?.operations[operation.id]
  const blank = own?.blank ?? []
  const paged = own?.rows ?? own?.list ?? null
  const clamped = paged?.clamps === true ? paged.limit : null
  const parameters = new Map<string, Json>()
  const given = new Set<string>()
  const issues: InputIssue[] = []
  for (const parameter of operation.parameters) {
    const value = parameterValue(raw, parameter, blank)
    if (value === undefined) {
      if (parameter.required) issues.push(absent(parameter.in, parameter.name))
      else if (parameter.default !== undefined) parameters.set(parameter.name, parameter.default)
      continue
    }
    const found = parameter.schema === null ? [] : meantIssues(validator.check(parameter.schema, value))
    const bound = parameter.name === clamped ? boundPassed(found) : null
    if (bound === null)
      issues.push(...found.map((issue) => toInputIssue(issue, parameter.in, parameter.name)))
    parameters.set(parameter.name, bound ?? value)
    given.add(parameter.name)
  }
  const body = readBody(raw, operation, document, validator, issues)
  if (issues.length > 0) throw refusalFor(issues)
  return { parameters, given, body }
}

/** The bound that a number passes, where nothing else is wrong with it. */
function boundPassed(issues: readonly Issue[]): number | null {
  const [issue] = issues
  const limit = issue?.params['limit']
  if (issue === undefined || issues.length > 1 || typeof limit !== 'number') return null
  return issue.keyword === 'minimum' || issue.keyword === 'maximum' ? limit : null
}

function refusalFor(issues: readonly InputIssue[]): ApiError {
  const sentence = issues.map(({ name, in: place, message }) => `${name || place}: ${message}`).join('; ')
  return new ApiError(
    issues.every(({ in: place }) => place === 'path') ? 'id_malformed' : 'request_invalid',
    sentence,
    issues,
  )
}

const NONE: ReadonlyMap<string, readonly string[]> = new Map()

function parameterValue(raw: RawInput, parameter: Parameter, blank: readonly string[]): Json | undefined {
  const texts = textsOf(raw, parameter)
  const last = texts.at(-1)
  if (last?.trim() === '' && blank.includes(parameter.name)) return undefined
  return readParameter(parameter, texts, parameter.in === 'query' ? raw.query : NONE)
}

function textsOf(raw: RawInput, { in: place, name }: Parameter): readonly string[] {
  if (place === 'query') return raw.query.get(name) ?? []
  const text =
    place === 'path'
      ? Object.hasOwn(raw.path, name)
        ? (raw.path[name] ?? null)
        : null
      : place === 'header'
        ? raw.header(name)
        : cookieOf(raw.header('cookie') ?? '', name)
  return text === null ? [] : [text]
}

function readBody(
  raw: RawInput,
  operation: Operation,
  document: Document,
  validator: Validator,
  issues: InputIssue[],
): Json {
  const { body } = operation
  if (body === null) return null
  if (raw.body === null || raw.body === '') {
    if (body.required) issues.push(absent('body', ''))
    return null
  }
  const type = raw.header('content-type') ?? 'application/json'
  const media = matchMediaType(body.content, type)
  if (media === undefined) {
    const documented = body.content.map((entry) => entry.type).join(', ')
    issues.push(bodyIssue('mediaType', `the body is ${type}; documented: ${documented}`))
    return null
  }
  const value = parseAs(raw.body, type, media.schema, document)
  if (value === undefined) return null
  const found = media.schema === null ? [] : meantIssues(validator.check(media.schema, value))
  issues.push(...found.map((issue) => toInputIssue(issue, 'body', '')))
  return value
}

/** JSON, a form or plain text; files and parts of many kinds are taken unread. */
function parseAs(body: string, type: string, schema: string | null, document: Document): Json | undefined {
  if (isJsonType(type)) return parseBody(body)
  const essence = essenceOf(type)
  if (essence === 'application/x-www-form-urlencoded') return parseForm(body, schema, document)
  return essence.startsWith('text/') ? body : undefined
}

function parseForm(text: string, schema: string | null, document: Document): Json {
  const types = schema === null ? new Map() : memberTypesAt(document.json, schema)
  const entries = [...parseQuery(text)].map(([name, texts]): [string, Json] => {
    const own = types.get(name) ?? new Set()
    return [name, own.has('array') ? texts : coerce(texts.at(-1) ?? '', own)]
  })
  return Object.fromEntries(entries)
}

/** Deeper bodies would break what walks them by recursion. */
const DEPTH_LIMIT = 200

/** Counts brackets outside of strings, before anything is built of them. */
function isDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    if (depth > DEPTH_LIMIT) return true
  }
  return false
}

function parseBody(text: string): Json {
  if (isDeep(text)) {
    const reason = `it nests deeper than ${DEPTH_LIMIT} levels`
    throw new ApiError('request_bad', `The body cannot be used: ${reason}`, [bodyIssue('json', reason)])
  }
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ApiError('request_bad', `The body is not JSON: ${reason}`, [bodyIssue('json', reason)])
  }
}

function bodyIssue(keyword: string, message: string): InputIssue {
  return { in: 'body', name: '', path: [], keyword, message, params: {} }
}

function absent(place: InputPlace, name: string): InputIssue {
  return { in: place, name, path: [], keyword: 'required', message: 'is required', params: {} }
}

/** Of a union's branches the one that was meant: null is seldom it, and the union itself says nothing. */
function meantIssues(issues: readonly Issue[]): readonly Issue[] {
  const meant = issues.filter(
    ({ keyword, params }) =>
      keyword !== 'anyOf' && keyword !== 'oneOf' && !(keyword === 'type' && params['type'] === 'null'),
  )
  return meant.length === 0 ? issues : meant
}

function toInputIssue(issue: Issue, place: InputPlace, name: string): InputIssue {
  const path = segmentsOf(issue.at).map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment))
  const missing = issue.keyword === 'required' ? issue.params['missingProperty'] : undefined
  return {
    in: place,
    name,
    path: typeof missing === 'string' ? [...path, missing] : path,
    keyword: issue.keyword,
    message: issue.message,
    params: issue.params,
    schema: issue.schema,
  }
}
