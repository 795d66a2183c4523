/**
 * Text and bytes put together into one body. The buffer behind it is used again for the next body.
 *
 * @module
 */
import type { Json } from '../model/json.ts'

/** Collects a body. */
export interface ByteWriter {
  text(text: string): void
  /** A JSON value, as `JSON.stringify` writes it. */
  json(value: Json): void
  bytes(bytes: Uint8Array): void
  /** The body so far, in an array of its own; the writer is empty afterwards. */
  take(): Uint8Array<ArrayBuffer>
}

const START_BYTES = 65_536
/** A buffer that one large body has blown up is let go. */
const KEEP_BYTES = 4 * 2 ** 20
/** Above this, encoding as a whole is quicker than writing character by character. */
const SHORT = 96
const QUOTE = 34
const BACKSLASH = 92

/** Makes a writer; bodies are made one after the other, never two at once. */
export function createByteWriter(): ByteWriter {
  const encoder = new TextEncoder()
  let buffer = new Uint8Array(START_BYTES)
  let length = 0

  function reserve(bytes: number): void {
    if (length + bytes <= buffer.byteLength) return
    const larger = new Uint8Array(Math.max(buffer.byteLength * 2, length + bytes))
    larger.set(buffer.subarray(0, length))
    buffer = larger
  }

  /** Writes a text of ASCII characters and returns whether it was one. */
  function ascii(text: string): boolean {
    let at = length
    for (let position = 0; position < text.length; position += 1) {
      const code = text.charCodeAt(position)
      if (code > 127) return false
      buffer[at] = code
      at += 1
    }
    length = at
    return true
  }

  /** Writes a short text that needs no escapes as a JSON string and returns whether it was one. */
  function plainString(text: string): boolean {
    let at = length
    buffer[at] = QUOTE
    for (let position = 0; position < text.length; position += 1) {
      const code = text.charCodeAt(position)
      if (code > 126 || code < 32 || code === QUOTE || code === BACKSLASH) return false
      at += 1
      buffer[at] = code
    }
    buffer[at + 1] = QUOTE
    length = at + 2
    return true
  }

  function write(text: string): void {
    reserve(text.length * 3)
    if (text.length <= SHORT && ascii(text)) return
    length += encoder.encodeInto(text, buffer.subarray(length)).written
  }

  return {
    json(value) {
      if (typeof value === 'string' && value.length <= SHORT) {
        reserve(SHORT + 2)
        if (plainString(value)) return
      }
      write(JSON.stringify(value))
    },
    text: write,
    bytes(bytes) {
      reserve(bytes.byteLength)
      buffer.set(bytes, length)
      length += bytes.byteLength
    },
    take() {
      const body = buffer.slice(0, length)
      length = 0
      if (buffer.byteLength > KEEP_BYTES) buffer = new Uint8Array(START_BYTES)
      return body
    },
  }
}
