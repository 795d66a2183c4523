/**
 * Headers that clients of HTTP set by themselves. What a client writes over, adds or refuses to send cannot
 * be broken or left out, whatever a document says of it.
 *
 * @module
 */

/** Headers that a document cannot describe as parameters, or that the one who sends sets himself. */
const NO_PARAMETER: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Headers that a client adds where they are not given. */
const ADDED: ReadonlySet<string> = new Set(['accept-language', 'user-agent'])

/** Is a header as it is sent what was asked to be sent? */
export function isOwnHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return !NO_PARAMETER.has(lower) && !lower.startsWith('sec-')
}

/** Can a request go without a header? */
export function canBeOmitted(name: string): boolean {
  return !ADDED.has(name.toLowerCase())
}
