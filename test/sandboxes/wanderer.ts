/**
 * A client that does one thing after another in its sandbox, at random and yet the same in every run: what it
 * does follows from its luck and from what it was answered before, and from nothing else.
 *
 * @module
 */
import { TERMINAL_STATES } from '../../src/model/job.ts'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { apis } from '../living-jobs/door.ts'
import type { Followed } from '../living-jobs/followed.ts'
import { followedOf } from '../living-jobs/followed.ts'
import type { Luck } from '../living-jobs/luck.ts'
import { luckOf } from '../living-jobs/luck.ts'

/** A request on its way to a sandbox. */
export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | undefined
}

/** What came back, all of it. */
export interface Came {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
}

/** Sends a request; which sandbox it is for is the sender's. */
export type Send = (sent: Sent) => Promise<Came>

/** A job that the client knows of. */
interface Known {
  readonly api: string
  readonly id: string
}

const followed = new Map<string, Followed>()
for (const { id } of apis) followed.set(id, await followedOf(id))

/** Whose jobs they are, in every sandbox: it follows from the API alone. */
export type Scopes = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What a client needs to know of a server before it begins. */
export interface Surroundings {
  readonly scopes: Scopes
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The modes that it may give its clock. */
  readonly modes: readonly string[]
  /** It may ask for what stands beside its sandbox, and for its journal. */
  readonly looksAround: boolean
}

/** A client at random. */
export class Wanderer {
  readonly #luck: Luck
  readonly #send: Send
  readonly #around: Surroundings
  readonly #jobs: Known[] = []
  readonly #sentWithKeys: Sent[] = []
  readonly #tokens: { readonly api: string; readonly path: string }[] = []
  /** Every request, and its answer. */
  readonly sent: Sent[] = []
  readonly came: Came[] = []
  /** How many of them changed something. */
  changes = 0

  constructor(name: string, around: Surroundings, send: Send) {
    this.#luck = luckOf('wanderer', name)
    this.#send = send
    this.#around = around
    for (const { id, fixture } of apis) {
      for (const job of fixture?.jobs.slice(0, 6) ?? []) this.#jobs.push({ api: id, id: job.id })
    }
  }

  /** Does one thing. */
  async step(): Promise<void> {
    const luck = this.#luck
    const turn = luck.integer(1, 100)
    if (turn <= 30) await this.#create()
    else if (turn <= 34) await this.#createAgain()
    else if (turn <= 44) await this.#ofJob('cancel')
    else if (turn <= 66) await this.#ofJob(luck.pick(['status', 'results']))
    else if (turn <= 72) await this.#list()
    else if (turn <= 77) await this.#goWrong()
    else await this.#control()
  }

