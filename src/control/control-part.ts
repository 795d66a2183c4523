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
  /** What comes before `/_standin` where the path names the sandbox, `/~name`; links begin with it. */
  readonly prefix: string
  readonly header: (name: string) => string | null
}

/** What goes back; null has no body. */
export interface ControlReply {
  readonly status: number
  /** Text, where it is not JSON. */
  readonly body: Json
  /** The media type, where it is not JSON. */
  readonly type?: string
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
  /** By operation id: how large a body may be, in bytes, where it may be larger than is usual. */
  readonly bodyLimits?: Readonly<Record<string, number>>
  /**
   * By operation id: says better than the document's schema what is wrong with a body, by throwing ApiError.
   * Asked where the schema disagrees; where it is content, the schema's own words stand.
   */
  readonly complaints?: Readonly<
    Record<string, (request: Pick<ControlRequest, 'server'>, body: Json) => void>
  >
}
