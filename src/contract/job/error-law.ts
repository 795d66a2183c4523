/**
 * J06: a job has an error exactly when it failed, and the error says why. Success in part may have one. Where
 * one word stands for failure and for something else, the word says that it failed.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { isObject } from '../../model/json.ts'
import { show } from '../display.ts'
import type { Finding } from '../finding.ts'
import { placesAt } from '../operand.ts'
import type { Sight } from './sight.ts'
import { isInferred, remarkOnSight, valueAt } from './sight.ts'

/** Nothing, null, false, a blank text and an empty list or object are no error. */
function isError(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === false) return false
  if (typeof value === 'string') return value.trim() !== ''
  return Array.isArray(value) || isObject(value) ? Object.keys(value).length > 0 : true
}

/** Judges the error of a sight; null where its state is not known or it tells of no error. */
export function judgeError(sight: Sight): readonly Finding[] | null {
  const { contract, states, word } = sight
  const { error } = contract
  if (error === null || states.length === 0) return null
  const { at } = error
  const value = valueAt(sight, at)
  if (states.includes('failed')) {
    if (isError(value)) return reasons(sight, at, value ?? null)
    const message = `job ${sight.id} is ${show(word)}, yet ${at} is ${show(value)}`
    return [remarkOnSight(sight, { check: 'J06', at, message, topic: `${sight.source} ${at} missing` })]
  }
  if (!isError(value)) return []
  // Who cancels may say why, where nobody said that an error means failure.
  if (isInferred(sight) && states.includes('cancelled')) return []
  if (states.includes('partially_succeeded')) return reasons(sight, at, value ?? null)
  const message = `job ${sight.id} is ${show(word)}, yet ${at} is ${show(value)}`
  return [remarkOnSight(sight, { check: 'J06', at, message, topic: `${sight.source} ${at} untimely` })]
}

/** The code and the message of an error say something. */
function reasons(sight: Sight, at: string, value: Json): readonly Finding[] {
  const { error } = sight.contract
  return [error?.code ?? null, error?.message ?? null].flatMap((pointer) => {
    if (pointer === null) return []
    const places = placesAt(value, pointer)
    const says = (each: Json): boolean =>
      typeof each === 'number' || (typeof each === 'string' && each.trim() !== '')
    const mute =
      places.length === 0 ? { at: pointer, value: undefined } : places.find((each) => !says(each.value))
    if (mute === undefined) return []
    const place = at + mute.at
    const message = `job ${sight.id}: the error says nothing at ${place}, which is ${show(mute.value)}`
    const topic = `${sight.source} ${at}${pointer} says nothing`
    return [remarkOnSight(sight, { check: 'J06', at: place, message, topic })]
  })
}
