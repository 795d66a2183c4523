/**
 * Traffic written down as a HAR file, without secrets. A secret may first be known for one after it has been
 * seen, so entries are masked when they are written and not when they come.
 *
 * @module
 */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HAR_LIMIT_BYTES } from '../contract/har.ts'
import type { Secrets } from '../contract/secret/mask.ts'
import { maskExchange } from '../contract/secret/mask.ts'
import type { Passed } from './proxy-server.ts'

/** A recording under way. */
export interface HarRecording {
  add(passed: Passed): void
  /** Writes what has come; resolves when the file is whole. */
  save(): Promise<void>
}

/** The file is written again once so many more have come, and a fifth more than there were. */
const STRIDE = 50

/** Texts of more than this are not recorded: nobody could read them back. */
const MOST_CHARS = HAR_LIMIT_BYTES * 0.8

/** Opens a recording; its folder is made at once, so that a fault is known before traffic comes. */
export async function openHarRecording(
  file: string,
  creator: { readonly name: string; readonly version: string },
  secrets: () => Secrets,
  note: (text: string) => void,
): Promise<HarRecording> {
  await mkdir(dirname(file), { recursive: true })
  const kept: Passed[] = []
  let chars = 0
  let saved = 0
  let work: Promise<void> = Promise.resolve()

  async function write(): Promise<void> {
    const known = secrets()
    const entries = kept.map((passed) => toEntry(known, passed))
    saved = kept.length
    const draft = `${file}.${process.pid}.tmp`
    await writeFile(draft, `${JSON.stringify({ log: { version: '1.2', creator, entries } })}\n`)
    await rename(draft, file)
  }

  function save(): Promise<void> {
    work = work.then(write).catch((error: unknown) => {
      note(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`)
    })
    return work
  }

  return {
    add(passed) {
      if (chars > MOST_CHARS) return
      chars += sizeOf(passed)
      if (chars > MOST_CHARS) {
        note(`${file} is full: what follows is judged, but not recorded`)
        return
      }
      kept.push(passed)
      if (kept.length >= saved + Math.max(STRIDE, saved / 5)) void save()
    },
    save,
  }
}

function sizeOf({ exchange: { request, response } }: Passed): number {
  const headers = [request.headers, response.headers].flatMap((each) => Object.entries(each).flat())
  const texts = [request.url, request.body ?? '', response.body, ...headers]
  return texts.reduce((sum, text) => sum + text.length, 500)
}

function toEntry(secrets: Secrets, { exchange, judged, reason, startedAtMs, tookMs }: Passed): object {
  const { request, response } = maskExchange(secrets, exchange)
  const type = response.headers['content-type'] ?? ''
  const { body } = request
  const [, query = ''] = /\?(.*)$/s.exec(request.url) ?? []
  return {
    startedDateTime: new Date(startedAtMs).toISOString(),
    time: tookMs,
    request: {
      method: request.method,
      url: request.url,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: toPairs(request.headers),
      queryString: [...new URLSearchParams(query)].map(([name, value]) => ({ name, value })),
      ...(body === null ? {} : { postData: { mimeType: request.headers['content-type'] ?? '', text: body } }),
      headersSize: -1,
      bodySize: body === null ? 0 : Buffer.byteLength(body),
    },
    response: {
      status: response.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: toPairs(response.headers),
      content: judged === null ? unread(type, response.headers) : read(type, response.body),
      redirectURL: response.headers['location'] ?? '',
      headersSize: -1,
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: tookMs, receive: 0 },
    ...(reason === null ? {} : { comment: `not judged: ${reason}` }),
  }
}

function read(mimeType: string, text: string): object {
  return { size: Buffer.byteLength(text), mimeType, text }
}

/** A body that is not told: its size says that there was one. */
function unread(mimeType: string, headers: Readonly<Record<string, string>>): object {
  return { size: Number(headers['content-length'] ?? '') || 1, mimeType }
}

function toPairs(headers: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }))
}
