/**
 * Mutants of what a job contract says of single answers: for a few laws of each kind, a value that the law is
 * about becomes another one, where the law binds.
 *
 * @module
 */
import type { Law, Operand } from '../../job-contract/law.ts'
import { LAW_KINDS } from '../../job-contract/law.ts'
import type { Json } from '../../model/json.ts'
import { readPointer } from '../../model/pointer.ts'
import { applies, boundBy, looksAtSelectedRows } from '../check/laws.ts'
import { placesAt, pointerIn } from '../operand.ts'
import type { Subject } from '../subject.ts'
import type { View } from '../view.ts'
import type { Mutant, Spoilt } from './mutant.ts'
import { changeAt, isAnswered, mutant } from './mutant.ts'

/** How many laws of a kind are put to the test. */
const MOST_OF_A_KIND = 2

/** The mutants of an API's laws. */
export function lawMutants({ contract }: Subject): readonly Mutant[] {
  const laws = contract?.laws ?? []
  return LAW_KINDS.flatMap((kind) =>
    laws.filter((law) => kind in law && pointerOf(law) !== null).slice(0, MOST_OF_A_KIND),
  ).map((law) =>
    mutant('law', `against the law that ${law.law}`, (view) =>
      isAnswered(view) && !looksAtSelectedRows(view, law) ? breakLaw(view, law, view.body) : null,
    ),
  )
}

/** Where the value stands that is changed; null where the law names none. */
function pointerOf(law: Law): string | null {
  if ('equals' in law) return firstPointer(law.equals)
  if ('iff' in law) return firstPointer(law.iff)
  if ('within' in law) return pointerIn(law.within.value)
  if ('ordered' in law) return law.ordered.values
  if ('subset' in law) return pointerIn(law.subset[0])
  if ('unique' in law) return law.unique
  return 'matches' in law ? law.matches.value : null
}

function firstPointer(operands: readonly Operand[]): string | null {
  return operands.map(pointerIn).find((pointer) => pointer !== null) ?? null
}

function breakLaw(view: View, law: Law, body: Json): Spoilt | null {
  const pointer = pointerOf(law)
  for (const { at, value } of boundBy(law, view, body)) {
    if (pointer === null || !applies(law, value)) continue
    const places = placesAt(value, pointer)
    const place = places[places.length > 1 && !('subset' in law) ? 1 : 0]
    if (place === undefined) continue
    const changed = spoil(law, place.value, places[0]?.value ?? null)
    if (changed === undefined) continue
    const target = at + place.at
    const spoilt = changeAt(body, target, () => changed)
    if (readPointer(spoilt, target) !== undefined) return { body: spoilt }
  }
  return null
}

const FAR = 1_000_003

/** Another value that the law cannot hold of; undefined where none is at hand. */
function spoil(law: Law, value: Json, first: Json): Json | undefined {
  if ('unique' in law) return first === value ? undefined : first
  if ('iff' in law) return value === null || value === false || value === 0 ? FAR : null
  if ('ordered' in law) return typeof value === 'number' ? value - FAR : '1970-01-01T00:00:00Z'
  if ('matches' in law) return '?'
  if (typeof value === 'number') return 'within' in law && law.within.to === undefined ? -FAR : value + FAR
  if (Array.isArray(value)) return value.length === 0 ? undefined : (value as readonly Json[]).slice(1)
  return typeof value === 'string' && !('within' in law) ? `${value}?` : undefined
}
