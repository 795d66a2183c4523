/**
 * Answers as plain values: status, headers, bytes. The web standard's Response is made of them in `app.ts`.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import type { ClockMode } from '../world/clock.ts'

/** What goes back to the client. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | null
  /** What a fault plan does to it on its way; absent where nothing is done. */
  readonly trouble?: Trouble
}

/** What happens to an answer on its way. */
export interface Trouble {
  /** It is sent in part, or broken so that it is no JSON. */
  readonly body: 'cut' | 'malformed' | null
  /** The connection is reset in place of it. */
  readonly reset: boolean
  /** How long it takes, in real time. */
  readonly waitMs: number
}

const encoder = new TextEncoder()

/** An answer whose body is a JSON value. */
export function jsonAnswer(
  status: number,
  type: string,
  body: Json,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return bytesAnswer(status, type, encoder.encode(JSON.stringify(body)), headers)
}

/** An answer whose body is ready. */
export function bytesAnswer(
  status: number,
  type: string,
  body: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { 'Content-Type': type, ...headers }, body }
}

/** The same answer with more headers. */
export function withHeaders(answer: Answer, headers: Readonly<Record<string, string>>): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

/** On a virtual clock every instant is virtual, the one of the answer too. */
export function datedBy(answer: Answer, mode: ClockMode, nowMs: number): Answer {
  return mode === 'real' ? answer : withHeaders(answer, { Date: new Date(nowMs).toUTCString() })
}
