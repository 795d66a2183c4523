/**
 * Formats of addresses, by RFC 3986 and RFC 3987: URIs and IRIs, whole or relative; URI templates.
 *
 * @module
 */
import { isIpv6 } from './format-host.ts'

const PLAIN = "a-z0-9._~!$&'()*+,;=\\-"
/** What an IRI may hold beyond ASCII, and in its query alone. */
const WIDE =
  '\\u{a0}-\\u{d7ff}\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{ffef}' +
  Array.from({ length: 14 }, (_, plane) => {
    const start = plane === 13 ? 'e1000' : `${(plane + 1).toString(16)}0000`
    return `\\u{${start}}-\\u{${(plane + 1).toString(16)}fffd}`
  }).join('')
const PRIVATE = '\\u{e000}-\\u{f8ff}\\u{f0000}-\\u{ffffd}\\u{100000}-\\u{10fffd}'

/** How the parts of an address are written. */
interface Parts {
  readonly user: RegExp
  readonly host: RegExp
  readonly path: RegExp
  readonly query: RegExp
  readonly fragment: RegExp
}

function partsOf(wide: string, own: string): Parts {
  const of = (extra: string, more = ''): RegExp =>
    new RegExp(`^(?:[${PLAIN}${extra}${wide}${more}]|%[0-9a-f]{2})*$`, 'iu')
  return { user: of(':'), host: of(''), path: of(':@/'), query: of(':@/?', own), fragment: of(':@/?') }
}

const ASCII = partsOf('', '')
const ANY_SCRIPT = partsOf(WIDE, PRIVATE)
const SPLIT = /^(?:([^:/?#]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s
const SCHEME = /^[a-z][a-z0-9+.-]*$/i

function isAddress(text: string, parts: Parts, whole: boolean): boolean {
  const [, scheme, authority, path = '', query = '', fragment = ''] = SPLIT.exec(text) ?? []
  if (scheme === undefined ? whole : !SCHEME.test(scheme)) return false
  if (authority === undefined) {
    if (path.startsWith('//')) return false
  } else if (!isAuthority(authority, parts) || !/^(?:$|\/)/.test(path)) return false
  return parts.path.test(path) && parts.query.test(query) && parts.fragment.test(fragment)
}

function isAuthority(authority: string, parts: Parts): boolean {
  const at = authority.lastIndexOf('@')
  if (at >= 0 && !parts.user.test(authority.slice(0, at))) return false
  const found = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/s.exec(authority.slice(at + 1))
  const host = found?.[1]
  if (host === undefined) return false
  if (!host.startsWith('[')) return parts.host.test(host)
  const literal = host.slice(1, -1)
  return isIpv6(literal) || /^v[0-9a-f]+\.[a-z0-9._~!$&'()*+,;=:-]+$/i.test(literal)
}

/** A URI with its scheme. */
export const isUri = (text: string): boolean => isAddress(text, ASCII, true)
/** A URI, or one that is relative to another. */
export const isUriReference = (text: string): boolean => isAddress(text, ASCII, false)
/** An IRI with its scheme. */
export const isIri = (text: string): boolean => isAddress(text, ANY_SCRIPT, true)
/** An IRI, or one that is relative to another. */
export const isIriReference = (text: string): boolean => isAddress(text, ANY_SCRIPT, false)

const LITERAL = new RegExp(`^(?:[!#$&(-;=?-[\\]_a-z~${WIDE}${PRIVATE}]|%[0-9a-f]{2})*$`, 'iu')
const NAME = '(?:[a-z0-9_]|%[0-9a-f]{2})(?:\\.?(?:[a-z0-9_]|%[0-9a-f]{2}))*'
const VARIABLE = `${NAME}(?::[1-9]\\d{0,3}|\\*)?`
const EXPRESSION = new RegExp(`^[+#./;?&=,!@|]?${VARIABLE}(?:,${VARIABLE})*$`, 'i')

/** A URI template by RFC 6570. */
export function isUriTemplate(text: string): boolean {
  const parts = text.split(/\{([^{}]*)\}/)
  return parts.every((part, at) => (at % 2 === 0 ? LITERAL.test(part) : EXPRESSION.test(part)))
}
