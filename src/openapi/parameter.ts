/**
 * Parameters: how a document describes one, and how its value is read from the text of a request
 * (style, explode, coercion, repetition). Whether the value is right is for the validator to say.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../model/json.ts'
import { isObject, memberOf, objectAt, textAt } from '../model/json.ts'
import { pointerTo, readPointer } from '../model/pointer.ts'
import { resolve } from './reference.ts'
import { typesAt } from './schema-type.ts'

/** Where a parameter stands in a request. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie'

/** One documented parameter. */
export interface Parameter {
  readonly name: string
  readonly in: ParameterPlace
  readonly required: boolean
  readonly style: string
  readonly explode: boolean
  /** Pointer to its schema; null where nothing is said of its value. */
  readonly schema: string | null
  /** Set when the value is a serialised document of this media type. */
  readonly mediaType: string | null
  readonly default: Json | undefined
  readonly pointer: string
  /** The types its schema admits, and those of its items and members. */
  readonly types: ReadonlySet<JsonType>
  readonly itemTypes: ReadonlySet<JsonType>
  readonly memberTypes: ReadonlyMap<string, ReadonlySet<JsonType>>
}

const DEFAULT_STYLE: Readonly<Record<ParameterPlace, string>> = {
  path: 'simple',
  query: 'form',
  header: 'simple',
  cookie: 'form',
}

/** Reads the parameter at a place of a document, references followed. */
export function parameterAt(document: JsonObject, at: string): Parameter {
  const { pointer, value } = resolve(document, at)
  const place = textAt(value, 'in') as ParameterPlace
  const style = textAt(value, 'style', DEFAULT_STYLE[place])
  const [mediaType] = Object.keys(objectAt(value, 'content'))
  const owner = mediaType === undefined ? pointer : pointerTo(pointer, 'content', mediaType)
  const schema =
    memberOf(resolve(document, owner).value, 'schema') === undefined ? null : pointerTo(owner, 'schema')
  const explode = memberOf(value, 'explode')
  return {
    name: textAt(value, 'name'),
    in: place,
    required: value['required'] === true,
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form' || style === 'cookie',
    schema,
    mediaType: mediaType ?? null,
    pointer,
    ...shapeOf(document, schema),
  }
}

function shapeOf(
  document: JsonObject,
  pointer: string | null,
): Pick<Parameter, 'default' | 'types' | 'itemTypes' | 'memberTypes'> {
  if (pointer === null || typeof readPointer(document, pointer) === 'boolean') {
    return { default: undefined, types: new Set(), itemTypes: new Set(), memberTypes: new Map() }
  }
  const schema = resolve(document, pointer)
  return {
    default: memberOf(schema.value, 'default'),
    types: typesAt(document, pointer),
    itemTypes: isObject(memberOf(schema.value, 'items'))
      ? typesAt(document, pointerTo(schema.pointer, 'items'))
      : new Set(),
    memberTypes: memberTypesAt(document, pointer),
  }
}

/** The types that an object's schema admits for each of its members. */
export function memberTypesAt(
  document: JsonObject,
  pointer: string,
): ReadonlyMap<string, ReadonlySet<JsonType>> {
  if (typeof readPointer(document, pointer) === 'boolean') return new Map()
  const schema = resolve(document, pointer)
  const names = Object.keys(objectAt(schema.value, 'properties'))
  return new Map(
    names.map((name) => [name, typesAt(document, pointerTo(schema.pointer, 'properties', name))]),
  )
}

/**
 * Reads the value of a parameter from the raw query, path, header or cookie texts given under its name.
 * A scalar that is given more than once has its last value.
 *
 * @param texts - The decoded texts under the parameter's own name, in order.
 * @param all - Every name of the same place with its texts: `deepObject` and exploded objects look there.
 * @returns The coerced value; undefined when the parameter is absent. Text that does not coerce stays text,
 * so that the validator refuses it with the true reason.
 */
export function readParameter(
  parameter: Parameter,
  texts: readonly string[],
  all: ReadonlyMap<string, readonly string[]>,
): Json | undefined {
  if (parameter.mediaType !== null) return readSerialised(texts)
  if (parameter.types.has('object') && !parameter.types.has('string'))
    return readObject(parameter, texts, all)
  if (parameter.types.has('array') && !(parameter.types.has('string') && texts.length === 1)) {
    const items = readItems(parameter, texts)
    return items?.map((text) => coerce(text, parameter.itemTypes))
  }
  const last = texts.at(-1)
  return last === undefined ? undefined : coerce(strip(parameter, last), parameter.types)
}

