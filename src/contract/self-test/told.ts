/**
 * Answers that tell of one job, as mutants see them.
 *
 * @module
 */
import type { OperationContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import type { CheckName } from '../finding.ts'
import { hasEnded, statesOf } from '../job/sight.ts'
import type { Subject } from '../subject.ts'
import type { View } from '../view.ts'
import type { Mutant, Scene, Spoil, Spoilt } from './mutant.ts'
import { changeAt, isAnswered, mutant } from './mutant.ts'

/** An answer that tells of one job. */
export interface Told {
  readonly view: View & { readonly body: Json }
  readonly contract: OperationContract
  readonly word: string | null
  readonly id: string
}

/** Changes such an answer; null leaves it as it is. */
export type Change = (told: Told, scene: Scene) => Spoilt | null

/** What an answer tells of a job; null where it tells of none. */
export function toldBy(view: View): Told | null {
  const { contract } = view
  if (contract === null || contract.list !== null || !isAnswered(view)) return null
  const word = contract.state === null ? undefined : readPointer(view.body, contract.state)
  const id = contract.job === null ? '' : (view.path[contract.job] ?? '')
  return { view, contract, word: typeof word === 'string' ? word : null, id }
}

/** A mutant of answers that tell of a job. */
export function told(check: CheckName, name: string, change: Change): Mutant {
  return mutant(check, name, spoilTold(change))
}

/** Plants a fault in answers that tell of a job. */
export function spoilTold(change: Change): Spoil {
  return (view, scene) => {
    const seen = toldBy(view)
    return seen === null ? null : change(seen, scene)
  }
}

/** Changes one place of an answer; null where there is none. */
export function put({ view }: Told, pointer: string | null, change: (old: Json) => Json): Spoilt | null {
  if (pointer === null || readPointer(view.body, pointer) === undefined) return null
  return { body: changeAt(view.body, pointer, change) }
}

/** Has the job ended, as the answer tells? */
export function ended(subject: Subject, { word }: Told): boolean {
  return word !== null && hasEnded(statesOf(subject, word))
}

/** Strikes from the second look at a job on. */
export function later(check: CheckName, name: string, change: Change): Mutant {
  return {
    check,
    name,
    begin: () => {
      const seen = new Map<string, number>()
      return spoilTold((each, scene) => {
        if (each.view.exchange.request.method !== 'GET') return null
        const key = `${each.view.operation.id} ${each.id}`
        const before = seen.get(key) ?? 0
        seen.set(key, before + 1)
        return before === 0 ? null : change(each, scene)
      })
    },
  }
}
