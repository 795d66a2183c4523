/**
 * Filters of the language `odata-equality`, written for the judge alone: `path eq literal`, joined by `and`.
 *
 * @see https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html for its literals.
 * @module
 */
import type { Json, JsonObject } from '../../model/json.ts'
import { memberOf } from '../../model/json.ts'
import { isInstant } from '../../openapi/format-time.ts'
import { isUuid } from '../../openapi/uuid.ts'

/** What a member is compared with. */
export interface Literal {
  readonly kind: 'string' | 'number' | 'boolean' | 'null' | 'guid' | 'instant'
  readonly value: Json
}

/** One condition: a member, or a child of one, that must equal a literal. */
export interface Condition {
  /** One name, or two: a member and its child. */
  readonly path: readonly string[]
  readonly literal: Literal
}

const CONDITION = /^\s*([A-Za-z_][\w-]*(?:\/[A-Za-z_][\w-]*)*)\s+eq\s+('(?:[^']|'')*'|[^\s']+)\s*/i

/** Reads a filter; null where it is none that the judge understands. */
export function parseFilter(text: string): readonly Condition[] | null {
  const conditions: Condition[] = []
  let rest = text
  while (true) {
    const match = CONDITION.exec(rest)
    if (match === null) return null
    const literal = parseLiteral(match[2] ?? '')
    if (literal === null) return null
    conditions.push({ path: (match[1] ?? '').split('/'), literal })
    rest = rest.slice(match[0].length)
    if (rest === '') return conditions
    const and = /^and\s+/i.exec(rest)
    if (and === null) return null
    rest = rest.slice(and[0].length)
  }
}

function parseLiteral(text: string): Literal | null {
  if (text.startsWith("'")) return { kind: 'string', value: text.slice(1, -1).replaceAll("''", "'") }
  if (/^null$/i.test(text)) return { kind: 'null', value: null }
  if (/^(?:true|false)$/i.test(text)) return { kind: 'boolean', value: /^true$/i.test(text) }
  if (isUuid(text)) return { kind: 'guid', value: text }
  if (isInstant(text)) return { kind: 'instant', value: text }
  if (/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text)) return { kind: 'number', value: Number(text) }
  return null
}

/** Writes a condition on a value as a filter does; null for values that have no literal. */
export function writeCondition(path: string, value: Json): string | null {
  if (typeof value === 'string') {
    return `${path} eq ${isUuid(value) || isInstant(value) ? value : `'${value.replaceAll("'", "''")}'`}`
  }
  return typeof value === 'object' && value !== null ? null : `${path} eq ${JSON.stringify(value)}`
}

/** The value at a path of a row; null where the row, or the parent, has no such member. */
export function valueAt(row: JsonObject, path: readonly string[]): Json {
  let value: Json = row
  for (const name of path) value = memberOf(value, name) ?? null
  return value
}

/** Does a row meet every condition? */
export function satisfies(row: JsonObject, conditions: readonly Condition[]): boolean {
  return conditions.every(({ path, literal }) => equalsLiteral(valueAt(row, path), literal))
}

function equalsLiteral(value: Json, { kind, value: wanted }: Literal): boolean {
  if (kind === 'guid' && typeof value === 'string')
    return value.toLowerCase() === String(wanted).toLowerCase()
  if (typeof value === 'string' && typeof wanted === 'string' && isInstant(value) && isInstant(wanted)) {
    return Date.parse(value) === Date.parse(wanted)
  }
  return value === wanted
}