function readSerialised(texts: readonly string[]): Json | undefined {
  const last = texts.at(-1)
  if (last === undefined) return undefined
  try {
    return JSON.parse(last) as Json
  } catch {
    return last
  }
}

const SEPARATOR: Readonly<Record<string, string>> = { spaceDelimited: ' ', pipeDelimited: '|' }

function readItems(parameter: Parameter, texts: readonly string[]): readonly string[] | undefined {
  if (texts.length === 0) return undefined
  const repeats = parameter.in === 'query' || parameter.in === 'cookie'
  if (repeats && parameter.explode && parameter.style === 'form') return texts
  const text = strip(parameter, texts.at(-1) ?? '')
  if (text === '') return []
  const separator =
    parameter.explode && parameter.style === 'label'
      ? '.'
      : parameter.explode && parameter.style === 'matrix'
        ? `;${parameter.name}=`
        : (SEPARATOR[parameter.style] ?? ',')
  return text.split(separator).map((item) => (parameter.in === 'header' ? item.trim() : item))
}

/** Takes off what the styles of path parameters put before a value. */
function strip(parameter: Parameter, text: string): string {
  if (parameter.style === 'label') return text.replace(/^\./, '')
  const prefix = `;${parameter.name}=`
  return parameter.style === 'matrix' && text.startsWith(prefix) ? text.slice(prefix.length) : text
}

function readObject(
  parameter: Parameter,
  texts: readonly string[],
  all: ReadonlyMap<string, readonly string[]>,
): Json | undefined {
  const members: [string, string][] = []
  // An object whose members have names of their own says nothing under the parameter's.
  const isSpread = parameter.style === 'deepObject' || (parameter.explode && parameter.style === 'form')
  if (parameter.style === 'deepObject') {
    for (const [name, values] of all) {
      const inner = /^(.*)\[([^\]]*)\]$/.exec(name)
      if (inner?.[1] === parameter.name) members.push([inner[2] ?? '', values.at(-1) ?? ''])
    }
  } else if (isSpread) {
    for (const name of parameter.memberTypes.keys()) {
      const value = all.get(name)?.at(-1)
      if (value !== undefined) members.push([name, value])
    }
  } else {
    members.push(...flatMembers(parameter, texts))
  }
  if (members.length === 0) return isSpread ? undefined : texts.at(-1)
  return Object.fromEntries(
    members.map(([name, text]) => [name, coerce(text, parameter.memberTypes.get(name) ?? new Set())]),
  )
}

function flatMembers(parameter: Parameter, texts: readonly string[]): readonly [string, string][] {
  const text = strip(parameter, texts.at(-1) ?? '')
  if (text === '') return []
  if (parameter.explode) {
    const separator = parameter.style === 'label' ? '.' : parameter.style === 'matrix' ? ';' : ','
    return text.split(separator).map((pair) => {
      const [name = '', ...rest] = pair.split('=')
      return [name, rest.join('=')]
    })
  }
  const parts = text.split(SEPARATOR[parameter.style] ?? ',')
  return parts.flatMap((name, position): [string, string][] =>
    position % 2 === 0 ? [[name, parts[position + 1] ?? '']] : [],
  )
}

const INTEGER = /^-?(?:0|[1-9]\d*)$/
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Turns text into the value that a schema of these types admits, or leaves it text. */
export function coerce(text: string, types: ReadonlySet<JsonType>): Json {
  if (types.has('string')) return text
  if (types.has('integer') && INTEGER.test(text)) return Number(text)
  if (types.has('number') && NUMBER.test(text)) return Number(text)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.has('null') && text === '') return null
  return text
}

/** Splits a raw query into names and their decoded texts; `+` is a blank, broken escapes stay as they are. */
export function parseQuery(query: string): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>()
  if (query === '') return texts
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
    const text = equals < 0 ? '' : decode(pair.slice(equals + 1))
    const known = texts.get(name)
    if (known === undefined) texts.set(name, [text])
    else known.push(text)
  }
  return texts
}

/** Decodes one component of a query. */
function decode(text: string): string {
  return decodeSegment(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

/** Decodes one segment of a path; what is no valid escape stays as it is. */
export function decodeSegment(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
