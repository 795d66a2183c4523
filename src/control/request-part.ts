/**
 * The part of the control API that shows the journal of a sandbox, and explains one request of it.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import { suggestion } from '../model/suggestion.ts'
import type { JournalEntry } from '../server/journal.ts'
import { ENTRY_LIMIT } from '../server/journal.ts'
import { findApi } from '../server/listing.ts'
import type { Server } from '../server/server.ts'
import { look } from '../world/sandboxes.ts'
import type { ControlPart, ControlReply, ControlRequest } from './control-part.ts'
import { answer, inPath, inQuery, instant, members, problem, SANDBOX, schemaOf } from './describe.ts'
import { tellEntry, whyOf } from './journal-words.ts'

const ENTRY = {
  ...{ id: '7', at: '2026-01-01T00:00:00.000Z', method: 'GET', path: '/acme/jobs/job_68d96b515027/results' },
  ...{ api: 'acme', operation: 'listResults', status: 200 },
  decision: 'answered job job_68d96b515027 as it stood: running, 3 rows',
  job: {
    ...{ id: 'job_68d96b515027', state: 'running' },
    seedPath: 'seed 1 / acme / job job_68d96b515027 (made as number 1 of its sandbox)',
  },
  preferences: { honoured: [], ignored: ['respond-async'] },
  ...{ ignoredParameters: ['pagesize'], nearMisses: [], allowed: [] },
}

const paths: JsonObject = {
  '/requests': {
    get: {
      operationId: 'listRequests',
      tags: ['Journal'],
      summary: 'List the requests',
      description:
        'What the sandbox was asked lately, and what came of it: the newest last. The control API ' +
        'writes nothing of itself.',
      parameters: [
        SANDBOX,
        inQuery('api', 'Only requests to this API.', { type: 'string', minLength: 1 }),
        inQuery('operation', 'Only requests to operations of this id.', { type: 'string', minLength: 1 }),
        inQuery('status', 'Only requests answered so.', { type: 'integer', minimum: 100, maximum: 599 }),
        inQuery('limit', 'The last so many of these.', {
          ...{ type: 'integer', minimum: 1, maximum: ENTRY_LIMIT, default: 100 },
        }),
      ],
      responses: {
        200: answer('The requests.', schemaOf('Requests'), { requests: [ENTRY] }),
        404: problem(
          'There is no such API, or no such operation.',
          'route_not_found',
          'There is no API acmee',
        ),
      },
    },
    delete: {
      operationId: 'clearRequests',
      tags: ['Journal'],
      summary: 'Clear the journal',
      description: 'The requests so far are forgotten; numbers go on.',
      parameters: [SANDBOX],
      responses: { 204: { description: 'The journal is empty.' } },
    },
  },
  '/explain/{request}': {
    get: {
      operationId: 'explainRequest',
      tags: ['Journal'],
      summary: 'Explain a request',
      description:
        'What was decided of one request, and why. Its id is the `Standin-Request-Id` that it was sent ' +
        'with, else its number in the journal; of several with one id it is the last.',
      parameters: [SANDBOX, inPath('request', 'The id of a request.', '7')],
      responses: {
        200: answer('The request, and why its status is what it is.', schemaOf('Explanation'), {
          ...ENTRY,
          why: ['GET /acme/jobs/{job_id}/results is the operation listResults of acme.'],
        }),
        404: problem('The journal has no such request.', 'entry_not_found', 'The journal has no request 7'),
      },
    },
  },
}

const TEXT = { type: 'string' }
const TEXTS = { type: 'array', items: TEXT }
const MAYBE = { type: ['string', 'null'] }

const entry: Readonly<Record<string, JsonObject>> = {
  id: TEXT,
  at: {
    ...instant("The instant of the sandbox's clock; null where the request never came so far."),
    type: ['string', 'null'],
  },
  method: TEXT,
  path: { ...TEXT, description: 'With its query; credentials are not shown.' },
  api: { ...MAYBE, description: 'Null where no operation was met.' },
  operation: MAYBE,
  status: { type: 'integer' },
  decision: { ...TEXT, description: 'What came of it, in a sentence.' },
  job: { anyOf: [schemaOf('JobOfRequest'), { type: 'null' }] },
  preferences: members({ honoured: TEXTS, ignored: TEXTS }),
  ignoredParameters: { ...TEXTS, description: 'Query parameters that the document does not know.' },
  nearMisses: {
    type: 'array',
    description: 'For a path that no operation has: what was perhaps meant, the nearest first.',
    items: members({
      ...{ api: TEXT, operation: TEXT, method: TEXT, path: TEXT },
      distance: { type: 'number', description: 'How many letters lie between.' },
    }),
  },
  allowed: { ...TEXTS, description: 'For a method that the path does not take: those that it takes.' },
}

const schemas = {
  Requests: members({ requests: { type: 'array', items: schemaOf('Request') } }),
  Request: members(entry),
  Explanation: members({ ...entry, why: { ...TEXTS, description: 'Why its status is what it is.' } }),
  JobOfRequest: members({
    ...{ id: TEXT, state: TEXT },
    seedPath: { ...MAYBE, description: 'Where its draws come from.' },
  }),
}

/** The journal of the sandbox that the request names. */
export const requestPart: ControlPart = {
  paths,
  schemas,
  handlers: {
    listRequests({ server, sandbox, input }) {
      const entries = chosen(server.journal.of(sandbox.name), server, input)
      return look(server.sandboxes, sandbox, (turn) => ({
        status: 200,
        body: { requests: entries.map((each) => tellEntry(each, server, turn) as unknown as Json) },
      }))
    },
    clearRequests({ server, sandbox }) {
      server.journal.clear(sandbox.name)
      return { status: 204, body: null }
    },
    explainRequest,
  },
}

function chosen(
  entries: readonly JournalEntry[],
  server: Server,
  { parameters }: ControlRequest['input'],
): readonly JournalEntry[] {
  const [api, operation, status] = ['api', 'operation', 'status'].map((name) => parameters.get(name))
  if (typeof api === 'string') findApi(server, api)
  if (typeof operation === 'string') verifyOperation(server, operation)
  const fits = entries.filter(
    ({ match, status: answered }) =>
      (api === undefined || match?.route.api.id === api) &&
      (operation === undefined || match?.route.operation.id === operation) &&
      (status === undefined || answered === status),
  )
  return fits.slice(-Number(parameters.get('limit')))
}

function verifyOperation({ apis }: Server, id: string): void {
  const known = apis.flatMap(({ document }) => document.operations.map((operation) => operation.id))
  if (known.includes(id)) return
  const shown = id.slice(0, 100)
  throw new ApiError('route_not_found', `There is no operation ${shown}${suggestion(shown, known)}`)
}

function explainRequest({ server, sandbox, input }: ControlRequest): ControlReply | Promise<ControlReply> {
  const id = String(input.parameters.get('request'))
  const found = server.journal.of(sandbox.name).findLast((each) => each.id === id)
  if (found === undefined) {
    throw new ApiError('entry_not_found', `The journal has no request ${id.slice(0, 100)}`)
  }
  return look(server.sandboxes, sandbox, (turn) => {
    const told = tellEntry(found, server, turn)
    return { status: 200, body: { ...told, why: whyOf(found, told) } as unknown as Json }
  })
}
