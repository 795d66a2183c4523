/**
 * J01 and J02: a job goes only where its state may go, and one that has ended stays as it is. A reader misses
 * states, so whatever can be reached in any number of steps may follow.
 *
 * @module
 */
import type { Transitions } from '../../job-contract/job-words.ts'
import type { JobState } from '../../model/job.ts'
import { JOB_STATES } from '../../model/job.ts'
import type { Json } from '../../model/json.ts'
import { canonicalText, isObject } from '../../model/json.ts'
import { pointerTo, segmentsOf } from '../../model/pointer.ts'
import { either, show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Sight } from './sight.ts'
import { hasEnded, remarkOnSight } from './sight.ts'

/** Every state that can be reached from some of these, themselves included. */
export function reachableFrom(transitions: Transitions, states: readonly JobState[]): ReadonlySet<JobState> {
  const reached = new Set(states)
  for (const state of reached) for (const next of transitions[state]) reached.add(next)
  return reached
}

/** What a job may be in after a sight, and what is wrong with it. */
export interface Step {
  readonly states: readonly JobState[]
  readonly findings: readonly Finding[]
}

/**
 * Judges the state of a sight by what the job may have been in before.
 *
 * @param before - What it may have been in; null where it was not seen yet.
 * @param beside - The sight that said so.
 */
export function stepTo(sight: Sight, before: readonly JobState[] | null, beside: Sight | null): Step {
  const { contract, view, word, states } = sight
  const jobContract = view.judge.subject.contract
  if (jobContract === null || word === null || contract.state === null) return { states: [], findings: [] }
  const at = contract.state
  if (states.length === 0) {
    // What was read into a document knows only the words that it understood.
    if (view.judge.subject.inferred === true) return { states: [], findings: [] }
    const known = [...Object.values(jobContract.states), ...Object.keys(jobContract.synonyms)]
    const message = `${at} is ${show(word)}, which is no known state: ${either([...new Set(known)])}`
    return { states: [], findings: [remarkOnSight(sight, { check: 'J01', at, message })] }
  }
  // A job that was just made was queued, if only for a moment.
  const from = before ?? (contract.role === 'create' ? (['queued'] as const) : JOB_STATES)
  const reachable = reachableFrom(jobContract.transitions, from)
  const possible = states.filter((state) => reachable.has(state))
  if (possible.length > 0) return { states: possible, findings: [] }
  const was = beside === null ? 'it was just made' : `it was ${show(beside.word)} before`
  const message = `job ${sight.id}: ${at} is ${show(word)}, but ${was}, and nothing leads there`
  const topic = `${sight.source} ${beside?.word ?? ''} ${word}`
  const remark = { check: 'J01', at, message, topic, ...(beside === null ? {} : { beside }) } as const
  return { states, findings: [remarkOnSight(sight, remark)] }
}

/**
 * Judges a sight of a job that had ended when its operation was last asked the same; null where it had not,
 * or where it is in another state now, which is J01's matter.
 */
export function staysAsItIs(sight: Sight, earlier: Sight): readonly Finding[] | null {
  if (!hasEnded(earlier.states) || sight.word !== earlier.word) return null
  const { volatile } = sight.contract
  const [before, after] = [earlier, sight].map(({ job }) => without(job, volatile))
  const at = differingAt(before ?? null, after ?? null, '')
  if (at === null) return []
  const [was, is] = [earlier, sight].map(({ job }) => show(at === '' ? job : readAt(job, at)))
  const message = `job ${sight.id} is ${show(sight.word)}, yet ${at || 'the answer'} is ${is}, was ${was}`
  return [remarkOnSight(sight, { check: 'J02', at, message, beside: earlier })]
}

function readAt(value: Json, at: string): Json | undefined {
  return segmentsOf(at).reduce<Json | undefined>((node, name) => childrenOf(node ?? null).get(name), value)
}

function childrenOf(value: Json): ReadonlyMap<string, Json> {
  return new Map(Array.isArray(value) || isObject(value) ? Object.entries(value) : [])
}

/** A copy in which nothing stands at the pointers; `*` stands for every item. */
export function without(value: Json, pointers: readonly string[]): Json {
  return pointers.reduce((node, pointer) => cutOut(node, segmentsOf(pointer)), value)
}

function cutOut(value: Json, [first, ...rest]: readonly string[]): Json {
  if (first === undefined) return null
  const fits = (name: string): boolean => first === '*' || first === name
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((item, at) => (fits(String(at)) ? cutOut(item, rest) : item))
  }
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([name]) => !fits(name) || rest.length > 0)
  return Object.fromEntries(kept.map(([name, member]) => [name, fits(name) ? cutOut(member, rest) : member]))
}

/** The first place at which two values differ; null where they are equal. */
function differingAt(before: Json, after: Json, at: string): string | null {
  const alike = Array.isArray(before) === Array.isArray(after)
  const [left, right] = [childrenOf(before), childrenOf(after)]
  if (!alike || left.size + right.size === 0)
    return canonicalText(before) === canonicalText(after) ? null : at
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const [a, b] = [left.get(name), right.get(name)]
    const place = pointerTo(at, name)
    if (a === undefined || b === undefined) return place
    const inner = differingAt(a, b, place)
    if (inner !== null) return inner
  }
  return null
}
