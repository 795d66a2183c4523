/**
 * What must be asked for to be seen: links, cancellations, ids that are not there or are somebody else's, and
 * for how long a client that is refused should wait.
 *
 * @module
 */
import type { Json, JsonObject } from '../../src/model/json.ts'
import type { Reply } from './door.ts'
import { doorOf } from './door.ts'
import type { Life, Tracked } from './life.ts'
import { goOn, operationsOf, readsOf } from './life.ts'
import { isSameSight } from './life-law.ts'

/** Follows the links that a job's answers give, by GET, as the paths that they are. */
export async function followLinks({ followed, door, ledger }: Life, { last }: Tracked): Promise<void> {
  if (last === null) return
  for (const link of new Set(last.look.links)) {
    const reply = await door.askPath('GET', link)
    ledger.hold('J07', `${followed.api} ${last.made.id} ${link}`, {
      'the link leads somewhere': reply.status === 200,
      'it leads to the job': reply.text.includes(`"${last.made.id}"`),
      'what it leads to was said before':
        Object.values(last.answers).some(({ text }) => text === reply.text) || last.atMs !== door.nowMs(),
    })
  }
}

/** Cancels a job, and looks what it says at once. */
export async function cancelJob(life: Life, { made }: Tracked): Promise<void> {
  const { followed, door, ledger } = life
  const { cancel, api, moves } = followed
  if (cancel === null) return
  const about = `${api} ${made.id} cancelled at +${door.nowMs() - made.atMs} ms`
  const before = await readsOf(life, made.id, 0)
  const { state, ended } = followed.look(before, made)
  const waits = state === Object.keys(moves ?? {})[0]
  const was = ended ? (state === 'cancelled' ? 'cancelled' : 'ended') : waits ? 'waiting' : 'running'
  const reply = await life.ask(cancel.operationId, made.id)
  const after = await readsOf(life, made.id, 0)
  ledger.hold('J09', about, {
    [`what is ${was} gets ${cancel[was]}, not ${reply.status}`]: reply.status === cancel[was],
    'what has ended is changed by nothing': ended !== true || isSameSight(before, after),
    'what has not ended ends, unless it takes a while to stop':
      reply.status === 202 || followed.look(after, made).ended === true,
  })
}

/** Ids that name no job, are malformed, or belong to another sandbox, scope or API, at every operation. */
export async function askForeign(life: Life, beside: Beside): Promise<void> {
  const { followed, door, ledger, jobs } = life
  const { unknown, api } = followed
  const scope = beside.scope
  const own = jobs[life.instant % jobs.length]?.made.id ?? ''
  for (const operationId of operationsOf(life.door, 'status', 'results', 'cancel')) {
    const missing = await life.ask(operationId, unknown.id)
    const foreign = await life.ask(operationId, beside.id)
    const malformed = await life.ask(operationId, unknown.malformed)
    const { method } = door.operation(operationId)
    const elsewhere =
      scope === null ? missing : await door.askPath(method, door.path(operationId, own, scope))
    ledger.hold('J10', `${api} ${operationId}`, {
      'an id that names no job is not there': unknown.statuses[0] === missing.status,
      'a job of another sandbox is not there either': isSameRefusal(missing, foreign),
      'a malformed id is refused as documented': unknown.statuses.includes(malformed.status),
      'a job is not there in a scope of somebody else': elsewhere.status === missing.status,
      'nobody is told of a bug': [missing, foreign, malformed, elsewhere].every(({ status }) => status < 500),
    })
  }
}

/** So many requests in ten seconds; the next is refused. */
const LIMIT = { requests: 3, windowMs: 10_000 }

/** Limits requests, and waits as refusals say: who comes sooner is refused again, who then comes is not. */
export async function waitAsTold(life: Life): Promise<void> {
  const { followed, door, ledger, jobs } = life
  if (followed.silent.J11 !== undefined) return
  const none = { path: null, requests: null, share: 1, status: null, retryAfterMs: null, latency: null }
  const rule = { ...none, operation: '*', body: null, reset: false, staleMs: null, limit: LIMIT }
  door.happen({ type: 'faults_set', rules: [rule] })
  const [operation = ''] = life.reads
  for (const { made } of jobs.slice(0, 20)) {
    const left: number[] = []
    let reply = await life.ask(operation, made.id)
    for (; reply.status !== 429; reply = await life.ask(operation, made.id)) {
      left.push(leftIn(reply) ?? -left.length)
      goOn(life, life.luck.integer(0, 1_500))
    }
    const told = reply.headers.get('retry-after') ?? reply.headers.get('x-rate-limit-reset') ?? ''
    const waitMs = Number(told) * 1_000
    goOn(life, Math.max(0, waitMs - 1_000))
    const early = await life.ask(operation, made.id)
    goOn(life, Math.min(1_000, waitMs))
    const late = await life.ask(operation, made.id)
    ledger.hold('J11', `${followed.api} ${made.id} told to wait ${told} s`, {
      'the refusal tells whole seconds': /^[1-9]\d*$/.test(told),
      'it is not longer than the window': waitMs <= LIMIT.windowMs,
      'who comes a second earlier is refused': early.status === 429 || waitMs <= 1_000,
      'who waits is answered': late.status !== 429,
      'what is left falls': left.every((count, place) => place === 0 || count < (left[place - 1] ?? 0)),
    })
    goOn(life, LIMIT.windowMs)
  }
  door.happen({ type: 'faults_set', rules: [] })
}

/** How many requests a limit still lets pass; null where the API does not say. */
function leftIn({ headers }: Reply): number | null {
  const told = headers.get('x-ratelimit-remaining') ?? headers.get('x-rate-limit-remaining')
  return told === null ? null : Number(told)
}

/** The same refusal but for the id that it names. */
function isSameRefusal(a: Reply, b: Reply): boolean {
  return a.status === b.status && JSON.stringify(shapeOf(a.body)) === JSON.stringify(shapeOf(b.body))
}

function shapeOf(value: Json): Json {
  if (value === null || typeof value !== 'object') return typeof value
  if (Array.isArray(value)) return value.map(shapeOf)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]))
}

/** A job of another sandbox, and a scope that is nobody's. */
export interface Beside {
  readonly id: string
  readonly scope: Readonly<Record<string, string>> | null
}

/** Makes a job in another sandbox of the same server; of another seed, since ids follow from the seed. */
export async function makeBeside({ door, followed, luck }: Life): Promise<Beside> {
  const other = doorOf(door, followed.api, 'beside')
  const [operationId = ''] = Object.keys(followed.bodies)
  const { body } = followed.bodies[operationId]?.(luck) ?? {}
  const receipt = await other.ask(operationId, '', { body: body ?? {}, headers: { prefer: 'seed=7' } })
  const at = door.world.contract.operations[operationId]?.id ?? '/id'
  const id = String((receipt.body as JsonObject)[at.slice(1)])
  const names = Object.keys(door.world.jobs.scope)
  const scope = Object.fromEntries(names.map((name) => [name, luck.uuid()]))
  return { id, scope: names.length === 0 ? null : scope }
}
