/**
 * Bodies without a vendor: drawn for the schema, with what the job contract places put in its place.
 *
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isObject } from '../model/json.ts'
import { withPointer } from '../model/pointer.ts'
import { isJsonType } from '../openapi/media-type.ts'
import type { ResponseSpec } from '../openapi/operation.ts'
import type { AnswerFacts } from '../vendor/vendor.ts'
import { answerFromDocument } from './answer-document.ts'
import type { OperationCall } from './operation-call.ts'

/** A value and the pointer to where it belongs; a pointer that is not known leaves it out. */
export type Placed = readonly [at: string | null | undefined, value: Json | undefined]

/** Puts values in their places, one after the other. */
export function place(body: Json, places: readonly Placed[]): Json {
  return places.reduce<Json>(
    (soFar, [at, value]) => (at == null || value === undefined ? soFar : withPointer(soFar, at, value)),
    body,
  )
}

/** A body that the document alone gives; equal keys give equal bodies. */
export function drawBody(call: OperationCall, key: string, spec: ResponseSpec, status: number): Json {
  const document = call.document()
  const preference = { ...document.preference, dynamic: true, example: null }
  const { body } = answerFromDocument({ ...document, api: call.route.api, spec, status, key, preference })
  return body === null ? {} : (JSON.parse(new TextDecoder().decode(body)) as Json)
}

/**
 * The answer of an operation that no vendor renders. It is drawn for the job, so that members which several
 * operations show are the same in each.
 */
export function inferBody(
  call: OperationCall,
  facts: AnswerFacts,
  spec: ResponseSpec | undefined,
  status: number,
): Json {
  const { contract, input } = call
  const { view } = facts
  const base = spec === undefined ? {} : drawBody(call, `job ${view.job.id}`, spec, status)
  const schema = spec?.content.find(({ type }) => isJsonType(type))?.schema ?? null
  const { validator } = call.document()
  const isRight = (value: Json): boolean => schema === null || validator.check(schema, value, 1).length === 0
  const { rows } = contract
  return place(withBrief(base, view.job.brief, isRight), [
    [contract.id, view.job.id],
    [contract.state, facts.state],
    [rows?.at, facts.rows],
    [rows?.total, facts.total],
    [rows?.more, facts.more],
    ...Object.entries(contract.echoes).map(([at, name]): Placed => [at, input.parameters.get(name)]),
  ])
}

/** What a job was asked to do is told again wherever the document has members of these names and kinds. */
function withBrief(base: Json, brief: JsonObject, isRight: (value: Json) => boolean): Json {
  if (!isObject(base)) return base
  const told = Object.entries(brief).filter(([name]) => Object.hasOwn(base, name))
  const body = { ...base, ...Object.fromEntries(told) }
  return told.length > 0 && isRight(body) ? body : base
}
