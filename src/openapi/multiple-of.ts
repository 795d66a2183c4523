/**
 * Exact decimal `multipleOf`: floating arithmetic refuses 0.3 as a multiple of 0.1.
 *
 * @module
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i
const EXPONENT_LIMIT = 400

/** Is the value a whole multiple of the divisor, both read as the decimals they are written as? */
export function isMultipleOf(value: number, divisor: number): boolean {
  const dividend = decimal(value)
  const unit = decimal(divisor)
  if (dividend === null || unit === null) return false
  const exponent = Math.min(dividend.exponent, unit.exponent)
  if (Math.max(dividend.exponent, unit.exponent) - exponent > EXPONENT_LIMIT) return dividend.digits === 0n
  const scaled = unit.digits * 10n ** BigInt(unit.exponent - exponent)
  return scaled !== 0n && (dividend.digits * 10n ** BigInt(dividend.exponent - exponent)) % scaled === 0n
}

function decimal(value: number): { digits: bigint; exponent: number } | null {
  const match = DECIMAL.exec(String(value))
  if (match === null) return null
  const fraction = match[3] ?? ''
  const digits = BigInt((match[2] ?? '0') + fraction)
  return { digits: match[1] === '-' ? -digits : digits, exponent: Number(match[4] ?? 0) - fraction.length }
}
