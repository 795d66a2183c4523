/**
 * Regular expressions of ECMA-262 as trees, as far as their shape matters: what is repeated, what a choice.
 * Only what the native engine has accepted is read.
 *
 * @module
 */

/** A part of an expression. */
export type PatternPart =
  /** Takes one character: a literal, an escape, a class. */
  | { readonly kind: 'character'; readonly source: string }
  /** Takes none: an anchor, a boundary. */
  | { readonly kind: 'place'; readonly source: string }
  /** A look-around, with what is looked for, or a reference back: no linear engine has them. */
  | { readonly kind: 'look'; readonly source: string; readonly part: PatternPart | null }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternPart[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternPart[] }
  | {
      readonly kind: 'repeat'
      readonly part: PatternPart
      readonly min: number
      readonly max: number
      readonly sign: string
    }

const ESCAPE =
  /^\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|k<[^>]*>|[1-9]\d*|[\s\S])/
const COUNT = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/
const CLASS = /^\[(?:\\[\s\S]|[^\]\\])*\]/
const GROUP = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/

/** Reads an expression; null where it has something that is not understood. */
export function parsePattern(source: string): PatternPart | null {
  let rest = source

  function take(expression: RegExp): string | null {
    const found = expression.exec(rest)?.[0] ?? null
    if (found !== null) rest = rest.slice(found.length)
    return found
  }

  function choice(): PatternPart | null {
    const options: PatternPart[] = []
    do {
      const option = sequence()
      if (option === null) return null
      options.push(option)
    } while (take(/^\|/) !== null)
    const [only] = options
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options }
  }

  function sequence(): PatternPart | null {
    const parts: PatternPart[] = []
    while (rest !== '' && !/^[|)]/.test(rest)) {
      const part = atom()
      if (part === null) return null
      parts.push(repeated(part))
    }
    return { kind: 'sequence', parts }
  }

  function repeated(part: PatternPart): PatternPart {
    const count = COUNT.exec(rest)
    if (count === null) return part
    rest = rest.slice(count[0].length)
    const sign = count[0]
    if (sign.startsWith('?')) return { kind: 'repeat', part, min: 0, max: 1, sign }
    if (!sign.startsWith('{')) {
      return { kind: 'repeat', part, min: sign.startsWith('+') ? 1 : 0, max: Infinity, sign }
    }
    const min = Number(count[1])
    const max = count[2] === undefined ? min : count[3] ? Number(count[3]) : Infinity
    return { kind: 'repeat', part, min, max, sign }
  }

  function atom(): PatternPart | null {
    if (rest.startsWith('(')) return group()
    const place = take(/^(?:[$^]|\\[bB])/)
    if (place !== null) return { kind: 'place', source: place }
    if (rest.startsWith('[')) {
      const source = take(CLASS)
      return source === null ? null : { kind: 'character', source }
    }
    const escaped = take(ESCAPE)
    if (escaped !== null && /^\\[1-9k]/.test(escaped)) return { kind: 'look', source: escaped, part: null }
    if (escaped !== null) return { kind: 'character', source: escaped }
    const plain = take(/^[\s\S]/u)
    return plain === null ? null : { kind: 'character', source: plain }
  }

  function group(): PatternPart | null {
    const start = take(GROUP) ?? ''
    const inner = choice()
    if (inner === null || take(/^\)/) === null) return null
    return /[=!]$/.test(start) ? { kind: 'look', source: start, part: inner } : inner
  }

  const tree = choice()
  return rest === '' ? tree : null
}
