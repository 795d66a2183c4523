/**
 * A standin whose webhooks go to a receiver on loopback, for tests of what is told, when and to whom. The
 * jobs are Talonic's.
 *
 * @module
 */
import { expect } from 'vitest'
import type { JsonObject } from '../src/model/json.ts'
import type { ClockMode } from '../src/world/clock.ts'
import type { Around, Asking, Told } from './control/ask.ts'
import { asking } from './control/ask.ts'
import type { Receiver } from './receiver.ts'
import { startReceiver } from './receiver.ts'

/** What signs in these tests. */
export const SECRET = 'whsec_test_secret_do_not_use_in_production'
/** A key that Talonic takes. */
export const KEY = { authorization: 'Bearer tlnc_test_1' } as const
/** An order for a job. */
export const ORDER = { schema_id: '7a1e5b90-42cd-4f38-9e06-c3d1f2a4b580' } as const

/** A delivery as the inbox shows it. */
export interface Sight {
  readonly id: string
  readonly job: string
  readonly event: string
  readonly state: string
  readonly url: string | null
  readonly due: string
  readonly next: string | null
  readonly attempts: readonly {
    readonly number: number
    readonly at: string
    readonly status: number | null
    readonly error: string | null
  }[]
  readonly headers: Readonly<Record<string, string>> | null
  readonly body: string | null
}

/** A standin and a receiver. */
export interface Hooked {
  readonly standin: Asking
  readonly receiver: Receiver
  /** Asks the control API; whatever it refuses fails the test. */
  readonly control: (
    method: string,
    path: string,
    body?: JsonObject,
    sandbox?: string,
  ) => Promise<Told['body']>
  /** Sets one endpoint: the receiver, where no other URL is given. */
  readonly listen: (url?: string, more?: JsonObject, sandbox?: string) => Promise<void>
  /** Makes a job that takes ten seconds, where nothing else is preferred. */
  readonly create: (prefer?: string, sandbox?: string) => Promise<string>
  readonly cancel: (id: string) => Promise<Told>
  readonly read: (id: string) => Promise<Told>
  readonly advance: (by: string, sandbox?: string) => Promise<void>
  readonly inbox: (query?: string, sandbox?: string) => Promise<readonly Sight[]>
  /** The bodies that the receiver got. */
  readonly bodies: () => readonly JsonObject[]
  readonly close: () => Promise<void>
}

/** Starts both. */
export async function hooked(mode: ClockMode = 'frozen', stepMs = 0, around: Around = {}): Promise<Hooked> {
  return hook(await asking({ clock: { mode, stepMs } }, around))
}

/** Starts a receiver beside a standin. */
export async function hook(standin: Asking): Promise<Hooked> {
  const receiver = await startReceiver()
  const inSandbox = (sandbox: string | undefined): Readonly<Record<string, string>> =>
    sandbox === undefined ? {} : { 'standin-sandbox': sandbox }
  const talonic = (method: string, path: string): Promise<Told> =>
    standin.ask(method, `/talonic/v1/jobs/${path}`, undefined, KEY)

  const control: Hooked['control'] = async (method, path, body, sandbox) => {
    const told = await standin.ask(method, `/_standin${path}`, body, inSandbox(sandbox))
    expect([path, told.body?.detail]).toEqual([path, undefined])
    return told.body
  }
  return {
    standin,
    receiver,
    control,
    async listen(url = receiver.url, more = {}, sandbox) {
      const endpoints = [{ api: 'talonic', url, secret: SECRET, ...more }]
      await control('PUT', '/webhooks', { endpoints }, sandbox)
    },
    async create(prefer = 'after=PT10S', sandbox) {
      const headers = { ...KEY, prefer, ...inSandbox(sandbox) }
      const { status, body } = await standin.ask('POST', '/talonic/v1/jobs', ORDER, headers)
      expect(status).toBe(201)
      return body.id
    },
    cancel: (id) => talonic('POST', `${id}/cancel`),
    read: (id) => talonic('GET', id),
    advance: (by, sandbox) => control('POST', '/clock/advance', { by }, sandbox),
    inbox: async (query = '', sandbox) =>
      (await control('GET', `/webhooks/deliveries${query}`, undefined, sandbox)).deliveries,
    bodies: () => receiver.received.map(({ body }) => JSON.parse(body)),
    async close() {
      await standin.close()
      await receiver.close()
    },
  }
}
