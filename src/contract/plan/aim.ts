/**
 * How requests to one API are made: where they go, what they carry, what fills their paths.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { coerce } from '../../openapi/parameter.ts'
import { credentialHeaders } from '../../openapi/security.ts'
import { keywordAt } from '../schema-place.ts'
import type { Judge, Subject } from '../subject.ts'
import { contractOf } from '../subject.ts'
import type { Case, Expectation } from './case.ts'
import { drawText } from './draw.ts'
import type { JobRef } from './job-ref.ts'
import { parametersOf } from './job-ref.ts'

/** Everything that the requests to one API have in common. */
export interface Aim {
  readonly judge: Judge
  /** What stands before the document's paths, without a trailing slash. */
  readonly baseUrl: string
  /** Headers that carry credentials, and others that were asked for. */
  readonly headers: Readonly<Record<string, string>>
  /** Credentials that travel in the query. */
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
  readonly body?: string
  readonly expects: Expectation
  /** Leave the credentials out. */
  readonly anonymous?: boolean
}

/** Makes the case of a request. */
export function aimAt(aim: Aim, shot: Shot): Case {
  const { operation, path, body } = shot
  const filled = operation.path.replace(/\{([^}]*)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  )
  const pairs = [...(shot.query ?? []), ...(shot.anonymous === true ? [] : aim.query)]
  const query = pairs
    .map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`)
    .join('&')
  return {
    operationId: operation.id,
    purpose: shot.purpose,
    method: operation.method,
    url: `${aim.baseUrl}${filled}${query === '' ? '' : `?${query}`}`,
    headers: {
      ...(shot.anonymous === true ? withoutCredentials(aim.judge.subject, aim.headers) : aim.headers),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...shot.headers,
    },
    body: body ?? null,
    expects: shot.expects,
  }
}

/** Header and query names, in lower case, that carry credentials. */
export function credentialNames({ document }: Subject): ReadonlySet<string> {
  const usual = ['authorization', 'cookie', 'set-cookie', 'proxy-authorization', 'x-api-key']
  return new Set([...usual, ...[...document.schemes.values()].map(({ key }) => key.toLowerCase())])
}

function withoutCredentials(
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
      return [name, known[name] ?? fillIn(aim, parameter)]
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
  const required = parameters.filter(({ in: place, required: needed }) => place === 'query' && needed)
  return required.map((parameter) => [
    parameter.name,
    aim.parameters[parameter.name] ?? fillIn(aim, parameter),
  ])
}

/** A well-formed value for a path parameter: its scope's form, its example, or something of its type. */
function fillIn({ judge, seed }: Aim, parameter: Parameter): string {
  const { contract, document } = judge.subject
  const form = contract?.scope[parameter.name]
  if (form !== undefined) return drawText(seed, `scope ${parameter.name}`, form)
  const keywords = ['example', 'examples', 'default', 'enum', 'minimum'] as const
  for (const keyword of keywords) {
    const places = parameter.schema === null ? [parameter.pointer] : [parameter.pointer, parameter.schema]
    for (const place of places) {
      const text = scalarText(keywordAt(document.json, place, keyword)?.value)
      if (text !== null) return text
    }
  }
  const format = parameter.schema === null ? null : keywordAt(document.json, parameter.schema, 'format')
  if (format?.value === 'uuid') return drawText(seed, `path ${parameter.name}`, 'uuid')
  return coerce('1', parameter.types) === 1
    ? '1'
    : drawText(seed, `path ${parameter.name}`, 'standin-########')
}

function scalarText(value: Json | undefined): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) ? scalarText(value[0] as Json) : null
}
