/**
 * P07 and P08: a cursor that was spoilt is refused and never gives the first page again, and one of another
 * query is refused too, or ignored where the job contract says so. Of what was spoilt only that is owed a
 * refusal which is proved to be no cursor.
 *
 * @module
 */
import type { Json } from '../../model/json.ts'
import { cut } from '../display.ts'
import { parseBody } from '../exchange.ts'
import type { Aim, QueryPair } from '../plan/aim.ts'
import type { Recorder } from '../recorder.ts'
import type { Paged } from './paged.ts'
import { askPage, itemsOf, noteOn, pagedParameter, pageText } from './paged.ts'
import { nothingFor } from './paging.ts'

/** A cursor that a page gave. */
export interface Cursor {
  readonly parameter: string
  readonly text: string
  /** Every cursor that there is, where they are the ids of rows; null where they are tokens. */
  readonly known: ReadonlySet<string> | null
}

/** Another query, to which a cursor does not belong. */
export interface Foreign {
  /** What differs, for people. */
  readonly what: string
  readonly query: readonly QueryPair[]
  readonly path?: Readonly<Record<string, string>>
}

/** A cursor that was spoilt, and whether it is proved that it is none. */
interface Spoilt {
  readonly text: string
  readonly what: string
  readonly proved: boolean
}

/** Asks with spoilt cursors; the first page is what none of them may give. */
export async function judgeSpoilt(
  recorder: Recorder,
  aim: Aim,
  paged: Paged,
  cursor: Cursor,
  first: readonly Json[],
): Promise<void> {
  const pointer = pagedParameter(paged, cursor.parameter)?.pointer ?? paged.operation.pointer
  for (const { text, what, proved } of spoiltOf(aim, paged, cursor)) {
    const purpose = `${cursor.parameter} is ${what}`
    const fault = `${cursor.parameter}=${cut(text, 80)} is ${what}`
    const refused = { kind: 'refused', check: 'P07', statuses: null, pointer, fault } as const
    const query: QueryPair[] = [[cursor.parameter, text]]
    const expects = proved ? { expects: refused } : {}
    const view = await askPage(recorder, aim, paged, { query, purpose, ...expects })
    const items = itemsOf(paged, view)
    const { status } = view.exchange.response
    if (proved || [0, 401, 403, 429].includes(status)) continue
    const again = items !== null && items.length > 0 && pageText(paged, items) === pageText(paged, first)
    const verdict = again ? 'gives the first page' : status >= 500 ? `is answered ${status}` : null
    const remark = {
      message: `${paged.name}: ${fault}, yet ${verdict}`,
      at: paged.at,
      pointer,
      topic: pointer,
    }
    noteOn(recorder, view, 'P07', verdict === null ? null : remark)
  }
}

/** No cursor at all, half of one, one that lacks its end, and one with another character in its middle. */
function spoiltOf({ judge }: Aim, paged: Paged, { parameter, text, known }: Cursor): readonly Spoilt[] {
  const schema = pagedParameter(paged, parameter)?.schema ?? null
  const middle = Math.floor(text.length / 2)
  const flipped = `${text.slice(0, middle)}${otherThan(text[middle] ?? '')}${text.slice(middle + 1)}`
  const isProved = (spoilt: string): boolean =>
    (schema !== null && judge.validator.check(schema, spoilt, 1).length > 0) ||
    (known !== null ? !known.has(spoilt) : holdsJson(text) && !holdsJson(spoilt))
  const spoilt = [
    { text: text.slice(0, middle), what: 'half a cursor' },
    { text: text.slice(0, -1), what: 'a cursor without its last character' },
    { text: flipped, what: 'a cursor with another character in its middle' },
  ]
  return [
    { text: '~no cursor~', what: 'no cursor', proved: true },
    ...spoilt
      .filter((each) => each.text !== '' && each.text !== text)
      .map((each) => ({ ...each, proved: isProved(each.text) })),
  ]
}

function otherThan(char: string): string {
  if (/[0-9]/.test(char)) return char === '7' ? '3' : '7'
  return char === 'b' ? 'c' : char === 'B' ? 'C' : /[A-Z]/.test(char) ? 'B' : 'b'
}

/** Is it base64 of a JSON object or array? Such a token is known by its reading. */
function holdsJson(text: string): boolean {
  if (!/^[\w+/-]+={0,2}$/.test(text)) return false
  try {
    const bytes = atob(text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/'))
    const value = parseBody(bytes)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

/** Asks with a cursor for pages of queries that it does not belong to. */
export async function judgeForeign(
  recorder: Recorder,
  aim: Aim,
  paged: Paged,
  cursor: Cursor,
  queries: readonly Foreign[],
): Promise<void> {
  const pointer = pagedParameter(paged, cursor.parameter)?.pointer ?? paged.operation.pointer
  if (aim.judge.subject.inferred === true) {
    const reason = 'no document says what a cursor of another query gets'
    recorder.book.add(nothingFor(paged.operation.id, 'P08', reason))
    return
  }
  for (const { what, query, path } of queries) {
    const purpose = `${cursor.parameter} of another query: ${what}`
    const fault = `${cursor.parameter}=${cut(cursor.text, 80)} belongs to another query than ${what}`
    const refused = { kind: 'refused', check: 'P08', statuses: null, pointer, fault } as const
    const isRefused = paged.foreign === 'refused'
    const view = await askPage(recorder, aim, paged, {
      query: [...query, [cursor.parameter, cursor.text]],
      purpose,
      ...(path === undefined ? {} : { path }),
      ...(isRefused ? { expects: refused } : {}),
    })
    const { status } = view.exchange.response
    if (isRefused || [0, 401, 403, 429].includes(status)) continue
    const message = `${paged.name}: ${fault}, which is to be ignored, yet it is answered ${status}`
    const remark = { message, at: paged.at, pointer, topic: pointer }
    noteOn(recorder, view, 'P08', status < 400 ? null : remark)
  }
}
