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

/** A duration in ISO 8601, in seconds: `PT90S`. */
export function formatDuration(ms: number): string {
  return `PT${ms / 1_000}S`
}
