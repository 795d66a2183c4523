/**
 * JSON texts: the value, and what of the text does not survive in it. A text that is in order costs little
 * more than `JSON.parse`: one look at its signs, one count of its members. Only what looks amiss is scanned.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7493 for what every reader understands alike.
 * @module
 */
import type { Json, JsonObject } from '../model/json.ts'
import { isWide, survives } from './json-number.ts'
import type { JsonDefect, JsonScan } from './json-scan.ts'
import { DEPTH_LIMIT, scanJson } from './json-scan.ts'

/** A JSON text as it was read. */
export interface JsonText extends JsonScan {
  /** Undefined where the text is no JSON or is nested too deep to be looked at. */
  readonly value: Json | undefined
}

const CLEAN: JsonScan = { defects: [], count: 0, wide: new Map() }
const MARK = '\u{FEFF}'

/** A number of fewer signs than this, and without exponent, loses none of them. */
const SAFE_LENGTH = 16
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/

/** Reads a JSON text; a byte order mark is a defect, and what follows it is read all the same. */
export function readJsonText(text: string): JsonText {
  const marked = text.startsWith(MARK)
  const plain = marked ? text.slice(MARK.length) : text
  const value = parse(plain)
  if (!marked && value !== undefined && isClean(plain, value)) return { value, ...CLEAN }
  const scan = scanJson(plain)
  const isDeep = scan.defects.some(({ kind }) => kind === 'depth')
  const read = isDeep ? undefined : value
  if (!marked) return { value: read, defects: scan.defects, count: scan.count, wide: scan.wide }
  const defect: JsonDefect = { kind: 'mark', at: '', offset: 0, says: 'begins with a byte order mark' }
  const moved = scan.defects.map((each) => ({
    ...each,
    offset: each.offset + MARK.length,
    ...(each.first === undefined ? {} : { first: each.first + MARK.length }),
  }))
  return { value: read, defects: [defect, ...moved], count: scan.count + 1, wide: scan.wide }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Is there nothing that a scan could find? It may say no to a text in order, never yes to another. */
function isClean(text: string, value: Json): boolean {
  if (!text.isWellFormed() || (text.includes('\\u') && SURROGATE_ESCAPE.test(text))) return false
  const members = countNames(text)
  return members !== null && members === (isHolder(value) ? countMembers(value) : 0)
}

const QUOTE = 34
const PLUS = 43
const COMMA = 44
const MINUS = 45
const ZERO = 48
const NINE = 57
const COLON = 58
const OPEN_LIST = 91
const BACKSLASH = 92
const CLOSE_LIST = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/** How many names of members stand in a JSON text; null where a number is unusual or the nesting too deep. */
function countNames(text: string): number | null {
  let names = 0
  let depth = 0
  for (let offset = 0; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset)
    if (code === QUOTE) offset = endOfString(text, offset)
    else if (code === COLON) names += 1
    else if ((code >= ZERO && code <= NINE) || code === MINUS) {
      const end = endOfNumber(text, offset)
      if (!isExact(text, offset, end)) return null
      offset = end - 1
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      depth += 1
      if (depth > DEPTH_LIMIT) return null
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1
  }
  return names
}

/** Where the quote stands that ends a string. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end
  }
}

/** Where the next sign stands after a number. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1
  while (isPartOfNumber(text.charCodeAt(end))) end += 1
  return end
}

/** Signs of numbers; the `e` of `true` never follows one. */
function isPartOfNumber(code: number): boolean {
  return (code >= PLUS && code <= NINE && code !== COMMA) || code === 69 || code === 101
}

/** Is a number one that needs no second look? */
function isExact(text: string, start: number, end: number): boolean {
  if (end - start < 4) return true
  const literal = text.slice(start, end)
  return (literal.length < SAFE_LENGTH && !/e/i.test(literal)) || (survives(literal) && !isWide(literal))
}

/** How many members the objects of a value have, all together. */
function countMembers(value: object): number {
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) if (isHolder(item)) members += countMembers(item)
    return members
  }
  for (const name in value) {
    members += 1
    const member = (value as JsonObject)[name]
    if (isHolder(member)) members += countMembers(member)
  }
  return members
}

function isHolder(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null
}
