/**
 * `content_type_conformance`: a documented media type, a body where one is documented, and none where none
 * is.
 *
 * @module
 */
import { essenceOf, isJsonType } from '../../openapi/media-type.ts'
import { cut, either } from '../display.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import { remarkOn } from '../view.ts'

/** Reports media types and bodies that are not as documented. */
export function checkContentType(view: View): readonly Finding[] | null {
  const { spec, exchange } = view
  if (exchange.response.status === 0) return null
  const message = isBodiless(view) ? strayBody(view) : spec === undefined ? null : wrongBody(view)
  if (message === null) return spec === undefined && !isBodiless(view) ? null : []
  const pointer = spec?.pointer ?? view.operation.pointer
  return [remarkOn(view, { check: 'content_type_conformance', message, pointer })]
}

/** Is it an answer that HTTP allows no body? */
export function isBodiless({ exchange }: View): boolean {
  const { status } = exchange.response
  return exchange.request.method === 'HEAD' || status === 204 || status === 304
}

function strayBody({ exchange }: View): string | null {
  const { status, body } = exchange.response
  return body === '' ? null : `${exchange.request.method} ${status} has no body, yet one came: ${cut(body)}`
}

function wrongBody({ spec, media, exchange }: View): string | null {
  const { headers, body } = exchange.response
  const documented = (spec?.content ?? []).map(({ type }) => type)
  if (documented.length === 0) return body === '' ? null : `no body is documented, yet one came: ${cut(body)}`
  if (body === '') {
    return documented.some(isJsonType) ? `the body is empty where ${either(documented)} is documented` : null
  }
  const type = headers['content-type']
  if (type === undefined) return `the answer has no Content-Type; documented: ${either(documented)}`
  return media === undefined ? `Content-Type is ${essenceOf(type)}; documented: ${either(documented)}` : null
}
