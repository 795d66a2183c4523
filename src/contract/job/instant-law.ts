/**
 * J05: the instants of a job are there when its state says so, they come in their order, and none lies in the
 * future of the answer that tells of it.
 *
 * An answer that leaves an instant out says nothing of it, and neither does an operation that never has it.
 * But what was told of a job once is told ever after, and an operation that shows an instant of one job in
 * a state shows it of every job in such a state.
 *
 * @module
 */
import type { TimesContract } from '../../job-contract/job-words.ts'
import type { JobState } from '../../model/job.ts'
import type { Json } from '../../model/json.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Sight } from './sight.ts'
import { beginsAnew, hasEnded, isInferred, remarkOnSight, valueAt } from './sight.ts'

/** The instants of a job, in the order in which they happen. */
const NAMES = ['created', 'started', 'updated', 'ended'] as const
type InstantName = (typeof NAMES)[number]

const VERBS: Readonly<Record<InstantName, string>> = {
  created: 'was created',
  started: 'started',
  updated: 'was updated',
  ended: 'ended',
}

/** How far the clocks of a server and of what stands before it may lie apart. */
const SKEW_MS = 5_000
/** Numbers from here on count milliseconds since the epoch, those below seconds. */
const MILLISECONDS_FROM = 1e11

/**
 * An instant as JSON texts have it: a date and time, in UTC where it has no offset, or a number; else null.
 */
export function toMs(value: Json | undefined): number | null {
  if (typeof value === 'number') return value >= MILLISECONDS_FROM ? value : value * 1000
  if (typeof value !== 'string') return null
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|z|[+-]\d\d:?\d\d)?$/.exec(value)
  if (parts === null) return null
  const ms = Date.parse(`${parts[1]}T${parts[2]}${(parts[3] ?? 'Z').toUpperCase()}`)
  return Number.isNaN(ms) ? null : ms
}

/** Which instants an operation has shown of jobs in such a state. */
export type Shown = Set<string>

/** What a sight says of its instants; null where it has none. */
export function judgeInstants(sight: Sight, shown: Shown): readonly Finding[] | null {
  const { times } = sight.contract
  if (times === null || NAMES.every((name) => valueAt(sight, times[name]) === undefined)) return null
  return [...presence(sight, times, shown), ...order(sight, times), ...future(sight, times)]
}

/** Whether it must be there, or must not; null where either will do. */
function wanted(name: InstantName, states: readonly JobState[]): boolean | null {
  if (states.length === 0 || name === 'updated') return null
  if (name === 'created') return true
  if (name === 'ended') {
    return hasEnded(states) ? true : states.some((state) => hasEnded([state])) ? null : false
  }
  if (states.every((state) => state === 'queued')) return false
  const ran: readonly JobState[] = ['running', 'succeeded', 'partially_succeeded']
  return states.every((state) => ran.includes(state)) ? true : null
}

function presence(sight: Sight, times: TimesContract, shown: Shown): readonly Finding[] {
  const { states, word, source } = sight
  return NAMES.flatMap((name) => {
    const at = times[name]
    const value = valueAt(sight, at)
    const must = wanted(name, states)
    if (at === null || must === null) return []
    const is = value !== undefined && value !== null
    const key = `${source} ${at}`
    if (must && is) shown.add(key)
    if (must === is || (value === undefined && !shown.has(key))) return []
    const what = value === undefined ? 'is missing, though other jobs have it' : `is ${show(value)}`
    const message = `job ${sight.id} is ${show(word)}, yet ${at} ${what}`
    return [remarkOnSight(sight, { check: 'J05', at, message, topic: `${key} ${must}` })]
  })
}

function order(sight: Sight, times: TimesContract): readonly Finding[] {
  const pairs: readonly (readonly [InstantName, InstantName])[] = [
    ['created', 'started'],
    ['created', 'updated'],
    ['created', 'ended'],
    ['started', 'updated'],
    ['started', 'ended'],
  ]
  return pairs.flatMap(([first, second]) => {
    const at = times[second]
    const [early, late] = [valueAt(sight, times[first]), valueAt(sight, at)]
    const [from, to] = [toMs(early), toMs(late)]
    if (at === null || from === null || to === null || from <= to) return []
    const order = `${VERBS[second]} before it ${VERBS[first]}`
    const message = `job ${sight.id} ${order}: ${show(late)}, ${show(early)}`
    const topic = `${sight.source} ${at} after ${first}`
    return [remarkOnSight(sight, { check: 'J05', at, message, topic })]
  })
}

/** Does a text say where its clock stands? */
const ZONE = /(?:[Zz]|[+-]\d\d:?\d\d)$/

/** An answer that has a date was made then; a time of no zone may be of any. */
function future(sight: Sight, times: TimesContract): readonly Finding[] {
  const date = sight.view.exchange.response.headers['date']
  const nowMs = date === undefined ? Number.NaN : Date.parse(date)
  return NAMES.flatMap((name) => {
    const at = times[name]
    const value = valueAt(sight, at)
    const ms = toMs(value)
    if (at === null || ms === null || Number.isNaN(nowMs) || ms <= nowMs + SKEW_MS) return []
    if (typeof value === 'string' && !ZONE.test(value)) return []
    const message = `job ${sight.id} ${VERBS[name]} at ${show(value)}, but the answer is of ${date}`
    return [remarkOnSight(sight, { check: 'J05', at, message, topic: `${sight.source} ${at} future` })]
  })
}

/** What two sights of one job by one operation say together: instants stay, and updates go on. */
export function judgeInstantPair(sight: Sight, earlier: Sight): readonly Finding[] {
  const { times } = sight.contract
  if (times === null || beginsAnew(sight, earlier)) return []
  // A second attempt may start later, where nobody said that there is none.
  const moves: readonly InstantName[] = isInferred(sight) ? ['updated', 'started'] : ['updated']
  return NAMES.flatMap((name) => {
    const at = times[name]
    const [before, after] = [valueAt(earlier, at), valueAt(sight, at)]
    const [was, is] = [toMs(before), toMs(after)]
    if (at === null || was === null || was === is) return []
    if (moves.includes(name) && is !== null && is > was) return []
    const gone = after === undefined ? 'is missing' : `is ${show(after)}`
    const message = `job ${sight.id}: ${at} ${gone}, was ${show(before)}`
    const topic = `${sight.source} ${at} again`
    return [remarkOnSight(sight, { check: 'J05', at, message, topic, beside: earlier })]
  })
}
