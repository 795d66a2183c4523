/**
 * One operation looked at by itself: its path, its answer and the state in it. What it does with jobs, beside
 * the others, is `role.ts`.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Confidence } from './decision.ts'
import { isLife, wordsOf } from './meaning.ts'
import type { Member } from './shape.ts'
import { admits, answerSchema, findMember, membersAt } from './shape.ts'
import { ACTS, JOB_NOUNS, NAMES, singular, snake } from './words.ts'

/** An operation looked at by itself. */
export interface Look {
  readonly operation: Operation
  readonly schema: string | null
  readonly members: readonly Member[]
  readonly state: Member | null
  /** Its words are those of a job that lives: it waits or runs, and it ends. */
  readonly lives: boolean
  /** It says whether it is done, and with what. */
  readonly finishes: boolean
  /** Segments of its path in snake case; parameters are `{name}`. */
  readonly segments: readonly string[]
}

/** Members of an answer that has no words for its states. */
const FINISHED: readonly string[] = ['done', 'error', 'response']

/** The members that tell of a job, and its state; they may stand in an envelope. */
interface Found {
  readonly members: readonly Member[]
  readonly state: Member | null
}

function found(json: JsonObject, members: readonly Member[]): Found {
  const state = stateAmong(json, members)
  return state === null ? (openedOf(json, members) ?? { members, state }) : { members, state }
}

/** A text, or a text in an object that is called so. */
function stateAmong(json: JsonObject, members: readonly Member[]): Member | null {
  const plain = findMember(members, 'state', admits('string'))
  const object = plain === null ? findMember(members, 'state', admits('object')) : null
  if (object === null) return plain
  const inner = findMember(membersAt(json, object.pointer, object.at), 'state', admits('string'))
  return inner !== null && isLife(wordsOf(json, inner).words) ? inner : null
}

/** What an answer is about, where all that it has of its own is one thing with a state; null else. */
function openedOf(json: JsonObject, members: readonly Member[]): Found | null {
  const own = members.map(({ name }) => snake(name))
  if (own.some((name) => name === 'id' || name === 'uuid')) return null
  const isRows = (member: Member): boolean =>
    admits('array')(member) && NAMES.rows.includes(snake(member.name))
  if (members.some(isRows)) return null
  const opened = members.filter(admits('object')).flatMap((member): readonly Found[] => {
    const inner = membersAt(json, member.pointer, member.at)
    const attributes = inner.find(({ name }) => name === 'attributes')
    const beside = attributes === undefined ? [] : membersAt(json, attributes.pointer, attributes.at)
    const all = [...inner, ...beside]
    const state = stateAmong(json, all)
    return state !== null && isLife(wordsOf(json, state).words) ? [{ members: all, state }] : []
  })
  return opened.length === 1 ? (opened[0] ?? null) : null
}

/** Looks at an operation. */
export function lookAt(json: JsonObject, operation: Operation): Look {
  const schema = answerSchema(operation, json)
  const { members, state } = found(json, schema === null ? [] : membersAt(json, schema))
  return {
    operation,
    schema,
    members,
    state,
    lives: state !== null && isLife(wordsOf(json, state).words),
    finishes: FINISHED.every((name) => members.some((member) => snake(member.name) === name)),
    segments: operation.path
      .split('/')
      .filter((each) => each !== '')
      .map((each) => (each.startsWith('{') ? each : snake(each))),
  }
}

/** The last parameter of the path; null where it has none. */
export function lastParameter({ segments }: Look): string | null {
  return segments.findLast((segment) => segment.startsWith('{'))?.slice(1, -1) ?? null
}

/**
 * What the last parameter of a path names, in the singular: by its own name, else by the segment before it.
 */
export function nounOf(look: Look): string | null {
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

/** Is it what jobs are called? */
export function isJobNoun(noun: string | null): boolean {
  return noun !== null && JOB_NOUNS.has(noun)
}

/** Does it read one of what may be jobs? */
export function isJobRead(look: Look): boolean {
  return (
    look.operation.method === 'GET' &&
    lastParameter(look) !== null &&
    ((look.state !== null && look.lives) ||
      ((look.state !== null || look.finishes) && isJobNoun(nounOf(look))))
  )
}

/** What only jobs have behind their path: orders have data and documents, too. */
const JOB_RESULTS: readonly string[] = ['result', 'results', 'output', 'outputs']

/** Orders and users live as jobs do: how sure it is that these are jobs, by all that their paths have. */
export function firmnessOf(look: Look, looks: readonly Look[]): Confidence {
  if (isJobNoun(nounOf(look))) return 'sure'
  const resource = resourceOf(look)
  const kin = looks.filter((each) => resourceOf(each) === resource || homeOf(each) === resource)
  const hasAct = (acts: readonly string[]): boolean =>
    kin.some((each) => lastParameter(each) !== null && actOf(each, acts) !== null)
  if (hasAct(JOB_RESULTS) || kin.some(({ operation }) => operation.responses.has('202'))) return 'sure'
  return hasAct(ACTS.cancel) ? 'likely' : 'guess'
}

/** The path of what is made by posting to a path. */
export function homeOf({ segments }: Look): string {
  return [...segments.map((segment) => (segment.startsWith('{') ? '{}' : segment)), '{}'].join('/')
}

/** The path of a job without what is asked of it: `/scrape/{job_id}` for `/scrape/status/{job_id}` too. */
export function resourceOf({ segments }: Look): string {
  const end = segments.findLastIndex((segment) => segment.startsWith('{'))
  const acts: readonly string[] = [...ACTS.status, ...ACTS.results, ...ACTS.cancel]
  return segments
    .slice(0, end + 1)
    .filter((segment) => !acts.includes(segment))
    .map((segment) => (segment.startsWith('{') ? '{}' : segment))
    .join('/')
}

/** Does an act stand behind the job, or directly before it? */
export function actOf(look: Look, acts: readonly string[]): string | null {
  const end = look.segments.findLastIndex((segment) => segment.startsWith('{'))
  const near = [...look.segments.slice(end + 1), look.segments[end - 1] ?? '']
  return near.find((segment) => acts.includes(segment)) ?? null
}

/** Is it called by an act? */
export function namesAct({ operation }: Look, acts: readonly string[]): boolean {
  const words = snake(`${operation.id} ${operation.summary}`).split('_')
  return acts.some((act) =>
    words.some((word) => word === act || word === `${act}s` || word === `${act}led` || word === `${act}ped`),
  )
}
