/**
 * Formats of hosts and mailboxes: names, numbers, and names in any script.
 *
 * @module
 */
import idn from 'idn-hostname'

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
const HOST_LIMIT = 253
const OCTET = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/
const GROUP = /^[0-9a-f]{1,4}$/i

/** A host name in ASCII; labels that are encoded must decode to what a name may hold. */
export function isHostname(text: string): boolean {
  if (text.length > HOST_LIMIT) return false
  return text.split('.').every((label) => {
    if (!LABEL.test(label)) return false
    return label.slice(2, 4) !== '--' || (/^xn--/i.test(label) && isInternational(label))
  })
}

/** A host name in any script. */
export function isIdnHostname(text: string): boolean {
  return text !== '' && !/[.\u3002\uff0e\uff61]$/.test(text) && isInternational(text)
}

function isInternational(text: string): boolean {
  try {
    return idn.isIdnHostname(text)
  } catch {
    return false
  }
}

/** Four decimal numbers; a leading zero is none. */
export function isIpv4(text: string): boolean {
  const octets = text.split('.')
  return octets.length === 4 && octets.every((octet) => OCTET.test(octet))
}

/** Eight groups, of which `::` leaves some out; the last two may be an IPv4 address. */
export function isIpv6(text: string): boolean {
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')))
  const last = groups.at(-1) ?? ''
  const isMixed = last.includes('.')
  if (isMixed && (text.endsWith('::') || !isIpv4(last))) return false
  const plain = isMixed ? groups.slice(0, -1) : groups
  const length = plain.length + (isMixed ? 2 : 0)
  return plain.every((group) => GROUP.test(group)) && (halves.length === 2 ? length < 8 : length === 8)
}

const ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+$/i
const ATOM_ANY_SCRIPT = /^[a-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+$/iu
const QUOTED = /^"(?:[ !#-[\]-~]|\\[ -~])*"$/
const QUOTED_ANY_SCRIPT = /^"(?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*"$/u
const LOCAL_LIMIT = 64

/** A mailbox by RFC 5321. */
export function isEmail(text: string): boolean {
  return isMailbox(text, ATOM, QUOTED, isHostname)
}

/** A mailbox by RFC 6531: any script on both sides. */
export function isIdnEmail(text: string): boolean {
  return isMailbox(text, ATOM_ANY_SCRIPT, QUOTED_ANY_SCRIPT, isIdnHostname)
}

function isMailbox(text: string, atom: RegExp, quoted: RegExp, isHost: (host: string) => boolean): boolean {
  const at = text.lastIndexOf('@')
  if (at < 1) return false
  const local = text.slice(0, at)
  const host = text.slice(at + 1)
  if (local.length > LOCAL_LIMIT) return false
  if (!quoted.test(local) && !local.split('.').every((part) => atom.test(part))) return false
  if (!host.startsWith('[')) return isHost(host)
  const literal = host.endsWith(']') ? host.slice(1, -1) : ''
  return /^IPv6:/i.test(literal) ? isIpv6(literal.slice(5)) : isIpv4(literal)
}
