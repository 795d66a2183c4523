/**
 * Durations as people and headers write them: ISO 8601 (`PT1M30S`, `P1D`), or seconds as a number. In memory
 * they are milliseconds.
 *
 * @module
 */

/** How an ISO 8601 duration may look here; calendar months and years have no fixed length. */
export const DURATION_PATTERN =
  '^P(?=\\d|T\\d)(?:\\d+D)?(?:T(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?)?$'

const ISO = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i
const SECONDS = /^\d+(?:\.\d+)?$/

/** Milliseconds of a duration, rounded; null when the text is none. */
export function parseDuration(text: string): number | null {
  if (SECONDS.test(text)) return Math.round(Number(text) * 1_000)
  const match = ISO.exec(text)
  if (match === null) return null
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60
  return Math.round((whole + Number(seconds)) * 1_000)
}

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
])

/** Milliseconds of a duration as people type it, `10m` or `1.5h`, or in ISO 8601; null when it is none. */
export function parseTypedDuration(text: string): number | null {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? []
  const ms = UNITS_MS.get(unit)
  return ms === undefined ? parseDuration(text) : Math.round(Number(number) * ms)
}

/** A duration in ISO 8601, in seconds: `PT90S`. */
export function formatDuration(ms: number): string {
  return `PT${ms / 1_000}S`
}
