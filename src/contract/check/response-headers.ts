/**
 * `response_headers_conformance`: required headers are there, and documented ones keep their schemas.
 *
 * @module
 */
import type { Issue } from '../../model/issue.ts'
import type { Json } from '../../model/json.ts'
import type { HeaderShape } from '../../openapi/header.ts'
import { headerShape, readHeader } from '../../openapi/header.ts'
import { isJsonType } from '../../openapi/media-type.ts'
import type { Header } from '../../openapi/operation.ts'
import { cut, show } from '../display.ts'
import { explain, schemaPointerOf, sentenceOf } from '../explain.ts'
import type { Finding, Remark } from '../finding.ts'
import { isWide } from '../json-number.ts'
import { readJsonText } from '../json-text.ts'
import type { Judge } from '../subject.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'
import { withExactIntegers } from './exact-integer.ts'

const CHECK = 'response_headers_conformance'

/** Reports documented headers that are missing or broken. */
export function checkHeaders(view: View): readonly Finding[] | null {
  const headers = view.spec?.headers ?? []
  if (headers.length === 0 || view.exchange.response.status === 0) return null
  return headers.flatMap((header) => checkHeader(view, header).map((remark) => remarkOn(view, remark)))
}

function checkHeader({ judge, exchange }: View, header: Header): readonly Remark[] {
  const { name, required, schema, mediaType, pointer } = header
  const text = Object.entries(exchange.response.headers).find(([own]) => own === name.toLowerCase())?.[1]
  if (text === undefined) {
    const message = `the required header ${name} is missing`
    return required ? [{ check: CHECK, message, pointer }] : []
  }
  const lines = name.toLowerCase() === 'set-cookie' ? text.split('\n') : [text]
  if (mediaType !== null) return serialisedRemarks(judge, header, text)
  if (schema === null) return []
  const shape = shapeOf(judge, header, schema)
  const texts = shape.types.has('array') ? [lines] : lines.map((line) => [line])
  return texts.flatMap((own) =>
    valueRemarks(judge, header, schema, own.join(', '), readHeader(header, shape, own)),
  )
}

const shapes = new WeakMap<Header, HeaderShape>()

function shapeOf({ subject }: Judge, header: Header, schema: string): HeaderShape {
  const known = shapes.get(header)
  if (known !== undefined) return known
  const shape = headerShape(subject.document.json, schema)
  shapes.set(header, shape)
  return shape
}

/** A header is right where one of its readings is; where none is, the likeliest is told of. */
function valueRemarks(
  judge: Judge,
  { name }: Header,
  schema: string,
  text: string,
  readings: readonly Json[],
): readonly Remark[] {
  const wide: ReadonlyMap<string, string> = isWide(text) ? new Map([['', text]]) : new Map()
  let told: readonly Issue[] = []
  for (const value of readings) {
    const found = explain(judge, schema, value)
    const issues = withExactIntegers(judge.subject.document.json, schema, value, wide, found)
    if (issues.length === 0) return []
    if (told.length === 0) told = issues
  }
  const [value = null] = readings
  return told.map((issue) => {
    const sentence = sentenceOf(judge, issue, value).replace(/^the body /, '')
    const pointer = schemaPointerOf(judge, issue)
    return { check: CHECK, message: `the header ${name}: ${show(text)} ${sentence}`, pointer }
  })
}

/** A header with `content` holds a document of a media type; of those only JSON is read. */
function serialisedRemarks(judge: Judge, header: Header, text: string): readonly Remark[] {
  const { name, schema, mediaType, pointer } = header
  if (!isJsonType(mediaType ?? '')) {
    return schema === null || !(mediaType ?? '').startsWith('text/')
      ? []
      : valueRemarks(judge, header, schema, text, [text])
  }
  const { value, defects } = readJsonText(text)
  const remarks = defects.slice(0, 1).map((defect) => {
    const says =
      defect.kind === 'syntax' ? `is no JSON, ${defect.says}` : `${defect.at} ${defect.says}`.trimStart()
    return {
      check: CHECK,
      message: `the header ${name}: ${cut(text)} ${says}`,
      pointer,
      topic: `${pointer} json`,
    } as const
  })
  return value === undefined || schema === null
    ? remarks
    : [...remarks, ...valueRemarks(judge, header, schema, text, [value])]
}
