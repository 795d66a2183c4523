/**
 * What words of states mean, each beside the others. The tables are `words.ts`.
 *
 * @module
 */
import type { JobState } from '../../model/job.ts'
import { snake, stateOf } from './words.ts'

/** Which state each word stands for among these; null where it is no word of a state. */
export function meaningsOf(words: readonly string[]): ReadonlyMap<string, JobState | null> {
  const meant = words.map((word) => [word, stateOf(word)] as const)
  const succeeds = meant.some(([, state]) => state === 'succeeded' || state === 'partially_succeeded')
  // What is ready waits to begin, or is done where no other word says so.
  return new Map(
    meant.map(([word, state]) => [word, !succeeds && snake(word) === 'ready' ? 'succeeded' : state]),
  )
}

/** Words of a life: some of waiting or running, some of an end, and few that are none of these. */
export function isLife(words: readonly string[]): boolean {
  const states = [...meaningsOf(words).values()]
  const live = states.some((state) => state === 'queued' || state === 'running')
  const ends = states.some((state) => state !== null && state !== 'queued' && state !== 'running')
  return live && ends && states.filter((state) => state === null).length * 3 <= words.length
}
