/**
 * A part of the control API: what its document says of some operations, and what answers them.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import type { Input } from '../server/read-input.ts'
import type { Server } from '../server/server.ts'
import type { SandboxName } from '../world/sandboxes.ts'

/** A request to the control API whose input was read and judged by its document. */
export interface ControlRequest {
  readonly server: Server
  readonly input: Input
  /** The sandbox that header or path name. */
  readonly sandbox: SandboxName
}

/** What goes back; null has no body. */
export interface ControlReply {
  readonly status: number
  readonly body: Json
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers an operation; refuses by throwing ApiError. */
export type ControlHandler = (request: ControlRequest) => ControlReply | Promise<ControlReply>

/** A part of the control API. */
export interface ControlPart {
  /** The `paths` of its document, each below `/_standin`. */
  readonly paths: JsonObject
  /** The `components/schemas` that these use. */
  readonly schemas: JsonObject
  /** By operation id. */
  readonly handlers: Readonly<Record<string, ControlHandler>>
}
