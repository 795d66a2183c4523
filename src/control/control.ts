/**
 * The control API under `/_standin/`: what runs here, and which jobs it has. It changes nothing.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import type { Answer } from '../server/answer.ts'
import { jsonAnswer } from '../server/answer.ts'
import { answerProblem } from '../server/answer-refusal.ts'
import type { Control } from '../server/app.ts'
import type { Call } from '../server/call.ts'
import { checkBounds } from '../server/call.ts'
import { listApis, listJobs } from '../server/listing.ts'
import type { Server } from '../server/server.ts'
import { look } from '../world/sandboxes.ts'

const PREFIX = '/_standin'

/** Makes the control API of a server; calls that are not its own get null. */
export function createControl(current: () => Server, version: string): Control {
  const pages: Readonly<Record<string, (call: Call) => Json | Promise<Json>>> = {
    '/health': () => ({ status: 'ready', version }),
    '/apis': () => ({ apis: listApis(current()) as unknown as Json }),
    '/jobs': async (call) => {
      const api = new URLSearchParams(call.query).get('api')
      const of = { name: call.sandbox, seed: null }
      const server = current()
      const jobs = await look(server.sandboxes, of, (turn) => listJobs(server, turn, api === '' ? null : api))
      return { jobs: jobs as unknown as Json }
    },
  }
  return async (call) => {
    try {
      checkBounds(call)
      return await answer(pages, call)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return answerProblem(error, call.path, current().epochMs)
    }
  }
}

async function answer(
  pages: Readonly<Record<string, (call: Call) => Json | Promise<Json>>>,
  call: Call,
): Promise<Answer> {
  const page = call.path.slice(PREFIX.length).replace(/\/$/, '')
  const paths = Object.keys(pages).map((path) => PREFIX + path)
  if (page !== '' && !Object.hasOwn(pages, page)) {
    throw new ApiError('route_not_found', `There is no ${call.path}; there are ${paths.join(', ')}`)
  }
  const allow = { Allow: 'GET, HEAD, OPTIONS' }
  if (call.method === 'OPTIONS') return { status: 204, headers: allow, body: null }
  if (call.method !== 'GET' && call.method !== 'HEAD')
    throw new ApiError('method_not_allowed', `${call.path} is only read`, [], allow)
  return jsonAnswer(200, 'application/json', (await pages[page]?.(call)) ?? { calls: paths })
}
