/**
 * Patterns of documents as expressions that can be run safely. They are those of ECMA-262 in Unicode mode, or
 * without it where only that understands them. One whose shape can go wrong exponentially is run by an
 * engine that takes linear time, where that one understands it.
 *
 * @module
 */
import { linearTest } from './pattern-linear.ts'
import { canExplode, isSlow, mayExplode } from './pattern-risk.ts'
import { parsePattern } from './pattern-tree.ts'

/** A pattern that can be run. */
export interface CompiledPattern {
  /** Is there a place in the text that matches? */
  test(text: string): boolean
  /** What its author should know, where something is to be known. */
  readonly advice?: string
}

/** A pattern that is none. */
export interface PatternFault {
  readonly fault: string
}

/** So many characters can be tried in every way. */
const SHORT = 20

/** Longer texts are left to the linear engine where the native one can take quadratic time. */
const LONG = 4096

/** Makes a pattern ready, or says why it is none. */
export function compilePattern(source: string): CompiledPattern | PatternFault {
  const unicode = nativePattern(source, 'u')
  const native = unicode instanceof RegExp ? unicode : nativePattern(source, '')
  if (!(native instanceof RegExp)) return { fault: `${source} is no pattern: ${unicode}` }
  const test = (text: string): boolean => native.test(text)
  const plain = unicode instanceof RegExp ? { test } : { test, advice: `has no Unicode mode: ${unicode}` }
  const tree = parsePattern(source)
  // Without Unicode mode these mean what they seem to spell, letter by letter.
  const isOdd = !native.unicode && /\\(?:[pPk]|u\{)/.test(source)
  if (tree === null || isOdd) return mayExplode(source) ? shortOnly(test) : plain
  const risky = canExplode(tree, native.unicode)
  if (!risky && !isSlow(tree)) return plain
  const linear = lazily(() => linearTest(tree))
  if (!risky) return { ...plain, test: (text) => ((text.length > LONG && linear()) || test)(text) }
  const safe = linear()
  if (safe !== null) return { ...plain, test: safe }
  return shortOnly(test)
}

/** Longer texts can take more time than there is: they are held to nothing, as advice says. */
function shortOnly(test: (text: string) => boolean): CompiledPattern {
  return {
    test: (text) => text.length > SHORT || test(text),
    advice:
      'can take exponential time, so only texts of up to ' +
      `${SHORT} characters are held to it; write it without repetition inside of repetition`,
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function nativePattern(source: string, flags: string): RegExp | string {
  try {
    return new RegExp(source, flags)
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error)
  }
}
