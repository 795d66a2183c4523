/**
 * How values of rows compare: strings by UTF-16 code units, instants by time, false before true. Where null
 * stands is for the order to say.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { canonicalText, isScalar } from '../../model/json.ts'
import type { MemberKind } from './member.ts'
import type { Literal } from './odata.ts'

const RANK: Readonly<Record<string, number>> = { boolean: 0, number: 1, string: 2, object: 3 }

/** Compares two values that are not null: below, at or above zero. */
export function compareValues(a: Json, b: Json, kind: MemberKind): number {
  if (kind === 'instant' && typeof a === 'string' && typeof b === 'string')
    return Date.parse(a) - Date.parse(b)
  const ranks = (RANK[typeof a] ?? 3) - (RANK[typeof b] ?? 3)
  if (ranks !== 0) return ranks
  if (isScalar(a) && isScalar(b) && a !== null && b !== null) return a < b ? -1 : a > b ? 1 : 0
  const [left, right] = [canonicalText(a), canonicalText(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

/** Is a value equal to a literal? A literal of another kind equals nothing; null equals only null. */
export function equalsLiteral(value: Json, literal: Literal, kind: MemberKind): boolean {
  switch (literal.kind) {
    case 'null':
      return value === null
    case 'number':
    case 'boolean':
      return value === literal.value
    case 'guid':
      return typeof value === 'string' && value.toLowerCase() === literal.text.toLowerCase()
    default:
      return typeof value === 'string' && equalsText(value, literal.text, kind)
  }
}

/** Without an offset a time would be that of the machine's own time zone. */
const OFFSET = /T.*(?:Z|[+-]\d{2}:\d{2})$/i

function equalsText(value: string, text: string, kind: MemberKind): boolean {
  if (kind === 'instant' && OFFSET.test(text)) return Date.parse(value) === Date.parse(text)
  if (kind === 'guid') return value.toLowerCase() === text.toLowerCase()
  return value === text
}
