/**
 * The parts of a body that schemas speak of: one JSON value, the items of a sequence or stream, a plain text.
 * What no schema of JSON can be asked about is named instead, so that nothing passes in silence.
 *
 * @module
 */
import type { Json, JsonObject, JsonType } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { pointerTo } from '../model/pointer.ts'
import type { StreamEvent } from '../openapi/event-stream.ts'
import { parseEventStream } from '../openapi/event-stream.ts'
import type { SequenceText } from '../openapi/json-sequence.ts'
import { splitLines, splitRecords } from '../openapi/json-sequence.ts'
import type { MediaKind } from '../openapi/media-type.ts'
import { essenceOf, mediaKindOf } from '../openapi/media-type.ts'
import type { MediaType } from '../openapi/operation.ts'
import { coerce } from '../openapi/parameter.ts'
import { typesAt } from '../openapi/schema-type.ts'
import type { ReceivedResponse } from './exchange.ts'
import type { JsonText } from './json-text.ts'
import { readJsonText } from './json-text.ts'
import { memberNames, schemaPlace } from './schema-place.ts'

/** A JSON text inside a body. */
export interface TextPart {
  /** Pointer to its value: empty for the whole body, a position for an item. */
  readonly at: string
  readonly json: JsonText
  /** How many UTF-16 units of the body stand before it; null where it was put together from several lines. */
  readonly start: number | null
  /** Pointer to the schema of its value; null where none is documented. */
  readonly schema: string | null
}

/** A value and the schema it must keep. */
export interface ValuePart {
  readonly at: string
  readonly value: Json
  readonly schema: string
  /** The text it was read from; null where it is not JSON or made of several. */
  readonly json: JsonText | null
}

/** What of a body can be judged. */
export interface BodyParts {
  readonly texts: readonly TextPart[]
  readonly values: readonly ValuePart[]
  /** Why no value is judged, where none is. */
  readonly unread: string | null
}

/** A body, and whether it is only the beginning of one. */
type Body = Pick<ReceivedResponse, 'body' | 'isCut'>

/** Takes a body apart by its media type and the documented entry of it. */
export function partsOf(document: JsonObject, media: MediaType, type: string, received: Body): BodyParts {
  const { body } = received
  const kind = mediaKindOf(type)
  const name = essenceOf(type)
  const nothing = { texts: [], values: [] }
  if (kind === 'json')
    return body === '' ? { ...nothing, unread: 'the body is empty' } : jsonPart(media, body)
  if (kind === 'text' || kind === 'other') return textPart(document, media, kind, name, body)
  return sequenceParts(document, media, itemsOf(document, media, kind, body), name, received)
}

function jsonPart({ type, schema }: MediaType, body: string): BodyParts {
  const json = readJsonText(body)
  const texts = [{ at: '', json, start: 0, schema }]
  if (json.value === undefined) return { texts, values: [], unread: 'the body is no JSON' }
  if (schema === null) return { texts, values: [], unread: `no schema is documented for ${type}` }
  return { texts, values: [{ at: '', value: json.value, schema, json }], unread: null }
}

/** A text is judged as the string it is, or as the scalar that its schema asks for. */
function textPart(
  document: JsonObject,
  { type, schema }: MediaType,
  kind: MediaKind,
  name: string,
  body: string,
): BodyParts {
  const unread = (why: string): BodyParts => ({ texts: [], values: [], unread: why })
  if (schema === null) return unread(`no schema is documented for ${type}`)
  if (kind === 'other') return unread(`${name} is no text that a schema can be asked about`)
  const types = typesAt(document, schema)
  if (![...types].some((each) => SCALARS.has(each)))
    return unread(`${name} is not read as ${[...types].join(' or ')}`)
  const value = coerce(body, types)
  return { texts: [], values: [{ at: '', value, schema, json: null }], unread: null }
}

const SCALARS: ReadonlySet<JsonType> = new Set(['string', 'number', 'integer', 'boolean', 'null'])

