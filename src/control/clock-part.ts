/**
 * The part of the control API that reads, sets and advances the clock of a sandbox.
 *
 * @module
 */
import { formatDuration } from '../model/duration.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { memberOf, textAt } from '../model/json.ts'
import { AFTER_LIMIT_MS } from '../server/preference.ts'
import type { ClockMode } from '../world/clock.ts'
import { CLOCK_MODES } from '../world/clock.ts'
import type { SandboxEvent } from '../world/event.ts'
import type { Turn } from '../world/sandboxes.ts'
import { look } from '../world/sandboxes.ts'
import type { ControlPart, ControlReply, ControlRequest } from './control-part.ts'
import { answer, body, duration, instant, members, SANDBOX, schemaOf } from './describe.ts'
import { isShownInstant, readInstant, readSpan, wrongMember } from './input-words.ts'

const CLOCK = { now: '2026-01-01T00:00:30.000Z', mode: 'frozen' }

const paths = {
  '/clock': {
    get: {
      operationId: 'getClock',
      tags: ['Clock'],
      summary: 'Read the clock',
      description: 'How time goes in the sandbox, and what its clock shows.',
      parameters: [SANDBOX],
      responses: { 200: answer('The clock.', schemaOf('Clock'), CLOCK) },
    },
    put: {
      operationId: 'setClock',
      tags: ['Clock'],
      summary: 'Set the clock',
      description:
        'Sets how time goes, and the instant where `now` is given. Without it a virtual clock begins at ' +
        'the epoch of the fixtures, or stops where it is if something has happened already; a real one ' +
        'goes on from where it was.',
      parameters: [SANDBOX],
      requestBody: body(schemaOf('ClockSetting'), { mode: 'step', step: 'PT5S' }),
      responses: { 200: answer('The clock as it stands now.', schemaOf('Clock'), CLOCK) },
    },
  },
  '/clock/advance': {
    post: {
      operationId: 'advanceClock',
      tags: ['Clock'],
      summary: 'Advance the clock',
      description: 'Moves the clock forward, whatever its mode.',
      parameters: [SANDBOX],
      requestBody: body(members({ by: duration('How far.') }), { by: 'PT30S' }),
      responses: { 200: answer('The clock as it stands now.', schemaOf('Clock'), CLOCK) },
    },
  },
}

const MODE = {
  type: 'string',
  enum: [...CLOCK_MODES],
  description:
    'How time goes: with the wall clock; not at all; to the next change of any job with each read of ' +
    'one that lives; by a step with each such read.',
}
const STEP = duration(
  'How far each read of a job that lives moves the clock: in mode `step`, and in no other.',
)

/** How time goes, as a request sets it. */
const CLOCK_SETTING: JsonObject = members(
  { mode: MODE, now: instant('What the clock shall show.'), step: STEP },
  ['mode'],
)

const schemas = {
  Clock: members({ now: instant('What the clock shows.'), mode: MODE, step: STEP }, ['now', 'mode']),
  ClockSetting: CLOCK_SETTING,
}

/** The clock of the sandbox that the request names. */
export const clockPart: ControlPart = {
  paths,
  schemas,
  handlers: {
    getClock,
    async setClock(request) {
      const event = readClockSetting(request.input.body, '')
      await request.server.sandboxes.turn(request.sandbox, () => ({ result: null, events: [event] }))
      return getClock(request)
    },
    async advanceClock(request) {
      const byMs = readSpan('by', textAt(request.input.body, 'by'), 0, Number.MAX_SAFE_INTEGER)
      await request.server.sandboxes.turn(request.sandbox, ({ nowMs }) => {
        const toMs = nowMs + byMs
        if (!isShownInstant(toMs)) throw wrongMember('by', 'leads beyond the year 9999')
        return { result: null, events: byMs === 0 ? [] : [{ type: 'clock_moved', toMs }] }
      })
      return getClock(request)
    },
  },
}

function getClock({ server, sandbox }: ControlRequest): Promise<ControlReply> | ControlReply {
  return look(server.sandboxes, sandbox, (turn) => ({ status: 200, body: clockOf(turn) }))
}

function clockOf({ sandbox, nowMs }: Turn): Json {
  const { mode, stepMs } = sandbox.clock
  const now = new Date(nowMs).toISOString()
  return mode === 'step' ? { now, mode, step: formatDuration(stepMs) } : { now, mode }
}

/**
 * Reads a setting that the document has let pass.
 *
 * @param owner - What stands before the names of its members, such as `clock.`.
 * @throws {@link ApiError} `request_invalid` when its members do not go together.
 */
export function readClockSetting(setting: Json, owner: string): SandboxEvent & { type: 'clock_set' } {
  const mode = textAt(setting, 'mode') as ClockMode
  const [step, now] = [memberOf(setting, 'step'), memberOf(setting, 'now')]
  if (mode === 'step' && step === undefined) {
    throw wrongMember(`${owner}step`, 'is required in mode step, for example PT5S')
  }
  if (mode !== 'step' && step !== undefined) {
    throw wrongMember(`${owner}step`, `goes with mode step, not with ${mode}`)
  }
  return {
    type: 'clock_set',
    mode,
    stepMs: step === undefined ? 0 : readSpan(`${owner}step`, String(step), 1, AFTER_LIMIT_MS),
    toMs: now === undefined ? null : readInstant(`${owner}now`, String(now)),
  }
}
