/**
 * One operation looked at by itself: its path, its answer and the state in it. What it does with jobs, beside
 * the others, is `role.ts`.
 *
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Confidence } from './decision.ts'
import { isLife } from './meaning.ts'
import type { Member } from './shape.ts'
import { admits, answerSchema, findMember, membersAt, wordsAt } from './shape.ts'
import { ACTS, JOB_NOUNS, singular, snake } from './words.ts'

/** An operation looked at by itself. */
export interface Look {
  readonly operation: Operation
  readonly schema: string | null
  readonly members: readonly Member[]
  readonly state: Member | null
  /** Its words are those of a job that lives: it waits or runs, and it ends. */
  readonly lives: boolean
  /** Segments of its path in snake case; parameters are `{name}`. */
  readonly segments: readonly string[]
}

/** Looks at an operation. */
export function lookAt(json: JsonObject, operation: Operation): Look {
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
    look.state !== null &&
    (look.lives || isJobNoun(nounOf(look)))
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