/** An item of a sequence: a JSON text, or an event that is a value already. */
interface Item {
  readonly value: Json | undefined
  readonly json: JsonText | null
  readonly start: number | null
}

function itemsOf(document: JsonObject, media: MediaType, kind: MediaKind, body: string): readonly Item[] {
  if (kind === 'event-stream') {
    const shape = eventShape(document, media)
    return parseEventStream(body).map((event) => eventItem(event, shape))
  }
  const split = kind === 'json-seq' ? splitRecords : splitLines
  return split(body).map(textItem)
}

function textItem({ text, start }: SequenceText): Item {
  const json = readJsonText(text)
  return { value: json.value, json, start }
}

/** Is an event judged as an object of its fields, with its data as text or as JSON, or by its data alone? */
type EventShape = 'event' | 'event with JSON' | 'data' | 'text'

const EVENT_FIELDS = new Set(['data', 'event', 'id', 'retry'])

function eventShape(document: JsonObject, { itemSchema, schema }: MediaType): EventShape {
  const place = itemSchema ?? (schema === null ? null : itemPlace(document, schema))
  if (place === null) return 'text'
  const types = typesAt(document, place)
  const names = memberNames(document, place)
  if (types.has('object') && names.includes('data') && names.every((name) => EVENT_FIELDS.has(name))) {
    const data = typesAt(document, schemaPlace(document, place, '/data'))
    return data.has('string') ? 'event' : 'event with JSON'
  }
  return types.has('string') && types.size === 1 ? 'text' : 'data'
}

function itemPlace(document: JsonObject, schema: string): string {
  return typesAt(document, schema).has('array') ? schemaPlace(document, schema, '/0') : schema
}

function eventItem({ data, start, lines, event, id, retry }: StreamEvent, shape: EventShape): Item {
  if (shape === 'text') return { value: data, json: null, start }
  const fields = {
    ...(event === undefined ? {} : { event }),
    ...(id === undefined ? {} : { id }),
    ...(retry === undefined ? {} : { retry }),
  }
  if (shape === 'event') return { value: { data, ...fields }, json: null, start }
  const json = readJsonText(data)
  const place = lines === 1 ? start : null
  if (shape === 'data' || json.value === undefined) return { value: json.value, json, start: place }
  const isWrapped = isObject(json.value) && Object.hasOwn(json.value, 'data')
  return { value: isWrapped ? json.value : { data: json.value, ...fields }, json, start: place }
}

/**
 * Each item by `itemSchema`; by `schema` the list of them, the whole text, or each, as its type has it. The
 * beginning of a stream is no whole.
 */
function sequenceParts(
  document: JsonObject,
  { type, schema, itemSchema }: MediaType,
  items: readonly Item[],
  name: string,
  { body, isCut = false }: Body,
): BodyParts {
  const types = schema === null ? new Set<JsonType>() : typesAt(document, schema)
  const isText = types.has('string') && !types.has('array') && !types.has('object')
  const each = itemSchema ?? (types.has('array') || isText ? null : schema)
  const place = each ?? (schema === null || isText ? null : schemaPlace(document, schema, '/0'))
  const read = isText && itemSchema === null ? [] : items
  const texts = read.flatMap(({ json, start }, position) =>
    json === null ? [] : [{ at: pointerTo('', position), json, start, schema: place }],
  )
  const values: ValuePart[] = []
  if (each !== null) {
    items.forEach(({ value, json }, position) => {
      if (value !== undefined) values.push({ at: pointerTo('', position), value, schema: each, json })
    })
  }
  if (schema !== null && isText && !isCut) values.push({ at: '', value: body, schema, json: null })
  const whole = items.flatMap(({ value }) => (value === undefined ? [] : [value]))
  if (schema !== null && types.has('array') && whole.length === items.length && !isCut) {
    values.push({ at: '', value: whole, schema, json: null })
  }
  if (schema === null && itemSchema === null)
    return { texts, values, unread: `no schema is documented for ${type}` }
  return { texts, values, unread: values.length === 0 ? `${name} has no whole item` : null }
}
