/**
 * The part of OData's `$filter` that job APIs document: `path eq literal`, joined by `and`, keywords in any
 * letter case. Anything else is refused with its position, never guessed at.
 *
 * @see https://docs.oasis-open.org/odata/odata/v4.01/os/abnf/odata-abnf-construction-rules.txt
 * @module
 */
import { isDay } from '../../openapi/format-time.ts'

/** A literal; instants and GUIDs keep their text. */
export type Literal =
  | { readonly kind: 'string' | 'guid' | 'instant'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }

/** One equality of a filter. */
export interface Equality {
  /** `member`, or `member/child`. */
  readonly path: readonly string[]
  readonly literal: Literal
}

/** A filter that does not parse, and where. */
export interface FilterFault {
  /** Counted from 1. */
  readonly position: number
  readonly message: string
}

/** A filter has at most so many equalities. */
const EQUALITY_LIMIT = 64

const BLANK = /[ \t]*/y
const PATH = /[A-Za-z_][\w-]*(?:\/[A-Za-z_][\w-]*)*/y
const KEYWORD = /[A-Za-z]+/y
const STRING = /'(?:[^']|'')*'/y
const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w-])/iy
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})(?![\w-])/iy
const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.-])/iy

/** Parses a filter into its equalities, or says where it leaves the documented language. */
export function parseFilter(text: string): readonly Equality[] | FilterFault {
  const equalities: Equality[] = []
  let at = 0

  function take(pattern: RegExp): string | null {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return null
    at += match[0].length
    return match[0]
  }

  function fault(expected: string): FilterFault {
    const found = at >= text.length ? 'the end' : `\`${text.slice(at, at + 20)}\``
    return { position: at + 1, message: `expected ${expected} at position ${at + 1}, found ${found}` }
  }

  /** A keyword in any letter case; what is another word is left where it stands. */
  function takeKeyword(wanted: string): boolean {
    const start = at
    if (take(KEYWORD)?.toLowerCase() === wanted) return true
    at = start
    return false
  }

  take(BLANK)
  for (;;) {
    const path = take(PATH)
    if (path === null) return fault('a property')
    if (take(BLANK) === '') return fault('a blank and `eq`')
    if (!takeKeyword('eq')) return fault('`eq`, the only operator')
    if (take(BLANK) === '') return fault('a blank and a literal')
    const literal = literalOf(take)
    if (literal === null)
      return fault("a literal: 'text', a number, true, false, null, a GUID or a date-time")
    equalities.push({ path: path.split('/'), literal })
    const gap = take(BLANK)
    if (at >= text.length) return equalities
    if (gap === '') return fault('a blank and `and`')
    if (!takeKeyword('and')) return fault('`and`, the only connective')
    if (take(BLANK) === '') return fault('a blank and a property')
    if (equalities.length >= EQUALITY_LIMIT) return fault(`at most ${EQUALITY_LIMIT} equalities`)
  }
}

function literalOf(take: (pattern: RegExp) => string | null): Literal | null {
  const quoted = take(STRING)
  if (quoted !== null) return { kind: 'string', text: quoted.slice(1, -1).replaceAll("''", "'") }
  const guid = take(GUID)
  if (guid !== null) return { kind: 'guid', text: guid }
  const instant = take(INSTANT)
  if (instant !== null) return isDay(instant.slice(0, 10)) ? { kind: 'instant', text: instant } : null
  const number = take(NUMBER)
  if (number !== null) return { kind: 'number', value: Number(number) }
  return wordLiteral(take(/(?:true|false|null)(?!\w)/iy))
}

/** Booleans are written in any letter case, null only in lower case. */
function wordLiteral(word: string | null): Literal | null {
  if (word === null) return null
  if (word === 'null') return { kind: 'null' }
  const lower = word.toLowerCase()
  return lower === 'null' ? null : { kind: 'boolean', value: lower === 'true' }
}
