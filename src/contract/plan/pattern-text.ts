/**
 * A text for a regular expression: the shortest that its parts suggest, longer where a length is asked for.
 * It reads what schemas use; look-around, back-references and properties are beyond it, and give null.
 *
 * @module
 */

/** A part of an expression and how often it stands there. */
interface Part {
  /** The texts it may be, one of them for an alternative; a repeated part repeats the first. */
  readonly text: string
  readonly least: number
  readonly most: number
}

const LENGTH_LIMIT = 4000

/**
 * A text that an expression perhaps matches.
 *
 * @param least - How long it should be at the least, where its repetitions allow it.
 * @returns Null where the expression is beyond what is read here; nothing is promised of the text.
 */
export function textOf(pattern: string, least = 0): string | null {
  const reader = { pattern, at: 0 }
  try {
    const parts = readBranches(reader)
    if (reader.at < pattern.length) return null
    const shortest = parts.reduce((sum, { text, least: times }) => sum + text.length * times, 0)
    let missing = Math.min(least, LENGTH_LIMIT) - shortest
    return parts
      .map(({ text, least: times, most }) => {
        const more = text === '' ? 0 : Math.min(Math.max(0, Math.ceil(missing / text.length)), most - times)
        missing -= more * text.length
        return text.repeat(Math.min(times + more, LENGTH_LIMIT))
      })
      .join('')
  } catch (error) {
    if (error instanceof Unread) return null
    throw error
  }
}

class Unread extends Error {}

interface Reader {
  readonly pattern: string
  at: number
}

function peek({ pattern, at }: Reader): string {
  return pattern[at] ?? ''
}

function take(reader: Reader): string {
  const char = peek(reader)
  if (char === '') throw new Unread()
  reader.at += 1
  return char
}

/** The first of several alternatives; the others are read and left. */
function readBranches(reader: Reader): readonly Part[] {
  const first = readSequence(reader)
  while (peek(reader) === '|') {
    reader.at += 1
    readSequence(reader)
  }
  return first
}

function readSequence(reader: Reader): readonly Part[] {
  const parts: Part[] = []
  while (!['', '|', ')'].includes(peek(reader))) {
    const text = readAtom(reader)
    parts.push({ text, ...readTimes(reader) })
  }
  return parts
}

function readTimes(reader: Reader): Pick<Part, 'least' | 'most'> {
  const [found = '', low, comma, high] =
    /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(reader.pattern.slice(reader.at)) ?? []
  reader.at += found.length
  if (low !== undefined) {
    return {
      least: Number(low),
      most: high !== '' ? Number(high) : comma === ',' ? LENGTH_LIMIT : Number(low),
    }
  }
  if (found.startsWith('*')) return { least: 0, most: LENGTH_LIMIT }
  if (found.startsWith('+')) return { least: 1, most: LENGTH_LIMIT }
  return found.startsWith('?') ? { least: 0, most: 1 } : { least: 1, most: 1 }
}

function readAtom(reader: Reader): string {
  const char = take(reader)
  if (char === '^' || char === '$') return ''
  if (char === '.') return 'a'
  if (char === '\\') return readEscape(reader)
  if (char === '[') return readClass(reader)
  if (char !== '(') return char
  if (peek(reader) === '?') {
    const [kind = ''] = /^\?(?::|<[A-Za-z]\w*>)/.exec(reader.pattern.slice(reader.at)) ?? []
    if (kind === '') throw new Unread()
    reader.at += kind.length
  }
  const parts = readBranches(reader)
  if (take(reader) !== ')') throw new Unread()
  return parts.map(({ text, least }) => text.repeat(Math.min(least, LENGTH_LIMIT))).join('')
}

const CLASSES: Readonly<Record<string, string>> = {
  d: '0',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  t: '\t',
  n: '\n',
}

function readEscape(reader: Reader): string {
  const char = take(reader)
  if (char === 'b' || char === 'B') return ''
  if (char === 'u' || char === 'x') {
    const [, braced, plain] =
      /^(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4}|[0-9a-fA-F]{2}))/.exec(reader.pattern.slice(reader.at)) ?? []
    const digits = braced ?? plain
    if (digits === undefined) throw new Unread()
    reader.at += digits.length + (braced === undefined ? 0 : 2)
    return String.fromCodePoint(Number.parseInt(digits, 16))
  }
  if (/[pPk1-9c]/.test(char)) throw new Unread()
  return CLASSES[char] ?? char
}

/** One character of a class: the first it lists, or one that it does not list where it is turned round. */
function readClass(reader: Reader): string {
  const from = reader.at
  const negated = peek(reader) === '^'
  if (negated) reader.at += 1
  let first: string | null = null
  while (peek(reader) !== ']') {
    const char = take(reader)
    const text = char === '\\' ? readEscape(reader) : char
    first ??= text
  }
  reader.at += 1
  const source = reader.pattern.slice(from - 1, reader.at)
  if (!negated && first === null) throw new Unread()
  const found = [...'a0A-_. ~', first ?? ''].find((char) => matches(source, char))
  if (found === undefined || found === '') throw new Unread()
  return found
}

function matches(source: string, char: string): boolean {
  try {
    return new RegExp(`^${source}$`, 'u').test(char)
  } catch {
    return false
  }
}