  async #ask(sent: Sent): Promise<Came> {
    const came = await this.#send(sent)
    this.sent.push(sent)
    this.came.push(came)
    if (sent.method !== 'GET' && sent.method !== 'HEAD' && came.status < 300) this.changes += 1
    return came
  }

  #sent(
    api: string,
    operationId: string,
    jobId: string,
    rest: Partial<Sent> & { query?: string } = {},
  ): Sent {
    const found = apis.find(({ id }) => id === api)
    const operation = found?.document.operations.find(({ id }) => id === operationId)
    const job = found?.contract?.operations[operationId]?.job ?? ''
    const values: Readonly<Record<string, string>> = { ...this.#around.scopes[api], [job]: jobId }
    const path = operation?.path.replace(/\{([^}]*)\}/g, (_, name: string) =>
      encodeURIComponent(values[name] ?? ''),
    )
    const { query = '', headers, body } = rest
    return {
      method: operation?.method ?? 'GET',
      path: `/${api}${path}${query}`,
      headers: { ...this.#around.credentials[api], ...headers },
      body,
    }
  }

  #operation(api: string, role: string): string | undefined {
    const operations = Object.entries(apis.find(({ id }) => id === api)?.contract?.operations ?? {})
    const fitting = operations.filter(([, contract]) => contract.role === role)
    return fitting.length === 0 ? undefined : this.#luck.pick(fitting)[0]
  }

  async #create(): Promise<void> {
    const luck = this.#luck
    const { id: api } = luck.pick(apis)
    const operation = luck.pick(Object.keys(followed.get(api)?.bodies ?? {}))
    const { body } = followed.get(api)?.bodies[operation]?.(luck) ?? { body: {} }
    const wishes = [
      ...(luck.chance(0.5) ? [`outcome=${luck.pick(TERMINAL_STATES)}`] : []),
      ...(luck.chance(0.5) ? [`after=${luck.pick(['0', 'PT3S', 'PT20S', 'PT1H'])}`] : []),
      ...(luck.chance(0.8) ? [`rows=${luck.integer(0, 5)}`] : []),
    ]
    const headers = {
      ...(wishes.length === 0 ? {} : { prefer: wishes.join(', ') }),
      ...(luck.chance(0.3) ? { 'idempotency-key': luck.uuid() } : {}),
    }
    const sent = this.#sent(api, operation, '', { body, headers })
    if ('idempotency-key' in headers) this.#sentWithKeys.push(sent)
    this.#learn(api, operation, await this.#ask(sent))
  }

  #learn(api: string, operation: string, { status, text }: Came): void {
    if (status >= 300) return
    const at = apis.find(({ id }) => id === api)?.contract?.operations[operation]?.id ?? '/id'
    const id = parsed(text)[at.slice(1)]
    if (typeof id === 'string') this.#jobs.push({ api, id })
  }

  async #createAgain(): Promise<void> {
    const sent = this.#sentWithKeys.length === 0 ? null : this.#luck.pick(this.#sentWithKeys)
    if (sent === null) return this.#create()
    await this.#ask(
      this.#luck.chance(0.7) ? sent : { ...sent, body: { ...(sent.body as JsonObject), name: 'other' } },
    )
  }

  async #ofJob(role: string): Promise<void> {
    const luck = this.#luck
    // Rather the jobs that were made lately.
    const { api, id } = luck.chance(0.7) ? luck.pick(this.#jobs.slice(-12)) : luck.pick(this.#jobs)
    const operation = this.#operation(api, role) ?? this.#operation(api, 'results') ?? ''
    const key = luck.chance(0.2) ? { 'idempotency-key': luck.pick(['one', 'two', luck.uuid()]) } : {}
    const seed = this.#around.looksAround && luck.chance(0.1) ? { prefer: 'seed=7' } : {}
    const sent = this.#sent(api, operation, id, { headers: { ...key, ...seed } })
    await this.#ask(role !== 'cancel' && luck.chance(0.1) ? { ...sent, method: 'HEAD' } : sent)
  }

  async #list(): Promise<void> {
    const luck = this.#luck
    const token = luck.chance(0.4) ? this.#tokens.pop() : undefined
    const api = token?.api ?? luck.pick(['talonic', 'scale-dex'])
    const contract = apis.find(({ id }) => id === api)?.contract?.operations['listJobs']?.list
    const order = luck.chance(0.5) ? `&${contract?.order}=asc` : ''
    const first = `?${contract?.limit}=${luck.integer(1, 8)}${order}`
    const sent = this.#sent(api, 'listJobs', '', { query: first })
    const { text, status } = await this.#ask(token === undefined ? sent : { ...sent, path: token.path })
    const next = status === 200 ? nextOf(text, contract?.next ?? '') : null
    if (next !== null) this.#tokens.push({ api, path: `${sent.path}&${contract?.token}=${next}` })
  }

  async #goWrong(): Promise<void> {
    const luck = this.#luck
    const { id: api } = luck.pick(apis)
    const create = luck.pick(Object.keys(followed.get(api)?.bodies ?? {}))
    const read = this.#operation(api, 'results') ?? ''
    await this.#ask(
      luck.pick([
        this.#sent(api, create, '', { body: { nonsense: luck.integer(0, 9) } }),
        this.#sent(api, read, 'no-such-job'),
        { ...this.#sent(api, read, luck.uuid()), headers: {} },
        this.#sent(api, read, luck.uuid(), { headers: { prefer: 'code=200' } }),
        this.#sent(api, create, '', { body: {}, headers: { prefer: 'after=never' } }),
        { method: 'GET', path: `/${api}/nowhere`, headers: {}, body: undefined },
      ]),
    )
  }

  async #control(): Promise<void> {
    const luck = this.#luck
    const { api, id } = luck.pick(this.#jobs.slice(-20))
    const at = `/jobs/${api}/${encodeURIComponent(id)}`
    const asks: readonly (readonly [string, string, Json?])[] = [
      ['POST', '/clock/advance', { by: `PT${luck.pick([0.1, 1, 7, 40])}S` }],
      ['POST', '/clock/advance', { by: `PT${luck.pick([0.25, 2, 5])}S` }],
      [
        'POST',
        '/jobs',
        { api: luck.pick(apis).id, after: 'PT9S', outcome: luck.pick(['succeeded', 'failed']) },
      ],
      ['PATCH', at, { state: luck.pick(['running', 'succeeded', 'failed', 'cancelled']) }],
      ['PATCH', at, { outcome: luck.pick(['succeeded', 'failed']) }],
      ['DELETE', at],
      ['GET', '/clock'],
      ['GET', `/jobs?api=${api}`],
      ['PUT', '/faults', { faults: luck.chance(0.5) ? [] : faultsOf(luck) }],
      ['PUT', '/clock', settingOf(luck.pick(this.#around.modes))],
      ...(this.#around.looksAround ? ([['GET', '/requests']] as const) : []),
    ]
    const [method, path, body] = luck.pick(asks)
    const { status, text } = await this.#ask({ method, path: `/_standin${path}`, headers: {}, body })
    if (method === 'POST' && path === '/jobs' && status === 201) {
      const made = parsed(text)
      this.#jobs.push({ api: String(made['api']), id: String(made['id']) })
    }
  }
}

function settingOf(mode: string): JsonObject {
  return mode === 'step' ? { mode, step: 'PT1.5S' } : { mode }
}

function faultsOf(luck: Luck): readonly JsonObject[] {
  const api = luck.pick(apis).id
  return [
    {
      operation: `${api}/*`,
      requests: `${luck.integer(1, 3)}-${luck.integer(4, 9)}`,
      share: 0.6,
      status: 503,
    },
    { limit: { requests: luck.integer(4, 9), per: 'PT10S' }, operation: '*' },
    { operation: '*', share: 0.3, latency: { from: 'PT0.2S', to: 'PT2S' } },
    { operation: '*', share: 0.2, stale: 'PT2S' },
    { operation: '*', share: 0.1, body: 'malformed' },
  ].filter(() => luck.chance(0.6))
}

function parsed(text: string): JsonObject {
  try {
    return (JSON.parse(text) ?? {}) as JsonObject
  } catch {
    return {} // a fault plan has broken it
  }
}

function nextOf(text: string, pointer: string): string | null {
  let value: Json = parsed(text)
  for (const name of pointer.split('/').slice(1)) value = ((value ?? {}) as JsonObject)[name] ?? null
  return typeof value === 'string' ? value : null
}
