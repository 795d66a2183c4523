/**
 * What each operation of a document does with jobs, by its path, its method and what it answers.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { segmentsOf } from '../../model/pointer.ts'
import type { Operation } from '../../openapi/operation.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import type { Role } from '../job-contract.ts'
import type { Confidence } from './decision.ts'
import { weaker } from './decision.ts'
import type { Look } from './look.ts'
import {
  actOf,
  firmnessOf,
  homeOf,
  isJobNoun,
  isJobRead,
  lastParameter,
  lookAt,
  namesAct,
  nounOf,
  resourceOf,
} from './look.ts'
import type { Member } from './shape.ts'
import { admits, findMember, itemsOf, membersAt } from './shape.ts'
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

/** What is known of jobs by their reads. */
interface Known {
  /** How sure it is that these are jobs, by the resource. */
  readonly resources: ReadonlyMap<string, Confidence>
  /** Pointers to the schemas of the states of those that are likely jobs at least. */
  readonly states: ReadonlySet<string | undefined>
}

/** The operations that speak of jobs. */
export function partsOf(json: JsonObject, operations: readonly Operation[]): readonly Part[] {
  const looks = operations.map((operation) => lookAt(json, operation))
  const reads = looks.filter(isJobRead)
  const resources = new Map(reads.map((look) => [resourceOf(look), firmnessOf(look, looks)]))
  const firm = reads.filter((look) => resources.get(resourceOf(look)) !== 'guess')
  const known = { resources, states: new Set(firm.map(({ state }) => state?.pointer)) }
  const single = looks.flatMap((look) => partOf(json, look, known))
  const lists = looks.flatMap((look) =>
    single.some(({ operation }) => operation === look.operation) ? [] : listOf(json, look, single),
  )
  return operations.flatMap((operation) =>
    [...single, ...lists].filter((part) => part.operation === operation),
  )
}

function partOf(json: JsonObject, look: Look, { resources, states }: Known): readonly Part[] {
  const { operation, schema, members, state } = look
  const noun = nounOf(look)
  const known = resources.has(resourceOf(look))
  const job = lastParameter(look)
  const part = (role: Role, sureness: Confidence, why: string): readonly Part[] => [
    {
      operation,
      role,
      confidence: weaker(
        sureness,
        resources.get(role === 'create' ? homeOf(look) : resourceOf(look)) ?? 'sure',
      ),
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
    if (tail && look.finishes && isJobNoun(noun))
      return part('status', 'likely', `it reads one ${noun} and answers whether it is done`)
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
  return createOf(look, { resources, states }, part)
}

/** What a creation makes, by where it posts to. */
function madeNoun({ segments }: Look): string {
  const last = singular(segments.at(-1) ?? '')
  return JOB_NOUNS.has(last) ? last : 'job'
}

/** POST that answers a job, or that goes to where jobs are kept. */
function createOf(
  look: Look,
  known: Known,
  part: (role: Role, confidence: Confidence, why: string) => readonly Part[],
): readonly Part[] {
  const { operation, segments, lives, state, members } = look
  if (operation.method !== 'POST') return []
  const id = idMember(members, 'job')
  if (known.resources.has(homeOf(look)) && id !== null)
    return part('create', 'sure', 'it posts to where jobs are read, and answers an id')
  const last = singular(segments.at(-1) ?? '')
  if (id !== null && state !== null && operation.responses.has('202'))
    return part('create', 'likely', 'it answers 202 with an id and a state')
  if (id !== null && JOB_NOUNS.has(last))
    return part('create', 'likely', `it posts to \`${segments.at(-1)}\` and answers an id`)
  if (id !== null && state !== null && known.states.has(state.pointer))
    return part('create', 'likely', 'it posts something and answers a job with a state')
  if (id !== null && lives)
    return part('create', 'guess', 'it posts something and answers what begins and ends')
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
  const shown = items === null ? [] : membersAt(json, items)
  const at = of.state?.at ?? ''
  const isHeld = shown.some((member) =>
    [member, ...membersAt(json, member.pointer, member.at)].some((each) => each.at === at),
  )
  // The items of a list are told by the pointers of one job: where that stands in an envelope, they are not.
  if (!isHeld && segmentsOf(at).length > 1) return []
  const shows = isHeld || findMember(shown, 'state') !== null
  return [
    {
      ...{
        operation,
        role: 'list',
        confidence: weaker(shows ? 'sure' : 'likely', of.confidence),
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
