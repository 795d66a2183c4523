/**
 * Numbers as JSON texts write them, beside what a reader of doubles makes of them. Which of the two a schema
 * means is not known here.
 *
 * @module
 */

/** A double printed with 17 significant digits is read back as itself. */
const DIGITS_OF_DOUBLE = 17
const DIGITS_SHOWN_AT_MOST = 100

/** Is it a whole number without fraction and exponent? */
function isIntegerText(literal: string): boolean {
  return /^-?\d+$/.test(literal)
}

/** Is it a whole number that doubles do not tell from its neighbours? */
export function isWide(literal: string): boolean {
  return isIntegerText(literal) && !Number.isSafeInteger(Number(literal))
}

/**
 * Does a number mean the same to a reader of doubles as to one of exact numbers? A whole number must be that
 * double; of a fraction it is enough that a double may have been printed so.
 */
export function survives(literal: string): boolean {
  const value = Number(literal)
  if (!Number.isFinite(value)) return false
  const digits = digitsOf(literal)
  if (value === 0) return digits === ''
  if (isIntegerText(literal)) return Number.isSafeInteger(value) || BigInt(value) === BigInt(literal)
  if (digits.length <= DIGITS_OF_DOUBLE) return true
  const shown = value.toPrecision(Math.min(digits.length, DIGITS_SHOWN_AT_MOST))
  return digitsOf(shown) === digits
}

/** Its significant digits. */
function digitsOf(literal: string): string {
  return literal
    .replace(/e.*$/i, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
}

/** What a reader of doubles makes of it. */
export function asDouble(literal: string): string {
  const value = Number(literal)
  if (!Number.isFinite(value)) return 'infinity'
  return isIntegerText(literal) ? String(BigInt(value)) : String(value)
}
