/**
 * Bodies that a document allows and bodies that it forbids: its own example, and the example with one thing
 * broken. Each is held to the schema before it is used.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, listAt, memberOf, objectAt } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { isJsonType } from '../../openapi/media-type.ts'
import type { MediaType, Operation } from '../../openapi/operation.ts'
import { typeOf, typesAt } from '../../openapi/schema-type.ts'
import { keywordAt, schemaAt } from '../schema-place.ts'
import type { Judge } from '../subject.ts'

/** A body and what it breaks. */
export interface BrokenBody {
  readonly text: string
  readonly fault: string
  readonly pointer: string
}

/** The documented JSON body of an operation with its first valid example; null where it has none. */
export function exampleBody(judge: Judge, operation: Operation): JsonObject | null {
  const media = jsonMedia(operation)
  if (media === undefined || media.schema === null) return null
  const { schema } = media
  const valid = [...media.examples.values()].find(
    (value) => judge.validator.check(schema, value, 1).length === 0,
  )
  return isObject(valid) ? valid : null
}

function jsonMedia(operation: Operation): MediaType | undefined {
  return operation.body?.content.find(({ type }) => isJsonType(type))
}

/** The schema of an operation's JSON body; null where it takes none. */
export function jsonBodySchema(operation: Operation): string | null {
  return jsonMedia(operation)?.schema ?? null
}

/** Bodies that break the schema in one place each. */
export function brokenBodies(judge: Judge, operation: Operation): readonly BrokenBody[] {
  const schema = jsonMedia(operation)?.schema ?? null
  const example = exampleBody(judge, operation)
  if (schema === null || example === null) return []
  const { json } = judge.subject.document
  const { pointer, value } = schemaAt(json, schema)
  const broken: { readonly body: Json; readonly fault: string; readonly pointer: string }[] = []
  listAt(value, 'required').forEach((name, position) => {
    const { [String(name)]: _, ...rest } = example
    const at = pointerTo(pointer, 'required', position)
    broken.push({ body: rest, fault: `the body lacks the required member ${String(name)}`, pointer: at })
  })
  for (const name of Object.keys(objectAt(value, 'properties'))) {
    const property = pointerTo(pointer, 'properties', name)
    for (const { value: wrong, fault, at } of wrongValues(json, property)) {
      broken.push({
        body: { ...example, [name]: wrong },
        fault: `the body's member ${name} is ${fault}`,
        pointer: at,
      })
    }
  }
  const proved = broken.filter(({ body }) => judge.validator.check(schema, body, 1).length > 0)
  return [
    { text: '{"standin":', fault: 'the body is no JSON', pointer: schema },
    ...proved.map(({ body, fault, pointer: at }) => ({ text: JSON.stringify(body), fault, pointer: at })),
  ]
}

interface WrongValue {
  readonly value: Json
  readonly fault: string
  readonly at: string
}

function wrongValues(json: JsonObject, property: string): readonly WrongValue[] {
  const types = typesAt(json, property)
  const wrong: WrongValue[] = []
  const stranger = ([[], 'standin', true] as readonly Json[]).find((value) => !types.has(typeOf(value)))
  const type = keywordAt(json, property, 'type')
  if (stranger !== undefined) {
    wrong.push({ value: stranger, fault: `of the type ${typeOf(stranger)}`, at: type?.pointer ?? property })
  }
  const add = (keyword: string, make: (limit: number) => Json, fault: string): void => {
    const found = keywordAt(json, property, keyword)
    if (typeof found?.value !== 'number') return
    wrong.push({ value: make(found.value), fault: `${fault} ${found.value}`, at: found.pointer })
  }
  add('minimum', (limit) => limit - 1, 'below')
  add('maximum', (limit) => limit + 1, 'above')
  add('minLength', (limit) => 'x'.repeat(Math.max(0, limit - 1)), 'shorter than')
  add('maxLength', (limit) => 'x'.repeat(Math.min(limit, 10_000) + 1), 'longer than')
  const words = keywordAt(json, property, 'enum')
  if (words !== null) wrong.push({ value: 'standin-unknown', fault: 'no documented word', at: words.pointer })
  return wrong
}

/** The id of the job that an answer made; null where there is none. */
export function idIn(body: Json | undefined, pointer: string | null): string | null {
  if (pointer === null || body === undefined) return null
  const id = pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((node, name) => memberOf(node, name), body)
  return typeof id === 'string' ? id : null
}
