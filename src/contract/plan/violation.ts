/**
 * Values that no reading of a parameter makes valid. What a lenient server could read as something allowed is
 * no violation, so the judge never asks for a refusal that nobody owes.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { readParameter } from '../../openapi/parameter.ts'
import type { Keyword } from '../schema-place.ts'
import { keywordAt } from '../schema-place.ts'
import type { Judge } from '../subject.ts'

/** A text that a parameter must refuse. */
export interface Violation {
  /** Null leaves a required parameter out. */
  readonly text: string | null
  readonly fault: string
  /** Pointer into the document to what is broken. */
  readonly pointer: string
}

const LONGEST_TEXT = 2000

/** Every violation of one parameter that can be proved, one for each constraint. */
export function violationsOf(judge: Judge, parameter: Parameter): readonly Violation[] {
  const { name, schema, pointer } = parameter
  const omitted: readonly Violation[] =
    parameter.required && parameter.in !== 'path'
      ? [{ text: null, fault: `the required ${parameter.in} parameter ${name} is missing`, pointer }]
      : []
  if (schema === null || parameter.mediaType !== null) return omitted
  const proved = candidatesFor(judge, parameter, schema)
    .filter(({ text }) => text !== null && isInvalid(judge, parameter, schema, text))
    .map((violation) => {
      const value = JSON.stringify(violation.text)
      const fault = `the ${parameter.in} parameter ${name} is ${value}, ${violation.fault}`
      return { ...violation, fault: fault.length > 160 ? `${fault.slice(0, 159)}…` : fault }
    })
  return [...omitted, ...proved]
}

function candidatesFor(judge: Judge, { types }: Parameter, schema: string): readonly Violation[] {
  const find = (keyword: string): Keyword | null => keywordAt(judge.subject.document.json, schema, keyword)
  const candidates: Violation[] = []
  const add = (text: string, fault: string, keyword: Keyword | null): void => {
    candidates.push({ text, fault, pointer: keyword?.pointer ?? schema })
  }
  const { minimum, maximum } = { minimum: find('minimum'), maximum: find('maximum') }
  const format = find('format')
  const values = find('enum')
  const longest = find('maxLength')
  if (types.has('integer')) add('1.5', 'no integer', find('type'))
  if (types.has('integer') || types.has('number')) add('abc', 'no number', find('type'))
  if (types.has('boolean')) add('maybe', 'no boolean', find('type'))
  if (typeof maximum?.value === 'number') add(String(maximum.value + 1), `above ${maximum.value}`, maximum)
  if (typeof minimum?.value === 'number') add(String(minimum.value - 1), `below ${minimum.value}`, minimum)
  if (values !== null) add('standin-unknown', 'none of the documented values', values)
  if (format !== null && types.has('string')) add('not-well-formed', `no ${String(format.value)}`, format)
  const pattern = find('pattern')
  if (pattern !== null) {
    for (const text of ['NOT-WELL-FORMED', '!', '0']) add(text, 'outside the pattern', pattern)
  }
  if (typeof longest?.value === 'number' && longest.value < LONGEST_TEXT) {
    add('x'.repeat(longest.value + 1), `longer than ${longest.value}`, longest)
  }
  return oneForEach(judge, schema, candidates)
}

/** Of several candidates for one keyword the first that is invalid as a text. */
function oneForEach(judge: Judge, schema: string, candidates: readonly Violation[]): readonly Violation[] {
  const chosen = new Map<string, Violation>()
  for (const candidate of candidates) {
    const key = `${candidate.pointer} ${candidate.fault}`
    const invalid = judge.validator.check(schema, candidate.text, 1).length > 0
    if (!chosen.has(key) && invalid) chosen.set(key, candidate)
  }
  return [...chosen.values()]
}

function isInvalid(judge: Judge, parameter: Parameter, schema: string, text: string): boolean {
  return readingsOf(parameter, text).every((value) => judge.validator.check(schema, value, 1).length > 0)
}

/** Everything a server, strict or lenient, could take the text for. */
function readingsOf(parameter: Parameter, text: string): readonly Json[] {
  const scalars: Json[] = [text]
  if (text.trim() !== '' && !Number.isNaN(Number(text))) scalars.push(Number(text))
  if (/^(?:true|yes|on|1)$/i.test(text)) scalars.push(true)
  if (/^(?:false|no|off|0)$/i.test(text)) scalars.push(false)
  if (/^(?:null|none|)$/i.test(text)) scalars.push(null)
  const documented = readParameter(parameter, [text], new Map([[parameter.name, [text]]]))
  const lists = parameter.types.has('array') ? scalars.map((scalar) => [scalar]) : []
  return [...scalars, ...lists, ...(documented === undefined ? [] : [documented])]
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
