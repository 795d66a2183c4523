/**
 * Values that no reading of a parameter makes valid. What a lenient server could read as something allowed is
 * no violation, so the judge never asks for a refusal that nobody owes.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { isScalar } from '../../model/json.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { readParameter } from '../../openapi/parameter.ts'
import { typeOf } from '../../openapi/schema-type.ts'
import { cut } from '../display.ts'
import { keywordAt } from '../schema-place.ts'
import type { Judge } from '../subject.ts'
import { brokenValues, firstProved } from './broken.ts'
import { canBeOmitted } from './client-header.ts'
import type { Wire } from './reading.ts'
import { documentedReading, isProvablyWrong, wireOf } from './reading.ts'
import { sampleOf } from './sample.ts'

/** What a request must not say of a parameter. */
export interface Violation {
  /** Empty where a required parameter is left out. */
  readonly wire: Wire
  readonly fault: string
  /** Pointer into the document to what is broken. */
  readonly pointer: string
}

const VIOLATIONS_LIMIT = 12
const FAULT_LENGTH = 160

/** Every violation of one parameter that can be proved, one for each constraint. */
export function violationsOf(judge: Judge, parameter: Parameter): readonly Violation[] {
  const { name, schema, pointer } = parameter
  const omitted: readonly Violation[] =
    parameter.required && parameter.in !== 'path' && (parameter.in !== 'header' || canBeOmitted(name))
      ? [{ wire: [], fault: `the required ${parameter.in} parameter ${name} is missing`, pointer }]
      : []
  if (schema === null) return omitted
  // The least of an object is often nothing, in which no member can be broken.
  const fullness = parameter.types.has('object') ? 'maximal' : 'minimal'
  const right = sampleOf(judge, schema, fullness) ?? standInFor(parameter)
  const sent = brokenValues(judge, schema, right).flatMap((broken) => {
    const wire = wireOf(parameter, broken.value)
    if (wire === null || !canTravel(parameter, wire)) return []
    return isSaid(parameter, broken.value, wire) ? [{ ...broken, wire }] : []
  })
  const proved = firstProved(sent, ({ wire }) => isProvablyWrong(judge, parameter, wire))
  return [
    ...omitted,
    ...proved.slice(0, VIOLATIONS_LIMIT).map(({ wire, path, fault, pointer: at }) => {
      const value = wire
        .map(([key, text]) => (key === name ? JSON.stringify(text) : `${key}=${text}`))
        .join(' and ')
      const inner = path.length === 0 ? '' : `${path.join('/')} is `
      const sentence = `the ${parameter.in} parameter ${name} is ${value}, ${inner}${fault}`
      return { wire, fault: cut(sentence, FAULT_LENGTH), pointer: at }
    }),
  ]
}

/** Does the request say what was meant? A text in place of a list is a list of one. */
function isSaid(parameter: Parameter, value: Json, wire: Wire): boolean {
  const read = documentedReading(parameter, wire)
  if (read === undefined) return false
  return (
    !parameter.types.has(typeOf(read)) || typeOf(read) === typeOf(value) || isScalar(value) === isScalar(read)
  )
}

/** Something of a parameter's type, where nothing is found that its schema allows. */
function standInFor({ types }: Parameter): Json {
  if (types.has('string')) return 'standin'
  if (types.has('integer') || types.has('number')) return 1
  if (types.has('boolean')) return true
  return types.has('array') ? ['standin'] : {}
}

/** Can a request carry these texts unchanged in that place? */
export function canTravel({ in: place }: Parameter, wire: Wire): boolean {
  if (wire.length === 0) return false
  if (place === 'query') return wire.every(([, text]) => isWellFormed(text))
  return wire.every(([, text]) => {
    if (place === 'path') return text !== '' && !/^\.{1,2}$|[/\\?#%]|[^\x20-\x7e]/.test(text)
    if (place === 'header') return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text)
    return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+$/.test(text)
  })
}

function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)
}

/** Texts that the document allows a parameter, its bounds and words; empty where it says nothing. */
export function allowedTexts(judge: Judge, parameter: Parameter): readonly string[] {
  const { schema, types } = parameter
  if (schema === null) return []
  const { json } = judge.subject.document
  const found = ['default', 'minimum', 'maximum'].flatMap(
    (keyword) => keywordAt(json, schema, keyword)?.value ?? [],
  )
  const words = keywordAt(json, schema, 'enum')?.value
  const flags = types.has('boolean') && !types.has('string') ? [true, false] : []
  const all = [...found, ...(Array.isArray(words) ? words.slice(0, WORDS_LIMIT) : []), ...flags]
  const texts = all.filter((value) => value !== null && typeof value !== 'object').map(String)
  return [...new Set(texts)].filter((text) => {
    const value = readParameter(parameter, [text], new Map())
    return value !== undefined && judge.validator.check(schema, value, 1).length === 0
  })
}

const WORDS_LIMIT = 16
