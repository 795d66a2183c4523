/**
 * Clients of several processes that share their sandboxes: each makes jobs, polls them on one process after
 * the other, cancels some on all at once, and keeps count of what it was told.
 *
 * @module
 */
import type { JsonObject } from '../src/model/json.ts'

/** How a client asks one API. */
export interface Dialect {
  readonly api: string
  readonly headers: Readonly<Record<string, string>>
  readonly create: (project: string) => readonly [path: string, body: JsonObject]
  readonly read: (project: string, id: string) => string
  readonly cancel: (project: string, id: string) => readonly [path: string, method: string]
  /** The list of jobs, where the API has one. */
  readonly list: ((project: string) => string) | null
  readonly id: string
  /** Its words for the states, in their order. */
  readonly order: readonly string[]
}

const UUID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301'

/** The APIs whose jobs can be made and cancelled. */
export const DIALECTS: readonly Dialect[] = [
  {
    api: 'skop',
    headers: { 'x-api-key': 'sk-1' },
    create: () => ['/skop/scrape/', { website: 'https://a.example', prompt: 'all public documents' }],
    read: (_, id) => `/skop/scrape/status/${id}`,
    cancel: (_, id) => [`/skop/scrape/${id}`, 'DELETE'],
    list: null,
    id: 'job_id',
    order: ['pending', 'in_progress', 'completed|failed|cancelled'],
  },
  {
    api: 'talonic',
    headers: { authorization: 'Bearer tlnc_test_1' },
    create: () => ['/talonic/v1/jobs', { schema_id: UUID }],
    read: (_, id) => `/talonic/v1/jobs/${id}`,
    cancel: (_, id) => [`/talonic/v1/jobs/${id}/cancel`, 'POST'],
    list: () => '/talonic/v1/jobs?per_page=100',
    id: 'id',
    order: ['pending', 'processing', 'complete|failed'],
  },
  {
    api: 'scale-dex',
    headers: { 'x-api-key': 'k', 'x-selected-account-id': 'a' },
    create: (project) => [`${project}/parse`, { source_document_id: UUID }],
    read: (project, id) => `${project}/jobs/${id}`,
    cancel: (project, id) => [`${project}/jobs/${id}/cancel`, 'POST'],
    list: (project) => `${project}/jobs`,
    id: 'id',
    order: ['pending', 'running', 'succeeded|partially_succeeded|failed|cancelled'],
  },
]

/** A job that was made, and by whom. */
export interface Made {
  readonly dialect: Dialect
  readonly id: string
}

/** What the clients were told. */
export interface Tally {
  readonly made: Made[]
  /** The ids of jobs of which a client was told that they are cancelled. */
  readonly cancelled: Set<string>
  /** What was seen of a job after something later had been seen of it. */
  readonly backwards: string[]
  /** Requests to make or cancel that broke off or got 503: whether they took effect nobody was told. */
  unknown: number
  polls: number
}

/** What clients do. */
export interface Plan {
  /** The processes as they are now: one that was killed may come back at another port. */
  readonly bases: readonly string[]
  readonly project: string
  readonly clients: number
  readonly jobsEach: number
  /** How long each job takes, ISO 8601. */
  readonly after: string
  readonly tally: Tally
}

/** A tally of nothing. */
export function newTally(): Tally {
  return { made: [], cancelled: new Set(), backwards: [], unknown: 0, polls: 0 }
}

/** Lets all clients live at once, until each job of each has ended. */
export async function letClientsLive(plan: Plan): Promise<void> {
  const lives = Array.from({ length: plan.clients * plan.jobsEach }, (_, number) => live(plan, number))
  await Promise.all(lives)
}

const POLL_MS = 50
const TURNS = 600

async function live(plan: Plan, number: number): Promise<void> {
  const dialect = DIALECTS[number % DIALECTS.length] as Dialect
  const { tally, project, after } = plan
  const [path, body] = dialect.create(project)
  const wishes = { 'content-type': 'application/json', prefer: `after=${after}, outcome=succeeded` }
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...dialect.headers, ...wishes },
  }
  const made = await insist(plan, number, path, init, () => {
    tally.unknown += 1
  })
  const job = { dialect, id: String(((await made.json()) as JsonObject)[dialect.id]) }
  if (!made.ok) throw new Error(`${made.status} ${path}`)
  tally.made.push(job)
  await follow(plan, job, number)
}

/** Polls a job on each process in turn until it has ended; every third is cancelled on the way. */
async function follow(plan: Plan, { dialect, id }: Made, number: number): Promise<void> {
  const { headers, order } = dialect
  const { tally, project } = plan
  let before = 0
  for (let poll = 0; poll < TURNS && before < order.length - 1; poll += 1) {
    await sleep(POLL_MS)
    const response = await insist(
      plan,
      number + poll,
      dialect.read(project, id),
      { headers },
      () => undefined,
    )
    const { status } = (await response.json()) as { readonly status: string }
    const now = order.findIndex((words) => words.split('|').includes(status))
    tally.polls += 1
    if (now < before) tally.backwards.push(`${id}: ${status} after ${order[before]}`)
    before = Math.max(before, now)
    if (poll === 3 && number % 3 === 1) await cancel(plan, { dialect, id })
  }
  if (before < order.length - 1) tally.backwards.push(`${id} has not ended`)
}

/** On every process at once: one of them is first. */
async function cancel({ bases, project, tally }: Plan, { dialect, id }: Made): Promise<void> {
  const [path, method] = dialect.cancel(project, id)
  await Promise.all(
    bases.map(async (base) => {
      const answer = await fetch(base + path, { method, headers: dialect.headers }).catch(() => null)
      await answer?.text().catch(() => null)
      if (answer?.ok === true) tally.cancelled.add(id)
      else if (answer === null || answer.status === 503) tally.unknown += 1
    }),
  )
}

/** Asks one process, and again, another one, as long as there is no answer or 503. */
async function insist(
  { bases }: Plan,
  number: number,
  path: string,
  init: RequestInit,
  broken: () => void,
): Promise<Response> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const base = bases[(number + turn) % bases.length] ?? ''
    const answer = await fetch(base + path, init).catch(() => null)
    if (answer !== null && answer.status !== 503) return answer
    await answer?.text().catch(() => null)
    broken()
    await sleep(POLL_MS)
  }
  throw new Error(`no answer to ${path}`)
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
