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
import type { Admits } from './content-schema.ts'
import { dataSchemas } from './content-schema.ts'
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

/**
 * Takes a body apart by its media type and the documented entry of it.
 *
 * @param admits - Tells of which branch of a union an event is.
 */
export function partsOf(
  document: JsonObject,
  media: MediaType,
  type: string,
  received: Body,
  admits: Admits,
): BodyParts {
  const { body } = received
  const kind = mediaKindOf(type)
  const name = essenceOf(type)
  const nothing = { texts: [], values: [] }
  if (kind === 'json')
    return body === '' ? { ...nothing, unread: 'the body is empty' } : jsonPart(media, body)
  if (kind === 'text' || kind === 'other') return textPart(document, media, kind, name, body)
  const items = itemsOf(document, media, kind, body)
  const parts = sequenceParts(document, media, items, name, received)
  const inner = dataParts(document, media, items, admits)
  return { ...parts, texts: [...parts.texts, ...inner.texts], values: [...parts.values, ...inner.values] }
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
  /** Set where the value is an event whose data is a text: the event it was. */
  readonly event?: StreamEvent
}

/** What many streams end with, though all before it is JSON. */
const END_MARK = '[DONE]'

function itemsOf(document: JsonObject, media: MediaType, kind: MediaKind, body: string): readonly Item[] {
  if (kind === 'event-stream') {
    const shape = eventShape(document, media)
    const events = parseEventStream(body)
    const ends = (shape === 'data' || shape === 'event with JSON') && events.at(-1)?.data.trim() === END_MARK
    return (ends ? events.slice(0, -1) : events).map((event) => eventItem(event, shape))
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

function eventItem(whole: StreamEvent, shape: EventShape): Item {
  const { data, start, lines, event, id, retry } = whole
  if (shape === 'text') return { value: data, json: null, start }
  const fields = {
    ...(event === undefined ? {} : { event }),
    ...(id === undefined ? {} : { id }),
    ...(retry === undefined ? {} : { retry }),
  }
  if (shape === 'event') return { value: { data, ...fields }, json: null, start, event: whole }
  const json = readJsonText(data)
  const place = lines === 1 ? start : null
  if (shape === 'data' || json.value === undefined) return { value: json.value, json, start: place }
  const isWrapped = isObject(json.value) && Object.hasOwn(json.value, 'data')
  return { value: isWrapped ? json.value : { data: json.value, ...fields }, json, start: place }
}

/** What the data of events holds, where their schema says so of it. */
function dataParts(
  document: JsonObject,
  { schema, itemSchema }: MediaType,
  items: readonly Item[],
  admits: Admits,
): Pick<BodyParts, 'texts' | 'values'> {
  const texts: TextPart[] = []
  const values: ValuePart[] = []
  const place = itemSchema ?? (schema === null ? null : itemPlace(document, schema))
  for (const [position, { value, event }] of items.entries()) {
    if (place === null || event === undefined || value === undefined) continue
    if (position === items.length - 1 && event.data.trim() === END_MARK) continue
    const schemas = dataSchemas(document, place, value, admits)
    if (schemas.length === 0) continue
    const json = readJsonText(event.data)
    const at = pointerTo('', position, 'data')
    texts.push({ at, json, start: event.lines === 1 ? event.start : null, schema: schemas[0] ?? null })
    const read = json.value
    if (read !== undefined) values.push(...schemas.map((each) => ({ at, value: read, schema: each, json })))
  }
  return { texts, values }
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
