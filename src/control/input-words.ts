/**
 * What is wrong with a request to the control API, in words: each disagreement with its document names the
 * member, says what would be right, and guesses what was meant.
 *
 * @module
 */
import { DURATION_PATTERN, formatDuration, parseDuration } from '../model/duration.ts'
import type { InputIssue } from '../model/issue.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, objectAt } from '../model/json.ts'
import { pointerTo, readPointer, segmentsOf } from '../model/pointer.ts'
import { ApiError } from '../model/refusal.ts'
import { suggestion } from '../model/suggestion.ts'
import { resolve } from '../openapi/reference.ts'
import { NAME_PATTERN } from '../world/sandboxes.ts'

/** The refusal of a body in which one member has a value that it cannot have. */
export function wrongMember(name: string, message: string): ApiError {
  const issue = { in: 'body', name, path: [], keyword: 'rule', message, params: {} } as const
  return new ApiError('request_invalid', `${name}: ${message}`, [issue])
}

/** The refusal of a body, member by member. */
export function wrongMembers(issues: readonly (readonly [name: string, message: string])[]): ApiError {
  const told = issues.map(([name, message]): InputIssue => {
    return { in: 'body', name, path: [], keyword: 'rule', message, params: {} }
  })
  return refusalOf('request_invalid', told)
}

/**
 * Reads a span of time that the document has let pass.
 *
 * @throws {@link ApiError} `request_invalid` when it is not within the bounds.
 */
export function readSpan(name: string, text: string, minMs: number, maxMs: number): number {
  const ms = parseDuration(text)
  if (ms !== null && ms >= minMs && ms <= maxMs) return ms
  const bounds = `${formatDuration(minMs)} to ${formatDuration(maxMs)}`
  throw wrongMember(name, `must be a duration from ${bounds}, not ${text.slice(0, 50)}`)
}

const LAST_INSTANT_MS = Date.UTC(9999, 11, 31)

/**
 * Reads an instant that the document has let pass. Only those that every view can show will do.
 *
 * @throws {@link ApiError} `request_invalid` when it is too early, too late or a leap second.
 */
export function readInstant(name: string, text: string): number {
  const ms = Date.parse(text.toUpperCase())
  if (isShownInstant(ms)) return ms
  throw wrongMember(name, `must be an instant from 1970 to 9999, not ${text.slice(0, 50)}`)
}

/** An instant that every view can show. */
export function isShownInstant(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= LAST_INSTANT_MS
}

/** A request of which the document disagrees, and the document. */
export interface Disagreement {
  readonly document: JsonObject
  /** Pointer to the schema of the body; null where there is none. */
  readonly schema: string | null
  /** The text of the body. */
  readonly body: string | null
}

/** The same refusal, in words. */
export function inWords(error: ApiError, disagreement: Disagreement): ApiError {
  if (error.issues.length === 0) return error
  return refusalOf(
    error.code,
    meantIssues(error.issues).map((issue) => tell(issue, disagreement)),
  )
}

/** What is one of several kinds says by its `type` which: what the others would want is left out. */
function meantIssues(issues: readonly InputIssue[]): readonly InputIssue[] {
  const strangers = issues.filter(
    ({ keyword, path }) => (keyword === 'const' || keyword === 'required') && path.at(-1) === 'type',
  )
  const rest = issues.filter((issue) => !strangers.some((stranger) => isOfKind(stranger, issue)))
  const kinds = new Map<string, InputIssue>()
  for (const stranger of strangers) {
    const place = nameOf(pointerTo('', ...stranger.path))
    const same = strangers.filter(({ path }) => nameOf(pointerTo('', ...path)) === place)
    if (rest.some(({ path }) => isUnder(stranger.path.slice(0, -1), path))) continue
    const allowedValues = same.flatMap(({ params }) => params['allowedValue'] ?? [])
    const known = allowedValues.length > 0
    kinds.set(place, known ? { ...stranger, keyword: 'enum', params: { allowedValues } } : stranger)
  }
  return [...rest, ...kinds.values()]
}

