/**
 * Code frames: the lines around a place, of a document or of a body, each short and on one line.
 *
 * @module
 */
import type { BodyPlace, Span } from './body-place.ts'
import { placeInBody } from './body-place.ts'
import { visibleLine } from './visible.ts'

/** A line of a frame. */
export interface FrameLine {
  /** Line and column of its first character, from 1. */
  readonly line: number
  readonly column: number
  readonly text: string
  /** The place itself. */
  readonly marked: boolean
}

/** A place with the lines around it. */
export interface Frame {
  readonly line: number
  readonly column: number
  readonly lines: readonly FrameLine[]
}

const LINE_LENGTH = 160
/** Bodies beyond it are not searched for the place. */
const BODY_LIMIT = 16_000_000

/** The line of a document that a place names, with one before and one after. */
export function frameOfLines(all: readonly string[], line: number, column: number): Frame {
  const numbers = [line - 1, line, line + 1].filter((number) => number >= 1 && number <= all.length)
  return {
    line,
    column,
    lines: numbers.map((number) => ({
      line: number,
      column: 1,
      text: shorten((all[number - 1] ?? '').trimEnd()),
      marked: number === line,
    })),
  }
}

/**
 * The member or item of a body that a pointer names, with its neighbours, a line each however the body is
 * laid out; the beginning of the body where the pointer names the whole of it. Null where there is no body.
 */
export function frameOfBody(body: string, pointer: string): Frame | null {
  if (body === '') return null
  const place = body.length > BODY_LIMIT ? null : placeInBody(body, pointer)
  if (place === null) return frameOfStart(body)
  const { line, column } = positionOf(body, place.own.start)
  return { line, column, lines: linesOf(body, place) }
}

function linesOf(body: string, { own, before, after }: BodyPlace): readonly FrameLine[] {
  return [before, own, after].flatMap((span) =>
    span === null
      ? []
      : [{ ...positionOf(body, span.start), text: textOf(body, span), marked: span === own }],
  )
}

function frameOfStart(body: string): Frame {
  const lines = body.slice(0, 4 * LINE_LENGTH).split('\n', 3)
  return {
    line: 1,
    column: 1,
    lines: lines.map((text, at) => ({ line: at + 1, column: 1, text: shorten(text), marked: at === 0 })),
  }
}

function textOf(body: string, { start, end }: Span): string {
  const text = body.slice(start, Math.min(end, start + 4 * LINE_LENGTH)).replace(/\s*\n\s*/g, ' ')
  return shorten(text, end - start > 4 * LINE_LENGTH)
}

/** Cut first, so that no character is cut in two once it is shown by its code point. */
function shorten(text: string, goesOn = false): string {
  if (text.length <= LINE_LENGTH && !goesOn) return visibleLine(text)
  return `${visibleLine(text.slice(0, LINE_LENGTH).replace(/[\ud800-\udbff]$/, ''))}…`
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}
