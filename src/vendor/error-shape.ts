/**
 * Shapes of error bodies that several vendors share, by name.
 *
 * @module
 */
import type { InputIssue } from '../model/issue.ts'
import type { Json } from '../model/json.ts'
import type { RefusalCode } from '../model/refusal.ts'
import { REFUSALS } from '../model/refusal.ts'
import type { ErrorShape, Flaw, RefusalFacts } from './vendor.ts'

/** The body and media type of a refusal in a vendor's shape. */
export function renderError(shape: ErrorShape, facts: RefusalFacts): { type: string; body: Json } {
  if (typeof shape === 'function') return { type: 'application/json', body: shape(facts) }
  if (shape === 'fastapi') return { type: 'application/json', body: fastApiError(facts) }
  return { type: 'application/problem+json', body: problem(facts) }
}

/** An RFC 9457 problem. */
export function problem(facts: RefusalFacts): Json {
  return {
    type: `urn:standin:problem:${facts.code}`,
    title: REFUSALS[facts.code].title,
    status: facts.status,
    detail: facts.message,
    instance: facts.path,
    ...(facts.issues.length === 0
      ? {}
      : {
          errors: facts.issues.map(({ in: place, name, message }) => ({ in: place, name, detail: message })),
        }),
  }
}

/** Refusals of what a request holds; FastAPI answers them with a list, all others with a sentence. */
const LISTED: ReadonlySet<RefusalCode> = new Set(['request_bad', 'request_invalid', 'id_malformed'])

/**
 * FastAPI's errors: a list of issues where input is at fault, else a sentence.
 *
 * @see https://fastapi.tiangolo.com/tutorial/handling-errors/
 */
function fastApiError({ code, status, message, issues, flaws }: RefusalFacts): Json {
  if (!LISTED.has(code) || status !== 422) return { detail: message }
  if (issues.length === 0) return { detail: [{ loc: ['body'], msg: message, type: 'value_error' }] }
  return { detail: flaws() }
}

/** An issue as pydantic tells it. */
export function flawOf(issue: InputIssue): Flaw {
  const place = [issue.in, ...(issue.in === 'body' ? [] : [issue.name]), ...issue.path]
  const extra = issue.params['additionalProperty'] ?? issue.params['unevaluatedProperty']
  if (typeof extra !== 'string') return { loc: place, ...pydanticError(issue) }
  return { loc: [...place, extra], msg: 'Extra inputs are not permitted', type: 'extra_forbidden' }
}

/** JSON Schema's names of types that Python calls otherwise. */
const PYTHON_TYPES: Readonly<Record<string, string>> = { object: 'dict', array: 'list', boolean: 'bool' }

/** The words pydantic has for broken keywords. */
function pydanticError({ keyword, params, message }: InputIssue): { msg: string; type: string } {
  const limit = String(params['limit'] ?? '')
  switch (keyword) {
    case 'required':
      return { msg: 'Field required', type: 'missing' }
    case 'maximum':
      return { msg: `Input should be less than or equal to ${limit}`, type: 'less_than_equal' }
    case 'minimum':
      return { msg: `Input should be greater than or equal to ${limit}`, type: 'greater_than_equal' }
    case 'exclusiveMaximum':
      return { msg: `Input should be less than ${limit}`, type: 'less_than' }
    case 'exclusiveMinimum':
      return { msg: `Input should be greater than ${limit}`, type: 'greater_than' }
    case 'minLength':
      return { msg: `String should have at least ${limit} characters`, type: 'string_too_short' }
    case 'maxLength':
      return { msg: `String should have at most ${limit} characters`, type: 'string_too_long' }
    case 'pattern':
      return { msg: 'String should match the documented pattern', type: 'string_pattern_mismatch' }
    case 'enum':
      return { msg: `Input should be ${wordsOf(params['allowedValues'])}`, type: 'enum' }
    case 'format':
      return {
        msg: `Input should be a valid ${formatName(params['format'])}`,
        type: formatType(params['format']),
      }
    case 'type':
      return {
        msg: `Input should be a valid ${String(params['type'])}`,
        type: `${PYTHON_TYPES[String(params['type'])] ?? String(params['type'])}_type`,
      }
    case 'json':
      return { msg: 'JSON decode error', type: 'json_invalid' }
    default:
      return { msg: message, type: 'value_error' }
  }
}

function wordsOf(values: Json | undefined): string {
  const words = Array.isArray(values) ? values.map((value) => `'${String(value)}'`) : []
  const last = words.pop() ?? ''
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`
}

function formatName(format: Json | undefined): string {
  return format === 'uuid' ? 'UUID' : format === 'date-time' ? 'datetime' : String(format)
}

function formatType(format: Json | undefined): string {
  return format === 'uuid' ? 'uuid_parsing' : format === 'date-time' ? 'datetime_parsing' : 'value_error'
}
