/**
 * A call: a request as the server looks at it, and the bounds it must keep.
 *
 * @module
 */
import { ApiError } from '../model/refusal.ts'

/** A request, its parts still text. */
export interface Call {
  readonly method: string
  /** As it was sent, escapes included, without the sandbox. */
  readonly path: string
  /** What stood before it to name a sandbox, `/~name`; empty where a header does, or nothing. */
  readonly prefix: string
  /** The name of the sandbox that is meant. */
  readonly sandbox: string
  /** Without the question mark. */
  readonly query: string
  readonly header: (name: string) => string | null
  /** The size of all headers, in characters. */
  readonly headerLength: () => number
  /** The scheme and authority that it was sent to. */
  readonly origin: () => string
  /** Every Host header: more than one is a mistake or an attack. */
  readonly hosts: () => readonly string[]
  /**
   * @param limitBytes - What it may hold at the most, where that is not the usual.
   * @throws {@link ApiError} `body_too_large` or `request_bad`.
   */
  readonly readBody: (limitBytes?: number) => Promise<string | null>
}

/** Bounds on what a request may hold. */
const LIMITS = {
  urlLength: 8_192,
  queryParameters: 256,
  headerLength: 16_384,
  bodyBytes: 1_048_576,
} as const

/**
 * Refuses requests that are larger than anything sensible.
 *
 * @throws {@link ApiError} `url_too_long`, `headers_too_large` or `request_bad`.
 */
export function checkBounds(call: Call): void {
  const { path, query } = call
  if (path.length + query.length > LIMITS.urlLength) {
    throw new ApiError('url_too_long', `The URL is longer than ${LIMITS.urlLength} characters`)
  }
  if (query.length > LIMITS.queryParameters && query.split('&').length > LIMITS.queryParameters) {
    throw new ApiError('url_too_long', `The query has more than ${LIMITS.queryParameters} parameters`)
  }
  if (call.headerLength() > LIMITS.headerLength) {
    throw new ApiError('headers_too_large', `The headers are longer than ${LIMITS.headerLength} characters`)
  }
}

/**
 * Reads a body up to the bound.
 *
 * @throws {@link ApiError} `body_too_large`; nothing beyond the bound is kept. `request_bad` when the client
 * goes away before the end.
 */
export async function readBounded(
  stream: ReadableStream<Uint8Array> | null,
  limitBytes: number = LIMITS.bodyBytes,
): Promise<string | null> {
  if (stream == null) return null
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let bytes = 0
  let text = ''
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new ApiError('request_bad', `The body broke off: ${String(error)}`)
    })
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > limitBytes) {
      await reader.cancel()
      throw new ApiError('body_too_large', `The body is larger than ${limitBytes} bytes`)
    }
    text += decoder.decode(value, { stream: true })
  }
}
