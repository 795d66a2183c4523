/**
 * The part of the control API that reads and sets the fault plan of a sandbox. What a plan may say is
 * `world/read-fault-plan.ts`.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import { memberOf } from '../model/json.ts'
import { UsageError } from '../model/usage-error.ts'
import type { Server } from '../server/server.ts'
import type { FaultRule } from '../world/fault-plan.ts'
import { FAULT_RULE_SCHEMA } from '../world/fault-rule-schema.ts'
import { formatFaultPlan, readFaultPlan } from '../world/read-fault-plan.ts'
import { look } from '../world/sandboxes.ts'
import type { ControlPart, ControlReply, ControlRequest } from './control-part.ts'
import { answer, body, members, SANDBOX, schemaOf } from './describe.ts'
import { nameOf, wrongMember } from './input-words.ts'

const PLAN = { faults: [{ operation: 'acme/getJob', requests: '1-2', status: 429, retryAfter: 'PT5S' }] }

const paths = {
  '/faults': {
    get: {
      operationId: 'getFaults',
      tags: ['Faults'],
      summary: 'Read the fault plan',
      description: 'Which requests of the sandbox go wrong, and how.',
      parameters: [SANDBOX],
      responses: { 200: answer('The plan.', schemaOf('FaultPlan'), PLAN) },
    },
    put: {
      operationId: 'setFaults',
      tags: ['Faults'],
      summary: 'Set the fault plan',
      description:
        'Puts another plan in the place of the one that there is; counting begins anew. A bare list of ' +
        'rules will do.',
      parameters: [SANDBOX],
      requestBody: body(
        { anyOf: [schemaOf('FaultPlan'), { type: 'array', items: schemaOf('FaultRule') }] },
        PLAN,
      ),
      responses: { 200: answer('The plan.', schemaOf('FaultPlan'), PLAN) },
    },
    delete: {
      operationId: 'clearFaults',
      tags: ['Faults'],
      summary: 'Clear the fault plan',
      description: 'Nothing goes wrong any more.',
      parameters: [SANDBOX],
      responses: { 204: { description: 'There is no fault plan any more.' } },
    },
  },
}

const schemas = {
  FaultPlan: members({ faults: { type: 'array', items: schemaOf('FaultRule') } }),
  FaultRule: FAULT_RULE_SCHEMA,
}

/** The fault plan of the sandbox that the request names. */
export const faultPart: ControlPart = {
  paths,
  schemas,
  handlers: {
    getFaults,
    async setFaults(request) {
      await setRules(request, readRules(request.server, listIn(request.input.body)))
      return getFaults(request)
    },
    async clearFaults(request) {
      await setRules(request, [])
      return { status: 204, body: null }
    },
  },
  complaints: {
    setFaults: ({ server }, given) => {
      readRules(server, listIn(given))
    },
  },
}

function getFaults({ server, sandbox }: ControlRequest): ControlReply | Promise<ControlReply> {
  return look(server.sandboxes, sandbox, (turn) => ({
    status: 200,
    body: { faults: formatFaultPlan(turn.sandbox.faults) },
  }))
}

async function setRules({ server, sandbox }: ControlRequest, rules: readonly FaultRule[]): Promise<void> {
  await server.sandboxes.turn(sandbox, () => ({ result: null, events: [{ type: 'faults_set', rules }] }))
}

/** A plan comes as an object or as a bare list. */
function listIn(given: Json): Json | undefined {
  return Array.isArray(given) ? given : memberOf(given, 'faults')
}

/**
 * Reads the rules of a plan.
 *
 * @throws {@link ApiError} `request_invalid` on the first thing that is wrong.
 */
export function readRules(server: Server, list: Json | undefined): readonly FaultRule[] {
  const known = server.apis.flatMap(({ id, document }) =>
    document.operations.map((operation) => `${id}/${operation.id}`),
  )
  try {
    return readFaultPlan(list, known, (pointer) => `faults${nameOf(pointer)}`)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const [name = '', ...rest] = error.message.split(': ')
    throw wrongMember(name, rest.join(': '))
  }
}
