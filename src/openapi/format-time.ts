/**
 * Formats of time, by RFC 3339: instants, days, times of day, durations.
 *
 * @module
 */

const DAY = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const TIME = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/
const DATE_PART = '(?:\\d+D|\\d+M(?:\\d+D)?|\\d+Y(?:\\d+M(?:\\d+D)?)?)'
const TIME_PART = 'T(?:\\d+S|\\d+M(?:\\d+S)?|\\d+H(?:\\d+M(?:\\d+S)?)?)'
const DURATION = new RegExp(`^P(?:\\d+W|${DATE_PART}(?:${TIME_PART})?|${TIME_PART})$`)
const MINUTES_OF_DAY = 1440

/** A day of the calendar, `2026-02-28`. */
export function isDay(text: string): boolean {
  const match = DAY.exec(text)
  if (match === null) return false
  const year = Number(match[1])
  const month = Number(match[2])
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return Number(match[3]) <= days
}

/** A time of day with its offset; a second 60 is there only at midnight in Greenwich. */
export function isTime(text: string): boolean {
  const match = TIME.exec(text)
  if (match === null) return false
  if (match[3] !== '60') return true
  const offset = Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0)
  const local = Number(match[1]) * 60 + Number(match[2])
  const minute = match[4] === '-' ? local + offset : local - offset
  return (minute + MINUTES_OF_DAY) % MINUTES_OF_DAY === MINUTES_OF_DAY - 1
}

const USUAL_TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)'
const USUAL = new RegExp(`^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])[Tt]${USUAL_TIME}$`)

/** An instant: a `T`, seconds and an offset with minutes are required. */
export function isInstant(text: string): boolean {
  // Every month has 28 days, and only a leap second is not usual.
  if (USUAL.test(text)) return text.slice(8, 10) <= '28' || isDay(text.slice(0, 10))
  const separator = text.charAt(10)
  return (separator === 'T' || separator === 't') && isDay(text.slice(0, 10)) && isTime(text.slice(11))
}

/** A duration, weeks or the other units in their order. */
export function isDuration(text: string): boolean {
  return DURATION.test(text)
}
