/**
 * How requests to one API are made: where they go, what they carry, what fills their paths.
 *
 * @module
 */

import type { JsonObject } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import { basesFor } from '../../openapi/document.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { coerce } from '../../openapi/parameter.ts'
import { credentialHeaders } from '../../openapi/security.ts'
import { encodePart } from '../exchange.ts'
import { keywordAt } from '../schema-place.ts'
import type { Judge, Subject } from '../subject.ts'
import { contractOf } from '../subject.ts'
import type { Case, Expectation } from './case.ts'
import { isOwnHeader } from './client-header.ts'
import { drawText } from './draw.ts'
import type { JobRef } from './job-ref.ts'
import { parametersOf } from './job-ref.ts'
import type { Wire } from './reading.ts'
import { isRight, queryTextOf, wireOf } from './reading.ts'
import { sampleOf } from './sample.ts'

/** Everything that the requests to one API have in common. */
export interface Aim {
  readonly judge: Judge
  /** What stands before the document's paths, without a trailing slash. */
  readonly baseUrl: string
  /** Headers that carry credentials, and others that were asked for. */
  readonly headers: Readonly<Record<string, string>>
  /** Credentials that travel in the query, and what else was asked for. */
  readonly query: readonly QueryPair[]
  /** Values of path parameters that no job gives. */
  readonly parameters: Readonly<Record<string, string>>
  readonly seed: number
}

/** A name and a text of a query. */
export type QueryPair = readonly [string, string]

/** What one request has of its own. */
export interface Shot {
  readonly operation: Operation
  readonly purpose: string
  readonly path: Readonly<Record<string, string>>
  readonly query?: readonly QueryPair[]
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly QueryPair[]
  /** A required parameter that is left out. */
  readonly omits?: string
  readonly body?: string
  /** Of the body; JSON where it is left out. */
  readonly mediaType?: string
  readonly expects: Expectation
  /** Leave the credentials out. */
  readonly anonymous?: boolean
  /** A method that the document does not have at this path. */
  readonly stray?: string
}

/** Makes the case of a request. */
export function aimAt(aim: Aim, shot: Shot): Case {
  const { operation, path, body, stray } = shot
  const filled = operation.path.replace(/\{([^}]*)\}/g, (_, name: string) => encodePart(path[name] ?? ''))
  const [base = aim.baseUrl] = basesFor(aim.judge.subject.document, operation, aim.baseUrl)
  const query = queryTextOf([...(shot.query ?? []), ...sharedQuery(aim, shot)])
  return {
    operationId: operation.id,
    purpose: shot.purpose,
    method: stray ?? operation.method,
    url: `${base}${filled}${query === '' ? '' : `?${query}`}`,
    headers: headersFor(aim, shot),
    body: body ?? null,
    expects: shot.expects,
    ...(stray === undefined ? {} : { stray: true }),
  }
}

/** What every query carries, but for what a request says, or leaves unsaid, by itself. */
function sharedQuery(
  { judge, query }: Aim,
  { query: own = [], omits, anonymous }: Shot,
): readonly QueryPair[] {
  const closed = anonymous === true ? credentialNames(judge.subject) : new Set<string>()
  const said = new Set(own.map(([name]) => name))
  return query.filter(([name]) => name !== omits && !said.has(name) && !closed.has(name.toLowerCase()))
}

/** What every request carries, what its operation requires, and what it has of its own, the last first. */
function headersFor(aim: Aim, shot: Shot): Readonly<Record<string, string>> {
  const { operation, body, headers = {}, cookies = [], mediaType = 'application/json' } = shot
  const open = shot.anonymous === true
  const layers = [
    requiredIn(aim, operation, 'header', shot),
    without(open ? withoutCredentials(aim.judge.subject, aim.headers) : aim.headers, shot.omits),
    body === undefined ? {} : { 'content-type': mediaType },
    headers,
  ]
  const merged = new Map<string, readonly [string, string]>()
  for (const layer of layers) {
    for (const [name, text] of Object.entries(layer)) merged.set(name.toLowerCase(), [name, text])
  }
  const own = Object.entries(requiredIn(aim, operation, 'cookie', shot))
  const pairs = [...own.filter(([name]) => !cookies.some(([given]) => given === name)), ...cookies]
  if (pairs.length > 0) {
    const texts = [merged.get('cookie')?.[1] ?? [], ...pairs.map(([name, text]) => `${name}=${text}`)].flat()
    merged.set('cookie', ['cookie', texts.join('; ')])
  }
  return Object.fromEntries(merged.values())
}

function without(
  headers: Readonly<Record<string, string>>,
  omits: string | undefined,
): Readonly<Record<string, string>> {
  const name = omits?.toLowerCase()
  return Object.fromEntries(Object.entries(headers).filter(([each]) => each.toLowerCase() !== name))
}

/** Can a parameter be given any value without credentials or the request itself being touched? */
export function isFree({ judge }: Aim, { in: place, name }: Parameter): boolean {
  if (credentialNames(judge.subject).has(name.toLowerCase())) return false
  return place !== 'header' || isOwnHeader(name)
}

function requiredIn(
  aim: Aim,
  { parameters }: Operation,
  place: 'header' | 'cookie',
  { omits }: Pick<Shot, 'omits'>,
): Readonly<Record<string, string>> {
  const wanted = parameters.filter(
    (each) => each.in === place && each.required && each.name !== omits && isFree(aim, each),
  )
  return Object.fromEntries(
    wanted.map((each) => [each.name, aim.parameters[each.name] ?? fillIn(aim, each)[0]?.[1] ?? '']),
  )
}

