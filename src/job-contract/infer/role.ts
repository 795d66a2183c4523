/**
 * What each operation of a document does with jobs, by its path, its method and what it answers.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import type { Role } from '../job-contract.ts'
import type { Confidence } from './decision.ts'
import { isLife } from './meaning.ts'
import type { Member } from './shape.ts'
import { admits, answerSchema, findMember, itemsOf, membersAt, wordsAt } from './shape.ts'
import { ACTS, JOB_NOUNS, NAMES, singular, snake } from './words.ts'

/** An operation with what it seems to do. */
export interface Part {
  readonly operation: Operation
  readonly role: Role
  readonly confidence: Confidence
  readonly why: string
  /** The path parameter of the job; null where it has none. */
  readonly job: string | null
  /** What its job is called. */
  readonly noun: string
  readonly schema: string | null
  readonly members: readonly Member[]
  readonly state: Member | null
}

/** An operation looked at by itself. */
interface Look {
  readonly operation: Operation
  readonly schema: string | null
  readonly members: readonly Member[]
  readonly state: Member | null
  /** Its words are those of a job that lives: it waits or runs, and it ends. */
  readonly lives: boolean
  /** Segments of its path in snake case; parameters are `{name}`. */
  readonly segments: readonly string[]
}

/** The operations that speak of jobs. */
export function partsOf(json: JsonObject, operations: readonly Operation[]): readonly Part[] {
  const looks = operations.map((operation) => lookAt(json, operation))
  const keys = new Set(looks.flatMap((look) => (isJobRead(look) ? [resourceOf(look)] : [])))
  const single = looks.flatMap((look) => partOf(json, look, keys))
  const lists = looks.flatMap((look) =>
    single.some(({ operation }) => operation === look.operation) ? [] : listOf(json, look, single),
  )
  return operations.flatMap((operation) =>
    [...single, ...lists].filter((part) => part.operation === operation),
  )
}

function lookAt(json: JsonObject, operation: Operation): Look {
  const schema = answerSchema(operation, json)
  const members = schema === null ? [] : membersAt(json, schema)
  const state = findMember(members, 'state', admits('string'))
  const words = state === null ? [] : wordsAt(json, state.pointer)
  return {
    operation,
    schema,
    members,
    state,
    lives: isLife(words),
    segments: operation.path
      .split('/')
      .filter((each) => each !== '')
      .map((each) => (each.startsWith('{') ? each : snake(each))),
  }
}

function lastParameter({ segments }: Look): string | null {
  return segments.findLast((segment) => segment.startsWith('{'))?.slice(1, -1) ?? null
}

/**
 * What the last parameter of a path names, in the singular: by its own name, else by the segment before it.
 */
function nounOf(look: Look): string | null {
  const name = lastParameter(look)
  if (name === null) return null
  const own = snake(name).replace(/_?(id|uuid|key|name)$/, '')
  if (own !== '' && own !== 'id' && JOB_NOUNS.has(singular(own))) return singular(own)
  const at = look.segments.lastIndexOf(`{${name}}`)
  const before = look.segments.slice(0, at).findLast((segment) => !isAct(segment)) ?? ''
  const word = singular(before)
  return JOB_NOUNS.has(word) ? word : own === '' ? word || null : own
}

function isAct(segment: string): boolean {
  return [...ACTS.status, ...ACTS.results].some((act) => act === segment) || segment.startsWith('{')
}

function isJobNoun(noun: string | null): boolean {
  return noun !== null && JOB_NOUNS.has(noun)
}

function isJobRead(look: Look): boolean {
  return (
    look.operation.method === 'GET' &&
    lastParameter(look) !== null &&
    look.state !== null &&
    (look.lives || isJobNoun(nounOf(look)))
  )
}

/** The path of a job without what is asked of it: `/scrape/{job_id}` for `/scrape/status/{job_id}` too. */
function resourceOf({ segments }: Look): string {
  const end = segments.findLastIndex((segment) => segment.startsWith('{'))
  const acts: readonly string[] = [...ACTS.status, ...ACTS.results, ...ACTS.cancel]
  return segments
    .slice(0, end + 1)
    .filter((segment) => !acts.includes(segment))
    .map((segment) => (segment.startsWith('{') ? '{}' : segment))
    .join('/')
}

/** Does an act stand behind the job, or directly before it? */
function actOf(look: Look, acts: readonly string[]): string | null {
  const end = look.segments.findLastIndex((segment) => segment.startsWith('{'))
  const near = [...look.segments.slice(end + 1), look.segments[end - 1] ?? '']
  return near.find((segment) => acts.includes(segment)) ?? null
}

function namesAct({ operation }: Look, acts: readonly string[]): boolean {
  const words = snake(`${operation.id} ${operation.summary}`).split('_')
  return acts.some((act) =>
    words.some((word) => word === act || word === `${act}s` || word === `${act}led` || word === `${act}ped`),
  )
}

