/**
 * Boundaries: the values of a parameter at which servers go wrong, each allowed by the document.
 *
 * @module
 */
import type { RowsContract } from '../../job-contract/job-contract.ts'
import type { Json } from '../../model/json.ts'
import { isObject, memberOf } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import type { Resolved } from '../../openapi/reference.ts'
import { keywordAt } from '../schema-place.ts'
import type { Judge } from '../subject.ts'
import { contractOf } from '../subject.ts'
import { boundIn, countIn, facetsOf, keywordsIn, wordsIn } from './facet.ts'
import { rightTexts } from './format-text.ts'
import { textOf } from './pattern-text.ts'
import type { Wire } from './reading.ts'
import { isRight, wireOf } from './reading.ts'
import { isValid, listOf, typesOf } from './sample.ts'
import { canTravel } from './violation.ts'

/** A value of a parameter that must be accepted. */
export interface Boundary {
  readonly wire: Wire
  /** A server may look such a value up: it may name something that is not there. */
  readonly free: boolean
}

const BOUNDARIES_LIMIT = 24

/** The boundaries of a parameter: of what the document bounds, lists or gives as an example. */
export function boundariesOf(judge: Judge, parameter: Parameter): readonly Boundary[] {
  const { schema, pointer } = parameter
  const { json } = judge.subject.document
  const told = ['example', 'examples'].flatMap((keyword): (Json | undefined)[] => {
    const value = keywordAt(json, pointer, keyword)?.value
    return isObject(value) ? Object.values(value).map((each) => memberOf(each, 'value')) : [value]
  })
  const edges = schema === null ? [] : edgesOf(judge, schema)
  const open = schema === null || isOpen(judge, schema)
  const seen = new Set<string>()
  return [...edges, ...told].flatMap((value): Boundary[] => {
    const wire = value === undefined ? null : wireOf(parameter, value)
    if (wire === null || (wire.length > 0 && !fits(parameter, wire))) return []
    const key = JSON.stringify(wire)
    if (wire.length === 0 || seen.has(key) || seen.size >= BOUNDARIES_LIMIT) return []
    if (!isRight(judge, parameter, wire)) return []
    seen.add(key)
    return [{ wire, free: open }]
  })
}

function fits(parameter: Parameter, wire: Wire): boolean {
  return canTravel(parameter, wire)
}

/** Is a text whatever its caller likes, and so perhaps the name of something? */
function isOpen(judge: Judge, schema: string): boolean {
  const facets = facetsAt(judge, schema)
  if (wordsIn(facets) !== null) return false
  const types = typesOf(judge.subject.document.json, facets)
  if (types.has('array')) {
    const items = facets.find(({ value }) => isObject(memberOf(value, 'items')))
    return items === undefined || isOpen(judge, `${items.pointer}/items`)
  }
  return types.has('string') || types.has('object')
}

/** Facets with the first branch of each union. */
function facetsAt(judge: Judge, schema: string): readonly Resolved[] {
  return facetsOf(judge.subject.document.json, schema, (branches) => branches[0] ?? null)
}

/** The values at which a schema ends, each of them allowed. */
export function edgesOf(judge: Judge, schema: string): readonly Json[] {
  const facets = facetsAt(judge, schema)
  const types = typesOf(judge.subject.document.json, facets)
  const values: Json[] = keywordsIn(facets, 'default').map(({ value }) => value)
  const words = wordsIn(facets)
  if (words !== null) values.push(...words.values)
  if (types.has('boolean') && !types.has('string')) values.push(true, false)
  if (types.has('integer') || types.has('number')) values.push(...numbersAt(facets))
  if (types.has('string') && words === null) values.push(...textsAt(facets))
  if (types.has('array')) values.push(...listsAt(judge, facets))
  for (const { value } of keywordsIn(facets, 'examples')) if (Array.isArray(value)) values.push(...value)
  values.push(...keywordsIn(facets, 'example').map(({ value }) => value))
  return values.filter((value) => isValid(judge, schema, value))
}

function numbersAt(facets: readonly Resolved[]): readonly Json[] {
  const step = countIn(facets, 'multipleOf')?.value ?? 1
  const [low, high] = [boundIn(facets, 'minimum'), boundIn(facets, 'maximum')]
  const values: number[] = []
  if (low !== null) values.push(...(low.exclusive ? [] : [low.value]), low.value + step)
  if (high !== null) values.push(...(high.exclusive ? [] : [high.value]), high.value - step)
  return values
}

const LONGEST_TEXT = 2000

function textsAt(facets: readonly Resolved[]): readonly Json[] {
  const [least, most] = [countIn(facets, 'minLength')?.value, countIn(facets, 'maxLength')?.value]
  const formats = keywordsIn(facets, 'format').flatMap(({ value }) => rightTexts(String(value)))
  const patterns = keywordsIn(facets, 'pattern').map(({ value }) => String(value))
  const lengths = [least, most].filter(
    (length): length is number => length !== undefined && length <= LONGEST_TEXT,
  )
  const written = patterns.flatMap((pattern) =>
    [0, ...lengths].flatMap((length) => textOf(pattern, length) ?? []),
  )
  return [...formats, ...written, ...lengths.map((length) => 'x'.repeat(length))]
}

function listsAt(judge: Judge, facets: readonly Resolved[]): readonly Json[] {
  const owner = facets.find(({ value }) => isObject(memberOf(value, 'items')))
  const items = owner === undefined ? [] : edgesOf(judge, `${owner.pointer}/items`)
  const [least, most] = [countIn(facets, 'minItems')?.value, countIn(facets, 'maxItems')?.value]
  const lengths = [least, most].filter((length): length is number => length !== undefined && length <= 100)
  return [
    ...items.map((item) => [item]),
    ...[...lengths, 1].flatMap((length) => {
      const list = listOf(judge, facets, length, 'minimal')
      return list === undefined ? [] : [list]
    }),
  ]
}

/** Words of names whose values only a server can give. */
const GIVEN = /cursor|token|after|before|continu|marker|offset_?id|(?:^|_)ids?$|Ids?$/

/** Is a parameter's value bound to what was seen before, or written in a language of its own? */
export function isBound(judge: Judge, { id }: Operation, { name }: Parameter): boolean {
  const contract = contractOf(judge.subject, id)
  const rows: Partial<RowsContract> = contract?.rows ?? {}
  const list = contract?.list
  const own = [
    rows.after,
    rows.before,
    rows.token,
    rows.filter?.parameter,
    rows.select?.parameter,
    list?.token,
  ]
  return own.includes(name) || GIVEN.test(name)
}
