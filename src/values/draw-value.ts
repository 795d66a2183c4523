/**
 * A value for a schema, drawn from a key: the same key gives the same value, whatever else is drawn.
 * Values satisfy their schema in all but contrived cases; whoever sends one has it checked first.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { canonicalText, listAt, memberOf } from '../model/json.ts'
import type { Key } from '../random/key.ts'
import { drawInteger, subkey } from '../random/key.ts'
import { drawReal, drawWhole } from './draw-number.ts'
import { drawText } from './draw-text.ts'
import type { Shape, ShapeSource } from './shape.ts'
import { itemSchemas, keywordsOf, memberSchemas, namesOf, requiredOf, shapeOf } from './shape.ts'

/** What values are drawn from. */
export interface ValueSource extends ShapeSource {
  /** The vocabulary of texts. */
  readonly words: readonly string[]
  /** Instants are drawn around this one, milliseconds since the epoch. */
  readonly epochMs: number
}

/** Below this, members and items that may be left out are. */
const OPTIONAL_DEPTH = 8
/** A schema that requires itself has no value. */
const REQUIRED_DEPTH = 32

/** Where a value stands. */
interface Place {
  readonly source: ValueSource
  readonly depth: number
  /** Heads of the values around it. */
  readonly within: ReadonlySet<string>
}

/** Draws a value for the schema at a pointer. */
export function drawValue(source: ValueSource, pointer: string, key: Key): Json {
  const within = new Set<string>()
  return draw({ source, depth: 0, within }, shapeOf(source, [pointer], within), key)
}

function draw(place: Place, shape: Shape, key: Key): Json {
  const { values } = shape
  if (values !== null) return values[drawInteger(key, 0, 1, 0, values.length - 1)] ?? null
  if (place.depth >= REQUIRED_DEPTH) return null
  switch (typeFor(shape)) {
    case 'object':
      return drawObject(place, shape, key)
    case 'array':
      return drawArray(place, shape, key)
    case 'string':
      return drawText(shape, place.source, key)
    case 'integer':
      return drawWhole(shape, key)
    case 'number':
      return drawReal(shape, key)
    case 'boolean':
      return drawInteger(key, 0, 2, 0, 1) === 1
    default:
      return null
  }
}

/**
 * Of the types it may have the one that its keywords speak of, and null only where nothing else is left.
 * Where any number will do, integers are among the types too.
 */
function typeFor(shape: Shape): string {
  const types = [...shape.types].filter((type) => type !== 'null')
  const only = types.length === 1 ? types[0] : undefined
  if (shape.types.has('object') && (only === 'object' || namesOf(shape).length > 0)) return 'object'
  if (shape.types.has('array') && (only === 'array' || itemSchemas(shape, 0).length > 0)) return 'array'
  const usual = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const
  return usual.find((type) => shape.types.has(type)) ?? 'null'
}

function insideOf({ source, depth, within }: Place, shape: Shape): Place {
  return { source, depth: depth + 1, within: new Set([...within, ...shape.heads]) }
}

/** What may be left out is, where it would begin again what stands around it. */
function isSpared(inner: Place, shape: Shape): boolean {
  return inner.depth > OPTIONAL_DEPTH || [...shape.schemas.keys()].some((at) => inner.within.has(at))
}

function drawObject(place: Place, shape: Shape, key: Key): JsonObject {
  const inner = insideOf(place, shape)
  const required = requiredOf(shape)
  const members: [string, Json][] = []

  function add(name: string, needed: boolean): void {
    const schemas = memberSchemas(shape, name)
    if (schemas === null && !needed) return
    const member = shapeOf(place.source, schemas ?? [], inner.within)
    if (!needed && isSpared(inner, member)) return
    members.push([name, schemas?.length === 0 ? 'value' : draw(inner, member, subkey(key, name))])
  }

  for (const name of namesOf(shape)) add(name, required.has(name))
  const least = Math.max(0, ...keywordsOf(shape, 'minProperties', 'number'))
  for (let turn = 1; members.length < least && turn <= least * 2; turn += 1) {
    const name = `member${turn}`
    if (!members.some(([known]) => known === name) && memberSchemas(shape, name) !== null) add(name, true)
  }
  return Object.fromEntries(withoutSurplus(members, required, shape))
}

function withoutSurplus(
  members: readonly [string, Json][],
  required: ReadonlySet<string>,
  shape: Shape,
): readonly [string, Json][] {
  const most = Math.min(...keywordsOf(shape, 'maxProperties', 'number'), Number.POSITIVE_INFINITY)
  let surplus = members.length - most
  if (surplus <= 0) return members
  const kept = [...members].reverse().filter(([name]) => {
    if (surplus <= 0 || required.has(name)) return true
    surplus -= 1
    return false
  })
  return kept.reverse()
}

/** Items beyond the least number, where nothing forbids them. */
const USUAL_ITEMS = 3
const UNIQUE_TURNS = 32

function drawArray(place: Place, shape: Shape, key: Key): Json {
  const inner = insideOf(place, shape)
  const schemas = [...shape.schemas.values()]
  const leading = Math.max(0, ...schemas.map((schema) => listAt(schema, 'prefixItems').length))
  const closed = schemas.some((schema) => memberOf(schema, 'items') === false)
  const least = Math.max(0, ...keywordsOf(shape, 'minItems', 'number'))
  const most = Math.min(
    ...keywordsOf(shape, 'maxItems', 'number'),
    closed ? leading : Number.POSITIVE_INFINITY,
  )
  const item = (position: number): Shape => shapeOf(place.source, itemSchemas(shape, position), inner.within)
  const spared = itemSchemas(shape, leading).length === 0 || isSpared(inner, item(leading))
  const usual = Math.max(least, leading, spared ? 0 : 1)
  const count = spared ? usual : drawInteger(key, 0, 3, usual, usual + USUAL_ITEMS - 1)
  const unique = schemas.some((schema) => memberOf(schema, 'uniqueItems') === true)
  const seen = new Set<string>()
  const items: Json[] = []
  for (let turn = 0; items.length < Math.min(count, most) && turn < count + UNIQUE_TURNS; turn += 1) {
    const position = items.length
    const drawn = itemSchemas(shape, position).length === 0 ? position : null
    const value = drawn ?? draw(inner, item(position), subkey(key, unique ? turn : position))
    const text = unique ? canonicalText(value) : ''
    if (unique && seen.has(text)) continue
    seen.add(text)
    items.push(value)
  }
  return items
}
