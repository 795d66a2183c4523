/**
 * Mutants of bodies: at the first place whose schema forbids it, a value becomes another kind of value, a
 * member goes away or comes in, a word is none of those that are listed. What the schema forbids is read
 * off the document here, without a validator, so that the validator is what is put to the test.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, listAt, memberOf } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { keywordAt, schemaAt, schemaPlace } from '../schema-place.ts'
import type { View } from '../view.ts'
import type { Mutant, Spoilt } from './mutant.ts'
import { changeAt, isAnswered, mutant } from './mutant.ts'

/** One place of a body and the schema that describes it. */
interface Spot {
  readonly at: string
  readonly value: Json
  readonly schema: string
  readonly document: JsonObject
}

/** A way to spoil a value; undefined where the schema does not forbid it, null is the value null. */
interface Way {
  readonly name: string
  readonly spoil: (spot: Spot) => Json | undefined
}

const MOST_SPOTS = 400

const WAYS: readonly Way[] = [
  {
    name: 'a number comes as a text',
    spoil: ({ value, ...spot }) =>
      typeof value === 'number' && forbids(spot, 'string') ? String(value) : undefined,
  },
  {
    name: 'a text comes as a number',
    spoil: ({ value, ...spot }) => (typeof value === 'string' && forbids(spot, 'integer') ? 7 : undefined),
  },
  {
    name: 'a flag comes as a text',
    spoil: ({ value, ...spot }) =>
      typeof value === 'boolean' && forbids(spot, 'string') ? String(value) : undefined,
  },
  {
    name: 'a list comes as an object',
    spoil: ({ value, ...spot }) => (Array.isArray(value) && forbids(spot, 'object') ? {} : undefined),
  },
  {
    name: 'a value that is always there is null',
    spoil: ({ value, ...spot }) => (value !== null && forbids(spot, 'null') ? null : undefined),
  },
  {
    name: 'a required member is left out',
    spoil: ({ value, schema, document }) => {
      if (!isObject(value)) return undefined
      const required = listAt(schemaAt(document, schema).value, 'required')
      const name = required.find((each) => typeof each === 'string' && Object.hasOwn(value, each))
      return typeof name === 'string' ? without(value, name) : undefined
    },
  },
  {
    name: 'a closed object has a member too many',
    spoil: ({ value, schema, document }) =>
      isObject(value) && memberOf(schemaAt(document, schema).value, 'additionalProperties') === false
        ? { ...value, 'standin-unknown': 1 }
        : undefined,
  },
  {
    name: 'a word is none of those that are listed',
    spoil: ({ value, schema, document }) =>
      typeof value === 'string' && keywordAt(document, schema, 'enum') !== null
        ? 'standin-unknown'
        : undefined,
  },
  {
    name: 'a time has a space in its middle',
    spoil: ({ value, schema, document }) =>
      typeof value === 'string' && keywordAt(document, schema, 'format')?.value === 'date-time'
        ? value.replace('T', ' ')
        : undefined,
  },
  {
    name: 'a number lies below its minimum',
    spoil: ({ value, schema, document }) => {
      const minimum = keywordAt(document, schema, 'minimum')?.value
      return typeof value === 'number' && typeof minimum === 'number' ? minimum - 1 : undefined
    },
  },
  {
    name: 'a number lies above its maximum',
    spoil: ({ value, schema, document }) => {
      const maximum = keywordAt(document, schema, 'maximum')?.value
      return typeof value === 'number' && typeof maximum === 'number' ? maximum + 1 : undefined
    },
  },
  {
    name: 'an id is no UUID',
    spoil: ({ value, schema, document }) =>
      typeof value === 'string' && keywordAt(document, schema, 'format')?.value === 'uuid'
        ? `urn:uuid:${value}`
        : undefined,
  },
]

/** The mutants of an API's bodies, of successes and of refusals. */
export function bodyMutants(): readonly Mutant[] {
  const successes = WAYS.map(({ name, spoil }) =>
    mutant('response_schema_conformance', name, (view) => (isAnswered(view) ? spoilBody(view, spoil) : null)),
  )
  const refusals = WAYS.slice(0, 6).map(({ name, spoil }) =>
    mutant('response_schema_conformance', `in a refusal ${name}`, (view) =>
      view.exchange.response.status >= 400 ? spoilBody(view, spoil) : null,
    ),
  )
  return [...successes, ...refusals]
}

function spoilBody(view: View, spoil: Way['spoil']): Spoilt | null {
  const { body, media } = view
  if (body === undefined || media?.schema == null || isUnion(view, media.schema)) return null
  for (const spot of spotsOf(body, media.schema, view.judge.subject.document.json)) {
    const value = spoil(spot)
    if (value !== undefined) return { body: changeAt(body, spot.at, () => value) }
  }
  return null
}

/** Where several shapes are allowed another branch may allow what one forbids. */
function isUnion({ judge }: View, schema: string): boolean {
  const { value } = schemaAt(judge.subject.document.json, schema)
  return ['anyOf', 'oneOf'].some((keyword) => memberOf(value, keyword) !== undefined)
}

/** The places of a body that one plain schema describes, the outermost first. */
function spotsOf(body: Json, schema: string, document: JsonObject): readonly Spot[] {
  const spots: Spot[] = []
  const queue = ['']
  for (let next = queue.shift(); next !== undefined && spots.length < MOST_SPOTS; next = queue.shift()) {
    const value = readPointer(body, next)
    const place = schemaPlace(document, schema, next)
    if (value === undefined) continue
    const { value: own } = schemaAt(document, place)
    if (['anyOf', 'oneOf', 'not', 'if'].some((keyword) => memberOf(own, keyword) !== undefined)) continue
    const parent = next.slice(0, next.lastIndexOf('/'))
    if (next === '' || place !== schemaPlace(document, schema, parent)) {
      spots.push({ at: next, value, schema: place, document })
    }
    const members = Array.isArray(value) || isObject(value) ? Object.keys(value) : []
    queue.push(...members.slice(0, 40).map((name) => pointerTo(next ?? '', name)))
  }
  return spots
}

/** Does the schema list types, and not this one? */
function forbids({ schema, document }: Pick<Spot, 'schema' | 'document'>, type: string): boolean {
  const { value } = schemaAt(document, schema)
  const listed = memberOf(value, 'type')
  const types = Array.isArray(listed) ? (listed as readonly Json[]) : listed === undefined ? [] : [listed]
  if (types.length === 0 || memberOf(value, 'nullable') === true) return false
  return !types.includes(type) && !(type === 'integer' && types.includes('number'))
}

function without(value: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name))
}
