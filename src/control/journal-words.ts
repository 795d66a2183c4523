/**
 * The journal in words: for each request which operation it met, what was decided and why. No credential is
 * shown.
 *
 * @module
 */
import type { JobView } from '../model/job.ts'
import { REFUSALS } from '../model/refusal.ts'
import type { Operation } from '../openapi/operation.ts'
import { parseQuery } from '../openapi/parameter.ts'
import { maskQuery, queryKeysOf } from '../openapi/query-key.ts'
import type { Api } from '../server/api.ts'
import type { JournalEntry } from '../server/journal.ts'
import { namesOf, TWINS } from '../server/preference.ts'
import type { Match } from '../server/route.ts'
import { allowOf, nearMisses } from '../server/route.ts'
import type { Server } from '../server/server.ts'
import type { Turn } from '../world/sandboxes.ts'

/** An entry of the journal as it is told. */
export interface ToldEntry {
  readonly id: string
  /** The instant of the sandbox's clock; null where the request never came so far. */
  readonly at: string | null
  readonly method: string
  readonly path: string
  readonly api: string | null
  readonly operation: string | null
  readonly status: number
  readonly decision: string
  readonly job: ToldJob | null
  readonly preferences: { readonly honoured: readonly string[]; readonly ignored: readonly string[] }
  readonly ignoredParameters: readonly string[]
  readonly nearMisses: readonly ToldMiss[]
  readonly allowed: readonly string[]
}

/** The job that an answer was about. */
export interface ToldJob {
  readonly id: string
  readonly state: string
  /** Where its draws come from; null where its API is served no more. */
  readonly seedPath: string | null
}

/** An operation that was perhaps meant. */
export interface ToldMiss {
  readonly api: string
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly distance: number
}

/** Tells an entry. */
export function tellEntry(entry: JournalEntry, server: Server, turn: Turn): ToldEntry {
  const { call, match, atMs, status, refusal } = entry
  const query =
    call.query === ''
      ? ''
      : `?${maskQuery(call.query, queryKeysOf(server.apis.map(({ document }) => document)))}`
  const lost = refusal?.code === 'route_not_found'
  const refusedMethod = refusal?.code === 'method_not_allowed'
  return {
    id: entry.id,
    at: atMs === null ? null : new Date(atMs).toISOString(),
    method: call.method,
    path: `${call.prefix}${call.path}${query}`,
    api: match?.route.api.id ?? null,
    operation: match?.route.operation.id ?? null,
    status,
    decision: decisionOf(entry),
    job: jobOf(entry, server, turn),
    preferences: preferencesOf(entry),
    ignoredParameters: match === null ? [] : ignoredIn(call.query, match.route.operation, match.route.api),
    nearMisses: lost ? missesOf(entry, server) : [],
    allowed: refusedMethod ? allowOf(server.router.methodsOf(call.path)).split(', ') : [],
  }
}

function jobOf(
  { about, match, preference }: JournalEntry,
  server: Server,
  { sandbox }: Turn,
): ToldJob | null {
  if (about === null) return null
  const api = server.apis.find(({ id }) => id === match?.route.api.id)
  if (preference.seed !== null && preference.seed !== sandbox.seed) {
    const seedPath = `seed ${preference.seed} / ${match?.route.api.id ?? ''} / job ${about.job.id}`
    return { id: about.job.id, state: about.state, seedPath }
  }
  const world = api === undefined ? undefined : server.worlds.of(api, sandbox)
  return { id: about.job.id, state: about.state, seedPath: world?.jobs.keyPath(about.job.id) ?? null }
}

const MISSES = 3

function missesOf({ call }: JournalEntry, { router }: Server): readonly ToldMiss[] {
  return nearMisses(router.routes, call.method, call.path)
    .slice(0, MISSES)
    .map(({ route: { api, operation, template }, distance }) => ({
      ...{ api: api.id, operation: operation.id, method: operation.method },
      ...{ path: template, distance },
    }))
}

/** Names that the document does not know; nothing in the answer depends on them. */
function ignoredIn(text: string, operation: Operation, { document }: Api): readonly string[] {
  const query = [...parseQuery(text).keys()]
  const documented = operation.parameters.filter(({ in: place }) => place === 'query')
  const known = new Set([
    ...documented.flatMap(({ name, memberTypes }) => [name, ...memberTypes.keys()]),
    ...[...document.schemes.values()].filter(({ in: place }) => place === 'query').map(({ key }) => key),
    ...TWINS.map((name) => `__${name}`),
  ])
  const parents = documented.filter(({ style }) => style === 'deepObject').map(({ name }) => `${name}[`)
  return query.filter((name) => !known.has(name) && !parents.some((parent) => name.startsWith(parent)))
}

