/**
 * Entity tags: a digest of the body, so that a client learns whether an answer has changed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-etag
 * @module
 */

/** The strong entity tag of a body: two lanes take its words in turn, and stir each other at the end. */
export function entityTagOf(bytes: Uint8Array<ArrayBuffer>): string {
  const whole = bytes.byteLength - (bytes.byteLength % 8)
  const words =
    bytes.byteOffset % 4 === 0
      ? new Uint32Array(bytes.buffer, bytes.byteOffset, whole / 4)
      : new Uint32Array(bytes.slice(0, whole).buffer)
  let left = bytes.byteLength | 0
  let right = 0x9e3779b1
  for (let at = 0; at < words.length; at += 2) {
    left = Math.imul(left ^ (words[at] ?? 0), 0x85ebca6b)
    right = Math.imul(right ^ (words[at + 1] ?? 0), 0xc2b2ae35)
    left ^= left >>> 13
    right ^= right >>> 15
  }
  for (let at = whole; at < bytes.byteLength; at += 1) left = Math.imul(left ^ (bytes[at] ?? 0), 0x01000193)
  right = Math.imul(right ^ left, 0x85ebca6b)
  left = Math.imul(left ^ right ^ (right >>> 16), 0xc2b2ae35)
  return `"${hex(left ^ (left >>> 16))}${hex(right ^ (right >>> 15))}"`
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}

/** Does an If-None-Match header name this tag? Weakness makes no difference to it. */
export function matchesTag(header: string, tag: string): boolean {
  return header.split(',').some((item) => {
    const wanted = item.trim()
    return wanted === '*' || wanted === tag || wanted === `W/${tag}`
  })
}
