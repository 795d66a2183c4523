/**
 * Where a pointer leads in the text of a JSON body, and what stands beside it. The text is foreign: it may be
 * broken, deep or long, and is read once, up to the place.
 *
 * @module
 */
import { segmentsOf } from '../../model/pointer.ts'

/** A part of a text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A member or item, and the ones before and after it. */
export interface BodyPlace {
  /** With its name, where it is a member. */
  readonly own: Span
  readonly before: Span | null
  readonly after: Span | null
}

/** Finds a pointer's place; of its nearest ancestor where the text breaks before; null for the whole. */
export function placeInBody(text: string, pointer: string): BodyPlace | null {
  let place: BodyPlace | null = null
  let start = skipSpace(text, 0)
  for (const segment of segmentsOf(pointer)) {
    const found = findChild(text, start, segment)
    if (found === null) break
    place = found.place
    start = found.value
  }
  return place
}

interface Child {
  readonly place: BodyPlace
  /** Where its value begins. */
  readonly value: number
}

/** Walks over the children of the object or list that begins at `start`. */
function findChild(text: string, start: number, segment: string): Child | null {
  const isObject = text[start] === '{'
  if (!isObject && text[start] !== '[') return null
  let before: Span | null = null
  let found: { own: Span; before: Span | null; value: number } | null = null
  let at = skipSpace(text, start + 1)
  for (let position = 0; at < text.length && !isEnd(text[at]); position += 1) {
    const own = at
    let name = String(position)
    if (isObject) {
      const end = endOfString(text, at)
      name = nameIn(text.slice(at, end))
      at = skipSpace(text, end)
      if (text[at] !== ':') break
      at = skipSpace(text, at + 1)
    }
    const value = at
    at = endOfValue(text, at)
    const span = { start: own, end: at }
    if (found !== null)
      return { place: { own: found.own, before: found.before, after: span }, value: found.value }
    if (name === segment) found = { own: span, before, value }
    before = span
    at = skipSpace(text, at)
    if (text[at] !== ',') break
    at = skipSpace(text, at + 1)
  }
  return found === null
    ? null
    : { place: { own: found.own, before: found.before, after: null }, value: found.value }
}

function isEnd(char: string | undefined): boolean {
  return char === '}' || char === ']'
}

function nameIn(token: string): string {
  try {
    return String(JSON.parse(token))
  } catch {
    return token.slice(1, -1)
  }
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (' \t\n\r\ufeff'.includes(text.charAt(at)) && at < text.length) at += 1
  return at
}

/** The end of the string that begins at `from`; of the text where it is not closed. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\\') at += 1
    else if (char === '"') return at + 1
  }
  return text.length
}

/** The end of the value that begins at `from`; brackets are counted, so that depth costs nothing. */
function endOfValue(text: string, from: number): number {
  let depth = 0
  let at = from
  while (at < text.length) {
    const char = text[at]
    if (char === '"') at = endOfString(text, at)
    else if (depth === 0 && (char === ',' || isEnd(char) || (at > from && ' \t\n\r'.includes(char ?? ''))))
      return at
    else {
      if (char === '{' || char === '[') depth += 1
      if (isEnd(char)) depth -= 1
      at += 1
    }
    if (depth === 0 && (char === '"' || isEnd(char))) return at
  }
  return text.length
}
