/**
 * Scalars that one keyword forbids: numbers beyond their bounds, texts too short, too long or of another
 * form, words that nobody documented. They are candidates; the schema says which of them are wrong.
 *
 * @module
 */
import type { Json, JsonType } from '../../model/json.ts'
import { memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import type { Resolved } from '../../openapi/reference.ts'
import type { Judge } from '../subject.ts'
import { boundIn, countIn, keywordsIn, wordsIn } from './facet.ts'
import { wrongTexts } from './format-text.ts'
import { isValid } from './sample.ts'

/** One thing to put in place of a right value. */
export interface Wrong {
  readonly value: Json
  readonly fault: string
  readonly pointer: string
}

const LONGEST_TEXT = 6000

/** A value that is none of those that are listed. */
export function brokenWords(facets: readonly Resolved[], right: Json): readonly Wrong[] {
  const words = wordsIn(facets)
  if (words === null) return []
  const { values, pointer } = words
  const numbers = values.filter((value): value is number => typeof value === 'number')
  const stranger = typeof right === 'number' ? Math.ceil(Math.max(...numbers)) + 1 : 'standin-unknown'
  if (typeof right === 'boolean') return [{ value: !right, fault: 'none of the documented values', pointer }]
  return [{ value: stranger, fault: 'none of the documented values', pointer }]
}

/** Numbers beyond each bound, between the steps, or broken where they must be whole. */
export function brokenNumbers(facets: readonly Resolved[], types: ReadonlySet<JsonType>): readonly Wrong[] {
  const wrong: Wrong[] = []
  const whole = !types.has('number')
  const typed = facets.find(({ value }) => memberOf(value, 'type') !== undefined)
  const [low, high] = [boundIn(facets, 'minimum'), boundIn(facets, 'maximum')]
  const step = countIn(facets, 'multipleOf')
  const size = step?.value ?? 1
  if (low !== null) {
    const value = low.exclusive ? low.value : low.value - size
    wrong.push({
      value,
      fault: low.exclusive ? `not above ${low.value}` : `below ${low.value}`,
      pointer: low.pointer,
    })
  }
  if (high !== null) {
    const value = high.exclusive ? high.value : high.value + size
    wrong.push({
      value,
      fault: high.exclusive ? `not below ${high.value}` : `above ${high.value}`,
      pointer: high.pointer,
    })
  }
  const base = low === null ? (high === null ? 0 : Math.floor(high.value) - 1) : Math.ceil(low.value)
  if (step !== null) {
    const start = Math.ceil(base / size) * size
    const offsets = whole ? [1, 2, 3] : [size / 2, size / 3, 1]
    for (const offset of offsets) {
      wrong.push({ value: start + offset, fault: `no multiple of ${size}`, pointer: step.pointer })
    }
  }
  if (whole) {
    const pointer = typed === undefined ? (facets[0]?.pointer ?? '') : pointerTo(typed.pointer, 'type')
    wrong.push({ value: base + 0.5, fault: 'no integer', pointer })
  }
  return wrong
}

/** Texts that are too short, too long, or not of their form or pattern. */
export function brokenTexts(
  judge: Judge,
  facets: readonly Resolved[],
  { schema, value }: { readonly schema: string; readonly value: Json },
): readonly Wrong[] {
  const right = String(value)
  const wrong: Wrong[] = []
  const shortest = countIn(facets, 'minLength')
  const longest = countIn(facets, 'maxLength')
  if (shortest !== null && shortest.value > 0) {
    const text = [...right].slice(0, shortest.value - 1).join('')
    wrong.push({ value: text, fault: `shorter than ${shortest.value}`, pointer: shortest.pointer })
  }
  if (longest !== null && longest.value < LONGEST_TEXT) {
    const text = right + (right.at(-1) ?? 'x').repeat(Math.max(0, longest.value + 1 - [...right].length))
    const plain = 'x'.repeat(longest.value + 1)
    for (const each of [text, plain])
      wrong.push({ value: each, fault: `longer than ${longest.value}`, pointer: longest.pointer })
  }
  for (const { value: format, pointer } of keywordsIn(facets, 'format')) {
    for (const text of wrongTexts(String(format)))
      wrong.push({ value: text, fault: `no ${String(format)}`, pointer })
  }
  for (const { pointer } of keywordsIn(facets, 'pattern')) {
    const kept = (text: string): boolean => {
      const length = [...text].length
      return length >= (shortest?.value ?? 0) && length <= (longest?.value ?? LONGEST_TEXT)
    }
    const texts = [
      `!${right.slice(1)}`,
      `${right.slice(0, -1)}!`,
      'NOT-WELL-FORMED',
      '!',
      '0',
      '~~~',
      right.toUpperCase(),
    ]
    const fit = texts.filter((text) => text !== '' && kept(text) && !isValid(judge, schema, text))
    for (const text of [...fit, ...texts]) wrong.push({ value: text, fault: 'outside the pattern', pointer })
  }
  return wrong
}
