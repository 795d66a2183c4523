/**
 * The OpenAPI document of the control API, put together from its parts. What every operation can answer
 * stands here once: a part says only what is its own.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, memberOf, objectAt } from '../model/json.ts'
import type { Document } from '../openapi/document.ts'
import { createDocument } from '../openapi/document.ts'
import { CONTROL_PREFIX } from '../server/app.ts'
import { NAME_PATTERN } from '../world/sandboxes.ts'
import type { ControlPart } from './control-part.ts'
import { members, PROBLEM_TYPE, problem } from './describe.ts'

/** What the parts are about, in the order in which people read it. */
const TAGS: Readonly<Record<string, string>> = {
  General: 'What runs here.',
  Jobs: 'Jobs of a sandbox: read, made, moved and removed by hand.',
  Clock: 'How time goes in a sandbox.',
  Sandboxes: 'Isolated worlds, each with a seed, a clock, jobs, faults and a journal of its own.',
  Faults: 'Which requests of a sandbox go wrong, and how.',
  Journal: 'What a sandbox was asked, and why it answered so.',
  Webhooks: 'What a sandbox tells receivers when its jobs move.',
}

const PROBLEMS: Readonly<Record<string, JsonObject>> = {
  400: problem(
    'The request cannot be read, or no sandbox can have this name.',
    'request_bad',
    'The body is not JSON',
  ),
  401: problem('The control token is missing or wrong.', 'unauthenticated', 'The control token is wrong'),
  403: problem(
    'Such callers may not control this server.',
    'caller_refused',
    'This server is not known as a.example',
  ),
  413: problem('The body is too large.', 'body_too_large', 'The body is larger than 1048576 bytes'),
  414: problem('The URL is too long.', 'url_too_long', 'The URL is longer than 8192 characters'),
  415: problem('The body is no JSON by its media type.', 'media_type_unsupported', 'The body is text/plain'),
  422: problem('The request is not as documented.', 'request_invalid', 'rowz: there is no member `rowz`'),
  431: problem(
    'The headers are too large.',
    'headers_too_large',
    'The headers are longer than 16384 characters',
  ),
  '5XX': problem(
    'The server cannot answer.',
    'unavailable',
    'Too much has happened in this sandbox; reset it',
  ),
}

/** What every operation can answer; further, those that need a token, and those that take a body. */
const COMMON = ['400', '403', '414', '422', '431', '5XX']
const WITH_TOKEN = ['401']
const WITH_BODY = ['413', '415']

/**
 * Puts the document together.
 *
 * @param needsToken - A token is asked for.
 */
export function createControlDocument(
  parts: readonly ControlPart[],
  version: string,
  needsToken: boolean,
): Document {
  const paths = joined(parts.map((part) => part.paths))
  const schemas = joined([...parts.map((part) => part.schemas), { Problem: PROBLEM }])
  const responses = Object.entries(PROBLEMS).map(([status, response]) => [nameOf(status), response] as const)
  const json: JsonObject = {
    openapi: '3.1.0',
    info: {
      title: 'standin control',
      summary: 'Controls a standin: its sandboxes, jobs, clocks, faults and journals.',
      description:
        'Operations on a sandbox are about the one that the header `Standin-Sandbox` names, or the path ' +
        'prefix `/~name` before `/_standin`; without either, about the default one.',
      version,
      contact: { name: 'standin', url: 'https://www.npmjs.com/package/standin' },
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: CONTROL_PREFIX, description: 'The standin that serves this document.' }],
    tags: tagsOf(paths),
    ...(needsToken ? { security: [{ controlToken: [] }] } : { security: [{ controlToken: [] }, {}] }),
    paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, completed(item)])),
    components: {
      schemas,
      responses: Object.fromEntries(responses),
      parameters: { Sandbox: SANDBOX_PARAMETER },
      securitySchemes: {
        controlToken: { type: 'http', scheme: 'bearer', description: 'What `--control-token` sets.' },
      },
    },
  }
  return createDocument('_standin', 'openapi.json', json)
}

/** Two parts never say two things of one name. */
function joined(parts: readonly JsonObject[]): JsonObject {
  const all = parts.flatMap((part) => Object.entries(part))
  const names = all.map(([name]) => name)
  const twice = names.find((name, position) => names.indexOf(name) !== position)
  if (twice !== undefined) throw new RangeError(`two parts of the control API describe ${twice}`)
  return Object.fromEntries(all)
}

const METHODS = ['get', 'put', 'post', 'patch', 'delete']

function operationsIn(item: Json): readonly JsonObject[] {
  return METHODS.flatMap((method) => {
    const operation = memberOf(item, method)
    return isObject(operation) ? [operation] : []
  })
}

/** The operations of a path with the answers that all have. */
function completed(item: Json): Json {
  const added = METHODS.flatMap((method) => {
    const operation = memberOf(item, method)
    return isObject(operation) ? [[method, withProblems(operation)] as const] : []
  })
  return { ...(item as JsonObject), ...Object.fromEntries(added) }
}

function withProblems(operation: JsonObject): JsonObject {
  const isOpen = Array.isArray(operation['security'])
  const takesBody = operation['requestBody'] !== undefined
  const statuses = [...COMMON, ...(isOpen ? [] : WITH_TOKEN), ...(takesBody ? WITH_BODY : [])]
  const own = objectAt(operation, 'responses')
  const missing = statuses.filter((status) => !Object.hasOwn(own, status))
  const all = { ...own, ...Object.fromEntries(missing.map((status) => [status, referenceTo(status)])) }
  const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...operation, responses: Object.fromEntries(sorted) }
}

function referenceTo(status: string): JsonObject {
  return { $ref: `#/components/responses/${nameOf(status)}` }
}

function nameOf(status: string): string {
  return `Problem${status}`
}

function tagsOf(paths: JsonObject): Json {
  const used = Object.values(paths).flatMap((item) =>
    operationsIn(item).flatMap((operation) => operation['tags'] as readonly string[]),
  )
  const names = [...Object.keys(TAGS).filter((name) => used.includes(name)), ...used]
  return [...new Set(names)].map((name) => ({ name, description: TAGS[name] ?? name }))
}

const TEXT = { type: 'string' }

const PROBLEM: JsonObject = {
  description: `A refusal, \`${PROBLEM_TYPE}\` by RFC 9457.`,
  ...members(
    {
      type: { ...TEXT, format: 'uri' },
      title: TEXT,
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: TEXT,
      instance: { ...TEXT, description: 'The path that was asked.' },
      errors: {
        type: 'array',
        description: 'What is wrong with the request, one by one.',
        items: members({
          in: { type: 'string', enum: ['path', 'query', 'header', 'cookie', 'body'] },
          name: { ...TEXT, description: 'The parameter, or the member of the body.' },
          detail: TEXT,
        }),
      },
    },
    ['type', 'title', 'status', 'detail', 'instance'],
  ),
}

const SANDBOX_PARAMETER: JsonObject = {
  ...{ name: 'Standin-Sandbox', in: 'header', example: 'checkout' },
  description: 'The sandbox that is meant; the default one where it is left out.',
  schema: { ...TEXT, pattern: NAME_PATTERN },
}
