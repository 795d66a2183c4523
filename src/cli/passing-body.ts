/**
 * Bodies on their way through the proxy: kept up to a bound, decoded for the judge alone. What is sent on is
 * never what was decoded.
 *
 * @module
 */
import type { ZlibOptions } from 'node:zlib'
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** Bytes of a body, as many as fit. */
export interface Kept {
  /** Takes a chunk; false once more has come than is kept. */
  add(chunk: Buffer): boolean
  /** The whole body; null where it did not fit. */
  whole(): Buffer | null
  /** Hands out what was kept so far, and keeps it. */
  soFar(): readonly Buffer[]
}

/** Keeps a body of at most so many bytes. */
export function keepBody(limitBytes: number): Kept {
  let chunks: Buffer[] = []
  let size = 0
  return {
    add(chunk) {
      size += chunk.byteLength
      if (size <= limitBytes) {
        chunks.push(chunk)
        return true
      }
      return false
    },
    whole: () => (size <= limitBytes ? Buffer.concat(chunks) : null),
    soFar: () => {
      const held = chunks
      if (size > limitBytes) chunks = []
      return held
    },
  }
}

/** The bytes of a body before they were coded, or why they cannot be had. */
export type Unpacked = { readonly bytes: Uint8Array } | { readonly reason: string }

type Decode = (bytes: Buffer, options: ZlibOptions) => Buffer

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateAny,
  br: brotliDecompressSync,
}

/** Some servers mean raw deflate by `deflate`, and every browser takes it. */
function inflateAny(bytes: Buffer, options: ZlibOptions): Buffer {
  return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
}

/**
 * Unpacks a body as its Content-Encoding says, the last coding first.
 *
 * @param limitBytes - A body that unpacks to more is not read.
 */
export function unpackBody(body: Buffer, encoding: string, limitBytes: number): Unpacked {
  let bytes = body
  const codings = encoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
  for (const coding of codings.filter((each) => each !== '' && each !== 'identity').reverse()) {
    if (bytes.byteLength === 0) break
    const decode = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined
    if (decode === undefined) return { reason: `its content coding ${coding.slice(0, 40)} is not known here` }
    try {
      bytes = decode(bytes, { maxOutputLength: limitBytes })
    } catch (error) {
      const large =
        error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      return {
        reason: large ? 'it unpacks to more than is judged' : `it is not ${coding}, though it says so`,
      }
    }
  }
  return { bytes }
}
