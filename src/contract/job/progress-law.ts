/**
 * J03 and J04: progress never falls, what is done is part of the whole, and a job that succeeded is done with
 * everything.
 *
 * @module
 */
import type { ProgressContract } from '../../job-contract/job-words.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { Sight } from './sight.ts'
import { beginsAnew, isInferred, remarkOnSight, valueAt } from './sight.ts'

/** The numbers of a job's progress; null where an answer does not tell. */
export interface Progress {
  readonly total: number | null
  readonly done: number | null
  readonly failed: number | null
  readonly percent: number | null
}

const NUMBERS = ['total', 'done', 'failed', 'percent'] as const

/** Reads the numbers of a sight; null where it tells none. */
export function progressOf(sight: Sight): Progress | null {
  const { progress } = sight.contract
  if (progress === null) return null
  const numberAt = (name: (typeof NUMBERS)[number]): number | null => {
    const value = valueAt(sight, progress[name])
    return typeof value === 'number' ? value : null
  }
  const numbers: Progress = {
    total: numberAt('total'),
    done: numberAt('done'),
    failed: numberAt('failed'),
    percent: numberAt('percent'),
  }
  return NUMBERS.every((name) => numbers[name] === null) ? null : numbers
}

/** A number, and the bound that it must not pass. */
type Bound = readonly [keyof Progress, number | null, 'below' | 'above', string]

/** Whether the numbers of a sight fit together; null where there are none. */
export function judgeParts(sight: Sight): readonly Finding[] | null {
  const { progress } = sight.contract
  const numbers = progressOf(sight)
  if (progress === null || numbers === null) return null
  const { total, done } = numbers
  const inferred = isInferred(sight)
  const bounds: readonly Bound[] = [
    ['total', 0, 'below', '0'],
    ['done', 0, 'below', '0'],
    ['done', total, 'above', progress.total ?? ''],
    ['failed', 0, 'below', '0'],
    // Whether what is done includes what failed, no name says.
    ['failed', inferred ? null : done, 'above', progress.done ?? ''],
    ['failed', done === null || inferred ? total : null, 'above', progress.total ?? ''],
    ['percent', 0, 'below', '0'],
    ['percent', progress.whole, 'above', 'the whole'],
  ]
  return bounds.flatMap(([name, bound, side, what]) => {
    const [at, value] = [progress[name], numbers[name]]
    if (at === null || value === null || bound === null) return []
    if (side === 'below' ? value >= bound : value <= bound) return []
    const limit = what === String(bound) ? what : `${what}, ${show(bound)}`
    const message = `job ${sight.id}: ${at} is ${show(value)}, ${side} ${limit}`
    return [remarkOnSight(sight, { check: 'J03', at, message, topic: `${sight.source} ${at} ${side}` })]
  })
}

/** Whether the progress of one job by one operation went on; null where nothing was told twice. */
export function judgeAdvance(sight: Sight, earlier: Sight): readonly Finding[] | null {
  const { progress } = sight.contract
  const [before, after] = [progressOf(earlier), progressOf(sight)]
  if (progress === null || before === null || after === null) return null
  if (beginsAnew(sight, earlier)) return null
  const inferred = isInferred(sight)
  // A crawl finds more to do, and what failed may take back what it did, where nobody said otherwise.
  if (inferred && sight.states.some((state) => state === 'failed' || state === 'cancelled')) return null
  return NUMBERS.filter((name) => !inferred || name !== 'total').flatMap((name) => {
    const [at, was, is] = [progress[name], before[name], after[name]]
    if (at === null || was === null || is === null || is === was || (is > was && name !== 'total')) return []
    const what = name === 'total' ? 'is' : 'fell to'
    const message = `job ${sight.id}: ${at} ${what} ${show(is)}, was ${show(was)}`
    const topic = `${sight.source} ${at} ${what}`
    return [remarkOnSight(sight, { check: 'J03', at, message, topic, beside: earlier })]
  })
}

/**
 * Whether a job that succeeded is done with everything; null where the sight says nothing of it. A word that
 * stands for success in part as well binds too: what is only a part must say so by the word.
 */
export function judgeCompleteness(sight: Sight): readonly Finding[] | null {
  const { contract, states } = sight
  const numbers = progressOf(sight)
  const { progress } = contract
  const well = states.every((state) => state === 'succeeded' || state === 'partially_succeeded')
  if (progress === null || numbers === null || !well || !states.includes('succeeded')) return null
  const { total, done, failed, percent } = numbers
  if (isInferred(sight) && (done ?? 0) + (failed ?? 0) === total) return []
  const wanted: readonly (readonly [keyof ProgressContract & keyof Progress, number | null, string])[] = [
    ['done', total, progress.total ?? ''],
    ['percent', progress.whole, 'the whole'],
  ]
  if ((done === null || total === null) && percent === null) return null
  return wanted.flatMap(([name, whole, what]) => {
    const [at, value] = [progress[name], numbers[name]]
    if (at === null || value === null || whole === null || value === whole) return []
    const gap = `${at} is ${show(value)}, and ${what} ${show(whole)}`
    const message = `job ${sight.id} is ${show(sight.word)}, yet ${gap}`
    return [remarkOnSight(sight, { check: 'J04', at, message })]
  })
}
