/**
 * Sequences of JSON texts: one a line (JSON Lines, NDJSON), or each behind a record separator (RFC 7464).
 * What the texts say is not read here.
 *
 * @module
 */

/** One text of a sequence. */
export interface SequenceText {
  readonly text: string
  /** How many UTF-16 units of the sequence stand before it. */
  readonly start: number
}

const RECORD_SEPARATOR = '\u{1E}'

/** The lines of JSON Lines; blank ones hold nothing. */
export function splitLines(text: string): readonly SequenceText[] {
  return splitAt(text, '\n').filter((line) => /[^ \t\r]/.test(line.text))
}

/** The texts of a JSON text sequence; what stands before the first separator is told of as a text, too. */
export function splitRecords(text: string): readonly SequenceText[] {
  return splitAt(text, RECORD_SEPARATOR).filter((record) => /[^ \t\r\n]/.test(record.text))
}

/** Does a JSON text sequence begin with its separator? */
export function isSeparated(text: string): boolean {
  return text === '' || text.startsWith(RECORD_SEPARATOR)
}

function splitAt(text: string, separator: string): readonly SequenceText[] {
  let start = 0
  return text.split(separator).map((part) => {
    const own = { text: part, start }
    start += part.length + separator.length
    return own
  })
}
