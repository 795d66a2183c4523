/**
 * Response headers of style `simple` read as values. What a text stands for often hangs on what the schema
 * admits, so every reading is given; whether one is right is for the validator to say.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../model/json.ts'
import { isObject, memberOf } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import type { Header } from './operation.ts'
import { coerce, memberTypesAt } from './parameter.ts'
import { resolve } from './reference.ts'
import { typesAt } from './schema-type.ts'

/** The types that a header's schema admits, and those of its items and members. */
export interface HeaderShape {
  readonly types: ReadonlySet<JsonType>
  readonly itemTypes: ReadonlySet<JsonType>
  readonly memberTypes: ReadonlyMap<string, ReadonlySet<JsonType>>
  readonly otherTypes: ReadonlySet<JsonType>
}

/** Reads the types of a header off its schema. */
export function headerShape(document: JsonObject, schema: string): HeaderShape {
  const types = typesAt(document, schema)
  const isNested = types.has('array') || types.has('object')
  if (!isNested || typeof readPointer(document, schema) === 'boolean') {
    return { types, itemTypes: new Set(), memberTypes: new Map(), otherTypes: new Set() }
  }
  const { pointer, value } = resolve(document, schema)
  const under = (name: string): ReadonlySet<JsonType> =>
    isObject(memberOf(value, name)) ? typesAt(document, pointerTo(pointer, name)) : ANY
  return {
    types,
    itemTypes: under('items'),
    memberTypes: memberTypesAt(document, schema),
    otherTypes: under('additionalProperties'),
  }
}

const ANY: ReadonlySet<JsonType> = new Set(['null', 'boolean', 'integer', 'number', 'string'])

/**
 * What the text of a header may stand for, the likeliest reading first.
 *
 * @param lines - The values of the header, one for each time it was sent where that can still be told.
 */
export function readHeader(
  { explode }: Header,
  shape: HeaderShape,
  lines: readonly string[],
): readonly Json[] {
  const text = trim(lines.join(', '))
  const parts = lines.length > 1 ? lines.map(trim) : text === '' ? [] : text.split(',').map(trim)
  const readings: Json[] = []
  if (shape.types.has('array')) {
    readings.push(...inBothWays((asText) => parts.map((part) => scalar(part, shape.itemTypes, asText))))
  }
  if (shape.types.has('object')) {
    const members = explode ? explodedMembers(parts) : pairedMembers(parts)
    if (members !== null) readings.push(...inBothWays((asText) => toObject(members, shape, asText)))
  }
  const scalars = new Set([...shape.types].filter((type) => type !== 'array' && type !== 'object'))
  if (scalars.size > 0 || readings.length === 0) {
    readings.push(...inBothWays((asText) => scalar(text, scalars, asText)))
  }
  return readings
}

/** Where a schema admits text and something else, a text may be meant as either. */
function inBothWays(read: (asText: boolean) => Json): readonly Json[] {
  return [read(false), read(true)]
}

function scalar(text: string, types: ReadonlySet<JsonType>, asText: boolean): Json {
  if (asText) return text
  return coerce(text, new Set([...types].filter((type) => type !== 'string')))
}

function explodedMembers(parts: readonly string[]): readonly (readonly [string, string])[] | null {
  const members = parts.map((part): [string, string] => {
    const equals = part.indexOf('=')
    return equals < 0 ? ['', part] : [trim(part.slice(0, equals)), trim(part.slice(equals + 1))]
  })
  return members.some(([name]) => name === '') ? null : members
}

function pairedMembers(parts: readonly string[]): readonly (readonly [string, string])[] | null {
  if (parts.length % 2 > 0) return null
  return parts.flatMap((name, position): [string, string][] =>
    position % 2 === 0 ? [[name, parts[position + 1] ?? '']] : [],
  )
}

function toObject(
  members: readonly (readonly [string, string])[],
  { memberTypes, otherTypes }: HeaderShape,
  asText: boolean,
): Json {
  return Object.fromEntries(
    members.map(([name, text]) => {
      const types = memberTypes.get(name) ?? otherTypes
      return [name, scalar(text, types, asText && types.has('string'))]
    }),
  )
}

/** Blanks around a value are no part of it. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charAt(start))) start += 1
  while (end > start && isBlank(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

function isBlank(sign: string): boolean {
  return sign === ' ' || sign === '\t'
}
