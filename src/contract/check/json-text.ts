/**
 * `json_text_conformance`: a JSON text means one value, the same to every reader. Names that stand twice,
 * digits that a double does not hold, halves of surrogate pairs, a byte order mark, bytes that are no UTF-8
 * and whatever follows the value are what parsers disagree on.
 *
 * A number beyond 2^53 is right where its schema asks for exact readers, as `format: int64` does; its range
 * is judged with the schema then, digit by digit.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7493
 * @module
 */
import type { JsonObject } from '../../model/json.ts'
import { isSeparated } from '../../openapi/json-sequence.ts'
import { mediaKindOf } from '../../openapi/media-type.ts'
import { typesAt } from '../../openapi/schema-type.ts'
import type { TextPart } from '../body-part.ts'
import { cut } from '../display.ts'
import type { Finding, Remark } from '../finding.ts'
import type { JsonDefect } from '../json-scan.ts'
import { placeIn } from '../json-scan.ts'
import { keywordAt, schemaPlace } from '../schema-place.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

const CHECK = 'json_text_conformance'

/** Formats of numbers that a reader of doubles is not enough for. */
const EXACT_FORMATS: ReadonlySet<unknown> = new Set(['int64', 'uint64', 'decimal', 'decimal128'])

/** Reports JSON texts that are none, or that two readers may read apart. */
export function checkJsonText(view: View): readonly Finding[] | null {
  const { response } = view.exchange
  const kind = mediaKindOf(response.headers['content-type'] ?? '')
  if (view.content === null || response.body === '' || kind === 'text' || kind === 'other') return null
  const remarks = [
    ...encodingRemarks(view),
    ...(kind === 'json-seq' ? separatorRemarks(view) : []),
    ...groupDefects(view, view.content.texts),
  ]
  return remarks.map((remark) => remarkOn(view, remark))
}

function encodingRemarks(view: View): readonly Remark[] {
  const at = view.exchange.response.invalidUtf8At
  if (at === undefined) return []
  const pointer = ownPointer(view)
  return [
    {
      check: CHECK,
      message: `the body is no UTF-8 from byte ${at + 1} on`,
      pointer,
      topic: `${pointer} utf-8`,
    },
  ]
}

function separatorRemarks(view: View): readonly Remark[] {
  if (isSeparated(view.exchange.response.body)) return []
  const message = 'the body does not begin with the record separator U+001E of a JSON text sequence'
  const pointer = ownPointer(view)
  return [{ check: CHECK, message, pointer, topic: `${pointer} separator` }]
}

interface Group {
  readonly part: TextPart
  readonly defect: JsonDefect
  readonly pointer: string
  count: number
}

/** Defects of one kind at one place of the document are told of once, with their number. */
function groupDefects(view: View, texts: readonly TextPart[]): readonly Remark[] {
  const { json } = view.judge.subject.document
  const groups = new Map<string, Group>()
  for (const part of texts) {
    for (const defect of part.json.defects) {
      const place = part.schema === null ? null : schemaPlace(json, part.schema, defect.at)
      if (place !== null && defect.kind === 'number' && isTold(json, place)) continue
      const pointer = OF_TEXT.has(defect.kind) || place === null ? ownPointer(view) : place
      const key = `${pointer} ${defect.kind}`
      const known = groups.get(key)
      if (known === undefined) groups.set(key, { part, defect, pointer, count: 1 })
      else known.count += 1
    }
  }
  return [...groups].map(([topic, group]) => toRemark(view, topic, group))
}

/** Kinds of defects that no schema has a place for. */
const OF_TEXT: ReadonlySet<string> = new Set(['mark', 'syntax', 'depth'])

/** Does the schema check speak of the number: digit by digit, or because no number is admitted? */
function isTold(document: JsonObject, place: string): boolean {
  if (EXACT_FORMATS.has(keywordAt(document, place, 'format')?.value)) return true
  const types = typesAt(document, place)
  return !types.has('number') && !types.has('integer')
}

function toRemark(view: View, topic: string, { part, defect, pointer, count }: Group): Remark {
  const { body } = view.exchange.response
  const at = part.at + defect.at
  const placeOf = (offset: number): string => placeIn(body, (part.start ?? 0) + offset)
  const first = defect.first === undefined ? '' : `, first at ${placeOf(defect.first)}`
  const where = part.start === null ? '' : `${first} (${placeOf(defect.offset)})`
  const more = count === 1 ? '' : `; ${count - 1} more like it`
  const left = part.json.count - part.json.defects.length
  const rest = left === 0 ? '' : `; ${left} further defects of the text were only counted`
  const message =
    defect.kind === 'syntax'
      ? `${nameOf(part.at)} is no JSON, ${defect.says}${where}: ${cut(body)}`
      : `${nameOf(at)} ${defect.says}${where}${more}${rest}`
  return { check: CHECK, message, at, pointer, topic }
}

function nameOf(at: string): string {
  return at === '' ? 'the body' : at
}

function ownPointer({ spec, operation }: View): string {
  return spec?.pointer ?? operation.pointer
}
