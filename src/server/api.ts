/**
 * An API as the server holds it: its document, what was said and drawn for it, and what is compiled of these
 * when it is first needed.
 *
 * @module
 */
import type { Fixture } from '../fixture/fixture.ts'
import type { JobContract } from '../job-contract/job-contract.ts'
import type { Profile } from '../model/job.ts'
import type { Document } from '../openapi/document.ts'
import type { Validator } from '../openapi/validator.ts'
import type { Vendor } from '../vendor/vendor.ts'
import type { Beginning } from '../world/sandbox.ts'

/** Everything that makes one API; data and small pure functions. */
export interface Api {
  readonly id: string
  readonly document: Document
  /** Null where the document describes no jobs. */
  readonly contract: JobContract | null
  readonly vendor: Vendor | null
  /** Null where there are no jobs. */
  readonly fixture: Fixture | null
  /** Which of its two documents it keeps. */
  readonly profile: Profile
}

/** What the world outside hands in: nothing in the server looks at a clock by itself. */
export interface Environment {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Resolves after so many milliseconds; for `Prefer: delay`. */
  readonly sleep: (ms: number) => Promise<void>
  /** Runs something after so many milliseconds, unless what it returns is called before. */
  readonly schedule: (ms: number, run: () => void) => () => void
  /** Told of every bug, whole, with the id that the client saw. */
  readonly report: (id: string, error: unknown) => void
}

/** How the server answers. */
export interface ServerOptions {
  /** How sandboxes begin. */
  readonly beginning: Omit<Beginning, 'epochMs'>
  /** Ask for credentials as the documents do. */
  readonly auth: boolean
  /** Answer any origin. */
  readonly cors: boolean
  /** Milliseconds by which every answer waits. */
  readonly delayMs: number
  /** Where webhooks may go beside this machine. */
  readonly webhookHosts: readonly string[]
  /** One API alone answers at the root too. */
  readonly mountAtRoot: boolean
}

/** What compiles validators; handed in so that ajv loads when it is first needed. */
export type LoadValidator = (api: Api) => Promise<Validator>