/** Header and query names, in lower case, that carry credentials. */
export function credentialNames({ document }: Subject): ReadonlySet<string> {
  const usual = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'x-api-key']
  const keys = [...document.schemes.values()].map(({ key }) => key.toLowerCase())
  return new Set([...usual, ...keys.filter((key) => key !== '')])
}

/** Headers without those that carry credentials. */
export function withoutCredentials(
  subject: Subject,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = credentialNames(subject)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase())))
}

/** The example credentials of the job contract, for the first alternative that all have an example. */
export function exampleCredentials({ document, contract }: Subject): Pick<Aim, 'headers' | 'query'> {
  const credentials = contract?.credentials ?? {}
  const alternatives = document.operations.flatMap(({ security }) => security)
  const chosen = alternatives.find((alternative) => {
    const names = Object.keys(alternative)
    return names.length > 0 && names.every((name) => credentials[name] !== undefined)
  })
  const headers: Record<string, string> = {}
  const query: QueryPair[] = []
  for (const name of Object.keys(chosen ?? {})) {
    const scheme = document.schemes.get(name)
    const example = credentials[name]?.example
    if (scheme === undefined || example === undefined) continue
    const carried = credentialHeaders(scheme, example)
    if (carried === null) query.push([scheme.key, example])
    else Object.assign(headers, carried)
  }
  return { headers, query }
}

/**
 * The path of an operation for a job, every parameter filled in: from the job, else as given, else drawn.
 *
 * @param job - Null draws the id of a job that does not exist.
 */
export function pathFor(
  aim: Aim,
  operation: Operation,
  job: JobRef | null,
): Readonly<Record<string, string>> {
  const { subject } = aim.judge
  const own = contractOf(subject, operation.id)?.job ?? null
  const known = { ...aim.parameters, ...(job === null ? {} : parametersOf(subject.document, job)) }
  const names = operation.parameters.filter((parameter) => parameter.in === 'path')
  return Object.fromEntries(
    names.map((parameter) => {
      const { name } = parameter
      if (name === own)
        return [name, job?.id ?? drawText(aim.seed, `job ${name}`, subject.contract?.jobId ?? 'uuid')]
      return [name, known[name] ?? fillIn(aim, parameter)[0]?.[1] ?? 'standin']
    }),
  )
}

/**
 * A path parameter that says whose jobs are asked for, and of which nobody has told the value: what is drawn
 * for it is of nobody, so no success can be expected. Null where all are known.
 */
export function unknownScope(aim: Aim, operation: Operation, job: JobRef | null): string | null {
  const { document, contract } = aim.judge.subject
  const known = { ...aim.parameters, ...(job === null ? {} : parametersOf(document, job)) }
  const names = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
  const scope = contract?.scope ?? {}
  return names.find((name) => Object.hasOwn(scope, name) && known[name] === undefined) ?? null
}

/** Why an operation is not judged further where its scope is not known. */
export function scopeReason(name: string): string {
  return `nobody said whose jobs these are: give --parameter ${name}=…, or the whole path to --job`
}

/**
 * The limit with which pages are asked for: the largest that the document allows, at the most `most`, and
 * `usual` where it sets none. Null where there is no limit to give.
 */
export function largestLimit(
  { judge }: Aim,
  { parameters }: Operation,
  limit: string | null,
  { most, usual }: { readonly most: number; readonly usual: number },
): number | null {
  if (limit === null) return null
  const schema = parameters.find(({ name }) => name === limit)?.schema ?? null
  const maximum = schema === null ? null : keywordAt(judge.subject.document.json, schema, 'maximum')
  return typeof maximum?.value === 'number' ? Math.min(maximum.value, most) : usual
}

/** A well-formed value for each query parameter that an operation requires. */
export function requiredQuery(aim: Aim, { parameters }: Operation): readonly QueryPair[] {
  const required = parameters.filter(
    (each) => each.in === 'query' && each.required && !aim.query.some(([name]) => name === each.name),
  )
  return required.flatMap((parameter): readonly QueryPair[] => {
    const given = aim.parameters[parameter.name]
    return given === undefined ? fillIn(aim, parameter) : [[parameter.name, given]]
  })
}

/** A well-formed value for a parameter: its scope's form, its example, or what its schema allows. */
function fillIn({ judge, seed }: Aim, parameter: Parameter): Wire {
  const { contract, document } = judge.subject
  const { name, schema, pointer } = parameter
  const form = contract?.scope[name]
  if (form !== undefined) return [[name, drawText(seed, `scope ${name}`, form)]]
  const told = ['example', 'examples'].flatMap((keyword) => {
    const value = keywordAt(document.json, pointer, keyword)?.value
    return isObject(value) ? Object.values(value).map((each) => memberOf(each, 'value')) : [value]
  })
  for (const value of told) {
    const wire = value === undefined ? null : wireOf(parameter, value)
    if (wire !== null && isRight(judge, parameter, wire)) return wire
  }
  if (schema === null) return [[name, drawText(seed, `path ${name}`, 'standin-########')]]
  const sample = sampleOf(judge, schema, 'minimal')
  const format = keywordAt(document.json, schema, 'format')?.value
  if (sample === 'standin') return [[name, drawText(seed, `path ${name}`, 'standin-########')]]
  if (format === 'uuid' && wordless(document.json, schema)) {
    return [[name, drawText(seed, `path ${name}`, 'uuid')]]
  }
  const wire = sample === undefined ? null : wireOf(parameter, sample)
  return wire === null || wire.length === 0
    ? [[name, coerce('1', parameter.types) === 1 ? '1' : 'standin']]
    : wire
}

function wordless(json: JsonObject, schema: string): boolean {
  return ['example', 'examples', 'default', 'enum', 'const'].every(
    (keyword) => keywordAt(json, schema, keyword) === null,
  )
}
