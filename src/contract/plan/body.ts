/**
 * Bodies that a document allows and bodies that it forbids: its own example or a sample, and that with one
 * thing broken. Each is held to the schema before it is used.
 *
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { isObject, isScalar, memberOf } from '../../model/json.ts'
import { pointerTo } from '../../model/pointer.ts'
import { isJsonType } from '../../openapi/media-type.ts'
import type { MediaType, Operation } from '../../openapi/operation.ts'
import { cut } from '../display.ts'
import type { Judge } from '../subject.ts'
import type { Broken } from './broken.ts'
import { brokenValues, firstProved } from './broken.ts'
import { scalarReadings } from './reading.ts'
import { isValid, sampleOf } from './sample.ts'

/** A body and what it breaks. */
export interface BrokenBody {
  /** Null sends none. */
  readonly text: string | null
  readonly mediaType?: string
  readonly fault: string
  readonly pointer: string
  /** What a refusal should speak of. */
  readonly names: readonly string[]
}

/** The documented JSON body of an operation with its first valid example; null where it has none. */
function exampleBody(judge: Judge, operation: Operation): JsonObject | null {
  const media = jsonMedia(operation)
  if (media === undefined || media.schema === null) return null
  const { schema } = media
  const valid = [...media.examples.values()].find(
    (value) => judge.validator.check(schema, value, 1).length === 0,
  )
  return isObject(valid) ? valid : null
}

/** The documented JSON entry of an operation's body. */
export function jsonMedia(operation: Operation): MediaType | undefined {
  return operation.body?.content.find(({ type }) => isJsonType(type) && !type.includes('*'))
}

/** The schema of an operation's JSON body; null where it takes none. */
export function jsonBodySchema(operation: Operation): string | null {
  return jsonMedia(operation)?.schema ?? null
}

/** A JSON body that the document allows; undefined where none is found or none is documented. */
export function rightBody(judge: Judge, operation: Operation): Json | undefined {
  const schema = jsonMedia(operation)?.schema ?? null
  return schema === null ? undefined : (exampleBody(judge, operation) ?? sampleOf(judge, schema, 'minimal'))
}

/** What a request with the usual body is made of; empty where none can be given. */
export function usualBody(
  judge: Judge,
  operation: Operation,
): { readonly body?: string; readonly mediaType?: string } {
  if (!hasBody(operation)) return {}
  const right = rightBody(judge, operation)
  if (right === undefined) return operation.body === null ? {} : { body: '{}' }
  return { body: JSON.stringify(right), mediaType: jsonMedia(operation)?.type ?? 'application/json' }
}

/** Can a request carry a body? One of GET or HEAD cannot, whatever the document says. */
function hasBody({ method, body }: Operation): boolean {
  return body !== null && method !== 'GET' && method !== 'HEAD'
}

/** Bodies that break the document in one place each. */
export function brokenBodies(judge: Judge, operation: Operation): readonly BrokenBody[] {
  const { body } = operation
  if (!hasBody(operation) || body === null || body.content.length === 0) return []
  const pointer = pointerTo(operation.pointer, 'requestBody')
  const broken: BrokenBody[] = []
  if (body.required) {
    broken.push({ text: null, fault: 'the required body is missing', pointer, names: [] })
  }
  if (!body.content.some(({ type }) => /^(?:\*|text)\//.test(type))) {
    const fault = 'the body is of a media type that is not documented'
    broken.push({ text: 'standin', mediaType: 'text/x-standin', fault, pointer, names: [] })
  }
  const media = jsonMedia(operation)
  const right = rightBody(judge, operation)
  if (media === undefined || media.schema === null) return broken
  const { schema, type: mediaType } = media
  const whole = right === undefined ? '{"standin":0}' : JSON.stringify(right)
  const text = isScalar(right ?? {}) ? `[${whole}` : whole.slice(0, -1)
  broken.push({ text, mediaType, fault: 'the body is no JSON', pointer: schema, names: [] })
  if (right === undefined) return broken
  const proved = firstProved(brokenValues(judge, schema, right), (each) => isProved(judge, schema, each))
  return [...broken, ...proved.map((each) => ({ ...toBody(each), mediaType }))]
}

function toBody({ value, part, path, fault, pointer }: Broken): BrokenBody {
  const names = path.filter((step) => typeof step === 'string')
  const place = path.length === 0 ? 'the body' : `the body's member ${path.join('/')}`
  const what = part === undefined || path.length === 0 ? '' : `${JSON.stringify(part)}, `
  const sentence =
    fault === 'missing'
      ? `the body lacks the required member ${path.join('/')}`
      : `${place} is ${what}${fault}`
  return { text: JSON.stringify(value), fault: cut(sentence, 160), pointer, names }
}

/**
 * Is it wrong though numbers, flags and lists may be read from texts, and null as nothing? Whether `readOnly`
 * members are looked at is the server's to choose: it must be wrong either way.
 */
function isProved(judge: Judge, schema: string, { part, put }: Broken): boolean {
  return lenientReadings(part).every((reading) => {
    const value = put(reading)
    if (value === undefined) return true
    return !isValid(judge, schema, value) && judge.validator.check(schema, value, 1).length > 0
  })
}

function lenientReadings(part: Json | undefined): readonly (Json | undefined)[] {
  if (part === undefined) return [undefined]
  if (part === null) return [undefined, null]
  if (typeof part === 'string') return scalarReadings(part).flatMap((each) => [each, [each]])
  if (isScalar(part)) return [part, String(part), [part], ...(part === 1 || part === 0 ? [part === 1] : [])]
  return [part]
}

/** The id of the job that an answer made; null where there is none. */
export function idIn(body: Json | undefined, pointer: string | null): string | null {
  if (pointer === null || body === undefined) return null
  const id = pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((node, name) => memberOf(node, name), body)
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}
