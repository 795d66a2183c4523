/**
 * The formats of JSON Schema and OpenAPI that are checked, strictly. Any other name is a remark for people.
 *
 * @module
 */
import type { Json } from '../model/json.ts'
import { isIri, isIriReference, isUri, isUriReference, isUriTemplate } from './format-address.ts'
import { isEmail, isHostname, isIdnEmail, isIdnHostname, isIpv4, isIpv6 } from './format-host.ts'
import { isDay, isDuration, isInstant, isTime } from './format-time.ts'
import { compilePattern } from './pattern.ts'
import { isUuid } from './uuid.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const BASE64_URL = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?$/
const POINTER = /^(?:\/(?:[^/~]|~[01])*)*$/
const RELATIVE_POINTER = /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^/~]|~[01])*)*)$/

const TEXTS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isInstant,
  date: isDay,
  time: isTime,
  duration: isDuration,
  email: isEmail,
  'idn-email': isIdnEmail,
  hostname: isHostname,
  'idn-hostname': isIdnHostname,
  ipv4: isIpv4,
  ipv6: isIpv6,
  uri: isUri,
  'uri-reference': isUriReference,
  iri: isIri,
  'iri-reference': isIriReference,
  'uri-template': isUriTemplate,
  uuid: isUuid,
  'json-pointer': (text) => POINTER.test(text),
  'relative-json-pointer': (text) => RELATIVE_POINTER.test(text),
  regex: (text) => !('fault' in compilePattern(text)),
  byte: (text) => BASE64.test(text),
  base64url: (text) => BASE64_URL.test(text),
  char: (text) => [...text].length === 1,
}

function between(least: number, most: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= least && value <= most
}

/** Those of the OpenAPI registry too: https://spec.openapis.org/registry/format/ */
const NUMBERS: Readonly<Record<string, (value: number) => boolean>> = {
  int32: between(-(2 ** 31), 2 ** 31 - 1),
  int64: (value) => Number.isInteger(value),
  int8: between(-128, 127),
  int16: between(-32_768, 32_767),
  uint8: between(0, 255),
  uint16: between(0, 65_535),
  uint32: between(0, 4_294_967_295),
  uint64: between(0, 2 ** 64),
  'double-int': between(-(2 ** 53) + 1, 2 ** 53 - 1),
}

/** Does a text of that format have it? Null where the format is not checked. */
function textFormat(name: string): ((text: string) => boolean) | null {
  return Object.hasOwn(TEXTS, name) ? (TEXTS[name] ?? null) : null
}

/** What a format asks of a value; null where it asks nothing. Values of other types are right. */
export function formatCheck(name: string): ((value: Json) => boolean) | null {
  const text = textFormat(name)
  if (text !== null) return (value) => typeof value !== 'string' || text(value)
  const number = Object.hasOwn(NUMBERS, name) ? NUMBERS[name] : undefined
  return number === undefined ? null : (value) => typeof value !== 'number' || number(value)
}

/** Every format that is checked, by name, with the type it speaks of. */
export const FORMATS: Readonly<Record<string, 'string' | 'number'>> = {
  ...Object.fromEntries(Object.keys(TEXTS).map((name) => [name, 'string' as const])),
  ...Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, 'number' as const])),
}
