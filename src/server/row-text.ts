/**
 * Rows as JSON bytes. What a template fixes is encoded once; of each row only the computed members are
 * written anew. The bytes are those of `JSON.stringify` on the same row.
 *
 * @module
 */
import type { Slot, Template } from '../model/job.ts'
import type { Json } from '../model/json.ts'
import { memberOf } from '../model/json.ts'
import type { Column } from '../vendor/vendor.ts'
import type { Rows } from '../world/rows.ts'
import type { ByteWriter } from './byte-writer.ts'

/** Writes rows of one API. */
export interface RowWriter {
  /** Writes rows, joined by commas. */
  write(out: ByteWriter, rows: Rows, indexes: readonly number[]): void
}

/** A piece of a row: text or bytes of the template, or a member to compute. */
type Piece = string | Uint8Array | ((template: Template, slot: Slot) => Json)

/** Shorter pieces are quicker to write as text than to copy. */
const SHORT = 64

const encoder = new TextEncoder()

/** Makes the writer of an API's rows; encoded templates are kept. */
export function createRowWriter(
  columns: Readonly<Record<string, Column>>,
  template: (position: number) => Template,
): RowWriter {
  const encoded = new Map<number, readonly Piece[]>()

  function piecesOf(position: number): readonly Piece[] {
    const known = encoded.get(position)
    if (known !== undefined) return known
    const pieces = encodeTemplate(columns, template(position))
    encoded.set(position, pieces)
    return pieces
  }

  function writeRow(out: ByteWriter, rows: Rows, index: number): void {
    const position = rows.templateOf(index)
    const own = template(position)
    const slot = rows.slotOf(index)
    for (const piece of piecesOf(position)) {
      if (typeof piece === 'function') out.json(piece(own, slot))
      else if (typeof piece === 'string') out.text(piece)
      else out.bytes(piece)
    }
  }

  return {
    write(out, rows, indexes) {
      indexes.forEach((index, place) => {
        if (place > 0) out.text(',')
        writeRow(out, rows, index)
      })
    },
  }
}

function encodeTemplate(columns: Readonly<Record<string, Column>>, template: Template): readonly Piece[] {
  const pieces: Piece[] = []
  let text = '{'
  for (const [position, [name, column]] of Object.entries(columns).entries()) {
    text += `${position === 0 ? '' : ','}${JSON.stringify(name)}:`
    if (column === 'template') text += JSON.stringify(memberOf(template, name) ?? null)
    else {
      pieces.push(fixedPiece(text), column.read)
      text = ''
    }
  }
  pieces.push(fixedPiece(`${text}}`))
  return pieces
}

function fixedPiece(text: string): Piece {
  return text.length <= SHORT ? text : encoder.encode(text)
}

const MARK = '\u{F0000}rows\u{F0000}'
const place = {
  mark: MARK,
  count: 0,
  toJSON(): string {
    place.count += 1
    return place.mark
  },
}

/** Stands for the rows while their envelope is rendered; it is to be placed as it is. */
export const ROWS: Json = place as unknown as Json

/** Writes an envelope, with the rows where they were placed; a text that looks like their mark is a text. */
export function writeEnvelope(out: ByteWriter, envelope: Json, writeRows: () => void): void {
  let parts: readonly string[] = []
  place.mark = MARK
  do {
    place.count = 0
    parts = JSON.stringify(envelope).split(JSON.stringify(place.mark))
    place.mark += MARK
  } while (parts.length !== place.count + 1)
  for (const [position, part] of parts.entries()) {
    if (position > 0) {
      out.text('[')
      writeRows()
      out.text(']')
    }
    out.text(part)
  }
}
