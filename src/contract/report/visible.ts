/**
 * Foreign text made visible: what would steer a terminal, turn the direction of a line or be no text at all
 * stands there as its code point.
 *
 * @module
 */

/** Controls, marks of direction, invisible tags, halves of pairs and code points that are no characters. */
const STEERING = new RegExp(
  '[\\p{Cc}\\p{Cs}\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2069' +
    '\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff\\u{e0000}-\\u{e007f}]',
  'gu',
)

/** A text of which every character shows; line feeds stay. */
export function visible(text: string): string {
  return text.replace(STEERING, (char) => (char === '\n' ? char : nameOf(char)))
}

/** A text of which every character shows, on one line. */
export function visibleLine(text: string): string {
  return text.replace(STEERING, nameOf)
}

function nameOf(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}

/**
 * JSON with two spaces, and nothing in it that steers a terminal or reads as a workflow command. It parses to
 * the same value. Long texts are gone through line by line: an engine keeps all matches of one replacement.
 */
export function jsonText(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n')
  const safe = lines.map((line) => line.replace(STEERING, escapeOf).replaceAll('##[', '#\\u0023['))
  return `${safe.join('\n')}\n`
}

function escapeOf(char: string): string {
  return [...Array(char.length).keys()]
    .map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}

/** A text of at most so many UTF-16 code units; what was cut is counted. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text
  const end = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit
  return `${text.slice(0, end)}… (${text.length - end} more)`
}
