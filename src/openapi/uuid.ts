/**
 * UUIDs as texts.
 *
 * @module
 */

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** A UUID in its plain form, any version, any letter case. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
