/**
 * The part of the control API that tells what runs here: the index, health, the APIs, the document.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import type { Document } from '../openapi/document.ts'
import { listApis } from '../server/listing.ts'
import type { ControlHandler, ControlPart } from './control-part.ts'
import { answer, members, schemaOf } from './describe.ts'
import type { ListedCall } from './page.ts'
import { PAGE_HEADERS, renderPage } from './page.ts'

const TEXT = { type: 'string' }

const DOCUMENT = {
  ...{ type: 'object', required: ['openapi', 'info', 'paths'] },
  properties: { openapi: TEXT, info: { type: 'object' }, paths: { type: 'object' } },
}

const paths = {
  '/': {
    get: {
      operationId: 'getIndex',
      tags: ['General'],
      summary: 'List the calls of the control API',
      description: 'A page for browsers, which ask for `text/html`; else a list.',
      responses: {
        200: {
          description: 'Every call, with what it does.',
          content: {
            'application/json': {
              schema: schemaOf('Index'),
              example: { calls: [{ method: 'GET', path: '/_standin/health', summary: 'Is it ready?' }] },
            },
            'text/html': { schema: TEXT },
          },
        },
      },
    },
  },
  '/health': {
    get: {
      operationId: 'getHealth',
      tags: ['General'],
      summary: 'Is it ready?',
      description: 'Answered once every API is loaded; no token is asked for.',
      security: [],
      responses: { 200: answer('It is ready.', schemaOf('Health'), { status: 'ready', version: '1.0.0' }) },
    },
  },
  '/apis': {
    get: {
      operationId: 'listApis',
      tags: ['General'],
      summary: 'List the APIs',
      description: 'The APIs that are served, each with its mount and its operations.',
      responses: {
        200: answer('The APIs.', schemaOf('Apis'), {
          apis: [
            {
              ...{ id: 'acme', title: 'Acme Extract', mount: '/acme' },
              operations: [{ id: 'getJob', method: 'GET', path: '/jobs/{job_id}' }],
            },
          ],
        }),
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'getDocument',
      tags: ['General'],
      summary: 'Get this document',
      description: 'The OpenAPI document of the control API, which judges its requests and its answers.',
      responses: {
        200: answer('An OpenAPI 3.1 document.', DOCUMENT, {
          openapi: '3.1.0',
          info: { title: 'standin control', version: '1.0.0' },
          paths: {},
        }),
      },
    },
  },
}

const schemas = {
  Index: members({
    calls: { type: 'array', items: members({ method: TEXT, path: TEXT, summary: TEXT }) },
  }),
  Health: members({ status: { const: 'ready' }, version: TEXT }),
  Apis: members({ apis: { type: 'array', items: schemaOf('Api') } }),
  Api: members({
    id: TEXT,
    title: TEXT,
    mount: { ...TEXT, description: 'What comes before the paths of its operations.' },
    operations: { type: 'array', items: members({ id: TEXT, method: TEXT, path: TEXT }) },
  }),
}

/**
 * Makes this part.
 *
 * @param document - The document that all parts make together.
 */
export function createGeneralPart(version: string, document: () => Document): ControlPart {
  const callsUnder = (prefix: string): readonly ListedCall[] =>
    document().operations.map(({ method, path, summary }) => {
      return { method, path: `${prefix}/_standin${path}`, summary }
    })
  const getIndex: ControlHandler = ({ header, server, prefix }) => {
    const vary = { Vary: 'Accept' }
    const calls = callsUnder(prefix)
    if (!wantsPage(header('accept'))) {
      return { status: 200, body: { calls: calls as unknown as Json }, headers: vary }
    }
    const body = renderPage({ version, apis: listApis(server), calls, prefix })
    return { status: 200, body, type: 'text/html; charset=utf-8', headers: { ...PAGE_HEADERS, ...vary } }
  }
  return {
    paths,
    schemas,
    handlers: {
      getIndex,
      getHealth: () => ({ status: 200, body: healthBody(version) }),
      listApis: ({ server }) => ({ status: 200, body: { apis: listApis(server) as unknown as Json } }),
      getDocument: () => ({ status: 200, body: document().json }),
    },
  }
}

/** What tells that every API is loaded. */
export function healthBody(version: string): Json {
  return { status: 'ready', version }
}

/** Browsers name HTML; programs name JSON, anything, or nothing. */
function wantsPage(accept: string | null): boolean {
  const types = (accept ?? '').split(',').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase())
  const html = types.indexOf('text/html')
  const json = types.indexOf('application/json')
  return html >= 0 && (json < 0 || html < json)
}
