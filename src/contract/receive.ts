/**
 * Answers as they come in: read to their end, or as far as is enough of a stream that may have none. What is
 * wrong with their bytes stays, for the judge to see.
 *
 * @module
 */
import { mediaKindOf } from '../openapi/media-type.ts'
import { decodeBody } from './body-text.ts'
import type { ReceivedResponse } from './exchange.ts'
import { joinHeaders, parseBody } from './exchange.ts'
import type { Time } from './time.ts'

/** For how long a stream is read, unless something else is asked for. */
export const STREAM_MS = 3_000
/** How much of a stream is read. */
const STREAM_BYTES = 8 * 1024 * 1024

/** When a stream was read for long enough; it is always cut at {@link STREAM_BYTES}. */
export interface StreamPatience {
  readonly time: Time
  readonly streamMs: number
}

/** Where the last whole item of a stream ends; bytes are looked at as Latin-1, one character each. */
const ENDS: Readonly<Record<string, (text: string) => number>> = {
  'event-stream': (text) => lastEnd(text, /(?:\r\n|\r(?!\n)|\n){2}/g),
  'json-lines': (text) => text.lastIndexOf('\n') + 1,
  'json-seq': (text) => {
    const last = Math.max(0, text.lastIndexOf('\u{1E}'))
    const isWhole = text.endsWith('\n') && parseBody(text.slice(last + 1)) !== undefined
    return isWhole ? text.length : last
  },
}

/** Reads an answer; of a stream that goes on and on the whole items that came in time. */
export async function receive(response: Response, patience?: StreamPatience): Promise<ReceivedResponse> {
  const headers = joinHeaders(response.headers)
  const type = headers['content-type']
  const endOf = ENDS[mediaKindOf(type ?? '')]
  const { bytes, isCut } =
    endOf === undefined || response.body === null
      ? { bytes: new Uint8Array(await response.arrayBuffer()), isCut: false }
      : await readStream(response.body, patience)
  const { status } = response
  if (!isCut || endOf === undefined) return { status, headers, ...decodeBody(bytes, type) }
  const end = endOf(new TextDecoder('latin1').decode(bytes))
  return { status, headers, ...decodeBody(bytes.subarray(0, end), type), isCut }
}

async function readStream(
  body: ReadableStream<Uint8Array>,
  patience: StreamPatience | undefined,
): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  const ended = new AbortController()
  const enough = patience === undefined ? [] : [over(patience, ended.signal)]
  let size = 0
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), ...enough])
      if (read?.done === true) return { bytes: joined(chunks, size), isCut: false }
      if (read !== null) {
        chunks.push(read.value)
        size += read.value.length
      }
      if (read === null || size > STREAM_BYTES) {
        await reader.cancel().catch(() => undefined)
        return { bytes: joined(chunks, size), isCut: true }
      }
    }
  } finally {
    ended.abort()
  }
}

/** Resolves when the patience is at its end, and never where the stream ends first. */
function over({ time, streamMs }: StreamPatience, signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    time.wait(streamMs, signal).then(
      () => resolve(null),
      () => undefined,
    )
  })
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function lastEnd(text: string, pattern: RegExp): number {
  let end = 0
  for (const { 0: found, index } of text.matchAll(pattern)) end = index + found.length
  return end
}
