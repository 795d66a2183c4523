/**
 * Parameters by their values: those that the document makes special (its default, bounds, enumeration), any
 * other, and any that it forbids.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import type { Operation } from '../../openapi/operation.ts'
import type { Parameter } from '../../openapi/parameter.ts'
import { coerce } from '../../openapi/parameter.ts'
import type { Validator } from '../../openapi/validator.ts'
import { parseBody } from '../exchange.ts'
import { keywordAt } from '../schema-place.ts'
import type { View } from '../view.ts'
import { labelOf } from './node.ts'

/** A parameter or a request body, and what was seen of it. */
export interface Slot {
  /** `query limit`, or `body`. */
  readonly name: string
  readonly pointer: string
  readonly allowed: readonly string[]
  readonly seen: Set<string>
  /** What an exchange shows of it. */
  readonly read: (view: View) => readonly string[]
}

const VALUE_LIMIT = 50
const BOUNDS = ['minimum', 'maximum'] as const
/** Keywords by which a text can be wrong. */
const LIMITS = ['enum', 'const', 'format', 'pattern', 'minLength', 'maxLength', ...BOUNDS] as const
/** Answers that say nothing about the parameters. */
const LOOKED_ELSEWHERE: ReadonlySet<number> = new Set([0, 401, 403, 429])

/** The parameters of an operation, and its body. */
export function slotsOf(json: JsonObject, validator: Validator, operation: Operation): readonly Slot[] {
  const slots = operation.parameters.map((parameter) => slotOf(json, validator, parameter))
  const body = bodySlot(validator, operation)
  return body === null ? slots : [...slots, body]
}

/** Notes what an exchange shows of slots. */
export function noteSlots(slots: readonly Slot[], view: View): void {
  if (LOOKED_ELSEWHERE.has(view.exchange.response.status)) return
  for (const { allowed, seen, read } of slots) {
    for (const way of read(view)) if (allowed.includes(way)) seen.add(way)
  }
}

function slotOf(json: JsonObject, validator: Validator, parameter: Parameter): Slot {
  const { name, in: place, pointer, schema, required } = parameter
  const keyword = (word: string): Json | undefined =>
    schema === null ? undefined : keywordAt(json, schema, word)?.value
  const values = specialValues(parameter, keyword)
  const omitted = parameter.default === undefined ? 'omitted' : 'default'
  const isRefusable =
    LIMITS.some((word) => keyword(word) !== undefined) ||
    (parameter.types.size > 0 && !parameter.types.has('string') && !parameter.types.has('array'))
  const known = new Map<string, readonly string[]>()
  const classify = (text: string): readonly string[] => {
    const found = known.get(text) ?? waysOf(validator, parameter, values, text)
    if (known.size < 1_000) known.set(text, found)
    return found
  }
  return {
    name: `${place} ${name}`,
    pointer,
    allowed: [
      ...(required ? [] : [omitted]),
      ...new Set([...values.map(([, label]) => label), 'given']),
      ...(isRefusable ? ['invalid'] : []),
    ],
    seen: new Set(),
    read: (view) => {
      const text = textIn(view, parameter)
      return text === undefined ? [omitted] : classify(text)
    },
  }
}

type Special = readonly [value: Json, label: string]

function specialValues(
  parameter: Parameter,
  keyword: (word: string) => Json | undefined,
): readonly Special[] {
  const listed = keyword('enum')
  const isFlag = parameter.types.size === 1 && parameter.types.has('boolean')
  const all: readonly Json[] = Array.isArray(listed)
    ? (listed as readonly Json[])
    : isFlag
      ? [true, false]
      : []
  const bounds = BOUNDS.flatMap((word): readonly Special[] => {
    const bound = keyword(word)
    return typeof bound === 'number' ? [[bound, word]] : []
  })
  const values = all.filter(isScalar).slice(0, VALUE_LIMIT)
  return [...values.map((value): Special => [value, labelOf(value)]), ...bounds]
}

function textIn({ exchange, path, query }: View, { name, in: place }: Parameter): string | undefined {
  if (place === 'query') return query.get(name)?.at(-1)
  if (place === 'path') return path[name]
  return place === 'header' ? exchange.request.headers[name.toLowerCase()] : undefined
}

function waysOf(
  validator: Validator,
  { schema, types, itemTypes, default: usual }: Parameter,
  values: readonly Special[],
  text: string,
): readonly string[] {
  const isList = types.has('array')
  const items = isList ? text.split(',').map((item) => coerce(item, itemTypes)) : [coerce(text, types)]
  const value: Json = isList ? items : (items[0] ?? null)
  if (schema !== null && validator.check(schema, value, 1).length > 0) return ['invalid']
  const texts = new Set(items.map(canonicalText))
  const special = values.filter(([each]) => texts.has(canonicalText(each))).map(([, label]) => label)
  const isUsual = usual !== undefined && canonicalText(usual) === canonicalText(value)
  return ['given', ...special, ...(isUsual ? ['default'] : [])]
}

function bodySlot(validator: Validator, { body, pointer }: Operation): Slot | null {
  const schema = body?.content.find(({ type }) => /json/i.test(type))?.schema ?? null
  if (body === null || schema === null) return null
  return {
    name: 'body',
    pointer: `${pointer}/requestBody`,
    allowed: [...(body.required ? [] : ['omitted']), 'given', 'invalid'],
    seen: new Set(),
    read: ({ exchange }) => {
      const { body: text } = exchange.request
      if (text === null) return ['omitted']
      const value = parseBody(text)
      return value === undefined || validator.check(schema, value, 1).length > 0 ? ['invalid'] : ['given']
    },
  }
}
