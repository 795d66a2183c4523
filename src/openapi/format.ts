/**
 * The formats of JSON Schema and OpenAPI that are checked, strictly: RFC 3339 instants and days,
 * plain UUIDs, integers of a width. The rest is ajv-formats'.
 *
 * @module
 */

const DAY = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A day of the calendar, `2026-02-28`. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text)
  if (match === null) return false
  return Number(match[3]) <= new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate()
}

/** An instant by RFC 3339: a `T`, seconds and an offset with minutes are required. */
export function isInstant(text: string): boolean {
  const separator = text.charAt(10)
  return (separator === 'T' || separator === 't') && isDay(text.slice(0, 10)) && TIME.test(text.slice(11))
}

/** A UUID in its plain form, any version, any letter case. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}

/** The string formats that replace those of ajv-formats. */
export const STRING_FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  date: isDay,
  'date-time': isInstant,
  time: (text) => TIME.test(text),
  uuid: isUuid,
  byte: (text) => BASE64.test(text),
  binary: () => true,
  password: () => true,
}

/** The number formats that replace those of ajv-formats. */
export const NUMBER_FORMATS: Readonly<Record<string, (value: number) => boolean>> = {
  int32: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31,
  int64: (value) => Number.isInteger(value),
  float: () => true,
  double: () => true,
}
