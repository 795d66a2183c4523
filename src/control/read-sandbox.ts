/**
 * Sandboxes as documents, read and written. One that comes from elsewhere is gone through event by event
 * before any of it happens: what would lead to another world than the one it was exported from is refused.
 *
 * @module
 */
import { possibleOutcome, TERMINAL_STATES } from '../model/job.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import { suggestion } from '../model/suggestion.ts'
import { isJsonType } from '../openapi/media-type.ts'
import type { RequestBody } from '../openapi/operation.ts'
import type { Validator } from '../openapi/validator.ts'
import type { Api } from '../server/api.ts'
import type { Server } from '../server/server.ts'
import type { Created, Dated, JobEvent, SandboxDocument } from '../world/event.ts'
import type { Jobs } from '../world/jobs.ts'
import { createJobs } from '../world/jobs.ts'
import { formatFaultPlan } from '../world/read-fault-plan.ts'
import { readRules } from './fault-part.ts'
import { wrongMember, wrongMembers } from './input-words.ts'

/** Everything of a sandbox but its clock. */
export type SandboxPast = Omit<SandboxDocument, 'clock'>

/** A sandbox in which nothing has happened. */
export function freshPast(server: Server, seed: number): SandboxPast {
  const { faults, endpoints } = server.options.beginning
  return { seed, faults, counts: {}, endpoints, deliveries: [], events: [] }
}

/** Writes a sandbox as it is exported. */
export function sandboxBody({
  seed,
  clock,
  faults,
  counts,
  endpoints,
  deliveries,
  events,
}: SandboxDocument): Json {
  return {
    ...{ seed, clock, faults: formatFaultPlan(faults), counts },
    ...({ endpoints, deliveries, events } as unknown as JsonObject),
  }
}

/**
 * Reads a sandbox that the document of the control API has let pass; what it leaves out is that of `fresh`.
 *
 * @throws {@link ApiError} `request_invalid` with what is wrong, by member.
 */
export async function readPast(server: Server, given: Json, fresh: SandboxPast): Promise<SandboxPast> {
  const [seed, faults, counts] = ['seed', 'faults', 'counts'].map((name) => memberOf(given, name))
  const part = <Name extends 'endpoints' | 'deliveries' | 'events'>(name: Name): SandboxPast[Name] =>
    memberOf(given, name) === undefined ? fresh[name] : (listAt(given, name) as unknown as SandboxPast[Name])
  const past: SandboxPast = {
    seed: typeof seed === 'number' ? seed : fresh.seed,
    faults: faults === undefined ? fresh.faults : readRules(server, faults),
    counts: counts === undefined ? fresh.counts : (objectAt(given, 'counts') as SandboxPast['counts']),
    endpoints: part('endpoints'),
    deliveries: part('deliveries'),
    events: part('events'),
  }
  await verifyEvents(server, past)
  verifyEndpoints(server, past)
  return past
}

function verifyEndpoints({ apis }: Server, { endpoints }: SandboxPast): void {
  const known = apis.map(({ id }) => id)
  for (const [at, { api, url }] of endpoints.entries()) {
    if (!known.includes(api)) throw wrongMember(`endpoints[${at}].api`, strangeApi(api, known))
    if (!URL.canParse(url)) throw wrongMember(`endpoints[${at}].url`, 'must be a URL')
  }
}

function strangeApi(id: string, known: readonly string[]): string {
  return `there is no API \`${id.slice(0, 100)}\`${suggestion(id.slice(0, 100), known)}`
}

const ISSUE_LIMIT = 20

/** Goes through the events as a sandbox would. */
async function verifyEvents(server: Server, { seed, events }: SandboxPast): Promise<void> {
  const replays = new Map<string, Replay | string>()
  const issues: [string, string][] = []
  for (const [at, event] of events.entries()) {
    const replay = replays.get(event.api) ?? (await openReplay(server, seed, event.api))
    replays.set(event.api, replay)
    const wrong = typeof replay === 'string' ? (['api', replay] as const) : faultOf(replay, event)
    if (wrong !== null) issues.push([`events[${at}].${wrong[0]}`, wrong[1]])
    if (issues.length >= ISSUE_LIMIT) break
    if (wrong === null && typeof replay !== 'string') apply(replay, event, at)
  }
  if (issues.length > 0) throw wrongMembers(issues)
}

