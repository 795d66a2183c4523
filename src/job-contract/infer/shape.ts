/**
 * What the schema of an answer shows: its members, through references, allOf and the branches that are not
 * null, each with its place in the answer and in the document.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../../model/json.ts'
import { isObject, listAt, memberOf, objectAt, textAt } from '../../model/json.ts'
import { pointerTo, readPointer } from '../../model/pointer.ts'
import { isJsonType } from '../../openapi/media-type.ts'
import type { Operation } from '../../openapi/operation.ts'
import { resolve } from '../../openapi/reference.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import type { Meaning } from './words.ts'
import { NAMES, snake } from './words.ts'

/** A member of an answer. */
export interface Member {
  readonly name: string
  /** Pointer into the answer. */
  readonly at: string
  /** Pointer to its schema. */
  readonly pointer: string
  readonly types: ReadonlySet<JsonType>
  /** Pointers to what other branches of the answer have by its name. */
  readonly others?: readonly string[]
}

const DEPTH_LIMIT = 8

/** The members that a schema's object has, in its order. */
export function membersAt(json: JsonObject, pointer: string, at = '', depth = 0): readonly Member[] {
  if (depth > DEPTH_LIMIT || !isObject(readPointer(json, pointer))) return []
  const { pointer: own, value } = resolve(json, pointer)
  const found = new Map<string, Member>()
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const position of listAt(value, keyword).keys()) {
      for (const member of membersAt(json, pointerTo(own, keyword, position), at, depth + 1)) {
        found.set(member.name, beside(found.get(member.name), member, keyword))
      }
    }
  }
  for (const name of Object.keys(objectAt(value, 'properties'))) {
    const place = pointerTo(own, 'properties', name)
    found.set(name, { name, at: pointerTo(at, name), pointer: place, types: typesOf(json, place) })
  }
  return [...found.values()]
}

/** The member of a branch; where another has it already, that one, told of this one. */
function beside(known: Member | undefined, member: Member, keyword: string): Member {
  if (known === undefined) return member
  if (keyword === 'allOf') return known
  return { ...known, others: [...(known.others ?? []), member.pointer, ...(member.others ?? [])] }
}

function typesOf(json: JsonObject, pointer: string): ReadonlySet<JsonType> {
  const types = typesAt(json, pointer)
  return types.size === 7 ? new Set() : types
}

/** The schema of the items of a list, where there is one. */
export function itemsOf(json: JsonObject, pointer: string, depth = 0): string | null {
  if (depth > DEPTH_LIMIT || !isObject(readPointer(json, pointer))) return null
  const { pointer: own, value } = resolve(json, pointer)
  if (isObject(memberOf(value, 'items'))) return pointerTo(own, 'items')
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const) {
    for (const position of listAt(value, keyword).keys()) {
      const found = itemsOf(json, pointerTo(own, keyword, position), depth + 1)
      if (found !== null) return found
    }
  }
  return null
}

/** The texts that a schema allows; empty where it allows any. */
export function wordsAt(json: JsonObject, pointer: string, depth = 0): readonly string[] {
  if (depth > DEPTH_LIMIT || !isObject(readPointer(json, pointer))) return []
  const { pointer: own, value } = resolve(json, pointer)
  const constant = memberOf(value, 'const')
  const words = [...listAt(value, 'enum'), ...(constant === undefined ? [] : [constant])]
  if (words.length > 0) return words.filter((word): word is string => typeof word === 'string')
  const parts = (['anyOf', 'oneOf', 'allOf'] as const).flatMap((keyword) =>
    listAt(value, keyword).flatMap((_, position) =>
      wordsAt(json, pointerTo(own, keyword, position), depth + 1),
    ),
  )
  return [...new Set(parts)]
}

/** A keyword of a schema, references and allOf followed. */
export function keywordOf(json: JsonObject, pointer: string, keyword: string, depth = 0): Json | undefined {
  if (depth > DEPTH_LIMIT || !isObject(readPointer(json, pointer))) return undefined
  const { pointer: own, value } = resolve(json, pointer)
  const found = memberOf(value, keyword)
  if (found !== undefined) return found
  const parts = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((word) =>
    listAt(value, word).map((_, position) => pointerTo(own, word, position)),
  )
  for (const part of parts) {
    const inner = keywordOf(json, part, keyword, depth + 1)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** The schema of the successful answer that tells most: of 202 and 201 before 200. */
export function answerSchema({ responses }: Operation, json: JsonObject): string | null {
  for (const status of ['202', '201', '200', '2XX', 'default']) {
    const media = responses
      .get(status)
      ?.content.find(({ type, schema }) => schema !== null && isJsonType(type))
    if (media?.schema != null && membersAt(json, media.schema).length > 0) return media.schema
  }
  return null
}

/** The member that means something, by the surest of its names. */
export function findMember(
  members: readonly Member[],
  meaning: Meaning,
  fits: (member: Member) => boolean = () => true,
): Member | null {
  for (const name of NAMES[meaning]) {
    const found = members.find((member) => snake(member.name) === name && fits(member))
    if (found !== undefined) return found
  }
  return null
}

/** Does a member admit one of these types? */
export function admits(...types: readonly JsonType[]): (member: Member) => boolean {
  return (member) => types.some((type) => member.types.has(type))
}

/** The name of the schema that a reference at a place leads to; empty where it leads to none. */
export function schemaName(json: JsonObject, pointer: string): string {
  const value = readPointer(json, pointer)
  return /\/([^/]+)$/.exec(textAt(value, '$ref'))?.[1] ?? ''
}
