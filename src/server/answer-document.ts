/**
 * Answers from the document alone: a documented example, or a value drawn for the documented schema.
 *
 * @module
 */
import type { Issue } from '../model/issue.ts'
import type { Json } from '../model/json.ts'
import { ApiError } from '../model/refusal.ts'
import { isJsonType } from '../openapi/media-type.ts'
import type { MediaType, ResponseSpec } from '../openapi/operation.ts'
import type { Validator } from '../openapi/validator.ts'
import { drawValue } from '../values/draw-value.ts'
import { keyOfText } from '../values/value-key.ts'
import type { Answer } from './answer.ts'
import { bytesAnswer, jsonAnswer } from './answer.ts'
import type { Api } from './api.ts'
import type { Preference } from './preference.ts'

/** What an answer from the document is made of. */
export interface DocumentAnswer {
  readonly api: Api
  readonly spec: ResponseSpec
  readonly status: number
  /** Names the draw: equal requests have equal answers. */
  readonly key: string
  readonly seed: number
  readonly words: readonly string[]
  readonly preference: Preference
  readonly validator: Validator
}

/**
 * Answers with the example that is preferred, else with the first one, else with a drawn value.
 *
 * @throws {@link ApiError} `example_not_found` when a preferred example is not documented.
 */
export function answerFromDocument(facts: DocumentAnswer): Answer {
  const { spec, status, preference } = facts
  const headers = drawnHeaders(facts)
  if (preference.example !== null) {
    const { type, example } = namedExample(spec, preference.example)
    return valueAnswer(status, type, example, headers)
  }
  const media = spec.content.find(({ type }) => isJsonType(type)) ?? spec.content[0]
  if (media === undefined) return { status, headers, body: null }
  const [example] = preference.dynamic === true ? [] : media.examples.values()
  return valueAnswer(status, media.type, example === undefined ? drawBody(facts, media) : example, headers)
}

const encoder = new TextEncoder()

/** A text goes out as it is where the media type is not JSON; a range of types is answered with JSON. */
function valueAnswer(
  status: number,
  type: string,
  value: Json,
  headers: Readonly<Record<string, string>>,
): Answer {
  if (type.includes('*')) return jsonAnswer(status, 'application/json', value, headers)
  if (isJsonType(type) || typeof value !== 'string') return jsonAnswer(status, type, value, headers)
  return bytesAnswer(status, type, encoder.encode(value), headers)
}

function namedExample(spec: ResponseSpec, name: string): { readonly type: string; readonly example: Json } {
  const names: string[] = []
  for (const { type, examples } of spec.content) {
    const example = examples.get(name)
    if (example !== undefined) return { type, example }
    names.push(...examples.keys())
  }
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
  throw new ApiError('example_not_found', `The ${spec.status} answer has no example ${name}; ${known}`)
}

/** Where a union's first branch does not do, others are tried. */
const TURNS = 4

/** A value that its own schema refuses is a bug of ours, and is never sent. */
function drawBody({ api, key, seed, words, validator }: DocumentAnswer, media: MediaType): Json {
  if (media.schema === null) return null
  const source = { document: api.document.json, words, epochMs: api.fixture?.epochMs ?? 0 }
  const found: Issue[] = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    const value = drawValue({ ...source, turn }, media.schema, keyOfText(seed, api.id, key))
    const [issue] = validator.check(media.schema, value, 1)
    if (issue === undefined) return value
    found.push(issue)
  }
  const place = `${api.document.file}${media.schema}`
  throw new Error(`no value could be drawn for ${place}: ${found[0]?.at} ${found[0]?.message}`)
}

/** Required headers, drawn; the others are left to vendors. */
export function drawnHeaders({
  api,
  spec,
  key,
  seed,
  words,
}: Pick<DocumentAnswer, 'api' | 'spec' | 'key' | 'seed' | 'words'>): Readonly<Record<string, string>> {
  const source = { document: api.document.json, words, epochMs: api.fixture?.epochMs ?? 0 }
  return Object.fromEntries(
    spec.headers
      .filter(({ required, schema }) => required && schema !== null)
      .map(({ name, schema }) => [
        name,
        String(drawValue(source, schema ?? '', keyOfText(seed, api.id, `${key} ${name}`))),
      ]),
  )
}
