/**
 * `content_type_conformance`: a documented media type, a body where one is documented, and none where none
 * is.
 *
 * @module
 */
import type { ParsedMediaType } from '../../openapi/media-type.ts'
import { mediaKindOf, parseMediaType } from '../../openapi/media-type.ts'
import { cut, either } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { isBodiless, remarkOn } from '../view.ts'
import { isUnmodified } from './status-code.ts'

/** Reports media types and bodies that are not as documented; of an undocumented status nothing is said. */
export function checkContentType(view: View): readonly Finding[] | null {
  const { spec, exchange } = view
  if (exchange.response.status === 0 || (spec === undefined && !isUnmodified(view))) return null
  const message = isBodiless(exchange) ? strayBody(view) : wrongBody(view)
  if (message === null) return []
  const pointer = spec?.pointer ?? view.operation.pointer
  return [remarkOn(view, { check: 'content_type_conformance', message, pointer })]
}

function strayBody({ exchange }: View): string | null {
  const { status, body } = exchange.response
  return body === '' ? null : `${exchange.request.method} ${status} has no body, yet one came: ${cut(body)}`
}

function wrongBody(view: View): string | null {
  const { headers, body } = view.exchange.response
  const documented = (view.spec?.content ?? []).map(({ type }) => type)
  if (documented.length === 0) return body === '' ? null : `no body is documented, yet one came: ${cut(body)}`
  const text = headers['content-type']
  const given = text === undefined ? null : parseMediaType(text)
  if (body === '') return wrongEmptiness(view, documented, given)
  if (text === undefined || given === null)
    return `the answer has no Content-Type; documented: ${either(documented)}`
  if (given.fault === 'is no media type')
    return `Content-Type ${given.fault}: ${cut(text)}; documented: ${either(documented)}`
  if (view.media === undefined)
    return `Content-Type is ${cut(withParameters(given))}; documented: ${either(documented)}`
  return given.fault === null ? null : `Content-Type ${given.fault}: ${cut(text)}`
}

/** Nothing is right where a text or a sequence is documented, for both may be empty. */
function wrongEmptiness(
  { media }: View,
  documented: readonly string[],
  given: ParsedMediaType | null,
): string | null {
  if (!documented.every(needsContent)) {
    if (given !== null && media === undefined) {
      const type = cut(withParameters(given))
      return `the body is empty and Content-Type is ${type}; documented: ${either(documented)}`
    }
    if (given === null || !needsContent(given.essence)) return null
  }
  return `the body is empty where ${either(documented)} is documented`
}

function needsContent(type: string): boolean {
  return mediaKindOf(type) === 'json' || /[/+]xml$/.test(parseMediaType(type).essence)
}

function withParameters({ essence, parameters }: ParsedMediaType): string {
  return [essence, ...[...parameters].map(([name, value]) => `${name}=${value}`)].join('; ')
}
