/**
 * An exchange with all that its checks need, looked up once: the operation it belongs to, the parameters it
 * carried, the documented answer it claims to be, its parsed body.
 *
 * @module
 */
import type { OperationContract } from '../job-contract/job-contract.ts'
import type { Json } from '../model/json.ts'
import { matchMediaType } from '../openapi/media-type.ts'
import type { MediaType, Operation, ResponseSpec } from '../openapi/operation.ts'
import { decodeSegment, parseQuery } from '../openapi/parameter.ts'
import { responseFor } from '../openapi/response.ts'
import type { BodyParts } from './body-part.ts'
import { partsOf } from './body-part.ts'
import type { Admits } from './content-schema.ts'
import type { Exchange } from './exchange.ts'
import { pathOf, queryOf } from './exchange.ts'
import type { Finding, Remark } from './finding.ts'
import { findingOf } from './finding.ts'
import { readJsonText } from './json-text.ts'
import type { Judge } from './subject.ts'
import { contractOf } from './subject.ts'

/** An exchange of a known operation, prepared for its checks. */
export interface View {
  readonly judge: Judge
  readonly exchange: Exchange
  readonly operation: Operation
  /** What the job contract says of the operation. */
  readonly contract: OperationContract | null
  /** The path parameters it carried, decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: ReadonlyMap<string, readonly string[]>
  /** The documented answer of its status; undefined where none is documented. */
  readonly spec: ResponseSpec | undefined
  /** The documented entry of its media type. */
  readonly media: MediaType | undefined
  /** What of its body is judged by which schema; null where it has none that is documented. */
  readonly content: BodyParts | null
  /** Its parsed body; undefined where it is no JSON. */
  readonly body: Json | undefined
  /** The answer that told to wait, where this request is the same again after that wait. */
  readonly waitedOn?: Exchange
  /** The document has no such operation: it is the path's first, and only what was expected is judged. */
  readonly stray?: true
  /** Statuses that were asked for, be they documented or not. */
  readonly owed?: ReadonlySet<number>
}

/** Prepares an exchange of an operation. */
export function createView(judge: Judge, operation: Operation, exchange: Exchange): View {
  const { request, response } = exchange
  const spec = responseFor(operation, response.status)
  const type = response.headers['content-type'] ?? ''
  const media = matchMediaType(spec?.content ?? [], type)
  const content =
    media === undefined || isBodiless(exchange)
      ? null
      : partsOf(judge.subject.document.json, media, type, response, admitsOf(judge))
  const [whole] = content?.texts.filter(({ at }) => at === '') ?? []
  const { value } = whole?.json ?? readJsonText(response.body)
  return {
    judge,
    exchange,
    operation,
    contract: contractOf(judge.subject, operation.id),
    path: matchTemplate(operation.path, pathOf(request.url)) ?? {},
    query: parseQuery(queryOf(request.url)),
    spec,
    media,
    content,
    body: value,
  }
}

function admitsOf({ validator }: Judge): Admits {
  return (schema, value) => validator.check(schema, value, 1).length === 0
}

/** Is it an answer that HTTP allows no body? */
export function isBodiless({ request, response: { status } }: Exchange): boolean {
  return request.method === 'HEAD' || status < 200 || status === 204 || status === 205 || status === 304
}

/** Does it carry an answer of the 2xx family? */
export function isSuccess({ exchange }: View): boolean {
  return exchange.response.status >= 200 && exchange.response.status < 300
}

/** The text of a query parameter; null where it was omitted, or blank where blank counts as omitted. */
export function queryText({ query, contract }: View, name: string | null | undefined): string | null {
  if (name === null || name === undefined) return null
  const text = query.get(name)?.at(-1)
  if (text === undefined || (text === '' && contract?.blank.includes(name) === true)) return null
  return text
}

/** Makes a remark on a view's exchange a finding. */
export function remarkOn({ judge, operation, exchange }: View, remark: Remark): Finding {
  return findingOf(judge.subject, operation, exchange, remark)
}

/**
 * Matches a path against a template such as `/jobs/{id}`; whatever stands before the template is passed over.
 *
 * @returns The values in braces, decoded; null where it does not match.
 */
export function matchTemplate(template: string, path: string): Record<string, string> | null {
  const { names, pattern } = templateOf(template)
  const match = pattern.exec(path)
  if (match === null) return null
  return Object.fromEntries(names.map((name, position) => [name, decodeSegment(match[position + 1] ?? '')]))
}

/** A template that paths are matched against. */
interface Template {
  readonly names: readonly string[]
  readonly pattern: RegExp
}

const TEMPLATES = new Map<string, Template>()

/** A template of a document, compiled once. */
function templateOf(template: string): Template {
  const known = TEMPLATES.get(template)
  if (known !== undefined) return known
  const names: string[] = []
  const source = template.replace(/\{([^}]*)\}|[^{]+/g, (part, name: string | undefined) => {
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    names.push(name)
    return '([^/]+)'
  })
  const compiled = { names, pattern: new RegExp(`${source}$`) }
  TEMPLATES.set(template, compiled)
  return compiled
}
