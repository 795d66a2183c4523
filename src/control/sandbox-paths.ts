/**
 * What the control API's document says of sandboxes. What answers is `sandbox-part.ts`.
 *
 * @module
 */
import type { JsonObject } from '../model/json.ts'
import { NAME_PATTERN } from '../world/sandboxes.ts'
import { answer, body, created, members, problem, SANDBOX, schemaOf } from './describe.ts'

const LISTING = { name: 'checkout' }
const DOCUMENT = {
  ...{ seed: 1, clock: { mode: 'frozen', now: '2026-01-01T00:00:00.000Z' } },
  ...{ faults: [], counts: {}, endpoints: [], deliveries: [] },
  events: [
    {
      ...{ type: 'created', api: 'acme', operationId: null, body: {} },
      ...{ steering: { outcome: 'failed' }, key: null, atMs: 1_767_225_600_000 },
    },
  ],
}

const NAME = {
  ...{ name: 'name', in: 'path', required: true, description: 'The name of a sandbox.', example: 'checkout' },
  schema: { type: 'string', pattern: NAME_PATTERN },
}

const UNKNOWN = problem(
  'Nothing has happened in such a sandbox.',
  'sandbox_not_found',
  'Nothing has happened in a sandbox checkout',
)
const TAKEN = problem('There is such a sandbox already.', 'name_taken', 'There is a sandbox checkout already')

/** By path. */
export const SANDBOX_PATHS: JsonObject = {
  '/sandboxes': {
    get: {
      operationId: 'listSandboxes',
      tags: ['Sandboxes'],
      summary: 'List the sandboxes',
      description: 'Those in which something has happened, and the default one.',
      responses: { 200: answer('Their names.', schemaOf('Sandboxes'), { sandboxes: [LISTING] }) },
    },
    post: {
      operationId: 'createSandbox',
      tags: ['Sandboxes'],
      summary: 'Make a sandbox',
      description:
        'A sandbox comes to be when it is first used; made so it may have a seed, a clock, faults and a ' +
        'past of its own. What is left out is as in every sandbox.',
      requestBody: body(schemaOf('NewSandbox'), { name: 'checkout', seed: 7, clock: { mode: 'auto' } }),
      responses: { 201: created('It is there.', schemaOf('SandboxName'), LISTING), 409: TAKEN },
    },
  },
  '/sandboxes/{name}': {
    parameters: [NAME],
    get: {
      operationId: 'exportSandbox',
      tags: ['Sandboxes'],
      summary: 'Export a sandbox',
      description:
        'All that it is, as a document: imported anywhere it goes on from this instant, byte for byte.',
      responses: { 200: answer('The sandbox.', schemaOf('Sandbox'), DOCUMENT), 404: UNKNOWN },
    },
    put: {
      operationId: 'importSandbox',
      tags: ['Sandboxes'],
      summary: 'Import a sandbox',
      description:
        'Puts an exported sandbox in the place of the one of this name. It is gone through event by ' +
        'event first; one that cannot have happened here is refused, and nothing changes.',
      requestBody: body(schemaOf('Sandbox'), DOCUMENT),
      responses: {
        200: answer('It has taken the place of another.', schemaOf('SandboxName'), LISTING),
        201: created('It is there.', schemaOf('SandboxName'), LISTING),
      },
    },
    delete: {
      operationId: 'removeSandbox',
      tags: ['Sandboxes'],
      summary: 'Delete a sandbox',
      description: 'It is forgotten, its journal too. Used again, it begins anew.',
      responses: { 204: { description: 'It is gone.' }, 404: UNKNOWN },
    },
  },
  '/sandboxes/{name}/fork': {
    parameters: [NAME],
    post: {
      operationId: 'forkSandbox',
      tags: ['Sandboxes'],
      summary: 'Copy a sandbox',
      description: 'Makes another sandbox that goes on from where this one is.',
      requestBody: body(members({ name: { type: 'string', pattern: NAME_PATTERN } }), { name: 'checkout-2' }),
      responses: { 201: created('It is there.', schemaOf('SandboxName'), LISTING), 404: UNKNOWN, 409: TAKEN },
    },
  },
  '/reset': {
    post: {
      operationId: 'resetSandbox',
      tags: ['Sandboxes'],
      summary: 'Reset the sandbox',
      description:
        'Back to the beginning: its jobs, clock, faults and journal are as when the server was started. ' +
        'It keeps its seed.',
      parameters: [SANDBOX],
      responses: { 204: { description: 'It is as new.' } },
    },
  },
}
