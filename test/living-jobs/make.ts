/**
 * Making jobs: mixed bodies, wishes and idempotency keys; a request that is sent again makes nothing.
 *
 * @module
 */
import { JOB_STATES, TERMINAL_STATES } from '../../src/model/job.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Asking, Reply } from './door.ts'
import type { Made } from './followed.ts'
import type { Life, Tracked } from './life.ts'
import { operationsOf } from './life.ts'

const AFTERS = ['PT0S', 'PT0.001S', 'PT0.019S', 'PT0.4S', 'PT2S', 'PT6S', '9.5', 'PT19S']

/** Makes a job and has it followed; some are made by hand, as the control API makes them. */
export async function makeJob(life: Life): Promise<void> {
  const { followed, luck, door } = life
  if (luck.chance(0.06)) return makeByHand(life)
  const operationId = luck.pick(operationsOf(life.door, 'create'))
  const { body, usual } = followed.bodies[operationId]?.(luck) ?? { body: {}, usual: true }
  const keyed = followed.keyed !== null && luck.chance(0.4)
  const key = keyed ? `key ${life.jobs.length} ${luck.uuid()}` : null
  const headers = { ...wishes(life), ...keyHeader(life, key) }
  const receipt = await life.ask(operationId, '', { body, headers })
  if (receipt.status >= 300) throw new Error(`${receipt.status} ${receipt.url}: ${receipt.text}`)
  const at = door.world.contract.operations[operationId]?.id ?? '/id'
  const id = String((receipt.body as JsonObject)[at.slice(1)])
  const made: Made = {
    ...{ id, operationId, body, receipt, key, usual },
    atMs: door.nowMs(),
    granted: grantedIn(receipt),
  }
  track(life, made)
}

async function makeByHand(life: Life): Promise<void> {
  const { followed, luck, door } = life
  const outcome = luck.pick(TERMINAL_STATES)
  const wishes = { after: 'PT9S', rows: luck.integer(2, 8), outcome }
  const body = { api: followed.api, ...wishes }
  const receipt = await door.askPath('POST', '/_standin/jobs', { body })
  if (receipt.status !== 201) throw new Error(`${receipt.status} ${receipt.text}`)
  const { id } = receipt.body as JsonObject
  track(life, {
    ...{ id: String(id), operationId: '', body: {}, receipt, key: null, usual: true },
    atMs: door.nowMs(),
    granted: { afterMs: 9_000, rows: wishes.rows, outcome },
  })
}

/** Some are cancelled while they are followed, and some of these twice. */
function track({ luck, jobs, instant }: Life, made: Made): void {
  const first = instant + luck.integer(0, 30)
  const cancelAt = luck.chance(0.3) ? (luck.chance(0.5) ? [first] : [first, first + luck.integer(0, 12)]) : []
  jobs.push({ made, last: null, overAt: -1, cancelAt })
}

function keyHeader({ followed }: Life, key: string | null): Readonly<Record<string, string>> {
  return key === null || followed.keyed === null ? {} : { [followed.keyed.header]: key }
}

/** Wishes for a job; most are small, so that many can be followed. */
function wishes({ luck, followed }: Life): Readonly<Record<string, string>> {
  const rows = !followed.takesRows && luck.chance(0.97) ? [`rows=${luck.integer(0, 6)}`] : []
  const outcome = luck.chance(0.5) ? [`outcome=${luck.pick(TERMINAL_STATES)}`] : []
  const after = luck.chance(0.65) ? [`after=${luck.pick(AFTERS)}`] : []
  const all = [...outcome, ...after, ...rows]
  return all.length === 0 ? {} : { prefer: all.join(', ') }
}

function grantedIn({ headers }: Reply): Made['granted'] {
  const text = headers.get('preference-applied') ?? ''
  const value = (name: string): string | undefined => new RegExp(`${name}=([^,]+)`).exec(text)?.[1]
  const [outcome, after, rows] = ['outcome', 'after', 'rows'].map(value)
  const seconds = Number(after?.replace(/^PT(.*)S$/, '$1'))
  return {
    ...(outcome === undefined ? {} : { outcome: outcome as never }),
    ...(after === undefined ? {} : { afterMs: Math.round(seconds * 1_000) }),
    ...(rows === undefined ? {} : { rows: Number(rows) }),
  }
}

/**
 * Moves a job by hand. What was seen of it does not bind what is seen of it then, since another outcome draws
 * its rows anew; it keeps the laws of one look.
 */
export async function moveByHand({ door, followed, luck }: Life, tracked: Tracked): Promise<void> {
  const { made } = tracked
  const state = luck.pick([...JOB_STATES, null])
  const outcome = state === null ? { outcome: luck.pick(TERMINAL_STATES) } : {}
  const body = state === null ? outcome : { state }
  const path = `/_standin/jobs/${followed.api}/${encodeURIComponent(made.id)}`
  const reply = await door.askPath('PATCH', path, { body })
  if (reply.status >= 500) throw new Error(reply.text)
  if (reply.status !== 200) return
  tracked.made = { ...made, granted: {} }
  tracked.last = null
  tracked.overAt = -1
}

/** Sends the request that made a job once more: it gets the first answer, and nothing is made. */
export async function makeAgain(life: Life, { made }: Tracked): Promise<void> {
  const { followed, door, ledger } = life
  if (made.key === null || followed.keyed === null) return
  const about = `${followed.api} ${made.id} at +${door.nowMs() - made.atMs} ms`
  const count = door.world.jobs.position
  const headers = keyHeader(life, made.key)
  const again = async (body: JsonObject, rest: Asking = {}): Promise<Reply> =>
    life.ask(made.operationId, '', { ...rest, body, headers: { ...headers, ...rest.headers } })
  const twin = await again(Object.fromEntries(Object.entries(made.body).reverse()))
  const other = await again({ ...made.body, name: `another than ${made.id}` })
  const counted = door.world.jobs.position
  ledger.hold('J08', about, {
    'the same request gets the same answer':
      twin.status === made.receipt.status && twin.text === made.receipt.text,
    'another request with its key is refused': other.status === followed.keyed.reused,
    'nothing is made': counted === count,
  })
}
