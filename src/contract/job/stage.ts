/**
 * Stages: where the jobs that the judge makes live, and the time that moves them. At a standin that is a
 * sandbox of its own with a clock that goes when the judge says so; at any other target it is the target
 * itself, and real time.
 *
 * @module
 */
import { isObject, listAt, memberOf, textAt } from '../../model/json.ts'
import { parseBody } from '../exchange.ts'
import type { Target } from '../target.ts'
import type { Time } from '../time.ts'

/** Where the judge's own jobs live. */
export interface Stage {
  /** Headers that lead there. */
  readonly headers: Readonly<Record<string, string>>
  readonly time: Time
  /** For how long a job is followed at the most. */
  readonly patienceMs: number
  /** The longest time between two looks at a job. */
  readonly pauseMs: number
  /** Can it be asked how a job shall end? */
  readonly steers: boolean
  /** Leaves nothing behind. */
  close(): Promise<void>
}

/** What a stage is opened at. */
export interface StagePlace {
  /** Null where it shall not be asked whether it is a standin. */
  readonly target: Target | null
  /** Of the target, without a path. */
  readonly origin: string
  readonly api: string
  readonly seed: number
  readonly time: Time
  readonly patienceMs: number
  readonly signal?: AbortSignal
}

const PAUSE_MS = 5_000
/** A clock that is moved by hand costs nothing. */
const VIRTUAL_PATIENCE_MS = 86_400_000

/**
 * Opens a sandbox where the target is a standin that lets itself be controlled; else takes the target as it
 * is.
 */
export async function openStage(place: StagePlace): Promise<Stage> {
  const { time, patienceMs } = place
  const name = `check-${place.api}-${place.seed}`
  const headers = { 'standin-sandbox': name }
  const control = controlOf(place, headers)
  const remove = async (): Promise<void> => {
    await control('DELETE', `/sandboxes/${encodeURIComponent(name)}`)
  }
  const frozen = async (): Promise<boolean> => {
    const apis = listAt(await control('GET', '/apis'), 'apis')
    if (!apis.some((api) => textAt(api, 'id') === place.api)) return false
    await remove()
    return textAt(await control('PUT', '/clock', { mode: 'frozen' }), 'mode') === 'frozen'
  }
  if (!(await frozen())) {
    return { headers: {}, time, patienceMs, pauseMs: PAUSE_MS, steers: false, close: async () => undefined }
  }
  let now = 0
  const virtual: Time = {
    now: () => now,
    async wait(ms, signal) {
      signal?.throwIfAborted()
      now += ms
      await control('POST', '/clock/advance', { by: `PT${Math.ceil(ms / 1000)}S` })
    },
  }
  const endless = { patienceMs: VIRTUAL_PATIENCE_MS, pauseMs: VIRTUAL_PATIENCE_MS }
  return { headers, time: virtual, ...endless, steers: true, close: remove }
}

type Control = (method: string, path: string, body?: unknown) => Promise<unknown>

/** Calls of the control API; null where a call is not answered, or not with JSON. */
function controlOf(
  { target, origin, signal }: StagePlace,
  headers: Readonly<Record<string, string>>,
): Control {
  return async (method, path, body) => {
    if (target === null) return null
    const request = new Request(`${origin}/_standin${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    })
    try {
      const response = await target(request)
      const answer = parseBody(await response.text())
      return response.ok && isObject(answer) && memberOf(answer, 'status') === undefined ? answer : null
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof Error) return null
      throw error
    }
  }
}
