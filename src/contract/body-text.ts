/**
 * Bodies as text: bytes decoded without hiding what was wrong with them.
 *
 * @module
 */
import { mediaKindOf, parseMediaType } from '../openapi/media-type.ts'

/** A body as text. */
export interface BodyText {
  readonly body: string
  /** How many bytes stand before the first that is no UTF-8; absent where all are. */
  readonly invalidUtf8At?: number
}

/**
 * Decodes the bytes of a body. JSON is UTF-8 whatever its media type says; a byte order mark stays, for the
 * judge to see.
 */
export function decodeBody(bytes: Uint8Array, contentType: string | undefined): BodyText {
  const charset = parseMediaType(contentType ?? '').parameters.get('charset') ?? 'utf-8'
  const isText = ['text', 'other'].includes(mediaKindOf(contentType ?? ''))
  const other = isText && !/^utf-?8$/i.test(charset) ? decodeAs(charset, bytes) : null
  if (other !== null) return { body: other }
  const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return body.includes('\u{FFFD}') && !isUtf8(bytes) ? { body, invalidUtf8At: firstInvalid(bytes) } : { body }
}

/** The text in another charset; null where nobody knows it. */
function decodeAs(charset: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return null
  }
}

function isUtf8(bytes: Uint8Array, stream = false): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream })
    return true
  } catch {
    return false
  }
}

/** The longest start that may go on to be UTF-8, less the sign that it ends in the middle of. */
function firstInvalid(bytes: Uint8Array): number {
  let sound = 0
  let broken = bytes.length + 1
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2)
    if (isUtf8(bytes.subarray(0, middle), true)) sound = middle
    else broken = middle
  }
  while (!isUtf8(bytes.subarray(0, sound))) sound -= 1
  return sound
}
