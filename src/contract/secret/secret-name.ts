/**
 * Names that tell of a secret: of headers, of query parameters and of members of JSON.
 *
 * @module
 */

const NAMES = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'auth',
  'sid',
  'sig',
  'pwd',
  'jwt',
  'bearer',
])

/** What a secret's name holds, hyphens and underscores left out. */
const MARKERS = [
  'apikey',
  'accesskey',
  'secret',
  'password',
  'passwd',
  'passphrase',
  'credential',
  'privatekey',
  'signingkey',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'sessionid',
  'sessiontoken',
  'csrf',
  'xsrf',
  'signature',
]

/** Tokens that count words, or lead to the next page, open no door. */
const OPEN_TOKENS = /tokens$|page|next|prev|cursor|continuation|count|max|min|total|type/

/** Does a name say that its value is secret? */
export function isSecretName(name: string): boolean {
  const lower = name.toLowerCase()
  if (NAMES.has(lower)) return true
  const plain = lower.replace(/[^a-z0-9]/g, '')
  if (plain.endsWith('token')) return !OPEN_TOKENS.test(plain)
  return MARKERS.some((marker) => plain.includes(marker)) && !plain.endsWith('type')
}