/** The jobs of one API while its events happen again. */
interface Replay {
  readonly api: Api
  readonly jobs: Jobs
  readonly validator: Validator
}

/** What is wrong with the API, where it has no jobs. */
async function openReplay(server: Server, seed: number, id: string): Promise<Replay | string> {
  const api = server.apis.find((each) => each.id === id)
  if (api === undefined)
    return strangeApi(
      id,
      server.apis.map((each) => each.id),
    )
  const { contract, fixture, vendor } = api
  if (contract === null || fixture === null) return `the API ${id} has no jobs`
  const jobs = createJobs({ api: id, seed, fixture, contract, vendor })
  return { api, jobs, validator: await server.validatorOf(api) }
}

type Fault = readonly [member: string, message: string]

function faultOf(replay: Replay, event: Dated<JobEvent>): Fault | null {
  const { jobs } = replay
  if (event.type === 'created') return faultOfCreated(replay, event)
  const view = jobs.find(event.id, event.atMs)
  if (view === undefined) return ['id', `there is no job ${event.id.slice(0, 100)} by then`]
  const last =
    event.type === 'moved' ? (TERMINAL_STATES.find((each) => each === event.state) ?? event.outcome) : null
  if (last === null || possibleOutcome(last, view.job.rows) === last) return null
  return ['outcome', `of ${view.job.rows} rows no part can succeed: it takes two`]
}

function faultOfCreated({ api, jobs, validator }: Replay, event: Dated<Created>): Fault | null {
  const { operationId, body, steering } = event
  const { name } = steering
  if (name !== undefined && jobs.isNamed(name)) {
    return ['steering.name', `a job is called ${name} already`]
  }
  if (operationId === null) {
    return Object.keys(body).length === 0 ? null : ['body', 'must be empty where no operation was asked']
  }
  const makers = api.document.operations.filter(({ id }) => api.contract?.operations[id]?.role === 'create')
  const operation = makers.find(({ id }) => id === operationId)
  if (operation === undefined) {
    const shown = operationId.slice(0, 100)
    const known = makers.map(({ id }) => id)
    return ['operationId', `no operation \`${shown}\` of ${api.id} makes jobs${suggestion(shown, known)}`]
  }
  return operation.body === null ? null : faultOfBody(operation.body, body, validator)
}

/** Bodies of other kinds than JSON and forms are not read: of these nothing is left. */
function faultOfBody(
  { content, required }: RequestBody,
  body: JsonObject,
  validator: Validator,
): Fault | null {
  const unread = content.some(({ type }) => !isJsonType(type))
  if (Object.keys(body).length === 0 && (unread || !required)) return null
  const complaints = content.map(({ schema }) => (schema === null ? [] : validator.check(schema, body, 1)))
  if (complaints.length === 0 || complaints.some((issues) => issues.length === 0)) return null
  const issue = complaints.flat()[0]
  return ['body', `is no body of this operation: ${issue?.at ?? ''} ${issue?.message ?? ''}`]
}

/** Whatever a vendor throws at a body that its document allows: the sandbox does not come to be. */
function apply({ jobs }: Replay, event: Dated<JobEvent>, at: number): void {
  try {
    jobs.apply(event)
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw wrongMember(
      `events[${at}]`,
      `cannot happen: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** What a request to make a sandbox says of its clock. */
export function clockIn(given: Json): Json | null {
  const clock = memberOf(given, 'clock')
  return isObject(clock) ? clock : null
}

/** The name that a request gives a sandbox. */
export function nameIn(given: Json): string {
  return textAt(given, 'name')
}
