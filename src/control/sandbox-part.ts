/**
 * The part of the control API that lists, makes, exports, imports, copies and resets sandboxes.
 *
 * @module
 */
import { formatDuration } from '../model/duration.ts'
import { ApiError } from '../model/refusal.ts'
import type { Server } from '../server/server.ts'
import type { ClockSetting } from '../world/clock.ts'
import type { SandboxDocument, SandboxEvent } from '../world/event.ts'
import type { SandboxName, Turn } from '../world/sandboxes.ts'
import { DEFAULT_SANDBOX, look } from '../world/sandboxes.ts'
import { readClockSetting } from './clock-part.ts'
import type { ControlPart, ControlReply, ControlRequest } from './control-part.ts'
import { clockIn, freshPast, nameIn, readPast, sandboxBody } from './read-sandbox.ts'
import { SANDBOX_PATHS } from './sandbox-paths.ts'
import { SANDBOX_SCHEMAS } from './sandbox-schemas.ts'

/** An export may be as large as all that a sandbox holds. */
const IMPORT_BYTES = 64 * 2 ** 20

/** All sandboxes. */
export const sandboxPart: ControlPart = {
  paths: SANDBOX_PATHS,
  schemas: SANDBOX_SCHEMAS,
  bodyLimits: { createSandbox: IMPORT_BYTES, importSandbox: IMPORT_BYTES },
  handlers: {
    async listSandboxes({ server }) {
      const names = new Set([DEFAULT_SANDBOX, ...(await server.sandboxes.names())])
      return { status: 200, body: { sandboxes: [...names].sort().map((name) => ({ name })) } }
    },
    createSandbox,
    async exportSandbox({ server, input }) {
      const document = await exported(server, String(input.parameters.get('name')))
      return { status: 200, body: sandboxBody(document) }
    },
    importSandbox,
    async removeSandbox({ server, input }) {
      const name = String(input.parameters.get('name'))
      await look(server.sandboxes, named(name), (turn) => verifyKnown(name, turn))
      await server.sandboxes.remove(name)
      server.journal.clear(name)
      return { status: 204, body: null }
    },
    async forkSandbox(request) {
      const { server, input } = request
      const document = await exported(server, String(input.parameters.get('name')))
      const name = nameIn(input.body)
      await begin(server, name, () => [{ type: 'restored', sandbox: document }])
      return made(request, name)
    },
    async resetSandbox({ server, sandbox }) {
      const { name } = sandbox
      const seed = await look(server.sandboxes, sandbox, (turn) => turn.sandbox.seed)
      await server.sandboxes.remove(name)
      await server.sandboxes.turn(sandbox, (turn) => ({
        result: null,
        events: resetEvents(server, turn, seed),
      }))
      server.journal.clear(name)
      return { status: 204, body: null }
    },
  },
}

function named(name: string): SandboxName {
  return { name, seed: null }
}

/** Where nothing has happened there is nothing yet, but for the sandbox of requests that name none. */
function verifyKnown(name: string, { sandbox }: Turn): void {
  if (name === DEFAULT_SANDBOX || !sandbox.isUntouched()) return
  throw new ApiError('sandbox_not_found', `Nothing has happened in a sandbox ${name}`)
}

function exported(server: Server, name: string): SandboxDocument | Promise<SandboxDocument> {
  return look(server.sandboxes, named(name), (turn) => {
    verifyKnown(name, turn)
    return turn.sandbox.toDocument(turn.stampMs)
  })
}

/** Lets a sandbox begin in which nothing has happened yet. */
function begin(
  server: Server,
  name: string,
  eventsOf: (turn: Turn) => readonly SandboxEvent[],
): null | Promise<null> {
  return server.sandboxes.turn(named(name), (turn) => {
    if (!turn.sandbox.isUntouched()) throw new ApiError('name_taken', `There is a sandbox ${name} already`)
    return { result: null, events: eventsOf(turn) }
  })
}

function made({ prefix }: ControlRequest, name: string): ControlReply {
  const headers = { Location: `${prefix}/_standin/sandboxes/${name}` }
  return { status: 201, body: { name }, headers }
}

async function createSandbox(request: ControlRequest): Promise<ControlReply> {
  const { server, input } = request
  const { body } = input
  const name = nameIn(body)
  const { clock, seed } = server.options.beginning
  const past = await readPast(server, body, freshPast(server, seed))
  const setting = clockIn(body)
  const asked = setting === null ? null : readClockSetting(setting, 'clock.')
  const { mode, stepMs, toMs } = asked ?? { ...clock, toMs: null }
  await begin(server, name, ({ stampMs }) => {
    const startMs = toMs ?? (mode === 'real' ? stampMs : server.epochMs)
    return [{ type: 'restored', sandbox: { ...past, clock: clockAt({ mode, stepMs }, startMs) } }]
  })
  return made(request, name)
}

async function importSandbox(request: ControlRequest): Promise<ControlReply> {
  const { server, input } = request
  const name = String(input.parameters.get('name'))
  const past = await readPast(server, input.body, freshPast(server, 0))
  const { mode, stepMs, toMs } = readClockSetting(clockIn(input.body) ?? {}, 'clock.')
  const sandbox = { ...past, clock: clockAt({ mode, stepMs }, toMs ?? 0) }
  const isNew = await server.sandboxes.turn(named(name), (turn) => ({
    result: turn.sandbox.isUntouched(),
    events: [{ type: 'restored', sandbox }],
  }))
  server.journal.clear(name)
  return isNew ? made(request, name) : { status: 200, body: { name } }
}

function clockAt({ mode, stepMs }: ClockSetting, nowMs: number): SandboxDocument['clock'] {
  const now = new Date(nowMs).toISOString()
  return mode === 'step' ? { mode, now, step: formatDuration(stepMs) } : { mode, now }
}

/** Back to the beginning, but for its seed; it stays one that is known. */
function resetEvents(server: Server, { sandbox, stampMs }: Turn, seed: number): readonly SandboxEvent[] {
  const { clock } = server.options.beginning
  if (seed === sandbox.seed) return [{ type: 'clock_set', ...clock, toMs: null }]
  const startMs = clock.mode === 'real' ? stampMs : server.epochMs
  return [{ type: 'restored', sandbox: { ...freshPast(server, seed), clock: clockAt(clock, startMs) } }]
}