function partOf(json: JsonObject, look: Look, keys: ReadonlySet<string>): readonly Part[] {
  const { operation, schema, members, state } = look
  const noun = nounOf(look)
  const known = keys.has(resourceOf(look))
  const job = lastParameter(look)
  const part = (role: Role, confidence: Confidence, why: string): readonly Part[] => [
    {
      operation,
      role,
      confidence,
      why,
      job: role === 'create' ? null : job,
      noun: role === 'create' ? madeNoun(look) : (noun ?? 'job'),
      schema,
      members,
      state,
    },
  ]
  const ofJob = job !== null && (known || isJobNoun(noun))
  if (ofJob && operation.method === 'GET') {
    const act = actOf(look, ACTS.results)
    const hasRows = members.some(
      (member) => member.types.has('array') && itemsOf(json, member.pointer) !== null,
    )
    if (act !== null && hasRows) {
      return part(
        'results',
        known || noun === 'job' ? 'sure' : 'likely',
        `it reads \`${act}\` of a ${noun ?? 'job'} and answers a list`,
      )
    }
    const tail = look.segments.at(-1) === `{${job}}` || actOf(look, ACTS.status) !== null
    if (tail && look.lives)
      return part('status', 'sure', `it reads one ${noun ?? 'job'} and answers a state that begins and ends`)
    if (tail && state !== null && isJobNoun(noun))
      return part('status', 'guess', `it reads one ${noun} and answers a \`${state.name}\``)
    return []
  }
  if (ofJob && (operation.method === 'POST' || operation.method === 'DELETE' || operation.method === 'PUT')) {
    const act = actOf(look, ACTS.cancel)
    if (act !== null) return part('cancel', 'sure', `its path says \`${act}\` of a ${noun ?? 'job'}`)
    if (operation.method === 'DELETE' && look.segments.at(-1) === `{${job}}`) {
      return namesAct(look, ACTS.cancel)
        ? part('cancel', 'likely', 'it deletes a job, and is called a cancellation')
        : part('cancel', 'guess', 'it deletes a job: that may end it, or forget it')
    }
    return []
  }
  return createOf(look, keys, part)
}

/** What a creation makes, by where it posts to. */
function madeNoun({ segments }: Look): string {
  const last = singular(segments.at(-1) ?? '')
  return JOB_NOUNS.has(last) ? last : 'job'
}

/** POST that answers a job, or that goes to where jobs are kept. */
function createOf(
  { operation, segments, lives, state, members }: Look,
  keys: ReadonlySet<string>,
  part: (role: Role, confidence: Confidence, why: string) => readonly Part[],
): readonly Part[] {
  if (operation.method !== 'POST') return []
  const id = idMember(members, 'job')
  const path = segments.map((segment) => (segment.startsWith('{') ? '{}' : segment)).join('/')
  const isHome = keys.has(path === '' ? '{}' : `${path}/{}`)
  if (isHome && id !== null)
    return part('create', 'sure', 'it posts to where jobs are read, and answers an id')
  const last = singular(segments.at(-1) ?? '')
  if (id !== null && lives)
    return part('create', 'likely', 'it posts something and answers a job with a state')
  if (id !== null && state !== null && operation.responses.has('202'))
    return part('create', 'likely', 'it answers 202 with an id and a state')
  if (id !== null && JOB_NOUNS.has(last))
    return part('create', 'likely', `it posts to \`${segments.at(-1)}\` and answers an id`)
  if (JOB_NOUNS.has(last)) return part('create', 'guess', `it posts to \`${segments.at(-1)}\``)
  return []
}

/** The member that holds the id of a job of this noun. */
export function idMember(members: readonly Member[], noun: string): Member | null {
  const names = [`${noun}_id`, 'job_id', 'id', 'task_id', 'run_id', 'batch_id', 'request_id', 'uuid']
  for (const name of names) {
    const found = members.find(
      (member) =>
        snake(member.name) === name && (member.types.size === 0 || admits('string', 'integer')(member)),
    )
    if (found !== undefined) return found
  }
  return null
}

/** GET of a list whose items are what another operation answers for one job. */
function listOf(
  json: JsonObject,
  { operation, schema, members, segments }: Look,
  parts: readonly Part[],
): readonly Part[] {
  if (operation.method !== 'GET') return []
  const path = operation.path.replace(/\/$/, '')
  const of = parts.find(
    ({ operation: other, role, job }) => role === 'status' && other.path === `${path}/{${job}}`,
  )
  const list = listMember(json, members)
  if (of === undefined || list === null) return []
  const items = itemsOf(json, list.pointer)
  const shows = items !== null && findMember(membersAt(json, items), 'state') !== null
  return [
    {
      ...{
        operation,
        role: 'list',
        confidence: shows ? 'sure' : 'likely',
        job: null,
        noun: of.noun,
        schema,
        members,
        state: null,
      },
      why: `it reads a list where \`${of.operation.path}\` reads one${segments.length > 0 ? '' : ' thing'}`,
    },
  ]
}

/** The list of objects in an answer that is most likely what was asked for. */
export function listMember(json: JsonObject, members: readonly Member[]): Member | null {
  const lists = members.filter((member) => {
    const items = member.types.has('array') ? itemsOf(json, member.pointer) : null
    const excluded = (NAMES.noRows as readonly string[]).includes(snake(member.name))
    return !excluded && items !== null && isRow(json, items)
  })
  return findMember(lists, 'rows') ?? (lists.length === 1 ? (lists[0] ?? null) : null)
}

/** Rows are objects, whether or not their members are told. */
function isRow(json: JsonObject, items: string): boolean {
  const types = typesAt(json, items)
  return membersAt(json, items).length > 0 || (types.has('object') && !types.has('string'))
}
