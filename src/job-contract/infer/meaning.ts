/**
 * Which words the states of a job have, and what they mean, each beside the others. The tables are in
 * `words.ts`.
 *
 * @module
 */
import type { JobState } from '../../model/job.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Member } from './shape.ts'
import { keywordOf, wordsAt } from './shape.ts'
import { snake, stateOf } from './words.ts'

/** Words that stand for the states of a job. */
export interface Words {
  readonly words: readonly string[]
  /** The schema allows these alone; else its examples or its description speak of them. */
  readonly listed: boolean
}

const MOST_WORDS = 40

/** The words of a state: those that its schema allows, in every branch, else those that are told of it. */
export function wordsOf(json: JsonObject, { pointer, others = [] }: Member): Words {
  const listed = [pointer, ...others].flatMap((place) => wordsAt(json, place))
  if (listed.length > 0) return { words: [...new Set(listed)], listed: true }
  const examples = keywordOf(json, pointer, 'examples')
  const shown: readonly unknown[] = Array.isArray(examples) ? examples : []
  const description = keywordOf(json, pointer, 'description')
  const quoted = typeof description === 'string' ? quotedIn(description) : []
  const told = [...shown, ...quoted].filter((word): word is string => typeof word === 'string')
  const words = [...new Set(told)].slice(0, MOST_WORDS)
  return { words: isLife(words) ? words : [], listed: false }
}

/** Words in quotes of any kind. */
function quotedIn(text: string): readonly string[] {
  return [...text.slice(0, 2000).matchAll(/[`"'“‘]([A-Za-z][\w -]{1,40}?)[`"'”’]/g)].flatMap(
    ([, word]) => word ?? [],
  )
}

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
