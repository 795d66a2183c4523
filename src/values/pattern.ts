/**
 * Regular expressions as trees, as far as texts can be written from them: literals, classes, groups,
 * alternatives and counts. Look-arounds and back references are not understood.
 *
 * @module
 */

/** A part of an expression. */
export type PatternNode =
  | { readonly kind: 'text'; readonly text: string }
  /** One of these characters. */
  | { readonly kind: 'set'; readonly characters: readonly string[] }
  | { readonly kind: 'all'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'one'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'times'; readonly part: PatternNode; readonly min: number; readonly max: number }

const ALPHABET = [...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-. ']
const WORD = ALPHABET.slice(0, 36)
const SETS: Readonly<Record<string, RegExp>> = { d: /\d/, w: /\w/, s: /\s/, D: /\D/, W: /\W/, S: /\S/ }
/** An expression that asks for more of something is not written. */
const COUNT_LIMIT = 10_000

interface Cursor {
  readonly source: string
  at: number
}

/** Reads an expression; null when it has something that is not understood. */
export function parsePattern(source: string): PatternNode | null {
  const cursor: Cursor = { source, at: 0 }
  const tree = parseOptions(cursor)
  return cursor.at >= source.length ? tree : null
}

function parseOptions(cursor: Cursor): PatternNode | null {
  const options = [parseSequence(cursor)]
  while (cursor.source[cursor.at] === '|') {
    cursor.at += 1
    options.push(parseSequence(cursor))
  }
  const known = options.filter((option) => option !== null)
  return known.length < options.length ? null : { kind: 'one', options: known }
}

function parseSequence(cursor: Cursor): PatternNode | null {
  const parts: PatternNode[] = []
  while (cursor.at < cursor.source.length && !'|)'.includes(cursor.source[cursor.at] ?? '')) {
    const part = parseAtom(cursor)
    if (part === null) return null
    const counted = parseCount(cursor, part)
    if (counted === null) return null
    parts.push(counted)
  }
  return { kind: 'all', parts }
}

function parseAtom(cursor: Cursor): PatternNode | null {
  const character = cursor.source[cursor.at] ?? ''
  cursor.at += 1
  if (character === '^' || character === '$') return { kind: 'text', text: '' }
  if (character === '.') return { kind: 'set', characters: WORD }
  if (character === '[') return parseClass(cursor)
  if (character === '\\') return parseEscape(cursor)
  return character === '(' ? parseGroup(cursor) : { kind: 'text', text: character }
}

function parseGroup(cursor: Cursor): PatternNode | null {
  if (cursor.source[cursor.at] === '?') {
    if (cursor.source[cursor.at + 1] !== ':') return null
    cursor.at += 2
  }
  const tree = parseOptions(cursor)
  cursor.at += 1
  return tree
}

function parseEscape(cursor: Cursor): PatternNode | null {
  const character = cursor.source[cursor.at] ?? ''
  cursor.at += 1
  const set = SETS[character]
  if (set !== undefined) return setOf(set)
  return /[a-zA-Z0-9]/.test(character) ? null : { kind: 'text', text: character }
}

function parseClass(cursor: Cursor): PatternNode | null {
  const { source } = cursor
  const start = cursor.at
  while (cursor.at < source.length && (source[cursor.at] !== ']' || cursor.at === start)) {
    cursor.at += source[cursor.at] === '\\' ? 2 : 1
  }
  const inner = source.slice(start, cursor.at)
  cursor.at += 1
  return setOf(new RegExp(`[${inner}]`, 'u'))
}

function setOf(expression: RegExp): PatternNode | null {
  const characters = ALPHABET.filter((character) => expression.test(character))
  return characters.length === 0 ? null : { kind: 'set', characters }
}

function parseCount(cursor: Cursor, part: PatternNode): PatternNode | null {
  const count = /^(?:\{(\d+)(,(\d*))?\}|[*+?])\??/.exec(cursor.source.slice(cursor.at))
  if (count === null) return part
  cursor.at += count[0].length
  const sign = count[0][0]
  if (sign === '?') return { kind: 'times', part, min: 0, max: 1 }
  if (sign === '*' || sign === '+')
    return { kind: 'times', part, min: sign === '+' ? 1 : 0, max: COUNT_LIMIT }
  const min = Number(count[1])
  const max = count[2] === undefined ? min : count[3] ? Number(count[3]) : COUNT_LIMIT
  return min > COUNT_LIMIT ? null : { kind: 'times', part, min, max: Math.min(max, COUNT_LIMIT) }
}
