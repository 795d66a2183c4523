/**
 * `text/event-stream` as clients read it: line ends of three kinds, comments, data of several lines, and no
 * event without the blank line that ends it.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 * @module
 */

/** One event of a stream; absent fields were not sent with it. */
export interface StreamEvent {
  readonly data: string
  readonly event?: string
  readonly id?: string
  readonly retry?: number
  /** How many UTF-16 units of the stream stand before the value of its first data line. */
  readonly start: number
  /** How many data lines it has. */
  readonly lines: number
}

interface Draft {
  data: string[]
  event?: string
  id?: string
  retry?: number
  start: number
}

const LINE = /([^\r\n]*)(\r\n|\r|\n)/y
const MARK = '\u{FEFF}'

/** Reads the events of a stream; what is left without a blank line after it is no event. */
export function parseEventStream(text: string): readonly StreamEvent[] {
  const events: StreamEvent[] = []
  let draft: Draft = { data: [], start: 0 }
  let offset = text.startsWith(MARK) ? MARK.length : 0
  for (;;) {
    LINE.lastIndex = offset
    const found = LINE.exec(text)
    if (found === null) return events
    const [whole, line = ''] = found
    if (line !== '') readField(draft, line, offset)
    else {
      const { data, ...fields } = draft
      if (data.length > 0) events.push({ ...fields, data: data.join('\n'), lines: data.length })
      draft = { data: [], start: 0 }
    }
    offset += whole.length
  }
}

function readField(draft: Draft, line: string, offset: number): void {
  const colon = line.indexOf(':')
  const name = colon < 0 ? line : line.slice(0, colon)
  const blank = colon >= 0 && line.charAt(colon + 1) === ' ' ? 1 : 0
  const begin = colon < 0 ? line.length : colon + 1 + blank
  const value = line.slice(begin)
  if (name === 'data') {
    if (draft.data.length === 0) draft.start = offset + begin
    draft.data.push(value)
  } else if (name === 'event') draft.event = value
  else if (name === 'id' && !value.includes('\0')) draft.id = value
  else if (name === 'retry' && /^[0-9]+$/.test(value)) draft.retry = Number(value)
}
