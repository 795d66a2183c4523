/**
 * Values as findings show them: short, on one line.
 *
 * @module
 */
const LENGTH_LIMIT = 60

/** A value as JSON text, cut where it is long; undefined is `nothing`. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  // JSON has no word for what 1e400 is read as.
  return typeof value === 'number' ? String(value) : cut(JSON.stringify(value))
}

/** A text on one line, cut where it is long. */
export function cut(text: string, limit: number = LENGTH_LIMIT): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`
}

/** `1 row`, `2 rows`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[], conjunction = 'or'): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`
}