/** What the request preferred, by name: honoured, or not understood, not applicable, not fulfilled. */
function preferencesOf({
  preference,
  prefer,
  honoured,
  call,
  match,
  refusal,
}: JournalEntry): ToldEntry['preferences'] {
  const wishes = honoured.flatMap((wish) => preference.wishes[wish] ?? [])
  const isRefused = match === null || refusal?.code === 'example_not_found'
  const applied = isRefused ? [] : [...preference.applied, ...wishes]
  const names = new Set(applied.map((text) => text.slice(0, text.indexOf('='))))
  const twins = [...parseQuery(call.query).keys()].flatMap((name) =>
    TWINS.filter((twin) => name === `__${twin}`),
  )
  const asked = [...new Set([...namesOf(prefer ?? ''), ...twins])]
  return { honoured: applied, ignored: asked.filter((name) => !names.has(name)) }
}

function decisionOf(entry: JournalEntry): string {
  const { match, refusal, strike, preference, status } = entry
  const struck = strike !== null && strike.rules.length > 0
  const rules = struck ? `rule ${strike.rules.map((at) => at + 1).join(', ')} of the fault plan` : ''
  if (struck && strike.reset) return `the connection was reset by ${rules}`
  if (struck && strike.status !== null) return `refused with ${status} by ${rules}`
  if (refusal !== null) return `refused: ${REFUSALS[refusal.code].title} (${refusal.message})`
  if (match === null) return 'answered'
  const preferred = preference.applied.filter((text) => /^(?:code|example|dynamic)=/.test(text))
  const what =
    preferred.length > 0 ? `answered as the client prefers: ${preferred.join(', ')}` : outcomeOf(entry)
  return struck ? `${what}; ${rules} struck` : what
}

/** What an operation that was not refused did. */
function outcomeOf({ call, match, about, again }: JournalEntry): string {
  const { api, operation } = match?.route ?? {}
  const contract = api?.contract?.operations[operation?.id ?? '']
  if (again && about !== null)
    return `answered as the first request with this idempotency key, of job ${about.job.id}`
  switch (contract?.role) {
    case 'create':
      if (about === null) return 'answered from the document'
      return isDryRun(call.query, contract.dryRun)
        ? 'checked the request and made no job, as it asks'
        : `made job ${about.job.id}`
    case 'cancel':
      return about === null
        ? 'answered from the document'
        : `took a cancel of job ${about.job.id}: ${about.state}`
    case 'status':
    case 'results':
      if (about === null) return 'answered from the document'
      return `answered job ${about.job.id} as it stood: ${about.state}, ${about.rows} rows`
    case 'list':
      return 'listed the jobs as they stood'
    default:
      return 'answered from the document: the operation has nothing to do with jobs'
  }
}

function isDryRun(query: string, parameter: string | null): boolean {
  return parameter !== null && parseQuery(query).get(parameter)?.at(-1) === 'true'
}

function callOf({ route }: Match): string {
  return `${route.operation.method} ${route.template}`
}

function nameOf({ job }: JobView): string {
  return job.name === null ? job.id : `${job.id} (${job.name})`
}

/** Why an entry has its status, in a few sentences. */
export function whyOf(entry: JournalEntry, told: ToldEntry): readonly string[] {
  const { match, refusal, strike, about } = entry
  const route =
    match === null
      ? 'No operation was met.'
      : `${callOf(match)} is the operation ${told.operation} of ${told.api}.`
  const fault =
    strike === null
      ? []
      : strike.rules.length === 0
        ? ['The fault plan has counted it, and no rule struck.']
        : [`Of the fault plan struck: rule ${strike.rules.map((at) => at + 1).join(', ')}.`]
  const job =
    about === null
      ? []
      : [
          `Job ${nameOf(about)} was ${about.state}, with ${about.rows} of ${about.job.rows} rows.`,
          ...(told.job?.seedPath == null ? [] : [`It is drawn from: ${told.job.seedPath}.`]),
        ]
  const { honoured, ignored } = told.preferences
  return [
    route,
    ...fault,
    ...(honoured.length === 0 ? [] : [`Honoured of what it preferred: ${honoured.join(', ')}.`]),
    ...(ignored.length === 0 ? [] : [`Not honoured of what it preferred: ${ignored.join(', ')}.`]),
    ...(told.ignoredParameters.length === 0
      ? []
      : [`The document does not know these parameters: ${told.ignoredParameters.join(', ')}.`]),
    ...job,
    ...(refusal === null
      ? []
      : refusal.issues.map(({ in: place, name, message }) => `${name || place}: ${message}.`)),
    ...told.nearMisses.slice(0, 1).map(({ method, path }) => `Perhaps ${method} ${path} was meant.`),
    ...(told.allowed.length === 0 ? [] : [`This path takes ${told.allowed.join(', ')}.`]),
    `So the status is ${told.status}: ${told.decision}.`,
  ]
}