/** Does the schema that asks for another type ask for this too? */
function isOfKind(stranger: InputIssue, { path, schema }: InputIssue): boolean {
  const kind = (stranger.schema ?? '').replace(/\/(?:properties\/type\/const|required)$/, '/')
  return isUnder(stranger.path.slice(0, -1), path) && (schema ?? '').startsWith(kind)
}

function isUnder(place: readonly unknown[], path: readonly unknown[]): boolean {
  return place.every((part, at) => part === path[at])
}

const SHOWN = 5

function refusalOf(code: ApiError['code'], issues: readonly InputIssue[]): ApiError {
  const sentences = issues.map(({ name, in: place, message }) => `${name || place}: ${message}`)
  const rest = sentences.length > SHOWN ? `; and ${sentences.length - SHOWN} more` : ''
  return new ApiError(code, sentences.slice(0, SHOWN).join('; ') + rest, issues)
}

function tell(issue: InputIssue, disagreement: Disagreement): InputIssue {
  const name = issue.in === 'body' ? nameOf(pointerTo('', ...issue.path)).replace(/^\./, '') : issue.name
  return { ...issue, name, message: messageOf(issue, disagreement) }
}

/** A pointer into a body as people write it: `.clock.mode`, `.events[3].atMs`. */
export function nameOf(pointer: string): string {
  const parts = segmentsOf(pointer).map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
  return parts.join('').slice(0, 200)
}

/** What the patterns of the document ask for. */
const PATTERNS: Readonly<Record<string, string>> = {
  [DURATION_PATTERN]: 'must be an ISO 8601 duration such as PT30S',
  [NAME_PATTERN]:
    'must be 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or a digit',
}

function messageOf(issue: InputIssue, disagreement: Disagreement): string {
  const { keyword, params, message } = issue
  const stranger = params['additionalProperty'] ?? params['unevaluatedProperty']
  if (typeof stranger === 'string') {
    const shown = stranger.slice(0, 100)
    const known = membersAt(disagreement, issue.path)
    return `there is no member \`${shown}\`${suggestion(shown, known)}`
  }
  switch (keyword) {
    case 'enum': {
      const words = listAt(params, 'allowedValues').map(String)
      const given = issue.in === 'body' ? valueAt(disagreement, issue.path) : undefined
      const meant = typeof given === 'string' ? suggestion(given.slice(0, 100), words) : ''
      return `must be one of ${words.join(', ')}${meant}`
    }
    case 'required':
      return 'is required'
    case 'pattern':
      return PATTERNS[String(params['pattern'])] ?? message
    case 'format':
      return params['format'] === 'date-time'
        ? 'must be an instant of RFC 3339 such as 2026-01-01T00:00:00Z'
        : message
    case 'minProperties':
      return `must have one of ${membersAt(disagreement, issue.path).join(', ')}`
    default:
      return message
  }
}

function valueAt({ body }: Disagreement, path: readonly (string | number)[]): Json | undefined {
  try {
    return readPointer(JSON.parse(body ?? 'null') as Json, pointerTo('', ...path))
  } catch {
    return undefined
  }
}

/** The members that the schema of the body knows at a place. */
function membersAt(
  { document, schema }: Disagreement,
  path: readonly (string | number)[],
): readonly string[] {
  if (schema === null) return []
  let places: readonly string[] = branchesOf(document, schema)
  for (const part of path) {
    const inner = places.map((place) =>
      typeof part === 'number' ? pointerTo(place, 'items') : pointerTo(place, 'properties', part),
    )
    places = inner.flatMap((place) =>
      isObject(readPointer(document, place)) ? branchesOf(document, place) : [],
    )
  }
  return places.flatMap((place) => Object.keys(objectAt(readPointer(document, place), 'properties')))
}

/** A schema and its alternatives: each may know members. */
function branchesOf(document: JsonObject, pointer: string): readonly string[] {
  const { pointer: place, value } = resolve(document, pointer)
  const kinds = ['anyOf', 'oneOf'].flatMap((keyword) =>
    listAt(value, keyword).map((_, position) => pointerTo(place, keyword, position)),
  )
  return [place, ...kinds.flatMap((kind) => branchesOf(document, kind))]
}
