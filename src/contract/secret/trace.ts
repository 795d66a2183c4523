/**
 * Traces of secrets: what a text must hold for a secret to stand in it, told by looking for plain texts, so
 * that the pattern of a secret is run only where it can match. A page hands out a hundred tokens, and each is
 * looked for in all that is told of the page.
 *
 * @module
 */
import { digitsOf, patternOf, SHORTEST_SECRET } from './encoding.ts'

/** A piece of a secret that is looked for. */
export interface Trace {
  /** Can it stand in a text? It may say yes for nothing, never no for something. */
  mayStandIn(reading: Reading): boolean
  /** Finds it there. */
  readonly pattern: RegExp
}

/** A text read in each of the ways in which secrets are written. */
export interface Reading {
  readonly views: Views
  /** The same of what stands before each mark of a cut. */
  readonly cuts: readonly Views[]
}

interface Views {
  readonly text: string
  /** Percent signs, escapes and entities undone. */
  readonly plain: string
  /** Digits of base64 as they are outside of URLs and JSON. */
  readonly digits: string
  /** Digits of hex in small letters. */
  readonly hex: string
}

/** Characters that are written as themselves or by their code, and otherwise by nobody. */
const SIMPLE = /^[\w.~:@!$*()=,;/+-]+$/
/** So much of a text before a mark can be the beginning of a secret. */
const CUT_LENGTH = 1_000
/** Marks at either end of a text that are taken for those of a cut. */
const CUT_COUNT = 100
const HALF = /(?:%[0-9a-fA-F]?|\\{1,4}u?[0-9a-fA-F]{0,3}|&[#a-zA-Z0-9]{0,5})$/

/** Reads a text. */
export function readingOf(text: string): Reading {
  const marks = [...text.matchAll(/…/g)].map(({ index }) => index)
  const kept =
    marks.length > 2 * CUT_COUNT ? [...marks.slice(0, CUT_COUNT), ...marks.slice(-CUT_COUNT)] : marks
  const ends = kept.map((mark) => text.slice(Math.max(0, mark - CUT_LENGTH), mark))
  return { views: viewsOf(text), cuts: ends.flatMap((end) => [end, end.replace(HALF, '')]).map(viewsOf) }
}

function viewsOf(text: string): Views {
  return { text, plain: undone(text), digits: digitsIn(text), hex: text.toLowerCase() }
}

const CODED =
  /%(?:25)*([0-9a-fA-F]{2})|\\{1,4}u([0-9a-fA-F]{4})|&#0*(\d{1,7});|&#[xX]0*([0-9a-fA-F]{1,6});|\\{1,4}(\/)/g

function undone(text: string): string {
  if (!/[%\\&]/.test(text)) return text
  return text.replace(
    CODED,
    (whole, byte?: string, unit?: string, code?: string, hex?: string, sign?: string) => {
      if (sign !== undefined) return sign
      const number = code === undefined ? Number.parseInt(byte ?? unit ?? hex ?? '', 16) : Number(code)
      return number <= 0x10ffff ? String.fromCodePoint(number) : whole
    },
  )
}

function digitsIn(text: string): string {
  const plain = undone(text)
  return plain.includes('-') || plain.includes('_') ? plain.replaceAll('-', '+').replaceAll('_', '/') : plain
}

/** The trace of a piece of a secret. */
export function traceOf(piece: string): Trace {
  let pattern: RegExp | null = null
  const isSimple = SIMPLE.test(piece)
  const bytes = new TextEncoder().encode(piece)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const digits = [0, 1, 2].map((before) => digitsOf(bytes, before).piece)
  return {
    get pattern() {
      pattern ??= patternOf(piece)
      return pattern
    },
    mayStandIn({ views, cuts }) {
      if (!isSimple) return true
      return (
        views.text.includes(piece) ||
        views.plain.includes(piece) ||
        digits.some((each) => each !== '' && views.digits.includes(each)) ||
        views.hex.includes(hex) ||
        cuts.some((cut) => isBegun(cut, piece, hex, digits))
      )
    },
  }
}

/** Does a text end with the beginning of the secret? */
function isBegun(cut: Views, piece: string, hex: string, digits: readonly string[]): boolean {
  return (
    endsWithStart(cut.text, piece, SHORTEST_SECRET) ||
    endsWithStart(cut.plain, piece, SHORTEST_SECRET) ||
    digits.some((each) => endsWithStart(cut.digits, each, SHORTEST_SECRET)) ||
    endsWithStart(cut.hex, hex, 2 * SHORTEST_SECRET)
  )
}

function endsWithStart(text: string, whole: string, shortest: number): boolean {
  for (let length = Math.min(whole.length, text.length); length >= shortest; length -= 1) {
    if (text.endsWith(whole.slice(0, length))) return true
  }
  return false
}
