/**
 * The life of a job as a document tells it: the words of its states, and from which of them it may come back.
 *
 * @module
 */
import type { JobState } from '../../model/job.ts'
import { JOB_STATES } from '../../model/job.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import { USUAL_TRANSITIONS } from '../job-words.ts'
import type { Decide } from './decision.ts'
import type { Words } from './meaning.ts'
import { meaningsOf, wordsOf } from './meaning.ts'
import type { Part } from './role.ts'
import { ACTS, rankOf, snake } from './words.ts'

interface Meant {
  readonly state: JobState
  /** Pointer to the schema that has the word. */
  readonly pointer: string
}

/** The words that mean one thing wherever they stand. */
function meantBy(json: JsonObject, parts: readonly Part[]): ReadonlyMap<string, Meant> {
  const words = new Map<string, Meant | null>()
  for (const { state } of parts) {
    if (state === null) continue
    for (const [word, meant] of meaningsOf(wordsOf(json, state).words)) {
      if (meant === null) continue
      const known = words.get(word)
      const differs = known !== undefined && known?.state !== meant
      words.set(word, differs ? null : (known ?? { state: meant, pointer: state.pointer }))
    }
  }
  return new Map([...words].flatMap(([word, meant]) => (meant === null ? [] : [[word, meant] as const])))
}

function isListed({ words, listed }: Words): boolean {
  return listed && words.length > 1
}

/** The plainest word of each state; the others are its synonyms. */
export function decideStates(json: JsonObject, parts: readonly Part[], decide: Decide): void {
  const words = meantBy(json, parts)
  const life = parts.some(
    ({ state, role }) => state !== null && role !== 'create' && isListed(wordsOf(json, state)),
  )
  const confidence = life ? 'sure' : 'likely'
  for (const state of JOB_STATES) {
    const own = [...words].filter(([, meant]) => meant.state === state)
    const [first, ...others] = own.sort(([a], [b]) => rankOf(state, a) - rankOf(state, b))
    if (first === undefined) continue
    const [word, { pointer }] = first
    decide(['states', state], word, confidence, `\`${word}\` is a word for ${state}`, pointer)
    for (const [other, meant] of others) {
      const why = `\`${other}\` is another word for ${state}`
      decide(['synonyms', other], state, 'likely', why, meant.pointer)
    }
  }
}

/** States that jobs come back from: most services try again, and no document says that it never does. */
const TRIED_AGAIN = ['running', 'partially_succeeded', 'failed', 'cancelled'] as const

/** Decides from which states a job may come back, beside where it usually goes. */
export function decideTransitions(
  json: JsonObject,
  parts: readonly Part[],
  operations: readonly Operation[],
  decide: Decide,
): void {
  const words = meantBy(json, parts)
  const has = (wanted: JobState): boolean => [...words.values()].some(({ state }) => state === wanted)
  const back = (['queued', 'running'] as const).filter(has)
  const also = (state: JobState, states: readonly JobState[], why: string): void => {
    const more = states.filter((each) => each !== state && !USUAL_TRANSITIONS[state].includes(each))
    const at = [...words.values()].find((meant) => meant.state === state)
    if (at === undefined || more.length === 0) return
    decide(['transitions', state], [...USUAL_TRANSITIONS[state], ...more], 'likely', why, at.pointer)
  }
  for (const state of TRIED_AGAIN) also(state, back, 'no document says that it is never tried again')
  const expired = [...words.keys()].find((word) => snake(word) === 'expired')
  const again = operations.find(({ path }) => ACTS.again.includes(snake(path.split('/').at(-1) ?? '')))
  if (again !== undefined) also('succeeded', [...back, 'failed'], `\`${again.path}\` runs it again`)
  else if (expired !== undefined) also('succeeded', ['failed'], `it may be \`${expired}\` later`)
}
